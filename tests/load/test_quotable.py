"""Lines beside findings: they are shown, and no secret in them ever is."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.load.quotable import quotes
from confgen.model.finding import Place
from confgen.model.quote import Quote


def every_quote(text: str) -> Mapping[Place, Quote]:
    """Of each sign of a text."""
    lines = text.split("\n")
    places = [Place("f", at, column) for at, line in enumerate(lines, 1) for column in range(1, len(line) + 2)]
    return quotes(text.encode(), places)


def quote(text: str, line: int, column: int) -> Quote:
    return every_quote(text)[Place("f", line, column)]


@pytest.mark.parametrize(
    "line",
    [
        '    sip: {domain: hq.example.test, bind: [192.0.2.1, "2001:db8::1"], port: 5061}',
        '    routes: [{numbers: "0X.", trunk: carrier}]',
        "    extensions: {\"101\": {name: 'Ann Bee', codecs: [alow]}, 120-129: }",
        "    product_version: 22.10.1",
        "    sipp:",
        "    ssh:",
        "    manage:",
        "    - sip",
        "    ? kind",
        "    : threecx",
    ],
)
def test_a_line_is_quoted_as_it_stands(line: str) -> None:
    above = "    manage:\n" if line.startswith("    -") else "    ? kind\n" if line.startswith("    :") else ""
    text = f"pbxs:\n  hq:\n{above}{line}\n"
    at = text.split("\n").index(line) + 1

    for column in range(1, len(line) + 2):
        assert quote(text, at, column) == Quote(text=line, column=column)


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
        "version: hunter2:hunter2",
        "version: password hunter2",
        "version: 1 # hunter2",
        "version: !hunter2 1",
        "version: &hunter2 1\npbxs: *hunter2",
        "version: &x hunter2\nother: *x",
        "version: 1\n  hunter2",
        "version: |\n  hunter2",
        "dingsbums: hunter2",
        "dingsbums: 1\ndingsbums: hunter2",
        "dingsbums: {hunter: hunter2}",
        "dingsbums:\n  - hunter2\nversion: 1",
        "hunter2: 1",
        "x-own: hunter2",
        "x-own: {a: hunter2}",
        "pbxs: hunter2",
        "pbxs: [hunter2]",
        "pbxs: {hq: hunter2}",
        "pbxs: {hq: {sip: [hunter2]}}",
        "pbxs: {hq: {sip: {hunter2: x}}}",
        "pbxs: {secret=hunter2: {}}",
        "pbxs: {hq: {<<: hunter2}}",
        "pbxs: {hq: {<<: *hunter2}}",
        "pbxs: {hq: {<<: [hunter2]}}",
        "pbxs: {hq: {<<: {pw: hunter2}}}",
        "pbxs: {hq: {certificate: {chain: {command: [x, hunter2]}}}}",
        "version: 1\n---\nversion: hunter2",
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


def test_what_stands_behind_a_secret_is_quoted() -> None:
    text = "    probe:\n      secret:\n        env: X\n      name: probe\n    address: 192.0.2.1"

    told = every_quote(f"pbxs:\n  hq:\n{text}")

    assert [told[Place("f", line, 1)].text for line in (3, 4, 5, 6, 7)] == [
        "    probe:",
        "      secret:",
        "        …",
        "      name: probe",
        "    address: 192.0.2.1",
    ]


def test_the_value_of_an_unknown_key_is_not_quoted() -> None:
    text = "pbxs:\n  hq: {dingsbums: hunter2, address: x}"

    assert quote(text, 2, 8) == Quote(text="  hq: {dingsbums: …, address: x}", column=8)


def test_the_caret_stands_where_it_should_beside_what_is_blanked() -> None:
    text = "trunks: {a: {secret: hunter2, codecs: [], dingsbums: t, between: [x]}} # because"

    for word in ("secret", "codecs", "dingsbums", "between", "[x]"):
        told = quote(text, 1, text.index(word) + 1)
        assert told.text[told.column - 1 :].startswith(word)
    assert quote(text, 1, text.index("hunter2") + 3) == Quote(
        text="trunks: {a: {secret: …, codecs: [], dingsbums: …, between: [x]}} # …",
        column=len("trunks: {a: {secret: …"),
    )
    assert quote(text, 1, len(text)).column == len("trunks: {a: {secret: …, codecs: [], dingsbums: …, between: [x]}} #")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u0085"])
def test_lines_end_where_the_parser_ends_them(end: str) -> None:
    told = quotes(f"version: 1{end}secret: hunter2{end}policy: d".encode(), [Place("f", 3, 1)])

    assert told[Place("f", 3, 1)].text == "policy: …"


def test_a_place_that_a_file_does_not_have_is_not_quoted() -> None:
    assert quotes(b"a: b\n", [Place("f", 1, 40), Place("f", 9, 1)]) == {}


def test_bytes_that_are_no_text_are_no_reason_to_fail() -> None:
    assert quotes(b"a: \xff\xfe\nb: c", [Place("f", 1, 1)]).keys() <= {Place("f", 1, 1)}


WORDS = st.sampled_from(
    ["secret: hunter2", "secret:", "hunter2", "a: b", "{", "}", "[", "]", ",", ":", "- ", '"', "'", "|", "# ", "&x ",
     "*x", "!t ", "? ", "\t", "\n", "\n  ", "\n    ", " "]
)  # fmt: skip


@given(st.lists(WORDS, max_size=20).map("".join))
def test_whatever_a_file_looks_like_its_lines_are_quoted_or_not(text: str) -> None:
    for place, told in every_quote(text).items():
        assert 1 <= told.column <= len(told.text) + 1
        assert place.line >= 1
