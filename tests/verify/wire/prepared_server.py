"""A TLS server by hand, for what OpenSSL does not do on demand."""

from __future__ import annotations

import socket
import struct
from collections.abc import Collection

from confgen.verify.wire.cipher_suites import CipherSuite, Group


def record(content: bytes) -> bytes:
    return struct.pack("!BHH", 22, 0x0303, len(content)) + content


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def offered(hello: bytes, kind: int | None = None) -> list[int]:
    """The numbers of the suites in a ClientHello's record, or those in one of its extensions."""
    position = 5 + 4 + 2 + 32
    position += 1 + hello[position]
    length = struct.unpack_from("!H", hello, position)[0]
    if kind is None:
        return list(struct.unpack_from(f"!{length // 2}H", hello, position + 2))
    position += 2 + length + 2 + 2
    while position < len(hello):
        extension, length = struct.unpack_from("!HH", hello, position)
        if extension == kind:
            return list(struct.unpack_from(f"!{length // 2 - 1}H", hello, position + 6))
        position += 4 + length
    return []


class PreparedServer:
    """A server of TLS 1.2 by hand: takes the suites and groups that it knows, in the client's order.

    With `prefers` that group goes before the client's order, and without `needs` among those offered it declines.
    """

    def __init__(
        self,
        chain: Collection[bytes],
        suites: Collection[int],
        groups: Collection[int],
        prime: int = 2048,
        *,
        prefers: Group | None = None,
        needs: Group | None = None,
    ) -> None:
        self.chain, self.suites, self.groups, self.prime = chain, suites, groups, prime
        self.prefers, self.needs = prefers, needs
        self.connections = 0

    def serve(self, connection: socket.socket) -> None:
        self.connections += 1
        hello = connection.recv(65536)
        suite = next((number for number in offered(hello) if number in self.suites), None)
        if hello[9:11] != b"\3\3" or suite is None:
            connection.sendall(b"\x15\3\3\0\2\2\x28")
            return
        is_by_curve = "_ECDH" in CipherSuite(suite).name
        curves = offered(hello, 10)
        group = next((number for number in curves if number in self.groups), None)
        if self.prefers in curves:
            group = self.prefers
        if is_by_curve and (group is None or self.needs not in {None, *curves}):
            connection.sendall(b"\x15\3\3\0\2\2\x28")
            return
        certificates = b"".join(len(one).to_bytes(3, "big") + one for one in self.chain)
        is_by_rsa = CipherSuite(suite).name.startswith("TLS_RSA_WITH_")
        if is_by_curve:
            exchange = struct.pack("!BH", 3, group) + bytes(70)
        else:
            exchange = struct.pack("!H", self.prime // 8) + b"\xff" * (self.prime // 8) + bytes(70)
        chosen = struct.pack("!H", 0x0303) + bytes(33) + struct.pack("!HB", suite, 0)
        connection.sendall(
            record(
                message(2, chosen)
                + message(11, len(certificates).to_bytes(3, "big") + certificates)
                + (b"" if is_by_rsa else message(12, exchange))
                + message(14, b"")
            )
        )
        connection.recv(1)
