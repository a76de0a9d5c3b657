"""A configuration file keeps every octet, and says where everything stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.drivers.asterisk.configuration import Append, Comment, Directive, Fault, Header, Option, Unread, read
from confgen.model.finding import Place
from tests.drivers.asterisk.made_configuration import texts


def place(line: int, column: int) -> Place:
    return Place("a.conf", line, column)


@given(content=st.one_of(st.binary(), texts().map(str.encode)))
def test_octets_are_written_back_as_they_were(content: bytes) -> None:
    assert read(content, "a.conf").content == content


@given(text=st.one_of(st.text(), texts()))
def test_a_text_is_written_back_as_it_was(text: str) -> None:
    found = read(text, "a.conf")
    assert found.text == text
    assert [line.number for line in found.lines] == list(range(1, len(found.lines) + 1))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\n\n",
        b"[a]",
        b"[a]\r\nx = 1\r\n",
        b"[a]\rx = 1\r",
        b"\xef\xbb\xbf[a]\nx = 1\n",
        b"\xef\xbb\xbf",
        b"[caf\xe9]\nx = \xff\xfe\n",
        b"[a]\nx = 1\x00\x00 ; 2\n\x00",
        b"[a]\nx = " + b"1" * 100_000 + b"\n;" + b"-" * 100_000,
        "[a]\nx = 1\u2028y = 2\x85z = 3\x0c\n".encode(),
    ],
)
def test_odd_octets_are_written_back_as_they_were(content: bytes) -> None:
    assert read(content, "a.conf").content == content


@given(text=st.one_of(st.text(), texts()))
def test_what_is_said_and_every_comment_begin_where_they_are_said_to(text: str) -> None:
    found = read(text, "a.conf")
    bodies = {line.number: line.raw.removeprefix("\ufeff") if line.number == 1 else line.raw for line in found.lines}
    for comment in found.comments():
        assert bodies[comment.place.line].startswith(comment.text, comment.place.column - 1)
    for said in found.statements():
        assert said.place is not None
        rest = bodies[said.place.line][said.place.column - 1 :]
        match said:
            case Header():
                assert rest.startswith("[")
            case Directive():
                assert rest.startswith("#")
            case Option() | Append():
                assert rest.replace("\\", "").startswith(said.name[0].replace("\\", ""))
            case Unread():
                assert rest


def test_everything_is_told_in_order_with_its_place() -> None:
    text = (
        "; first\n"
        "[a](!,b) ; second\n"
        "\tx = 1\\;2\n"
        "y => 3 ;-- third\n"
        "fourth --; z += 4\n"
        "#Include  <b.conf>\n"
        "#exec /bin/true\n"
        "nothing\n"
    )
    found = read(text, "a.conf")
    assert list(found.statements()) == [
        Header(place=place(2, 1), name="a", marks=("!", "b")),
        Option(name="x", value="1;2"),
        Option(name="y", value="3"),
        Append(place=place(5, 12), name="z", value=" 4"),
        Directive(place=place(6, 1), word="include", argument="b.conf"),
        Directive(place=place(7, 1), word="exec", argument="/bin/true"),
        Unread(place=place(8, 1), message="neither a section nor an option: there is no =", fault=Fault.NO_OPTION),
    ]
    assert [said.place for said in found.statements() if isinstance(said, Option)] == [place(3, 2), place(4, 1)]
    assert list(found.comments()) == [
        Comment(place=place(1, 1), text="; first"),
        Comment(place=place(2, 10), text="; second"),
        Comment(place=place(4, 8), text=";-- third"),
        Comment(place=place(5, 1), text="fourth --;"),
    ]


def test_a_comment_that_is_not_closed_is_told_with_its_beginning() -> None:
    found = read("[a]\nx = 1 ;-- 2\n;-- 3\n--;\n", "a.conf")
    assert (found.depth, found.open_since) == (1, place(2, 7))
    closed = read("[a] ;-- 1 --;\n;-- 2\n--;\n", "a.conf")
    assert (closed.depth, closed.open_since) == (0, None)


def test_a_line_that_asterisk_would_read_for_ever_is_refused() -> None:
    assert list(read(";-- " * 128 + "--; " * 128 + "[a]", "a.conf").statements()) == [
        Header(place=place(1, 1025), name="a", marks=())
    ]
    (said,) = read(";-- " * 129 + "--; " * 129, "a.conf").statements()
    assert isinstance(said, Unread)
    assert said.fault is Fault.ENDLESS


def test_a_line_too_long_for_asterisk_is_kept_and_says_nothing_else() -> None:
    text = "[a]\nx = " + "é" * 4094 + "\ny = 2\n"
    _, too_long, option = read(text, "a.conf").statements()
    assert isinstance(too_long, Unread)
    assert too_long.fault is Fault.SKIPPED
    assert option == Option(name="y", value="2")
