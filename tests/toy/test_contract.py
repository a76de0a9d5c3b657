"""What calls itself a driver has all that the contract names, of a product of files and of one of API objects."""

from __future__ import annotations

import inspect

import pytest

from confgen.drivers import DRIVERS, asterisk, driver_of, threecx
from confgen.model.driver import Driver, Guarantees
from tests.toy import driver as toy

ALL: tuple[Driver, ...] = (asterisk, threecx, toy)  # mypy compares every signature
METHODS = [name for name, member in vars(Driver).items() if inspect.isfunction(member) and not name.startswith("_")]


@pytest.mark.parametrize("driver", ALL, ids=lambda driver: driver.kind)
def test_a_driver_has_every_function_with_its_parameters(driver: Driver) -> None:
    assert len(METHODS) > 15
    for name in METHODS:
        wanted = list(inspect.signature(vars(Driver)[name]).parameters)[1:]
        assert len(inspect.signature(getattr(driver, name)).parameters) == len(wanted), name


@pytest.mark.parametrize("driver", ALL, ids=lambda driver: driver.kind)
def test_a_driver_declares_its_kind_and_guarantees(driver: Driver) -> None:
    assert driver.kind
    assert isinstance(driver.guarantees, Guarantees)


def test_each_kind_has_one_driver() -> None:
    kinds = [driver.kind for driver in ALL]
    assert len(set(kinds)) == len(kinds)
    assert {kind: driver_of(kind).kind for kind in DRIVERS} == {"asterisk": "asterisk", "threecx": "threecx"}
    with pytest.raises(KeyError):
        driver_of("toy")
