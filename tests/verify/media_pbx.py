"""A PBX on loopback that speaks real SRTP and DTLS-SRTP, honest or as its behaviour tells it to lie."""

from __future__ import annotations

import base64
import os
import random
import re
import secrets
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pylibsrtp

from confgen.streams.tcp import Address, Closed
from confgen.verify.wire.rtp import Header, payload_of
from confgen.verify.wire.sip import Request
from tests.verify.far_end_of_dtls import FarEnd
from tests.verify.wire.servers import server_context, serving, shaking_hands
from tests.verify.wire.sip_server import Connection, FakePbx

REPORT = bytes.fromhex("80c80006") + bytes(24)  # a sender report
_CONTROL_AFTER = 3  # packets, where the PBX sends RTCP


@dataclass(kw_only=True)
class Network:
    """What becomes of datagrams on their way; the same at every run."""

    loss: float = 0.0
    doubling: float = 0.0
    reordering: float = 0.0
    delay: float = 0.0  # seconds, of media
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 -- no secret
    held: list[bytes] = field(default_factory=list)

    def through(self, datagram: bytes) -> Iterator[bytes]:
        if self.chance.random() < self.loss:
            return
        if not self.held and self.chance.random() < self.reordering:
            self.held.append(datagram)
            return
        yield datagram
        if self.chance.random() < self.doubling:
            yield datagram
        while self.held:
            yield self.held.pop()


