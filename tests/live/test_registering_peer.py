"""A PBX that registers with an Asterisk, as 3CX does: it is called where it has registered, and only encrypted."""

from __future__ import annotations

import re
import secrets
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from confgen import __version__, fleet
from confgen.drivers import asterisk
from confgen.fleet.connections import Connections
from confgen.model.inventory import Inventory, Pbx, Peering, TrunkEnd
from confgen.model.leg import Called, NotCalled, NotRegistered, Witness
from confgen.model.secret import Secret
from confgen.streams.tcp import Address, connect
from confgen.streams.tls import shake_hands_unverified
from confgen.verify.wire import sdp
from confgen.verify.wire.dialog import Dialog
from confgen.verify.wire.digest import Credentials
from confgen.verify.wire.user_agent import Caller, UserAgent
from lab.capture import capturing
from lab.clients.baresip import baresip
from lab.clients.phone import MediaEncryption, Phone
from lab.clients.pjsua import Pjsua2Missing, Pjsua2Run, answer_with_pjsua2
from lab.clients.sipp import Scenario, run_sipp
from lab.detector import Media, detect
from lab.host import Host
from tests.live.company import Company, let_connections_age

ECHO = "600"
AT_THE_PEER = "400"  # a number there
_PHONES = {"hq": "101", "old": "301"}
OUTSIDE = {"hq": "201", "old": "101"}  # what a route of the PBX takes
_ROUTE = '      - {numbers: "4XX", trunk: %s-site}\n'
_BEHIND = {"hq": "  branch:\n", "old": "  site:\n"}  # what stands behind the last route of each
_SITE = f"""\
  site:
    kind: threecx
    product_version: "20.0.10"
    address: 10.77.0.1
    sip: {{domain: site.example.test}}
    api: {{client: confgen, secret: {{file: secrets/site-api}}}}
    backup: {{secret: {{file: secrets/site-backup}}}}
    echo_number: "{AT_THE_PEER}"
trunks:
  hq-site: {{between: [hq, site], secret: {{file: secrets/hq-site}}}}
  old-site: {{between: [old, site], secret: {{file: secrets/old-site}}}}
"""
_WITH_SRTP = re.compile(r"m=audio [1-9]\d* RTP/SAVP ")
pytestmark = pytest.mark.timeout(240)  # the company is pushed, and then pushed once more


@dataclass(frozen=True, slots=True, kw_only=True)
class Peered:
    """A PBX of the company with a trunk on which a 3CX registers; clients of the lab play its part."""

    name: str
    company: Company
    inventory: Inventory

    @property
    def pbx(self) -> Pbx:
        return next(pbx for pbx in self.inventory.pbxs if pbx.name == self.name)

    @property
    def trunk(self) -> TrunkEnd:
        return next(trunk for trunk in self.pbx.trunks if trunk.peering is Peering.PEER_REGISTERS)

    @property
    def host(self) -> Host:
        return self.company.lab.hosts[self.name]

    def peer(self, media_encryption: MediaEncryption = MediaEncryption.SDES) -> Phone:
        """Who registers, as a client of the lab is told."""
        trunk = self.trunk.name
        return Phone(
            user=trunk,
            password=(self.company.folder / "secrets" / trunk).read_text().strip(),
            server=self.host.address,
            authority=self.company.authority,
            media_encryption=media_encryption,
        )

    @contextmanager
    def agent(self, user: str, login: str | None = None, password: str | None = None) -> Iterator[Agent]:
        """A caller whose From is `user`, and who answers challenges as the trunk unless told otherwise."""
        peer = self.peer()
        caller = Caller(
            user=user,
            domain=self.host.domain,
            local=Address(host="10.77.0.1", port=5099),
            confgen_version=__version__,
            credentials=Credentials(username=login or peer.user, password=Secret(password or peer.password)),
        )
        with self.company.lab.inside():
            stream, _ = shake_hands_unverified(connect(peer.server, peer.port, 5), server_name=caller.domain, timeout=5)
            try:
                yield Agent(stream, caller, 5)
            finally:
                stream.close()

    def contacts(self) -> str:
        """Where the peer is registered, as Asterisk lists it; empty where it is not."""
        told = self.host.asterisk("pjsip show contacts")
        return "".join(line for line in told.splitlines() if f" {self.trunk.name}/" in line)

    def wait_until_registered(self) -> None:
        deadline = time.monotonic() + 20
        while " Avail " not in (told := self.contacts()):
            assert time.monotonic() < deadline, told or "nobody has registered"
            time.sleep(0.1)

    def call_peer(self) -> Called | NotCalled | NotRegistered:
        pbx = self.pbx
        with self.company.lab.inside(), ExitStack() as stack:
            return asterisk.call_peer(Connections(self.inventory, stack).to(pbx), pbx, self.trunk)

    def heard_of_peer(self) -> Witness | NotCalled | None:
        pbx = self.pbx
        with self.company.lab.inside(), ExitStack() as stack:
            return asterisk.heard_of_peer(Connections(self.inventory, stack).to(pbx), pbx, self.trunk)


