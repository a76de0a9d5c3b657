"""The loaded dialplan is compared, line by line, with the one that was pushed."""

from __future__ import annotations

from pathlib import Path

from confgen.drivers.asterisk.dialplan import loaded, pushed

_ANSWERS = Path(__file__).parent / "answers"
WRITTEN = (_ANSWERS / "extensions.conf").read_text(encoding="utf-8")
SHOWN = (_ANSWERS / "dialplan_show.txt").read_text(encoding="utf-8")


def test_what_asterisk_22_shows_of_a_pushed_dialplan_is_what_was_pushed() -> None:
    assert len(pushed(WRITTEN)) == 48
    assert loaded(SHOWN) == pushed(WRITTEN)


def test_a_guard_taken_out_in_memory_is_a_difference() -> None:
    without_guard = SHOWN.replace("3. Hangup(58) ", "3. NoOp() ", 1)

    assert loaded(without_guard) != pushed(WRITTEN)


def test_an_include_added_in_memory_is_a_difference() -> None:
    more = SHOWN.replace("  Include =>        'extensions' ", "  Include =>        'phones' ", 1)

    assert loaded(more) - pushed(WRITTEN) == {("peers", "include", "phones")}


def test_steps_are_numbered_as_asterisk_does() -> None:
    text = "[general]\nstatic = yes\n[a]\nexten => 1,1,Answer()\n same => n(here),Wait(1)\nexten => 1,7,Hangup()\n"

    assert pushed(text) == {("a", "1 1", "Answer()"), ("a", "1 2", "Wait(1)"), ("a", "1 7", "Hangup()")}
