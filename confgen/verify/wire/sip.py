"""SIP messages (RFC 3261) as values, built and parsed strictly, so that no value can become a line of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from confgen.model.stream import Stream
from confgen.streams.tcp import Deadline, WireError, receive

Header = tuple[str, str]

HEAD_LIMIT = 16384
BODY_LIMIT = 2**16  # bytes; the longest description of a call is a few thousand

# RFC 3261 §7.3.3 and §20, RFC 3265, RFC 3515, RFC 3892, RFC 4028.
COMPACT_FORMS = {
    "a": "Accept-Contact",
    "b": "Referred-By",
    "c": "Content-Type",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "o": "Event",
    "r": "Refer-To",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
    "x": "Session-Expires",
}

_TOKEN = re.compile(r"[A-Za-z0-9.!%*_+`'~-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_VISIBLE = re.compile(r"[^\x00-\x20\x7f]+")
_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6][0-9]{2}) (.*)")
_REQUEST_LINE = re.compile(r"([^\x00-\x20\x7f]+) ([^\x00-\x20\x7f]+) SIP/2\.0")
_NAME_ADDRESS = re.compile(r'(?:"(?:[^"\\]|\\.)*"\s*|[^<"]*)<([^>]*)>(.*)', re.DOTALL)
_LIST_ELEMENT = re.compile(r'(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^",<])+')


class MalformedSip(WireError, ValueError):
    """A message that RFC 3261 does not allow: received, or about to be built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Headers and body. Content-Length is never among the headers: building writes it, parsing takes it away."""

    headers: tuple[Header, ...]
    body: bytes = b""

    def __post_init__(self) -> None:
        for name, value in self.headers:
            if not _TOKEN.fullmatch(name) or name.lower() == "content-length":
                raise MalformedSip(f"not a header name: {name!r}")
            if _CONTROL.search(value) or value != value.strip(" "):
                raise MalformedSip(f"not a value for {name}: {value!r}")

    def values(self, name: str) -> tuple[str, ...]:
        """The values of every header of that name, in order."""
        return tuple(value for header, value in self.headers if header.lower() == name.lower())

    def value(self, name: str) -> str:
        """The value of the first header of that name; MalformedSip when there is none."""
        for value in self.values(name):
            return value
        raise MalformedSip(f"no {name} header")

    @property
    def sequence(self) -> tuple[int, str]:
        """Number and method of CSeq."""
        number, _, method = self.value("CSeq").partition(" ")
        if not re.fullmatch(r"[0-9]{1,10}", number):
            raise MalformedSip(f"not a CSeq: {number!r}")
        return int(number), method.strip()

    @property
    def branch(self) -> str | None:
        """The branch of the topmost Via."""
        return parameter(split_list(self.value("Via"))[0], "branch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Message):
    """A request, with the URI it asks for."""

    method: str
    uri: str

    def __post_init__(self) -> None:
        Message.__post_init__(self)
        if not _TOKEN.fullmatch(self.method) or not _VISIBLE.fullmatch(self.uri):
            raise MalformedSip(f"not a request line: {self.method!r} {self.uri!r}")

    def build(self) -> bytes:
        """The message as it goes over the wire."""
        return _build(f"{self.method} {self.uri} SIP/2.0", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Message):
    """A response: provisional below 200, final from there."""

    status: int
    reason: str

    def __post_init__(self) -> None:
        Message.__post_init__(self)
        if not _STATUS_LINE.fullmatch(f"SIP/2.0 {self.status} ") or _CONTROL.search(self.reason):
            raise MalformedSip(f"not a status line: {self.status!r} {self.reason!r}")

    def build(self) -> bytes:
        """The message as it goes over the wire."""
        return _build(f"SIP/2.0 {self.status} {self.reason}", self)


def _build(start_line: str, message: Message) -> bytes:
    lines = [
        start_line,
        *(f"{name}: {value}" for name, value in message.headers),
        f"Content-Length: {len(message.body)}",
    ]
    try:
        return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + message.body
    except UnicodeEncodeError as error:
        raise MalformedSip("a header that UTF-8 cannot write") from error


def parse(message: bytes) -> Request | Response:
    """One whole message, whose Content-Length must be that of its body."""
    head, separator, body = message.partition(b"\r\n\r\n")
    if not separator:
        raise MalformedSip("no empty line after the headers")
    start_line, headers = _parse_head(head)
    if _content_length(headers) != len(body):
        raise MalformedSip("Content-Length is not the length of the body")
    return _message(start_line, headers, body)


class MessageReader:
    """Cuts a stream into messages by Content-Length, keeping what has come of the next one."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._received = b""

    def next_message(self, deadline: Deadline) -> Request | Response:
        """The next message; empty lines between messages (RFC 5626 §4.4.1 keep-alives) are passed over."""
        while b"\r\n\r\n" not in self._without_leading_line_ends():
            if len(self._received) > HEAD_LIMIT:
                raise MalformedSip("headers without end")
            self._received += receive(self._stream, deadline)
        head, _, _ = self._received.partition(b"\r\n\r\n")
        if len(head) > HEAD_LIMIT:
            raise MalformedSip("headers too long")
        start_line, headers = _parse_head(head)
        start, end = len(head) + 4, len(head) + 4 + _content_length(headers)
        while len(self._received) < end:
            self._received += receive(self._stream, deadline)
        body, self._received = self._received[start:end], self._received[end:]
        return _message(start_line, headers, body)

    def _without_leading_line_ends(self) -> bytes:
        self._received = self._received.lstrip(b"\r\n")
        return self._received


