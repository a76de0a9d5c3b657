"""A 3CX is proven as far as it can be made to encrypt, and never called more than that."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from confgen.drivers import threecx
from confgen.drivers.threecx.material import material
from confgen.fleet.verified import verified
from confgen.model.api import ApiAnswer, ApiRequest
from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.model.driver import Driver
from confgen.model.halves import Half, verdict_of
from confgen.model.host import Command
from confgen.model.inventory import ProductSettings, Verification
from confgen.model.result import Outcome
from confgen.model.secret import Secret
from confgen.model.shelf import Shelf
from confgen.model.stream import Stream
from confgen.streams.tcp import Address, connect
from confgen.verify.prove import prove
from confgen.verify.wire.sip import Request
from tests.drivers.threecx.proof_site import AUTHORITY, ISSUER, ProvenSite, a_site
from tests.model.pbxs import reference
from tests.verify.wire.certificates import Identity, make_authority, make_identity
from tests.verify.wire.servers import Handler, answering, hanging_up, server_context, serving, shaking_hands
from tests.verify.wire.sip_server import Connection, FakePbx

ALL = frozenset(Level)
SIP = answering(b"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n")
DRIVER: Driver = threecx
TLS_1_2, TLS_1_0 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1
STRONG = "ECDHE+AESGCM"


class SeenFromItself:
    """The site's host, whose ports are servers of a test; nothing is ever run there."""

    def __init__(self, site: ProvenSite, ports: Mapping[int, Address]) -> None:
        self._site = site
        self._ports = ports
        self.name = "site"

    @property
    def shelf(self) -> Shelf:
        return self._site.host.shelf

    def request(self, request: ApiRequest, /) -> ApiAnswer:
        return self._site.host.request(request)

    def run(self, command: Command, /) -> NoReturn:
        raise AssertionError(command)

    def dial(self, _address: str, port: int, timeout: float, /) -> Stream:
        if port not in self._ports:
            raise ConnectionRefusedError("nothing listens there")
        return connect(self._ports[port].host, self._ports[port].port, timeout)

    def again(self) -> None:
        """It is never lost."""


Proven = Callable[..., tuple[Check, ...]]


@pytest.fixture
def proven(tmp_path: Path) -> Iterator[Proven]:
    """Proves a site whose SIP TLS port and clear port are served so."""
    with ExitStack() as stack:

        def prove_it(
            site: ProvenSite,
            *,
            levels: frozenset[Level] = ALL,
            oldest: ssl.TLSVersion = TLS_1_2,
            ciphers: str = STRONG,
            issuer: Identity = ISSUER,
            clear: Handler | None = SIP,
            tls: Handler | None = None,
        ) -> tuple[Check, ...]:
            files = make_identity(issuer, site.pbx.domain).write(tmp_path, "site")
            context = server_context(files, TLS_1_2, ciphers=ciphers)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what is to be seen
                context.minimum_version = oldest
            served = tls or shaking_hands(context, FakePbx(password="correct horse").serve)
            ports = {5061: stack.enter_context(serving(served))}
            if clear is not None:
                ports[5060] = stack.enter_context(serving(clear))
            asked = replace(site.pbx, verification=Verification(vantage=Vantage.HOST, levels=levels))
            host = SeenFromItself(site, ports)
            return prove(host, asked, DRIVER, site.documents(), lambda _: None)

        yield prove_it


def by_verdict(checks: tuple[Check, ...], verdict: Verdict) -> set[str]:
    return {check.code for check in checks if check.verdict is verdict}


def test_a_good_3cx_is_proven_in_part_and_its_phones_signalling_never_passes(proven: Proven) -> None:
    checks = proven(ProvenSite())
    outcome, words = verified(checks, ALL, frozenset())
    assert outcome is Outcome.PROVEN_IN_PART
    assert "phones" in words
    assert by_verdict(checks, Verdict.FAILED) == by_verdict(checks, Verdict.UNKNOWN) == set()
    assert by_verdict(checks, Verdict.NOT_ENFORCEABLE) == {"TCX-30", "CLEAR-04"}
    assert by_verdict(checks, Verdict.NOT_CHECKED) == {"CLEAR-04", "OUT-04", "OUT-05", "TCX-34", "TCX-44"}
    assert verdict_of(Half.SIGNALLING, checks) is Verdict.NOT_ENFORCEABLE
    assert verdict_of(Half.MEDIA, checks) is Verdict.NOT_CHECKED


@pytest.mark.parametrize("level", [Level.STATE, Level.TLS])
def test_whatever_is_left_out_the_phones_signalling_is_never_proven(proven: Proven, level: Level) -> None:
    checks = proven(ProvenSite(), levels=frozenset({level}))
    assert verified(checks, frozenset({level}), frozenset())[0] is Outcome.PROVEN_IN_PART
    assert verdict_of(Half.SIGNALLING, checks) is Verdict.NOT_ENFORCEABLE


def test_a_3cx_without_phones_has_no_leg_of_phones(proven: Proven) -> None:
    checks = proven(ProvenSite(pbx=a_site(extensions=())), clear=None)
    assert "TCX-30" not in {check.code for check in checks}


