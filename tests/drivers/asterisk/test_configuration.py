"""Asterisk's files are read as Asterisk reads them."""

from __future__ import annotations

import pytest

from confgen.drivers.asterisk.configuration import Section, objects, parse


def values(text: str) -> dict[str, dict[str, str]]:
    return {section.name: {option.name: option.value for option in section.options} for section in parse(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]\nx = 1\n", {"a": {"x": "1"}}),
        ("[a]\nx=1\ny =2\nz= 3", {"a": {"x": "1", "y": "2", "z": "3"}}),
        ("[a]\nexten => 101,1,Answer()", {"a": {"exten": "101,1,Answer()"}}),
        ("[a]\nx = a = b => c", {"a": {"x": "a = b => c"}}),
        ("[a]\nx =", {"a": {"x": ""}}),
        ("[a]\r\nx = 1\r\n", {"a": {"x": "1"}}),
        ("[a]\n   x   =   1   \t\n", {"a": {"x": "1"}}),
        ("lost = 1\n[a]\nx = 1", {"a": {"x": "1"}}),
        ("[a]\nno option here\nx = 1", {"a": {"x": "1"}}),
        ("", {}),
    ],
)
def test_sections_and_options(text: str, expected: dict[str, dict[str, str]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("; [b]\n[a] ; first\nx = 1 ; one\n;y = 2", {"a": {"x": "1"}}),
        ("[a]\nx = sip:b\\;transport=tls ; really", {"a": {"x": "sip:b;transport=tls"}}),
        ("[a]\n;-- x = 1\ny = 2\n--;\nz = 3", {"a": {"z": "3"}}),
        ("[a]\nx = 1 ;-- one --; more\ny = 2", {"a": {"x": "1  more", "y": "2"}}),
        ("[a]\n;-- x = 1 ;-- inner --;\ny = 2\n--;\nz = 3", {"a": {"z": "3"}}),
        ("[a]\n;--- a line, not a block\nx = 1", {"a": {"x": "1"}}),
        ("[a]\nx = 1\n;-- never closed\ny = 2", {"a": {"x": "1"}}),
    ],
)
def test_comments_are_gone(text: str, expected: dict[str, dict[str, str]]) -> None:
    assert values(text) == expected


def test_a_template_is_worked_into_its_heirs_and_is_no_section_itself() -> None:
    text = "[phone](!)\ntype = endpoint\nallow = ulaw\n[101](phone)\nallow = alaw\n[102](phone)\n"
    first, second = parse(text)
    assert (first.name, first.values("allow"), first.value("allow")) == ("101", ("ulaw", "alaw"), "alaw")
    assert (second.name, second.value("allow"), second.value("type")) == ("102", "ulaw", "endpoint")


def test_a_section_may_have_several_templates_and_be_one_itself() -> None:
    text = "[a](!)\nx = 1\n[b](!,a)\ny = 2\n[c](!)\nz = 3\n[d](b,c)\n"
    assert values(text) == {"d": {"x": "1", "y": "2", "z": "3"}}


def test_an_addition_belongs_to_the_first_section_of_its_name() -> None:
    text = "[a]\nx = 1\n[a]\nx = 2\n[b]\n[a](+)\ny = 3\n"
    sections = parse(text)
    assert [(section.name, section.value("x"), section.value("y")) for section in sections] == [
        ("a", "1", "3"),
        ("a", "2", None),
        ("b", None, None),
    ]


def test_what_is_not_there_has_no_value() -> None:
    (section,) = parse("[a]\nx = 1")
    assert section.value("y") is None
    assert section.values("y") == ()


def test_objects_of_one_name_are_told_apart_by_type_and_a_section_without_one_is_no_object() -> None:
    found = objects(parse("[101]\ntype = endpoint\nauth = 101\n[101]\ntype = auth\n[general]\nx = 1\n"))
    assert found.keys() == {("endpoint", "101"), ("auth", "101")}
    assert isinstance(found["endpoint", "101"], Section)
    assert found["endpoint", "101"].value("auth") == "101"


def test_of_several_types_the_first_makes_the_object() -> None:
    assert objects(parse("[t](!)\ntype = aor\n[101](t)\ntype = endpoint\n")).keys() == {("aor", "101")}


def test_an_option_is_found_however_its_name_is_written() -> None:
    (section,) = parse("[101]\nMedia_Encryption = sdes\nmedia_encryption = no\n")
    assert section.values("MEDIA_encryption") == ("sdes", "no")


def test_options_and_sections_are_equal_wherever_they_stand() -> None:
    assert parse("[a]\nx = 1\n", "one.conf") == parse("; moved\n  [a]\n  x=1\n", "other.conf")
    assert hash(parse("[a]\nx = 1\n")) == hash(parse("\n[a]\nx = 1\n"))


def test_a_file_that_is_refused_is_still_read_by_itself() -> None:
    assert values("[a](unknown)\nx = 1\n#include lost.conf\n[b](+)\ny = 2\n") == {"a": {"x": "1"}, "b": {"y": "2"}}
