"""The drawing of the legs, as SVG in the page: each a pair of wires, for signalling and for media."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from confgen.model.check import Verdict
from confgen.model.halves import Half
from confgen.report.html.layout import GAP, PHONES_HEIGHT, PHONES_WIDTH, PILL, Layout, Node, Rail, Role, Stub
from confgen.report.html.looks import SYMBOLS, look
from confgen.report.html.markup import Markup, element, together
from confgen.report.links import Kind, Link

_APART = 3  # each wire from the middle of its leg
_BEND = 10
_LETTERS: Mapping[Half, str] = {Half.SIGNALLING: "S", Half.MEDIA: "M"}
_HEIGHT = 20
_MOST_LETTERS = 20
_FOREIGN: Mapping[Role, str] = {
    Role.PROVIDER: "provider",
    Role.LINE: "a line of its own",
    Role.BEYOND: "not ours",
    Role.UNSEEN: "not seen",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a box of a PBX says, and where it leads; nowhere where the target is empty."""

    verdict: Verdict
    word: str
    target: str


def drawing(
    places: Layout, target: Callable[[Link], str], looks: Mapping[str, Look], *, style: Markup | None = None
) -> Markup:
    """Everything in its place; a leg leads to its `target`, and each PBX has its look.

    With a style of its own it stands by itself, in no page.
    """
    width, height = round(places.width), round(places.height)
    alone = {} if style is None else {"xmlns": "http://www.w3.org/2000/svg"}
    return element(
        "svg",
        Markup() if style is None else element("style", style),
        *(_rail(rail, places, target(rail.link)) for rail in places.rails),
        *(_stub(stub, places, target(stub.link)) for stub in places.stubs),
        *(_phones(node, places, target) for node in places.nodes if node.role is Role.PBX),
        *(_node(node, places, looks.get(node.name)) for node in places.nodes),
        class_="drawing",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        style=f"min-width: {width * 0.78:g}px; max-width: {width * 1.25:g}px",
        role="group",
        aria_label="The legs: PBXs, their phones, and what they are linked to",
        **alone,
    )


def spoken(link: Link) -> str:
    """A leg for those who do not see it: `hq-branch, headquarters to branch: signalling passed, media failed`."""
    halves = ", ".join(f"{half.value} {link.word(half)}" for half in Half)
    return f"{title(link)}: {halves}"


def title(link: Link) -> str:
    """What the leg is called."""
    if link.kind is Kind.PHONES:
        return f"phones of {link.far}"
    return f"{link.name}, {link.near} to {link.far}"


def _rail(rail: Rail, places: Layout, target: str) -> Markup:
    wires = (
        _wire(rail.link, half, _bent(places.right, rail.upper - by, rail.lane + by, rail.lower + by))
        for half, by in ((Half.SIGNALLING, _APART), (Half.MEDIA, -_APART))
    )
    return _leg(rail.link, target, together(*wires), places.right, rail.lower)


def _stub(stub: Stub, places: Layout, target: str) -> Markup:
    begin, end = places.right, places.right + PILL + 2 * GAP
    name = _words(stub.end, end + 6, stub.middle + 4, "small")
    return _leg(stub.link, target, together(*_straight(stub.link, begin, end, stub.middle), name), begin, stub.middle)


def _phones(node: Node, places: Layout, target: Callable[[Link], str]) -> Markup:
    link = places.phones.get(node.name)
    if link is None:
        return Markup()
    begin = places.left - PILL - 2 * GAP
    wires = _straight(link, begin, places.left, node.middle)
    top = node.middle - PHONES_HEIGHT / 2
    centre = begin - PHONES_WIDTH / 2
    box = element(
        "rect", class_="phones", x=begin - PHONES_WIDTH, y=top, width=PHONES_WIDTH, height=PHONES_HEIGHT, rx=8
    )
    if link.phones is None:
        words = _words("phones", centre, node.middle + 4, "small middle")
    else:
        noun = "phone" if link.phones == 1 else "phones"
        words = together(
            _words(str(link.phones), centre, node.middle - 1, "name middle"),
            _words(noun, centre, node.middle + 13, "small middle"),
        )
    return together(box, words, _leg(link, target(link), together(*wires), begin, node.middle))