def test_tls_that_no_setting_takes_away_is_not_enforceable_in_its_own_words(proven: Proven) -> None:
    checks = proven(ProvenSite(), oldest=TLS_1_0, ciphers="ALL", levels=frozenset({Level.TLS}))
    assert {"TLS-04", "TLS-06"} <= by_verdict(checks, Verdict.NOT_ENFORCEABLE)
    assert by_verdict(checks, Verdict.FAILED) == set()
    (old,) = (check for check in checks if check.code == "TLS-04" and check.subject.endswith("TLS 1.0"))
    assert old.message.startswith("3CX has no setting for versions, cipher suites and groups of TLS: TLS 1.0 is")
    assert old.evidence


def test_a_certificate_that_does_not_hold_fails_whatever_cannot_be_enforced(proven: Proven) -> None:
    checks = proven(ProvenSite(), issuer=make_authority("another"), levels=frozenset({Level.TLS}))
    assert "CERT-10" in by_verdict(checks, Verdict.FAILED)
    assert verified(checks, frozenset({Level.TLS}), frozenset())[0] is Outcome.NOT_PROVEN


def test_a_tls_port_that_takes_clear_text_fails(proven: Proven) -> None:
    checks = proven(ProvenSite(), tls=SIP, levels=frozenset({Level.CLEAR}))
    assert by_verdict(checks, Verdict.FAILED) == {"CLEAR-03"}


@pytest.mark.parametrize("clear", [SIP, hanging_up])
def test_sip_in_clear_is_shown_as_what_it_is(proven: Proven, clear: Handler) -> None:
    checks = proven(ProvenSite(), clear=clear, levels=frozenset({Level.CLEAR}))
    (tcp,) = (check for check in checks if check.subject == "tcp 192.0.2.11:5060")
    assert tcp.verdict is Verdict.NOT_ENFORCEABLE
    assert tcp.message.startswith("3CX takes SIP in clear text on 5060, and no setting closes it: ")


def test_a_port_that_something_else_closes_passes(proven: Proven) -> None:
    checks = proven(ProvenSite(), clear=None, levels=frozenset({Level.CLEAR}))
    assert [check.verdict for check in checks if check.subject == "tcp 192.0.2.11:5060"] == [Verdict.PASSED]


def test_a_stranger_who_is_let_in_fails(proven: Proven, tmp_path: Path) -> None:
    context = server_context(make_identity(ISSUER, "site.example.test").write(tmp_path, "open"), TLS_1_2)
    open_to_all = shaking_hands(context, FakePbx().serve)
    checks = proven(ProvenSite(), tls=open_to_all, levels=frozenset({Level.DOWNGRADE}))
    failed = {(check.code, check.subject) for check in checks if check.verdict is Verdict.FAILED}
    assert ("AUTH-02", "INVITE without SRTP and without a password") in failed
    assert ("AUTH-03", "REGISTER without a password") in failed


@pytest.mark.parametrize(("status", "verdict"), [(404, Verdict.NOT_ENFORCEABLE), (403, Verdict.NOT_ENFORCEABLE)])
def test_whether_names_are_told_no_setting_says(proven: Proven, tmp_path: Path, status: int, verdict: Verdict) -> None:
    context = server_context(make_identity(ISSUER, "site.example.test").write(tmp_path, "telling"), TLS_1_2)

    def refuse(connection: Connection, request: Request) -> bool:
        connection.reply(request, status, "No")
        return False

    served = shaking_hands(context, FakePbx(gate=refuse).serve)
    checks = proven(ProvenSite(), tls=served, levels=frozenset({Level.DOWNGRADE}))
    assert [check.verdict for check in checks if check.code == "OUT-03"] == [verdict]


def test_what_leads_to_this_machines_authorities_is_told_by_having_none(proven: Proven) -> None:
    site = ProvenSite(pbx=a_site(api=None))
    assert material(site.host, site.pbx, site.documents()).authority == ""
    assert "CERT-10" in by_verdict(proven(site, levels=frozenset({Level.TLS})), Verdict.FAILED)


def test_an_authority_that_was_not_read_is_none() -> None:
    site = ProvenSite()
    unread = [replace(one, content=Secret('{"Contents": "<file:ca.crt>"}')) for one in site.documents()[-1:]]
    assert unread[0].is_for_push
    assert material(site.host, site.pbx, unread).authority == ""


def test_a_generation_is_held_to_the_authority_of_the_last_proof() -> None:
    site = ProvenSite()
    documents = site.documents()
    told = material(site.host, site.pbx, documents).authority
    assert told.split() == AUTHORITY.split()
    kept = [document for document in documents if not document.is_for_push]
    assert material(site.host, site.pbx, kept).authority == told


def test_an_authority_that_the_inventory_names_no_longer_is_trusted_no_longer() -> None:
    backup = ProductSettings(values={"backup": {"secret": reference("BACKUP")}}, places={})
    site = ProvenSite(pbx=a_site(product=backup))
    assert material(site.host, site.pbx, site.documents()).authority
    assert site.pbx.api is not None
    site.pbx = replace(site.pbx, api=replace(site.pbx.api, authority=None))
    assert material(site.host, site.pbx, site.documents()).authority == ""
    assert material(site.host, site.pbx, site.documents_of_a_proof()).authority == ""
