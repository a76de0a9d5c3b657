"""One request and its raw answer, over a connection that is kept from one to the next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpcore

from confgen import __version__
from confgen.remote.api.errors import NotUnderstood, TlsRefused
from confgen.remote.api.network import Budget, Network
from confgen.remote.api.place import ApiPlace
from confgen.streams.tls import HandshakeFailed, verifying_context

_IDLE = 30.0  # seconds until a connection is not used again: less than any server waits before it closes one
_PATH = re.compile(r"/[!-~]*")
_ALWAYS = (("Accept", "application/json"), ("User-Agent", f"confgen/{__version__}"))
_KEPT_BACK = frozenset({"set-cookie", "set-cookie2", "www-authenticate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """What came back; the content may be anything, and may hold secrets."""

    asked: str  # the request, as errors may name it
    status: int
    headers: Mapping[str, str]  # names in small letters
    content: bytes

    def __repr__(self) -> str:
        return f"RawAnswer({self.status}, {len(self.content)} bytes)"


class Exchange:
    """Speaks HTTP/1.1 inside verified TLS; for one thread at a time."""

    def __init__(self, place: ApiPlace, authority: str | None) -> None:
        """Nothing is opened before something is asked for; `authority` is PEM, None means those of this machine."""
        self._place = place
        self._authority = authority
        self._budget = Budget()
        self._connection: httpcore.HTTPConnection | None = None

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str], content: bytes | None, timeout: float, limit: int
    ) -> RawAnswer:
        """The answer, of at most `limit` bytes, within `timeout` seconds from the first byte to the last.

        Nothing is sent twice, and no redirect is followed. HostError where there is no answer.
        """
        if not _PATH.fullmatch(path):
            raise ValueError("the path of a request begins with a slash and is encoded already")
        asked = f"{method} {path.partition('?')[0]}"
        self._budget.begin(asked, timeout)
        try:
            with self._connected().stream(
                method,
                httpcore.URL(scheme="https", host=self._place.name, port=self._place.port, target=path),
                headers=[*_ALWAYS, *headers.items()],
                content=content,
            ) as response:
                return self._read(response, asked, limit)
        except httpcore.RemoteProtocolError:  # its words are what came, and that may be anything
            if self._budget.has_ended:
                raise self._budget.lost(self._place, "the server closed the connection") from None
            raise NotUnderstood(f"{self._place}: the answer to {asked} is no HTTP") from None

    def close(self) -> None:
        """End the connection; whoever asks next makes another one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> httpcore.HTTPConnection:
        """The connection there is, unless it has ended while it was idle: then nothing was sent on it yet."""
        kept = self._connection
        if kept is not None and kept.is_available() and not kept.has_expired():
            return kept
        self.close()
        try:
            context = verifying_context(self._authority)
        except HandshakeFailed as error:
            raise TlsRefused(f"{self._place}: {error}; mend `api: {{authority: …}}`") from error
        self._connection = httpcore.HTTPConnection(
            httpcore.Origin(b"https", self._place.name.encode("ascii"), self._place.port),
            ssl_context=context,
            keepalive_expiry=_IDLE,
            network_backend=Network(self._place, self._budget),
        )
        return self._connection

    def _read(self, response: httpcore.Response, asked: str, limit: int) -> RawAnswer:
        headers: dict[str, str] = {}
        for name, value in response.headers:
            known = name.decode("ascii", "replace").lower()
            if known not in _KEPT_BACK:
                told = value.decode("latin-1")
                headers[known] = f"{headers[known]}, {told}" if known in headers else told
        content = bytearray()
        for chunk in response.iter_stream():
            content += chunk
            if len(content) > limit:
                raise NotUnderstood(f"{self._place}: the answer to {asked} is longer than {limit >> 10} KiB")
        return RawAnswer(asked=asked, status=response.status, headers=headers, content=bytes(content))
