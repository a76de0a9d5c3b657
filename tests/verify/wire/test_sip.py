"""SIP messages: built and parsed to the same values, and no value becomes a line of its own."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.streams.tcp import Closed, Deadline
from confgen.verify.wire.sip import (
    COMPACT_FORMS,
    MalformedSip,
    MessageReader,
    Request,
    Response,
    address_uri,
    parameter,
    parse,
    split_list,
)

TOKEN = st.text("ABCXYZabcxyz0189.!%*_+`'~-", min_size=1, max_size=12)
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
NAMES = TOKEN.filter(lambda name: name.lower() != "content-length" and name.lower() not in COMPACT_FORMS)
HEADERS = st.lists(st.tuples(NAMES, TEXT.map(lambda text: text.strip(" "))), max_size=6).map(tuple)
URIS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=" "), min_size=1, max_size=40)
BODIES = st.binary(max_size=60)
REQUESTS = st.builds(Request, method=TOKEN, uri=URIS, headers=HEADERS, body=BODIES)
RESPONSES = st.builds(Response, status=st.integers(100, 699), reason=TEXT, headers=HEADERS, body=BODIES)


class Pieces:
    """A stream that brings prepared pieces, then ends."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)

    def send_all(self, content: bytes, /) -> None:
        raise AssertionError(content)

    def receive(self, limit: int, timeout: float, /) -> bytes:
        assert limit
        assert timeout > 0
        return next(self._pieces, b"")

    def close(self) -> None:
        pass


@given(REQUESTS | RESPONSES)
def test_what_is_built_is_parsed_to_the_same_message(message: Request | Response) -> None:
    assert parse(message.build()) == message


@given(st.lists(REQUESTS | RESPONSES, min_size=1, max_size=4), st.integers(1, 50))
def test_a_stream_is_cut_into_its_messages_however_it_arrives(
    messages: list[Request | Response], piece_length: int
) -> None:
    content = b"\r\n\r\n".join(message.build() for message in messages)  # keep-alives between them
    pieces = (content[start : start + piece_length] for start in range(0, len(content), piece_length))
    reader = MessageReader(Pieces(pieces))
    assert [reader.next_message(Deadline.after(5)) for _ in messages] == messages


@given(st.sampled_from([chr(number) for number in (*range(32), 127)]), TEXT, TEXT)
def test_no_value_with_a_control_character_becomes_a_header(control: str, before: str, after: str) -> None:
    with pytest.raises(MalformedSip):
        Request(method="OPTIONS", uri="sip:a", headers=(("Subject", f"{before}{control}{after}"),))
    with pytest.raises(MalformedSip):
        Response(status=200, reason=f"{before}{control}{after}", headers=())
    with pytest.raises(MalformedSip):
        Request(method="OPTIONS", uri=f"sip:{before}{control}{after}", headers=())


@pytest.mark.parametrize("name", ["", "Sub ject", "Subject:", "Subject\r\nVia", "Content-Length", "content-length"])
def test_what_is_no_header_name_is_refused(name: str) -> None:
    with pytest.raises(MalformedSip):
        Request(method="OPTIONS", uri="sip:a", headers=((name, "x"),))


@pytest.mark.parametrize(("method", "uri"), [("OPT IONS", "sip:a"), ("OPTIONS", "sip:a b"), ("OPTIONS", ""), ("", "x")])
def test_what_is_no_request_line_is_refused(method: str, uri: str) -> None:
    with pytest.raises(MalformedSip):
        Request(method=method, uri=uri, headers=())


def test_compact_forms_folded_lines_and_any_case_are_understood() -> None:
    message = parse(
        b"SIP/2.0 200 OK\r\nv: SIP/2.0/TLS h;branch=z9hG4bKx\r\nf: <sip:a@b>;tag=1\r\nSUBJECT : one\r\n\t two\r\n"
        b"CSeq:  7   INVITE\r\nl: 3\r\n\r\nabc"
    )
    assert isinstance(message, Response)
    assert message.branch == "z9hG4bKx"
    assert parameter(message.value("from"), "tag") == "1"
    assert message.value("Subject") == "one two"
    assert message.sequence == (7, "INVITE")
    assert message.body == b"abc"


HEAD = b"OPTIONS sip:a SIP/2.0\r\n"


@pytest.mark.parametrize(
    "message",
    [
        HEAD + b"\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 0\r\nl: 1\r\n\r\nx",
        HEAD + b"Content-Length: 99999999\r\n\r\n",
        HEAD + b"Content-Length: 65537\r\n\r\n" + bytes(65537),
        HEAD + b"no colon\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"Subject: a\nVia: b\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"Subject: \xff\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"SIP/2.0 700 Odd\r\nContent-Length: 0\r\n\r\n",
        b"SIP/2.0 20 Odd\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_a_broken_message_is_refused(message: bytes) -> None:
    with pytest.raises(MalformedSip):
        MessageReader(Pieces([message])).next_message(Deadline.after(5))


def test_headers_without_end_are_refused_before_they_fill_the_memory() -> None:
    endless = iter(lambda: b"X: y\r\n" * 1000, b"")
    with pytest.raises(MalformedSip, match="without end"):
        MessageReader(Pieces(endless)).next_message(Deadline.after(5))


def test_a_stream_that_ends_within_a_message_is_closed() -> None:
    with pytest.raises(Closed):
        MessageReader(Pieces([HEAD + b"Content-Length: 5\r\n\r\nab"])).next_message(Deadline.after(5))


def test_tags_and_addresses_are_found_behind_display_names_that_imitate_them() -> None:
    value = r'"a \" <sip:evil>;tag=evil" <sip:600@pbx;tag=no>;x;tag=good'
    assert parameter(value, "tag") == "good"
    assert address_uri(value) == "sip:600@pbx;tag=no"
    assert address_uri("sip:600@pbx;tag=1") == "sip:600@pbx"
    assert parameter("<sip:600@pbx>", "tag") is None


def test_a_list_is_split_at_its_own_commas_only() -> None:
    assert split_list('<sip:a,b;lr>, "x, y" <sip:c>;p=1,sip:d') == ["<sip:a,b;lr>", '"x, y" <sip:c>;p=1', "sip:d"]


def test_a_header_that_must_be_there_and_is_not_is_told_by_name() -> None:
    with pytest.raises(MalformedSip, match="no CSeq"):
        _ = Request(method="OPTIONS", uri="sip:a", headers=()).sequence
