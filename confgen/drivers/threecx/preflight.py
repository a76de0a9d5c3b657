"""What was staged, tried where it can do no harm: against the contract, and against locking out who pushes it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from confgen.drivers.threecx.backup import back_up, is_backed_up
from confgen.drivers.threecx.contract import FieldType
from confgen.drivers.threecx.countries import evidence_on
from confgen.drivers.threecx.going_back import is_going_back, lost
from confgen.drivers.threecx.objects import BLOCKLIST, CONSOLE, COUNTRIES, type_of
from confgen.drivers.threecx.requests import ask
from confgen.drivers.threecx.settings import place_at, settings_of
from confgen.drivers.threecx.texts import fields_of, is_stand_in, leaves, value_at
from confgen.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from confgen.drivers.threecx.contract import Field
    from confgen.drivers.threecx.objects import Path
    from confgen.model.document import Document
    from confgen.model.driver import Staged
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

_MAPPED = 96  # bits before an IPv4 address that is written as one of IPv6
_TYPES: Mapping[FieldType, type] = {
    FieldType.STRING: str,
    FieldType.MOMENT: str,
    FieldType.INTEGER: int,
    FieldType.BOOLEAN: bool,
}


def preflight(host: Host, pbx: Pbx, staged: Staged, step: Callable[[str], None]) -> Sequence[Finding]:
    """Errors keep it from being switched to; with none, the PBX makes its backup, while it can still be stopped."""
    changed = [one for one in staged.carried if one.key in staged.changed and not one.is_for_push]
    unfit = [_unfit(pbx, document.key, reason) for document in changed for reason in _reasons(pbx, document)]
    findings = (*unfit, *_locked_out(host, pbx, changed), *lost(host, pbx, staged))
    if not is_going_back(host, staged):  # what was there before was the PBX's own
        findings = (*findings, *_countries(host, pbx, changed))
    if staged.changed and settings_of(pbx).backup_secret is not None and not is_backed_up(staged):
        findings = (*findings, _without_backup(pbx))
    if not any(finding.severity is Severity.ERROR for finding in findings):
        back_up(host, pbx, staged, step)
    return findings


def _reasons(pbx: Pbx, document: Document) -> Iterator[str]:
    """In words that quote no value."""
    kind = type_of(document.key)
    for path, value in leaves(fields_of(document.reveal())):
        field = kind.field(path)
        name = ".".join(path)
        if field is None or field.is_read_only:
            yield f"{name} is no property that can be written"
        elif not field.is_known_to(pbx.product_version):
            yield f"{name} came with {field.since}"
        elif not is_stand_in(value) and not _fits(field, value):
            yield f"{name} cannot have this value"


def _fits(field: Field, value: object) -> bool:
    if value is None:
        return field.is_nullable
    if field.is_list != isinstance(value, list):
        return False
    return all(
        isinstance(one, _TYPES[field.type])
        and isinstance(one, bool) == (field.type is FieldType.BOOLEAN)
        and (not field.values or one in field.values)
        for one in (value if isinstance(value, list) else [value])
    )


def _locked_out(host: Host, pbx: Pbx, changed: Sequence[Document]) -> Iterator[Finding]:
    """The API may be kept from whoever the console is kept from."""
    restricting = [one for one in changed if type_of(one.key) in (BLOCKLIST, CONSOLE)]
    if not restricting:
        return
    told = ask(host, f"/{CONSOLE.name}?$select={CONSOLE.select(pbx.product_version)}").body.get("MyIpAddress")
    try:
        own = _unmapped(str(told))
    except ValueError:
        yield _lock_out(pbx, f"the PBX does not tell from where it sees this push, which {CONSOLE.name} might lock out")
        return
    for document in restricting:
        fields = fields_of(document.reveal())
        networks = [_network(text) for text in _networks(document.key, fields)]
        is_in = any(network is not None and own in network for network in networks)
        if type_of(document.key) is CONSOLE and fields.get("AccessRestricted") and not is_in:
            yield _lock_out(pbx, f"the console would let in none of {own}, from where the PBX sees this push")
        if value_at(fields, ("BlockType",)) == "Block" and (is_in or None in networks):
            would = "would" if is_in else "cannot be read, and may"
            yield _lock_out(pbx, f"{document.key} {would} block {own}, from where the PBX sees this push")


def _countries(host: Host, pbx: Pbx, changed: Sequence[Document]) -> Iterator[Finding]:
    """Codes that the PBX does not know, and its own country, where that could be called no more."""
    wanted = next((one for one in changed if type_of(one.key) is COUNTRIES), None)
    if wanted is None:
        return
    allowed = frozenset(fields_of(wanted.reveal())[COUNTRIES.name])
    evidence = evidence_on(host)
    unknown = sorted(allowed - evidence.known)
    if unknown:
        yield _unfit(pbx, wanted.key, f"{', '.join(unknown)} is no country that the PBX knows")
    if evidence.own and not evidence.own <= allowed:
        yield Finding(
            code="TCX-14",
            message=f"the PBX is in the country {', '.join(sorted(evidence.own))}, which `countries` does not let be "
            "called",
            mend="add it to `countries: {allow: [...]}`, unless its numbers are never called with their country code",
            severity=Severity.WARNING,
            place=place_at(pbx, "countries"),
            pbx=pbx.name,
        )


def _unmapped(text: str) -> IPv4Address | IPv6Address:
    """ValueError where it is no address, or one of a link alone, which no list means."""
    address = ip_address(text)
    if not isinstance(address, IPv6Address):
        return address
    if address.scope_id is not None:
        raise ValueError("an address with a zone")
    return address.ipv4_mapped or address  # RFC 4291 §2.5.5.2: how a socket of both families sees IPv4


def _network(text: str) -> IPv4Network | IPv6Network | None:
    """None where it is of another form, such as a range, and lets in nobody that could be told."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    mapped = None if isinstance(network, IPv4Network) else network.network_address.ipv4_mapped
    if mapped is None or network.prefixlen < _MAPPED:
        return network
    return IPv4Network((mapped, network.prefixlen - _MAPPED))


def _networks(key: str, fields: Mapping[str, Any]) -> Sequence[str]:
    found: Path = ("IPAddrMask",) if type_of(key) is BLOCKLIST else ("IpWhitelist",)
    told = value_at(fields, found)
    return told if isinstance(told, list) else [str(told)]


def _lock_out(pbx: Pbx, message: str) -> Finding:
    return Finding(
        code="TCX-22",
        message=message,
        mend="let that address in, in `console: {permit: [...]}`, or take it out of `blocklist`",
        place=pbx.place,
        pbx=pbx.name,
    )


def _without_backup(pbx: Pbx) -> Finding:
    return Finding(
        code="TCX-26",
        message="the PBX makes no backup of itself before this, since the secret that encrypts it is not known here",
        mend="let `backup: {secret: …}` be found where this runs",
        severity=Severity.WARNING,
        place=pbx.place,
        pbx=pbx.name,
    )


def _unfit(pbx: Pbx, key: str, reason: str) -> Finding:
    return Finding(
        code="TCX-25",
        message=f"{key}: {reason} on 3CX {pbx.product_version}",
        mend="mend the inventory, or what the generation says, by what this version of the API has",
        place=pbx.place,
        pbx=pbx.name,
    )
