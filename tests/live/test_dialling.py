"""What phones dial, and who calls them, goes where the inventory says: real phones, real PBXs, a provider."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template
from urllib.parse import quote

import pytest

from confgen import __version__
from confgen.model.secret import Secret
from confgen.model.stream import Stream
from confgen.streams.tcp import Address, connect
from confgen.streams.tls import shake_hands_unverified
from confgen.verify.wire.digest import Credentials
from confgen.verify.wire.sip import Header
from confgen.verify.wire.user_agent import Caller, UserAgent
from lab.clients.baresip import Baresip, baresip
from lab.clients.phone import Call
from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.provider import Customer, Provider, ProviderSecurity, ReceivedCall
from lab.root_folder import Root
from tests.live.company import Company

_NUMBERS = {"hq": ("101", "102", "103", "104"), "old": ("301", "302", "303", "304")}
_HEAD = Template("""\
version: 1
defaults:
  product_version: "22.10.1"
  ssh: {user: root, identity_file: $key, known_hosts: $known_hosts}
  sip: {tls_versions: ["1.2", "1.3"]}
  certificate:
    chain: {file: "pki/{pbx}.crt"}
    key: {file: "pki/{pbx}.key"}
    authority: {file: pki/authority.crt}
  echo_number: "600"
  extension_defaults: {secret: {file: "secrets/{extension}"}}
  probe: {secret: {file: secrets/probe}, permit: [10.77.0.1]}
  verify: {levels: [state, tls, clear]}
  modules: [func_db, app_voicemail, app_queue, format_wav]
  include: {extensions.conf: [services.conf]}
  blocked: ["0900."]
groups:
  sixteen:
    product_version: "16.28.0"
    sip: {tls_versions: ["1.2"]}
providers:
  carrier: {domain: carrier.example.test, beyond: {signalling: clear, media: clear}}
  dead: {domain: dead.example.test}
trunks:
  hq-old: {between: [hq, old], secret: {file: secrets/hq-old}}
  hq-carrier:
    pbx: hq
    provider: carrier
    addresses: [$carrier]
    caller_id: {number: "+49305500", hide: true}
    max_calls: 1
    dids:
      "+493055101": {extension: "101"}
      "+493055109": {context: services, number: "511"}
  hq-dead: {pbx: hq, provider: dead, addresses: [10.77.0.250]}
  old-carrier:
    pbx: old
    provider: carrier
    addresses: [$carrier]
    caller_id: {number: "+49305500", hide: true}
    max_calls: 1
    dids:
      "+493055301": {extension: "301"}
      "+493055309": {context: services, number: "511"}
  old-dead: {pbx: old, provider: dead, addresses: [10.77.0.250]}
pbxs:
""")
_PBX = Template("""\
  $name:
    kind: asterisk
    groups: $groups
    address: $address
    sip: {domain: $name.example.test}
    extensions:
      "${p}01": {outside_number: "+493055${p}01", contacts: 2}
      "${p}02": {}
      "${p}03":
        ring_seconds: 5
        forward:
          busy: {extension: "${p}02"}
          no_answer: {context: services, number: "510"}
          unavailable: {outside: "0777$p"}
      "${p}04": {forward: {always: {outside: "0888$p"}}}
    ring_groups:
      both: {number: "${p}50", extensions: ["${p}01", "${p}02"]}
      turn: {number: "${p}51", extensions: ["${p}03", "${p}02"], order: in-turn, seconds: 5}
    routes:
      - {numbers: "0Z.", trunk: $name-carrier, strip: 1, prepend: "+49"}
      - {numbers: "00Z.", trunk: $name-carrier, strip: 2, prepend: "+"}
      - {numbers: "+4[1-3].", trunk: $name-carrier}
      - {numbers: "06Z.", channel: unlimited, strip: 1, prepend: "+49"}
      - {numbers: "9X.", channel: unlimited, strip: 1}
      - {numbers: "${other}XX", trunk: hq-old}
      - {numbers: "5XX", context: services}
    channels:
      unlimited: {dial: "PJSIP/{number}@$name-carrier", signalling: tls, media: srtp}
    dialling: {country: "49", countries: ["43"], max_calls: 1}
    emergency:
      numbers: ["112", "110", "000"]
      via: [{trunk: $name-dead}, {trunk: $name-carrier, as: "112"}, {trunk: hq-old}]
