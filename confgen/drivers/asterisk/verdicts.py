"""How checks of level *state* are worded: one that passed for all, or a failed one for each that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.check import Check, Level, Question, Vantage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEND_BY_PUSH = "`confgen push --overwrite-drift`; if that says unchanged, restart Asterisk"


def all_or_each(
    code: str, subject: str, failures: Iterable[tuple[str, str]], good: str, mend: str = MEND_BY_PUSH
) -> Iterator[Check]:
    """One passed check for all, or a failed one for each that is wrong."""
    failed = [question(code, name).failed(message, mend) for name, message in failures]
    yield from failed or [question(code, subject).passed(good)]


def question(code: str, subject: str) -> Question:
    """What is about to be looked at from inside the PBX."""
    level = Level.CLEAR if code.startswith("CLEAR") else Level.STATE
    return Question(code=code, level=level, subject=subject, vantage=Vantage.INSIDE)
