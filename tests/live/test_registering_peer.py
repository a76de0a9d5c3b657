"""A PBX that registers with an Asterisk, as 3CX does: it is called where it has registered, and only encrypted."""

from __future__ import annotations

import re
import secrets
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from confgen import __version__, fleet
from confgen.drivers import asterisk
from confgen.fleet.connections import Connections
from confgen.model.check import Level
from confgen.model.dialling import ByTrunk, Route
from confgen.model.inventory import Inventory, Pbx, Peering, TrunkEnd
from confgen.model.leg import Called, NotCalled, NotRegistered, Witness
from confgen.model.result import Outcome, Result
from confgen.model.secret import Secret, SecretReference, SecretSource
from confgen.model.terms import Strategy, Terms
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
from tests.live.company import Company

ECHO = "600"
AT_THE_PEER = "400"  # a number there
_PHONES = {"hq": "101", "old": "301"}
OUTSIDE = {"hq": "201", "old": "101"}  # what a route of the PBX takes
_WITH_SRTP = re.compile(r"m=audio [1-9]\d* RTP/SAVP ")
_ON_22 = pytest.mark.parametrize("name", ["hq", pytest.param("old", marks=pytest.mark.full)], ids=["22", "16"])
_ON_BOTH = pytest.mark.parametrize("name", ["hq", "old"], ids=["22", "16"])


