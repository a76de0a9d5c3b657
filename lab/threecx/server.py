"""Serves a contract fake by HTTPS, and lets whoever holds its control socket say how it misbehaves."""

from __future__ import annotations

import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from confgen.model.api import ApiAnswer
from lab.threecx.answers import Asked
from lab.threecx.quirks import Quirks
from lab.threecx.xapi import ContractFake, LinkCut

_IDLE_SECONDS = 30.0
_MOST_BODY = 1_000_000  # bytes


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "confgen-contract-fake"
    sys_version = ""
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True  # else the body waits for who asks to acknowledge the headers, 40 ms long
    server: _HttpsServer

    def answer(self) -> None:
        """Whatever the method."""
        length = int(self.headers.get("Content-Length", "0"))
        if length > _MOST_BODY:
            self.close_connection = True
            return
        asked = Asked(
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        try:
            with self.server.fake.turn:
                answer = self.server.fake.answer(asked)
        except LinkCut as cut:
            self.close_connection = True
            if cut.half is not None:
                head, body = _written(cut.half)
                self._send(cut.half, head, body[: len(body) // 2])
            self.connection.close()
            return
        head, body = _written(answer)
        self._send(answer, head, body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815 -- as http.server names them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- as http.server names it
        """Say nothing: the fake's own log masks secrets."""

    def _send(self, answer: ApiAnswer, head: dict[str, str], body: bytes) -> None:
        self.send_response(answer.status)
        for name, value in {**answer.headers, **head}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _written(answer: ApiAnswer) -> tuple[dict[str, str], bytes]:
    """Headers and bytes of the body, as long as it is whole."""
    if answer.body is None:
        return ({} if answer.status == 204 else {"Content-Length": "0"}), b""  # noqa: PLR2004 -- No Content
    body = json.dumps(answer.body).encode()
    return {"Content-Type": "application/json; charset=utf-8", "Content-Length": str(len(body))}, body


class _HttpsServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, fake: ContractFake, address: tuple[str, int], context: ssl.SSLContext) -> None:
        self.fake = fake
        self._context = context
        super().__init__(address, _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 -- as socketserver has them
        """Shake hands in the request's own thread, so that nobody holds up the others."""
        request.settimeout(_IDLE_SECONDS)
        with suppress(OSError), self._context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)


@contextmanager
def serving(fake: ContractFake, certificate: Path, key: Path, address: tuple[str, int]) -> Iterator[int]:
    """Serve until the block ends; gives the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with _HttpsServer(fake, address, context) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


class _ControlHandler(socketserver.StreamRequestHandler):
    """One line of JSON in, one out: {"set": QUIRKS}, {"renew": true}, {"tell": "log"} or {"tell": "objects"}."""

    server: _ControlServer

    def handle(self) -> None:
        """Do what the line says."""
        said = json.loads(self.rfile.readline())
        with self.server.fake.turn:
            told = _obeyed(self.server.fake, said)
        self.wfile.write(json.dumps(told).encode() + b"\n")


def _obeyed(fake: ContractFake, said: Mapping[str, Any]) -> dict[str, Any] | None:
    match said:
        case {"set": quirks}:
            fake.quirks = Quirks.from_json(json.dumps(quirks))
        case {"renew": _}:
            fake.renew()
        case {"tell": "log"}:
            return {"tries": fake.tokens.tries, "requests": [asdict(one) for one in fake.log]}
        case {"tell": "objects"}:
            collections = {name: list(kept.values()) for name, kept in fake.state.collections.items()}
            return {
                "collections": collections,
                "singletons": fake.state.singletons,
                "restarts": fake.state.restarts,
            }
        case other:
            raise ValueError(f"not a command: {', '.join(other)}")
    return None


class _ControlServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, fake: ContractFake, path: Path) -> None:
        self.fake = fake
        super().__init__(str(path), _ControlHandler)


@contextmanager
def controlled(fake: ContractFake, path: Path) -> Iterator[None]:
    """Listen at a socket in the file system, which no network reaches, until the block ends."""
    with _ControlServer(fake, path) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def command(path: Path, said: object) -> Any:  # noqa: ANN401, any JSON
    """Say one thing at a control socket."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_IDLE_SECONDS)
        connection.connect(str(path))
        connection.sendall(json.dumps(said).encode() + b"\n")
        with connection.makefile("rb") as answer:
            return json.loads(answer.readline())
