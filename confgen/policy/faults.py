"""What is wrong with `policy:` itself: codes that none can weigh, and reasons that lack. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from confgen.model.codes import EXPLANATIONS
from confgen.model.finding import Finding, Severity
from confgen.model.policy import OFF
from confgen.policy.rule import is_weaker, weight_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confgen.model.finding import Place
    from confgen.model.policy import Policy, RuleSetting
    from confgen.policy.rule import Rule


def policy_faults(policy: Policy, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """A finding for each setting and waiver that cannot mean what is written, and for each rule that weighs less."""
    for setting in policy.settings.values():
        rule = rules.get(setting.code)
        if rule is None:
            yield _no_rule(setting.code, setting.place, rules, "weighed otherwise")
        elif is_weaker(setting.severity, rule.weight(policy.profile)):
            yield from _weaker_faults(setting, rule, policy)
    for waiver in policy.waivers:
        rule = rules.get(waiver.code)
        if rule is None:
            yield _no_rule(waiver.code, waiver.place, rules, "waived")
        elif not rule.is_waivable:
            yield _cannot(waiver.code, waiver.place, "waived here")


def _no_rule(code: str, place: Place, rules: Mapping[str, Rule], what: str) -> Finding:
    if code in EXPLANATIONS:
        return _cannot(code, place, what)
    near = get_close_matches(code, rules, n=1)
    return Finding(
        code="POL-03",
        message=f"there is no rule {code}",
        mend=f"is it {near[0]}?" if near else "`confgen explain --list` names them all",
        place=place,
    )


def _cannot(code: str, place: Place, what: str) -> Finding:
    return Finding(
        code="POL-04",
        message=f"{code} cannot be {what}: {EXPLANATIONS[code].title}",
        mend=f"remove it, and do what `confgen explain {code}` says",
        place=place,
    )


def _weaker_faults(setting: RuleSetting, rule: Rule, policy: Policy) -> Iterator[Finding]:
    usual = weight_words(rule.weight(policy.profile))
    word = weight_words(setting.severity)
    if not rule.is_waivable:
        yield _cannot(setting.code, setting.place, f"weighed less than {usual}")
    elif not setting.reason:
        quoted = f'"{OFF}"' if word == OFF else f"{word}"
        yield Finding(
            code="POL-05",
            message=f"{setting.code} is set to {word} without a reason, and weighs {usual} in the profile "
            f"{policy.profile.value}",
            mend=f"write {{severity: {quoted}, reason: …}}; until then it weighs what the profile says",
            place=setting.place,
        )
    else:
        yield Finding(
            code="POL-06",
            message=f"{setting.code} {'is off' if word == OFF else f'weighs {word}'}, and {usual} in the profile "
            f"{policy.profile.value}: {setting.reason}",
            mend="nothing; a waiver with an end says which PBX it is about, and lets the rule find what comes later",
            severity=Severity.NOTE,
            place=setting.place,
        )
