"""What a PBX said at its activation, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Finding, Severity
from confgen.model.words import count

if TYPE_CHECKING:
    from confgen.model.driver import Activation
    from confgen.model.inventory import Pbx

_MOST_UNKNOWN = 3  # lines of a log that nothing can be compared to, of which so many are shown


def complaints(pbx: Pbx, activation: Activation) -> tuple[Finding, ...]:
    """What it did not complain about before."""
    return tuple(
        Finding(code="PUSH-15", message=line, mend="the Asterisk log tells the rest", pbx=pbx.name)
        for line in activation.complaints
    )


def unknown_complaints(pbx: Pbx, activation: Activation) -> tuple[Finding, ...]:
    """The first lines, and how many more there are: a configuration with many modules logs dozens."""
    shown = list(activation.unknown[:_MOST_UNKNOWN])
    if len(activation.unknown) > _MOST_UNKNOWN:
        shown[-1] += f" (and {count(len(activation.unknown) - _MOST_UNKNOWN, 'more line')}, in Asterisk's log)"
    return tuple(
        Finding(
            code="PUSH-16",
            message=f"logged at activation, with nothing to compare it to: {line}",
            mend="read it; it undoes nothing",
            severity=Severity.NOTE,
            pbx=pbx.name,
        )
        for line in shown
    )
