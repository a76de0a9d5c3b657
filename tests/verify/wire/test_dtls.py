"""The handshake survives a lost datagram, and gives keys to nobody whose certificate was not announced."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cryptography import x509
from OpenSSL import SSL

from confgen.streams.tcp import Address, TimedOut
from confgen.verify.wire.datagrams import AT_ONCE, Datagrams, bound
from confgen.verify.wire.dtls import DtlsEnd, WrongCertificate, make_certificate
from confgen.verify.wire.sdp import Fingerprint
from tests.verify.far_end_of_dtls import FarEnd
from tests.verify.media_pbx import Behaviour

OWN = make_certificate()


class Lossy(Datagrams):
    """Loses the first datagrams that are sent."""

    lost = 0

    def send(self, content: bytes, target: Address) -> None:
        if self.lost:
            self.lost -= 1
            return
        super().send(content, target)


@contextmanager
def far_end(behaviour: Behaviour, ours: Address) -> Iterator[tuple[Address, Fingerprint, list[object]]]:
    """A far end that shakes hands with us; what came of it is in the list."""
    end = FarEnd(behaviour, OWN.fingerprint.value)
    announced = end.lines()[1].decode().partition(" ")[2]
    found: list[object] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as media:
        media.bind(("127.0.0.1", 0))
        media.settimeout(5)
        thread = threading.Thread(
            target=lambda: found.append(end.shake_hands(media, (ours.host, ours.port))), daemon=True
        )
        thread.start()
        address = Address(host="127.0.0.1", port=media.getsockname()[1])
        yield address, Fingerprint(hash_function="sha-256", value=announced), found
        thread.join(5)


@pytest.mark.parametrize("setup", [b"active", b"passive"])
def test_both_ends_have_the_same_keys_whoever_begins(setup: bytes) -> None:
    with bound("127.0.0.1") as ours, far_end(Behaviour(setup=setup), ours.local) as (remote, announced, found):
        keys = DtlsEnd(ours, remote, OWN, is_client=setup == b"passive").shake_hands(announced, 5, 5)
    assert found == [(keys.theirs, keys.ours)]
    assert keys.ours != keys.theirs
    assert keys.version == "DTLSv1.2"
    assert str(keys).count("b'") == 0  # no key in a message


def test_a_lost_datagram_is_sent_again() -> None:
    """It takes a second: that is when DTLS says it again (RFC 6347 §4.2.4.1)."""
    with bound("127.0.0.1") as sockets:
        ours = Lossy(sockets._media, sockets._control)  # noqa: SLF001 -- the same sockets, with a worse network
        ours.lost = 1
        with far_end(Behaviour(setup=b"passive"), ours.local) as (remote, announced, found):
            keys = DtlsEnd(ours, remote, OWN, is_client=True).shake_hands(announced, 5, 5)
    assert found == [(keys.theirs, keys.ours)]


def test_media_that_comes_before_the_handshake_is_over_is_kept() -> None:
    with (
        bound("127.0.0.1") as ours,
        far_end(Behaviour(), ours.local) as (remote, announced, _),
        bound("127.0.0.1") as other,
    ):
        other.send(b"\x80early", ours.local)
        end = DtlsEnd(ours, remote, OWN, is_client=False)
        end.shake_hands(announced, 5, 5)
        assert [(one.content, one.source) for one in end.early] == [(b"\x80early", other.local)]


def test_what_comes_early_is_not_kept_without_limit() -> None:
    with bound("127.0.0.1") as ours, bound("127.0.0.1") as nobody, bound("127.0.0.1") as other:
        end = DtlsEnd(ours, nobody.local, OWN, is_client=True)
        for _ in range(3):
            for _ in range(100):  # fits into the buffer of a socket
                other.send(b"\x80early", ours.local)
            with pytest.raises(TimedOut):
                end.shake_hands(OWN.fingerprint, 0.02, 60)
    assert len(end.early) == AT_ONCE


def test_a_silent_far_end_is_not_waited_for_long() -> None:
    with bound("127.0.0.1") as ours, bound("127.0.0.1") as nobody, pytest.raises(TimedOut):
        DtlsEnd(ours, nobody.local, OWN, is_client=True).shake_hands(OWN.fingerprint, 0.02, 60)


def test_a_certificate_that_cannot_be_read_gets_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    read = SSL.Connection.get_peer_certificate

    def bent(connection: SSL.Connection, *, as_cryptography: bool = False) -> object:
        if threading.current_thread() is threading.main_thread():  # the far end, in another one, reads ours
            raise x509.InvalidVersion("5 is not a valid X509 version", 5)
        return read(connection, as_cryptography=as_cryptography)  # type: ignore[call-overload]

    monkeypatch.setattr(SSL.Connection, "get_peer_certificate", bent)
    announced = Fingerprint(hash_function="sha-256", value="00:" * 31 + "00")
    with (
        bound("127.0.0.1") as ours,
        far_end(Behaviour(), ours.local) as (remote, _, _),
        pytest.raises(WrongCertificate, match="cannot be read"),
    ):
        DtlsEnd(ours, remote, OWN, is_client=False).shake_hands(announced, 5, 5)


@pytest.mark.parametrize(
    "announced",
    [
        Fingerprint(hash_function="sha-256", value="00:" * 31 + "00"),
        Fingerprint(hash_function="sha-1", value="00:" * 19 + "00"),
        Fingerprint(hash_function="sha-256", value=""),
    ],
)
def test_a_certificate_that_was_not_announced_gets_no_keys(announced: Fingerprint) -> None:
    with (
        bound("127.0.0.1") as ours,
        far_end(Behaviour(), ours.local) as (remote, _, _),
        pytest.raises(WrongCertificate),
    ):
        DtlsEnd(ours, remote, OWN, is_client=False).shake_hands(announced, 5, 5)
