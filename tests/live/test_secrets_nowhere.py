"""No secret, old or new, turns up in anything that is said, kept, started or readable by everyone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.pki import make_authority
from lab.root_folder import Root
from tests.live.planted import Planted
from tests.live.recorded import Recorder, traced

_SPECS = {
    "new": HostSpec(name="new", domain="new.example.test"),
    "aged": HostSpec(name="aged", domain="aged.example.test", root=Root.ASTERISK_16),
}
_VERSIONS = {"new": ('"22.10.1"', '["1.2", "1.3"]', "sha-256"), "aged": ('"16.28.0"', '["1.2"]', "md5")}
_INVENTORY = """\
version: 1
defaults:
  ssh: {{user: root, identity_file: {key}, known_hosts: {known_hosts}}}
  certificate:
    chain: {{file: "pki/{{pbx}}.crt"}}
    key: {{file: "pki/{{pbx}}.key"}}
    authority: {{file: pki/authority.crt}}
  echo_number: "600"
  extension_defaults: {{secret: {{file: "secrets/{{extension}}"}}, permit: [10.77.0.0/24]}}
  probe: {{secret: {{file: secrets/probe}}, permit: [10.77.0.1]}}
  emergency: {{waived: {{owner: the tests, reason: nobody lives in the lab, until: "2099-12-31"}}}}
pbxs:
  {name}:
    kind: asterisk
    product_version: {version}
    address: {address}
    sip: {{domain: {name}.example.test, tls_versions: {tls_versions}, port: 5061}}
    ami: {{bind: {address}, users: {{monitor: {{secret: {{file: secrets/ami}}, permit: [10.77.0.1], read: [call]}}}}}}
    include: {{pjsip.conf: [company/phones.conf]}}
    extensions:
      "101": {{}}
      "102": {{secret: {{command: [cat, secrets/102]}}}}
      "103": {{secret: {{env: SECRET_OF_103}}}}
      "104": {{digest: {digest}}}
  peer:
    kind: asterisk
    product_version: {version}
    address: 10.77.0.99
    sip: {{domain: peer.example.test, tls_versions: {tls_versions}}}
    extensions: {{"201": {{}}}}
providers:
  carrier: {{domain: carrier.example.test}}
trunks:
  between: {{between: [{name}, peer], secret: {{file: secrets/between}}}}
  carrier: {{pbx: {name}, provider: carrier, account: {{user: office, secret: {{file: secrets/carrier}}}}}}
"""
_OLD = {
    "pjsip.conf": """
#include "company/phones.conf"
[old]
type = auth
auth_type = userpass
username = old
password = {pjsip}
[old-hashed]
type = auth
auth_type = md5
username = old
md5_cred = {hashed}
""",
    "sip.conf": """
