"""The manager interface and the HTTP server, when asked for, answer over TLS at their address and nowhere else."""

from __future__ import annotations

import re
import socket
import ssl
from contextlib import ExitStack, suppress

import pytest

from tests.live.company import Company

_ALLOWED, _ELSEWHERE = "10.77.0.2", "10.77.0.3"
_SECRET = "not-a-secret-of-anybody"
_SERVERS = """\
    ami:
      bind: {address}
      users:
        crm: {{secret: {{file: secrets/crm}}, permit: [10.77.0.2, 127.0.0.0/8], read: [call], write: [reporting]}}
    http: {{bind: {address}}}
"""


@pytest.fixture(params=["hq", pytest.param("old", marks=pytest.mark.full)], ids=["22", "16"])
def name(company: Company, request: pytest.FixtureRequest) -> str:
    """A PBX that was pushed with both."""
    name: str = request.param
    host = company.harm(name)
    secret = company.folder / "secrets" / "crm"
    secret.write_text(_SECRET, encoding="utf-8")
    secret.chmod(0o600)
    company.change_inventory(f"  {name}:\n", f"  {name}:\n{_SERVERS.format(address=host.address)}")
    pushed = company.confgen("push", "--limit", name, "--allow-weaker", "the tests manage it")
    assert pushed.code == 0, pushed.told
    return name


def _talk(company: Company, name: str, port: int, said: bytes, source: str, *, is_tls: bool = True) -> bytes:
    """What comes back until the far end is silent or gone."""
    host = company.lab.hosts[name]
    context = ssl.create_default_context(cafile=str(company.authority))
    with company.lab.inside(), ExitStack() as stack:
        stream = stack.enter_context(
            socket.create_connection((host.address, port), timeout=5, source_address=(source, 0))
        )
        if is_tls:
            stream = stack.enter_context(context.wrap_socket(stream, server_hostname=host.domain))
        stream.settimeout(1.5)
        stream.sendall(said)
        heard = b""
        with suppress(TimeoutError, ConnectionError):
            while received := stream.recv(65536):
                heard += received
        return heard


def _login(secret: str) -> bytes:
    return f"Action: Login\r\nUsername: crm\r\nSecret: {secret}\r\n\r\nAction: CoreStatus\r\n\r\n".encode()


@pytest.mark.full
def test_both_are_served_over_tls_alone_until_a_push_without_them(company: Company, name: str) -> None:
    _both_are_proven_and_answer_over_tls_alone(company, name)
    _what_is_opened_by_hand_is_told(company, name)
    _a_push_without_them_closes_both(company, name)


def _both_are_proven_and_answer_over_tls_alone(company: Company, name: str) -> None:
    host = company.lab.hosts[name]

    proven = company.verify(name)
    assert proven.code == 0, proven.told
    probed = {check["subject"] for check in proven.checks() if check["level"] == "tls"}
    assert {f"{host.address}:{port} TLS 1.{minor}" for port in (5039, 8089) for minor in (0, 1)} <= probed

    assert b"Message: Authentication accepted" in _talk(company, name, 5039, _login(_SECRET), _ALLOWED)
    assert b"Authentication accepted" not in _talk(company, name, 5039, _login("wrong"), _ALLOWED)
    assert b"Authentication accepted" not in _talk(company, name, 5039, _login(_SECRET), _ELSEWHERE)
    assert b"Authentication accepted" not in _talk(company, name, 5039, _login(_SECRET), _ALLOWED, is_tls=False)
    assert b"HTTP/1.1" in _talk(company, name, 8089, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", _ELSEWHERE)
    assert b"HTTP/1.1" not in _talk(company, name, 8089, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", _ELSEWHERE, is_tls=False)
    for port in (5038, 8088):
        with company.lab.inside(), pytest.raises(ConnectionRefusedError):
            socket.create_connection((host.address, port), timeout=5)

    # clear text on loopback: there, and good for nothing
    loopback = "exec 3<>/dev/tcp/127.0.0.1/5038; cat >&3; timeout 2 cat <&3"
    heard = host.run(["bash", "-c", loopback], stdin=_login(_SECRET)).stdout
    assert b"Asterisk Call Manager" in heard
    assert b"Authentication accepted" not in heard


def _what_is_opened_by_hand_is_told(company: Company, name: str) -> None:
    host = company.lab.hosts[name]
    path = "/etc/confgen/asterisk/current/etc/manager.conf"
    text = host.read(path).decode()
    harmed = re.sub(r"tlsdisablev1 = yes\n|tlsdisablev11 = yes\n|tlscipher = .*\n", "", text)
    host.write(path, f"{harmed}\n[mallory]\nsecret = x\nwrite = system\n".encode())
    host.asterisk("module reload manager")

    found = company.verify(name)

    assert {"MGMT-01", "MGMT-10", "STATE-06"} <= found.failed_codes()
    assert any("mallory" in check["message"] for check in found.checks())
    assert "TLS-06" in found.failed_codes()  # weak suites: Asterisk's own list has them


def _a_push_without_them_closes_both(company: Company, name: str) -> None:
    company.inventory.write_text(company.inventory_text, encoding="utf-8")
    pushed = company.confgen("push", "--overwrite-drift", "--limit", name)

    assert pushed.code == 0, pushed.told
    for port in (5038, 5039, 8089):
        with company.lab.inside(), pytest.raises(ConnectionRefusedError):
            socket.create_connection((company.lab.hosts[name].address, port), timeout=5)
