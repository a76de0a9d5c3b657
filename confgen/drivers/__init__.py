"""One folder for each product; a driver knows no other driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers import asterisk, threecx

if TYPE_CHECKING:
    from confgen.model.driver import Driver

DRIVERS: tuple[Driver, ...] = (asterisk, threecx)


def driver_of(kind: str) -> Driver:
    """The driver of a kind; the inventory's schema lets no other kind through."""
    return next(driver for driver in DRIVERS if driver.kind == kind)
