"""Phones without a limit of calls outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.tolls import guarded_pbxs
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in guarded_pbxs(company):
        if pbx.extensions and pbx.dialling.most_calls is None:
            yield told(
                "DIAL-45",
                pbx,
                f"one phone of `{pbx.name}` may have any number of calls outside at once",
                "write `dialling: {max_calls: 2}`: a stolen password then costs two calls at a time, not hundreds",
                place=pbx.place_of("dialling"),
            )


RULE = Rule(code="DIAL-45", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
