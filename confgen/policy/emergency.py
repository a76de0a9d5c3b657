"""Rules for emergency calls: where phones are, an emergency number reaches a way out. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import ByChannel, Emergency, Media, NoEmergency, Signalling
from confgen.model.finding import Finding, Severity
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from confgen.model.dialling import Carries, EmergencyWay
    from confgen.model.inventory import Pbx

_WRITE = (
    'write `emergency: {numbers: ["112"], via: [{trunk: …}, {channel: …}]}`, or, where these phones need none, '
    "`emergency: {waived: {owner: …, reason: …, until: …}}`"
)


def emergency_findings(pbxs: Sequence[Pbx], *, today: date) -> tuple[Finding, ...]:
    """What stands between the phones of an inventory and the emergency services, and what their calls leave by."""
    by_name = {pbx.name: pbx for pbx in pbxs}
    return tuple(finding for pbx in pbxs for finding in _findings(pbx, by_name, today))


def _findings(pbx: Pbx, by_name: Mapping[str, Pbx], today: date) -> Iterator[Finding]:
    emergency = pbx.emergency
    if isinstance(emergency, NoEmergency):
        if pbx.extensions:
            yield _waiver(pbx, emergency, today)
        return
    if Part.DIALPLAN not in pbx.manages:
        if pbx.extensions:
            yield _not_checked(pbx, f"the dialplan of `{pbx.name}` is not managed")
        return
    if emergency is None:
        if pbx.extensions:
            yield _finding(pbx, "DIAL-10", f"the phones of `{pbx.name}` have no emergency route", _WRITE)
        return
    if pbx.extensions:
        yield from _unreached(pbx, emergency, by_name)
    yield from _last_legs(pbx, emergency)


def _waiver(pbx: Pbx, waiver: NoEmergency, today: date) -> Finding:
    if today > waiver.until:
        return _finding(
            pbx,
            "DIAL-13",
            f"the phones of `{pbx.name}` have no emergency route: the waiver of {waiver.owner} ended on {waiver.until}",
            f"give them a route, or let {waiver.owner} waive it anew; {_WRITE}",
        )
    return _finding(
        pbx,
        "DIAL-12",
        f"the phones of `{pbx.name}` have no emergency route: "
        f"waived until {waiver.until} by {waiver.owner}: {waiver.reason}",
        'give them one before that day: `emergency: {numbers: ["112"], via: [{trunk: …}]}`',
        Severity.WARNING,
    )


def _not_checked(pbx: Pbx, why: str) -> Finding:
    return _finding(
        pbx,
        "DIAL-11",
        f"whether the phones of `{pbx.name}` reach an emergency number was not checked: {why}",
        "call it, as your emergency services ask you to, after each change of that dialplan",
        Severity.NOTE,
    )


def _unreached(pbx: Pbx, emergency: Emergency, by_name: Mapping[str, Pbx]) -> Iterator[Finding]:
    for number in emergency.numbers:
        reaches = _reaches(pbx, number, by_name, seen=frozenset())
        if reaches is None:
            yield _not_checked(pbx, f"{number} leads to a PBX whose dialplan is not managed")
        elif not reaches:
            yield _finding(
                pbx,
                "DIAL-10",
                f"{number} leads from `{pbx.name}` to no end: none of its ways is a provider's trunk, a line, or a "
                "PBX that itself has a way for it",
                "add a way by a provider's trunk or a line; a peer counts where its own `emergency` has the number "
                "and a way that does not lead back",
            )


def _reaches(pbx: Pbx, number: str, by_name: Mapping[str, Pbx], seen: frozenset[str]) -> bool | None:
    """Whether the number reaches an end from this PBX; None where only what confgen does not see could tell."""
    if Part.DIALPLAN not in pbx.manages:
        return None
    if not isinstance(pbx.emergency, Emergency) or number not in pbx.emergency.numbers:
        return False
    peers = {trunk.name: trunk.peer for trunk in pbx.trunks}
    found: set[bool | None] = set()
    for way in pbx.emergency.ways:
        if isinstance(way.way, ByChannel) or way.way.trunk not in peers:
            return True
        peer = peers[way.way.trunk]
        if peer not in seen and peer != pbx.name:
            behind = {*seen, pbx.name}
            there = by_name.get(peer)
            found.add(None if there is None else _reaches(there, way.number or number, by_name, frozenset(behind)))
    if True in found:
        return True
    return None if None in found else False


def _last_legs(pbx: Pbx, emergency: Emergency) -> Iterator[Finding]:
    *others, last = emergency.numbers
    numbers = f"{', '.join(others)} and {last} leave" if others else f"{last} leaves"
    for end, carries in _ends(pbx, emergency.ways):
        if not carries.is_encrypted:
            is_clear = carries.signalling is Signalling.CLEAR or carries.media is Media.CLEAR
            what = "clear" if is_clear else "unknown"
            yield _finding(
                pbx,
                "DIAL-14",
                f"{numbers} `{pbx.name}` by {end}: {what} from there; shown, not blocked",
                "nothing: an emergency call goes out whatever the last leg is",
                Severity.NOTE,
            )


def _ends(pbx: Pbx, ways: Iterable[EmergencyWay]) -> Iterator[tuple[str, Carries]]:
    providers = {trunk.name: trunk.provider for trunk in pbx.provider_trunks}
    for way in ways:
        if isinstance(way.way, ByChannel):
            yield f"the line {way.way.channel.name}", way.way.channel.carries
        elif way.way.trunk in providers:
            yield f"the trunk {way.way.trunk} to {providers[way.way.trunk].name}", providers[way.way.trunk].beyond


def _finding(pbx: Pbx, code: str, message: str, mend: str, severity: Severity = Severity.ERROR) -> Finding:
    place = pbx.place if pbx.emergency is None else pbx.emergency.place
    return Finding(code=code, message=message, mend=mend, severity=severity, place=place, pbx=pbx.name)