def _parse_head(head: bytes) -> tuple[str, list[Header]]:
    try:
        # RFC 3261 §7.3.1: a line that begins with white space goes on with the header before it.
        start_line, *lines = re.sub(r"\r\n[ \t]+", " ", head.decode()).split("\r\n")
    except UnicodeDecodeError as error:
        raise MalformedSip("headers are not UTF-8") from error
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise MalformedSip(f"not a header: {line!r}")
        name = name.rstrip(" \t")
        headers.append((COMPACT_FORMS.get(name.lower(), name), value.strip(" \t").replace("\t", " ")))
    return start_line, headers


def _content_length(headers: Sequence[Header]) -> int:
    # RFC 3261 §20.14: on a stream it must be there. Two that differ are an attack on the framing.
    lengths = {value for name, value in headers if name.lower() == "content-length"}
    if len(lengths) != 1 or not re.fullmatch(r"[0-9]{1,7}", length := lengths.pop()) or int(length) > BODY_LIMIT:
        raise MalformedSip("no usable Content-Length")
    return int(length)


def _message(start_line: str, headers: Sequence[Header], body: bytes) -> Request | Response:
    kept = tuple(header for header in headers if header[0].lower() != "content-length")
    if status_line := _STATUS_LINE.fullmatch(start_line):
        return Response(status=int(status_line[1]), reason=status_line[2], headers=kept, body=body)
    if request_line := _REQUEST_LINE.fullmatch(start_line):
        return Request(method=request_line[1], uri=request_line[2], headers=kept, body=body)
    raise MalformedSip(f"not SIP: {start_line[:80]!r}")


def parameter(value: str, name: str) -> str | None:
    """A header parameter such as `tag` or `branch`, looked for behind the address."""
    name_address = _NAME_ADDRESS.fullmatch(value)
    parameters = name_address[2] if name_address else value.partition(";")[2]
    for word in parameters.split(";"):
        key, _, content = word.partition("=")
        if key.strip().lower() == name:
            return content.strip()
    return None


def address_uri(value: str) -> str:
    """The URI of a From, To, Contact or Record-Route value."""
    name_address = _NAME_ADDRESS.fullmatch(value)
    return name_address[1] if name_address else value.partition(";")[0].strip()


def split_list(value: str) -> list[str]:
    """The elements of a comma-separated header, commas in quotes or angle brackets left alone."""
    return [element.strip() for element in _LIST_ELEMENT.findall(value)] or [""]
