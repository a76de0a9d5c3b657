"""Passwords of a keyring, with a real backend that needs no desktop, and with ones that misbehave."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyrings.alt.file import PlaintextKeyring

from confgen.model.finding import Finding
from confgen.model.secret import SecretReference, SecretSource
from confgen.secrets import resolution
from confgen.secrets.resolution import resolve

SENTINEL = "s3ntinel-of-keyring"


@pytest.fixture(autouse=True)
def _backend(tmp_path: Path) -> Iterator[None]:
    before = keyring.get_keyring()
    backend = PlaintextKeyring()
    backend.file_path = str(tmp_path / "keyring.cfg")
    keyring.set_keyring(backend)
    keyring.set_password("confgen hq", "101", SENTINEL)
    yield
    keyring.set_keyring(before)


class Misbehaving(KeyringBackend):
    """Raises, or waits for somebody to unlock it."""

    priority = 1

    def __init__(self, *, waits_for: threading.Event | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._waits_for = waits_for

    def get_password(self, service: str, username: str) -> str | None:
        if self._waits_for is not None:
            self._waits_for.wait(30)
            return None
        raise RuntimeError(f"{SENTINEL} of {service} and {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


def of(service: str, user: str) -> SecretReference:
    return SecretReference(SecretSource.KEYRING, (service, user))


def finding_of(reference: SecretReference) -> Finding:
    (finding,) = resolve([reference], folder=Path()).findings
    assert finding.code == "SEC-08"
    assert SENTINEL not in repr(finding)
    return finding


def test_a_password_is_found_by_service_and_user() -> None:
    resolved = resolve([of("confgen hq", "101")], folder=Path())
    assert resolved.findings == ()
    assert resolved.secrets[of("confgen hq", "101")].reveal() == SENTINEL


def test_a_password_that_is_not_kept_is_told_with_the_command_that_keeps_it() -> None:
    finding = finding_of(of("confgen hq", "102"))
    assert "keyring:confgen hq/102: the keyring has no such password" in finding.message
    assert "keyring set" in finding.mend


def test_a_machine_without_a_keyring_is_told() -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    assert "this machine has no keyring" in finding_of(of("confgen hq", "101")).message


def test_nothing_that_a_backend_says_is_told() -> None:
    keyring.set_keyring(Misbehaving())
    assert "the keyring refused (RuntimeError)" in finding_of(of("confgen hq", "101")).message


def test_a_keyring_that_nobody_unlocks_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    unlocked = threading.Event()
    keyring.set_keyring(Misbehaving(waits_for=unlocked))
    monkeypatch.setattr(resolution, "_PATIENCE", 0.2)
    begun = time.monotonic()

    assert "did not end within 0.2 s" in finding_of(of("confgen hq", "101")).message
    assert time.monotonic() - begun < 5.0
    unlocked.set()


def test_a_library_that_is_not_installed_is_told_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert 'pip install "pbx-confgen[keyring]"' in finding_of(of("confgen hq", "101")).mend
