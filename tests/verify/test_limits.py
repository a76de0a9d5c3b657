"""What fails and no setting of the product could mend reads "not enforceable"; everything else is as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import NoReturn, cast

import pytest

from confgen.model.check import Check, Evidence, Level, Question, Vantage, Verdict
from confgen.model.driver import Driver, Material, Traits
from confgen.model.host import Command
from confgen.model.inventory import Pbx, Verification
from confgen.model.limits import Limits
from confgen.verify import tls_level
from confgen.verify.clear_level import clear_checks
from confgen.verify.expectation import TlsExpectation
from confgen.verify.prove import prove
from confgen.verify.target import Target
from tests.toy import driver as toy
from tests.toy.host import ToyHost
from tests.verify.conftest import answering, failing, target_at
from tests.verify.test_clear_level import ALERT, by_port

OPEN = Question(code="CLEAR-04", level=Level.CLEAR, subject="udp 5060", vantage=Vantage.OPERATOR)
TO_TLS = replace(OPEN, code="CLEAR-03")
STANDING = replace(OPEN, subject="phones").not_enforceable("no setting makes a phone use TLS", "it is up to the phone")
LIMITS = Limits(
    reasons={"CLEAR-04": "no setting closes it", "TLS-04": "no setting says"}, known=frozenset({"CLEAR-04"})
)


def verdicts(*checks: Check) -> list[Verdict]:
    return [check.verdict for check in LIMITS.applied(checks)]


def test_only_what_fails_is_not_enforceable_and_a_pass_stays_one() -> None:
    assert verdicts(OPEN.failed("open", "close it"), OPEN.passed("closed")) == [
        Verdict.NOT_ENFORCEABLE,
        Verdict.PASSED,
    ]


def test_what_a_setting_could_mend_stays_failed() -> None:
    assert verdicts(TO_TLS.failed("answered 200", "push again")) == [Verdict.FAILED]


def test_what_could_not_be_seen_is_unknown_but_where_it_is_known_to_be_so() -> None:
    seen = replace(OPEN, code="TLS-04")
    assert verdicts(seen.unknown("silent"), OPEN.unknown("silent")) == [Verdict.UNKNOWN, Verdict.NOT_ENFORCEABLE]


def test_it_says_why_and_keeps_what_was_seen() -> None:
    evidence = Evidence(title="OPTIONS", text="SIP/2.0 200 OK")
    (check,) = LIMITS.applied([OPEN.failed("open", "close it").with_evidence(evidence)])
    assert (check.message, check.mend, check.evidence) == ("no setting closes it: open", "", (evidence,))


class NobodyRuns(ToyHost):
    """Nothing may be run on the host of a product that is asked by its API."""

    def run(self, command: Command) -> NoReturn:
        raise AssertionError(command)


def limited(pbx: Pbx, **gives: object) -> tuple[Pbx, Driver]:
    """The PBX of a product that is asked by its API, and its driver."""

    def material(*_: object) -> Material:
        return Material(chain="", key=None, authority="", probe_secret=None)

    own = {
        "traits": Traits(is_asked_by_api=True, chooses_tls=True),
        "material": material,
        "not_enforceable": lambda _: replace(LIMITS, standing=(STANDING,)),
        **gives,
    }
    return replace(pbx, own_certificate=None, probe=None), cast("Driver", SimpleNamespace(**{**vars(toy), **own}))


@pytest.mark.parametrize("level", [Level.TLS, Level.CLEAR, Level.DOWNGRADE, Level.CALL])
def test_nothing_is_run_on_the_host_of_a_product_that_is_asked_by_its_api(pbx: Pbx, level: Level) -> None:
    site, driver = limited(pbx)
    asked = replace(site, verification=Verification(vantage=Vantage.HOST, levels=frozenset({level})))
    checks = prove(NobodyRuns(), asked, driver, (), lambda _: None)
    assert [check.verdict for check in checks if check.subject == "phones"] == [Verdict.NOT_ENFORCEABLE]
    assert not [check for check in checks if check.code == "STATE-20"], "a fault of confgen's own"


def test_what_stands_is_told_whatever_is_asked_for(pbx: Pbx) -> None:
    def state(*_: object) -> Sequence[Check]:
        return (replace(OPEN, code="STATE-01", level=Level.STATE).passed("as pushed"),)

    site, driver = limited(pbx, state=state)
    asked = replace(site, verification=Verification(vantage=Vantage.HOST, levels=frozenset({Level.STATE})))
    assert [check.verdict for check in prove(NobodyRuns(), asked, driver, (), lambda _: None)] == [
        Verdict.PASSED,
        Verdict.NOT_ENFORCEABLE,
    ]


def test_a_product_that_chooses_its_tls_is_measured_as_nobodys(pbx: Pbx, monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[TlsExpectation] = []

    def looked(_target: Target, expectation: TlsExpectation, _local: str) -> Iterator[Check]:
        measured.append(expectation)
        yield from ()

    monkeypatch.setattr(tls_level, "tls_checks", looked)
    site, driver = limited(pbx)
    asked = replace(site, verification=Verification(vantage=Vantage.OPERATOR, levels=frozenset({Level.TLS})))
    prove(NobodyRuns(), asked, driver, (), lambda _: None)
    (expectation,) = measured
    assert (expectation.authority, expectation.pushed, expectation.names) == (None, None, (pbx.domain,))
    assert expectation.required == frozenset()
    assert {version.value for version in expectation.allowed} == {"TLS 1.2", "TLS 1.3"}


def test_a_datagram_that_cannot_be_sent_proves_nothing_and_hides_nothing() -> None:
    through = replace(
        target_at(dial=by_port(answering(ALERT), failing(ConnectionRefusedError("refused"))), vantage=Vantage.HOST),
        has_inside=False,
    )
    found = {check.subject: check.verdict for check in clear_checks(through, None)}
    assert found == {
        "tcp 127.0.0.1:5061": Verdict.PASSED,
        "tcp 127.0.0.1:5060": Verdict.PASSED,
        "udp 127.0.0.1:5060": Verdict.NOT_CHECKED,
        "udp 127.0.0.1:5061": Verdict.NOT_CHECKED,
    }
