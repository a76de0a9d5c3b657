"""Which dialled number leads where: routes, ring groups, forwards, emergency calls."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from confgen.model.finding import Place


class Signalling(Enum):
    """What carries the signalling of a leg that confgen does not render."""

    TLS = "tls"
    CLEAR = "clear"
    UNKNOWN = "unknown"


class Media(Enum):
    """What carries the media of a leg that confgen does not render."""

    SRTP = "srtp"
    CLEAR = "clear"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carries:
    """What the inventory says of a leg that confgen does not own; nothing proves it."""

    signalling: Signalling = Signalling.UNKNOWN
    media: Media = Media.UNKNOWN

    @property
    def is_encrypted(self) -> bool:
        """Whether both are said to be encrypted: either one alone leaks the call."""
        return self.signalling is Signalling.TLS and self.media is Media.SRTP


class NumberForm(Enum):
    """What digits without a `+` before them are taken for."""

    NATIONAL = "national"  # as they are dialled in the country
    E164 = "e164"  # the country code stands in front (ITU-T E.164)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A line of the PBX's own that confgen does not render: `dial` is Dial()'s word for it, with `{number}` in it."""

    name: str
    dial: str
    modules: tuple[str, ...]  # that it needs
    carries: Carries
    number_form: NumberForm | None = None  # None where nobody says
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ByTrunk:
    """Out by a trunk, to a peer or to a provider."""

    trunk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ByChannel:
    """Out by a line of the PBX's own."""

    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class ToContext:
    """Into the user's own dialplan; with no number the dialled one goes along."""

    context: str
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToExtension:
    """To a phone of this PBX."""

    extension: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRingGroup:
    """To a ring group of this PBX, by its name."""

    ring_group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToOutside:
    """To a number that a route of this PBX takes, as a phone would dial it."""

    number: str


Destination = ToExtension | ToRingGroup | ToContext | ToOutside
Way = ByTrunk | ByChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialling:
    """Which numbers may leave a PBX at its cost; what is not allowed here is refused, emergency numbers never."""

    country: str | None = None  # the code of the country whose national numbers its providers take (ITU-T E.164)
    countries: tuple[str, ...] = ()  # that may be called besides: codes, or codes with the first digits of an area
    abroad: str | None = None  # what is dialled before a country code; None means what its country has
    allows_premium: bool = False
    most_calls: int | None = None  # outside, of one phone at once; emergency calls do not count
    place: Place | None = None  # None where nothing is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Dialled numbers that leave the PBX, or enter the user's own dialplan.

    `numbers` are digits with X (0-9), Z (1-9), N (2-9) and [sets], perhaps `+` before them and `.` (one digit or more)
    behind them. `strip` digits are taken off the front, then `prepend` is put there.
    """

    numbers: str
    way: Way | ToContext
    strip: int = 0
    prepend: str = ""
    place: Place


class RingOrder(Enum):
    """How the members of a ring group are called."""

    TOGETHER = "together"
    IN_TURN = "in-turn"


@dataclass(frozen=True, slots=True, kw_only=True)
class RingGroup:
    """Several phones under one number."""

    name: str
    number: str
    members: tuple[str, ...]  # numbers of extensions
    order: RingOrder
    seconds: int  # together: in all; in turn: each
    otherwise: Destination | None
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwards:
    """Where calls to an extension go instead; what is None goes nowhere."""

    always: Destination | None = None
    busy: Destination | None = None
    no_answer: Destination | None = None
    unavailable: Destination | None = None  # no phone is registered


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyWay:
    """One way that an emergency call can take; `number` is sent instead of the dialled one where it is not None."""

    way: Way
    number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """Emergency numbers and the ways they take, tried in this order; no guard, limit or list refuses them."""

    numbers: tuple[str, ...]
    ways: tuple[EmergencyWay, ...]
    caller_id: str | None  # the number that the emergency services see and call back
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class NoEmergency:
    """A waiver: these phones are said to reach no emergency service through this PBX."""

    owner: str
    reason: str
    until: date
    place: Place