register => old:{register}@192.0.2.1
[old]
type = friend
host = dynamic
secret = {sip}
remotesecret = {remote}
""",
    "iax.conf": "\n[old]\ntype = friend\nsecret = {iax}\n",
    "manager.conf": "\n[old]\nsecret = {manager}\nread = all\n",
    "voicemail.conf": "\n[company]\n101 => {voicemail},Reception\n",
    "company/phones.conf": "[own]\ntype = auth\nauth_type = userpass\nusername = own\npassword = {own}\n",
}
_KEPT = ("101", "102", "104", "probe", "ami", "between", "carrier", "201")


class Watched:
    """An operator and a host on which every secret is known, and everything that is said and started is kept."""

    def __init__(self, lab: Instance, host: Host, folder: Path) -> None:
        self.lab = lab
        self.host = host
        self.folder = folder
        self.planted = Planted()
        self.told: dict[str, bytes] = {}
        self._issuer = make_authority()
        for name in ("pki", "secrets", "state", "temporary"):
            (folder / name).mkdir()
        (folder / "pki" / "authority.crt").write_bytes(self._issuer.pem)
        self.planted.add_key("the operator's SSH key", lab.client_key.read_bytes())
        version, tls_versions, digest = _VERSIONS[host.name]
        self.inventory = folder / "inventory.yaml"
        self.inventory.write_text(_INVENTORY.format(
            name=host.name, version=version, tls_versions=tls_versions, digest=digest, address=host.address,
            key=lab.client_key, known_hosts=lab.known_hosts,
        ))  # fmt: skip
        self.renew()
        self._plant_old()
        self.recorder = Recorder(host, self.planted)

    def renew(self) -> None:
        """Every secret of the inventory becomes another one."""
        realm = self.host.domain
        for name in _KEPT:
            descriptor = os.open(self.folder / "secrets" / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(self.planted.new(name, user=name, realm=realm) + "\n")
        self._of_103 = self.planted.new("103", user="103", realm=realm)
        for name in (self.host.name, "peer"):
            issued = self._issuer.issue(names=[f"{name}.example.test"], days=90)
            issued.write(self.folder / "pki", name)
            self.planted.add_key(f"the key of {name}", issued.key)
        if hasattr(self, "recorder"):
            self.recorder.look_for(self.planted)

    def _plant_old(self) -> None:
        for path, text in _OLD.items():
            names = [part.partition("}")[0] for part in text.split("{")[1:]]
            filled = text.format(**{name: self.planted.new(f"old {name} in {path}") for name in names})
            full = f"/etc/asterisk/{path}"
            there = self.host.run(["cat", full]).stdout
            self.host.write(full, there + filled.encode(), owner="asterisk:asterisk", mode=0o640)

    def argv(self, *words: str) -> list[str]:
        variables = {
            "PYTHONPATH": Path(__file__).parents[2], "HOME": "/nonexistent", "SECRET_OF_103": self._of_103,
            "XDG_STATE_HOME": self.folder / "state", "TMPDIR": self.folder / "temporary",
        }  # fmt: skip
        told = [f"{name}={value}" for name, value in variables.items()]
        return ["env", f"--chdir={self.folder}", *told, *words]

    def confgen(self, *words: str, code: int, limited: bool = True) -> str:
        """Run it, keep what it says and starts, and see how it ends."""
        number = len(self.told)
        trace = self.folder / "traces" / str(number)
        trace.parent.mkdir(exist_ok=True)
        limit = ["--limit", self.host.name] if limited else []
        run = traced(trace, [sys.executable, "-m", "confgen", *words, *limit])
        done = self.lab.run(self.argv(*run), timeout=120)
        what = f"{number}: confgen {' '.join(words)}"
        self.told[what] = done.stdout + done.stderr
        own, _, children = trace.read_bytes().partition(b"\n")  # its own variables are the operator's
        assert b"confgen" in own
        self.told[f"what {what} started"] = children
        said = (done.stdout + done.stderr).decode(errors="replace")
        assert done.returncode == code, said
        return said

    def killed_while_proving(self) -> None:
        """A push whose operator dies; the host undoes it by itself."""
        words = [sys.executable, "-m", "confgen", "push", "--limit", self.host.name, "--undo-after", "4"]
        with self.recorder.by_systemd(), self.lab.popen(
            self.argv(*words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as operator:  # fmt: skip
            assert operator.stderr is not None
            assert any(b"proving" in line for line in operator.stderr)
            operator.kill()
            until = time.monotonic() + 15
            while self.host.run(["test", "-s", "/etc/confgen/asterisk.undone"]).returncode:
                assert time.monotonic() < until
                time.sleep(0.1)

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """All that must hold no secret, by what it is."""
        yield from self.told.items()
        yield "programs started on the host", self.recorder.started()
        yield "logs of the host", self.recorder.logs()
        for path in self.folder.rglob("*"):
            if path.is_file() and path.relative_to(self.folder).parts[0] not in {"pki", "secrets", "traces"}:
                yield str(path.relative_to(self.folder)), path.read_bytes()

    def found(self) -> dict[str, set[str]]:
        """Which secrets turned up, by where they did."""
        found = {where: self.planted.found_in(content) for where, content in self.everything()}
        return {where: secrets for where, secrets in found.items() if secrets}


@pytest.fixture
def watched(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watched]:
    name: str = request.param
    with Instance(f"secrets-{os.getpid()}", [_SPECS[name]]) as lab:
        yield Watched(lab, lab.hosts[name], tmp_path)


def _port_taken(host: Host, port: int) -> None:
    host.run(["systemd-run", f"--unit=taken-{port}", "/usr/sbin/sshd", "-D", "-p", str(port), "-o", "PidFile=none"],
             check=True)  # fmt: skip


def _change(watched: Watched, old: str, new: str) -> None:
    text = watched.inventory.read_text()
    assert old in text
    watched.inventory.write_text(text.replace(old, new))


@pytest.mark.full
@pytest.mark.parametrize(
    "watched", ["new", pytest.param("aged", marks=pytest.mark.full)], ids=["22", "16"], indirect=True
)
def test_no_secret_turns_up_at_a_first_push_a_refused_one_and_one_that_is_undone(watched: Watched) -> None:
    watched.confgen("bootstrap", "--install", code=0)
    watched.confgen("plan", "--diff", "--out", "first.plan", code=3)
    watched.confgen("push", "--adopt", "--plan", "first.plan", code=0, limited=False)
    watched.renew()
    _change(watched, "port: 5061", "port: 5070")
    _port_taken(watched.host, 5070)
    undone = watched.confgen("push", "--format", "json", code=5)

    started = watched.recorder.started()
    assert '"undone"' in undone
    assert b"preflight" in started
    assert any(b'"secrets/102"' in told for what, told in watched.told.items() if "started" in what)
    assert watched.found() == {}
    assert watched.recorder.seen_by_everyone() == ""


@pytest.mark.full
@pytest.mark.timeout(400)  # it is what many pushes take that are traced
@pytest.mark.parametrize("watched", ["new", "aged"], ids=["22", "16"], indirect=True)
def test_no_secret_turns_up_in_the_whole_life_of_a_pbx(watched: Watched) -> None:
    host = watched.host
    watched.confgen("validate", code=0, limited=False)
    watched.confgen("render", "--out", "tree", code=0)
    watched.confgen("plan", "--diff", code=3)
    watched.confgen("push", code=1)  # what confgen did not write is there
    watched.confgen("push", "--adopt", code=0)

    watched.renew()
    watched.confgen("plan", "--diff", "--out", "second.plan", code=3)
    watched.confgen("push", "--plan", "second.plan", "--format", "json", code=0, limited=False)

    watched.renew()  # by hand, an auth gets another password
    by_hand = watched.planted.new("by hand")
    edit = f"0,/^password = .*/s//password = {by_hand}/"
    host.run(["sed", "-i", "--follow-symlinks", "-f", "-", "/etc/asterisk/pjsip.conf"], stdin=edit.encode(), check=True)
    watched.confgen("plan", "--diff", code=3)
    watched.confgen("push", "--overwrite-drift", code=0)

    watched.renew()
    _change(watched, "    include:", "    modules: [app_nothing]\n    include:")
    refused = watched.confgen("push", code=1)
    _change(watched, "    modules: [app_nothing]\n", "")

    watched.killed_while_proving()
    told = watched.confgen("plan", "--diff", code=3)
    watched.confgen("verify", code=1)
    watched.confgen("doctor", code=1)
    watched.confgen("doctor", "--format", "json", code=1)
    watched.confgen("rollback", "--to", "1", code=0)  # the one before was edited, and is refused
    watched.confgen("rollback", "--to", "0", code=0)
    watched.confgen("history", "--format", "json", code=0, limited=False)

    assert "PUSH-47" in refused
    assert "PUSH-43" in told
    assert b"undo.sh" in watched.recorder.started()
    found = watched.found()
    # of the user's own files Asterisk itself quotes what it cannot read, in a log that everyone can
    assert found.pop("logs of the host", set()) <= {"old hashed in pjsip.conf"}
    assert found == {}
    assert {Path(seen).parent for seen in watched.recorder.seen_by_everyone().split()} <= {Path("/var/log/asterisk")}
