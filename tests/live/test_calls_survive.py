"""Calls in progress survive what `plan` says they survive, whatever a phone does; where they would not, it is said.

SIPp, which nobody here wrote, holds the calls; tcpdump counts each call's packets, there and back.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.capture import capturing
from lab.clients.sipp import HeldCalls, holding_calls
from lab.detector import Detected, Media, detect
from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.root_folder import Root
from tests.live.company import Company, Ran, let_connections_age
from tests.live.misbehaving_phone import INVENTED, misbehaving

_SPECS = {
    "new": HostSpec(name="new", domain="new.example.test"),
    "aged": HostSpec(name="aged", domain="aged.example.test", root=Root.ASTERISK_16),
}
_ON_22 = pytest.mark.parametrize(
    "desk", ["new", pytest.param("aged", marks=pytest.mark.full)], ids=["22", "16"], indirect=True
)
_VERSIONS = {"new": ('"22.10.1"', '["1.2", "1.3"]'), "aged": ('"16.28.0"', '["1.2"]')}
_CALLERS = tuple(str(number) for number in range(120, 140))
_INVENTORY = """\
version: 1
pbxs:
  {name}:
    kind: asterisk
    product_version: {version}
    address: {address}
    ssh: {{user: root, identity_file: {key}, known_hosts: {known_hosts}}}
    sip: {{domain: {name}.example.test, tls_versions: {tls_versions}, port: 5061}}
    rtp: {{ports: "20000-20399"}}
    certificate:
      chain: {{file: "pki/{{pbx}}.crt"}}
      key: {{file: "pki/{{pbx}}.key"}}
      authority: {{file: pki/authority.crt}}
    echo_number: "600"
    extension_defaults: {{secret: {{file: "secrets/{{extension}}"}}, permit: [10.77.0.0/24]}}
    probe: {{secret: {{file: secrets/probe}}, permit: [10.77.0.1]}}
    ami:
      bind: {address}
      users: {{monitor: {{secret: {{file: secrets/monitor}}, permit: [10.77.0.1], read: [call]}}}}
    emergency: {{waived: {{owner: the tests, reason: nobody lives in the lab, until: "2099-12-31"}}}}
    blocked: ["0900."]
    ring_groups: {{office: {{number: "500", extensions: ["101", "102"]}}}}
    extensions:
      "101": {{name: Reception, contacts: 2}}
      "102": {{}}
      "103": {{media_encryption: dtls}}
      "120-139": {{}}
