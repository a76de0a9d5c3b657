"""Trunks to a provider that the lab plays: registered and proven, refused, and an outage that undoes nothing."""

from __future__ import annotations

import os
import re
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from confgen import __version__
from confgen.streams.tcp import Address, Deadline, TcpStream, connect
from confgen.streams.tls import shake_hands_unverified
from confgen.verify.wire.sdp import Crypto, Offer, Profile
from confgen.verify.wire.sip import MessageReader, Request, Response
from confgen.verify.wire.user_agent import Caller, UserAgent
from lab.capture import capturing
from lab.clients.baresip import baresip
from lab.clients.phone import Phone
from lab.detector import Media, detect
from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.pki import Authority, make_authority
from lab.provider import Customer, Provider, ProviderSecurity, ReceivedCall
from lab.root_folder import Root
from tests.live.company import Ran, run_confgen

BOTH = ("hq", "old")  # Asterisk 22 and 16
_ON_16 = pytest.mark.parametrize(
    ("pbx", "number"), [pytest.param("hq", "101", marks=pytest.mark.full), ("old", "301")], ids=["22", "16"]
)
_ON_22 = pytest.mark.parametrize(
    ("pbx", "number"), [("hq", "101"), pytest.param("old", "301", marks=pytest.mark.full)], ids=["22", "16"]
)
_INVENTORY = """\
version: 1
defaults:
  product_version: "22.10.1"
  ssh: {{user: root, identity_file: {key}, known_hosts: {known_hosts}}}
  certificate:
    chain: {{file: "pki/{{pbx}}.crt"}}
    key: {{file: "pki/{{pbx}}.key"}}
    authority: {{file: pki/authority.crt}}
  echo_number: "600"
  extension_defaults: {{secret: {{file: "secrets/{{extension}}"}}}}
  probe: {{secret: {{file: secrets/probe}}, permit: [10.77.0.1]}}
pbxs:
  hq:
    kind: asterisk
    address: {hq}
    sip: {{domain: hq.example.test}}
    extensions: {{"101": {{}}}}
    routes: [{{numbers: "9X.", trunk: carrier-hq, strip: 1}}, {{numbers: "8X.", trunk: exchange-hq, strip: 1}}]
    emergency: {{numbers: ["112"], via: [{{trunk: carrier-hq}}]}}
  old:
    kind: asterisk
    product_version: "16.28.0"
    address: {old}
    sip: {{domain: old.example.test}}
    extensions: {{"301": {{}}}}
    routes: [{{numbers: "9X.", trunk: carrier-old, strip: 1}}, {{numbers: "8X.", trunk: exchange-old, strip: 1}}]
    emergency: {{numbers: ["112"], via: [{{trunk: carrier-old}}]}}
providers:
  carrier: {{domain: carrier.example.test, authority: {{file: pki/carrier.crt}}}}
  exchange: {{domain: exchange.example.test}}
  gateway: {{domain: exchange.example.test, profile: generic-did-in-to}}
trunks:
  carrier-hq:
    pbx: hq
    provider: carrier
    account: {{user: customer-hq, secret: {{file: secrets/carrier-hq}}}}
    caller_id: {{number: "+493055510"}}
    dids: {{"4930555101": {{extension: "101"}}}}
  carrier-old:
    pbx: old
    provider: carrier
    account: {{user: customer-old, secret: {{file: secrets/carrier-old}}}}
    caller_id: {{number: "+493055530"}}
    dids: {{"4930555301": {{extension: "301"}}}}
  exchange-hq: {{pbx: hq, provider: exchange, addresses: [{exchange}], dids: {{"4940555101": {{extension: "101"}}}}}}
  gateway-hq: {{pbx: hq, provider: gateway, addresses: [10.77.0.2], dids: {{"4950555101": {{extension: "101"}}}}}}
  gateway-old: {{pbx: old, provider: gateway, addresses: [10.77.0.2], dids: {{"4950555301": {{extension: "301"}}}}}}
  exchange-old: {{pbx: old, provider: exchange, addresses: [{exchange}], dids: {{"4940555301": {{extension: "301"}}}}}}
"""


