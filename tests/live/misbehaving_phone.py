"""A phone that fills its PBX's log, with lines of its own invention among them."""

from __future__ import annotations

import contextlib
import hashlib
import re
import socket
import ssl
import threading
from collections.abc import Iterator

from lab.clients.phone import Phone
from lab.instance import CONTROL_ADDRESS, Instance

INVENTED = "[2026-11-25 12:00:00.000] ERROR[1] config.c: invented"
_PAUSE = 0.1  # seconds


@contextlib.contextmanager
def misbehaving(lab: Instance, phone: Phone) -> Iterator[None]:
    """For the length of the block: wrong passwords, and numbers and packets that hold lines of a log."""
    stop = threading.Event()

    def misbehave() -> None:
        with lab.inside():
            turn = 0
            while not stop.is_set():
                turn += 1
                with contextlib.suppress(OSError):
                    _round(phone, turn)
                stop.wait(_PAUSE)

    thread = threading.Thread(target=misbehave)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _round(phone: Phone, turn: int) -> None:
    line = f"{INVENTED} '{turn}'"  # another one each time: what was logged before is not held against a push
    context = ssl.create_default_context(cafile=str(phone.authority))
    with (
        socket.create_connection((phone.server, phone.port), timeout=2) as plain,
        context.wrap_socket(plain, server_hostname=phone.server) as connection,
    ):
        connection.sendall(_request(phone, "REGISTER", phone.server, turn, 1, "Authorization: Digest nonsense\r\n"))
        connection.recv(4096)
        # A phone may dial whatever it likes, line breaks included.
        dialled = "9" + "".join(f"%{byte:02x}" for byte in f"\n{line}".encode())
        uri = f"{dialled}@{phone.server}"
        connection.sendall(_request(phone, "INVITE", uri, turn, 1, ""))
        challenge = connection.recv(4096).decode(errors="replace")
        connection.sendall(_request(phone, "INVITE", uri, turn, 2, _answer(phone, uri, challenge)))
        connection.recv(4096)
        # An answer to nothing, without the headers that each message has: what it holds is logged as it is.
        connection.sendall(f"SIP/2.0 200 OK\r\nVia: nothing\r\n{line}\r\n\r\n".encode())


def _request(phone: Phone, method: str, uri: str, turn: int, number: int, more: str) -> bytes:
    name = f"{method}{turn}"
    return (
        f"{method} sip:{uri} SIP/2.0\r\n"
        f"Via: SIP/2.0/TLS {CONTROL_ADDRESS}:5999;rport;branch=z9hG4bK{name}-{number}\r\n"
        "Max-Forwards: 70\r\n"
        f"From: <sip:{phone.user}@{phone.server}>;tag={name}\r\nTo: <sip:{uri}>\r\n"
        f"Call-ID: {name}@misbehaving\r\nCSeq: {number} {method}\r\n"
        f"Contact: <sip:{phone.user}@{CONTROL_ADDRESS}:5999;transport=tls>\r\n"
        f"{more}Content-Length: 0\r\n\r\n"
    ).encode()


def _answer(phone: Phone, uri: str, challenge: str) -> str:
    """RFC 7616 §3.4, with MD5."""
    asked = dict(re.findall(r'(\w+)="?([^",\r]+)"?', challenge.partition("Authenticate: Digest ")[2]))
    secret = _md5(f"{phone.user}:{asked.get('realm')}:{phone.password}")
    response = _md5(f"{secret}:{asked.get('nonce')}:00000001:c:auth:{_md5(f'INVITE:sip:{uri}')}")
    return (
        f'Authorization: Digest username="{phone.user}", realm="{asked.get("realm")}", nonce="{asked.get("nonce")}", '
        f'uri="sip:{uri}", response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c", '
        f'opaque="{asked.get("opaque")}"\r\n'
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
