"""What others have written steers neither a terminal nor the job that keeps it in its log."""

from __future__ import annotations

import json
import time
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.report.json_text import json_text
from confgen.report.visible import Spelling, visible, without_commands
from tests.report.log_reader import commands

COMMANDS = (
    "::error::x",
    "::add-mask::secret",
    "  ::set-output name=x::y",
    "\u00a0\u3000::stop-commands::z",
    "\u200d::error::x",
    ":\u200d:error::x",
    "told ##[error]x",
    "##[add-mask]x",
    "#\u200d#[group]x",
    "said ##vso[task.setvariable variable=x]y",
    "said ##v\u200dSo[task.setvariable variable=x]y",
    "##teamcity[buildStop]",
    "first\n::error::x\nlast",
)


@pytest.mark.parametrize("text", COMMANDS)
def test_no_line_is_a_command(text: str) -> None:
    assert commands(text) != []
    assert commands(without_commands(text)) == []


@given(st.text(st.sampled_from("::##[]eE \t\u00a0\u200d\nvso")))
def test_no_text_whatever_holds_a_command(text: str) -> None:
    assert commands(without_commands(text)) == []
    assert commands(without_commands(json.dumps(text), Spelling.JSON)) == []


@pytest.mark.parametrize(
    "text", ["2001:db8::1 is an address", "hq.yaml:1:1: LOAD-10 x", "a::b", "# comment [x]", "## x", "#[x]", ""]
)
def test_what_is_no_command_stays_as_it_is(text: str) -> None:
    assert without_commands(text) == text


def test_it_is_spelt_as_what_would_steer_a_terminal_is() -> None:
    assert without_commands("::error::x") == "\\x3a:error::x"
    assert without_commands("a ##[error]x") == "a \\x23#[error]x"
    assert visible("\x1b[31m") == "\\x1b[31m"


@pytest.mark.parametrize("start", ["::", "##", "##vso", "#"])
def test_the_time_grows_as_the_text_does(start: str) -> None:
    started = time.process_time()

    without_commands(start + "\u200d" * 50_000)
    without_commands(f"{start}\u200d" * 10_000)

    assert time.process_time() - started < 1


@given(st.text(st.sampled_from("::##[]e \u200d\nv")))
def test_programs_still_read_the_same(text: str) -> None:
    element = ET.Element("a", b=text)
    element.text = text

    assert json.loads(json_text({"a": [text]})) == {"a": [text]}
    again = ET.fromstring(without_commands(ET.tostring(element, encoding="unicode"), Spelling.XML))  # noqa: S314
    assert (again.get("b"), again.text or "") == (text, text)
