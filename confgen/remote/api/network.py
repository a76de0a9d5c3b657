"""The network that httpcore is given: streams of ours, TLS of ours, and one deadline for a whole exchange."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from confgen.model.stream import Stream
from confgen.remote.api.errors import ApiConnectionLost, ApiTooSlow, ApiUnreachable, TlsRefused
from confgen.remote.api.place import ApiPlace
from confgen.streams import tcp
from confgen.streams.tls import CertificateRefused, HandshakeFailed, SecureStream

CONNECT_TIMEOUT = 10.0  # seconds, for the connection, and again for the handshake
_GLANCE = 0.001  # seconds
_PIECE = 16384  # bytes that are sent before the deadline is looked at again


class Budget:
    """The time that one exchange has, from the first byte to the last, and what has come of its answer."""

    def __init__(self) -> None:
        self.has_ended = False  # the far end says no more
        self._asked = ""
        self._timeout = 0.0
        self._deadline: tcp.Deadline | None = None

    def begin(self, asked: str, timeout: float) -> None:
        """For a request, named as errors may name it."""
        self.has_ended = False
        self._asked, self._timeout, self._deadline = asked, timeout, None

    def deadline(self) -> tcp.Deadline:
        """The clock starts with the first byte."""
        self._deadline = self._deadline or tcp.Deadline.after(self._timeout)
        return self._deadline

    def too_slow(self, place: ApiPlace) -> ApiTooSlow:
        """What is told when it is used up."""
        return ApiTooSlow(
            f"{place}: no whole answer to {self._asked} within {self._timeout:g} s; whether it was carried out is not "
            "known"
        )

    def lost(self, place: ApiPlace, why: object) -> ApiConnectionLost:
        """What is told when the connection ends before the answer does."""
        return ApiConnectionLost(
            f"{place}: {why} before the answer to {self._asked} had come; whether it was carried out is not known"
        )


class Network(httpcore.NetworkBackend):
    """Connects to one place only; no local port is opened, and no name looked up but the place's own."""

    def __init__(self, place: ApiPlace, budget: Budget) -> None:
        self._place = place
        self._budget = budget

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 -- there is one place
        port: int,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002 -- there is one deadline
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """A connection in clear, on which nothing but TLS is spoken."""
        try:
            with tcp.translated_errors():
                stream = self._place.dial(CONNECT_TIMEOUT)
        except (tcp.WireError, UnicodeError) as error:
            raise ApiUnreachable(f"{self._place}: {error}; {self._place.mend}") from error
        return Carried(stream, self._place, self._budget)


class Carried(httpcore.NetworkStream):
    """One of our streams, as httpcore wants it."""

    def __init__(self, stream: Stream, place: ApiPlace, budget: Budget) -> None:
        self._stream = stream
        self._place = place
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 -- there is one deadline
        """At most so many bytes; b"" at the end of the stream."""
        try:
            with tcp.translated_errors():
                received = self._stream.receive(max_bytes, self._budget.deadline().remaining())
        except tcp.TimedOut as error:
            raise self._budget.too_slow(self._place) from error
        except tcp.WireError as error:
            raise self._budget.lost(self._place, error) from error
        self._budget.has_ended = not received
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 -- there is one deadline
        """Send everything."""
        try:
            for start in range(0, len(buffer), _PIECE):
                self._budget.deadline().remaining()
                with tcp.translated_errors():
                    self._stream.send_all(buffer[start : start + _PIECE])
        except tcp.TimedOut as error:
            raise self._budget.too_slow(self._place) from error
        except tcp.Closed as error:  # there may be an answer all the same, and httpcore looks for it
            raise httpcore.WriteError(str(error)) from error
        except tcp.WireError as error:
            raise self._budget.lost(self._place, error) from error

    def close(self) -> None:
        """Close at once; closing twice is fine."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 -- it has its own
    ) -> httpcore.NetworkStream:
        """TLS with whoever proves to have the name, and with nobody else."""
        try:
            secured = SecureStream(self._stream, ssl_context, server_hostname or "")
            secured.shake_hands(tcp.Deadline.after(CONNECT_TIMEOUT))
        except BaseException as error:
            self._stream.close()
            if isinstance(error, tcp.WireError):
                raise self._not_secured(error) from error
            raise
        return Carried(secured, self._place, self._budget)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 -- httpcore's own
        """Of an idle connection, whether it has ended: what can be read there can only be its end."""
        if info != "is_readable":
            return None
        try:
            with tcp.translated_errors():
                self._stream.receive(1, _GLANCE)
        except tcp.TimedOut:
            return False
        except tcp.WireError:
            return True
        return True

    def _not_secured(self, error: tcp.WireError) -> TlsRefused | ApiUnreachable:
        match error:
            case CertificateRefused():
                return TlsRefused(
                    f"{self._place}: its certificate does not hold: {error.verify_message}; it must be for "
                    f"{self._place.name}, in time, and lead to `api: {{authority: …}}`, or to an authority of this "
                    "machine"
                )
            case HandshakeFailed():
                return TlsRefused(f"{self._place}: {error}; is `api: {{port: …}}` the HTTPS port of the PBX's console?")
            case _:
                return ApiUnreachable(f"{self._place}: {error} before TLS had come about; {self._place.mend}")
