"""Three PBXs of the lab with an inventory, secrets and certificates of their own."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from lab.clients.phone import MediaEncryption, Phone
from lab.host import Host
from lab.instance import Instance
from lab.pki import make_authority
from tests.live import forked

_One = TypeVar("_One")

_NO_HOME = "/nonexistent"
_NUMBERS = {"hq": ("101", "102", "103"), "branch": ("201", "202"), "old": ("301", "302", "303")}
_INVENTORY = """\
version: 1
defaults:
  product_version: "22.10.1"
  ssh: {{user: root, identity_file: {key}, known_hosts: {known_hosts}}}
  sip: {{tls_versions: ["1.2", "1.3"]}}
  certificate:
    chain: {{file: "pki/{{pbx}}.crt"}}
    key: {{file: "pki/{{pbx}}.key"}}
    authority: {{file: pki/authority.crt}}
  echo_number: "600"
  extension_defaults:
    secret: {{file: "secrets/{{extension}}"}}
    permit: [10.77.0.0/24]
  probe: {{secret: {{file: secrets/probe}}, permit: [10.77.0.1]}}
  emergency: {{waived: {{owner: the tests, reason: nobody lives in the lab, until: "2099-12-31"}}}}
groups:
  sixteen:
    product_version: "16.28.0"
    sip: {{tls_versions: ["1.2"]}}
pbxs:
  hq:
    kind: asterisk
    address: {hq}
    sip: {{domain: hq.example.test}}
    extensions:
      "101": {{name: Reception}}
      "102": {{name: Accounting}}
      "103": {{media_encryption: dtls}}
    routes:
      - {{numbers: "2XX", trunk: hq-branch}}
      - {{numbers: "3XX", trunk: hq-old}}
  branch:
    kind: asterisk
    address: {branch}
    sip: {{domain: branch.example.test}}
    extensions:
      "201": {{}}
      "202": {{}}
    routes:
      - {{numbers: "1XX", trunk: hq-branch}}
  old:
    kind: asterisk
    groups: [sixteen]
    address: {old}
    sip: {{domain: old.example.test}}
    extensions:
      "301": {{}}
      "302": {{}}
      "303": {{media_encryption: dtls}}
    routes:
      - {{numbers: "1XX", trunk: hq-old}}
