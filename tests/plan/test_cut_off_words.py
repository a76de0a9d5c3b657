"""How many phones would be cut off, and why, reads as a sentence."""

from __future__ import annotations

import pytest

from confgen.model.document import Impact
from confgen.model.driver import Guarantees, Lock
from confgen.model.plan import CutOff, Plan, SecurityDelta
from confgen.plan.cut_off_words import cut_off_words


@pytest.mark.parametrize(
    ("registered", "reasons", "told"),
    [
        (3, ["registers over UDP"] * 2, ("2 of 3 phones register over UDP",)),
        (1, ["registers over UDP"], ("1 of 1 phone registers over UDP",)),
        (
            9,
            ["has another password", "registers over TCP", "registers over TCP"],
            ("2 of 9 phones register over TCP", "1 of 9 phones has another password"),
        ),
        (2, ["is not in the inventory any more"] * 2, ("2 of 2 phones are not in the inventory any more",)),
        (5, [], ()),
    ],
)
def test_phones_are_counted_by_reason(registered: int, reasons: list[str], told: tuple[str, ...]) -> None:
    planned = Plan(
        changes=(),
        impact=Impact.NONE,
        delta=SecurityDelta.SAME,
        guarantees=Guarantees(atomic=True, undo_without_link=True, lock=Lock.HOST),
        facts={},
        generation=None,
        registered=registered,
        cut_off=tuple(CutOff(extension="101", contact="udp 10.0.0.1:5060", reason=reason) for reason in reasons),
    )
    assert cut_off_words(planned) == told
