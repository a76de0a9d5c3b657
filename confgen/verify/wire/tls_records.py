"""What a TLS server says before it encrypts: records put together to handshake messages and alerts."""

from __future__ import annotations

from dataclasses import dataclass

from confgen.model.stream import Stream
from confgen.streams.tcp import Deadline, WireError, receive

CHANGE_CIPHER_SPEC = 20
ALERT = 21
HANDSHAKE = 22
APPLICATION_DATA = 23

MAJOR_VERSION = 3  # SSL 3.0 and every TLS
RECORD_HEADER_LENGTH = 5
MESSAGE_HEADER_LENGTH = 4
ALERT_LENGTH = 2
# RFC 5246 §6.2.3: 2^14 bytes and what encryption may add.
RECORD_LIMIT = 2**14 + 2048
# A chain of certificates may be long, but not this long.
FLIGHT_LIMIT = 2**18

# IANA TLS Alerts.
ALERT_NAMES = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    22: "record_overflow",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    112: "unrecognized_name",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
}
_FATAL = 2


class MalformedTls(WireError):
    """What came is not TLS; `received` keeps its first bytes."""

    def __init__(self, received: bytes) -> None:
        super().__init__(f"not TLS: {received[:40]!r}")
        self.received = received


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert by its IANA name."""

    description: str


@dataclass(frozen=True, slots=True)
class HandshakeMessage:
    """One handshake message, whatever records it came in."""

    kind: int
    body: bytes


class ServerFlight:
    """The messages of a server, one after the other, until a deadline."""

    def __init__(self, stream: Stream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline
        self._received = b""
        self._handshake = b""
        self._total = 0

    def next_message(self) -> HandshakeMessage | Alert:
        """The next message; warnings that leave the handshake going are passed over."""
        while True:
            message = self._complete_message()
            if message is not None:
                return message
            content_type, content = self._next_record()
            if content_type == HANDSHAKE:
                self._handshake += content
            elif content_type == ALERT:
                alert = _alert(content)
                if alert is not None:
                    return alert
            elif content_type != CHANGE_CIPHER_SPEC:  # RFC 8446 §D.4: that one is for middleboxes and means nothing
                raise MalformedTls(content)

    def _complete_message(self) -> HandshakeMessage | None:
        end = MESSAGE_HEADER_LENGTH + int.from_bytes(self._handshake[1:MESSAGE_HEADER_LENGTH], "big")
        if len(self._handshake) < end:
            return None
        message = HandshakeMessage(self._handshake[0], self._handshake[MESSAGE_HEADER_LENGTH:end])
        self._handshake = self._handshake[end:]
        return message

    def _next_record(self) -> tuple[int, bytes]:
        self._fill(RECORD_HEADER_LENGTH)
        content_type, major = self._received[0], self._received[1]
        length = int.from_bytes(self._received[3:RECORD_HEADER_LENGTH], "big")
        if (
            not CHANGE_CIPHER_SPEC <= content_type <= APPLICATION_DATA
            or major != MAJOR_VERSION
            or not 0 < length <= RECORD_LIMIT
        ):
            raise MalformedTls(self._received)
        self._fill(RECORD_HEADER_LENGTH + length)
        content = self._received[RECORD_HEADER_LENGTH : RECORD_HEADER_LENGTH + length]
        self._received = self._received[RECORD_HEADER_LENGTH + length :]
        return content_type, content

    def _fill(self, length: int) -> None:
        while len(self._received) < length:
            received = receive(self._stream, self._deadline)
            self._total += len(received)
            self._received += received
            if self._total > FLIGHT_LIMIT:
                raise MalformedTls(self._received)


def _alert(content: bytes) -> Alert | None:
    """The alert in a record; None for a warning after which the handshake goes on."""
    if len(content) != ALERT_LENGTH:
        raise MalformedTls(content)
    level, number = content
    description = ALERT_NAMES.get(number, f"alert {number}")
    return Alert(description) if level == _FATAL or description == "close_notify" else None