class Agent(UserAgent):
    """One that registers a contact for a name that is not its own, if it is told to."""

    def register_as(self, name: str) -> int:
        own, domain = self._registration, self._caller.domain
        self._registration = Dialog(
            call_id=secrets.token_hex(16), local=own.local, remote=f"<sip:{name}@{domain}>", target=own.target
        )
        return self.register().status


@pytest.fixture(scope="module", params=["hq", pytest.param("old", marks=pytest.mark.full)], ids=["22", "16"])
def peered(request: pytest.FixtureRequest, pushed_company: Company) -> Iterator[Peered]:
    name = request.param
    pushed_company.wait_for()
    pushed_company.harm(name)
    for trunk in ("hq-site", "old-site"):
        (pushed_company.folder / "secrets" / trunk).write_text(secrets.token_urlsafe(18))
    pushed_company.change_inventory("trunks:\n", _SITE)
    behind = f"trunk: hq-old}}\n{_BEHIND[name]}"
    pushed_company.change_inventory(behind, behind.replace("\n", f"\n{_ROUTE % name}", 1))
    pushed = pushed_company.confgen("push", "--limit", name, "--format", "json")
    assert pushed.code == 0, pushed.told
    legs = {leg["name"]: leg["outcome"] for leg in pushed.answer["legs"]}
    assert legs[f"{name}-site"] == "pending", "the other end had no part in it"
    let_connections_age()
    yield Peered(name=name, company=pushed_company, inventory=fleet.load(pushed_company.inventory).inventory)
    pushed_company.restore()


def test_the_peer_registers_over_tls_and_its_calls_are_encrypted_both_ways(peered: Peered, tmp_path: Path) -> None:
    with (
        capturing(peered.company.lab, tmp_path / "pcap"),
        baresip(peered.company.lab, peered.peer(), tmp_path / "peer") as peer,
    ):
        assert peer.register().is_registered
        assert "transport=TLS" in peered.host.asterisk("database show registrar/contact")
        call = peer.call(ECHO, seconds=1.5)

    assert call.is_established
    assert call.is_srtp
    assert min(call.packets_sent, call.packets_received) > 50
    detected = detect(tmp_path / "pcap")
    assert detected.sip_in_clear == ()
    assert {flow.media for flow in detected.rtp_flows} == {Media.ENCRYPTED}
    heard = peered.heard_of_peer()
    assert isinstance(heard, Witness)
    assert heard.is_signalling_secure
    assert heard.is_media_secure


def test_a_phone_reaches_the_registered_peer_with_srtp_alone(peered: Peered, tmp_path: Path) -> None:
    company = peered.company
    with (
        capturing(company.lab, tmp_path / "pcap"),
        ThreadPoolExecutor(1) as executor,
        baresip(company.lab, company.phone(_PHONES[peered.name]), tmp_path / "phone") as phone,
    ):
        answering = executor.submit(_answering, peered)
        peered.wait_until_registered()
        assert phone.register().is_registered
        call = phone.call(AT_THE_PEER, seconds=3)
        run = answering.result()

    assert call.is_established
    assert call.is_srtp
    assert run.offered == ("RTP/SAVP",)
    assert run.call is not None
    assert run.call.is_srtp
    assert min(run.call.packets_sent, run.call.packets_received, call.packets_received) > 20
    detected = detect(tmp_path / "pcap")
    assert detected.sip_in_clear == ()
    assert {flow.media for flow in detected.rtp_flows} == {Media.ENCRYPTED}


def test_the_leg_is_told_by_a_call_to_the_registered_peer(peered: Peered) -> None:
    with ThreadPoolExecutor(1) as executor:
        answering = executor.submit(_answering, peered, seconds=0.4)
        peered.wait_until_registered()
        called = peered.call_peer()
        answering.result()

    assert isinstance(called, Called)
    assert called.seen is not None
    assert (called.seen.is_signalling_secure, called.seen.is_media_secure) == (True, True)
    assert called.is_verifying
    assert "Avail" in called.contact


def test_a_peer_that_is_not_registered_is_called_nowhere(peered: Peered, tmp_path: Path) -> None:
    company = peered.company
    assert peered.contacts() == ""
    with baresip(company.lab, company.phone(_PHONES[peered.name]), tmp_path / "phone") as phone:
        assert phone.register().is_registered
        begun = time.monotonic()
        call = phone.call(AT_THE_PEER, seconds=1)
    assert not call.is_established
    assert re.match(r"4\d\d|5\d\d", call.close_reason), call
    assert time.monotonic() - begun < 5
    assert "0 active channels" in peered.host.asterisk("core show channels")
    assert isinstance(peered.call_peer(), NotRegistered)


