"""What is staged is tried in a second Asterisk: faults come out before the switch, and nobody notices the trial."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import dpkt
import pytest

from confgen.archives import pack
from confgen.drivers.asterisk.layout import every_name
from confgen.drivers.asterisk.preflight import preflight
from confgen.model.document import Impact
from confgen.model.driver import Staged
from confgen.model.finding import Finding, Severity
from confgen.model.host import Command, Completed
from confgen.model.lease import Lease
from confgen.model.stream import Stream
from lab.capture import capturing
from lab.clients.baresip import baresip
from lab.clients.phone import MediaEncryption, Phone, Transport
from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.living_pbx import MENU_NUMBER, PHONES
from lab.pki import make_authority
from lab.provider import Customer, Provider, ProviderSecurity
from tests.live.hands import PUSH, Hands
from tests.live.living_company import SPECS, LivingCompany
from tests.live.reached import INSTALLED
from tests.model.pbxs import a_pbx

_ALL_PARTS = (
    ("  manage: [sip, media, certificates]\n", ""),
    (
        "    context: from-phones\n",
        "  emergency: {waived: {owner: the tests, reason: nobody lives in the lab, until: '2099-12-31'}}\n",
    ),
    (", context: confgen-probe", ""),
)
_SIP_NAMES = ("iax.conf", "pjsip_wizard.conf", "sip.conf", "users.conf")
_LISTING = """cd /etc/asterisk
find . -printf '%y %m %U %G %p %T@ %l\\n' | sort
find . -type f -exec sha256sum {} + | sort -k2
systemctl show --property MainPID,ExecMainStartTimestampMonotonic,NRestarts asterisk
ls /etc/confgen 2>/dev/null || true"""
# What a trial could leave: processes, network namespaces, mounts, files.
_TRACES = """cd /proc
for process in [0-9]*; do
    case $(tr '\\0' ' ' <$process/cmdline 2>/dev/null) in
    *confgen-asterisk*preflight* | *confgen-asterisk*apart* | *' /run/asterisk.conf '*) echo process ;;
    esac
    readlink $process/ns/net
