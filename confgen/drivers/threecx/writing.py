"""One object of a 3CX written, and read back: a 2xx may have changed nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx import contract
from confgen.drivers.threecx.countries import callable_countries, list_for
from confgen.drivers.threecx.objects import COUNTRIES, SBCS, TRUNKS, name_of, type_of
from confgen.drivers.threecx.present import Present, differing, present_one, reading_of
from confgen.drivers.threecx.requests import ask, change, literal
from confgen.drivers.threecx.texts import Fields, fields_of, is_stand_in, leaves, paths_of, put
from confgen.model.host import HostError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.host import Host
    from confgen.model.version import ProductVersion

_TEMPLATE = "GenericVoIPProvider.pv.xml"  # what 3CX makes a trunk of whose provider it does not know


class NotTaken(HostError):
    """The API answered well, and the PBX is not as it was told to be."""


def write(host: Host, key: str, text: str, one: Present | None, version: ProductVersion) -> None:
    """Tell the PBX to make the object as the document says; stand-ins are left as they are.

    `one` is what is there, None where nothing is. Whether the PBX did it is for `read_back` to tell.
    """
    fields = _told(text)
    if one is None:
        _make(host, key, fields, version)
    else:
        change(host, "PATCH", one.path, _body(host, key, fields, one, version))


def read_back(host: Host, key: str, text: str, one: Present | None, version: ProductVersion) -> str:
    """What can be read of the object after it was written; NotTaken where it is not as the document says.

    `one` is what was there before.
    """
    written = present_one(host, key, version) if one is None else again(host, key, one, version)
    if written is None:
        raise NotTaken(f"{key}: the API answered well, and the PBX does not have it")
    wrong = differing(key, text, written)
    if wrong:
        named = ", ".join(".".join(path) for path in wrong)
        raise NotTaken(f"{key}: the API answered well, and the PBX did not take {named}")
    return reading_of(key, written, paths_of(text))


def remove(host: Host, key: str, one: Present, version: ProductVersion) -> None:
    """Remove the object; NotTaken where it is there still."""
    change(host, "DELETE", one.path)
    if present_one(host, key, version) is not None:
        raise NotTaken(f"{key}: the API answered well, and the PBX has it still")


def again(host: Host, key: str, one: Present, version: ProductVersion) -> Present:
    """The same object, as it is now."""
    if type_of(key) is COUNTRIES:
        return Present(path=one.path, answered=callable_countries(host))
    answered = ask(host, f"{one.path}?$select={type_of(key).select(version)}").body
    return Present(path=one.path, answered=answered)


def _make(host: Host, key: str, fields: Fields, version: ProductVersion) -> None:
    kind, name = type_of(key), name_of(key)
    if not kind.is_made:
        raise NotTaken(f"{key} is not there, and confgen makes none")
    if kind is TRUNKS:
        fields = _new_trunk(host, name, fields, version)
    elif kind is SBCS:
        fields = {"Name": name, **fields}
    change(host, "POST", f"/{kind.name}", fields)


def _new_trunk(host: Host, name: str, fields: Fields, version: ProductVersion) -> Fields:
    """As the vendor's own example makes one: what a template gives, filled in."""
    initial = ask(host, f"/Trunks/Pbx.InitTrunk(template={literal(_TEMPLATE)})").body
    gateway = {**_writable("Gateway", initial.get("Gateway") or {}, version), **fields["Gateway"], "Name": name}
    return {**_writable("Trunk", initial, version), **fields, "Gateway": gateway}


def _body(host: Host, key: str, fields: Fields, one: Present, version: ProductVersion) -> Mapping[str, Any]:
    """What an object's own object leaves out may be taken for empty: a Gateway is sent whole."""
    if type_of(key) is COUNTRIES:
        return list_for(host, fields[COUNTRIES.name])
    there = one.answered.get("Gateway")
    if type_of(key) is not TRUNKS or not isinstance(there, dict) or "Gateway" not in fields:
        return fields
    return {**fields, "Gateway": {**_writable("Gateway", there, version), **fields["Gateway"]}}


def _writable(name: str, answered: Mapping[str, Any], version: ProductVersion) -> Fields:
    known = contract.fields(name, version)
    return {
        field: value
        for field, value in answered.items()
        if field in known and not known[field].is_read_only and not known[field].is_secret
    }


def _told(text: str) -> Fields:
    """The document without its stand-ins."""
    fields: Fields = {}
    for path, value in leaves(fields_of(text)):
        if not is_stand_in(value):
            put(fields, path, value)
    return fields
