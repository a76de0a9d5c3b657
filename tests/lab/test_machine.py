"""A machine that cannot run the lab is told in one line what it lacks."""

from __future__ import annotations

import shutil

import pytest

from lab.machine import LabUnavailable, require_machine


def test_missing_tools_are_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    there = shutil.which("sh")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name, **_: None if name in {"mmdebstrap", "systemd-nspawn"} else there)

    with pytest.raises(LabUnavailable) as refused:
        require_machine()

    wanted = "the lab needs mmdebstrap, systemd-nspawn: apt-get install mmdebstrap systemd-container"
    assert str(refused.value) == wanted


def test_an_ordinary_user_is_told_to_be_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda name, **_: f"/usr/bin/{name}")

    with pytest.raises(LabUnavailable, match=r"^the lab needs root$"):
        require_machine()
