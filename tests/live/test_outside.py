"""`verify --host` on real PBXs: one that confgen has pushed, one as Debian ships it, one behind a firewall."""

from __future__ import annotations

import re

import pytest

from confgen.verify.outsider_strangers import REQUESTS as STRANGERS_REQUESTS
from lab.host import Host
from tests.live.company import Company, Ran
from tests.live.seeds import add_udp_transport


def outside(company: Company, host: str, *words: str) -> Ran:
    authority = str(company.authority)
    return company.confgen("verify", "--host", host, "--authority", authority, "--format", "json", *words)


def verdicts(ran: Ran, level: str) -> set[str]:
    return {check["verdict"] for check in ran.checks() if check["level"] == level}


@pytest.mark.parametrize("name", ["hq", pytest.param("old", marks=pytest.mark.full)])
def test_a_pushed_pbx_is_proven_by_somebody_who_knows_only_its_name(company: Company, name: str) -> None:
    host = company.lab.hosts[name]

    ran = outside(company, host.domain, "--profile", "strict")

    assert ran.code == 0, ran.told
    (result,) = ran.answer["pbxs"]
    assert result["message"] == "proven: tls, clear; not checked: calls; absent: state"
    assert verdicts(ran, "tls") == verdicts(ran, "clear") == {"passed"}
    assert verdicts(ran, "state") == verdicts(ran, "call") == {"not checked"}
    assert {check["code"] for check in ran.checks() if check["level"] == "downgrade"} == {
        "AUTH-02",
        "AUTH-03",
        "OUT-03",
        "OUT-04",
    }


@pytest.mark.full
def test_an_address_is_looked_at_under_the_name_that_is_expected(company: Company) -> None:
    host = company.lab.hosts["hq"]

    ran = outside(company, f"{host.address}:5061", "--name", host.domain, "--level", "tls")
    named_otherwise = outside(company, f"{host.address}:5061", "--name", "other.example.test", "--level", "tls")

    assert ran.code == 0, ran.told
    assert ran.answer["pbxs"][0]["name"] == f"{host.address}:5061"
    assert named_otherwise.failed_codes() == {"CERT-10", "CERT-16"}


def test_a_pbx_that_takes_sip_in_clear_is_told(company: Company) -> None:
    host = company.harm("hq")
    add_udp_transport(host)

    ran = outside(company, host.domain)

    assert ran.code == 1, ran.told
    assert ran.failed_codes() == {"CLEAR-04"}


@pytest.mark.full
@pytest.mark.parametrize(
    ("name", "code", "failed"),
    [("hq", 4, set()), ("old", 1, {"CLEAR-04"})],  # 22 comes without a SIP transport, 16 with one for UDP
)
def test_a_pbx_as_debian_ships_it_is_not_proven(company: Company, name: str, code: int, failed: set[str]) -> None:
    host = company.harm(name)
    host.reset()

    ran = outside(company, host.domain)

    assert ran.code == code, ran.told
    assert ran.failed_codes() == failed
    assert "passed" not in verdicts(ran, "tls"), ran.told


def test_behind_a_firewall_that_drops_nothing_is_known(company: Company) -> None:
    host = company.lab.hosts["hq"]

    with company.lab.filtered(host, [5061]):
        ran = outside(company, host.domain)

    assert ran.code == 4, ran.told
    assert verdicts(ran, "tls") == {"unknown"}
    clear = {check["subject"]: check["verdict"] for check in ran.checks() if check["level"] == "clear"}
    assert clear[f"tcp {host.address}:5061"] == clear[f"udp {host.address}:5061"] == "unknown"
    assert "passed" not in verdicts(ran, "downgrade")
    assert ran.err.count("Traceback") == 0


def test_a_host_that_does_not_resolve_or_refuses_ends_in_words(company: Company) -> None:
    unknown = outside(company, "nobody.example.test")
    refusing = outside(company, f"{company.lab.hosts['hq'].domain}:5999", "--level", "tls")

    assert (unknown.code, refusing.code) == (4, 4)
    assert "nobody.example.test does not resolve: " in unknown.answer["pbxs"][0]["message"]
    assert any("refused" in check["message"] for check in refusing.checks()), refusing.told
    assert "Traceback" not in unknown.err + refusing.err


def test_a_pbx_of_the_inventory_is_proven_as_far_as_one_asks(company: Company) -> None:
    ran = company.confgen("verify", "--limit", "hq", "--level", "tls,clear", "--format", "json")

    assert ran.code == 0, ran.told
    (result,) = ran.answer["pbxs"]
    assert (result["outcome"], ran.answer["legs"]) == ("proven in part", [])
    assert result["message"] == "proven: tls, clear; not asked for: state, downgrade, call"
    assert {check["level"] for check in ran.checks()} == {"tls", "clear"}


def calling(company: Company, name: str, *words: str) -> Ran:
    host = company.lab.hosts[name]
    return outside(company, host.domain, "--secret-file", "secrets/probe", "--number", "600", *words)


@pytest.mark.parametrize(
    ("name", "user", "media_encryption"),
    [
        ("hq", "confgen-probe", "sdes"),
        ("hq", "confgen-probe-dtls", "dtls"),
        pytest.param("old", "confgen-probe", "sdes", marks=pytest.mark.full),
        pytest.param("old", "confgen-probe-dtls", "dtls", marks=pytest.mark.full),
    ],
)
def test_with_a_login_every_level_but_the_state_is_proven(
    company: Company, name: str, user: str, media_encryption: str
) -> None:
    ran = calling(company, name, "--user", user, "--media-encryption", media_encryption)

    assert ran.code == 0, ran.told
    (result,) = ran.answer["pbxs"]
    assert (result["outcome"], result["message"]) == (
        "proven",
        "proven: tls, clear, downgrade, call; absent: state",
    )
    password = (company.folder / "secrets" / "probe").read_text().strip()
    assert password not in ran.told


def test_a_login_that_is_refused_is_tried_once(company: Company) -> None:
    ran = calling(company, "hq", "--user", "101", "--level", "downgrade,call")

    assert ran.code == 4, ran.told
    assert [(check["code"], check["verdict"]) for check in ran.checks()] == [
        ("OUT-06", "unknown"),
        ("OUT-04", "not checked"),
        ("OUT-05", "not checked"),
    ]


def test_an_extension_of_another_media_encryption_is_told(company: Company) -> None:
    ran = calling(company, "hq", "--user", "confgen-probe", "--media-encryption", "dtls", "--level", "call")

    assert ran.code in {1, 4}, ran.told


@pytest.mark.full
@pytest.mark.parametrize(("name", "extension"), [("hq", "101"), ("old", "301")])
def test_no_more_is_logged_against_us_than_the_help_says(company: Company, name: str, extension: str) -> None:
    host = company.lab.hosts[name]
    logged = []
    for login in ((), ("--user", "confgen-probe"), ("--user", extension)):  # the last with another one's password
        before = refusals(host)
        words = (*login, "--secret-file", "secrets/probe", "--number", "600") if login else ()
        outside(company, host.domain, "--level", "downgrade,call", *words)
        logged.append(refusals(host) - before)

    assert logged[0] <= STRANGERS_REQUESTS
    assert logged[1] <= 3
    assert logged[2] <= 1


def refusals(host: Host) -> int:
    """Lines of Asterisk's log in which fail2ban's filter sees an attempt to get in."""
    log = host.run(["sh", "-c", "cat /var/log/asterisk/messages*"]).stdout.decode(errors="replace")
    return len(re.findall(r"Request '.*' from .* failed for ", log))
