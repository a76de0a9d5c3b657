"""Rules are run and weighed as the policy says; what is weakened or waived is still seen, and ends."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from confgen.model.finding import Finding, Place, Severity
from confgen.model.inventory import Inventory
from confgen.model.policy import Policy, Profile, RuleSetting, Waiver
from confgen.policy.company import Company
from confgen.policy.judge import judge, weighed_and_waived
from confgen.policy.rule import Rule, Together
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
MANY = Together(message="{who} of {pbx} are clear")
TRUNKS = tuple(f"trunk-{number:02}" for number in range(23))
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
        ("POL-06", "", "note"),
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


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(
    ("code", "severity", "words"),
    [
        ("AUTH-31", None, "AUTH-31 is off, and "),
        ("AUTH-31", Severity.NOTE, "AUTH-31 weighs note, and "),
        ("PATH-01", Severity.WARNING, "PATH-01 weighs warning, and error in the profile "),
    ],
)
def test_a_rule_that_weighs_less_is_told_once_in_every_profile(
    profile: Profile, code: str, severity: Severity | None, words: str
) -> None:
    policy = replace(setting(code, severity, "we know"), profile=profile)
    (told,) = (finding for finding in judge(company(policy), ()) if finding.place == THERE)

    assert (told.code, told.severity) == ("POL-06", Severity.NOTE)
    assert told.message.startswith(words)
    assert told.message.endswith(f"in the profile {profile.value}: we know")


def test_who_sets_a_rule_to_what_it_weighs_anyway_means_that_of_all_that_it_finds() -> None:
    assert ("VER-10", "", "warning") in found(setting("VER-10", Severity.WARNING), ONE_OF_THEM)
    in_strict = replace(setting("VER-10", Severity.WARNING, "we know"), profile=Profile.STRICT)
    assert ("VER-10", "", "warning") in found(in_strict, ONE_OF_THEM)


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
        "waived until 2026-06-01 by Ann: in March (inventory.yaml:3:5)",
    )
    assert of_carrier.message == "carrier is clear"
    assert (of_branch.severity, of_branch.waiver) == (Severity.ERROR, "")


def test_a_waiver_holds_to_its_last_day_and_is_an_error_after_it() -> None:
    (ended, *counted) = judge(company(Policy(waivers=(waiver(until=YESTERDAY),))), (), rules=TEST_RULES)[::-1]

    assert (ended.code, ended.severity, ended.pbx) == ("POL-01", Severity.ERROR, "hq")
    assert "ended on 2026-05-31: 2 findings that it covered count again" in ended.message
    assert {(finding.severity, finding.waiver) for finding in counted} == {(Severity.ERROR, "")}


def test_a_waiver_that_has_ended_is_told_though_nobody_looked_for_what_it_covered() -> None:
    policy = Policy(waivers=(waiver("VER-10", until=YESTERDAY),))

    for judged in (
        judge(company(policy), (), unseen={"VER-10"}, rules=TEST_RULES),
        judge(company(policy), (BROKEN,), rules=TEST_RULES),
    ):
        (told,) = (finding for finding in judged if finding.place == THERE)
        assert (told.code, "ended on 2026-05-31 and waives nothing any more" in told.message) == ("POL-02", True)


def test_what_would_be_waived_for_more_than_two_years_is_not_waived() -> None:
    longest = TODAY + timedelta(days=731)

    assert {severity for code, _, severity in found(Policy(waivers=(waiver(until=longest),)))} == {"note"}
    assert found(Policy(waivers=(waiver(until=longest + timedelta(days=1)),))) == [
        ("POL-08", "", "error"),
        ("VER-03", "branch", "error"),
        ("VER-03", "carrier", "error"),
    ]


def many(together: Together | None = MANY) -> Rule:
    def check(_: Company) -> Iterator[Finding]:
        for number, trunk in enumerate(reversed(TRUNKS)):
            place = Place("inventory.yaml", 100 - number, 1)
            yield Finding(code="VER-03", message=f"{trunk} is clear", mend="", pbx="hq", subject=trunk, place=place)

    return Rule(code="VER-03", severity=Severity.ERROR, check=check, together=together)


def told_of_many(*waivers: Waiver) -> list[tuple[str, str | None, str, str]]:
    rules = {"VER-03": many(), "POL-02": RULES["POL-02"]}
    judged = judge(company(Policy(waivers=waivers)), (), rules=rules)
    return [(finding.message, finding.subject, finding.severity.value, finding.waiver[:12]) for finding in judged]


def test_very_many_are_told_as_one_which_no_waiver_could_name() -> None:
    assert told_of_many() == [("trunk-00, trunk-01, trunk-02 and 20 more of hq are clear", None, "error", "")]
    assert len(judge(company(Policy()), (), rules={"VER-03": many(replace(MANY, apart=23))})) == 23
    assert len(judge(company(Policy()), (), rules={"VER-03": many(None)})) == 23


def test_a_waiver_of_one_of_very_many_waives_that_one() -> None:
    assert told_of_many(waiver(subject="trunk-01")) == [
        ("trunk-00, trunk-02, trunk-03 and 19 more of hq are clear", None, "error", ""),
        ("trunk-01 is clear", "trunk-01", "note", "waived until"),
    ]


def test_very_many_that_are_waived_are_told_as_one_apart_from_those_that_count() -> None:
    waivers = (waiver(subject="trunk-0*"), waiver(subject="trunk-1*"))
    rules = {"VER-03": many(replace(MANY, apart=2))}
    judged = judge(company(Policy(waivers=waivers)), (), rules=rules)
    assert [(finding.message[:8], finding.waiver[:12], finding.severity.value) for finding in judged] == [
        ("trunk-00", "waived until", "note"),
        ("trunk-20", "", "error"),
    ]


def test_a_name_is_meant_before_a_pattern() -> None:
    def check(_: Company) -> Iterator[Finding]:
        for route in ("*X.", "00X."):
            yield Finding(code="VER-03", message=route, mend="", pbx="hq", subject=route)

    rules = {"VER-03": Rule(code="VER-03", severity=Severity.ERROR, check=check)}

    def told(subject: str) -> list[tuple[str, str]]:
        judged = judge(company(Policy(waivers=(waiver(subject=subject),))), (), rules=rules)
        return sorted((finding.code, finding.waiver and finding.message) for finding in judged)

    assert told("*X.") == [("POL-09", ""), ("VER-03", ""), ("VER-03", "*X.")]
    assert told("[*]X.") == [("VER-03", ""), ("VER-03", "*X.")]
    assert told("0*X.") == [("VER-03", ""), ("VER-03", "00X.")]
    assert told("*") == [("VER-03", "*X."), ("VER-03", "00X.")]


def test_of_two_waivers_the_one_that_names_it_speaks_and_then_the_one_that_ends_last() -> None:
    later = TODAY + timedelta(days=30)
    named, last, first = (
        replace(waiver(subject="carrier"), owner="Ann"),
        replace(waiver(subject="*", until=later), owner="Bob"),
        replace(waiver(subject="*"), owner="Cat"),
    )
    for waivers in itertools.permutations((named, last, first)):
        judged = judge(company(Policy(waivers=waivers)), (), rules=TEST_RULES)
        owners = {finding.subject: finding.waiver.split()[4] for finding in judged if finding.waiver}
        needless = [finding.message for finding in judged if finding.code == "POL-02"]

        assert owners == {"carrier": "Ann:", "branch": "Bob:"}
        assert [message[:21] for message in needless] == ["the waiver of Cat for"]


def test_a_waiver_in_another_file_says_where_it_stands() -> None:
    away = replace(waiver("VER-10"), place=Place("sites/hidden.yaml", 7, 5))

    (beside,) = weighed_and_waived([ONE_OF_THEM], company(Policy(waivers=(waiver("VER-10"),))).inventory, today=TODAY)
    (apart,) = weighed_and_waived([ONE_OF_THEM], company(Policy(waivers=(away,))).inventory, today=TODAY)

    assert beside.waiver == "waived until 2026-06-01 by Ann: in March"
    assert apart.waiver == "waived until 2026-06-01 by Ann: in March (sites/hidden.yaml:7:5)"


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

    waived, broken = weighed_and_waived(later, company(policy).inventory, today=TODAY, rules=TEST_RULES)
    counted, _ = weighed_and_waived(later, company(policy).inventory, today=TODAY + timedelta(days=1), rules=TEST_RULES)
    assert (waived.severity, waived.waiver[:12], broken) == (Severity.NOTE, "waived until", BROKEN)
    assert (counted.severity, counted.waiver) == (Severity.ERROR, "")


def test_a_profile_only_ever_adds_to_the_baseline() -> None:
    order = [*Severity, None]
    for rule in RULES.values():
        for profile in Profile:
            assert order.index(rule.weight(profile)) <= order.index(rule.severity), rule.code


def test_each_rule_finds_only_its_own_code_and_is_explained() -> None:
    assert all(code == rule.code for code, rule in RULES.items())