def inventory(lab: Instance) -> str:
    addresses = {name: host.address for name, host in lab.hosts.items()}
    return _INVENTORY.format(key=lab.client_key, known_hosts=lab.known_hosts, **addresses)


class Customers:
    """Two PBXs with two providers each: one that they register with, one that knows them by their addresses."""

    def __init__(self, lab: Instance, folder: Path) -> None:
        self.lab = lab
        self.folder = folder
        self.carriers_authority = make_authority("carrier's authority")
        self._carrier: tuple[tuple[ProviderSecurity, Authority | None], Provider] | None = None
        company = make_authority()
        for part in ("pki", "secrets"):
            (folder / part).mkdir()
        (folder / "pki" / "authority.crt").write_bytes(company.pem)
        (folder / "pki" / "carrier.crt").write_bytes(self.carriers_authority.pem)
        for name in ("hq", "old"):
            company.issue(names=[lab.hosts[name].domain], addresses=[lab.hosts[name].address]).write(
                folder / "pki", name
            )
        for name in ("101", "301", "probe", "carrier-hq", "carrier-old"):
            self.write_secret(name, secrets.token_urlsafe(18))
        self.inventory = folder / "inventory.yaml"
        self.inventory_text = inventory(lab)
        self.inventory.write_text(self.inventory_text, encoding="utf-8")
        self.exchange = Provider(
            host=lab.hosts["exchange"],
            security=ProviderSecurity.SECURE,
            authority=company,  # it trusts the authority that its own certificate leads to
            customers=[
                Customer(
                    user=name,
                    address=lab.hosts[name].address,
                    server=lab.hosts[name].domain,
                    numbers=(f"4940555{number}",),
                )
                for name, number in (("hq", "101"), ("old", "301"))
            ],
        )
        self.exchange.open()

    def carrier(
        self, security: ProviderSecurity = ProviderSecurity.SECURE, authority: Authority | None = None
    ) -> Provider:
        """The provider that both PBXs register with; one that serves as asked is left alone, for PBXs notice late."""
        wanted = (security, authority)
        if self._carrier is not None and self._carrier[0] == wanted:
            return self._carrier[1]
        provider = Provider(
            host=self.lab.hosts["carrier"],
            security=security,
            authority=authority or self.carriers_authority,
            customers=[
                Customer(
                    user=f"customer-{name}", password=self.secret(f"carrier-{name}"), numbers=(f"4930555{number}",)
                )
                for name, number in (("hq", "101"), ("old", "301"))
            ],
        )
        provider.open()
        self._carrier = (wanted, provider)
        return provider

    def secret(self, name: str) -> str:
        return (self.folder / "secrets" / name).read_text(encoding="utf-8")

    def write_secret(self, name: str, secret: str) -> None:
        path = self.folder / "secrets" / name
        path.touch(mode=0o600)
        path.write_text(secret, encoding="utf-8")

    def confgen(self, *words: str) -> Ran:
        return run_confgen(self.lab, self.folder, *words)

    def push_a_change(self) -> Ran:
        """A push that changes something at both, so that there is something to undo."""
        text = self.inventory.read_text(encoding="utf-8")
        named = f"{{name: Desk {secrets.token_hex(4)}}}"
        changed = re.sub(r'(extensions: {"\d+": ){.*}(?=})', rf"\g<1>{named}", text)
        self.inventory.write_text(changed, encoding="utf-8")
        return self.confgen("push", "--format", "json")

    def verify(self) -> Ran:
        return self.confgen("verify", "--format", "json")

    def name_a_test_number(self, trunk: str, number: str) -> None:
        """From the next push on, until the test ends."""
        text = self.inventory.read_text(encoding="utf-8")
        self.inventory.write_text(text.replace(f"  {trunk}:\n", f'  {trunk}:\n    test_number: "{number}"\n'))

    def phone(self, pbx: str, number: str) -> Phone:
        return Phone(
            user=number,
            password=self.secret(number),
            server=self.lab.hosts[pbx].address,
            authority=self.folder / "pki" / "authority.crt",
        )


