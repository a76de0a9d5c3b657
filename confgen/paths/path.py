"""One way of a call from its first leg to its last, told so that a person can follow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.paths.leg import Keying, Kind
from confgen.paths.strength import Strength, weaker_first, weakest

if TYPE_CHECKING:
    from collections.abc import Container

    from confgen.model.finding import Place
    from confgen.paths.leg import Leg


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Step:
    """How a call goes on: by a number that is dialled, a forward, a trunk. Steps within a PBX have no leg."""

    words: str
    pbx: str  # at which it is taken
    legs: tuple[Leg, ...] = ()
    place: Place | None = None  # the line that leads it so
    reaches: Container[str] = ()  # the numbers of that PBX, or of the next, that it can lead to
    is_call: bool = False  # of an extension: its phones ring next, or its forwards
    is_forward: bool = False
    is_emergency: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """The first step says who calls; extensions that are alike are one."""

    steps: tuple[Step, ...]

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Every hop in the order of the call."""
        return tuple(leg for step in self.steps for leg in step.legs)

    @property
    def signalling(self) -> Strength:
        """That of the weakest leg."""
        return weakest(leg.signalling for leg in self.legs)

    @property
    def media(self) -> Strength:
        """That of the weakest leg."""
        return weakest(leg.media for leg in self.legs)

    @property
    def weakest(self) -> Strength:
        """Of both halves."""
        return weakest((self.signalling, self.media))

    @property
    def weakest_leg(self) -> Leg:
        """The first of those that are weakest: by either half, then by both."""
        return min(
            self.legs,
            key=lambda leg: (weaker_first(leg.weakest), weaker_first(leg.signalling) + weaker_first(leg.media)),
        )

    @property
    def is_emergency(self) -> bool:
        """Whether it is a call for help, which nothing may stop."""
        return any(step.is_emergency for step in self.steps)

    @property
    def key_holders(self) -> tuple[str, ...]:
        """The systems on the way that can hear the call: each decrypts its media and encrypts it anew.

        No PBX hands on the keys of one leg to the next. With SDES both ends of a leg read them in the signalling, with
        DTLS they agree on them; either way it is the two ends of each leg, and so all PBXs on the way.
        """
        ends = dict.fromkeys(end for leg in self.legs for end in (leg.near, leg.far))
        strangers = {leg.near for leg in self.legs if leg.kind is Kind.PHONES}
        return tuple(end for end in ends if end not in strangers and end not in self.not_known)

    @property
    def not_known(self) -> tuple[str, ...]:
        """The ends at which nobody says who decrypts."""
        return tuple(leg.far for leg in self.legs if leg.keying is Keying.NOT_SAID)

    @property
    def key_words(self) -> str:
        """Who holds the keys, in a line."""
        return ", ".join((*self.key_holders, *self.not_known))

    @property
    def words(self) -> str:
        """`phones 101 and 102 of headquarters → dial 4XX → by trunk …`."""
        return " → ".join(step.words for step in self.steps)
