"""A provider registers, answers and calls its customers, each kind as securely as it is meant to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab.clients.baresip import baresip
from lab.clients.phone import MediaEncryption, Phone, Transport
from lab.host import Host, HostSpec
from lab.instance import CONTROL_ADDRESS, Instance
from lab.pki import Authority
from lab.provider import EMERGENCY_NUMBER, Customer, Provider, ProviderSecurity
from lab.root_folder import Root
from tests.live.lab.conftest import PASSWORD

_DID = "4930555100"
_CUSTOMERS = (Customer(user="customer", password=PASSWORD, numbers=(_DID,)),)
_OFFICE = """\
[tls]
type = transport
protocol = tls
bind = 0.0.0.0:5061
method = tlsv1_2
cert_file = /etc/asterisk/keys/pbx.crt
priv_key_file = /etc/asterisk/keys/pbx.key
ca_list_file = /etc/asterisk/keys/authority.crt
verify_server = yes

[provider]
type = endpoint
transport = tls
context = from-provider
disallow = all
allow = ulaw
media_encryption = sdes
outbound_auth = provider
aors = provider
from_user = customer

[provider]
type = auth
auth_type = userpass
username = customer
password = {password}

[provider]
type = aor
contact = sip:{domain}:5061\\;transport=tls

[provider]
type = identify
endpoint = provider
match = {address}

"""
_REGISTRATION = """\
[provider]
type = registration
transport = tls
outbound_auth = provider
server_uri = sip:{domain}:5061\\;transport=tls
client_uri = sip:customer@{domain}:5061\\;transport=tls
max_random_initial_delay = 0
"""
_OFFICE_DIALPLAN = """\
[from-provider]
exten => _X.,1,Answer()
 same => n,Set(FILE(/var/log/asterisk/answered,,,al,u)=${EXTEN} ${CALLERID(num)} ${CHANNEL(rtp,secure)})
 same => n,Echo()