done | sort | uniq -c | awk '{print $2}'
ls -d /run/confgen-answer* /run/etc /tmp/* 2>/dev/null
grep -c . self/mounts"""
_SLOW_OPENSSL = b'#!/bin/sh\ncase $1 in x509) sleep 15 ;; esac\nexec /usr/bin/openssl "$@"\n'
_KILL = """for process in /proc/[0-9]*; do
    case $(tr '\\0' ' ' <$process/cmdline) in *'confgen-asterisk '*'{} '*) kill -9 ${{process#/proc/}} ;; esac
done"""
_EACH = pytest.mark.parametrize("name", ["new", pytest.param("aged", marks=pytest.mark.full)], ids=["22", "16"])
_WAYS = pytest.mark.parametrize(
    ("name", "way"),
    [("new", "itself"), ("aged", "session"), ("new", "session")],
    ids=["22", "16-session", "22-session"],
)
_SSH_PORT = 22
_FULL = pytest.mark.full


class Near:
    """A host of the lab as the driver is handed one."""

    def __init__(self, host: Host | Operator) -> None:
        self._host = host
        self.name = host.name

    def run(self, command: Command, /) -> Completed:
        done = self._host.run(command.argv, stdin=command.stdin, timeout=command.timeout)
        return Completed(exit_status=done.returncode, stdout=done.stdout, stderr=done.stderr)

    def again(self) -> None:
        raise AssertionError("the connection did not break")

    def dial(self, _address: str, _port: int, _timeout: float, /) -> Stream:
        raise AssertionError("preflight dials nobody")


class Operator:
    """A host as the operator reaches it: root of a session there has fewer rights than the lab itself."""

    def __init__(self, lab: Instance, host: Host) -> None:
        self._lab = lab
        self._to = [f"root@{host.address}"]
        self.name = host.name

    def run(
        self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0
    ) -> subprocess.CompletedProcess[bytes]:
        key, known = self._lab.client_key, f"UserKnownHostsFile={self._lab.known_hosts}"
        return self._lab.run(
            ["ssh", "-i", str(key), "-o", known, *self._to, shlex.join(argv)], stdin=stdin, timeout=timeout
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What is rendered for a PBX that a company runs already, in the whole and in part."""

    company: LivingCompany
    whole: Mapping[str, Mapping[str, str]]  # texts by key, by PBX
    part: Mapping[str, Mapping[str, str]]

    def tried(self, name: str, texts: Mapping[str, str], operator: Operator | None = None) -> tuple[Finding, ...]:
        """The findings of what is staged, tried and discarded."""
        hands = Hands(self.company.lab.hosts[name])
        staged = stage(hands, texts)
        try:
            return tuple(preflight(Near(operator or hands.host), a_pbx(), staged, print))
        finally:
            discard(hands, staged)


def stage(hands: Hands, texts: Mapping[str, str]) -> Staged:
    names = sorted(
        every_name() if "modules.conf" in texts else {*_SIP_NAMES, *(key for key in texts if "/" not in key)}
    )
    members = [(key if "/" in key else f"etc/{key}", text) for key, text in texts.items()]
    hands.lock()
    _, generation, previous = hands.done("stage", *names, stdin=pack(members)).split()
    lease = Lease(push=PUSH, owner="maria@laptop", undo_after=600)
    return Staged(
        generation=int(generation), previous=int(previous), impact=Impact.PROCESS_RESTART, changed=(), lease=lease
    )


def discard(hands: Hands, staged: Staged) -> None:
    hands.done("discard", str(staged.generation))
    hands.done("unlock", PUSH)


def rendered(company: LivingCompany, folder: Path) -> Mapping[str, Mapping[str, str]]:
    ran = company.confgen("render", "--reveal", "--out", str(folder))
    assert ran.code == 0, ran.told
    return {
        name: {
            str(path.relative_to(folder / name)): path.read_text(encoding="utf-8")
            for path in (folder / name).rglob("*")
            if path.is_file() and not path.name.startswith(".")
        }
        for name in company.lab.hosts
    }


def changed(texts: Mapping[str, str], key: str, old: str, new: str) -> Mapping[str, str]:
    assert old in texts[key]
    return {**texts, key: texts[key].replace(old, new, 1)}


def errors(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in findings if finding.severity is Severity.ERROR}


def listing(host: Host) -> str:
    return host.run(["sh", "-c", _LISTING], check=True).stdout.decode()


def traces(host: Host) -> str:
    return host.run(["sh", "-c", _TRACES]).stdout.decode()


@pytest.fixture(scope="module")
def candidates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Candidates]:
    folder = tmp_path_factory.mktemp("candidates")
    with Instance(f"preflight-{os.getpid()}", SPECS) as lab:
        (folder / "company").mkdir()
        company = LivingCompany(lab, folder / "company")
        part = rendered(company, folder / "part")
        for old, new in _ALL_PARTS:
            company.change_inventory(old, new)
        yield Candidates(company=company, whole=rendered(company, folder / "whole"), part=part)


@_EACH
def test_a_good_set_passes_in_the_whole_and_in_part_and_a_call_goes_on(
    candidates: Candidates, name: str, tmp_path: Path
) -> None:
    host = candidates.company.lab.hosts[name]
    user, password = next(iter(PHONES.items()))
    clear = Phone(
        user=user,
        password=password,
        server=host.address,
        port=5060,
        transport=Transport.UDP,
        media_encryption=MediaEncryption.NONE,
        authority=candidates.company.authority,
    )
    before = (listing(host), traces(host))
    with baresip(candidates.company.lab, clear, tmp_path / "phone") as phone, ThreadPoolExecutor() as beside:
        assert phone.register().is_registered
        calling = beside.submit(phone.call, MENU_NUMBER, seconds=4)
        time.sleep(0.5)
        whole = candidates.tried(name, candidates.whole[name])
        part = candidates.tried(name, candidates.part[name])
        call = calling.result()

    assert whole == ()
    assert errors(part) == set()
    assert call.is_established
    assert call.packets_received >= 4 * 50 * 0.95  # a packet each 20 ms
    assert (listing(host), traces(host)) == before


_FAULTS = {
    "a misspelled option": ("pjsip.conf", "media_encryption = sdes", "media_encrypton = sdes", "PUSH-47"),
    "a bad value": ("pjsip.conf", "media_encryption = sdes", "media_encryption = sdess", "PUSH-47"),
    "a section without its end": ("pjsip.conf", "[tls]", "[tls", "PUSH-47"),
    "an address that is another host's": ("pjsip.conf", "bind = 0.0.0.0:5061", "bind = 192.0.2.77:5061", "PUSH-47"),
    "a missing certificate": ("pjsip.conf", "cert_file = /etc/confgen", "cert_file = /etc/nothing", "PUSH-47"),
    "a missing file": ("extensions.conf", "[phones]", '#include "company/nothing.conf"\n[phones]', "PUSH-47"),
    "a missing module": ("modules.conf", "load = app_echo.so", "load = app_ecko.so", "PUSH-47"),
    "a missing module that is needed": ("modules.conf", "require = res_srtp.so", "require = res_srtq.so", "PUSH-47"),
    "an unknown application": ("extensions.conf", "Echo()", "Ecco()", "PUSH-76"),
    "a missing context": ("pjsip.conf", "context = phones", "context = fones", "PUSH-75"),
    "a missing password": ("pjsip.conf", "\nauth = ", "\nauth = 9", "PUSH-75"),
    "a missing place to go to": ("extensions.conf", "Gosub(confgen-guard,s,1)", "Gosub(confgen-gard,s,1)", "PUSH-75"),
    "a missing context to include": ("extensions.conf", "include => extensions", "include => extension", "PUSH-75"),
}
_QUICK = {"a misspelled option", "a missing module that is needed", "an unknown application"}


@_EACH
@pytest.mark.parametrize("fault", [fault if fault in _QUICK else pytest.param(fault, marks=_FULL) for fault in _FAULTS])
def test_a_fault_is_found_before_the_switch_and_nothing_is_changed(
    candidates: Candidates, name: str, fault: str
) -> None:
    key, old, new, code = _FAULTS[fault]
    host = candidates.company.lab.hosts[name]
    before = (listing(host), traces(host))

    findings = candidates.tried(name, changed(candidates.whole[name], key, old, new))

    assert code in errors(findings), findings
    assert (listing(host), traces(host)) == before


@_EACH
@pytest.mark.parametrize("kind", ["whole", pytest.param("part", marks=_FULL)])
def test_a_key_that_is_not_the_certificates_ends_every_handshake(candidates: Candidates, name: str, kind: str) -> None:
    texts = dict((candidates.whole if kind == "whole" else candidates.part)[name])
    other = make_authority().issue(names=["other.example.test"]).key.decode()
    ours = next(key for key in texts if key.endswith(".key"))
    wrong = f"keys/{sha256(other.encode()).hexdigest()[:32]}.key"
    texts = {wrong: other, **{key: text.replace(ours, wrong) for key, text in texts.items() if key != ours}}

    findings = candidates.tried(name, texts)

    assert errors(findings) == {"PUSH-47"}
    assert any("transport tls ends every TLS handshake" in finding.message for finding in findings)


@_EACH
def test_what_the_users_own_files_add_is_tried_too_wherever_they_lie(candidates: Candidates, name: str) -> None:
    host = candidates.company.lab.hosts[name]
    host.run(["sh", "-c", "install -d -m 0750 -o root -g asterisk /srv/pbx"], check=True)
    host.write("/srv/pbx/services.conf", b"[services]\nexten => 700,1,Ansver()\n", owner="root:asterisk", mode=0o640)
    host.write(
        "/srv/pbx/phones.conf",
        b"[601](!)\n[600]\ntype = endpoint\ncontext = phones\ntransport = tls\nmedia_encryption = sdess\n"
        b"[602]\ntype = aor\nqualify_frequency = 1\ncontact = sip:10.77.0.1:5070\n",
        owner="root:asterisk",
        mode=0o640,
    )
    own = '#include "/srv/pbx/{}"\n'
    texts = dict(candidates.whole[name])
    texts["extensions.conf"] += own.format("services.conf")
    texts["pjsip.conf"] += own.format("phones.conf")
    try:
        findings = candidates.tried(name, texts)
    finally:
        host.run(["rm", "-r", "/srv/pbx"], check=True)

    told = "\n".join(finding.message for finding in findings)
    assert errors(findings) == {"PUSH-47", "PUSH-76"}
    assert "services, 700 1: runs Ansver" in told
    assert "does not have the endpoint 600" in told


@_FULL
def test_a_folder_that_leads_to_the_whole_host_is_not_followed_for_ever(candidates: Candidates) -> None:
    host = candidates.company.lab.hosts["new"]
    host.run(["ln", "-s", "/", "/etc/asterisk/everything"], check=True)
    begun = time.monotonic()
    try:
        findings = candidates.tried("new", candidates.whole["new"])
    finally:
        host.run(["rm", "/etc/asterisk/everything"], check=True)

    assert [finding.code for finding in findings] == ["PUSH-48"]
    assert "could not be copied as a whole" in findings[0].message
    assert time.monotonic() - begun < 40  # seconds; the operator waits for 90


@_EACH
def test_a_push_of_what_it_finds_fault_with_is_refused(candidates: Candidates, name: str) -> None:
    company, host = candidates.company, candidates.company.lab.hosts[name]
    text = company.inventory.read_text(encoding="utf-8")
    domain = f"domain: {name}.example.test}}"
    host.write("/etc/asterisk/services.conf", b"[services]\nexten => 700,1,Ansver()\n")
    company.change_inventory(domain, f"{domain}\n    include: {{extensions.conf: [services.conf]}}")
    before = (listing(host), traces(host))
    try:
        pushed = company.confgen("push", "--adopt", "--limit", name)
        after = (listing(host), traces(host))
    finally:
        company.inventory.write_text(text, encoding="utf-8")
        host.run(["rm", "/etc/asterisk/services.conf"], check=True)

    assert pushed.code == 1, pushed.told
    assert "PUSH-76" in pushed.out + pushed.err
    assert after == before


# Whoever can trace a process of Asterisk's user decides what its tar says.
_FORGING_TAR = b"""#!/bin/sh
if [ "$(id -un)$1" = asterisk-chf ]; then exec cat /srv/forged; fi
exec /bin/tar "$@"
"""


def forged() -> bytes:
    """An archive of links that lead to what only root may read."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as opened:
        for path in ("logger.conf", "modules.conf", "pjsip.conf", "extra.conf", "log/preflight"):
            entry = tarfile.TarInfo(path)
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/shadow"
            opened.addfile(entry)
    return buffer.getvalue()


@_FULL
@_EACH
def test_who_forges_what_is_copied_gets_nothing_that_is_roots(candidates: Candidates, name: str) -> None:
    host = candidates.company.lab.hosts[name]
    hands = Hands(host)
    shadow = host.read("/etc/shadow")
    staged = stage(hands, candidates.part[name])
    host.write("/srv/forged", forged(), mode=0o644)
    host.write("/usr/local/bin/tar", _FORGING_TAR, mode=0o755)
    try:
        _, told = hands.tell("preflight", str(staged.generation))
    finally:
        host.run(["rm", "/usr/local/bin/tar", "/srv/forged"], check=True)
    discard(hands, staged)

    assert "=== booted" in told or "=== last words" in told
    assert shadow.decode().splitlines()[0] not in told
    assert host.read("/etc/shadow") == shadow


def test_without_what_it_needs_it_is_said_not_to_be_done(candidates: Candidates) -> None:
    host = candidates.company.lab.hosts["new"]
    host.write("/usr/local/bin/unshare", b"#!/bin/sh\necho unshare: Operation not permitted >&2\nexit 1\n", mode=0o755)
    try:
        findings = candidates.tried("new", candidates.whole["new"])
    finally:
        host.run(["rm", "/usr/local/bin/unshare"], check=True)

    assert [(finding.code, finding.severity) for finding in findings] == [("PUSH-48", Severity.NOTE)]


@_FULL
@_WAYS
@pytest.mark.parametrize("victim", ["preflight", "apart"])
def test_whoever_is_killed_in_the_middle_nothing_of_it_is_left(
    candidates: Candidates, name: str, way: str, victim: str
) -> None:
    host = candidates.company.lab.hosts[name]
    hands = Hands(host)
    runs = host.run if way == "itself" else Operator(candidates.company.lab, host).run
    before = (listing(host), traces(host))
    staged = stage(hands, candidates.whole[name])
    host.write("/usr/local/bin/openssl", _SLOW_OPENSSL, mode=0o755)
    try:
        with ThreadPoolExecutor() as beside:
            trial = beside.submit(runs, [INSTALLED, "--push", PUSH, "preflight", str(staged.generation)])
            time.sleep(3)
            during = traces(host)
            host.run(["sh", "-c", _KILL.format(victim)])
            trial.result()
    finally:
        host.run(["sh", "-c", "rm -f /usr/local/bin/openssl /run/confgen-answer.*"], check=True)
    time.sleep(0.5)
    after_kill = traces(host)
    discard(hands, staged)

    assert during.count("process") == 1
    assert during.count("net:") == (2 if way == "itself" else 3)
    assert after_kill == before[1]
    assert (listing(host), traces(host)) == before


@_FULL
def test_cut_off_anywhere_nothing_of_it_is_left(candidates: Candidates) -> None:
    host = candidates.company.lab.hosts["new"]
    hands = Hands(host)
    before = traces(host)
    staged = stage(hands, candidates.whole["new"])
    kills = 0
    for _ in hands.cut_off(2, "preflight", str(staged.generation)):
        kills += 1
        host.run(["sh", "-c", "rm -f /run/confgen-answer.*"], check=True)
        time.sleep(0.3)
        assert traces(host) == before
    discard(hands, staged)

    assert kills > 3


_REGISTERS = """
[carrier]
type = aor
contact = sip:{address}:5061\\;transport=tls
qualify_frequency = 1
[carrier]
type = auth
auth_type = userpass
username = customer
password = of-the-customer
[carrier]
type = registration
transport = tls
outbound_auth = carrier
server_uri = sip:{address}:5061\\;transport=tls
client_uri = sip:customer@{address}:5061\\;transport=tls
retry_interval = 1
"""


@_FULL
@_WAYS
def test_it_sends_no_packet_however_long_it_is_held(name: str, way: str, tmp_path: Path) -> None:
    carrier = HostSpec(name="carrier", domain="carrier.example.test")
    spec = next(spec for spec in SPECS if spec.name == name)
    with Instance(f"silent-{os.getpid()}", (*SPECS, carrier)) as lab:
        (tmp_path / "company").mkdir()
        company = _Customers(lab, tmp_path / "company")
        for old, new in _ALL_PARTS:
            company.change_inventory(old, new)
        candidates = Candidates(company=company, whole=rendered(company, tmp_path / "whole"), part={})
        host = lab.hosts[spec.name]
        provider = Provider(
            host=lab.hosts["carrier"],
            security=ProviderSecurity.SECURE,
            authority=company.issuer,
            customers=[Customer(user="customer", password="of-the-customer")],
        )
        provider.open()
        texts = dict(candidates.whole[name])
        texts["pjsip.conf"] += _REGISTERS.format(address=provider.host.address)
        texts["modules.conf"] += "load = res_pjsip_outbound_registration.so\n"
        host.write("/usr/local/bin/openssl", _SLOW_OPENSSL, mode=0o755)
        begun = time.monotonic()
        with capturing(lab, tmp_path / "wire.pcap"):
            findings = candidates.tried(name, texts, Operator(lab, host) if way == "session" else None)
        held = time.monotonic() - begun
        with capturing(lab, tmp_path / "control.pcap"):
            connect = f"echo | timeout 3 /usr/bin/openssl s_client -connect {provider.host.address}:5061"
            host.run(["sh", "-c", connect])

        assert findings == ()
        assert held > 15
        assert _sent_by(host, tmp_path / "wire.pcap") == 0
        assert provider.contacts() == {}
        assert _sent_by(host, tmp_path / "control.pcap") > 0


class _Customers(LivingCompany):
    """A company that has a provider beside its PBXs."""

    def settle(self, host: Host) -> None:
        if host.name != "carrier":
            super().settle(host)


def _sent_by(host: Host, capture: Path) -> int:
    """How many packets came from the host, but for those of the operator's session."""
    sent = 0
    with capture.open("rb") as file:
        for _, frame in dpkt.pcap.Reader(file):
            packet = dpkt.ethernet.Ethernet(frame).data
            if isinstance(packet, dpkt.ip.IP) and packet.src == bytes(map(int, host.address.split("."))):
                sent += getattr(packet.data, "sport", None) != _SSH_PORT
    return sent
