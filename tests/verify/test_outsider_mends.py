"""What somebody is advised who has no inventory."""

from __future__ import annotations

import re

import pytest

from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.model.codes import EXPLANATIONS
from confgen.verify import tls_asking
from confgen.verify.negative_cases import Called, offer_cases
from confgen.verify.outsider_mends import MENDS, for_outsiders

OF_AN_INVENTORY = re.compile(r"\bpush\b|inventory|`probe|verify: \{")


def check(code: str, verdict: Verdict = Verdict.FAILED, mend: str = "push again") -> Check:
    return Check(
        code=code,
        level=Level.CALL,
        subject="it",
        verdict=verdict,
        vantage=Vantage.OPERATOR,
        message="seen",
        mend=mend,
    )


@pytest.mark.parametrize("code", MENDS)
def test_each_is_of_a_code_and_takes_no_inventory(code: str) -> None:
    told = for_outsiders(check(code)).mend

    assert code in EXPLANATIONS
    assert told
    assert OF_AN_INVENTORY.search(told) is None
    assert len(told) < 200


def test_every_case_that_is_put_to_such_a_pbx_is_there() -> None:
    assert {case.code for case in offer_cases() if case.number is Called.ECHO} <= MENDS.keys()


def test_what_could_not_be_told_keeps_its_own_advice() -> None:
    assert for_outsiders(check("SRTP-05", Verdict.UNKNOWN, "does 600 answer?")).mend == "does 600 answer?"
    assert "port of SIP over TLS" not in for_outsiders(check("CERT-10", mend="renew it")).mend
    assert "reach the port" in for_outsiders(check("TLS-07", Verdict.UNKNOWN, tls_asking.OUT_OF_REACH)).mend