@pytest.fixture(scope="module")
def pushed_customers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Customers]:
    specs = (
        HostSpec(name="hq", domain="hq.example.test"),
        HostSpec(name="old", domain="old.example.test", root=Root.ASTERISK_16),
        HostSpec(name="carrier", domain="carrier.example.test"),
        HostSpec(name="exchange", domain="exchange.example.test"),
    )
    with Instance(f"customers-{os.getpid()}", specs) as lab:
        customers = Customers(lab, tmp_path_factory.mktemp("customers"))
        customers.carrier()
        pushed = customers.confgen("push", "--adopt", "--format", "json")
        assert pushed.code == 0, pushed.told
        trunks = [f"{provider}-{pbx}" for provider in ("carrier", "exchange", "gateway") for pbx in BOTH]
        assert legs(pushed) == dict.fromkeys(trunks, "passed")
        yield customers


@pytest.fixture
def customers(pushed_customers: Customers) -> Iterator[Customers]:
    yield pushed_customers
    named = pushed_customers.inventory.read_text(encoding="utf-8")
    text = re.sub(r" *test_number: .*\n", "", named)
    if text != named:
        pushed_customers.inventory.write_text(text, encoding="utf-8")
        pushed = pushed_customers.confgen("push", "--format", "json")
        assert pushed.code == 0, pushed.told


def legs(ran: Ran) -> dict[str, str]:
    """The verdict of each leg."""
    return {leg["name"]: leg["checks"][0]["verdict"] for leg in ran.answer["legs"]}


def the_leg(ran: Ran, name: str) -> dict[str, str]:
    return the_checks(ran, name)[0]