"""


class Desk:
    """One PBX with twenty phones that are about to call, and some others."""

    def __init__(self, company: Company, name: str) -> None:
        self.company = company
        self.name = name
        self.host: Host = company.lab.hosts[name]

    def new_secret(self, name: str) -> None:
        (self.company.folder / "secrets" / name).write_text(secrets.token_urlsafe(18) + "\n")

    def plan(self) -> Ran:
        return self.company.confgen("plan")

    def impact(self) -> str:
        """The line of a plan that tells what it costs."""
        return next(line.split(maxsplit=1)[1] for line in self.plan().out.splitlines() if " impact " in line)

    def push(self, *words: str) -> Ran:
        return self.company.confgen("push", *words)

    def started_push(self, *words: str) -> subprocess.Popen[bytes]:
        return self.company.lab.popen(
            [
                "env", f"--chdir={self.company.folder}", f"PYTHONPATH={Path(__file__).parents[2]}", "HOME=/nonexistent",
                sys.executable, "-m", "confgen", "push", *words,
            ],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def calls(self) -> int:
        """How many calls Asterisk has."""
        told = self.host.asterisk("core show channels count").splitlines()
        return int(next(line.split()[0] for line in told if "active call" in line))

    def has_calls(self, number: int, held: HeldCalls) -> None:
        deadline = time.monotonic() + 20
        while (calls := self.calls()) != number:
            assert time.monotonic() < deadline, f"{calls} calls, not {number}: {held.last_words()}"
            time.sleep(0.1)

    def active(self) -> str:
        """The generation that Asterisk reads, and when it was started."""
        show = "readlink /etc/confgen/asterisk/current; systemctl show -p ExecMainStartTimestampMonotonic asterisk"
        return self.host.run(["sh", "-c", show], check=True).stdout.decode()


@pytest.fixture(scope="module")
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    name: str = request.param
    version, tls_versions = _VERSIONS[name]
    with Instance(f"calls-{os.getpid()}", [_SPECS[name]]) as lab:
        company = Company(
            lab,
            tmp_path_factory.mktemp("calls"),
            inventory=lambda lab: _INVENTORY.format(
                name=name, address=lab.hosts[name].address, version=version, tls_versions=tls_versions,
                key=lab.client_key, known_hosts=lab.known_hosts,
            ),
            numbers={name: ("101", "102", "103", "104", *_CALLERS)},
            trunks=("monitor",),
        )  # fmt: skip
        pushed = company.confgen("push", "--adopt")
        assert pushed.code == 0, pushed.told
        yield Desk(company, name)


@pytest.mark.timeout(240)  # on a busy machine: some minutes of twenty calls are many packets to count
@_ON_22
def test_twenty_calls_lose_no_packet_through_reloads_while_a_phone_fills_the_log(desk: Desk, tmp_path: Path) -> None:
    company = desk.company
    started = desk.active().splitlines()[1]
    log = "/var/log/asterisk/messages.log"
    phones = [company.phone(number) for number in _CALLERS]
    let_connections_age()

    with (
        capturing(company.lab, tmp_path / "pcap"),
        holding_calls(company.lab, phones, "600", tmp_path / "calls") as held,
        misbehaving(company.lab, company.phone("101")),
    ):
        desk.has_calls(len(phones), held)
        ran: list[tuple[str, Ran]] = []

        # one extension added, one removed, one renamed, the password of one that is idle, more contacts
        desk.new_secret("103")
        company.change_inventory(
            '"101": {name: Reception, contacts: 2}\n      "102": {}',
            '"101": {name: Front, contacts: 3}\n      "104": {}',
        )
        company.change_inventory('extensions: ["101", "102"]', 'extensions: ["101", "104"]')
        ran.append((desk.impact(), desk.push()))

        # the dialplan, media ports, the manager interface and what a phone offers
        desk.new_secret("monitor")
        company.change_inventory('blocked: ["0900."]', 'blocked: ["0900.", "00."]')
        company.change_inventory('number: "500"', 'number: "501"')
        company.change_inventory("20000-20399", "20000-20499")
        company.change_inventory("read: [call]", "read: [call, cdr]")
        company.change_inventory('"103": {media_encryption: dtls}', '"103": {}')
        ran.append((desk.impact(), desk.push("--allow-weaker", "more ports are open for media")))

        # a certificate that was renewed
        company.issuer.issue(names=[desk.host.domain], addresses=[desk.host.address], days=80).write(
            company.folder / "pki", desk.name
        )
        ran.append((desk.impact(), desk.push()))
        calls = desk.calls()
        ended = held.end()

    assert [impact for impact, _ in ran] == [
        "reload: calls go on", "reload: calls go on", "transport restart: calls go on, the listener begins anew",
    ]  # fmt: skip
    for _, push in ran:
        assert push.code == 0, push.told
    assert desk.active().splitlines()[1] == started
    assert calls == len(phones)
    assert ended.is_success, ended.error
    lost = losses(detect(tmp_path / "pcap"), desk.host.address)
    assert len(lost) == len(phones)
    assert not any(lost.values()), lost
    assert desk.host.read(log).decode(errors="replace").count(INVENTED) > 50


@pytest.mark.full
@_ON_22
def test_a_change_that_drops_calls_says_so_is_refused_on_request_and_waits_on_request(
    desk: Desk, tmp_path: Path
) -> None:
    company = desk.company
    phones = [company.phone(number) for number in _CALLERS]
    company.change_inventory("port: 5061", "port: 5071")
    let_connections_age()

    with holding_calls(company.lab, phones, "600", tmp_path / "calls") as held:
        desk.has_calls(len(phones), held)
        before = desk.active()
        planned = desk.plan()
        refused = desk.push("--max-calls", "19")
        after, calls = desk.active(), desk.calls()
        with desk.started_push("--wait-idle", "60s") as waiting:
            assert waiting.stdout is not None
            told = next(line for line in waiting.stdout if b"waiting for" in line or b"switching" in line)
            still = desk.active()
            ended = held.end()
            rest = waiting.stdout.read()

    assert planned.code == 3, planned.told
    assert "process restart: drops 20 calls in progress" in planned.out
    assert refused.code == 1, refused.told
    assert "PUSH-46" in refused.out
    assert "20 calls in progress" in refused.out
    assert after == before
    assert calls == len(phones)
    assert b"waiting for 20 calls to end" in told
    assert still == before
    assert ended.is_success, ended.error
    assert waiting.returncode == 0, rest.decode()
    assert desk.active() != before


def losses(detected: Detected, address: str) -> dict[str, int]:
    """By the end of a call at the client: packets that it sent and did not get back; all of them encrypted.

    The proof of a push calls as well, a few packets each time, of which it slips some in clear into its own call.
    """
    sent, received, clear = Counter[str](), Counter[str](), Counter[str]()
    for flow in detected.rtp_flows:
        is_sent = flow.destination.startswith(f"{address}:")
        end = flow.source if is_sent else flow.destination
        (sent if is_sent else received)[end] += flow.packets
        if flow.media is not Media.ENCRYPTED:
            clear[end] += flow.packets
    held = {end: packets for end, packets in sent.items() if packets > 100}
    assert not any(clear[end] for end in held), clear
    return {end: packets - received[end] for end, packets in held.items()}
