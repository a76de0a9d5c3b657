"""Whether changes make a 3CX stronger or weaker. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.differences import subject, told
from confgen.drivers.threecx.objects import BLOCKLIST, SRTP_MODES, type_of
from confgen.drivers.threecx.texts import fields_of, leaves, value_at
from confgen.model.plan import SecurityDelta

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    from confgen.drivers.threecx.objects import Path
    from confgen.model.document import Change

    Network = IPv4Network | IPv6Network

_Sign = Callable[[Any, Any], int]  # of the step from one value to another: 1 is stronger


def _by(*order: object) -> _Sign:
    """The later a value stands there, the stronger it is; one that does not stand there is weaker than all."""
    return lambda was, becomes: _sign(_rank(order, becomes) - _rank(order, was))


def _more(was: int | None, becomes: int | None) -> int:
    return _sign((becomes or 0) - (was or 0))


def _fewer(was: int | None, becomes: int | None) -> int:
    return -_more(was, becomes)


def _narrower(was: Sequence[str] | None, becomes: Sequence[str] | None) -> int:
    """Whoever was not let in before makes it weaker; an empty list says nothing of who is."""
    before, after = _networks(was), _networks(becomes)
    if not before or not after:
        return 0
    if not all(_is_in(network, before) for network in after):
        return -1
    return 0 if all(_is_in(network, after) for network in before) else 1


_ON, _OFF = _by(*(False, True)), _by(*(True, False))
_SIGNS: Mapping[Path, _Sign] = {
    ("AccessRestricted",): _ON,
    ("AllowLanOnly",): _ON,
    ("BlockTunnel",): _ON,
    ("BlockType",): _by("Allow", "Block"),
    ("DirectSIPAllowExternal",): _OFF,
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


def security_delta(changes: Collection[Change]) -> SecurityDelta:
    """Weaker wins."""
    signs = {sign for change in changes for sign, _ in _steps(change)}
    if -1 in signs:
        return SecurityDelta.WEAKER
    return SecurityDelta.STRONGER if 1 in signs else SecurityDelta.SAME


def weaker(changes: Collection[Change]) -> Sequence[str]:
    """What gets weaker, each in words."""
    return [words for change in changes for sign, words in _steps(change) if sign < 0]


def _steps(change: Change) -> Iterator[tuple[int, str]]:
    about = subject(change.key)
    if change.before is None or change.after is None:
        yield _of_whole(change), f"{about}: {'comes' if change.after is not None else 'goes'}"
        return
    was = fields_of(change.before)
    for path, value in leaves(fields_of(change.after)):
        old = value_at(was, path)
        if path in _SIGNS and old != value:
            words = f"{about}: {'.'.join(path)} {told(old) or 'not set'} -> {told(value) or 'not set'}"
            yield _SIGNS[path](old, value), words


def _of_whole(change: Change) -> int:
    """Of an address that is blocked or let in, or not any more; what else comes or goes is neither."""
    text = change.after or change.before
    if type_of(change.key) is not BLOCKLIST or text is None:
        return 0
    is_block = value_at(fields_of(text), ("BlockType",)) == "Block"
    return 1 if is_block == (change.after is not None) else -1


def _networks(texts: Sequence[str] | None) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(text, strict=False) for text in texts or ())
    except ValueError:  # written by hand in some other way
        return ()


def _is_in(inner: Network, networks: Collection[Network]) -> bool:
    return any(
        inner.version == outer.version and inner.network_address in outer and inner.prefixlen >= outer.prefixlen
        for outer in networks
    )


def _rank(order: Sequence[object], value: object) -> int:
    return order.index(value) if value in order else -1


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
