"""The text diff of a change."""

from __future__ import annotations

import difflib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.model.document import Action
from confgen.report import diff, paint
from confgen.report.line_matcher import LineMatcher
from tests.report.samples import change

LINES = st.lists(
    st.sampled_from(["[101]", "[102]", "type = endpoint", "allow = alaw", "allow = ulaw", ""]), max_size=30
)


@given(before=LINES, after=LINES)
def test_a_diff_leads_from_the_one_text_to_the_other(before: list[str], after: list[str]) -> None:
    rebuilt: list[str] = []
    for tag, first, last, start, end in LineMatcher(before, after).get_opcodes():
        if tag == "equal":
            assert before[first:last] == after[start:end]
            rebuilt += before[first:last]
        else:
            rebuilt += after[start:end]

    assert rebuilt == after


@given(before=LINES, after=LINES)
def test_a_diff_removes_and_adds_just_what_differs_in_number(before: list[str], after: list[str]) -> None:
    told = change("pjsip.conf", Action.CHANGE, "\n".join([*before, ""]), "\n".join([*after, ""]))

    lines = diff.unified(told)[2:]

    removed, added = (sum(line.startswith(sign) for line in lines) for sign in "-+")
    assert added - removed == len(after) - len(before)
    assert (lines == ()) == (before == after)


def test_a_diff_is_written_as_difflib_writes_it() -> None:
    before = [f"line {number}" for number in range(40)]
    after = [*before[:5], "new", *before[5:20], *before[22:39], "last"]
    told = change("rtp.conf", Action.CHANGE, "\n".join([*before, ""]), "\n".join([*after, ""]))

    expected = difflib.unified_diff(before, after, "rtp.conf (as it is)", "rtp.conf (as planned)", lineterm="")

    assert list(diff.unified(told)) == list(expected)


def test_a_pbx_of_five_thousand_extensions_that_all_change_is_diffed_in_a_moment() -> None:
    before = "".join(
        f"[{number}]\ntype = {kind}\nallow = alaw\ntransport = tls\n\n"
        for number in range(10_000, 15_000)
        for kind in ("endpoint", "auth", "aor")
    )
    after = before.replace("endpoint\nallow = alaw", "endpoint\nallow = ulaw")
    started = time.perf_counter()

    lines = diff.unified(change("pjsip.conf", Action.CHANGE, before, after))

    assert sum(line.startswith("+allow") for line in lines) == 5_000
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("before", "after"),
    [("a\n", "a"), ("a\r\n", "a\n"), ("a\n\n", "a\n"), ("a\x0b", "a\x0c"), ("a\u2028b", "a\nb"), ("", "a")],
)
def test_texts_that_differ_never_have_an_empty_diff(before: str, after: str) -> None:
    lines = diff.unified(change("pjsip.conf", Action.CHANGE, before, after))[2:]

    assert any(line.startswith(("-", "+")) for line in lines)
    assert all(line.isprintable() for line in lines)


def test_what_is_foreign_is_not_shown_in_a_diff() -> None:
    assert diff.unified(change("sip.conf", Action.REMOVE, "secret = old\n", None, is_foreign=True)) == ()


def test_a_removed_line_that_begins_with_hyphens_is_painted_as_removed() -> None:
    lines = diff.unified(change("extensions.conf", Action.CHANGE, "-- note\n", "++ note\n"))

    assert [*diff.painted(lines)][-2:] == [paint.bad("--- note"), paint.good("+++ note")]
