"""A PBX is proven from its own host too, and where it demands client certificates."""

from __future__ import annotations

import pytest

from tests.live.company import Company, Ran


@pytest.mark.parametrize("name", ["hq", pytest.param("old", marks=pytest.mark.full)])
def test_a_pbx_behind_a_bastion_is_proven_from_its_own_host(company: Company, name: str) -> None:
    company.harm(name)
    company.change_inventory("  echo_number:", "  verify: {from: host}\n  echo_number:")

    pushed = company.confgen("push", "--limit", name, "--format", "json")

    assert pushed.code == 0, pushed.told
    levels = {check["level"]: check["vantage"] for check in pushed.checks() if check["code"] in {"TLS-05", "SRTP-06"}}
    assert levels == {"tls": "host", "downgrade": "host"}


@pytest.mark.parametrize("name", ["hq", pytest.param("old", marks=pytest.mark.full)])
def test_silence_behind_a_firewall_proves_nothing(company: Company, name: str) -> None:
    with company.lab.filtered(company.lab.hosts[name], [5060, 5061]):
        silent = company.verify(name)

    assert silent.code == 4, silent.told
    assert of_the_wire(silent) == {("operator", "unknown")}
    assert silent.failed_codes() == set()


@pytest.mark.full
@pytest.mark.parametrize("name", ["hq", "old"])
def test_what_a_firewall_keeps_from_the_operator_is_proven_from_the_host(company: Company, name: str) -> None:
    company.harm(name)

    with company.lab.filtered(company.lab.hosts[name], [5060, 5061]):
        company.change_inventory("  echo_number:", "  verify: {from: host}\n  echo_number:")
        pushed = company.confgen("push", "--limit", name, "--format", "json")

    assert pushed.code == 0, pushed.told
    assert ("host", "passed") in of_the_wire(pushed)
    assert of_the_wire(pushed) <= {("host", "passed"), ("host", "not checked")}


def of_the_wire(ran: Ran) -> set[tuple[str, str]]:
    """From where the levels that need the wire looked, and what they found."""
    levels = {"tls", "downgrade", "call"}
    checks = [check for result in ran.answer["pbxs"] for check in result["checks"] if check["level"] in levels]
    assert {check["level"] for check in checks} >= {"tls", "downgrade"}
    return {(check["vantage"], check["verdict"]) for check in checks}


@pytest.mark.full
@pytest.mark.parametrize("name", ["old", pytest.param("hq", marks=pytest.mark.full)])
def test_a_pbx_that_demands_client_certificates_lets_peers_in_and_strangers_not(company: Company, name: str) -> None:
    company.harm(name)
    company.change_inventory(
        "authority: {file: pki/authority.crt}",
        "authority: {file: pki/authority.crt}\n    client_certificates: required",
    )
    other = "old" if name == "hq" else "hq"
    company.harm(other)

    pushed = company.confgen("push", "--limit", "hq,old", "--format", "json")
    verified = company.verify("hq", "old")

    assert pushed.code == 0, pushed.told
    assert verified.code == 0, verified.told
    assert {"TLS-08", "TLS-13", "TLS-14"} <= {check["code"] for check in verified.checks()}
    (leg,) = [leg for leg in verified.answer["legs"] if leg["outcome"] == "proven"]
    assert [(check["code"], check["verdict"]) for check in leg["checks"]] == [
        ("CALL-01", "passed"),
        ("CALL-02", "passed"),
    ] * 2
