"""Hosts of the lab with a hand-written configuration, so that the lab is tested without confgen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.pki import Authority, make_authority
from lab.root_folder import Root

PASSWORD = "only-in-the-lab"
_KEYS = "/etc/asterisk/keys"
_PHONE = """\
[{user}]
type = endpoint
context = phones
transport = {transport}
disallow = all
allow = ulaw
direct_media = no
rtp_symmetric = yes
rewrite_contact = yes
auth = {user}
aors = {user}
{media}

[{user}]
type = auth
auth_type = userpass
username = {user}
password = {password}

[{user}]
type = aor
max_contacts = 1
remove_existing = yes

"""
_TRANSPORTS = f"""\
[tls]
type = transport
protocol = tls
bind = 0.0.0.0:5061
method = tlsv1_2
cert_file = {_KEYS}/pbx.crt
priv_key_file = {_KEYS}/pbx.key

[clear]
type = transport
protocol = udp
bind = 0.0.0.0:5070

"""
_DTLS = f"""\
media_encryption = dtls
use_avpf = yes
dtls_verify = fingerprint
dtls_setup = actpass
dtls_cert_file = {_KEYS}/pbx.crt
dtls_private_key = {_KEYS}/pbx.key
"""
_DIALPLAN = """\
[phones]
exten => 600,1,Answer()
 same => n,Echo()
exten => _1XX,1,Dial(PJSIP/${EXTEN},20)
"""


@pytest.fixture(scope="session")
def lab() -> Iterator[Instance]:
    """One Asterisk 22, one Asterisk 16 and one host without Asterisk."""
    hosts = (
        HostSpec(name="new", domain="new.example.test"),
        HostSpec(name="old", domain="old.example.test", root=Root.ASTERISK_16),
        HostSpec(name="bare", domain="bare.example.test", runs_asterisk=False),
    )
    with Instance(f"lab-{os.getpid()}", hosts) as instance:
        yield instance


@pytest.fixture(scope="session")
def authority() -> Authority:
    return make_authority()


@pytest.fixture(scope="session")
def authority_file(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("authority") / "authority.pem"
    path.write_bytes(authority.pem)
    return path


@pytest.fixture(scope="module", params=["new", pytest.param("old", marks=pytest.mark.full)])
def pbx(request: pytest.FixtureRequest, lab: Instance, authority: Authority) -> Iterator[Host]:
    """A PBX with 101 and 102 (SDES), 103 (DTLS) and, on UDP, 104 without any encryption; 600 is the echo."""
    host = lab.hosts[request.param]
    issued = authority.issue(names=[host.domain], addresses=[host.address])
    host.write(f"{_KEYS}/pbx.crt", issued.certificate, owner="root:asterisk", mode=0o640)
    host.write(f"{_KEYS}/pbx.key", issued.key, owner="root:asterisk", mode=0o640)
    media_by_user = {"101": "media_encryption = sdes", "102": "media_encryption = sdes", "103": _DTLS, "104": ""}
    phones = [
        _PHONE.format(user=user, transport="clear" if user == "104" else "tls", media=media, password=PASSWORD)
        for user, media in media_by_user.items()
    ]
    host.write("/etc/asterisk/pjsip.conf", (_TRANSPORTS + "".join(phones)).encode())
    host.write("/etc/asterisk/extensions.conf", _DIALPLAN.encode())
    host.run(["systemctl", "restart", "asterisk"], check=True)
    yield host
    host.reset()
