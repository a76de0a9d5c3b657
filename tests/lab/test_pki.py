"""The lab's certificates are what OpenSSL accepts, and only where it should."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest

from lab.pki import Authority, Issued, KeyKind, make_authority


def handshake(folder: Path, issued: Issued, trusted: Authority, name: str) -> None:
    """Verify the certificate as a client does, over a socket pair; raises what the client says."""
    certificate, key = issued.write(folder, "server")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cadata=trusted.pem.decode())
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(theirs, server_side=True).close()
        except (ssl.SSLError, OSError):  # the client did not like us
            theirs.close()

    with ours:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            client.wrap_socket(ours, server_hostname=name).close()
        finally:
            ours.close()
            thread.join()


@pytest.mark.parametrize("key_kind", KeyKind)
@pytest.mark.parametrize("name", ["hq.example.test", "10.77.0.11"])
def test_a_certificate_is_good_for_its_names_and_addresses(tmp_path: Path, key_kind: KeyKind, name: str) -> None:
    authority = make_authority()
    issued = authority.issue(names=["hq.example.test"], addresses=["10.77.0.11"], key_kind=key_kind)

    handshake(tmp_path, issued, authority, name)


def test_a_certificate_is_refused_for_another_name(tmp_path: Path) -> None:
    authority = make_authority()

    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(tmp_path, authority.issue(names=["hq.example.test"]), authority, "branch.example.test")


def test_a_strangers_certificate_is_refused(tmp_path: Path) -> None:
    issued = make_authority().issue(names=["hq.example.test"])

    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(tmp_path, issued, make_authority(), "hq.example.test")


def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    authority = make_authority()

    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        handshake(tmp_path, authority.issue(names=["hq.example.test"], days=-1), authority, "hq.example.test")


def test_a_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    _, key = make_authority().issue(names=["hq.example.test"]).write(tmp_path, "hq")

    assert stat.S_IMODE(key.stat().st_mode) == 0o600
