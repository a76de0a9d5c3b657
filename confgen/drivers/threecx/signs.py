"""Which of two values of a property is the stronger one; what cannot be told counts as weaker. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.objects import SRTP_MODES

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    from confgen.drivers.threecx.objects import Path

    Network = IPv4Network | IPv6Network

_Sign = Callable[[Any, Any], int]  # of the step from one value to another: 1 is stronger


def _by(*order: object) -> _Sign:
    """The later a value stands there, the stronger it is; none at all is weaker than each of them."""

    def sign(was: object, becomes: object) -> int:
        if becomes not in order:
            return -1
        if was is not None and was not in order:
            return 1 if becomes == order[-1] else -1
        return _sign(order.index(becomes) - (-1 if was is None else order.index(was)))

    return sign


def _fewer(was: Any, becomes: Any) -> int:  # noqa: ANN401 -- JSON
    """The sooner somebody is taken for an attacker, the stronger; after 0 tries, or none that is told: never."""
    if not _are_numbers(was, becomes):
        return -1
    return _sign((was or float("inf")) - (becomes or float("inf"))) if was or becomes else 0


def _more(was: Any, becomes: Any) -> int:  # noqa: ANN401 -- JSON
    return _sign((becomes or 0) - (was or 0)) if _are_numbers(was, becomes) else -1


def _narrower(was: Sequence[str] | None, becomes: Sequence[str] | None) -> int:
    """Whoever was not let in before makes it weaker, and so does a list that holds nobody back any more."""
    try:
        before, after = _networks(was), _networks(becomes)
    except ValueError:  # written by hand in some other way: who is in it nobody knows
        return -1
    if not before or not after:
        return -1 if before else 0
    if not all(_is_in(network, before) for network in after):
        return -1
    return 0 if all(_is_in(network, after) for network in before) else 1


def _fewer_of(was: Collection[str] | None, becomes: Collection[str] | None) -> int:
    """Whatever is let through besides makes it weaker; what was not told is taken for nothing."""
    before, after = frozenset(was or ()), frozenset(becomes or ())
    return _sign(len(before) - len(after)) if after <= before else -1


def _held(was: object, becomes: object) -> int:
    """Something to hold the far end to, or nothing; whether another one is stronger nobody can tell."""
    return _sign(bool(becomes) - bool(was))


_REGISTERED: Mapping[object, frozenset[str]] = {
    "IncomingCalls": frozenset({"in"}),
    "OutgoingCalls": frozenset({"out"}),
    "InOutCalls": frozenset({"in", "out"}),
}


def _registered(was: object, becomes: object) -> int:
    """For which calls the trunk must be registered: all that were, and more."""
    nothing = frozenset[str]()
    return 1 if _REGISTERED.get(was, nothing) < _REGISTERED.get(becomes, nothing) else -1


_ON, _OFF = _by(*(False, True)), _by(*(True, False))
SIGNS: Mapping[Path, _Sign] = {
    ("AccessRestricted",): _ON,
    ("AllowLanOnly",): _ON,
    ("BlockTunnel",): _ON,
    ("BlockType",): _by("Allow", "Block"),
    ("Certificate",): _held,
    ("CountryCodes",): _fewer_of,
    ("DirectSIPAllowExternal",): _OFF,
    ("Gateway", "RequireRegistrationFor"): _registered,
    ("Gateway", "SRTPMode"): _by(*SRTP_MODES),
    ("HackAuthRequests",): _fewer,
    ("HackBarrierAmber",): _fewer,
    ("HackBarrierGreen",): _fewer,
    ("HackBarrierRed",): _fewer,
    ("HackBlacklistDuration",): _more,
    ("HackChallengeRequests",): _fewer,
    ("IpWhitelist",): _narrower,
    ("MaxRequestPerPeriod",): _fewer,
    ("PbxDeliversAudio",): _ON,
    ("SRTPMode",): _by(*SRTP_MODES),
    ("Security",): _by("TCP", "TLS"),
    ("SecurityDefenseProgram",): _ON,
    ("TransportRestriction",): _by("Any", "UDP", "TCP", "TLS"),
}


def longer(was: object, becomes: object) -> int:
    """Whether what ends at a moment lasts longer than before; None is for ever."""
    try:
        before, after = _moment(was), _moment(becomes)
    except ValueError:
        return -1
    return _sign((after > before) - (after < before))


def is_over(ends: object) -> bool:
    """Whether a moment has passed; what is none has not."""
    try:
        return _moment(ends) < datetime.now(UTC)
    except ValueError:
        return False


_FOR_EVER = datetime.max.replace(tzinfo=UTC)


def _moment(told: object) -> datetime:
    if told is None:
        return _FOR_EVER
    moment = datetime.fromisoformat(str(told))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _are_numbers(*values: object) -> bool:
    return all(value is None or (isinstance(value, int) and not isinstance(value, bool)) for value in values)


def _networks(texts: Sequence[str] | None) -> tuple[Network, ...]:
    return tuple(ip_network(text, strict=False) for text in texts or ())


def _is_in(inner: Network, networks: Collection[Network]) -> bool:
    return any(
        inner.version == outer.version and inner.network_address in outer and inner.prefixlen >= outer.prefixlen
        for outer in networks
    )


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