trunks:
  hq-branch: {{between: [hq, branch], secret: {{file: secrets/hq-branch}}}}
  hq-old: {{between: [hq, old], secret: {{file: secrets/hq-old}}}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a run of the program ended."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> str:
        """What it said; of an answer in JSON, whose end may be all that is shown, what is not well."""
        said = "\n".join(self._unwell()) if self.out.startswith("{") else self.out
        return f"exit {self.code}\n{self.err}\n{said}"

    def _unwell(self) -> Iterator[str]:
        answer = self.answer
        yield from (str(finding) for finding in answer.get("findings", ()) if finding["severity"] == "error")
        for result in (*answer.get("pbxs", ()), *answer.get("legs", ())):
            yield f"{result['name']}: {result['outcome']}: {result['message']}"
            yield from (f"  {finding}" for finding in result["findings"])
            for check in result["checks"]:
                if check["verdict"] not in {"passed", "not checked"}:
                    yield f"  {check['code']} {check['subject']}: {check['verdict']}: {check['message']}"

    @property
    def answer(self) -> dict[str, Any]:
        """What `--format json` printed."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    def failed_codes(self) -> set[str]:
        """The codes of every failed check."""
        assert self.checks(), self.told
        return {check["code"] for check in self.checks() if check["verdict"] == "failed"}

    def checks(self) -> list[dict[str, str]]:
        """Every check, those of the legs between PBXs included."""
        return [check for result in (*self.answer["pbxs"], *self.answer["legs"]) for check in result["checks"]]


def the_usual(lab: Instance) -> str:
    """The inventory of three PBXs."""
    return _INVENTORY.format(
        key=lab.client_key,
        known_hosts=lab.known_hosts,
        **{name: host.address for name, host in lab.hosts.items()},
    )


def run_confgen(lab: Instance, folder: Path, *words: str, home: str = _NO_HOME, timeout: float = 120) -> Ran:
    """Run `confgen WORD…` in a folder, on the network of the lab."""
    environment = {**os.environ, **_environment(folder), "HOME": home}
    code, out, err = forked.run(lab, words, folder, environment, timeout)
    return Ran(code=code, out=out.decode(), err=err.decode())


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "HOME": _NO_HOME,
        "XDG_STATE_HOME": str(folder / "state"),
    }


def _program(folder: Path, *words: str) -> list[str]:
    settings = [f"{name}={value}" for name, value in _environment(folder).items()]
    return ["env", f"--chdir={folder}", *settings, sys.executable, "-m", "confgen", *words]


def each_at_once(what: Callable[[_One], object], ones: Collection[_One]) -> None:
    """Do this to each of them, to all at the same time; all come to their end before a failure is told, or several."""
    with ThreadPoolExecutor(max_workers=max(1, len(ones))) as executor:
        doing = [executor.submit(what, one) for one in ones]
    failures = [failure for one in doing if (failure := one.exception()) is not None]
    if len(failures) > 1:
        raise BaseExceptionGroup(f"{len(failures)} of {len(ones)} failed", failures)
    for failure in failures:
        raise failure


def let_connections_age() -> None:
    """Wait until Asterisk has looked, six seconds after each, for the connections of a push that brought no request.

    It looks them up by names that later ones may have by then, and shuts one down that has not brought its first.
    """
    time.sleep(7)


class Company:
    """Runs the program as its operator would, on hosts that a test may harm."""

    def __init__(
        self,
        lab: Instance,
        folder: Path,
        inventory: Callable[[Instance], str] = the_usual,
        numbers: Mapping[str, Sequence[str]] = _NUMBERS,
        trunks: Sequence[str] = ("hq-branch", "hq-old"),
    ) -> None:
        self.lab = lab
        self.numbers = numbers
        self.trunks = trunks
        self.folder = folder
        self.issuer = make_authority()
        self.authority = folder / "pki" / "authority.crt"
        self.inventory = folder / "inventory.yaml"
        self._write_certificates()
        self._write_secrets()
        self.inventory_text = inventory(lab)
        self.inventory.write_text(self.inventory_text, encoding="utf-8")
        self._harmed: set[str] = set()
        self._restorers = ThreadPoolExecutor(max_workers=max(1, len(lab.hosts)))
        self._restored: dict[str, Future[None]] = {}  # or on the way to it

    def confgen(self, *words: str, timeout: float = 120) -> Ran:
        """Run `confgen WORD…` where the operator sits, on the network of the PBXs."""
        return run_confgen(self.lab, self.folder, *words, timeout=timeout)

    @contextmanager
    def begun(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """`confgen WORD…` while it runs."""
        with self.lab.popen(_program(self.folder, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
            try:
                yield program
            finally:
                program.kill()

    def verify(self, *names: str) -> Ran:
        """Verify these PBXs, each alone or together."""
        return self.confgen("verify", "--limit", ",".join(names), "--format", "json")

    def change_inventory(self, old: str, new: str) -> None:
        """Change the inventory for the length of a test."""
        text = self.inventory.read_text(encoding="utf-8")
        assert old in text
        self.inventory.write_text(text.replace(old, new, 1), encoding="utf-8")

    def harm(self, name: str) -> Host:
        """A host that will be restored after the test."""
        self.wait_for(name)
        self._harmed.add(name)
        return self.lab.hosts[name]

    def phone(self, number: str, media_encryption: MediaEncryption = MediaEncryption.SDES) -> Phone:
        """A phone at the PBX that has the extension."""
        name = next(name for name, numbers in self.numbers.items() if number in numbers)
        return Phone(
            user=number,
            password=(self.folder / "secrets" / number).read_text().strip(),
            server=self.lab.hosts[name].address,
            authority=self.authority,
            media_encryption=media_encryption,
        )

    def keep(self) -> None:
        """From now on the hosts are restored to what they are."""
        each_at_once(Host.keep, self.lab.hosts.values())

    def restore(self) -> None:
        """Put the inventory back, and begin to put back the disks of harmed hosts, which takes seconds."""
        self.inventory.write_text(self.inventory_text, encoding="utf-8")
        for name in self._harmed:
            self._restored[name] = self._restorers.submit(self.lab.hosts[name].restore)
        self._harmed.clear()

    def wait_for(self, *names: str) -> None:
        """Until these hosts are restored; all of them, where none is named."""
        for name in names or list(self._restored):
            restored = self._restored.pop(name, None)
            if restored is not None:
                restored.result()

    def _write_certificates(self) -> None:
        pki = self.folder / "pki"
        pki.mkdir()
        authority = self.issuer
        self.authority.write_bytes(authority.pem)
        for name, host in self.lab.hosts.items():
            authority.issue(names=[host.domain, host.domain6], addresses=[host.address, host.address6], days=90).write(
                pki, name
            )
        authority.issue(names=["other.example.test"], days=90).write(pki, "other")

    def _write_secrets(self) -> None:
        folder = self.folder / "secrets"
        folder.mkdir()
        numbers = [number for numbers in self.numbers.values() for number in numbers]
        for name in (*numbers, "probe", *self.trunks):
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(18) + "\n")
