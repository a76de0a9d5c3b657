"""A scalar without quotes means one thing to every YAML program, or it is refused."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from confgen.load.plain_scalars import Ambiguous, plain_key, plain_value

YAML_1_2 = YAML(typ="safe", pure=True)


def meaning(text: str) -> object:
    try:
        return plain_value(text)
    except Ambiguous:
        return Ambiguous


def is_a_plain_scalar(text: str) -> bool:
    try:
        tokens = list(yaml.scan(f"- {text}\n"))
    except yaml.YAMLError:
        return False
    scalars = [token for token in tokens if isinstance(token, yaml.ScalarToken)]
    return len(tokens) == 6 and [(scalar.value, scalar.plain) for scalar in scalars] == [(text, True)]


@given(text=st.text(alphabet="0123456789+-_.:eExXobTtZ nNyYaAfFlLsSuUrR~=<", min_size=1, max_size=12))
@example(text="22.10")
@example(text="1:30.5")
@example(text="0.1e+3")
@example(text="2026-1-1t1:30:00.5-5:30")
@example(text="-0")
@example(text="-.INF")
def test_what_is_accepted_is_read_the_same_by_yaml_1_1_and_yaml_1_2(text: str) -> None:
    assume(is_a_plain_scalar(text))
    accepted = meaning(text)
    if accepted is Ambiguous:
        return
    for read in (yaml.safe_load, YAML_1_2.load):
        (value,) = read(f"- {text}\n")
        assert value == accepted
        assert type(value) is type(accepted)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("FALSE", False),
        ("0", 0),
        ("5061", 5061),
        ("-1", -1),
        ("999999999999999", 999999999999999),
        ("22.10.1", "22.10.1"),
        ("192.0.2.10", "192.0.2.10"),
        ("20000-20199", "20000-20199"),
        ("110-119", "110-119"),
        ("+49 30 123", "+49 30 123"),
        ("Norway", "Norway"),
        (".", "."),
        ("e3", "e3"),
    ],
)
def test_what_programs_agree_on_keeps_its_meaning(text: str, value: object) -> None:
    assert meaning(text) == value
    assert type(meaning(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        *("yes", "No", "ON", "off", "y", "N"),
        *("22.10", "1.", ".5", "-1.5", "1_000.5"),
        *("1e3", "1E3", "1.5e+3", "12e03", "1e-3"),
        *("0100", "00", "08", "-017", "-0", "0_1"),
        *("0x1F", "0o17", "0b101", "-0x1f"),
        *("1_000", "+49", "+4930123456", "1234567890123456"),
        *("12:30", "1:2:3", "190:20:30.15", "-1:30"),
        *("2026-01-31", "2026-01-31 12:30:00", "2026-1-1T1:30:00Z"),
        *(".inf", "-.INF", ".nan", "=", "<<"),
    ],
)
def test_what_programs_read_differently_or_lose_is_refused(text: str) -> None:
    with pytest.raises(Ambiguous, match=r".+"):
        plain_value(text)


@pytest.mark.parametrize("text", ["~", "null", "true", "No", "0100", "1.5"])
def test_a_key_that_is_not_text_to_every_program_is_refused(text: str) -> None:
    with pytest.raises(Ambiguous):
        plain_key(text)


def test_an_integer_as_key_stands_for_its_digits() -> None:
    assert plain_key("101") == "101"
