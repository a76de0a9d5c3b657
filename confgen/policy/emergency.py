"""What the rules for emergency calls share: whether a number reaches an end. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import ByChannel, Emergency
from confgen.model.finding import Finding
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.inventory import Pbx

HOW_TO_WRITE_IT = (
    'write `emergency: {numbers: ["112"], via: [{trunk: …}, {channel: …}]}`, or, where these phones need none, '
    "`emergency: {waived: {owner: …, reason: …, until: …}}`"
)


def reaches(pbx: Pbx, number: str, by_name: Mapping[str, Pbx], seen: frozenset[str] = frozenset()) -> bool | None:
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
            found.add(None if there is None else reaches(there, way.number or number, by_name, frozenset(behind)))
    if True in found:
        return True
    return None if None in found else False


def emergency_finding(code: str, pbx: Pbx, message: str, mend: str, *, subject: str | None = None) -> Finding:
    """What is said of the emergency calls of a PBX, where they are written, or where the PBX is."""
    place = pbx.place if pbx.emergency is None else pbx.emergency.place
    return Finding(code=code, message=message, mend=mend, place=place, pbx=pbx.name, subject=subject)
