"""The legs of a telephone system, and what is known of each: of its signalling, and of its media."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from confgen.model.check import Check, Verdict
from confgen.model.halves import Half, verdict_of
from confgen.model.inventory import Pbx
from confgen.model.result import Outcome, Result
from confgen.report.answer import Answer


class Kind(Enum):
    """What a PBX is linked to."""

    PHONES = "phones"
    PBX = "PBX"
    PROVIDER = "provider"
    LINE = "line"  # of the PBX's own
    BEYOND = "beyond"  # from a provider on
    UNSEEN = "unseen"  # from a PBX on, by what its user's own dialplan leads to


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One leg: all phones of a PBX, a trunk between two PBXs, or one to a provider."""

    kind: Kind
    name: str  # of the trunk; of phones, that of their PBX
    near: str  # the PBX that has it, or has it first
    far: str  # what it leads to
    phones: int | None  # how many; None where the inventory does not say, and for trunks
    verdicts: Mapping[Half, Verdict]
    told: Mapping[Half, str] = field(default_factory=dict)  # other words for the verdicts

    def word(self, half: Half) -> str:
        """What is said of a half."""
        return self.told.get(half, self.verdicts[half].value)

    @property
    def key(self) -> tuple[Kind, str]:
        """What no other leg has."""
        return self.kind, self.name

    @property
    def pbxs(self) -> tuple[str, ...]:
        """The PBXs at its ends."""
        match self.kind:
            case Kind.PHONES:
                return (self.far,)
            case Kind.PBX:
                return self.near, self.far
            case Kind.PROVIDER | Kind.LINE | Kind.UNSEEN:
                return (self.near,)
            case Kind.BEYOND:
                return ()

    @property
    def is_wrong(self) -> bool:
        """Whether one half of it failed, or could not be told."""
        return not {Verdict.FAILED, Verdict.UNKNOWN}.isdisjoint(self.verdicts.values())


# These say that nothing was asked, or nothing yet; after any other outcome what was not seen is unknown.
_NOT_ASKED = frozenset(
    {
        Outcome.UNCHANGED,
        Outcome.PREPARED,
        Outcome.SOUND,
        Outcome.PLANNED,
        Outcome.PROVEN,
        Outcome.PROVEN_IN_PART,
        Outcome.NOT_CHECKED,
        Outcome.RESTORED,
    }
)


def links(answer: Answer, pbxs: Iterable[Pbx]) -> tuple[Link, ...]:
    """The legs of the PBXs of the answer, in the order of the inventory: phones, other PBXs, providers."""
    described = {pbx.name: pbx for pbx in pbxs}
    found = {result.pbx: result for result in answer.pbxs}
    legs = {leg.pbx: leg for leg in answer.legs}
    names = dict.fromkeys((*described, *found, *answer.not_begun))
    return (
        *(link for name in names for link in _phones(name, described.get(name), found.get(name))),
        *_peers(described.values(), legs),
        *(
            Link(
                kind=Kind.PROVIDER,
                name=trunk.name,
                near=pbx.name,
                far=trunk.provider.name,
                phones=None,
                verdicts=_verdicts(legs.get(trunk.name)),
            )
            for pbx in described.values()
            for trunk in pbx.provider_trunks
        ),
    )


def _phones(name: str, pbx: Pbx | None, result: Result | None) -> Iterator[Link]:
    """All phones as one; of a PBX that no inventory describes it is not known how many there are."""
    count = None if pbx is None else len(pbx.extensions)
    if count != 0:
        yield Link(kind=Kind.PHONES, name=name, near="phones", far=name, phones=count, verdicts=_verdicts(result))


def _peers(pbxs: Collection[Pbx], legs: Mapping[str, Result]) -> Iterator[Link]:
    seen: set[str] = set()
    for pbx in pbxs:
        for trunk in pbx.trunks:
            if trunk.name not in seen:
                seen.add(trunk.name)
                verdicts = _verdicts(legs.get(trunk.name))
                yield Link(
                    kind=Kind.PBX, name=trunk.name, near=pbx.name, far=trunk.peer, phones=None, verdicts=verdicts
                )


def _verdicts(result: Result | None) -> Mapping[Half, Verdict]:
    if result is None:
        return dict.fromkeys(Half, Verdict.NOT_CHECKED)
    return {half: _verdict(half, result.checks, result.outcome) for half in Half}


def _verdict(half: Half, checks: Sequence[Check], outcome: Outcome) -> Verdict:
    verdict = verdict_of(half, checks)
    if verdict is not Verdict.NOT_CHECKED or checks or outcome in _NOT_ASKED:
        return verdict
    return Verdict.PENDING if outcome is Outcome.PENDING else Verdict.UNKNOWN
