"""The page and the drawing of paths: every leg that calls take, and every path with its weakest leg."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from confgen.model.check import Verdict
from confgen.model.words import count
from confgen.paths import Path, Strength, weakest
from confgen.paths.strength import weaker_first
from confgen.report.html.drawing import Look, drawing
from confgen.report.html.frame import document, facts, footer, heading
from confgen.report.html.layout import layout
from confgen.report.html.legs import MOST_DRAWN, legend
from confgen.report.html.looks import badge
from confgen.report.html.markup import Markup, element, prose
from confgen.report.html.style import STYLE
from confgen.report.links import Link
from confgen.report.path_links import LOOKS, path_links
from confgen.report.paths_text import leg_words
from confgen.report.paths_told import PathsTold
from confgen.report.visible import Spelling, without_commands

_MOST_PATHS = 1000  # on a page
_HEADLINES: Mapping[Strength, str] = {
    Strength.CLEAR: "Some calls can be heard",
    Strength.UNKNOWN: "Nobody knows of all calls whether they are encrypted",
    Strength.WAIVED: "Encrypted, but for what is waived",
    Strength.NOT_ENFORCEABLE: "Encrypted, but for what a product cannot be made to do",
    Strength.ENCRYPTED: "Every call is encrypted end to end",
}
_LEGEND: Mapping[Verdict, str] = {
    LOOKS[strength]: words
    for strength, words in {
        Strength.ENCRYPTED: "encrypted, as the inventory has it",
        Strength.NOT_ENFORCEABLE: "not enforceable: the product has no setting for it",
        Strength.WAIVED: "waived until a day",
        Strength.UNKNOWN: "unknown, which is not encrypted",
        Strength.CLEAR: "clear",
    }.items()
}
_CAPTION = "Each leg is a pair of wires: signalling (S) and media (M). All phones of a PBX are one, the worst."
_FOOT = (
    "It says what the inventory says; `confgen verify` proves the legs on the wire. Media whose keys stand in "
    "signalling that is not encrypted is no better than that signalling. Each PBX on the way decrypts a call and "
    "encrypts it anew."
)


def page(told: PathsTold, made_at: datetime) -> str:
    """The whole document."""
    worst = weakest([path.weakest for path in told.paths] or [Strength.UNKNOWN])
    headline = _HEADLINES[worst] if told.paths else "No call takes such a path"
    about = {
        "Inventory": told.inventory,
        "From": told.start or "",
        "To": told.end or "",
        "Made": f"{made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
    }
    found = path_links(told.paths)
    return document(
        LOOKS[worst],
        headline,
        told.inventory,
        element("a", "To the paths", href="#told", class_="skip"),
        element(
            "div",
            element("header", heading(LOOKS[worst], headline, told.tally), facts(about)),
            element("main", _legs(found), _paths(told)),
            footer(_FOOT),
            class_="page",
        ),
    )


def svg(told: PathsTold) -> str:
    """The drawing by itself, with its style in it."""
    found = path_links(told.paths)
    drawn = without_commands(_drawn(found, style=Markup(STYLE)), Spelling.XML)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}'


def _drawn(found: Sequence[Link], style: Markup | None = None) -> Markup:
    """Each PBX has the look of its worst leg, and nothing in the drawing leads anywhere."""
    names = _pbxs(found)
    looks = {name: _look([link for link in found if name in link.pbxs]) for name in names}
    return drawing(layout(names, found), lambda _: "", looks, style=style)


def _look(links: Sequence[Link]) -> Look:
    verdicts = {verdict for link in links for verdict in link.verdicts.values()}
    strength = next(strength for strength in Strength if LOOKS[strength] in verdicts)
    return Look(verdict=LOOKS[strength], word=strength.value, target="")


def _pbxs(found: Sequence[Link]) -> tuple[str, ...]:
    """PBXs in the order of the calls."""
    return tuple(dict.fromkeys(name for link in found for name in link.pbxs))


def _legs(found: Sequence[Link]) -> Markup:
    if not found or len(_pbxs(found)) > MOST_DRAWN:
        return Markup()
    box = element("div", _drawn(found), class_="scrolled", tabindex="0", role="region", aria_label="The drawing")
    figure = element("figure", box, element("figcaption", _CAPTION), legend(found, _LEGEND))
    return element("section", element("h2", "Every leg that calls take"), element("div", figure, class_="legs is-wide"))


def _paths(told: PathsTold) -> Markup:
    ordered = sorted(told.paths, key=lambda path: weaker_first(path.weakest))
    left = len(ordered) - _MOST_PATHS
    more = element("p", f"And {left} more, all of which `--format json` tells.") if left > 0 else Markup()
    parts = (_of_strength(strength, ordered[:_MOST_PATHS]) for strength in Strength)
    return element("section", element("h2", "Every path"), *parts, more, id="told")


def _of_strength(strength: Strength, paths: Sequence[Path]) -> Markup:
    """Those that are encrypted are closed."""
    those = [path for path in paths if path.weakest is strength]
    if not those:
        return Markup()
    title = element("summary", badge(LOOKS[strength], strength.value), " ", count(len(those), "path"))
    is_open = {} if strength is Strength.ENCRYPTED else {"open": ""}
    return element("details", title, element("ul", *map(_path, those), class_="checks"), **is_open)


def _path(path: Path) -> Markup:
    halves = f"signalling {path.signalling.value}, media {path.media.value}; keys: {path.key_words}"
    parts = [element("strong", path.words), element("p", halves, class_="quiet")]
    if path.weakest is not Strength.ENCRYPTED:
        leg = path.weakest_leg
        parts.append(element("p", prose(f"The weakest leg is {leg_words(leg)}, because {leg.why} ({leg.place}).")))
        parts.append(element("p", element("strong", "Mend: "), prose(leg.mend), class_="mend"))
    return element("li", *parts)
