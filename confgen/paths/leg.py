"""One hop of a call, between two systems, with what is known of its signalling and its media."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from confgen.paths.strength import Strength, weakest

if TYPE_CHECKING:
    from confgen.model.finding import Place


class Kind(Enum):
    """Between what a leg is."""

    PHONES = "phones"  # of a PBX, and the PBX
    PEER = "peer"  # two PBXs of the inventory
    PROVIDER = "provider"  # a PBX and a provider
    BEYOND = "beyond"  # a provider and whoever is behind it
    LINE = "line"  # a PBX and a line of its own
    UNSEEN = "unseen"  # a PBX and what its user's own dialplan leads to


class Keying(Enum):
    """How the ends of a leg get the keys of its media."""

    SDES = "sdes"  # in the signalling, which both ends read (RFC 4568)
    DTLS = "dtls"  # between the two ends of the leg alone (RFC 5764)
    NOT_SAID = "not said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A hop as the inventory describes it; `place` is the line that says so, or where it would be said."""

    kind: Kind
    name: str  # of the trunk, the line, the context; of phones, those that are alike
    near: str
    far: str
    signalling: Strength
    media: Strength
    keying: Keying
    why: str  # what it is, in words, where it is not simply encrypted
    mend: str
    pbx: str
    subject: str  # what a finding of it is about on that PBX
    place: Place

    @property
    def weakest(self) -> Strength:
        """Of both halves: either one alone leaks the call."""
        return weakest((self.signalling, self.media))

    @property
    def is_encrypted(self) -> bool:
        """Whether both halves are."""
        return self.weakest is Strength.ENCRYPTED


def effective_media(signalling: Strength, media: Strength, keying: Keying) -> Strength:
    """How well media is encrypted once it is asked who can read its keys.

    Keys of SDES stand in the signalling: whoever reads that can listen (RFC 4568 §7). Where nobody says how the keys
    get there, signalling that is not encrypted leaves it unknown.
    """
    match keying:
        case Keying.DTLS:
            return media
        case Keying.SDES:
            return weakest((signalling, media))
        case Keying.NOT_SAID:
            return media if signalling is Strength.ENCRYPTED else weakest((media, Strength.UNKNOWN))
