"""Each promise is held against a figure of its own size, and what was not measured keeps none."""

from __future__ import annotations

import re

import pytest

from benchmarks import cluster, equal_files, many, offline, tools
from benchmarks.__main__ import _PARTS, PAGE, README
from benchmarks.measured import Measured, Runs
from benchmarks.table import Figure
from benchmarks.targets import PUSH_BY_HAND, TARGETS, VERSION, Bound, Target, judged

AT_MOST = Target(what="a", bound=Bound.AT_MOST, value=1.6, part="files")
AT_LEAST = Target(what="a", bound=Bound.AT_LEAST, value=10, part="validate")


def runs(seconds: float, work: float | None = None, *, is_over: bool = True) -> Runs:
    return Runs((Measured(seconds=seconds, cpu=1.0, megabytes=1.0, said="", work=work, is_over=is_over),))


def planned(seconds: float, memory: float) -> many.Measured:
    return many.Measured(seconds=seconds, first=0, cpu=0, cpu_of_hosts=0, memory=memory, files=0, threads=0)


@pytest.mark.parametrize(
    ("target", "figure", "verdict"),
    [
        (AT_MOST, Figure(1.6), "met"),
        (AT_MOST, Figure(1.61), "**missed**"),
        (AT_MOST, Figure(1.5, is_at_least=True), "not told"),
        (AT_MOST, Figure(1.7, is_at_least=True), "**missed**"),
        (AT_LEAST, Figure(10), "met"),
        (AT_LEAST, Figure(9.9), "**missed**"),
        (AT_LEAST, Figure(9.9, is_at_least=True), "not told"),
        (AT_LEAST, Figure(12, is_at_least=True), "met"),
        (AT_LEAST, None, "not measured: `make bench ARGUMENTS=validate` does"),
    ],
)
def test_a_lower_bound_tells_only_what_it_can(target: Target, figure: Figure | None, verdict: str) -> None:
    assert target.verdict(figure) == verdict


def test_a_figure_of_another_size_keeps_no_promise() -> None:
    table = judged({PUSH_BY_HAND.format(10): Figure(1.0), VERSION: Figure(0.09)})

    rows = {row[0]: row[2:] for row in table.rows}
    assert rows[PUSH_BY_HAND.format(50)] == ("–", "not measured: `make bench ARGUMENTS=files` does")
    assert rows[VERSION] == ("0.09", "met")


def test_every_promise_is_measured_by_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    names = (tools.CONFGEN, tools.BY_HAND, tools.PYINFRA, tools.ANSIBLE)
    work = {(name, 50): runs(2.0, 1.0) for name in names}
    validated = {("`confgen validate`", 100000): runs(5.0), ("check-jsonschema", 100000): runs(60.0, is_over=False)}
    rendered = {("confgen", 1000): runs(1.3), ("bare Jinja2", 1000): runs(1.0)}
    pushed = cluster.Pushed(seconds=10, twice=0, lost=1, left=0)
    monkeypatch.setattr(cluster, "_pushed", lambda *_, **__: pushed)
    monkeypatch.setattr(offline, "measured", lambda _: runs(0.1).all[0])

    figures = {
        **equal_files.figures([50], work, work),
        **many.figures({("plan", 500): planned(9, 100), ("plan", 5000): planned(90, 140)}, 50.0),
        **offline.validate_figures([100000], validated),
        **offline.render_figures([1000], rendered),
        **offline.start().figures,
        **cluster.workers([2000], 100.0).figures,
    }

    assert {target.what for target in TARGETS} <= figures.keys()
    assert {target.part for target in TARGETS} <= _PARTS.keys()


def test_ratios_are_those_that_are_named() -> None:
    first = {
        (tools.CONFGEN, 50): runs(2.0, 1.5),
        (tools.BY_HAND, 50): runs(1.3, 1.0),
        (tools.PYINFRA, 50): runs(8.0, 7.0),
        (tools.ANSIBLE, 50): runs(90.0, 88.0),
    }

    told = list(equal_files.figures([50], first, first).values())

    assert [figure.value for figure in told] == [1.5, 1.5, 4.0, 45.0]


def test_of_several_plans_the_one_that_took_most_is_told() -> None:
    found = {("plan a", 500): planned(9, 100), ("plan b", 500): planned(11, 90), ("plan a", 5000): planned(90, 140)}

    told = many.figures(found, 50.0)

    assert [figure.value for figure in told.values()] == [100, 140, 11, 90, 1.4]


def test_a_push_is_no_plan() -> None:
    assert many.figures({("push, all at once", 500): planned(9, 100)}, 50.0) == {}


def test_the_pages_have_a_place_for_every_table() -> None:
    places = {page: re.findall(r"<!-- (\w+): begin -->", page.read_text(encoding="utf-8")) for page in (PAGE, README)}

    assert sorted(places[PAGE]) == sorted(_PARTS)
    assert places[README] == ["targets"]