def eventually(calls: Callable[[], tuple[ReceivedCall, ...]]) -> tuple[ReceivedCall, ...]:
    """Calls that the provider is about to write down."""
    deadline = time.monotonic() + 5
    while not (found := calls()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def the_checks(ran: Ran, name: str) -> list[dict[str, str]]:
    """All that was found of a leg."""
    (found,) = [leg["checks"] for leg in ran.answer["legs"] if leg["name"] == name]
    checks: list[dict[str, str]] = found
    return checks


def outcome(ran: Ran, pbx: str) -> str:
    (found,) = [result["outcome"] for result in ran.answer["pbxs"] if result["name"] == pbx]
    told: str = found
    return told


@_ON_22
def test_a_call_out_and_a_call_in_are_srtp_over_tls(
    customers: Customers, tmp_path: Path, pbx: str, number: str
) -> None:
    carrier = customers.carrier()
    taken = len(carrier.received())
    proven = customers.verify()
    assert proven.code == 0, proven.told
    assert "registered at carrier.example.test over TLS" in the_leg(proven, f"carrier-{pbx}")["message"]

    with (
        capturing(customers.lab, tmp_path / "pcap"),
        baresip(customers.lab, customers.phone(pbx, number), tmp_path / "phone") as phone,
        ThreadPoolExecutor(1) as executor,
    ):
        assert phone.register().is_registered
        out = phone.call("9030111222", seconds=1.5)
        emergency = phone.call("112", seconds=1)
        answered = executor.submit(phone.answer)
        delivered = carrier.call(f"4930555{number}", seconds=1.5)
        heard = answered.result()

    for call in (out, emergency, heard):
        assert call.is_established
        assert call.is_srtp
    assert min(out.packets_received, heard.packets_received) > 50
    assert delivered.status == "ANSWER"
    assert [(call.number, call.answered_by, call.is_srtp) for call in carrier.received()[taken:]] == [
        ("030111222", "echo", True),
        ("112", "emergency", True),
    ]
    assert {call.customer for call in carrier.received()[taken:]} == {f"customer-{pbx}"}
    assert f"+4930555{number[0]}0" in carrier.received()[taken].asserted_identity
    detected = detect(tmp_path / "pcap")
    assert detected.sip_in_clear == ()
    assert {flow.media for flow in detected.rtp_flows} == {Media.ENCRYPTED}


@_ON_22
def test_a_test_number_is_called_by_verify_alone_and_proves_the_leg_by_a_call(
    customers: Customers, pbx: str, number: str
) -> None:
    carrier = customers.carrier()
    taken = len(carrier.received())
    customers.name_a_test_number(f"carrier-{pbx}", f"+49{number}222333444")

    pushed = customers.confgen("push", "--limit", pbx, "--format", "json")
    after_push = carrier.received()[taken:]
    verified = customers.confgen("verify", "--limit", pbx, "--format", "json")

    assert pushed.code == 0, pushed.told
    assert [check["code"] for check in the_checks(pushed, f"carrier-{pbx}")] == ["CALL-03"]
    assert after_push == ()
    assert verified.code == 0, verified.told
    assert [(check["code"], check["verdict"]) for check in the_checks(verified, f"carrier-{pbx}")] == [
        (code, "passed") for code in ("CALL-03", "CALL-05", "CALL-06")
    ]
    (call,) = eventually(lambda: carrier.received()[taken:])
    assert (call.number, call.customer, call.is_srtp) == (f"+49{number}222333444", f"customer-{pbx}", True)
    assert f"+4930555{number[0]}0" in call.asserted_identity


@pytest.mark.full
@_ON_16
def test_a_test_call_to_a_provider_without_srtp_is_no_proof(customers: Customers, pbx: str, number: str) -> None:
    careless = customers.carrier(ProviderSecurity.CARELESS)
    customers.name_a_test_number(f"carrier-{pbx}", f"+49{number}222333444")
    assert customers.confgen("push", "--limit", pbx).code == 0

    verified = customers.confgen("verify", "--limit", pbx, "--format", "json")

    assert verified.code == 4, verified.told
    assert {check["verdict"] for check in the_checks(verified, f"carrier-{pbx}")[1:]} == {"unknown"}
    assert careless.received() == ()


@_ON_16
def test_a_provider_that_is_known_by_its_address_carries_encrypted_calls_both_ways(
    customers: Customers, tmp_path: Path, pbx: str, number: str
) -> None:
    with (
        capturing(customers.lab, tmp_path / "pcap"),
        baresip(customers.lab, customers.phone(pbx, number), tmp_path / "phone") as phone,
        ThreadPoolExecutor(1) as executor,
    ):
        assert phone.register().is_registered
        out = phone.call("8040111222", seconds=1.5)
        answered = executor.submit(phone.answer)
        delivered = customers.exchange.call(f"4940555{number}", seconds=1.5)
        heard = answered.result()

    assert out.is_srtp
    assert heard.is_srtp
    assert delivered.status == "ANSWER"
    assert customers.exchange.received()[-1].customer == pbx
    assert customers.exchange.received()[-1].is_srtp
    detected = detect(tmp_path / "pcap")
    assert detected.sip_in_clear == ()
    assert {flow.media for flow in detected.rtp_flows} == {Media.ENCRYPTED}


@pytest.mark.full
def test_an_outage_is_pending_undoes_nothing_and_heals(customers: Customers) -> None:
    carrier = customers.carrier()
    before = customers.verify()
    assert before.code == 0, before.told
    carrier.stop()

    pushed = customers.push_a_change()

    assert pushed.code == 0, pushed.told
    for pbx in BOTH:
        assert outcome(pushed, pbx) == "proven"
        assert legs(pushed)[f"carrier-{pbx}"] == "pending"
    carrier.start()
    healed = customers.verify()
    assert set(legs(healed).values()) == {"passed"}, healed.told


@pytest.mark.full
def test_a_provider_that_hangs_is_pending(customers: Customers) -> None:
    customers.carrier()
    before = customers.verify()
    assert before.code == 0, before.told
    customers.lab.hosts["carrier"].run(["systemctl", "kill", "--signal=STOP", "asterisk"], check=True)

    verified = customers.verify()

    customers.lab.hosts["carrier"].run(["systemctl", "kill", "--signal=CONT", "asterisk"], check=True)
    for pbx in BOTH:
        assert legs(verified)[f"carrier-{pbx}"] == "pending", verified.told


@pytest.mark.full
def test_wrong_credentials_are_refused_with_the_cause(customers: Customers) -> None:
    customers.carrier()
    right = {pbx: customers.secret(f"carrier-{pbx}") for pbx in BOTH}
    for pbx in BOTH:
        customers.write_secret(f"carrier-{pbx}", "something else")
    pushed = customers.confgen("push", "--format", "json")
    for pbx in BOTH:
        customers.write_secret(f"carrier-{pbx}", right[pbx])
    mended = customers.confgen("push", "--format", "json")

    assert pushed.code == 1, pushed.told
    for pbx in BOTH:
        assert outcome(pushed, pbx) == "proven"
        leg = the_leg(pushed, f"carrier-{pbx}")
        assert (leg["verdict"], leg["code"]) == ("failed", "CALL-04")
    assert mended.code == 0, mended.told
    assert set(legs(mended).values()) == {"passed"}


@_ON_22
def test_a_called_number_that_stands_in_to_is_found_there(
    customers: Customers, tmp_path: Path, pbx: str, number: str
) -> None:
    with baresip(customers.lab, customers.phone(pbx, number), tmp_path / "phone") as phone:
        assert phone.register().is_registered
        host = customers.lab.hosts[pbx]
        statuses = [
            called_in_to(customers.lab, host, f"gateway-{pbx}", to)
            for to in (
                f"<sip:4950555{number}@{host.domain}>",
                f"\"Sales @ 'x': 7\" <sip:4950555{number}@{host.domain}>",
                f"<sip:4940555{number}@{host.domain}>",  # not a number of this provider
                f"<sip:anonymous@{host.domain}>",
            )
        ]

    reached = {200, 486}  # the phone may still be busy with the call before
    assert statuses[0] == 200
    assert statuses[1] in reached
    assert min(statuses[2:]) >= 400
    assert reached.isdisjoint(statuses[2:])


def called_in_to(lab: Instance, host: Host, user: str, to: str) -> int:
    """The final status of a call from an address of a provider; it ends with its connection."""
    crypto = Crypto(tag=1, suite="AES_CM_128_HMAC_SHA1_80", key_and_salt=os.urandom(30))
    body = Offer(address="10.77.0.2", port=40000, profile=Profile.SAVP, crypto=crypto).body()
    headers = (
        ("Via", f"SIP/2.0/TLS 10.77.0.2;rport;branch=z9hG4bK{secrets.token_hex(8)}"),
        ("Max-Forwards", "70"),
        ("From", f"<sip:+4930123@{host.domain}>;tag={secrets.token_hex(4)}"),
        ("To", to),
        ("Call-ID", secrets.token_hex(8)),
        ("CSeq", "1 INVITE"),
        ("Contact", "<sip:provider@10.77.0.2;transport=tls>"),
        ("Content-Type", "application/sdp"),
    )
    request = Request(method="INVITE", uri=f"sip:{user}@{host.domain};transport=tls", headers=headers, body=body)
    with lab.inside():
        connection = socket.create_connection((host.address, 5061), 5, source_address=("10.77.0.2", 0))
        stream, _ = shake_hands_unverified(TcpStream(connection, 5), server_name=host.domain, timeout=5)
        try:
            stream.send_all(request.build())
            reader, deadline = MessageReader(stream), Deadline.after(15)
            while True:
                message = reader.next_message(deadline)
                if isinstance(message, Response) and message.status >= 200:
                    return message.status
        finally:
            stream.close()


@pytest.mark.parametrize("port", [pytest.param(5061, marks=pytest.mark.full), 5062])
@pytest.mark.parametrize("name", ["carrier", "exchange"])
@_ON_16
def test_whoever_writes_a_trunks_name_into_from_is_nobody(
    customers: Customers, pbx: str, number: str, name: str, port: int
) -> None:
    host = customers.lab.hosts[pbx]
    stranger = Caller(
        user=f"{name}-{pbx}",
        domain=host.domain,
        local=Address(host="10.77.0.2", port=5061),
        confgen_version=__version__,
    )
    with customers.lab.inside():
        stream, _ = shake_hands_unverified(connect(host.address, port, 5), server_name=host.domain, timeout=5)
        try:
            offer = Offer(address="10.77.0.2", port=40000, profile=Profile.SAVP)
            came_of_it = UserAgent(stream, stranger, 5).invite(offer, f"4930555{number}")
        finally:
            stream.close()
    assert came_of_it.status == 401


@pytest.mark.full
@_ON_22
def test_a_provider_without_srtp_gets_no_call_and_no_packet_in_clear(
    customers: Customers, tmp_path: Path, pbx: str, number: str
) -> None:
    carrier = customers.carrier(ProviderSecurity.CARELESS)
    proven = customers.verify()
    assert legs(proven)[f"carrier-{pbx}"] == "passed"  # what it takes is not known before a call is made

    with (
        capturing(customers.lab, tmp_path / "pcap"),
        baresip(customers.lab, customers.phone(pbx, number), tmp_path / "phone") as phone,
    ):
        assert phone.register().is_registered
        out = phone.call("9030111222", seconds=1)
        delivered = carrier.call(f"4930555{number}", seconds=1)

    assert not out.is_established
    assert delivered.status != "ANSWER"
    assert carrier.received() == ()
    assert detect(tmp_path / "pcap").flows(Media.CLEAR) == ()


@pytest.mark.full
def test_a_provider_without_tls_is_refused_and_the_pbx_stays_pushed(customers: Customers) -> None:
    customers.carrier(ProviderSecurity.CLEAR)

    pushed = customers.push_a_change()

    assert pushed.code == 1, pushed.told
    for pbx in BOTH:
        assert outcome(pushed, pbx) == "proven"
        assert the_leg(pushed, f"carrier-{pbx}")["code"] == "TLS-10"
        assert the_leg(pushed, f"carrier-{pbx}")["verdict"] == "failed"
        assert legs(pushed)[f"exchange-{pbx}"] == "passed"


@pytest.mark.full
@pytest.mark.parametrize("fault", [pytest.param("another authority", marks=pytest.mark.full), "another name"])
def test_a_provider_whose_certificate_does_not_hold_is_refused(customers: Customers, fault: str) -> None:
    if fault == "another authority":
        carrier = customers.carrier(authority=make_authority("carrier's authority"))
    else:
        carrier = customers.carrier(authority=customers.carriers_authority)
        issued = customers.carriers_authority.issue(names=["elsewhere.example.test"])
        for name, content in (("crt", issued.certificate), ("key", issued.key)):
            carrier.host.write(f"/etc/asterisk/provider/provider.{name}", content)
        carrier.stop()
        carrier.start()

    verified = customers.verify()

    assert verified.code == 1, verified.told
    for pbx in BOTH:
        leg = the_leg(verified, f"carrier-{pbx}")
        assert (leg["verdict"], leg["code"]) == ("failed", "TLS-09")
    assert carrier.contacts() == {}  # the password went nowhere
