"""The countries that a 3CX lets be called, read and written in the sense that its list has on this PBX."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.contract import PRODUCT_VERSION_HEADER
from confgen.drivers.threecx.country_meaning import (
    PARAMETER,
    CountryEvidence,
    Meaning,
    allowed_by,
    codes_in,
    listed_for,
)
from confgen.drivers.threecx.objects import COUNTRIES
from confgen.drivers.threecx.requests import api_of, ask, literal, pages
from confgen.drivers.threecx.settings import settings_of
from confgen.drivers.threecx.unclear import MeaningUntold
from confgen.model.api_fault import ApiRefused
from confgen.model.found import Found
from confgen.model.words import count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.shelf import Shelf

_LIST = "CountryCodes"
_KEPT = "countries"  # under which the shelf has what the list means on a build


def callable_countries(host: Host) -> Mapping[str, Any]:
    """The object as if its list named the countries that may be called; MeaningUntold where that cannot be told."""
    evidence, meaning = _understood(host)
    return {_LIST: sorted(allowed_by(evidence, meaning))}


def list_for(host: Host, allowed: Collection[str]) -> Mapping[str, Any]:
    """What is written so that these may be called and no others; MeaningUntold where that cannot be told."""
    evidence, meaning = _understood(host)
    if evidence.build:  # what is written may tell less than what was there
        api_of(host).shelf.write(_KEPT, json.dumps({"build": evidence.build, "meaning": meaning.value}))
    return {_LIST: sorted(listed_for(allowed, evidence, meaning))}


def countries_found(host: Host, pbx: Pbx) -> Iterator[Found]:
    """For an examination: what the list means on this PBX, or all that it tells of it."""
    try:
        evidence, meaning = _understood(host)
    except MeaningUntold as error:
        is_wanted = bool(settings_of(pbx).allowed_countries)
        advice = error.mend if is_wanted else ""
        yield Found(
            subject="countries", found=str(error), advice=advice, is_ok=None if is_wanted else True, code=error.code
        )
        return
    able = count(len(allowed_by(evidence, meaning)), "country code")
    yield Found(subject="countries", found=f"{able} may be called; CountryCodes names those that are {meaning.value}")


def evidence_on(host: Host) -> CountryEvidence:
    """What the PBX tells of its countries just now."""
    answer = ask(host, f"/{COUNTRIES.name}?$select={_LIST}")
    told = answer.body.get(_LIST)
    countries = pages(host, "/Countries?$select=CountryCode,CountryCodes,ErpCode,Name")
    own = ask(host, "/E164Settings?$select=CountryCode,CountryName").body
    return CountryEvidence(
        build=answer.headers.get(PRODUCT_VERSION_HEADER, ""),
        listed=frozenset(map(str, told)) if isinstance(told, list) else frozenset(),
        parameter=codes_in(_parameter(host)) if isinstance(told, list) else None,
        own=_own(own, countries),
        known=frozenset(code for country in countries for code in _codes(country)),
    )


def _understood(host: Host) -> tuple[CountryEvidence, Meaning]:
    """By what is seen, else by what was seen of the same build before: that does not change with what the list has."""
    evidence = evidence_on(host)
    before = _kept(api_of(host).shelf, evidence.build)
    meaning = evidence.meaning or (before if evidence.is_consistent else None)
    if meaning is None or before not in (None, meaning):
        said = f"; on this build it named those that are {before.value} before" if before is not None else ""
        raise MeaningUntold(
            COUNTRIES.name,
            f"nobody can tell whether the list of countries names those that may be called or those that may not: "
            f"{evidence}{said}",
        )
    return evidence, meaning


def _kept(shelf: Shelf, build: str) -> Meaning | None:
    try:
        told = json.loads(shelf.read(_KEPT) or "{}")
        return Meaning(told["meaning"]) if build and told["build"] == build else None
    except (ValueError, KeyError, TypeError):
        return None


def _parameter(host: Host) -> object:
    """Its value; None where there is no such parameter."""
    try:
        return ask(host, f"/Parameters/Pbx.GetParameterByName(name={literal(PARAMETER)})").body.get("Value")
    except ApiRefused:
        return None


def _own(told: Mapping[str, Any], countries: Collection[Mapping[str, Any]]) -> frozenset[str]:
    """Of the country that the PBX is in: told by its code, or by a name that the list of countries has."""
    code = told.get("CountryCode")
    found = codes_in(code)
    if found:
        return found
    names = {name for name in (code, told.get("CountryName")) if name}
    return frozenset(code for one in countries if names & {one.get("ErpCode"), one.get("Name")} for code in _codes(one))


def _codes(country: Mapping[str, Any]) -> frozenset[str]:
    several = country.get("CountryCodes")
    texts = several if isinstance(several, list) and several else [country.get("CountryCode")]
    return frozenset(code for text in texts for code in codes_in(text) or ())
