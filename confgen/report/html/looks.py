"""How each verdict looks: a word, a symbol and a class of the style, so that no colour speaks alone."""

from __future__ import annotations

from collections.abc import Mapping

from confgen.model.check import Verdict
from confgen.report.html.markup import Markup, element

SYMBOLS: Mapping[Verdict, str] = {
    Verdict.PASSED: "✓",
    Verdict.FAILED: "✕",
    Verdict.UNKNOWN: "?",
    Verdict.PENDING: "…",
    Verdict.NOT_CHECKED: "\N{EN DASH}",
    Verdict.WAIVED: "!",
    Verdict.NOT_ENFORCEABLE: "∅",
}


def look(verdict: Verdict) -> str:
    """Its class."""
    return f"is-{verdict.value.replace(' ', '-')}"


def badge(verdict: Verdict, words: str = "", symbol: str = "") -> Markup:
    """The verdict's symbol with its word, or others in its colour."""
    sign = element("span", symbol or SYMBOLS[verdict], class_="symbol", aria_hidden="true")
    return element("span", sign, " ", words or verdict.value, class_=f"badge {look(verdict)}")
