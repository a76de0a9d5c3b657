"""A PBX is proven from its own host too, and where it demands client certificates."""

from __future__ import annotations

import pytest

from tests.live.company import Company


@pytest.mark.parametrize("name", ["hq", pytest.param("old", marks=pytest.mark.full)])
def test_a_pbx_behind_a_bastion_is_proven_from_its_own_host(company: Company, name: str) -> None:
    company.harm(name)
    company.change_inventory("  echo_number:", "  verify: {from: host}\n  echo_number:")

    pushed = company.confgen("push", "--limit", name, "--format", "json")

    assert pushed.code == 0, pushed.told
    levels = {check["level"]: check["vantage"] for check in pushed.checks() if check["code"] in {"TLS-05", "SRTP-06"}}
    assert levels == {"tls": "host", "downgrade": "host"}


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
    legs = [check for check in verified.checks() if check["level"] == "call" and check["verdict"] == "passed"]
    assert len(legs) == 2
