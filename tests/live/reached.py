"""One PBX at a time, reached in ways that an inventory can name: through a bastion, through sudo, wherever it lies."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import yaml

from lab.host import Host
from lab.instance import Instance
from lab.pki import Authority, make_authority
from tests.live.company import Ran, run_confgen

INSTALLED = "/usr/local/lib/confgen/confgen-asterisk"
LIVE = "/etc/letsencrypt/live"
_ARCHIVE = "/etc/letsencrypt/archive"
_VERSIONS = {"asterisk22": ("22.10.1", ["1.2", "1.3"]), "asterisk16": ("16.28.0", ["1.2"])}


class Reached:
    """An operator with an inventory of one PBX, whose settings a test changes before it runs the program."""

    def __init__(self, lab: Instance, host: Host, folder: Path) -> None:
        self.lab = lab
        self.host = host
        self.folder = folder
        self.authority: Authority = make_authority()
        self.pbx: dict[str, Any] = self._settings()
        (folder / "home" / ".ssh").mkdir(parents=True)
        (folder / "authority.crt").write_bytes(self.authority.pem)
        self.authority.issue(names=[host.domain], days=90).write(folder, "pbx")
        for name in ("101", "probe"):
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(18) + "\n")

    def confgen(self, *words: str) -> Ran:
        """Run `confgen WORD…` where the operator sits."""
        inventory = {"version": 1, "pbxs": {"desk": self.pbx}}
        (self.folder / "inventory.yaml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
        return run_confgen(self.lab, self.folder, *words, home=str(self.folder / "home"))

    def through(self, bastion: Host) -> None:
        """From now on by a jump host, as the inventory says."""
        access = {name: self.pbx["ssh"][name] for name in ("user", "identity_file", "known_hosts")}
        self.pbx["ssh"]["jump_hosts"] = [{"address": bastion.address, **access}]

    def through_as_configured(self, bastion: Host) -> None:
        """From now on by a jump host, as the operator's own `~/.ssh/config` says."""
        (self.folder / "home" / ".ssh" / "config").write_text(
            f"Host {self.host.address}\n  ProxyJump root@{bastion.address}\n"
            f"Host {bastion.address}\n  IdentityFile {self.lab.client_key}\n"
            f"  UserKnownHostsFile {self.lab.known_hosts}\n"
        )

    def by_sudo(self) -> None:
        """From now on as the user `deploy`, who is not root."""
        self.pbx["ssh"] |= {"user": "deploy", "sudo": True}

    def bootstrap(self) -> None:
        """What `confgen bootstrap` prints, root runs on the host."""
        printed = self.confgen("bootstrap")
        assert printed.code == 0, printed.told
        self.host.run(["sh", "-s"], stdin=printed.out.encode(), check=True)

    def deploy(self, *argv: str, stdin: bytes = b"") -> tuple[int, str]:
        """What comes of a command of the user `deploy` on the host."""
        done = self.host.run(["runuser", "-u", "deploy", "--", *argv], stdin=stdin)
        return done.returncode, (done.stdout + done.stderr).decode(errors="replace")

    def renew(self, serial: int) -> None:
        """As certbot does it: new files in the archive, and links to them."""
        issued = self.authority.issue(names=[self.host.domain], days=90)
        files = {"fullchain": issued.certificate, "privkey": issued.key, "chain": self.authority.pem}
        for name, content in files.items():
            path = f"{_ARCHIVE}/desk/{name}{serial}.pem"
            self.host.write(path, content, mode=0o600 if name == "privkey" else 0o644)
            link = f"mkdir -p {LIVE}/desk && ln -sfn ../../archive/desk/{name}{serial}.pem {LIVE}/desk/{name}.pem"
            self.host.run(["sh", "-c", link], check=True)
        self.host.run(["chmod", "0700", LIVE, _ARCHIVE], check=True)

    def with_certbot(self) -> None:
        """From now on with the certificate that lies on the host."""
        self.renew(1)
        self.pbx["certificate"] = {
            "chain": {"on_host": f"{LIVE}/desk/fullchain.pem"},
            "key": {"on_host": f"{LIVE}/desk/privkey.pem"},
            "authority": {"on_host": f"{LIVE}/desk/chain.pem"},
        }

    def _settings(self) -> dict[str, Any]:
        version, tls_versions = _VERSIONS[self.host.spec.root.value]
        return {
            "kind": "asterisk",
            "product_version": version,
            "address": self.host.address,
            "ssh": {
                "user": "root",
                "identity_file": str(self.lab.client_key),
                "known_hosts": str(self.lab.known_hosts),
            },
            "sip": {"domain": self.host.domain, "tls_versions": tls_versions},
            "certificate": {
                "chain": {"file": "pbx.crt"},
                "key": {"file": "pbx.key"},
                "authority": {"file": "authority.crt"},
            },
            "echo_number": "600",
            "probe": {"secret": {"file": "probe"}, "permit": ["10.77.0.1"]},
            "extensions": {"101": {"secret": {"file": "101"}}},
            "emergency": {"waived": {"owner": "the lab", "reason": "its phones are nobody's", "until": "2099-12-31"}},
        }
