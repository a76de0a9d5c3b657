"""Values of encrypted files, with the real `sops` and keys of age."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from confgen.model.finding import Finding, Place
from confgen.model.secret import SecretReference, SecretSource
from confgen.secrets import resolution
from confgen.secrets.resolution import Resolver, resolve
from tests.secrets.programs import SOPS, encrypt

SENTINEL = "s3ntinel-of-sops"
PLAIN = f"""
phones:
  "101": {SENTINEL}-101
  "hq.north": {SENTINEL}-north
  number: 12345678
  list: [{SENTINEL}-first, {SENTINEL}-second]
  empty: ""
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of an inventory, with an encrypted file, the key to it, and `sops` in PATH, which notes that it was called."""
    key = encrypt(tmp_path / "secrets.sops.yaml", PLAIN)
    (tmp_path / "key").write_text(key, encoding="utf-8")
    program(tmp_path, f'echo "$*" >> {tmp_path}/calls\nenv > {tmp_path}/environment\nexec {SOPS} "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(tmp_path / "key"))
    return tmp_path


def program(folder: Path, script: str) -> None:
    """Put a program of our own in the place of `sops`."""
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / "sops").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / "bin" / "sops").chmod(0o700)


def sops(*keys: str, file: str = "secrets.sops.yaml") -> SecretReference:
    return SecretReference(SecretSource.SOPS, (file, *keys), Place("inventory.yaml", 7, 9))


def finding_of(reference: SecretReference, folder: Path) -> Finding:
    (finding,) = resolve([reference], folder=folder).findings
    assert (finding.code, finding.place) == ("SEC-06", reference.place)
    assert SENTINEL not in repr(finding)
    return finding


def test_values_are_found_at_the_end_of_their_keys(folder: Path) -> None:
    references = [sops("phones", "101"), sops("phones", "hq.north"), sops("phones", "list", "1")]

    resolved = resolve(references, folder=folder)

    assert resolved.findings == ()
    assert [resolved.secrets[reference].reveal() for reference in references] == [
        f"{SENTINEL}-101",
        f"{SENTINEL}-north",
        f"{SENTINEL}-second",
    ]


def test_a_file_is_decrypted_once_in_a_run(folder: Path) -> None:
    resolver = Resolver()
    resolver.resolve([sops("phones", "101"), sops("phones", "hq.north"), sops("x")], folder=folder)
    resolver.resolve([sops("phones", "list", "0")], folder=folder)

    assert len((folder / "calls").read_text(encoding="utf-8").splitlines()) == 1


def test_sops_gets_its_keys_and_no_token_of_anybody_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = ("AWS_PROFILE", "GOOGLE_APPLICATION_CREDENTIALS", "AZURE_TENANT_ID", "SOPS_GPG_EXEC", "GNUPGHOME")
    others = ("VAULT_TOKEN", "GITHUB_TOKEN", "CI_JOB_TOKEN")
    for name in (*own, *others):
        monkeypatch.setenv(name, f"of {name}")

    resolve([sops("phones", "101")], folder=folder)

    given = (folder / "environment").read_text(encoding="utf-8").splitlines()
    assert {f"{name}=of {name}" for name in own} <= set(given)
    assert not {f"{name}=of {name}" for name in others} & set(given)


def test_sops_gets_no_secret_of_another_reference(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOPS_TEST", SENTINEL)
    other = SecretReference(SecretSource.ENVIRONMENT, ("SOPS_TEST",))

    resolve([sops("phones", "101"), other], folder=folder)

    for name in ("calls", "environment"):
        assert SENTINEL not in (folder / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("phones", "102"), "it has no phones.102"),
        (("phones", "101", "x"), "it has no phones.101.x"),
        (("phones", "list", "2"), "it has no phones.list.2"),
        (("phones", "number"), "at that key stands no text"),
        (("phones",), "at that key stands a list or a mapping"),
        (("phones", "empty"), "it is empty"),
    ],
)
def test_keys_that_lead_to_no_text_are_told(folder: Path, keys: tuple[str, ...], said: str) -> None:
    assert said in finding_of(sops(*keys), folder).message


def test_a_file_that_none_of_our_keys_opens_is_told(folder: Path) -> None:
    (folder / "key").write_text(encrypt(folder / "other.yaml", PLAIN), encoding="utf-8")

    finding = finding_of(sops("phones", "101"), folder)

    assert "none of your keys opens it" in finding.message
    assert "SOPS_AGE_KEY_FILE" in finding.mend


def test_a_file_whose_values_were_exchanged_is_told(folder: Path) -> None:
    file = folder / "secrets.sops.yaml"
    exchanged = re.sub(r"- (ENC.*)\n( *)- (ENC.*)\n", r"- \3\n\2- \1\n", file.read_text(encoding="utf-8"), count=1)
    assert exchanged != file.read_text(encoding="utf-8")
    file.write_text(exchanged, encoding="utf-8")

    assert "changed after it was encrypted" in finding_of(sops("phones", "101"), folder).message


def test_a_file_that_was_never_encrypted_is_told(folder: Path) -> None:
    (folder / "plain.yaml").write_text(PLAIN, encoding="utf-8")

    assert "perhaps it was never encrypted" in finding_of(sops("phones", "101", file="plain.yaml"), folder).message


def test_a_file_that_is_not_there_is_told(folder: Path) -> None:
    assert "there is no such file" in finding_of(sops("x", file="absent.yaml"), folder).message
    assert "there is no such file" in finding_of(sops("x", file="."), folder).message
    assert finding_of(sops("x", file="a\0b"), folder).code == "SEC-06"


def test_sops_that_is_not_installed_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))

    finding = finding_of(sops("phones", "101"), folder)

    assert "sops was not started" in finding.message
    assert "install SOPS" in finding.mend


def test_nothing_that_sops_says_is_told(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    program(folder, f"echo {SENTINEL}; echo {SENTINEL} >&2; exit 3")
    assert "ended with exit status 3" in finding_of(sops("phones", "101"), folder).message
    program(folder, f"echo {SENTINEL}")
    assert "something other than JSON" in finding_of(sops("phones", "101"), folder).message
    assert capfd.readouterr() == ("", "")


def test_sops_that_waits_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(folder, "exec sleep 30")
    monkeypatch.setattr(resolution, "_PATIENCE", 0.2)
    begun = time.monotonic()

    assert "sops did not end within 0.2 s" in finding_of(sops("phones", "101"), folder).message
    assert time.monotonic() - begun < 5.0