"""


@pytest.fixture(
    scope="module",
    params=[Root.ASTERISK_22, pytest.param(Root.ASTERISK_16, marks=pytest.mark.full)],
    ids=["22", "16"],
)
def provider_lab(request: pytest.FixtureRequest) -> Iterator[Instance]:
    specs = (
        HostSpec(name="provider", domain="sip.provider.test", root=request.param),
        HostSpec(name="office", domain="office.example.test"),
    )
    with Instance(f"provider-{os.getpid()}", specs) as instance:
        yield instance


@pytest.fixture(scope="module")
def secure(provider_lab: Instance, authority: Authority) -> Provider:
    return opened(provider_lab, ProviderSecurity.SECURE, authority)


def opened(
    lab: Instance,
    security: ProviderSecurity,
    authority: Authority,
    customers: tuple[Customer, ...] = _CUSTOMERS,
) -> Provider:
    provider = Provider(host=lab.hosts["provider"], security=security, authority=authority, customers=customers)
    provider.open()
    return provider


def customer(
    provider: Provider,
    authority_file: Path,
    media_encryption: MediaEncryption = MediaEncryption.SDES,
    password: str = PASSWORD,
) -> Phone:
    return Phone(
        user="customer",
        password=password,
        server=provider.host.address,
        port=provider.port,
        transport=Transport.UDP if provider.security is ProviderSecurity.CLEAR else Transport.TLS,
        media_encryption=media_encryption,
        authority=authority_file,
    )


def write_office(office: Host, provider: Provider, authority: Authority, registration: str) -> None:
    """Let a PBX be the customer, with its calls answered by an echo."""
    issued = authority.issue(names=[office.domain], addresses=[office.address])
    for name, content in (("pbx.crt", issued.certificate), ("pbx.key", issued.key), ("authority.crt", authority.pem)):
        office.write(f"/etc/asterisk/keys/{name}", content, owner="root:asterisk", mode=0o640)
    names = {"domain": provider.host.domain, "address": provider.host.address, "password": PASSWORD}
    office.write("/etc/asterisk/pjsip.conf", (_OFFICE + registration).format(**names).encode())
    office.write("/etc/asterisk/extensions.conf", _OFFICE_DIALPLAN.encode())
    office.run(["systemctl", "restart", "asterisk"], check=True)
    office.asterisk("core waitfullybooted")


def wait_for(is_true: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_customer_registers_and_calls_with_srtp(
    provider_lab: Instance, secure: Provider, authority_file: Path, tmp_path: Path
) -> None:
    with baresip(provider_lab, customer(secure, authority_file), tmp_path / "baresip") as client:
        assert client.register().is_registered
        assert secure.contacts().keys() == {"customer"}
        to_anyone = client.call("+4930111222", seconds=1)
        to_emergency = client.call(EMERGENCY_NUMBER, seconds=1)

    assert secure.contacts() == {}
    for call in (to_anyone, to_emergency):
        assert call.is_established
        assert call.is_srtp
        assert call.packets_received > 20
    received = secure.received()[-2:]
    assert [(call.number, call.answered_by) for call in received] == [
        ("+4930111222", "echo"),
        (EMERGENCY_NUMBER, "emergency"),
    ]
    assert {(call.customer, call.caller_number, call.is_srtp) for call in received} == {("customer", "customer", True)}
    assert received[0].source.startswith(f"{CONTROL_ADDRESS}:")


def test_a_wrong_password_is_refused(
    provider_lab: Instance, secure: Provider, authority_file: Path, tmp_path: Path
) -> None:
    with baresip(provider_lab, customer(secure, authority_file, password="wrong"), tmp_path / "baresip") as client:
        assert not client.register().is_registered

    assert secure.contacts() == {}


def test_the_secure_provider_takes_no_call_in_clear(
    provider_lab: Instance, secure: Provider, authority_file: Path, tmp_path: Path
) -> None:
    taken = len(secure.received())
    phone = customer(secure, authority_file, MediaEncryption.NONE)

    with baresip(provider_lab, phone, tmp_path / "baresip") as client:
        assert client.register().is_registered
        call = client.call("030111222")

    assert call.close_reason == "488 Not Acceptable Here"
    assert len(secure.received()) == taken
    sockets = secure.host.run(["ss", "-lntuH"]).stdout.decode()
    assert ":5061 " in sockets
    assert ":5060 " not in sockets


def test_the_provider_calls_the_number_of_a_pbx_that_registered(
    provider_lab: Instance, secure: Provider, authority: Authority
) -> None:
    office = provider_lab.hosts["office"]
    write_office(office, secure, authority, _REGISTRATION)

    wait_for(lambda: secure.contacts().keys() == {"customer"})
    delivered = secure.call(_DID, caller="+4940999", seconds=0.5)

    assert delivered.status == "ANSWER"
    assert office.read("/var/log/asterisk/answered") == f"{_DID} +4940999 1\n".encode()
    office.reset()


def test_a_customer_that_is_not_registered_cannot_be_called(secure: Provider) -> None:
    assert secure.call(_DID).status == "CHANUNAVAIL"


def test_an_outage_forgets_registrations_and_ends(
    provider_lab: Instance, secure: Provider, authority_file: Path, tmp_path: Path
) -> None:
    with baresip(provider_lab, customer(secure, authority_file), tmp_path / "first") as client:
        assert client.register().is_registered
        secure.stop()
        with baresip(provider_lab, customer(secure, authority_file), tmp_path / "second") as other:
            assert not other.register().is_registered
        secure.start()
        assert secure.contacts() == {}
        with baresip(provider_lab, customer(secure, authority_file), tmp_path / "third") as again:
            assert again.register().is_registered


def test_the_careless_provider_registers_over_tls_and_talks_in_clear(
    provider_lab: Instance, authority: Authority, authority_file: Path, tmp_path: Path
) -> None:
    careless = opened(provider_lab, ProviderSecurity.CARELESS, authority)
    with baresip(provider_lab, customer(careless, authority_file), tmp_path / "careful") as client:
        assert client.register().is_registered
        assert client.call("030111222").close_reason == "488 Not Acceptable Here"

    phone = customer(careless, authority_file, MediaEncryption.NONE)
    with baresip(provider_lab, phone, tmp_path / "careless") as client:
        assert client.register().is_registered
        assert client.call("030111222", seconds=1).is_established

    assert not careless.received()[-1].is_srtp


def test_the_clear_provider_has_no_tls_at_all(
    provider_lab: Instance, authority: Authority, authority_file: Path, tmp_path: Path
) -> None:
    clear = opened(provider_lab, ProviderSecurity.CLEAR, authority)
    phone = customer(clear, authority_file, MediaEncryption.NONE)

    with baresip(provider_lab, phone, tmp_path / "baresip") as client:
        assert client.register().is_registered
        assert client.call(EMERGENCY_NUMBER, seconds=1).is_established

    assert clear.received()[-1].answered_by == "emergency"
    sockets = clear.host.run(["ss", "-lntuH"]).stdout.decode()
    assert ":5061 " not in sockets
    assert {line.split()[0] for line in sockets.splitlines() if ":5060 " in line} == {"tcp", "udp"}


def test_a_pbx_known_by_its_address_needs_no_registration(provider_lab: Instance, authority: Authority) -> None:
    office = provider_lab.hosts["office"]
    by_address = Customer(user="customer", address=office.address, server=office.domain, numbers=(_DID,))
    provider = opened(provider_lab, ProviderSecurity.SECURE, authority, (by_address,))
    write_office(office, provider, authority, "")

    office.asterisk("channel originate PJSIP/030111222@provider application Wait 1")
    wait_for(lambda: len(provider.received()) > 0)
    delivered = provider.call(_DID, seconds=0.5)

    assert provider.contacts() == {}
    assert [(call.customer, call.number, call.is_srtp) for call in provider.received()] == [
        ("customer", "030111222", True)
    ]
    assert delivered.status == "ANSWER"
    office.reset()