def test_two_streams_are_answered_by_the_encrypted_one_or_not_at_all(peered: Peered, tmp_path: Path) -> None:
    lab, peer = peered.company.lab, peered.peer()
    with capturing(lab, tmp_path / "pcap"):
        encrypted_first = run_sipp(lab, Scenario.CALL_WITH_SRTP_OR_WITHOUT, peer, ECHO, tmp_path / "encrypted")
        plain_first = run_sipp(lab, Scenario.CALL_WITHOUT_SRTP_OR_WITH, peer, ECHO, tmp_path / "plain")

    assert encrypted_first.is_success, encrypted_first.error
    streams = list(zip(encrypted_first.answered[::2], encrypted_first.answered[1::2], strict=True))
    assert streams, "the call was answered without a word on its media"
    for srtp, plain in streams:
        assert _WITH_SRTP.match(srtp), srtp
        assert plain.startswith("m=audio 0 RTP/AVP "), plain
    assert plain_first.is_success, plain_first.error
    assert 488 in plain_first.statuses
    detected = detect(tmp_path / "pcap")
    assert detected.rtp_flows
    assert {flow.media for flow in detected.rtp_flows} == {Media.ENCRYPTED}


def test_an_offer_without_srtp_is_refused(peered: Peered, tmp_path: Path) -> None:
    plain = run_sipp(peered.company.lab, Scenario.PLAIN_RTP_IS_REFUSED, peered.peer(), ECHO, tmp_path / "plain")
    assert plain.is_success, plain.error
    assert 488 in plain.statuses


def test_its_callers_keep_their_numbers_and_reach_no_route(peered: Peered) -> None:
    offer = sdp.savp("10.77.0.1", 40000)
    for caller in ("7001", _PHONES[peered.name], peered.trunk.name):
        with peered.agent(caller) as agent:
            assert agent.invite(offer, ECHO).status == 200
            for number in (OUTSIDE[peered.name], AT_THE_PEER):  # not even back to itself
                refused = agent.invite(offer, number)
                assert (refused.status, refused.has_progressed) == (404, False), "a route would have made progress"


def test_nobody_else_registers_as_the_peer_nor_the_peer_as_a_phone(peered: Peered) -> None:
    trunk, phone = peered.trunk.name, _PHONES[peered.name]
    password = (peered.company.folder / "secrets" / phone).read_text().strip()
    with peered.agent(trunk, password="wrong") as stranger:
        assert stranger.register().status in {401, 403}
    with peered.agent(phone, login=phone, password=password) as of_a_phone:
        assert of_a_phone.register_as(trunk) in {401, 403, 404}
    with peered.agent(trunk, login=phone, password=password) as of_a_phone:
        assert of_a_phone.register().status in {401, 403}
    assert peered.host.asterisk("database show registrar/contact").startswith("0 results")
    for user in (trunk, phone):
        with peered.agent(user) as peer:  # whatever it asks for, it is registered as itself
            assert peer.register_as(phone) == 200
            told = peered.host.asterisk("database show registrar/contact")
            assert re.findall(r"registrar/contact/(\S+);@", told) == [trunk]
            assert peer.unregister().status == 200


def test_it_cannot_register_in_clear(peered: Peered) -> None:
    address, trunk = peered.host.address, peered.trunk.name
    request = (
        f"REGISTER sip:{address} SIP/2.0\r\nVia: SIP/2.0/%s 10.77.0.1:5099;branch=z9hG4bK1\r\n"
        f"From: <sip:{trunk}@{address}>;tag=1\r\nTo: <sip:{trunk}@{address}>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n"
        f"Contact: <sip:{trunk}@10.77.0.1:5099>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    )
    with peered.company.lab.inside():
        for port in (5060, 5061):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
                datagrams.settimeout(1)
                datagrams.connect((address, port))
                datagrams.send((request % "UDP").encode())
                with pytest.raises((ConnectionRefusedError, TimeoutError)):
                    datagrams.recv(4096)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((address, 5060), timeout=2)
        with socket.create_connection((address, 5061), timeout=2) as connection:
            connection.sendall((request % "TCP").encode())
            assert b"SIP/2.0" not in connection.recv(4096)


def _answering(peered: Peered, seconds: float = 2) -> Pjsua2Run:
    try:
        return answer_with_pjsua2(peered.company.lab, peered.peer(), seconds=seconds)
    except Pjsua2Missing as missing:
        pytest.skip(str(missing))
