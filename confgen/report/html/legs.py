"""Every leg twice: in the drawing, and in a table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from confgen.model.check import Verdict
from confgen.model.halves import Half
from confgen.model.result import Result
from confgen.model.words import count
from confgen.report.answer import Answer
from confgen.report.html.drawing import Look, drawing
from confgen.report.html.layout import layout
from confgen.report.html.looks import badge
from confgen.report.html.markup import Markup, element, together
from confgen.report.html.told import has_trouble, verdict_of
from confgen.report.links import Kind, Link

MOST_DRAWN = 40  # PBXs; of more, only those are drawn that have trouble
_WIDE = 500  # pixels: a drawing that is wider has the width of the page for itself
_LEGEND: Mapping[Verdict, str] = {
    Verdict.PASSED: "passed",
    Verdict.FAILED: "failed",
    Verdict.UNKNOWN: "unknown, which is not passed",
    Verdict.PENDING: "pending: the other end had no part",
    Verdict.NOT_CHECKED: "not checked on the wire",
    Verdict.WAIVED: "waived until a day",
    Verdict.NOT_ENFORCEABLE: "not enforceable: the product has no setting for it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """Where in the page what is told of a name: numbers, for a name may hold anything."""

    pbxs: Mapping[str, str] = field(default_factory=dict)
    legs: Mapping[str, str] = field(default_factory=dict)

    def of(self, link: Link) -> str:
        """Empty where nothing is told of it."""
        return (self.pbxs if link.kind is Kind.PHONES else self.legs).get(link.name, "")


def legs(answer: Answer, found: Sequence[Link], anchors: Anchors) -> Markup:
    """The drawing and the table; nothing where no PBX was looked at."""
    results = {result.pbx: result for result in answer.pbxs}
    names = tuple(dict.fromkeys((*results, *answer.not_begun)))
    if not names:
        return Markup()
    in_trouble = [name for name in names if _is_in_trouble(name, results, found)]
    is_many = len(names) > MOST_DRAWN
    shown = (in_trouble if is_many else names)[:MOST_DRAWN]
    drawn = [link for link in found if not is_many or _is_between(link, shown)]
    places = layout(shown, drawn)
    rows = {link.key: f"row-{number}" for number, link in enumerate(found, 1)}
    picture = drawing(
        places,
        lambda link: f"#{anchors.of(link) or rows[link.key]}",
        {name: _look(name, results, anchors) for name in shown},
    )
    is_wide = places.width > _WIDE
    scrolled = {"tabindex": "0", "role": "region", "aria_label": "The drawing"} if is_wide else {}
    parts = [_shown_of(len(names), len(shown), len(in_trouble))] if is_many else []
    if shown:
        box = element("div", picture, class_="scrolled", **scrolled)
        parts.append(element("figure", box, element("figcaption", _CAPTION), legend(drawn, _LEGEND)))
    parts.append(_tables(found, rows, anchors, is_many=is_many))
    return together(
        element("h2", "Every leg, its signalling and its media"),
        element("div", *parts, class_="legs is-wide" if is_wide or is_many else "legs"),
    )


_CAPTION = (
    "Each leg is a pair of wires: signalling (S), which is SIP over TLS, and media (M), which is SRTP. "
    "Choose a leg or a PBX to read what was seen."
)


def _is_in_trouble(name: str, results: Mapping[str, Result], found: Sequence[Link]) -> bool:
    result = results.get(name)
    return result is None or has_trouble(result) or any(link.is_wrong for link in found if name in link.pbxs)


def _is_between(link: Link, shown: Sequence[str]) -> bool:
    """Of many PBXs a leg is drawn where both ends are, or where it is wrong itself."""
    return all(name in shown for name in link.pbxs) or (link.is_wrong and any(name in shown for name in link.pbxs))


def _look(name: str, results: Mapping[str, Result], anchors: Anchors) -> Look:
    result = results.get(name)
    if result is None:
        return Look(verdict=Verdict.NOT_CHECKED, word="not begun", target="")
    return Look(verdict=verdict_of(result), word=result.outcome.value, target=f"#{anchors.pbxs[name]}")


def _shown_of(number: int, shown: int, in_trouble: int) -> Markup:
    if not in_trouble:
        return element("p", f"None of the {number} PBXs is in trouble, and of so many none is drawn.")
    which = f"the first {shown} of {in_trouble}" if shown < in_trouble else f"the {shown}"
    return element(
        "p",
        f"Of {number} PBXs {which} that are in trouble are drawn, with the legs between them and those that are wrong.",
    )


def legend(drawn: Sequence[Link], words_of: Mapping[Verdict, str]) -> Markup:
    """The verdicts that the drawing has, in words."""
    found = {link.verdicts[half] for link in drawn for half in Half}
    items = (element("li", badge(verdict, words)) for verdict, words in words_of.items() if verdict in found)
    return element("ul", *items, class_="legend", aria_label="What the symbols mean")


def _tables(found: Sequence[Link], rows: Mapping[tuple[Kind, str], str], anchors: Anchors, *, is_many: bool) -> Markup:
    """One table, or of many legs those that are wrong, and the others below it, closed."""
    wrong = [link for link in found if link.is_wrong]
    if not is_many:
        return _table(found, rows, anchors, count(len(found), "leg"))
    others = [link for link in found if not link.is_wrong]
    first = _table(wrong, rows, anchors, f"{count(len(wrong), 'leg')} in trouble") if wrong else Markup()
    summary = element("summary", f"{count(len(others), 'leg')} without trouble")
    rest = element("details", summary, _table(others, rows, anchors, "")) if others else Markup()
    return element("div", first, rest)


def _table(found: Sequence[Link], rows: Mapping[tuple[Kind, str], str], anchors: Anchors, caption: str) -> Markup:
    if not found:
        return Markup()
    heads = (element("th", words, scope="col") for words in ("Leg", "Signalling", "Media"))
    body = (
        element(
            "tr",
            element("th", *_named(link, anchors), scope="row"),
            *(element("td", badge(link.verdicts[half])) for half in Half),
            id=rows[link.key],
        )
        for link in found
    )
    return element(
        "table",
        element("caption", caption) if caption else Markup(),
        element("thead", element("tr", *heads)),
        element("tbody", *body),
    )


def _named(link: Link, anchors: Anchors) -> tuple[Markup, Markup]:
    if link.kind is Kind.PHONES:
        name, ends = f"Phones of {link.far}", "" if link.phones is None else count(link.phones, "phone")
    else:
        name, ends = link.name, f"{link.near} to {link.far}"
    anchor = anchors.of(link)
    named = element("a", name, href=f"#{anchor}") if anchor else element("span", name)
    return named, element("small", ends) if ends else Markup()
