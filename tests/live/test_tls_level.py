"""The level tls on real PBXs: what is served in order passes, and each way to serve it wrong has a code of its own."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from lab.host import Host
from lab.pki import Authority, Issued
from tests.live.company import Company, Ran

_KEYS = "/etc/confgen/asterisk/keys"
_BOTH = ["hq", "old"]  # Asterisk 22 and 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A certificate with what is served behind it, and the codes that must tell what is wrong with it."""

    issued: Issued
    behind: bytes
    codes: frozenset[str]


def serve(host: Host, served: Served) -> None:
    """Put certificate and key in the place of the pushed ones, as a careless hand would."""
    names = host.run(["ls", _KEYS], check=True).stdout.decode().split()
    chain, key = (
        next(name for name in names if name.endswith(end) and ".authority" not in name) for end in (".crt", ".key")
    )
    host.write(f"{_KEYS}/{chain}", served.issued.certificate + served.behind)
    host.write(f"{_KEYS}/{key}", served.issued.key)
    host.run(["systemctl", "restart", "asterisk"], check=True)


def wrong_ways(host: Host, authority: Authority) -> dict[str, Served]:
    """Every certificate here is of the authority that phones trust."""
    between = authority.between()
    good = between.issue(names=[host.domain], days=90)

    def served(issued: Issued, behind: bytes, *codes: str) -> Served:
        return Served(issued=issued, behind=behind, codes=frozenset(codes))

    return {
        "expired": served(authority.issue(names=[host.domain], days=-1), b"", "CERT-19", "CERT-10"),
        "for another name": served(authority.issue(names=["other.example.test"], days=90), b"", "CERT-16", "CERT-10"),
        "without its intermediate": served(good, b"", "CERT-17", "CERT-10"),
        "out of order": served(good, authority.pem + between.pem, "CERT-18"),
        "another than pushed": served(authority.issue(names=[host.domain], days=90), b"", "CERT-11"),
    }


def told(ran: Ran) -> set[str]:
    """The failed codes of the level tls."""
    return {check["code"] for check in ran.checks() if check["level"] == "tls" and check["verdict"] == "failed"}


@pytest.mark.parametrize("name", ["hq", pytest.param("old", marks=pytest.mark.full)])
def test_each_wrong_way_to_serve_a_certificate_is_told_by_its_own_code(company: Company, name: str) -> None:
    host = company.harm(name)

    found = {}
    ways = wrong_ways(host, company.issuer)
    for way, served in ways.items():
        serve(host, served)
        found[way] = told(company.verify(name))

    assert found == {way: {*served.codes, "CERT-11"} for way, served in ways.items()}


@pytest.mark.full
@pytest.mark.parametrize("name", _BOTH)
def test_a_chain_with_an_intermediate_passes_and_one_that_ends_soon_is_pushed_and_told(
    company: Company, name: str
) -> None:
    host = company.harm(name)
    between = company.issuer.between()
    soon = between.issue(names=[host.domain], days=10)
    Issued(certificate=soon.certificate + between.pem, key=soon.key).write(company.folder / "pki", "soon")
    company.change_inventory("pki/{pbx}.crt", "pki/soon.crt")
    company.change_inventory("pki/{pbx}.key", "pki/soon.key")

    pushed = company.confgen("push", "--limit", name, "--format", "json")
    verified = company.verify(name)

    assert pushed.code == 0, pushed.told
    assert told(pushed) == set()
    assert verified.code == 1, verified.told
    assert told(verified) == {"CERT-20"}


@pytest.mark.full
@pytest.mark.parametrize("name", _BOTH)
def test_every_question_of_the_level_has_an_answer(company: Company, name: str) -> None:
    verified = company.verify(name)

    found = {check["code"]: check for check in verified.checks() if check["level"] == "tls"}
    assert {check["verdict"] for check in found.values()} == {"passed"}, verified.told
    assert {
        *("TLS-04", "TLS-05", "TLS-06", "TLS-07", "TLS-11", "TLS-12", "TLS-15"),
        *("CERT-10", "CERT-11", "CERT-16", "CERT-17", "CERT-18", "CERT-19", "CERT-21", "CERT-22"),
    } == set(found)
    assert found["TLS-15"]["message"].startswith("one is asked for, and who has none is answered")
