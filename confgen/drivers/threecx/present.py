"""The objects that a 3CX has, by the keys of the documents that describe them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.contract import FieldType
from confgen.drivers.threecx.countries import callable_countries
from confgen.drivers.threecx.objects import BLOCKLIST, COUNTRIES, SBCS, TRUNKS, USERS, type_of, types_of
from confgen.drivers.threecx.requests import ask, literal, pages
from confgen.drivers.threecx.texts import fields_of, is_sensitive, leaves, put, stand_in, text_of, value_at
from confgen.drivers.threecx.unclear import Ambiguous, Unclear, unclear
from confgen.model.driver import PushRefused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from confgen.drivers.threecx.objects import ObjectType, Path
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.version import ProductVersion


_NETWORKS: frozenset[Path] = frozenset({("IPAddrMask",), ("IpWhitelist",)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """One object, as the API answered; no secret was asked for."""

    path: str  # `/Users(12)`, `/NetworkSettings`
    answered: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"Present({self.path})"

    @property
    def number(self) -> int | None:
        """Its Id, where it has one."""
        found = self.answered.get("Id")
        return found if isinstance(found, int) else None


def present(host: Host, keys: Collection[str], version: ProductVersion) -> Mapping[str, Present]:
    """What there is under these keys, in one request for each type and page; Unclear where that cannot be told."""
    found: dict[str, Present] = {}
    for wanted in types_of(keys):
        for key, one in _all(host, wanted, version):
            if key in keys and key in found:
                raise Ambiguous(key)
            if key in keys:
                found[key] = one
    return found


def present_before(host: Host, pbx: Pbx, keys: Collection[str]) -> Mapping[str, Present]:
    """The same before the first write; PushRefused where that cannot be told."""
    try:
        return present(host, keys, pbx.product_version)
    except Unclear as error:
        raise PushRefused(unclear(pbx, error)) from error


def present_one(host: Host, key: str, version: ProductVersion) -> Present | None:
    """What there is under one key now."""
    return present(host, (key,), version).get(key)


def reading_of(key: str, one: Present, paths: Collection[Path]) -> str:
    """What the PBX has of these properties; a stand-in for those that are never asked for, or not told."""
    fields: dict[str, Any] = {}
    for path in paths:
        is_asked = path[0] in type_of(key).asked and not is_sensitive(key, path)
        is_told = is_asked and not _is_concealed(one.answered, path)
        put(fields, path, _plain(key, path, value_at(one.answered, path)) if is_told else stand_in())
    return text_of(key, fields)


def differing(key: str, text: str, one: Present) -> tuple[Path, ...]:
    """Properties of which the PBX has another value than the document says; of a secret nobody can tell."""
    wanted = _fields(key, text)
    there = _fields(key, reading_of(key, one, list(wanted)))
    return tuple(
        path
        for path, value in wanted.items()
        if not is_sensitive(key, path) and not isinstance(there[path], dict) and there[path] != _plain(key, path, value)
    )


def _fields(key: str, text: str) -> dict[Path, Any]:
    return dict(leaves(fields_of(text_of(key, fields_of(text)))))


def _plain(key: str, path: Path, value: Any) -> Any:  # noqa: ANN401 -- JSON
    """One value has one form: line ends of a PEM text, moments and networks are as their sender likes them."""
    if isinstance(value, list) and path in _NETWORKS:
        return [network_name(one) if isinstance(one, str) else one for one in value]
    if not isinstance(value, str):
        return value
    if "-----BEGIN " in value:
        return "\n".join(value.split("\r\n")).strip()
    if path in _NETWORKS:
        return network_name(value)
    field = type_of(key).field(path)
    return _moment(value) if field is not None and field.type is FieldType.MOMENT else value


def _moment(text: str) -> str:
    """In UTC, to the second, as confgen writes it; without an offset UTC is meant."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:  # the PBX's own to judge
        return text
    moment = moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _is_concealed(answered: Mapping[str, Any], path: Path) -> bool:
    around = value_at(answered, path[:-1]) if len(path) > 1 else None
    return isinstance(around, dict) and around.get("Concealed") is True and around.get(path[-1]) is None


def _all(host: Host, wanted: ObjectType, version: ProductVersion) -> Iterator[tuple[str, Present]]:
    select = f"$select={wanted.select(version)}"
    if wanted is COUNTRIES:
        yield wanted.name, Present(path=f"/{wanted.name}", answered=callable_countries(host))
        return
    if wanted.is_singleton:
        yield wanted.name, Present(path=f"/{wanted.name}", answered=ask(host, f"/{wanted.name}?{select}").body)
        return
    for answered in pages(host, f"/{wanted.name}?{select}"):
        identity = answered[wanted.identity]
        name = literal(identity) if isinstance(identity, str) else str(identity)
        yield f"{wanted.name}/{_name(wanted, answered)}", Present(path=f"/{wanted.name}({name})", answered=answered)


def _name(wanted: ObjectType, answered: Mapping[str, Any]) -> str:
    """What the inventory calls it, for its Id is another one on every PBX."""
    match wanted.name:
        case USERS.name:
            return str(answered.get("Number"))
        case TRUNKS.name:
            return str(value_at(answered, ("Gateway", "Name")))
        case SBCS.name:
            return str(answered["Name"])
        case BLOCKLIST.name:
            return network_name(str(answered.get("IPAddrMask")))
        case _:
            raise ValueError(f"there is one {wanted.name}")


def network_name(text: str) -> str:
    """A network with its length, however it was written."""
    try:
        return str(ip_network(text, strict=False))
    except ValueError:  # the PBX's own to judge
        return text