class _Silent:
    def begin(self, pbx: str, /) -> None: ...

    def step(self, pbx: str, words: str, /) -> None: ...

    def end(self, result: Result, /) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Peered:
    """Two PBXs of the company, each with a trunk on which a peer registers."""

    company: Company
    inventory: Inventory

    def pbx(self, name: str) -> Pbx:
        return next(pbx for pbx in self.inventory.pbxs if pbx.name == name)

    def trunk(self, name: str) -> TrunkEnd:
        return next(trunk for trunk in self.pbx(name).trunks if trunk.peering is Peering.PEER_REGISTERS)

    def host(self, name: str) -> Host:
        return self.company.lab.hosts[name]

    def peer(self, name: str, media_encryption: MediaEncryption = MediaEncryption.SDES) -> Phone:
        """Who registers, as a client of the lab is told."""
        trunk = self.trunk(name).name
        return Phone(
            user=trunk,
            password=(self.company.folder / "secrets" / trunk).read_text().strip(),
            server=self.host(name).address,
            authority=self.company.authority,
            media_encryption=media_encryption,
        )

    @contextmanager
    def agent(self, name: str, user: str, login: str | None = None, password: str | None = None) -> Iterator[Agent]:
        """A caller whose From is `user`, and who answers challenges as the trunk unless told otherwise."""
        peer = self.peer(name)
        caller = Caller(
            user=user,
            domain=self.host(name).domain,
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

    def contacts(self, name: str) -> str:
        """Where the peer is registered, as Asterisk lists it; empty where it is not."""
        told = self.host(name).asterisk("pjsip show contacts")
        return "".join(line for line in told.splitlines() if f" {self.trunk(name).name}/" in line)

    def wait_until_registered(self, name: str) -> None:
        deadline = time.monotonic() + 20
        while " Avail " not in (told := self.contacts(name)):
            assert time.monotonic() < deadline, told or "nobody has registered"
            time.sleep(0.1)

    def call_peer(self, name: str) -> Called | NotCalled | NotRegistered:
        pbx = self.pbx(name)
        with self.company.lab.inside(), ExitStack() as stack:
            return asterisk.call_peer(Connections(self.inventory, stack).to(pbx), pbx, self.trunk(name))

    def heard_of_peer(self, name: str) -> Witness | NotCalled | None:
        pbx = self.pbx(name)
        with self.company.lab.inside(), ExitStack() as stack:
            return asterisk.heard_of_peer(Connections(self.inventory, stack).to(pbx), pbx, self.trunk(name))


class Agent(UserAgent):
    """One that registers a contact for a name that is not its own, if it is told to."""

    def register_as(self, name: str) -> int:
        own, domain = self._registration, self._caller.domain
        self._registration = Dialog(
            call_id=secrets.token_hex(16), local=own.local, remote=f"<sip:{name}@{domain}>", target=own.target
        )
        return self.register().status


@pytest.fixture(scope="module")
def peered(pushed_company: Company) -> Iterator[Peered]:
    """The trunks are in no inventory that could be loaded: the PBX at their other end is of no product of the lab."""
    loaded = fleet.load(pushed_company.inventory).inventory
    inventory = replace(loaded, pbxs=tuple(map(_with_peer, loaded.pbxs)))
    pbxs = [pbx for pbx in inventory.pbxs if pbx.name in OUTSIDE]
    for pbx in pbxs:
        pushed_company.harm(pbx.name)
        (pushed_company.folder / "secrets" / f"{pbx.name}-site").write_text(secrets.token_urlsafe(18))
    with pushed_company.lab.inside():
        results = fleet.push(inventory, pbxs, _Silent(), terms=Terms(), strategy=Strategy())
    assert {result.outcome for result in results if result.pbx in OUTSIDE} == {Outcome.PROVEN}, results
    yield Peered(company=pushed_company, inventory=inventory)
    pushed_company.restore()


def _with_peer(pbx: Pbx) -> Pbx:
    name = f"{pbx.name}-site"
    end = TrunkEnd(
        name=name,
        peer="site",
        peer_domain="site.example.test",
        peer_port=5061,
        peer_address="10.77.0.1",
        peer_echo=AT_THE_PEER,
        secret=SecretReference(SecretSource.FILE, (f"secrets/{name}",)),
        codecs=("ulaw", "alaw"),
        peering=Peering.PEER_REGISTERS,
        place=pbx.place,
    )
    return replace(
        pbx,
        trunks=(*pbx.trunks, end),
        routes=(*pbx.routes, Route(numbers="4XX", way=ByTrunk(trunk=name), place=pbx.place)),
        verification=replace(pbx.verification, levels=frozenset({Level.STATE, Level.CLEAR, Level.DOWNGRADE})),
    )


@_ON_22
def test_the_peer_registers_over_tls_and_its_calls_are_encrypted_both_ways(
    peered: Peered, tmp_path: Path, name: str
) -> None:
    with (
        capturing(peered.company.lab, tmp_path / "pcap"),
        baresip(peered.company.lab, peered.peer(name), tmp_path / "peer") as peer,
    ):
        assert peer.register().is_registered
        assert "transport=TLS" in peered.host(name).asterisk("database show registrar/contact")
        call = peer.call(ECHO, seconds=1.5)

    assert call.is_established
    assert call.is_srtp
    assert min(call.packets_sent, call.packets_received) > 50
    detected = detect(tmp_path / "pcap")
    assert detected.sip_in_clear == ()
    assert {flow.media for flow in detected.rtp_flows} == {Media.ENCRYPTED}
    heard = peered.heard_of_peer(name)
    assert isinstance(heard, Witness)
    assert heard.is_signalling_secure
    assert heard.is_media_secure


@_ON_22
def test_a_phone_reaches_the_registered_peer_with_srtp_alone(peered: Peered, tmp_path: Path, name: str) -> None:
    company = peered.company
    with (
        capturing(company.lab, tmp_path / "pcap"),
        ThreadPoolExecutor(1) as executor,
        baresip(company.lab, company.phone(_PHONES[name]), tmp_path / "phone") as phone,
    ):
        answering = executor.submit(_answering, peered, name)
        peered.wait_until_registered(name)
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


@_ON_BOTH
def test_the_leg_is_told_by_a_call_to_the_registered_peer(peered: Peered, name: str) -> None:
    with ThreadPoolExecutor(1) as executor:
        answering = executor.submit(_answering, peered, name, seconds=0.4)
        peered.wait_until_registered(name)
        called = peered.call_peer(name)
        answering.result()

    assert isinstance(called, Called)
    assert called.seen is not None
    assert (called.seen.is_signalling_secure, called.seen.is_media_secure) == (True, True)
    assert called.is_verifying
    assert "Avail" in called.contact


@_ON_BOTH
def test_a_peer_that_is_not_registered_is_called_nowhere(peered: Peered, tmp_path: Path, name: str) -> None:
    company = peered.company
    assert peered.contacts(name) == ""
    with baresip(company.lab, company.phone(_PHONES[name]), tmp_path / "phone") as phone:
        assert phone.register().is_registered
        begun = time.monotonic()
        call = phone.call(AT_THE_PEER, seconds=1)
    assert not call.is_established
    assert re.match(r"4\d\d|5\d\d", call.close_reason), call
    assert time.monotonic() - begun < 5
    assert "0 active channels" in peered.host(name).asterisk("core show channels")
    assert isinstance(peered.call_peer(name), NotRegistered)


@_ON_22
def test_two_streams_are_answered_by_the_encrypted_one_or_not_at_all(peered: Peered, tmp_path: Path, name: str) -> None:
    lab, peer = peered.company.lab, peered.peer(name)
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


@_ON_22
def test_an_offer_without_srtp_is_refused(peered: Peered, tmp_path: Path, name: str) -> None:
    plain = run_sipp(peered.company.lab, Scenario.PLAIN_RTP_IS_REFUSED, peered.peer(name), ECHO, tmp_path / "plain")
    assert plain.is_success, plain.error
    assert 488 in plain.statuses


@_ON_BOTH
def test_its_callers_keep_their_numbers_and_reach_no_route(peered: Peered, name: str) -> None:
    offer = sdp.savp("10.77.0.1", 40000)
    for caller in ("7001", _PHONES[name], peered.trunk(name).name):
        with peered.agent(name, caller) as agent:
            assert agent.invite(offer, ECHO).status == 200
            for number in (OUTSIDE[name], AT_THE_PEER):  # not even back to itself
                refused = agent.invite(offer, number)
                assert (refused.status, refused.has_progressed) == (404, False), "a route would have made progress"


@_ON_BOTH
def test_nobody_else_registers_as_the_peer_nor_the_peer_as_a_phone(peered: Peered, name: str) -> None:
    trunk, phone = peered.trunk(name).name, _PHONES[name]
    password = (peered.company.folder / "secrets" / phone).read_text().strip()
    with peered.agent(name, trunk, password="wrong") as stranger:
        assert stranger.register().status in {401, 403}
    with peered.agent(name, phone, login=phone, password=password) as of_a_phone:
        assert of_a_phone.register_as(trunk) in {401, 403, 404}
    with peered.agent(name, trunk, login=phone, password=password) as of_a_phone:
        assert of_a_phone.register().status in {401, 403}
    assert peered.host(name).asterisk("database show registrar/contact").startswith("0 results")
    for user in (trunk, phone):
        with peered.agent(name, user) as peer:  # whatever it asks for, it is registered as itself
            assert peer.register_as(phone) == 200
            told = peered.host(name).asterisk("database show registrar/contact")
            assert re.findall(r"registrar/contact/(\S+);@", told) == [trunk]
            assert peer.unregister().status == 200


@_ON_BOTH
def test_it_cannot_register_in_clear(peered: Peered, name: str) -> None:
    address, trunk = peered.host(name).address, peered.trunk(name).name
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


def _answering(peered: Peered, name: str, seconds: float = 2) -> Pjsua2Run:
    try:
        return answer_with_pjsua2(peered.company.lab, peered.peer(name), seconds=seconds)
    except Pjsua2Missing as missing:
        pytest.skip(str(missing))
