"""The program and a 3CX: everything as it is, with the contract fake by HTTPS at the other end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.pki import make_authority
from lab.threecx.quirks import Quirks
from lab.threecx.server import serving
from lab.threecx.xapi import ContractFake
from tests import quick
from tests.cli.test_interruption import CHECKOUT, read_until
from tests.xapi.host import CLIENT, SECRET, make_fake

WRONG = "sentinel-not-the-secret"
DOMAIN = "site.example.test"
INVENTORY = """\
version: 1
pbxs:
  site:
    kind: threecx
    product_version: "20.0.10"
    address: 127.0.0.1
    sip: {{domain: {domain}}}
    api: {{client: {client}, secret: {{env: SECRET}}, port: {port}, direct: true, authority: {{file: ca.pem}}}}
    backup: {{secret: {{env: BACKUP}}}}
    verify: {{levels: [state], from: operator}}
    extensions: {{"100": {{name: Reception}}}}
"""


@pytest.fixture
def fake() -> ContractFake:
    return make_fake(users=("100",))


@pytest.fixture
def folder(fake: ContractFake, tmp_path: Path) -> Iterator[Path]:
    """Where the inventory lies of a PBX that serves."""
    authority = make_authority()
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    certificate, key = authority.issue(names=[DOMAIN]).write(tmp_path, "site")
    with serving(fake, certificate, key, ("127.0.0.1", 0)) as port:
        text = INVENTORY.format(domain=DOMAIN, client=CLIENT, port=port)
        (tmp_path / "inventory.yaml").write_text(text, encoding="utf-8")
        yield tmp_path


def program(folder: Path, *words: str, secret: str = SECRET) -> subprocess.Popen[str]:
    settings = {"SECRET": secret, "BACKUP": "sentinel-backup", "XDG_STATE_HOME": str(folder / "state")}
    return subprocess.Popen(
        [sys.executable, "-m", "confgen", *words, str(folder / "inventory.yaml")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
        env={**os.environ, **settings},
    )


def writes(fake: ContractFake) -> list[str]:
    return [f"{one.method} {one.path}" for one in fake.log if one.method != "GET" and "token" not in one.path]


def test_who_stops_while_the_backup_is_awaited_ends_with_130_and_has_changed_nothing(
    fake: ContractFake, folder: Path
) -> None:
    fake.quirks = Quirks(ignores={"/Backups/Pbx.Backup": ()})  # it never comes
    with program(folder, "push", "--adopt") as push:
        read_until(push.stderr, "waiting for the backup")
        push.send_signal(signal.SIGINT)
        out, err = push.communicate(timeout=30)
    assert push.returncode == 130
    assert "nothing was changed" in out + err
    assert writes(fake) == ["POST /xapi/v1/Backups/Pbx.Backup"]
    kept = [path for path in folder.glob("state/**/*") if path.is_file() and "sentinel" in path.read_text()]
    assert kept == []

    fake.quirks = Quirks()  # and nobody holds it any more
    with program(folder, "push", "--adopt") as push:
        out, err = push.communicate(timeout=60)
    assert push.returncode == 0, out + err
    assert "sentinel" not in out + err


@pytest.mark.parametrize("command", quick.each(4, ["plan", "push", "verify", "doctor"], first=1))
def test_a_wrong_secret_is_sent_once_by_every_command(command: str, fake: ContractFake, folder: Path) -> None:
    with program(folder, command, secret=WRONG) as asking:
        out, err = asking.communicate(timeout=60)
    assert fake.tokens.tries == 1
    assert fake.tokens.wrong_secrets == 1
    assert asking.returncode == 4
    assert f"the client '{CLIENT}' is refused" in out + err
    assert WRONG not in out + err
