"""What a 3CX says of its own API, against what confgen asks of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx import contract
from confgen.drivers.threecx.described import differences
from confgen.drivers.threecx.objects import type_of
from confgen.drivers.threecx.requests import ask
from confgen.drivers.threecx.sources import desired_paths
from confgen.model.found import Found
from confgen.model.host import HostError
from confgen.model.version import ProductVersion
from confgen.model.words import listed

if TYPE_CHECKING:
    from confgen.drivers.threecx.objects import Path
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

_PATH = "/swagger.json"
_ALL = ProductVersion(999, 0, 0)  # every field that any version has
_MOST = 12  # fields that are named
# What of an inventory rests on a field, or on an object as a whole.
_SETTINGS: Mapping[str, str] = {
    "AntiHackingSettings": "`anti_hacking`",
    "BackupContents": "backup before the first write",
    "BlocklistAddr": "`blocklist`",
    "CodecsSettings": "`codecs`",
    "ConsoleRestrictions": "`console`",
    "Country": "`countries`",
    "CountryCodes": "`countries`",
    "E164Settings": "`countries`",
    "Parameter": "`countries`",
    "Gateway.SRTPMode": "SRTP on trunks",
    "NetworkSettings.DirectSIPAllowExternal": "switching off of direct SIP",
    "Sbc": "`sbcs`",
    "Sbc.Security": "TLS of `sbcs`",
    "SecureSipSettings": "`certificate`",
    "Trunk.Certificate": "authority of a trunk's far end",
    "Trunk.TransportRestriction": "TLS on trunks",
    "TrunkReport": "proof of trunks",
    "User.AllowLanOnly": "`lan_only`",
    "User.BlockTunnel": "`block_tunnel`",
    "User.SRTPMode": "SRTP of extensions",
}


def fields_found(host: Host, pbx: Pbx) -> Iterator[Found]:
    """Ask the PBX for the description of its API, and name what confgen uses and it has not."""
    try:
        description = ask(host, _PATH).body
    except HostError as error:
        yield Found(
            subject="fields",
            found=f"the PBX does not tell what its API has: {error}",
            advice="its /xapi/v1/swagger.yaml, fetched by hand, is compared by `make contract-3cx SPEC=FILE`",
            is_ok=None,
            code=error.code or "",
        )
        return
    yield from compared(pbx, description)


def compared(pbx: Pbx, description: Any) -> Iterator[Found]:  # noqa: ANN401 -- JSON
    """What is missing, and what of the inventory cannot be had by it. Pure."""
    try:
        differs = differences(description, _ALL)
    except (AttributeError, LookupError, TypeError, ValueError):  # it may be anything
        differs = None
    if differs is None or len({one.place for one in differs if one.what == "object"}) == len(_described()):
        yield Found(subject="fields", found="what the PBX says of its API is no description of it", is_ok=None)
        return
    missing = tuple(dict.fromkeys(one.place for one in differs if one.described == "none"))
    others = tuple(dict.fromkeys(one.place for one in differs if one.place not in missing and one.expected != "none"))
    settings = _settings(missing)
    lacks = f"does not have {listed(missing, _MOST)}" if missing else "has all that confgen uses"
    yield Found(
        subject="fields",
        found=f"this build {lacks}{f'; otherwise it has {listed(others, _MOST)}' if others else ''}",
        advice=f"there cannot be: {listed(settings, _MOST)}" if settings else "",
    )
    wanted = _wanted(pbx)
    hindered = [place for place in missing if _is_wanted(place, wanted)]
    if hindered:
        yield Found(
            subject="fields",
            found=f"the inventory asks for what this build does not have: {listed(hindered, _MOST)}",
            advice="leave it out, or update the PBX",
            is_ok=False,
        )


def _described() -> list[str]:
    """Objects that a description of the API has."""
    return [name for name in contract.objects() if not contract.document()["definitions"][name].get("undescribed")]


def _is_wanted(place: str, wanted: Collection[str]) -> bool:
    """A field, one of its values, or an object as a whole."""
    about = place.partition(" = ")[0]
    return about in wanted or any(field.startswith(f"{about}.") for field in wanted)


def _wanted(pbx: Pbx) -> frozenset[str]:
    """What the documents of this inventory write, as `Object.Field`."""
    return frozenset(
        field for key, paths in desired_paths(pbx).items() for path in paths for field in _fields(key, path)
    )


def _fields(key: str, path: Path) -> Iterator[str]:
    name = type_of(key).described_as or type_of(key).name
    for step in path:
        yield f"{name}.{step}"
        held = contract.fields(name).get(step)
        name = (held.refers_to if held is not None else None) or name


def _settings(missing: Collection[str]) -> list[str]:
    """What of an inventory cannot be had without these fields, values and objects."""
    gone = {place.partition(" = ")[0] for place in missing}
    return sorted({words for about, words in _SETTINGS.items() if about in gone or about.partition(".")[0] in gone})
