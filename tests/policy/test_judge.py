"""Rules are run and weighed as the policy says; what is weakened or waived is still seen, and ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from confgen.model.finding import Finding, Place, Severity
from confgen.model.inventory import Inventory
from confgen.model.policy import Policy, Profile, RuleSetting, Waiver
from confgen.policy.company import Company
from confgen.policy.judge import judge, weighed_and_waived
from confgen.policy.rule import Rule
from confgen.policy.rules import RULES
from tests.model.pbxs import PLACE, a_pbx

TODAY = date(2026, 6, 1)
YESTERDAY = TODAY - timedelta(days=1)
THERE = Place("inventory.yaml", 3, 5)


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        for trunk in ("carrier", "branch"):
            yield Finding(code="VER-03", message=f"{trunk} is clear", mend="mend it", pbx=pbx.name, subject=trunk)


LOOKING = Rule(code="VER-03", severity=Severity.ERROR, profiles={Profile.STRICT: None}, check=_check)
QUIET = Rule(code="VER-04", severity=None, profiles={Profile.BSI: Severity.WARNING}, check=_check)
ELSEWHERE = Rule(code="VER-10", severity=Severity.WARNING, profiles={Profile.STRICT: Severity.ERROR})
FIXED = Rule(code="DIAL-10", severity=Severity.ERROR, is_waivable=False)
TEST_RULES = {rule.code: rule for rule in (LOOKING, ELSEWHERE, FIXED, RULES["POL-02"])}
ONE_OF_THEM = Finding(code="VER-10", message="old", mend="renew it", pbx="hq", place=PLACE, severity=Severity.NOTE)
BROKEN = Finding(code="REF-02", message="no such trunk", mend="write it", place=PLACE)


def company(policy: Policy) -> Company:
    return Company(inventory=Inventory(pbxs=(a_pbx("hq"),), folder=".", policy=policy), today=TODAY)


def found(policy: Policy, *findings: Finding) -> list[tuple[str, str, str]]:
    judged = judge(company(policy), findings, rules=TEST_RULES)
    return sorted((finding.code, finding.subject or "", finding.severity.value) for finding in judged)


def setting(code: str, severity: Severity | None, reason: str = "") -> Policy:
    return Policy(settings={code: RuleSetting(code=code, severity=severity, reason=reason, place=THERE)})


def waiver(code: str = "VER-03", pbx: str = "hq", subject: str = "*", until: date = TODAY) -> Waiver:
    return Waiver(code=code, pbx=pbx, subject=subject, owner="Ann", reason="in March", until=until, place=THERE)


def test_a_rule_weighs_what_its_profile_says() -> None:
    assert found(Policy()) == [("VER-03", "branch", "error"), ("VER-03", "carrier", "error")]
    assert found(Policy(profile=Profile.STRICT)) == []


def test_a_rule_that_is_off_in_the_baseline_is_not_even_asked() -> None:
    def never(_: Company) -> Iterator[Finding]:
        raise AssertionError

    rule = Rule(code="VER-04", severity=None, check=never)
    assert judge(company(Policy()), (), rules={rule.code: rule}) == ()
    assert QUIET.weight(Profile.BSI) is Severity.WARNING


def test_what_is_found_elsewhere_keeps_its_own_weight_until_somebody_says_another() -> None:
    without_reason = setting("VER-10", Severity.ERROR)

    assert ("VER-10", "", "note") in found(Policy(), ONE_OF_THEM)
    assert ("VER-10", "", "error") in found(Policy(profile=Profile.STRICT), ONE_OF_THEM)
    assert ("VER-10", "", "error") in found(without_reason, ONE_OF_THEM)


def test_to_weaken_a_rule_takes_a_reason() -> None:
    assert found(setting("VER-03", Severity.NOTE, "we know")) == [
        ("VER-03", "branch", "note"),
        ("VER-03", "carrier", "note"),
    ]
    assert found(setting("VER-03", Severity.NOTE)) == [
        ("POL-05", "", "error"),
        ("VER-03", "branch", "error"),
        ("VER-03", "carrier", "error"),
    ]


def test_what_weighs_as_much_as_in_the_profile_takes_no_reason() -> None:
    assert [code for code, *_ in found(setting("VER-03", Severity.ERROR))] == ["VER-03", "VER-03"]


def test_a_rule_that_is_off_is_told_once() -> None:
    (told,) = judge(company(setting("VER-03", None, "we know")), (), rules=TEST_RULES)

    assert (told.code, told.severity, told.place) == ("POL-06", Severity.NOTE, THERE)
    assert "we know" in told.message


@pytest.mark.parametrize(("code", "expected"), [("VER-33", "POL-03"), ("REF-02", "POL-04"), ("DIAL-10", "POL-04")])
def test_what_is_no_rule_or_must_stand_can_be_neither_weakened_nor_waived(code: str, expected: str) -> None:
    structure = Finding(code=code, message="broken", mend="mend it", place=PLACE, pbx="hq")
    weakened = judge(company(setting(code, Severity.NOTE, "we know")), (structure,), rules=TEST_RULES)
    waived = judge(company(Policy(waivers=(waiver(code),))), (structure,), rules=TEST_RULES)

    for told in (weakened, waived):
        assert [finding.code for finding in told if finding.place == THERE] == [expected]
        assert next(finding for finding in told if finding.code == code) == structure


def test_what_must_stand_can_be_weighed_more() -> None:
    rule = Rule(code="DIAL-12", severity=Severity.WARNING, is_waivable=False)
    waived = Finding(code="DIAL-12", message="waived", mend="", place=PLACE, severity=Severity.WARNING)
    (told,) = judge(company(setting("DIAL-12", Severity.ERROR)), (waived,), rules={rule.code: rule})

    assert told.severity is Severity.ERROR


def test_a_waiver_makes_a_note_of_what_it_covers_and_of_nothing_else() -> None:
    told = judge(company(Policy(waivers=(waiver(subject="carr*"),))), (), rules=TEST_RULES)
    of_carrier, of_branch = sorted(told, key=lambda finding: finding.subject or "", reverse=True)

    assert (of_carrier.severity, of_carrier.waiver) == (
        Severity.NOTE,
        "waived until 2026-06-01 by Ann: in March",
    )
    assert of_carrier.message == "carrier is clear"
    assert (of_branch.severity, of_branch.waiver) == (Severity.ERROR, "")


def test_a_waiver_holds_to_its_last_day_and_is_an_error_after_it() -> None:
    (ended, *counted) = judge(company(Policy(waivers=(waiver(until=YESTERDAY),))), (), rules=TEST_RULES)[::-1]

    assert (ended.code, ended.severity, ended.pbx) == ("POL-01", Severity.ERROR, "hq")
    assert "ended on 2026-05-31: 2 findings that it covered count again" in ended.message
    assert {(finding.severity, finding.waiver) for finding in counted} == {(Severity.ERROR, "")}


def test_a_waiver_that_has_ended_and_was_renewed_is_only_needless() -> None:
    both = Policy(waivers=(waiver(until=YESTERDAY), waiver()))

    assert [code for code, *_ in found(both)] == ["POL-02", "VER-03", "VER-03"]


@pytest.mark.parametrize(
    ("needless", "words"),
    [
        (waiver(pbx="hqq"), "correct `pbx`: is it hq?"),
        (waiver(pbx="zurich"), "correct `pbx`: no PBX has such a name"),
        (waiver(subject="carier"), "correct `subject`: VER-03 finds branch, carrier there"),
        (waiver("VER-10"), "remove it"),
    ],
)
def test_a_waiver_that_nothing_needs_is_told_with_what_may_have_been_meant(needless: Waiver, words: str) -> None:
    told = judge(company(Policy(waivers=(needless,))), (), rules=TEST_RULES)
    (finding,) = (finding for finding in told if finding.code == "POL-02")

    assert (finding.severity, finding.place) == (Severity.WARNING, THERE)
    assert finding.mend.endswith(words)


def test_nobody_calls_a_waiver_needless_for_what_was_not_looked_at() -> None:
    policy = Policy(waivers=(waiver("VER-10"),))

    assert "POL-02" not in [code for code, *_ in found(policy, BROKEN)]
    assert not judge(company(policy), (), unseen={"VER-10"}, rules={"VER-10": ELSEWHERE})


def test_what_comes_up_after_the_inventory_was_judged_is_weighed_and_waived_too() -> None:
    policy = Policy(profile=Profile.STRICT, waivers=(waiver("VER-10"),))
    later = (ONE_OF_THEM, BROKEN)

    waived, broken = weighed_and_waived(later, policy, today=TODAY, rules=TEST_RULES)
    counted, _ = weighed_and_waived(later, policy, today=TODAY + timedelta(days=1), rules=TEST_RULES)
    assert (waived.severity, waived.waiver[:12], broken) == (Severity.NOTE, "waived until", BROKEN)
    assert (counted.severity, counted.waiver) == (Severity.ERROR, "")


def test_a_profile_only_ever_adds_to_the_baseline() -> None:
    order = [*Severity, None]
    for rule in RULES.values():
        for profile in Profile:
            assert order.index(rule.weight(profile)) <= order.index(rule.severity), rule.code


def test_each_rule_finds_only_its_own_code_and_is_explained() -> None:
    assert all(code == rule.code for code, rule in RULES.items())
