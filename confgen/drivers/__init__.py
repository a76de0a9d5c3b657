"""One folder for each product; a driver knows no other driver, and is read when a PBX of its kind is met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from confgen.model.driver import Driver

_KINDS = ("asterisk", "threecx")


class _Drivers(Mapping[str, "Driver"]):
    """By kind."""

    def __getitem__(self, kind: str) -> Driver:
        if kind not in _KINDS:
            raise KeyError(kind)
        return cast("Driver", import_module(f"{__name__}.{kind}"))

    def __iter__(self) -> Iterator[str]:
        return iter(_KINDS)

    def __len__(self) -> int:
        return len(_KINDS)


DRIVERS: Mapping[str, Driver] = _Drivers()


def driver_of(kind: str) -> Driver:
    """The driver of a kind; the inventory's schema lets no other kind through."""
    return DRIVERS[kind]
