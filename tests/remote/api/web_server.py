"""An HTTPS server inside the test: it gives tokens, and answers as well or as badly as a test wants."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

from tests.verify.wire.servers import serving

SECRET = "sentinel-client-secret"
TOKEN_PATH = "/connect/token"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]  # names in small letters
    content: bytes

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.content.decode())

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


Answer = Callable[[socket.socket, Asked], bool]  # whether the connection goes on


def json_answer(status: int, body: object) -> Answer:
    return raw_answer(status, json.dumps(body).encode(), "application/json; odata.metadata=minimal; charset=utf-8")


def raw_answer(status: int, content: bytes, kind: str = "text/html", *more: str) -> Answer:
    lines = [f"HTTP/1.1 {status} Something", f"Content-Type: {kind}", f"Content-Length: {len(content)}", *more]
    if status == 204:
        lines = [lines[0], *more]
    whole = "\r\n".join((*lines, "", "")).encode() + content

    def answer(connection: socket.socket, _asked: Asked) -> bool:
        connection.sendall(whole)
        return not any(line.lower() == "connection: close" for line in more)

    return answer


def closing(_connection: socket.socket, _asked: Asked) -> bool:
    """Hang up without a word."""
    return False


def closing_after(answer: Answer) -> Answer:
    """Hang up after the answer, without having said so."""

    def answered(connection: socket.socket, asked: Asked) -> bool:
        answer(connection, asked)
        return False

    return answered


def dripping(content: bytes, every: float = 0.02) -> Answer:
    """One byte after the other."""

    def answer(connection: socket.socket, _asked: Asked) -> bool:
        for octet in content:
            connection.sendall(bytes([octet]))
            time.sleep(every)
        return False

    return answer


def silent(connection: socket.socket, _asked: Asked) -> bool:
    """Say nothing until the other end has had enough."""
    connection.recv(1)
    return False


@dataclass(kw_only=True)
class WebServer:
    """`answers` are used up one after the other, then each request gets an empty object; the token is looked at."""

    answers: list[Answer] = field(default_factory=list)
    token_answers: list[Answer] = field(default_factory=list)  # before those that give one
    expires_in: object = 60
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    port: int = 0
    valid: str | None = None  # the one token there is
    given: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def revoke(self) -> None:
        """As another run does that takes a token for the same client."""
        self.valid = None

    @property
    def requests(self) -> list[Asked]:
        """Those that were not for a token."""
        return [asked for asked in self.asked if asked.path != TOKEN_PATH]

    @property
    def token_requests(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == TOKEN_PATH]

    def handle(self, connection: socket.socket) -> None:
        with self._lock:
            self.connections += 1
        unread = b""
        while True:
            while b"\r\n\r\n" not in unread:
                received = connection.recv(65536)
                if not received:
                    return
                unread += received
            head, _, unread = unread.partition(b"\r\n\r\n")
            request, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            length = int(headers.get("content-length", "0"))
            while len(unread) < length:
                unread += connection.recv(65536)
            content, unread = unread[:length], unread[length:]
            method, path, _ = request.split(" ")
            asked = Asked(method=method, path=path, headers=headers, content=content)
            with self._lock:
                self.asked.append(asked)
                answer = self._answer(asked)
            if not answer(connection, asked):
                return

    def _answer(self, asked: Asked) -> Answer:
        if asked.path == TOKEN_PATH:
            if self.token_answers:
                return self.token_answers.pop(0)
            if asked.form.get("client_secret") != [SECRET]:
                return json_answer(401, {"error": "invalid_client"})
            self.given += 1
            self.valid = f"sentinel-token-{self.given}"
            token = {"token_type": "Bearer", "expires_in": self.expires_in, "access_token": self.valid}
            return json_answer(200, {**token, "refresh_token": None})
        if asked.token != self.valid:
            return raw_answer(401, b"", "text/plain")
        return self.answers.pop(0) if self.answers else json_answer(200, {})


@contextmanager
def web_server(certificate: tuple[Path, Path], version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> Iterator[WebServer]:
    """A server on a port of its own of 127.0.0.1; whoever asks it closes first."""
    server = WebServer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = version
    context.load_cert_chain(*certificate)

    def handle(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.open += 1
        try:
            with context.wrap_socket(connection, server_side=True) as secured:
                server.handle(secured)
        finally:
            server.open -= 1

    with serving(handle) as address:
        server.port = address.port
        yield server
