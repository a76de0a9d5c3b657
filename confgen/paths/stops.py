"""Where a call can be on its way: at a PBX, and what it does there next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confgen.paths.alike import Called, Ringing
    from confgen.paths.numbers import Numbers


@dataclass(frozen=True, slots=True)
class Dialling:
    """A phone of this PBX dials: one number, or any where it is None."""

    pbx: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Arriving:
    """By a trunk from another PBX, which has sent one of these numbers; any where they are None."""

    pbx: str
    trunk: str
    sent: Numbers | None


@dataclass(frozen=True, slots=True)
class FromProvider:
    """By a trunk from a provider."""

    pbx: str
    trunk: str


@dataclass(frozen=True, slots=True)
class Calling:
    """An extension of this PBX is called."""

    pbx: str
    called: Called


@dataclass(frozen=True, slots=True)
class AtRingGroup:
    """A ring group of this PBX is called."""

    pbx: str
    ringing: Ringing


@dataclass(frozen=True, slots=True)
class Outside:
    """A number is called as a phone of this PBX would dial it to get out."""

    pbx: str
    number: str


@dataclass(frozen=True, slots=True)
class ForHelp:
    """An emergency number is called."""

    pbx: str
    number: str


@dataclass(frozen=True, slots=True)
class Unseen:
    """Led by what confgen neither writes nor sees; it came by this trunk, or from a phone where the name is empty."""

    pbx: str
    trunk: str


Stop = Dialling | Arriving | FromProvider | Calling | AtRingGroup | Outside | ForHelp | Unseen
