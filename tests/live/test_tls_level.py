"""The level tls on real PBXs: what is served in order passes, and each way to serve it wrong has a code of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from _pytest.mark import ParameterSet

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


def _plainly(authority: Authority, host: Host, *codes: str, name: str | None = None, days: int = 90) -> Served:
    issued = authority.issue(names=[name or host.domain], days=days)
    return Served(issued=issued, behind=b"", codes=frozenset({*codes, "CERT-11"}))


def _by_another(authority: Authority, host: Host, behind: Callable[[Authority], bytes], *codes: str) -> Served:
    """Issued by an authority between, which may or may not be served."""
    between = authority.between()
    issued = between.issue(names=[host.domain], days=90)
    return Served(issued=issued, behind=behind(between), codes=frozenset({*codes, "CERT-11"}))


# Every certificate here is of the authority that phones trust.
WRONG_WAYS: dict[str, Callable[[Authority, Host], Served]] = {
    "expired": lambda authority, host: _plainly(authority, host, "CERT-19", "CERT-10", days=-1),
    "without its intermediate": lambda authority, host: _by_another(
        authority, host, lambda _between: b"", "CERT-17", "CERT-10"
    ),
    "for another name": lambda authority, host: _plainly(
        authority, host, "CERT-16", "CERT-10", name="other.example.test"
    ),
    "out of order": lambda authority, host: _by_another(
        authority, host, lambda between: authority.pem + between.pem, "CERT-18"
    ),
    "another than pushed": _plainly,
}
_IN_THE_QUICK_RUN = {("expired", "old"), ("without its intermediate", "hq")}


def _cases() -> list[ParameterSet]:
    return [
        pytest.param(way, name, marks=() if (way, name) in _IN_THE_QUICK_RUN else pytest.mark.full)
        for way in WRONG_WAYS
        for name in _BOTH
    ]


def told(ran: Ran) -> set[str]:
    """The failed codes of the level tls."""
    return {check["code"] for check in ran.checks() if check["level"] == "tls" and check["verdict"] == "failed"}


@pytest.mark.parametrize(("way", "name"), _cases())
def test_each_wrong_way_to_serve_a_certificate_is_told_by_its_own_code(company: Company, way: str, name: str) -> None:
    host = company.harm(name)
    served = WRONG_WAYS[way](company.issuer, host)
    serve(host, served)

    verified = company.verify(name)

    assert verified.code == 1, verified.told
    assert told(verified) == served.codes, verified.told


@pytest.mark.full
@pytest.mark.parametrize("name", _BOTH)
def test_a_chain_with_an_intermediate_passes_and_one_that_ends_soon_is_pushed_and_told(
    company: Company, name: str
) -> None:
    host = company.harm(name)
    between = company.issuer.between()
    soon = between.issue(names=[host.domain], days=10, age=80)  # of its 90 days less than a third is left
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
    assert found["TLS-15"]["message"].startswith("one is asked for, and who has none is let in")


@pytest.mark.full
def test_a_pbx_of_tls_1_3_alone_shows_its_chain_too(company: Company) -> None:
    company.harm("branch")
    company.change_inventory("{domain: branch.example.test}", '{domain: branch.example.test, tls_versions: ["1.3"]}')

    pushed = company.confgen("push", "--limit", "branch", "--format", "json")

    assert pushed.code == 0, pushed.told
    found = {check["code"]: check for check in pushed.checks() if check["level"] == "tls"}
    assert {check["verdict"] for check in found.values()} == {"passed"}, pushed.told
    assert {"TLS-11", "TLS-15", "CERT-11", "CERT-17", "CERT-21"} <= found.keys()
    assert "TLS-12" not in found  # in TLS 1.3 no weak suite can go first
