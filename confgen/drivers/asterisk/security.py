"""What makes an Asterisk stronger or weaker, told from the options that decide it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.addresses import is_within, network_of
from confgen.drivers.asterisk.configuration import objects, parse
from confgen.drivers.asterisk.layout import MIGRATION
from confgen.drivers.asterisk.sip_differences import subjects
from confgen.model.document import Action
from confgen.model.plan import SecurityDelta

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from confgen.drivers.asterisk.addresses import Network
    from confgen.drivers.asterisk.configuration import Section
    from confgen.model.document import Change

# Values of an option from weak to strong; a value that is not named counts as the weakest.
_ORDER = {
    "method": ("sslv23", "tlsv1_2", "tlsv1_3"),
    "verify_server": ("no", "yes"),
    "verify_client": ("no", "yes"),
    "require_client_cert": ("no", "yes"),
    "media_encryption": ("no", "sdes", "dtls"),  # SDES shows the keys to whoever handles the SDP
    "media_encryption_optimistic": ("yes", "no"),
    "srtp_tag_32": ("yes", "no"),
    "direct_media": ("yes", "no"),
    "t38_udptl": ("yes", "no"),
    "allow_transfer": ("yes", "no"),
    "dtls_verify": ("no", "fingerprint", "yes"),
}
_ANYWHERE = frozenset({ip_network("0.0.0.0/0"), ip_network("::/0")})
_SECURED = ("endpoint", "transport")
_MANAGEMENT = ("http.conf", "manager.conf")
_WAYS_IN = ("enabled", "tlsenable")


def security_delta(changes: Collection[Change]) -> SecurityDelta:
    """Weaker if anything gets weaker, else stronger if anything gets stronger."""
    signs = {step.sign for step in _all_steps(changes)}
    if -1 in signs:
        return SecurityDelta.WEAKER
    return SecurityDelta.STRONGER if 1 in signs else SecurityDelta.SAME


def weaker(changes: Collection[Change]) -> Sequence[str]:
    """What gets weaker, each in words: `extension 1001: media_encryption dtls -> no`."""
    return tuple(dict.fromkeys(step.words for step in _all_steps(changes) if step.sign < 0))


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing that gets stronger (1), weaker (-1) or neither."""

    sign: int
    words: str = ""


def _all_steps(changes: Collection[Change]) -> Iterator[_Step]:
    is_first = any(change.key == "pjsip.conf" and change.is_foreign for change in changes)
    for change in changes:
        yield from _migration_steps(change, is_first=is_first) if change.key == MIGRATION else _steps(change)


def _migration_steps(change: Change, *, is_first: bool) -> Iterator[_Step]:
    """What is served in clear more than before, or less; at the first push all of it was there before."""
    if is_first:
        return
    was, becomes = (
        {(kind, name, section.options) for (kind, name), section in objects(parse(text or "")).items()}
        for text in (change.before, change.after)
    )
    for kind, name, _ in sorted(becomes - was, key=lambda served: served[:2]):
        yield _Step(-1, f"{kind} {name} is served in clear for the migration")
    if change.action is Action.GIVE_BACK or was - becomes:
        yield _Step(1)


def _steps(change: Change) -> Iterator[_Step]:
    if change.action is Action.GIVE_BACK:
        words = f"{change.key} is given back: what was there before confgen comes into force, and nobody judges it"
        yield _Step(-1, words)
    elif change.is_foreign:
        yield _Step(1)  # confgen renders nothing that speaks in clear text, whatever was there
    elif change.key == "pjsip.conf":
        before, after = objects(parse(change.before or "")), objects(parse(change.after or ""))
        names = subjects(after)
        for key in before:
            if key[0] in _SECURED and before[key] != after.get(key, before[key]):
                yield from _section_steps(names[key], before[key], after[key])
    elif change.key in _MANAGEMENT:
        yield _opening_step(change.key, _ways_in(change.before or ""), _ways_in(change.after or ""))


def _opening_step(key: str, before: Mapping[str, str | None], after: Mapping[str, str | None]) -> _Step:
    """Each way in that a file of the management opens counts: clear text is one, and TLS another."""
    opened = [way for way in after if after[way] == "yes" != before[way]]
    sign = _sign(list(before.values()).count("yes") - list(after.values()).count("yes"))
    return _Step(sign, f"{key} [general]: {_told((way, before[way], after[way]) for way in opened)}")


def _ways_in(text: str) -> Mapping[str, str | None]:
    general = next((section for section in parse(text) if section.name == "general"), None)
    return {way: None if general is None else general.value(way) for way in _WAYS_IN}


def _section_steps(subject: str, before: Section, after: Section) -> Iterator[_Step]:
    for option, order in _ORDER.items():
        was, becomes = before.value(option), after.value(option)
        yield _Step(_sign(_rank(order, becomes) - _rank(order, was)), f"{subject}: {_told([(option, was, becomes)])}")
    yield from _access_steps(subject, before, after)


def _access_steps(subject: str, before: Section, after: Section) -> Iterator[_Step]:
    """Who may come: a network that was not let in before is weaker, one that is no more is stronger."""
    was_let, is_let = _networks(before), _networks(after)
    more = [network for network in sorted(is_let, key=str) if not _is_in(network, was_let)]
    if more:
        told = "any address" if is_let == _ANYWHERE else ", ".join(map(str, more))
        yield _Step(-1, f"{subject}: may come from {told} too")
    elif not all(_is_in(network, is_let) for network in was_let):
        yield _Step(1)


def _told(options: Iterable[tuple[str, str | None, str | None]]) -> str:
    return ", ".join(f"{option} {was or 'not set'} -> {becomes or 'not set'}" for option, was, becomes in options)


def _networks(section: Section) -> frozenset[Network]:
    """Those that are permitted; all there are where nothing is said, or something that is no network."""
    networks = [network_of(text) for text in section.values("permit")]
    known = frozenset(network for network in networks if network is not None)
    return known if known and len(known) == len(set(networks)) else _ANYWHERE


def _is_in(inner: Network, networks: Collection[Network]) -> bool:
    return any(is_within(inner, outer) for outer in networks)


def _rank(order: tuple[str, ...], value: str | None) -> int:
    return order.index(value) if value in order else -1


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
