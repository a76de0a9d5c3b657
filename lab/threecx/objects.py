"""Lists, gets, makes, changes and removes the objects of a PBX."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.contract import fields
from confgen.model.api import ApiAnswer
from lab.threecx.answers import ALREADY_IN_USE, INVALID, INVALID_IP_MASK, NOT_FOUND, refuse, refuse_one
from lab.threecx.countries import CODES, listed
from lab.threecx.queries import options_of, page, projection
from lab.threecx.routes import Route
from lab.threecx.state import KEY_BY_COLLECTION, OBJECT_BY_COLLECTION, SINGLETONS, SIP_SERVICE, blank
from lab.threecx.telling import expiry, is_away, is_registered
from lab.threecx.writing import concealed, forbidden, restored, written, written_otherwise

if TYPE_CHECKING:
    from lab.threecx.xapi import ContractFake

COLLECTIONS = tuple(KEY_BY_COLLECTION)
_UNIQUE = {"Users": ("Number", "EmailAddress"), "Trunks": ("Number",), "Sbcs": ("Name",)}
_CREATED, _CHANGED = 201, 204


def carry_out(fake: ContractFake, found: Route, query: str, sent: Mapping[str, Any]) -> ApiAnswer:
    """Do what the operation says to an object, or to a collection of them."""
    method, name = found.operation.method, found.collection
    if name in SINGLETONS:
        if method == "GET":
            return _answered(fake, name, fake.state.singletons[name], query)
        if name == "CountryCodes":
            sent = _countries(fake, sent)
        fake.state.singletons[name] = _changed(fake, found, fake.state.singletons[name], sent)
        return ApiAnswer(status=_CHANGED)
    if method == "POST":
        return _make(fake, found, sent)
    if not found.keys:
        return _list(fake, name, query)
    key, kept = _found(fake, found)
    if method == "GET":
        return _answered(fake, OBJECT_BY_COLLECTION[name], kept, query)
    if method == "PATCH":
        changed = _changed(fake, found, kept, sent)
        _check(fake, name, changed, key)
        fake.state.collections[name][key] = changed
    elif fake.quirks.ignored_fields(found.path) is None:
        del fake.state.collections[name][key]
    return ApiAnswer(status=_CHANGED)


def as_answered(fake: ContractFake, name: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """An object with what the PBX finds out by itself, and without what it conceals."""
    shown = concealed(name, kept)
    now = fake.clock()
    if name == "Trunk":
        shown["IsOnline"] = is_registered(kept, fake.quirks) and not is_away(SIP_SERVICE, fake.state, now)
        shown["CertificateExpirationDate"] = expiry(kept["Certificate"])
    if fake.quirks.writes_otherwise:
        shown = written_otherwise(name, shown)
    if name == "CountryCodes":
        shown["CountryCodes"] = listed(kept["CountryCodes"], fake.quirks.countries)
    if name == "ServiceInfo" and is_away(kept["Name"], fake.state, now):
        shown["Status"] = "StartPending"
    return shown


def _countries(fake: ContractFake, sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was said of them, as those that may be called from now on."""
    codes = sent.get("CountryCodes", [])
    if not set(codes) <= set(CODES) or len(set(codes)) < len(codes):
        refuse_one(400, "CountryCodes", INVALID)
    return {name: listed(codes, fake.quirks.countries) for name in sent}


def _answered(fake: ContractFake, name: str, kept: Mapping[str, Any], query: str) -> ApiAnswer:
    shown = projection(name, options_of(query, of_many=False), fake.version).of(as_answered(fake, name, kept))
    return ApiAnswer(status=200, body={"@odata.context": f"$metadata#{name}", **shown})


def _list(fake: ContractFake, collection: str, query: str) -> ApiAnswer:
    name = OBJECT_BY_COLLECTION[collection]
    options = options_of(query, of_many=True)
    every = [as_answered(fake, name, kept) for kept in fake.state.collections[collection].values()]
    count, some = page(name, every, options, most=fake.quirks.most_at_once)
    shown = projection(name, options, fake.version)
    body: dict[str, Any] = {"@odata.context": f"$metadata#{collection}", "value": [shown.of(one) for one in some]}
    if options.get("$count") == "true":
        body["@odata.count"] = count
    return ApiAnswer(status=200, body=body)


def _make(fake: ContractFake, found: Route, sent: Mapping[str, Any]) -> ApiAnswer:
    collection = found.collection
    name = OBJECT_BY_COLLECTION[collection]
    new = fake.state.new_user(sent["Number"]) if collection == "Users" else blank(name)
    wrong = list(forbidden(name, {**new, "Id": 0} if "Id" in new else new, sent, is_new=True))
    if wrong:
        refuse(400, wrong)
    made = written(name, new, sent)
    if "Id" in fields(name):
        made["Id"] = fake.state.new_id()
    if name == "Trunk":
        made["Gateway"]["Id"] = fake.state.new_id()
    _check(fake, collection, made, None)
    ignored = fake.quirks.ignored_fields(found.path)
    if ignored:
        made = restored(new, made, ignored)
    if ignored != ():
        fake.state.collections[collection][made[KEY_BY_COLLECTION[collection]]] = made
    shown = projection(name, {}, fake.version).of(as_answered(fake, name, made))
    return ApiAnswer(status=_CREATED, body={"@odata.context": f"$metadata#{collection}", **shown})


def _changed(fake: ContractFake, found: Route, kept: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    name = found.operation.takes or ""
    wrong = list(forbidden(name, as_answered(fake, name, kept), sent, is_new=False))
    if wrong:
        refuse(400, wrong)
    ignored = fake.quirks.ignored_fields(found.path)
    if ignored == ():
        return dict(kept)
    changed = written(name, kept, sent, replaces_gateway=fake.quirks.replaces_gateway)
    if name == "Trunk" and changed["Gateway"] is not None:
        changed["Gateway"]["Id"] = (kept["Gateway"] or {}).get("Id")
    return restored(kept, changed, ignored or ())


def _found(fake: ContractFake, found: Route) -> tuple[Any, dict[str, Any]]:
    """The object of the key in the path, whichever of its fields that is."""
    ((field, value),) = found.keys.items()
    for key, kept in fake.state.collections[found.collection].items():
        if kept[field] == value:
            return key, kept
    return refuse_one(404, field, NOT_FOUND)


def _check(fake: ContractFake, collection: str, new: Mapping[str, Any], key: object) -> None:
    """What the description does not say and the PBX holds to all the same."""
    for field in _UNIQUE.get(collection, ()):
        others = (other[field] for one, other in fake.state.collections[collection].items() if one != key)
        if new[field] is not None and new[field] in others:
            refuse_one(400, field, ALREADY_IN_USE)
    if collection == "Blocklist":
        try:
            ipaddress.ip_network(new["IPAddrMask"])
        except ValueError:
            refuse_one(400, "IPAddrMask", INVALID_IP_MASK)
