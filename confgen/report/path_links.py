"""The legs of paths as links to draw: each once, phones of a PBX as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from confgen.model.check import Verdict
from confgen.model.halves import Half
from confgen.paths import Kind as LegKind
from confgen.paths import Leg, Path, Strength, weakest
from confgen.report.links import Kind, Link

# Nothing is proven by the inventory alone: the words are those of the strength, the looks those of a verdict.
LOOKS: Mapping[Strength, Verdict] = {
    Strength.CLEAR: Verdict.FAILED,
    Strength.UNKNOWN: Verdict.UNKNOWN,
    Strength.WAIVED: Verdict.WAIVED,
    Strength.NOT_ENFORCEABLE: Verdict.NOT_ENFORCEABLE,
    Strength.ENCRYPTED: Verdict.PASSED,
}
_KINDS: Mapping[LegKind, Kind] = {
    LegKind.PHONES: Kind.PHONES,
    LegKind.PEER: Kind.PBX,
    LegKind.PROVIDER: Kind.PROVIDER,
    LegKind.BEYOND: Kind.BEYOND,
    LegKind.LINE: Kind.LINE,
    LegKind.UNSEEN: Kind.UNSEEN,
}
# What stands at the far end of a link, where a leg says it in more words than fit.
_FAR: Mapping[Kind, str] = {Kind.BEYOND: "behind {near}", Kind.UNSEEN: "beyond {name}", Kind.LINE: "{name}"}


def path_links(paths: Iterable[Path]) -> tuple[Link, ...]:
    """In the order in which calls come to them; each half is that of the weakest leg that is drawn as this one."""
    found: dict[tuple[Kind, str], list[Leg]] = {}
    for path in paths:
        for leg in path.legs:
            found.setdefault(_key(leg), []).append(leg)
    return tuple(_link(kind, legs) for (kind, _), legs in found.items())


def _key(leg: Leg) -> tuple[Kind, str]:
    """Phones by their PBX, a trunk by its name; what is told apart by its PBX by both."""
    kind = _KINDS[leg.kind]
    match kind:
        case Kind.PHONES:
            return kind, leg.far
        case Kind.LINE | Kind.UNSEEN:
            return kind, f"{leg.near} {leg.name}"
        case _:
            return kind, leg.name


def _link(kind: Kind, legs: list[Leg]) -> Link:
    first = legs[0]
    strengths = {
        Half.SIGNALLING: weakest(leg.signalling for leg in legs),
        Half.MEDIA: weakest(leg.media for leg in legs),
    }
    return Link(
        kind=kind,
        name=_key(first)[1],
        near="phones" if kind is Kind.PHONES else first.near,
        far=_FAR.get(kind, "{far}").format(far=first.far, near=first.near, name=first.name),
        phones=None,
        verdicts={half: LOOKS[strength] for half, strength in strengths.items()},
        told={half: strength.value for half, strength in strengths.items()},
    )
