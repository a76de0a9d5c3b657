"""`confgen verify` finds each fault that was seeded into a PBX, and finds none where there is none."""

from __future__ import annotations

import pytest
from _pytest.mark import ParameterSet

from tests.live.company import Company
from tests.live.faults import FAULTS, Fault

_HOSTS = ("hq", "old")  # Asterisk 22 and 16


def _cases() -> list[ParameterSet]:
    """Each fault on one version in turn; on the other one in the full run."""
    cases = []
    for index, fault in enumerate(FAULTS):
        for position, name in enumerate(_HOSTS):
            marks = () if index % 2 == position else (pytest.mark.full,)
            cases.append(pytest.param(fault, name, marks=marks, id=f"{fault.name} on {name}"))
    return cases


@pytest.mark.parametrize(("fault", "name"), _cases())
def test_a_seeded_fault_is_caught_by_its_own_code(company: Company, fault: Fault, name: str) -> None:
    fault.seed(company.harm(name))

    harmed = company.verify(name)
    unharmed = company.verify("branch")

    assert harmed.code == 1, harmed.told
    assert fault.codes <= harmed.failed_codes(), harmed.told
    assert unharmed.code == 0, unharmed.told
    assert unharmed.failed_codes() == set()


def test_a_pushed_company_has_no_fault(company: Company) -> None:
    verified = company.verify("hq", "branch", "old")

    assert verified.code == 0, verified.told
    assert verified.failed_codes() == set()
    assert {check["level"] for check in verified.checks()} == {"state", "tls", "clear", "downgrade", "call"}
    assert {check["verdict"] for check in verified.checks()} == {"passed"}


def test_a_pbx_as_its_package_installed_it_is_not_proven(company: Company) -> None:
    company.harm("old").reset()

    verified = company.verify("old")

    assert verified.code == 1, verified.told
    assert {"CLEAR-04", "STATE-01", "STATE-06", "TLS-05"} & verified.failed_codes()


@pytest.mark.full  # a minute of waiting for what does not answer
@pytest.mark.parametrize("name", ["hq", "old"])
def test_an_asterisk_that_hangs_is_unknown_and_not_pushed_to(company: Company, name: str) -> None:
    host = company.harm(name)
    process = host.run(["systemctl", "show", "-p", "MainPID", "--value", "asterisk"]).stdout.decode().strip()
    host.run(["kill", "-STOP", process], check=True)

    verified = company.verify(name)
    pushed = company.confgen("push", "--limit", name, "--format", "json")

    assert verified.code == 4, verified.told
    assert "passed" not in {check["verdict"] for check in verified.checks() if check["level"] == "tls"}
    assert pushed.code == 1, pushed.told
    assert "PUSH-11" in {finding["code"] for finding in pushed.answer["pbxs"][0]["findings"]}
