"""A company's own voicemail, queue and menu answer on both versions, in clear as they did and over TLS with SRTP."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lab.clients.baresip import baresip
from lab.clients.phone import Call, MediaEncryption, Phone, Transport
from lab.host import Host
from lab.instance import Instance
from lab.living_pbx import CONTEXT, MENU_NUMBER, PHONES, PIN, QUEUE_NUMBER, VOICEMAIL_NUMBER, settle
from lab.pki import Authority
from tests.live.lab.conftest import PASSWORD

pytestmark = pytest.mark.full

_SERVICES = [QUEUE_NUMBER, VOICEMAIL_NUMBER, MENU_NUMBER]
_SECURE_PHONE = f"""
[lab-tls]
type = transport
protocol = tls
bind = 0.0.0.0:5061
method = tlsv1_2
cert_file = /etc/asterisk/keys/pbx.crt
priv_key_file = /etc/asterisk/keys/pbx.key

[301]
type = endpoint
context = {CONTEXT}
transport = lab-tls
disallow = all
allow = ulaw
media_encryption = sdes
auth = 301
aors = 301

[301]
type = auth
auth_type = userpass
username = 301
password = {PASSWORD}

[301]
type = aor
max_contacts = 1
"""


@pytest.fixture(scope="module", params=["new", "old"])
def living(request: pytest.FixtureRequest, lab: Instance, authority: Authority) -> Iterator[Host]:
    """A company's PBX; beside its own phones in clear, 301 calls over TLS."""
    host = lab.hosts[request.param]
    issued = authority.issue(names=[host.domain], addresses=[host.address])
    host.write("/etc/asterisk/keys/pbx.crt", issued.certificate, owner="root:asterisk", mode=0o640)
    host.write("/etc/asterisk/keys/pbx.key", issued.key, owner="root:asterisk", mode=0o640)
    pjsip = "/etc/asterisk/pjsip.conf"
    host.write(pjsip, host.read(pjsip) + _SECURE_PHONE.encode())
    settle(host)
    yield host
    host.reset()


def in_clear(host: Host, user: str, authority_file: Path) -> Phone:
    return Phone(
        user=user,
        password=PHONES[user],
        server=host.address,
        port=5060,
        transport=Transport.UDP,
        media_encryption=MediaEncryption.NONE,
        authority=authority_file,
    )


def call(lab: Instance, phone: Phone, number: str, folder: Path) -> Call:
    with baresip(lab, phone, folder) as client:
        assert client.register().is_registered
        return client.call(number, seconds=1.5)


def test_what_the_company_added_is_in_force(living: Host) -> None:
    assert "company    101   Reception" in living.asterisk("voicemail show users for company")
    assert "Local/101@ring" in living.asterisk("queue show sales")
    assert f"'{MENU_NUMBER}'" in living.asterisk(f"dialplan show {CONTEXT}")
    assert PIN.encode() in living.read("/etc/asterisk/voicemail.conf")


def test_the_samples_still_stand(living: Host) -> None:
    assert "[dundi-e164-canonical]" in living.read("/etc/asterisk/extensions.conf").decode()
    assert ":4569 " in living.run(["ss", "-lnu"]).stdout.decode()


@pytest.mark.parametrize("number", [*_SERVICES, "101"])
def test_the_companys_services_answer_in_clear(
    lab: Instance, living: Host, authority_file: Path, tmp_path: Path, number: str
) -> None:
    called = call(lab, in_clear(living, "102", authority_file), number, tmp_path / "102")

    assert called.is_established
    assert not called.is_srtp
    assert called.packets_received > 20


@pytest.mark.parametrize("number", _SERVICES)
def test_the_companys_services_answer_a_secure_phone(
    lab: Instance, living: Host, authority_file: Path, tmp_path: Path, number: str
) -> None:
    phone = Phone(user="301", password=PASSWORD, server=living.address, authority=authority_file)

    called = call(lab, phone, number, tmp_path / "301")

    assert called.is_established
    assert called.is_srtp
    assert called.packets_received > 20


def test_the_queue_rings_the_companys_phones(lab: Instance, living: Host, authority_file: Path, tmp_path: Path) -> None:
    with (
        baresip(lab, in_clear(living, "101", authority_file), tmp_path / "101") as member,
        ThreadPoolExecutor(max_workers=1) as executor,
    ):
        assert member.register().is_registered
        answered = executor.submit(member.answer)
        assert call(lab, in_clear(living, "102", authority_file), QUEUE_NUMBER, tmp_path / "102").is_established
        assert answered.result().is_established
