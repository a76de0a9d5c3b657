"""Which published security faults a release of Asterisk still has, by a table that says how old it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from confgen.model.version import ProductVersion

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisory:
    """A published fault, and in a few words what it lets happen."""

    name: str
    about: str
    needs: str = ""  # the use that opens it, or a module: `ami`, `chan_unistim`; empty where nobody can say


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """What a release lacks to the safe minimum of its branch; the gravest advisory stands first."""

    minimum: ProductVersion
    as_of: str  # the day of the table
    advisories: tuple[Advisory, ...]


def as_of() -> date:
    """The day of the table."""
    return date.fromisoformat(_table()["as_of"])


def shortfall(version: ProductVersion) -> Shortfall | None:
    """None for a release without a known fault, and for a branch that is mended no more and has no safe minimum."""
    table = _table()
    branch = str(version.branch)
    if branch not in table["safe_minimum"]:
        return None
    minimum = ProductVersion.parse(table["safe_minimum"][branch])
    if version >= minimum:
        return None
    return Shortfall(
        minimum=minimum,
        as_of=table["as_of"],
        advisories=tuple(
            Advisory(name=row["name"], about=row["about"], needs=row.get("needs", ""))
            for row in table["gravest_first"]
            if branch in row["mended"] and version < ProductVersion.parse(row["mended"][branch])
        ),
    )


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = json.loads(
        files("confgen.drivers.asterisk").joinpath("advisories.json").read_text(encoding="utf-8")
    )
    return table