def _straight(link: Link, begin: float, end: float, middle: float) -> Iterator[Markup]:
    for half, by in ((Half.SIGNALLING, -_APART), (Half.MEDIA, _APART)):
        yield _wire(link, half, f"M{begin:g} {middle + by:g}H{end:g}")


def _leg(link: Link, target: str, wires: Markup, begin: float, middle: float) -> Markup:
    """The wires, and on them near their beginning what both verdicts are; it leads nowhere without a target."""
    parts = element("title", spoken(link)), wires, _pill(link, begin + GAP, middle - _HEIGHT / 2)
    if not target:
        return element("g", *parts, class_="leg", role="img", aria_label=spoken(link))
    return element("a", *parts, href=target, class_="leg", aria_label=spoken(link))


def _wire(link: Link, half: Half, way: str) -> Markup:
    """Drawn twice: wide and unseen, so that a finger meets it, and as it is."""
    return together(
        element("path", d=way, class_="touch"),
        element("path", d=way, class_=f"wire {half.value} {look(link.verdicts[half])}"),
    )


def _bent(start: float, upper: float, lane: float, lower: float) -> str:
    return (
        f"M{start:g} {upper:g}H{lane - _BEND:g}Q{lane:g} {upper:g} {lane:g} {upper + _BEND:g}"
        f"V{lower - _BEND:g}Q{lane:g} {lower:g} {lane - _BEND:g} {lower:g}H{start:g}"
    )


def _pill(link: Link, x: float, y: float) -> Markup:
    half_width = PILL / 2
    ends = {
        Half.SIGNALLING: f"M{x + half_width:g} {y:g}h{-half_width + 10:g}a10 10 0 0 0 0 {_HEIGHT}h{half_width - 10:g}z",
        Half.MEDIA: f"M{x + half_width:g} {y:g}h{half_width - 10:g}a10 10 0 0 1 0 {_HEIGHT}h{-half_width + 10:g}z",
    }
    return element(
        "g",
        *(
            element(
                "g",
                element("path", d=ends[half]),
                _words(
                    f"{_LETTERS[half]}\N{THIN SPACE}{SYMBOLS[link.verdicts[half]]}",
                    x + half_width * (0.54 if half is Half.SIGNALLING else 1.46),
                    y + 14,
                    "middle",
                ),
                class_=look(link.verdicts[half]),
            )
            for half in Half
        ),
        class_="pill",
        aria_hidden="true",
    )


def _node(node: Node, places: Layout, look_of_it: Look | None) -> Markup:
    """What is no PBX, or no part of the answer, has no look of its own."""
    width = places.right - places.left
    is_foreign = node.role in _FOREIGN
    if look_of_it is None or is_foreign:
        told, class_ = _FOREIGN.get(node.role, "not in this run"), f"node {node.role.value}"
    else:
        told = f"{SYMBOLS[look_of_it.verdict]} {look_of_it.word}"
        class_ = f"node {look(look_of_it.verdict)}"
    x = places.left + (20 if is_foreign else 14)
    radius = 22 if is_foreign else 8
    words = together(
        element("title", f"{node.name}: {told}"),
        element("rect", x=places.left, y=node.top, width=width, height=node.height, rx=radius, class_="box"),
        element("rect", x=places.left, y=node.top + 8, width=4, height=node.height - 16, rx=2, class_="edge"),
        element("g", _words(_short(node.name), x, node.middle - 3, "name"), aria_hidden="true"),
        element("g", _words(told, x, node.middle + 14, "small told"), aria_hidden="true"),
    )
    if look_of_it is None or is_foreign or not look_of_it.target:
        return element("g", words, class_=class_, role="img", aria_label=f"{node.name}: {told}")
    return element("a", words, href=look_of_it.target, class_=class_, aria_label=f"{node.name}: {look_of_it.word}")


def _words(text: str, x: float, y: float, class_: str) -> Markup:
    return element("text", text, x=f"{x:g}", y=f"{y:g}", class_=class_)


def _short(name: str) -> str:
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
