"""A small PBX for tests: SIP inside TLS on loopback, with behaviours that a real one shows only now and then."""

from __future__ import annotations

import hashlib
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from confgen.streams.tcp import Closed, Deadline, TcpStream
from confgen.verify.wire.sip import MalformedSip, MessageReader, Request, Response

ANSWER = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 20014 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA\r\n"
)
SDP = ("Content-Type", "application/sdp")


@dataclass
class FakePbx:
    """Keeps every message that came, and answers as told; `password` None takes everybody."""

    password: str | None = None
    uses_of_a_nonce: int = 1000
    on_invite: Callable[[Connection, Request], None] = lambda connection, request: connection.reply(
        request, 200, "OK", body=ANSWER
    )
    on_bye: Callable[[Connection, Request], None] = lambda connection, request: connection.reply(request, 200, "OK")
    gate: Callable[[Connection, Request], bool] = lambda connection, request: connection.is_let_in(request)
    received: list[Request | Response] = field(default_factory=list)
    connections: int = 0
    challenges_answered: int = 0  # the first time that a nonce came back with the right password
    passwords_refused: int = 0

    def serve(self, connection: socket.socket) -> None:
        self.connections += 1
        Connection(self, connection).run()

    def requests(self, method: str) -> list[Request]:
        return [m for m in self.received if isinstance(m, Request) and m.method == method]

    def methods(self) -> list[str]:
        return [message.method for message in self.received if isinstance(message, Request)]

    def statuses(self) -> list[int]:
        return [message.status for message in self.received if isinstance(message, Response)]


class LenientReader(MessageReader):
    """Drops what cannot be read, up to the next empty line, as pjsip does."""

    def next_message(self, deadline: Deadline) -> Request | Response:
        while True:
            try:
                return super().next_message(deadline)
            except MalformedSip as error:
                if "not a value" not in str(error):  # which is found out when the message has been cut off
                    self._received = self._received.partition(b"\r\n\r\n")[2]


class Connection:
    """One connection to the fake PBX."""

    def __init__(self, pbx: FakePbx, connection: socket.socket) -> None:
        self.pbx = pbx
        self.stream = TcpStream(connection, 5)
        self.reader = LenientReader(self.stream)
        self.nonce = 0
        self.uses = 0

    def run(self) -> None:
        try:
            while True:
                self.handle(self.next_message())
        except Closed:
            pass

    def next_message(self) -> Request | Response:
        message = self.reader.next_message(Deadline.after(5))
        self.pbx.received.append(message)
        return message

    def handle(self, message: Request | Response) -> None:
        if isinstance(message, Response) or message.method == "ACK" or "<" not in message.value("From"):
            return
        if message.method in {"INVITE", "REGISTER", "OPTIONS"} and not self.pbx.gate(self, message):
            return
        if message.method == "INVITE":
            self.pbx.on_invite(self, message)
        elif message.method == "BYE":
            self.pbx.on_bye(self, message)
        else:
            self.reply(message, 200, "OK")

    def is_let_in(self, request: Request) -> bool:
        if self.pbx.password is None:
            return True
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', "".join(request.values("Authorization"))))
        is_stale = bool(given) and given["nonce"] == f"nonce{self.nonce}" and self.uses >= self.pbx.uses_of_a_nonce
        self.uses += 1
        if given and not is_stale and given["nonce"] == f"nonce{self.nonce}" and self.is_right(request, given):
            self.pbx.challenges_answered += self.uses == 1
            return True
        self.pbx.passwords_refused += bool(given) and not is_stale
        self.nonce, self.uses = self.nonce + 1, 0
        challenge = f'Digest realm="pbx",nonce="nonce{self.nonce}",qop="auth",algorithm=MD5'
        stale = ",stale=true" if is_stale else ""
        self.reply(request, 401, "Unauthorized", ("WWW-Authenticate", challenge + stale))
        return False

    def is_right(self, request: Request, given: dict[str, str]) -> bool:
        def digest(text: str) -> str:
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

        secret = digest(f"{given['username']}:pbx:{self.pbx.password}")
        asked = digest(f"{request.method}:{request.uri}")
        wanted = digest(f"{secret}:{given['nonce']}:{given['nc']}:{given['cnonce']}:auth:{asked}")
        return given["response"] == wanted and given["uri"] == request.uri

    def reply(self, request: Request, status: int, reason: str, *extra: tuple[str, str], body: bytes = b"") -> None:
        copied = tuple((name, request.value(name)) for name in ("Via", "From", "Call-ID", "CSeq"))
        routes = tuple(("Record-Route", route) for route in request.values("Record-Route"))
        headers = (
            *copied,
            *routes,
            ("To", f"{request.value('To')};tag=pbx"),
            ("Contact", "<sip:echo@127.0.0.1:9;x=y>"),
            *extra,
        )
        content_type = (SDP,) if body else ()
        self.stream.send_all(
            Response(status=status, reason=reason, headers=(*headers, *content_type), body=body).build()
        )

    def ask(self, method: str, call_id: str) -> None:
        headers = (
            ("Via", "SIP/2.0/TLS pbx;branch=z9hG4bKpbx1"),
            ("Via", "SIP/2.0/TLS pbx;branch=z9hG4bKpbx0"),
            ("From", "<sip:echo@pbx>;tag=pbx"),
            ("To", "<sip:probe@pbx>"),
            ("Call-ID", call_id),
            ("CSeq", f"1 {method}"),
        )
        self.stream.send_all(Request(method=method, uri="sip:probe@pbx", headers=headers).build())
