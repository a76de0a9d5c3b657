"""Lines beside findings: they are shown, and no secret in them ever is."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.load.quotable import quotes
from confgen.model.finding import Place
from confgen.model.quote import Quote


def every_quote(text: str, *, unknown_keys: Collection[Place] = ()) -> Mapping[Place, Quote]:
    """Of each sign of a text."""
    lines = text.split("\n")
    places = [Place("f", at, column) for at, line in enumerate(lines, 1) for column in range(1, len(line) + 2)]
    return quotes(text.encode(), places, unknown_keys=unknown_keys)


def quote(text: str, line: int, column: int) -> Quote:
    return every_quote(text)[Place("f", line, column)]


def test_a_line_is_quoted_as_it_stands() -> None:
    assert quote("a:\n  b: [c, d]  # because\n", 2, 7) == Quote(text="  b: [c, d]  # because", column=7)


@pytest.mark.parametrize(
    "text",
    [
        "secret: hunter2",
        "secret:\n  hunter2",
        "secret:\nhunter2",
        'x:\n  password: "hun\n  hunter2"\n  y: z',
        "secret: |\n  hunter2\n  hunter2: hunter2\n",
        "secret: [a, hunter2]",
        "secret: {env: hunter2}",
        "secret:\n  - hunter2\n  -\n    - hunter2",
        "secert: hunter2",
        "pasword: hunter2",
        "API_TOKEN: hunter2",
        "key: hunter2",
        '? secret\n: hunter2\n? "x"\n: y',
        "? [a, b]\n: hunter2",
        "a: {b: {secret:\nhunter2, c: d}}",
        "a: {\n  b: {\n    secret: 'hun\n    hunter2', c: d\n  }}",
        "a: 1  # the password is hunter2",
        "a: &x\n  secret: hunter2\nb: *x",
        "name: &x hunter2\nother: 1\nsecret: *x",
        "name: &x hunter2\nother: 1\nx:\n  - secret: [*x]",
        "number,password\n101,hunter2",
        "101,hunter2",
        "Kennwort: hunter2",
        # None of these is YAML.
        'secret: "hunter2',
        "secret: [hunter2\nb: x",
        "a: {secret: hunter2 \nb: x",
        "a: b\nsecret: hunter2: x",
        "a: b\n\tsecret: hunter2",
        'a: "\nb: c" x\nsecret: hunter2',
        'secert: "hunter2',
        "secret: @hunter2",
        "secret: %hunter2",
        "secret: `hunter2",
        "- a\nsecret: hunter2",
    ],
)
def test_what_may_be_a_secret_is_never_quoted(text: str) -> None:
    found = every_quote(text)

    assert not [told for told in found.values() if "hunter2" in told.text]


def test_what_is_a_secret_twice_is_blanked_once() -> None:
    assert quote("a: &x hunter2\nsecret: *x\ntoken: [*x, *x]", 1, 1).text == "a: …"


def test_what_stands_behind_a_secret_is_quoted() -> None:
    told = every_quote("a:\n  secret:\n    env: X\n  b: c\n  key: {file: x}\n  d: e")

    assert [told[Place("f", line, 1)].text for line in (2, 3, 4, 5, 6)] == [
        "  secret:",
        "    …",
        "  b: c",
        "  key: …",
        "  d: e",
    ]


def test_the_value_of_an_unknown_key_is_not_quoted() -> None:
    text = "pbxs:\n  hq: {dingsbums: hunter2, name: x}"

    told = every_quote(text, unknown_keys=[Place("f", 2, 8)])

    assert told[Place("f", 2, 8)] == Quote(text="  hq: {dingsbums: …, name: x}", column=8)


def test_the_caret_stands_where_it_should_beside_what_is_blanked() -> None:
    text = "a: {secret: hunter2, b: c, token: t, d: e}"

    for word in ("secret", "b", "c", "token", "d", "e"):
        told = quote(text, 1, text.index(f"{word}") + 1 if len(word) > 1 else text.index(f" {word}") + 2)
        assert told.text[told.column - 1 :].startswith(word)
    assert quote(text, 1, text.index("hunter2") + 1) == Quote(
        text="a: {secret: …, b: c, token: …, d: e}", column=len("a: {secret: …")
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u0085"])
def test_lines_end_where_the_parser_ends_them(end: str) -> None:
    told = quotes(f"a: b{end}secret: hunter2{end}c: d".encode(), [Place("f", 3, 1)], unknown_keys=())

    assert told[Place("f", 3, 1)].text == "c: d"


def test_a_place_that_a_file_does_not_have_is_not_quoted() -> None:
    assert quotes(b"a: b\n", [Place("f", 1, 40), Place("f", 9, 1)], unknown_keys=()) == {}


def test_bytes_that_are_no_text_are_no_reason_to_fail() -> None:
    assert quotes(b"a: \xff\xfe\nb: c", [Place("f", 1, 1)], unknown_keys=()).keys() <= {Place("f", 1, 1)}


WORDS = st.sampled_from(
    ["secret: hunter2", "secret:", "hunter2", "a: b", "{", "}", "[", "]", ",", ":", "- ", '"', "'", "|", "# ", "&x ",
     "*x", "!t ", "? ", "\t", "\n", "\n  ", "\n    ", " "]
)  # fmt: skip


@given(st.lists(WORDS, max_size=20).map("".join))
def test_whatever_a_file_looks_like_its_lines_are_quoted_or_not(text: str) -> None:
    for place, told in every_quote(text).items():
        assert 1 <= told.column <= len(told.text) + 1
        assert place.line >= 1
