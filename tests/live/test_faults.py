"""`confgen verify` finds each fault that was seeded into a PBX, and finds none where there is none."""

from __future__ import annotations

import pytest
from _pytest.mark import ParameterSet

from tests.live.company import Company, Ran
from tests.live.faults import FAULTS, Fault

_HOSTS = {22: "hq", 16: "old"}


def _cases() -> list[ParameterSet]:
    """Each fault on one of its versions in turn; on the others in the full run."""
    cases = []
    for index, fault in enumerate(FAULTS):
        quick = fault.versions[index % len(fault.versions)]
        for version in fault.versions:
            marks = () if version == quick else (pytest.mark.full,)
            cases.append(pytest.param(fault, _HOSTS[version], marks=marks, id=f"{fault.name} on {version}"))
    return cases


def _failed(verified: Ran, name: str) -> set[str]:
    """Codes of the failed checks of one PBX."""
    (checks,) = (result["checks"] for result in verified.answer["pbxs"] if result["name"] == name)
    return {check["code"] for check in checks if check["verdict"] == "failed"}


@pytest.mark.parametrize(("fault", "name"), _cases())
def test_a_seeded_fault_is_caught_by_its_own_code(restoring_company: Company, fault: Fault, name: str) -> None:
    company = restoring_company  # while this host is harmed and verified, the last one's is put back
    company.wait_for("branch")
    fault.seed(company.harm(name), company.issuer)

    verified = company.verify(name, "branch")

    assert verified.code == 1, verified.told
    assert fault.codes <= _failed(verified, name), verified.told
    assert _failed(verified, "branch") == set(), verified.told


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
@pytest.mark.parametrize("name", _HOSTS.values(), ids=map(str, _HOSTS))
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