class Leg:
    """The PBX's side of the media of one call."""

    def __init__(self, behaviour: Behaviour, host: str, offer: bytes) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.behaviour = behaviour
        self.media, self.elsewhere = (socket.socket(family, socket.SOCK_DGRAM) for _ in range(2))
        for one in (self.media, self.elsewhere):
            one.bind((host, 0))
        self.stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.stranger.bind(("127.0.0.2", 0))
        self.host = host
        self.caller = (host, _port(offer))
        self.key = os.urandom(30)
        self.incoming: list[pylibsrtp.Session] = []
        self.source = secrets.randbits(32)
        self.sequence = 100
        self.heard = 0
        self.was_replayed = False
        self.dtls: FarEnd | None = None
        self.hang_up: Callable[[], None] = lambda: None
        self.thread = threading.Thread(target=self.run, daemon=True)

    @property
    def port(self) -> int:
        port: int = self.media.getsockname()[1]
        return port

    def learn(self, key_and_salt: bytes) -> None:
        session = pylibsrtp.Session(pylibsrtp.Policy(key=key_and_salt, ssrc_type=pylibsrtp.Policy.SSRC_ANY_INBOUND))
        self.incoming = self.behaviour.rekey(self.incoming, session) if self.incoming else [session]

    def speak_with(self, key_and_salt: bytes) -> None:
        self.key = key_and_salt
        self.outgoing = pylibsrtp.Session(
            pylibsrtp.Policy(key=key_and_salt, ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        )

    def run(self) -> None:
        with suppress(OSError):
            if self.dtls is not None:
                keys = self.dtls.shake_hands(self.media, self.caller)
                if keys is None:
                    self.hang_up()
                    return
                self.speak_with(keys[0])
                self.learn(keys[1])
            while received := self.media.recv(65536):
                for datagram in self.behaviour.inbound.through(received):
                    self.take(datagram)

    def take(self, datagram: bytes) -> None:
        self.heard += 1
        packet = self.unprotected(datagram)
        for echo in self.behaviour.echo(self, datagram, packet):
            self.send(echo)
        if self.heard == _CONTROL_AFTER and self.behaviour.control is not None:
            host, port = self.caller
            target = (host, port if self.dtls is not None else port + 1)
            self.media.sendto(self.behaviour.control(self), target)

    def unprotected(self, datagram: bytes) -> bytes | None:
        self.was_replayed = False
        for session in self.incoming:
            try:
                return session.unprotect(datagram)
            except pylibsrtp.Error as error:
                self.was_replayed = "replay" in str(error)
        return None

    def send(self, datagram: bytes) -> None:
        for stray in self.behaviour.strays:
            self.stranger.sendto(stray, self.caller)
        sender = self.elsewhere if self.behaviour.is_elsewhere else self.media
        for one in self.behaviour.outbound.through(datagram):
            if self.behaviour.outbound.delay:
                threading.Timer(self.behaviour.outbound.delay, self.send_late, (sender, one)).start()
            else:
                sender.sendto(one, self.caller)

    def send_late(self, sender: socket.socket, datagram: bytes) -> None:
        with suppress(OSError):
            sender.sendto(datagram, self.caller)

    def in_clear(self, payload: bytes, source: int | None = None) -> bytes:
        """The next packet of our stream, before it is protected."""
        self.sequence += 1
        header = Header(
            sequence=self.sequence,
            timestamp=self.sequence * 160,
            source=self.source if source is None else source,
        )
        return header.build() + payload

    def protected(self, payload: bytes, source: int | None = None) -> bytes:
        return self.outgoing.protect(self.in_clear(payload, source))

    def move(self) -> None:
        """Go on from the other port, with a packet from the old one still on its way."""
        old, self.media, self.elsewhere = self.media, self.elsewhere, self.media
        old.sendto(self.protected(os.urandom(160)), self.caller)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def close(self) -> None:
        for one in (self.media, self.elsewhere, self.stranger):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


Echo = Callable[[Leg, bytes, bytes | None], Iterable[bytes]]


def honest(leg: Leg, datagram: bytes, packet: bytes | None) -> Iterator[bytes]:
    """What is authentic is echoed; of a replay, Asterisk sends the ciphertext back as if it were audio."""
    if packet is not None:
        yield leg.protected(payload_of(packet))
    elif leg.was_replayed:
        yield leg.in_clear(datagram[12:])


def sdes_line(offered_tag: bytes, suite: bytes, key: bytes, _offered_key: bytes) -> bytes:
    return b"a=crypto:%b %b inline:%b" % (offered_tag, suite, base64.b64encode(key))


@dataclass(kw_only=True)
class Behaviour:
    """What the PBX answers and what it sends; without a word, it is honest."""

    profile: bytes | None = None  # the offered one
    line: Callable[[bytes, bytes, bytes, bytes], bytes] = sdes_line
    echo: Echo = honest
    is_elsewhere: bool = False  # sends from another port than it answered
    strays: tuple[bytes, ...] = ()  # what somebody else sends to us meanwhile, from 127.0.0.2
    control: Callable[[Leg], bytes] | None = None
    rekey: Callable[[list[pylibsrtp.Session], pylibsrtp.Session], list[pylibsrtp.Session]] = lambda _old, new: [new]
    inbound: Network = field(default_factory=Network)
    outbound: Network = field(default_factory=Network)
    ignores_bye: bool = False  # and is gone
    moves: bool = False  # to another port, which it answers to another offer
    refuses_another_offer: bool = False
    setup: bytes = b"active"
    verifies_fingerprint: bool = True
    hangs_up: bool = True  # where the fingerprint is wrong
    breaks_off: bool = False  # where the fingerprint is wrong: the connection that carries SIP
    announces_another: bool = False  # fingerprint than that of its certificate
    profile_of_srtp: bytes = b"SRTP_AES128_CM_SHA1_80"
    is_deaf: bool = False  # to a handshake
    alerts: bool = False  # in the handshake, where the fingerprint is wrong
    afterwards: Behaviour | None = None  # from the second call with DTLS on


class MediaPbx:
    """The PBX: a SIP server inside TLS, and a leg for each call."""

    def __init__(self, behaviour: Behaviour, password: str, host: str) -> None:
        self.behaviour = behaviour
        self.host = host
        self.legs: dict[str, Leg] = {}
        self.sip = FakePbx(password=password, on_invite=self.on_invite, on_bye=self.on_bye)

    def on_invite(self, connection: Connection, request: Request) -> None:
        call = request.value("Call-ID")
        had_dtls = any(leg.dtls is not None for leg in self.legs.values())
        behaviour = self.behaviour.afterwards if self.behaviour.afterwards and had_dtls else self.behaviour
        if call in self.legs and behaviour.refuses_another_offer:
            connection.reply(request, 488, "Not Acceptable Here")
            return
        if call in self.legs and behaviour.moves:
            self.legs[call].move()
        leg = self.legs.get(call) or Leg(behaviour, self.host, request.body)
        crypto = re.search(rb"a=crypto:(\d+) (\S+) inline:(\S+)", request.body)
        fingerprint = re.search(rb"a=fingerprint:sha-256 (\S+)", request.body)
        if crypto is not None:
            offered = base64.b64decode(crypto[3])
            leg.learn(offered)
            leg.speak_with(leg.key)
            lines = [behaviour.line(crypto[1], crypto[2], leg.key, offered)]
        else:
            assert fingerprint is not None
            leg.dtls = FarEnd(behaviour, fingerprint[1].decode())
            lines = [*leg.dtls.lines(), b"a=rtcp-mux"]
        profile = behaviour.profile or re.findall(rb"m=audio \d+ (\S+)", request.body)[0]
        network = b"IP6" if ":" in self.host else b"IP4"
        described = [
            b"v=0",
            b"o=- 1 1 IN %b %b" % (network, self.host.encode()),
            b"s=-",
            b"c=IN %b %b" % (network, self.host.encode()),
            b"t=0 0",
            b"m=audio %d %b 0" % (leg.port, profile),
            *lines,
        ]
        if call not in self.legs:
            self.legs[call] = leg
            if behaviour.breaks_off:
                leg.hang_up = connection.stream.close
            elif behaviour.hangs_up:
                leg.hang_up = lambda: connection.ask("BYE", call)
            leg.thread.start()
        connection.reply(request, 200, "OK", body=b"".join(line + b"\r\n" for line in described if line))

    def on_bye(self, connection: Connection, request: Request) -> None:
        if self.behaviour.ignores_bye:
            raise Closed("gone")
        connection.reply(request, 200, "OK")

    @property
    def calls_left_up(self) -> int:
        """How many calls were acknowledged and never ended by anybody."""
        ended = {m.value("Call-ID") for m in self.sip.requests("BYE")}
        hung_up = {call for call, leg in self.legs.items() if leg.dtls is not None and leg.dtls.has_refused}
        return len(set(self.legs) - ended - hung_up)


@contextmanager
def media_pbx(
    behaviour: Behaviour, certificate: tuple[Path, Path], password: str, host: str = "127.0.0.1"
) -> Iterator[tuple[MediaPbx, Address]]:
    """The PBX, and where it takes SIP inside TLS."""
    pbx = MediaPbx(behaviour, password, host)
    context = server_context(certificate, ssl.TLSVersion.TLSv1_2)
    try:
        with serving(shaking_hands(context, pbx.sip.serve), host) as address:
            yield pbx, address
    finally:
        for leg in pbx.legs.values():
            leg.close()
            leg.thread.join(5)


def _port(offer: bytes) -> int:
    return int(re.findall(rb"m=audio (\d+)", offer)[0])
