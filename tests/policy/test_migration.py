"""Whoever answers for phones in clear is told with every run, and not let go on after the last day."""

from __future__ import annotations

from datetime import date

from confgen.model.finding import Severity
from confgen.model.migration import Migration
from tests.model.pbxs import PLACE, a_pbx
from tests.policy.judged import judged

TODAY = date(2026, 6, 1)
MIGRATION = ("MIG-01", "MIG-02")


def waived(until: date, *extensions: str) -> Migration:
    return Migration(extensions=extensions or ("101",), owner="Ann", until=until, place=PLACE)


def test_a_pbx_without_a_migration_has_no_finding() -> None:
    assert judged(MIGRATION, [a_pbx()], today=TODAY) == ()


def test_on_its_last_day_it_is_a_warning() -> None:
    (finding,) = judged(MIGRATION, [a_pbx(migration=waived(TODAY))], today=TODAY)
    assert (finding.code, finding.severity, finding.place) == ("MIG-01", Severity.WARNING, PLACE)
    assert "waived until 2026-06-01 by Ann" in finding.message


def test_after_it_an_error_names_the_owner_and_what_to_do() -> None:
    (finding,) = judged(MIGRATION, [a_pbx(migration=waived(date(2026, 5, 31)))], today=TODAY)
    assert (finding.code, finding.severity) == ("MIG-02", Severity.ERROR)
    assert "the waiver of Ann ended on 2026-05-31" in finding.message
    assert "let Ann waive it anew" in finding.mend


def test_many_phones_are_counted() -> None:
    migration = waived(TODAY, *(str(number) for number in range(101, 108)))
    (finding,) = judged(MIGRATION, [a_pbx(migration=migration)], today=TODAY)
    assert "the phones 101, 102, 103, 104 and 3 more of `headquarters`" in finding.message
