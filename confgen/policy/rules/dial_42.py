"""A country that is none: the PBX's own, or one that may be called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.countries import country_of, numbering_plans
from confgen.model.finding import Severity
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.tolls import guarded_pbxs
from confgen.policy.weights import REFUSED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in guarded_pbxs(company):
        country = pbx.dialling.country
        if country is not None and country not in numbering_plans():
            yield told(
                "DIAL-42",
                pbx,
                f"{country}, the `country` of `{pbx.name}`, is the code of none: how numbers are dialled there is not "
                "known",
                "write the code that stands before its national numbers, such as 49 or 353",
                place=pbx.place_of("dialling", "country"),
                subject=country,
            )
        for start in pbx.dialling.countries:
            if country_of(start) is None:
                yield told(
                    "DIAL-42",
                    pbx,
                    f"{start} in `countries` of `{pbx.name}` is the code of no country: it opens all that begins with "
                    "it",
                    "write the code of each country that is called, such as 43 or 353; satellites and services of the "
                    "whole world have none, and cost most",
                    place=pbx.place_of("dialling", "countries"),
                    subject=start,
                )


RULE = Rule(code="DIAL-42", severity=Severity.WARNING, profiles=REFUSED_WHERE_STRICT, check=_check)
