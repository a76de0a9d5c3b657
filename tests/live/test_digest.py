"""Where every phone can, no password lies on the PBX, and no name tells whether it is there."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from lab.clients.baresip import baresip
from lab.clients.pjsua import Pjsua2Missing, call_with_pjsua2
from tests.live.company import Company

_HASHED = "    extension_defaults: {digest: sha-256}\n"
_REGISTER = """\
REGISTER sip:{domain};transport=tls SIP/2.0
Via: SIP/2.0/TLS 10.77.0.1:5061;branch=z9hG4bK{name}
Max-Forwards: 70
From: <sip:{name}@{domain}>;tag=1
To: <sip:{name}@{domain}>
Call-ID: {name}
CSeq: 1 REGISTER
Contact: <sip:{name}@10.77.0.1;transport=tls>
Content-Length: 0

"""


def _algorithms(company: Company, pbx: str, name: str) -> list[str]:
    """What a stranger who gives himself this name is challenged with."""
    host = company.lab.hosts[pbx]
    context = ssl.create_default_context(cafile=str(company.authority))
    with (
        company.lab.inside(),
        socket.create_connection((host.address, 5061), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=host.domain) as stream,
    ):
        stream.sendall(_REGISTER.format(name=name, domain=host.domain).replace("\n", "\r\n").encode())
        answer = stream.recv(65536).decode()
    assert answer.startswith("SIP/2.0 401 "), answer
    return re.findall(r"algorithm=([\w-]+)", answer)


@pytest.mark.full
def test_phones_and_trunks_call_and_no_password_lies_on_the_host(company: Company, tmp_path: Path) -> None:
    for name in ("hq", "branch"):
        company.harm(name)
        company.change_inventory(f"  {name}:\n    kind", f"  {name}:\n{_HASHED}    kind")

    pushed = company.confgen("push", "--limit", "hq,branch")

    assert pushed.code == 0, pushed.told
    proven = company.verify("hq", "branch", "old")
    assert proven.code == 0, proven.told
    legs = {leg["name"]: leg["outcome"] for leg in proven.answer["legs"]}
    assert legs == {"hq-branch": "proven", "hq-old": "proven"}  # by SHA-256, and MD5 with the one that has no other

    phone = company.phone("101")
    with baresip(company.lab, phone, tmp_path / "phone") as client:
        assert not client.register().is_registered  # it answers nothing but MD5, and is not offered it
    assert _algorithms(company, "hq", "101") == _algorithms(company, "hq", "999") == ["SHA-256"]
    assert _algorithms(company, "hq", "hq-old") == ["MD5"]

    for pbx, numbers in (("hq", ("101", "102", "103")), ("branch", ("201", "202"))):
        written = (
            company.lab.hosts[pbx]
            .run(["sh", "-c", "cat /etc/confgen/asterisk/current/etc/* /etc/asterisk/*.conf"], check=True)
            .stdout.decode(errors="replace")
        )
        assert written.count("password_digest = SHA-256:") == 2 * len(numbers)
        assert not [number for number in numbers if company.phone(number).password in written]

    try:
        run = call_with_pjsua2(company.lab, phone, "600")
        refused = call_with_pjsua2(company.lab, replace(phone, password="wrong"), "600")
    except Pjsua2Missing as missing:
        pytest.skip(str(missing))
    assert run.registration.is_registered
    assert run.call is not None
    assert run.call.is_srtp
    assert min(run.call.packets_sent, run.call.packets_received) > 20
    assert not refused.registration.is_registered


def test_asterisk_16_is_refused_before_anything_is_reached(company: Company) -> None:
    company.change_inventory("  old:\n", f"  old:\n{_HASHED}")

    validated = company.confgen("validate")

    assert validated.code == 1
    assert "VER-02" in validated.told
    assert "Asterisk 20.12.0, 22.2.0 or 23.0.0" in validated.told
