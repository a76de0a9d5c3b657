"""The script for the host is plain POSIX sh that Debian's own shell can read."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).parents[2] / "confgen" / "drivers" / "asterisk" / "host" / "confgen-asterisk.sh"


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_it_parses(shell: str) -> None:
    read = subprocess.run([shell, "-n", _SCRIPT], capture_output=True, check=False)

    assert (read.returncode, read.stderr) == (0, b"")


def test_an_unknown_verb_does_nothing_and_says_so() -> None:
    ran = subprocess.run(["sh", _SCRIPT, "destroy"], capture_output=True, check=False)

    assert ran.returncode == 2
    assert b"unknown verb" in ran.stderr
