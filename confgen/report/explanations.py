"""Explanations of codes as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from confgen.model.codes.explanation import Explanation
from confgen.model.policy import Profile
from confgen.policy.rule import Rule, weight_words
from confgen.report import paint
from confgen.report.table import table

_WIDTH = 88
FIXED = "fixed"  # the weight of what is no rule


def text(explanation: Explanation, rule: Rule | None) -> str:
    """What the code means, how to mend it, how much it weighs, and where that is written."""
    parts = [
        f"{paint.strong(explanation.code)}  {explanation.title}",
        _wrapped(explanation.meaning),
        _wrapped(f"How to mend it: {explanation.mend}"),
    ]
    if explanation.example:
        parts.append(explanation.example.rstrip("\n"))
    parts += map(_wrapped, (weights(rule), exceptions(rule)))
    if snippet := waiver(rule):
        parts.append(snippet)
    if explanation.standards:
        parts.append(_wrapped(f"Asked for by: {'; '.join(explanation.standards)}"))
    if explanation.source:
        parts.append(_wrapped(f"Source: {explanation.source}"))
    return "\n\n".join(parts)


def listing(explanations: Iterable[Explanation], rules: Mapping[str, Rule]) -> str:
    """A line for each code, with its weight in each profile; those that are no rules weigh the same in all."""
    rows = [
        [
            explanation.code,
            *_weights(rules.get(explanation.code)),
            explanation.title,
            "; ".join(explanation.standards),
        ]
        for explanation in explanations
    ]
    return table(["code", *(profile.value for profile in Profile), "what it says", "asked for by"], rows)


def weights(rule: Rule | None) -> str:
    """`Severity: warning in baseline, error in strict and bsi.`."""
    by_words: dict[str, list[str]] = {}
    for profile, words in zip(Profile, _weights(rule), strict=True):
        by_words.setdefault(words, []).append(profile.value)
    if len(by_words) == 1:
        return f"Severity: {next(iter(by_words))} in every profile."
    told = (f"{words} in {' and '.join(names)}" for words, names in by_words.items())
    return f"Severity: {', '.join(told)}."


def exceptions(rule: Rule | None) -> str:
    """Whether `policy:` may make it weigh less."""
    if rule is None:
        return "It can be neither weighed otherwise nor waived: what stands on it could not be relied upon."
    if not rule.is_waivable:
        return "It can be weighed more, and neither weighed less nor waived under `policy`."
    return "It can be weighed otherwise and waived; what is waived is shown with every run, and ends."


def waiver(rule: Rule | None) -> str:
    """Lines to paste; none where there is no waiver."""
    if rule is None or not rule.is_waivable:
        return ""
    return (
        "policy:\n"
        "  rules:\n"
        f"    {rule.code}: {{severity: note, reason: …}}\n"
        "  waivers:\n"
        f'    - {{rule: {rule.code}, pbx: …, subject: "*", owner: …, reason: …, until: "2027-03-31"}}'
    )


def _weights(rule: Rule | None) -> list[str]:
    return [FIXED if rule is None else weight_words(rule.weight(profile)) for profile in Profile]


def _wrapped(text: str) -> str:
    return textwrap.fill(text, width=_WIDTH, break_long_words=False, break_on_hyphens=False)