""")
_SERVICES = b"""\
[services]
exten => 510,1,Answer()
 same => n,Set(DB(services/510)=${CALLERID(num)})
 same => n,Echo()
exten => 520,1,Answer()
 same => n,Voicemail(101@company,s)
 same => n,Hangup()
exten => 530,1,Answer()
 same => n,Queue(desk,,,,8)
 same => n,Hangup()
exten => 511,1,Answer()
 same => n,Wait(1)
 same => n,Hangup()
"""
_DIDS = ("+493055{p}01", "+493055{p}09")
_NOT_OURS = ("0{p}5551", "{p}02", "{p}50", "5{p}0", "{emergency}")
_ON_22 = pytest.mark.parametrize("site", ["1", pytest.param("3", marks=pytest.mark.full)], ids=["22", "16"])
_ON_16 = pytest.mark.parametrize("site", [pytest.param("1", marks=pytest.mark.full), "3"], ids=["22", "16"])


def inventory(lab: Instance) -> str:
    address = {name: host.address for name, host in lab.hosts.items()}
    head = _HEAD.substitute(key=lab.client_key, known_hosts=lab.known_hosts, carrier=address["carrier"])
    hq = _PBX.substitute(name="hq", groups="[]", address=address["hq"], p="1", other="3")
    return head + hq + _PBX.substitute(name="old", groups="[sixteen]", address=address["old"], p="3", other="1")


def _at(site: str, number: str) -> str:
    """A number at one of the two PBXs; the provider knows each number once, so each gets an emergency number."""
    return number.format(p=site, emergency="112" if site == "1" else "110")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telephony:
    """Two PBXs that were pushed, and the provider that both have a trunk to."""

    company: Company
    provider: Provider

    def host(self, site: str) -> Host:
        return self.company.lab.hosts["hq" if site == "1" else "old"]

    def taken(self, number: str) -> ReceivedCall:
        """The last call that the provider took for a number."""
        return next(call for call in reversed(self.provider.received()) if call.number == number)

    def wait_until_noticed(self, site: str, peer: str = "carrier", *, is_up: bool) -> None:
        """Let a PBX ask whether the far end of a trunk is there: one that it knows to be away is not even tried."""
        trunk = "hq-old" if peer == "peer" else f"{self.host(site).name}-carrier"
        status = " Avail " if is_up else " Unavail "
        for _ in range(4):
            self.host(site).asterisk(f"pjsip qualify {trunk}")
            deadline = time.monotonic() + 5  # a question of its own counts as unanswered after 3 s
            while time.monotonic() < deadline:
                if status in self.host(site).asterisk(f"pjsip show aor {trunk}"):
                    return
                time.sleep(0.1)
        raise AssertionError(f"{trunk} is not{status}")

    def wait_for(self, number: str) -> None:
        deadline = time.monotonic() + 10
        while not self.was_taken(number):
            assert time.monotonic() < deadline, number
            time.sleep(0.05)

    def wait_for_another(self, customer: str, since: int) -> None:
        """Let a call arrive that a PBX sent long ago."""
        deadline = time.monotonic() + 20
        while all(call.customer != customer for call in self.provider.received()[since:]):
            assert time.monotonic() < deadline, customer
            time.sleep(0.05)

    def was_taken(self, number: str) -> bool:
        return any(call.number == number for call in self.provider.received())


@pytest.fixture(scope="module")
def telephony(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Telephony]:
    specs = (
        HostSpec(name="hq", domain="hq.example.test"),
        HostSpec(name="old", domain="old.example.test", root=Root.ASTERISK_16),
        HostSpec(name="carrier", domain="carrier.example.test"),
    )
    with Instance(f"dialling-{os.getpid()}", specs) as lab:
        company = Company(lab, tmp_path_factory.mktemp("dialling"), inventory, _NUMBERS, ("hq-old",))
        sites = {"hq": lab.hosts["hq"], "old": lab.hosts["old"]}
        customers = [
            Customer(
                user=name,
                address=host.address,
                server=host.domain,
                numbers=tuple(_at(p, number) for number in (*_DIDS, *_NOT_OURS)),
            )
            for (name, host), p in zip(sites.items(), "13", strict=True)
        ]
        provider = Provider(
            host=lab.hosts["carrier"], security=ProviderSecurity.SECURE, authority=company.issuer, customers=customers
        )
        provider.open()
        for name, host in sites.items():
            host.write("/etc/asterisk/services.conf", _SERVICES)
            host.write("/etc/asterisk/voicemail.conf", b"[general]\nformat = wav\n[company]\n101 => 1234,Reception\n")
            member = b"PJSIP/102" if name == "hq" else b"PJSIP/302"
            host.write("/etc/asterisk/queues.conf", b"[desk]\nstrategy = ringall\nmember => " + member + b"\n")
        pushed = company.confgen("push", "--adopt")
        assert pushed.code == 0, pushed.told
        telephony = Telephony(company=company, provider=provider)
        for site in "13":
            telephony.wait_until_noticed(site, "peer", is_up=True)
        yield telephony


class Phones:
    """Phones that register when a test takes them up, until it ends."""

    def __init__(self, company: Company, folder: Path, stack: ExitStack) -> None:
        self._company, self._folder, self._stack = company, folder, stack
        self._executor = stack.enter_context(ThreadPoolExecutor(4))

    def take(self, number: str, *, answers: bool = True, device: str = "first") -> Baresip:
        phone = baresip(self._company.lab, self._company.phone(number), self._folder / number / device)
        registered = self._stack.enter_context(phone)
        assert registered.register(answers=answers).is_registered
        return registered

    def calling(self, phone: Baresip, number: str, *, seconds: float) -> Future[Call]:
        return self._executor.submit(phone.call, number, seconds)

    def answering(self, phone: Baresip) -> Future[Call]:
        return self._executor.submit(phone.answer)


@pytest.fixture
def phones(telephony: Telephony, tmp_path: Path) -> Iterator[Phones]:
    with ExitStack() as stack:
        yield Phones(telephony.company, tmp_path, stack)


@_ON_22
def test_emergency_numbers_reach_their_route_with_every_guard_and_limit_on(
    telephony: Telephony, phones: Phones, site: str
) -> None:
    one, other = phones.take(f"{site}01"), phones.take(f"{site}02")
    running = phones.calling(one, f"0{site}4441", seconds=6)
    telephony.wait_for(f"+49{site}4441")

    too_many = other.call(f"0{site}4442")
    blocked = other.call("0900123")
    first, second = other.call("112", seconds=0.5), other.call("110", seconds=0.5)  # their first way is dead
    from_outside = telephony.provider.call(f"+493055{site}09")

    assert running.result().is_established
    assert (too_many.is_established, "503" in too_many.close_reason) == (False, True), too_many
    assert (blocked.is_established, "403" in blocked.close_reason) == (False, True), blocked
    assert (from_outside.status, from_outside.cause) == ("CONGESTION", 34)
    assert not telephony.was_taken(f"+49{site}4442")
    assert first.is_established
    assert second.is_established
    assert second.is_srtp
    taken = [call for call in telephony.provider.received() if call.answered_by == "emergency"][-2:]
    assert {(call.caller_number, call.is_srtp) for call in taken} == {("+49305500", True)}  # not hidden


@_ON_16
def test_other_countries_and_numbers_at_a_premium_are_refused_unless_they_are_listed(
    telephony: Telephony, phones: Phones, site: str
) -> None:
    phone = phones.take(f"{site}02")
    refused = [f"0041{site}6661", f"00882{site}6661", f"01377{site}6661", f"0043900{site}6661"]

    listed, at_home = phone.call(f"0043{site}6661"), phone.call(f"0049{site}6661")
    calls = {number: phone.call(number) for number in refused}

    assert (listed.is_established, at_home.is_established) == (True, True)
    assert (telephony.was_taken(f"+43{site}6661"), telephony.was_taken(f"+49{site}6661")) == (True, True)
    for number, call in calls.items():
        assert (call.is_established, "403" in call.close_reason) == (False, True), number
    taken = {call.number for call in telephony.provider.received()}
    assert not taken & {f"+41{site}6661", f"+882{site}6661", f"+491377{site}6661", f"+43900{site}6661"}


@pytest.mark.parametrize("site", ["1", "3"], ids=["22", "16"])
def test_neither_a_plus_nor_a_prefix_of_the_companys_own_leads_past_the_guard(
    telephony: Telephony, phones: Phones, site: str
) -> None:
    phone = phones.take(f"{site}02")
    abroad = [f"+41{site}6662", f"90041{site}6662", f"900882{site}6662"]
    at_a_premium = [f"+43900{site}6662", f"90900{site}6662", f"901377{site}6662"]

    refused = {number: phone.call(number) for number in (*abroad, *at_a_premium)}
    listed = [phone.call(number, seconds=0.5) for number in (f"+43{site}6662", f"90043{site}6662", f"9030{site}6662")]

    for number, call in refused.items():
        assert (call.is_established, "403" in call.close_reason) == (False, True), (number, call)
    assert all(call.is_established and call.is_srtp for call in listed), listed
    taken = {call.number for call in telephony.provider.received() if call.number.endswith(f"{site}6662")}
    assert taken == {f"+43{site}6662", f"0043{site}6662", f"030{site}6662"}


@pytest.mark.parametrize("site", ["1", "3"], ids=["22", "16"])
def test_every_emergency_number_passes_while_all_else_of_the_phone_is_refused(
    telephony: Telephony, phones: Phones, site: str
) -> None:
    one, its_other = phones.take(f"{site}01"), phones.take(f"{site}01", device="second")
    running = phones.calling(one, f"0{site}8881", seconds=8)
    telephony.wait_for(f"+49{site}8881")
    before = len(telephony.provider.received())

    no_more = its_other.call(f"9030{site}8882")  # the trunk is full too, but this way has no limit
    abroad, at_a_premium = its_other.call(f"0041{site}8882"), its_other.call(f"901377{site}8882")
    in_need = [its_other.call(number, seconds=0.3) for number in ("112", "110", "000")]  # 00 leads abroad

    assert running.result().is_established
    assert (no_more.is_established, "503" in no_more.close_reason) == (False, True), no_more
    for call in (abroad, at_a_premium):
        assert (call.is_established, "403" in call.close_reason) == (False, True), call
    assert all(call.is_established and call.is_srtp for call in in_need), in_need
    assert [call.answered_by for call in telephony.provider.received()[before:]] == ["emergency"] * 3


@_ON_22
def test_one_phone_has_one_call_outside_however_many_devices_it_has(
    telephony: Telephony, phones: Phones, site: str
) -> None:
    one, its_other = phones.take(f"{site}01"), phones.take(f"{site}01", device="second")
    running = phones.calling(one, f"06{site}7771", seconds=8)
    telephony.wait_for(f"+496{site}7771")

    too_many = its_other.call(f"06{site}7772")
    in_need = its_other.call("112", seconds=0.5)
    of_another = phones.take(f"{site}02").call(f"06{site}7773", seconds=0.5)

    assert running.result().is_established
    assert (too_many.is_established, "503" in too_many.close_reason) == (False, True), too_many
    assert in_need.is_established
    assert of_another.is_established


@_ON_16
def test_an_emergency_call_leaves_by_the_peer_where_every_way_of_its_own_is_dead(
    telephony: Telephony, phones: Phones, site: str
) -> None:
    host, carrier = telephony.host(site), telephony.provider.host.address
    host.run(["ip", "route", "add", "unreachable", carrier], check=True)
    try:
        telephony.wait_until_noticed(site, is_up=False)
        call = phones.take(f"{site}01").call("112", seconds=0.5)
    finally:
        host.run(["ip", "route", "del", "unreachable", carrier], check=True)
        telephony.wait_until_noticed(site, is_up=True)

    assert call.is_established
    taken = telephony.provider.received()[-1]
    assert (taken.answered_by, taken.customer) == ("emergency", "old" if site == "1" else "hq")
    assert taken.caller_number == f"+493055{site}01"  # the phone's own, not the peer's


@pytest.mark.full
@_ON_22
def test_an_emergency_call_waits_seconds_only_for_a_way_that_died_a_moment_ago(
    telephony: Telephony, phones: Phones, site: str
) -> None:
    host, carrier = telephony.host(site), telephony.provider.host
    phone = phones.take(f"{site}01")
    telephony.wait_until_noticed(site, is_up=True)
    taken = len(telephony.provider.received())
    dropping = ("from", host.address, "ipproto", "6", "pref", "10", "blackhole")
    carrier.run(["ip", "rule", "add", *dropping], check=True)  # what was sent to it arrives when this ends
    try:
        started = time.monotonic()
        call = phone.call("112", seconds=0.5)
        waited = time.monotonic() - started
    finally:
        carrier.run(["ip", "rule", "del", *dropping], check=True)
        telephony.wait_for_another(host.name, taken)
        telephony.wait_until_noticed(site, is_up=True)

    assert call.is_established, waited
    assert 6 < waited < 12, "the trunk was thought to be there, and given up soon"


@_ON_16
def test_an_emergency_call_leaves_by_a_provider_that_is_back_before_anybody_noticed(
    telephony: Telephony, phones: Phones, site: str
) -> None:
    phone = phones.take(f"{site}01")
    telephony.provider.stop()
    try:
        for away in "13":
            telephony.wait_until_noticed(away, is_up=False)
        telephony.provider.start()
        call = phone.call("112", seconds=0.5)
        name = telephony.host(site).name
        noticed = telephony.host(site).asterisk(f"pjsip show aor {name}-carrier")
    finally:
        telephony.provider.start()
        for away in "13":
            telephony.wait_until_noticed(away, is_up=True)

    assert call.is_established
    assert " Unavail " in noticed


@pytest.mark.full
def test_an_emergency_call_that_no_way_takes_ends_though_the_pbxs_name_each_other(
    telephony: Telephony, phones: Phones
) -> None:
    telephony.provider.stop()
    try:
        for site in "13":
            telephony.wait_until_noticed(site, is_up=False)
        # each PBX that the call has come through tries its provider once more, for 6.4 s
        call = phones.take("101").call("112", seconds=0.5, timeout=60)
    finally:
        telephony.provider.start()
        for site in "13":
            telephony.wait_until_noticed(site, is_up=True)

    assert not call.is_established


@_ON_22
def test_a_number_is_rewritten_and_leaves_by_the_provider_with_the_callers_number_hidden(
    telephony: Telephony, phones: Phones, site: str
) -> None:
    call = phones.take(f"{site}01").call(f"0{site}5551", seconds=0.5)

    assert call.is_established
    assert call.is_srtp
    taken = telephony.taken(f"+49{site}5551")
    assert taken.is_srtp
    assert taken.caller_number == "anonymous"
    assert f"<sip:+493055{site}01@" in taken.asserted_identity


@_ON_16
def test_what_is_no_number_leaves_by_no_route(phones: Phones, site: str) -> None:
    phone = phones.take(f"{site}01")

    strange, too_long, did = phone.call("01a5559"), phone.call("01" + "5" * 33), phone.call(f"+493055{site}01")

    # `)` would end a function of the dialplan, and `:1` cut a digit off what it gives: 0 5900 123 would be dialled
    cut = phone.call("05900123" + "a" * 9 + ")x%3A1")

    assert "484" in cut.close_reason, cut
    assert "484" in strange.close_reason, strange
    assert "484" in too_long.close_reason, too_long
    assert "404" in did.close_reason, did  # what a provider reaches, a phone does not


@_ON_22
@pytest.mark.parametrize("who", ["first", "second"])
def test_every_device_of_an_extension_rings(phones: Phones, site: str, who: str) -> None:
    caller = phones.take(f"{site}02")
    for device in ("first", "second"):
        phones.take(f"{site}01", answers=device == who, device=device)

    alone, in_a_group = (caller.call(f"{site}{number}", seconds=0.5) for number in ("01", "50"))

    assert alone.is_established
    assert alone.is_srtp
    assert in_a_group.is_established


@_ON_22
def test_a_device_calls_nobody_by_the_address_that_it_registers(
    telephony: Telephony, phones: Phones, site: str
) -> None:
    caller, host = phones.take(f"{site}02"), telephony.host(site)
    taken = len(telephony.provider.received())
    with hostile_device(telephony, site, f"x&PJSIP/900@{host.name}-carrier,60,G(services^511^1)"):
        calling = phones.calling(caller, f"{site}01", seconds=0.5)
        deadline = time.monotonic() + 5
        while "!Dial!" not in (channels := host.asterisk("core show channels concise")):
            assert time.monotonic() < deadline, channels
            time.sleep(0.05)
        result = calling.result()

    assert ",60,iU(confgen-called)!" in channels
    assert channels.count(f"PJSIP/{site}01-") == 1
    assert "-carrier-" not in channels
    assert not result.is_established
    assert len(telephony.provider.received()) == taken


@contextmanager
def hostile_device(telephony: Telephony, site: str, user: str) -> Iterator[None]:
    """A registered device whose address has a user part of its own choice."""
    company, host = telephony.company, telephony.host(site)
    phone = company.phone(f"{site}01")
    caller = Caller(
        user=phone.user,
        domain=host.domain,
        local=Address(host="10.77.0.1", port=5099),
        confgen_version=__version__,
        credentials=Credentials(username=phone.user, password=Secret(phone.password)),
    )
    with company.lab.inside():
        stream, _ = shake_hands_unverified(connect(host.address, 5061, 5), server_name=host.domain, timeout=5)
        try:
            registered = Device(stream, caller, 5, contact=f"sip:{quote(user, safe='&,()/')}@10.77.0.1:5099")
            assert registered.register().status == 200
            yield
            assert registered.unregister().status == 200
        finally:
            stream.close()


class Device(UserAgent):
    """One that registers whatever contact it likes."""

    def __init__(self, stream: Stream, caller: Caller, timeout: float, *, contact: str) -> None:
        super().__init__(stream, caller, timeout)
        self._uri = contact

    @property
    def _contact(self) -> Header:
        return "Contact", f"<{self._uri};transport=tls>"


@_ON_16
def test_the_users_own_context_is_reached(telephony: Telephony, phones: Phones, site: str) -> None:
    call = phones.take(f"{site}01").call("510", seconds=0.5)

    assert call.is_established
    assert call.is_srtp
    assert f"{site}01" in telephony.host(site).asterisk("database get services 510")


@pytest.mark.full
@_ON_22
def test_voicemail_and_a_queue_of_the_users_own_dialplan_answer(
    telephony: Telephony, phones: Phones, site: str
) -> None:
    caller, agent = phones.take(f"{site}01"), phones.take(f"{site}02")
    left = caller.call("520", seconds=4)
    answered = phones.answering(agent)
    queued = caller.call("530", seconds=3)

    assert left.is_established
    assert "msg0000.wav" in telephony.host(site).run(["ls", "-R", "/var/spool/asterisk/voicemail"]).stdout.decode()
    assert queued.is_established
    assert answered.result().is_srtp


@pytest.mark.full
@_ON_22
def test_calls_are_forwarded_when_the_phone_is_busy_silent_or_away(
    telephony: Telephony, phones: Phones, site: str
) -> None:
    caller = phones.take(f"{site}01")
    away = caller.call(f"{site}03", seconds=0.5)
    always = caller.call(f"{site}04", seconds=0.5)
    silent = phones.take(f"{site}03", answers=False)
    missed = phones.answering(silent)
    unanswered = caller.call(f"{site}03", seconds=0.5)
    assert not missed.result().is_established
    talking = phones.calling(silent, "600", seconds=4)
    deputy = phones.take(f"{site}02")
    answered = phones.answering(deputy)
    time.sleep(1)
    busy = caller.call(f"{site}03", seconds=0.5)

    assert away.is_established
    assert telephony.taken(f"+49777{site}").is_srtp
    assert always.is_established
    assert telephony.taken(f"+49888{site}").is_srtp
    assert unanswered.is_established
    assert f"{site}01" in telephony.host(site).asterisk("database get services 510")
    assert busy.is_established
    assert answered.result().is_srtp
    assert talking.result().is_established


@_ON_16
def test_a_ring_group_rings_all_or_one_after_the_other(phones: Phones, site: str) -> None:
    caller, second = phones.take(f"{site}01"), phones.take(f"{site}02")
    answered = phones.answering(second)
    together = caller.call(f"{site}50", seconds=0.5)
    heard = answered.result()
    phones.take(f"{site}03", answers=False)
    answered = phones.answering(second)
    in_turn = caller.call(f"{site}51", seconds=0.5)

    assert together.is_established
    assert heard.is_srtp
    assert in_turn.is_established
    assert answered.result().is_srtp


@_ON_16
def test_a_provider_reaches_its_dids_and_nothing_else(telephony: Telephony, phones: Phones, site: str) -> None:
    answered = phones.answering(phones.take(f"{site}01"))
    taken = len(telephony.provider.received())

    delivered = telephony.provider.call(f"+493055{site}01", seconds=0.5)
    refused = [telephony.provider.call(_at(site, number)) for number in _NOT_OURS]

    assert delivered.status == "ANSWER"
    assert answered.result().is_srtp
    assert {call.status for call in refused} == {"CHANUNAVAIL"}
    assert len(telephony.provider.received()) == taken
