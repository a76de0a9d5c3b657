"""What a 3CX says of its own API, against what confgen asks of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx import contract
from confgen.drivers.threecx.objects import type_of
from confgen.drivers.threecx.requests import ask
from confgen.drivers.threecx.sources import desired_paths
from confgen.model.found import Found
from confgen.model.words import count, listed

if TYPE_CHECKING:
    from confgen.drivers.threecx.objects import Path
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

_PATH = "/swagger.json"
_PREFIX = "Pbx."
_MOST = 12  # fields that are named
_OF_ODATA = frozenset({"ODataError", "MainError", "ErrorDetails"})  # not the PBX's own objects
_BY_OTHER_NAMES = frozenset({"undescribed", "title"})  # what stands elsewhere in a description, or nowhere
# What of an inventory rests on a field, or on an object as a whole.
_SETTINGS: Mapping[str, str] = {
    "AntiHackingSettings": "`anti_hacking`",
    "BackupContents": "backup before the first write",
    "BlocklistAddr": "`blocklist`",
    "CodecsSettings": "`codecs`",
    "ConsoleRestrictions": "`console`",
    "CountryCodes": "`countries`",
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
    yield from compared(pbx, ask(host, _PATH).body)


def compared(pbx: Pbx, description: Any) -> Iterator[Found]:  # noqa: ANN401 -- JSON
    """What is missing, and what of the inventory cannot be had by it. Pure."""
    schemas = _schemas(description)
    if not schemas:
        yield Found(subject="fields", found="what the PBX says of its API is no description of it", is_ok=None)
        return
    used = {
        f"{name}.{field}": contract.fields(name)[field]
        for name in contract.objects()
        if name not in _OF_ODATA and not _BY_OTHER_NAMES & contract.document()["definitions"][name].keys()
        for field in contract.fields(name)
    }
    missing = [field for field in used if _is_missing(field, used[field], schemas)]
    settings = _settings(missing)
    wanted = _wanted(pbx)
    yield Found(
        subject="fields",
        found=f"this build has {len(used) - len(missing)} of the {count(len(used), 'field')} that confgen knows"
        + (f", and not {listed(missing, _MOST)}" if missing else ""),
        advice=f"there cannot be: {listed(settings, _MOST)}" if settings else "",
    )
    hindered = [field for field in missing if field in wanted]
    if hindered:
        yield Found(
            subject="fields",
            found=f"the inventory asks for what this build has no field or value for: {listed(hindered, _MOST)}",
            advice="leave it out, or update the PBX",
            is_ok=False,
        )


def _schemas(description: object) -> Mapping[str, Any]:
    components = description.get("components") if isinstance(description, dict) else None
    schemas = components.get("schemas") if isinstance(components, dict) else None
    return schemas if isinstance(schemas, dict) else {}


def _is_missing(field: str, expected: contract.Field, schemas: Mapping[str, Any]) -> bool:
    """The field is not described, or lacks a value that confgen knows."""
    name, _, property_name = field.partition(".")
    said = _properties(schemas.get(f"{_PREFIX}{name}"), schemas).get(property_name)
    if said is None:
        return True
    values = _values(said, schemas)
    return bool(values) and not set(expected.values) <= set(values)


def _properties(schema: object, schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    schema = _resolved(schema, schemas)
    found = dict(schema.get("properties") or {})
    for part in schema.get("allOf") or ():
        found |= _properties(part, schemas)
    return found


def _values(said: object, schemas: Mapping[str, Any]) -> Collection[str]:
    """The words that a property may have, wherever they are described; empty where any may stand."""
    said = _resolved(said, schemas)
    if "enum" in said:
        return tuple(word for word in said["enum"] if isinstance(word, str))
    inner = [said.get("items"), *(said.get("allOf") or ()), *(said.get("anyOf") or ())]
    return tuple(word for part in inner if part is not None for word in _values(part, schemas))


def _resolved(said: object, schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference leads to; none leads on to another one."""
    if isinstance(said, dict) and "$ref" in said:
        said = schemas.get(str(said["$ref"]).rpartition("/")[2])
    return said if isinstance(said, dict) else {}


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
    """What of an inventory cannot be had without these; an object is missing with all of its fields."""
    objects = {field.partition(".")[0] for field in missing}
    gone = {name for name in objects if all(f"{name}.{field}" in missing for field in contract.fields(name))}
    return sorted({words for about, words in _SETTINGS.items() if about in missing or about in gone})
