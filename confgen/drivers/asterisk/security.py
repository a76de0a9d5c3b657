"""What makes an Asterisk stronger or weaker, told from the options that decide it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.addresses import is_within, network_of
from confgen.drivers.asterisk.configuration import Section, effective, objects, parse
from confgen.drivers.asterisk.layout import MIGRATION
from confgen.drivers.asterisk.sip_differences import subjects
from confgen.model.document import Action
from confgen.model.plan import SecurityDelta

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from confgen.drivers.asterisk.addresses import Network
    from confgen.model.document import Change

_NOTHING = Section(name="", options=())
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
_ACCESS_LISTS = ("acl", "contact_acl", "contact_deny", "deny")
_SECURED = ("auth", "endpoint", "transport")
_HASHES = ("supported_algorithms_uas", "supported_algorithms_uac")
_STRONG_HASH = "SHA-256"
_ANYWHERE = frozenset({ip_network("0.0.0.0/0"), ip_network("::/0")})
_MANAGEMENT = ("http.conf", "manager.conf")
_WAYS_IN = ("enabled", "tlsenable")
_BINDS = ("bindaddr", "tlsbindaddr")
_RIGHTS = ("read", "write")
_TLS_OF_MANAGEMENT = ("tlsdisablev1", "tlsdisablev11", "tlsdisablev12")


def security_delta(changes: Collection[Change]) -> SecurityDelta:
    """Weaker if anything gets weaker, else stronger if anything gets stronger."""
    signs = {step.sign for step in _all_steps(changes)}
    if -1 in signs:
        return SecurityDelta.WEAKER
    return SecurityDelta.STRONGER if 1 in signs else SecurityDelta.SAME


def irreversible(_changes: Collection[Change]) -> Mapping[str, str]:
    """Nothing: the host keeps every generation whole."""
    return {}


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
        if change.key == "pjsip.conf" and change.before is not None:
            yield from _adoption_steps(change.before, change.after or "")
    elif change.key == "pjsip.conf":
        before, after = objects(parse(change.before or "")), objects(parse(change.after or ""))
        names = subjects(after)
        for key in before:
            if key[0] in _SECURED and before[key] != after.get(key, before[key]):
                yield from _section_steps(names[key], before[key], after[key])
    elif change.key in _MANAGEMENT:
        yield from _management_steps(change.key, *(_by_name(text or "") for text in (change.before, change.after)))


def _adoption_steps(text: str, after_text: str) -> Iterator[_Step]:
    """What the user's own configuration had of safety, and confgen's has not."""
    before = objects(effective({"pjsip.conf": text}, "pjsip.conf").sections)
    after = objects(parse(after_text))
    names = subjects(after)
    for (kind, name), section in before.items():
        if kind == "acl":
            yield _Step(-1, f"access list {name} of pjsip.conf goes, which every request had to pass")
        elif kind == "endpoint" and (becomes := after.get((kind, name))) is not None:
            yield from (step for step in _section_steps(names[kind, name], section, becomes) if step.sign < 0)
            lists = [option for option in _ACCESS_LISTS if section.values(option)]
            if lists and not section.values("permit") and not becomes.values("permit"):
                yield _Step(-1, f"{names[kind, name]}: may come from any address too, for its {lists[0]} goes")
    demanded, demands = (any(_demands_certificates(known) for known in found.items()) for found in (before, after))
    if demanded and not demands:
        yield _Step(-1, "transports: require_client_cert yes -> no")


def _demands_certificates(known: tuple[tuple[str, str], Section]) -> bool:
    (kind, _), section = known
    return kind == "transport" and (section.value("require_client_cert") or "").lower() in {"yes", "true", "1", "on"}


def _management_steps(key: str, before: Mapping[str, Section], after: Mapping[str, Section]) -> Iterator[_Step]:
    was, becomes = (sections.get("general", _NOTHING) for sections in (before, after))
    yield _opening_step(key, *({way: section.value(way) for way in _WAYS_IN} for section in (was, becomes)))
    for option in _BINDS:
        is_open, opens = (_is_open_to_others(section.value(option)) for section in (was, becomes))
        told = _told([(option, was.value(option), becomes.value(option))])
        yield _Step(_sign(is_open - opens) if was.value(option) else 0, f"{key} [general]: {told}")
    if was.value("tlsenable") == becomes.value("tlsenable") == "yes":
        for option in _TLS_OF_MANAGEMENT:
            sign = (becomes.value(option) == "yes") - (was.value(option) == "yes")
            yield _Step(sign, f"{key} [general]: {_told([(option, was.value(option), becomes.value(option))])}")
    if key == "manager.conf":
        yield from _user_steps(before, after)


def _user_steps(before: Mapping[str, Section], after: Mapping[str, Section]) -> Iterator[_Step]:
    """Who may use the manager interface: one more, from more networks, or for more is weaker."""
    for name in dict.fromkeys((*before, *after)):
        subject = f"manager.conf [{name}]"
        if name == "general":
            continue
        if name not in before:
            yield _Step(-1, f"{subject}: one more who may use the manager interface")
        elif name not in after:
            yield _Step(1)
        else:
            yield from _access_steps(subject, before[name], after[name])
            for option in _RIGHTS:
                was, may = (frozenset(_words(section.value(option))) for section in (before[name], after[name]))
                if "all" not in was and may - was:
                    yield _Step(-1, f"{subject}: {option} {', '.join(sorted(may - was))} too")
                elif may != was:
                    yield _Step(1)


def _opening_step(key: str, before: Mapping[str, str | None], after: Mapping[str, str | None]) -> _Step:
    """Each way in that a file of the management opens counts: clear text is one, and TLS another."""
    opened = [way for way in after if after[way] == "yes" != before[way]]
    sign = _sign(list(before.values()).count("yes") - list(after.values()).count("yes"))
    return _Step(sign, f"{key} [general]: {_told((way, before[way], after[way]) for way in opened)}")


def _is_open_to_others(bind: str | None) -> bool:
    """Whether others than the host itself reach what binds there; no address, or a name, is taken for one they do."""
    if bind is None:
        return False
    for text in (bind, bind.rpartition(":")[0]):
        try:
            return not ip_address(text.strip("[]")).is_loopback
        except ValueError:
            continue
    return True


def _by_name(text: str) -> Mapping[str, Section]:
    return {section.name: section for section in parse(text)}


def _words(value: str | None) -> Sequence[str]:
    return [word for part in (value or "").split(",") if (word := part.strip())]


def _section_steps(subject: str, before: Section, after: Section) -> Iterator[_Step]:
    for option, order in _ORDER.items():
        was, becomes = before.value(option), after.value(option)
        yield _Step(_sign(_rank(order, becomes) - _rank(order, was)), f"{subject}: {_told([(option, was, becomes)])}")
    for option in _HASHES:
        was, becomes = before.value(option), after.value(option)
        sign = _sign((becomes == _STRONG_HASH) - (was == _STRONG_HASH))  # not said, or with others: MD5 is taken too
        yield _Step(sign, f"{subject}: {_told([(option, was, becomes)])}")
    yield from _access_steps(subject, before, after)


def _is_own(network: Network) -> bool:
    """The host itself, which a proof from there needs to come from."""
    return network.is_loopback or (network.is_unspecified and network.prefixlen == network.max_prefixlen)


def _access_steps(subject: str, before: Section, after: Section) -> Iterator[_Step]:
    """Who may come: a network that was not let in before is weaker, one that is no more is stronger."""
    was_let, is_let = _networks(before), _networks(after)
    more = [network for network in sorted(is_let, key=str) if not _is_in(network, was_let) and not _is_own(network)]
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
