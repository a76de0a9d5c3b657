"""The script for the host is plain POSIX sh that Debian's own shell can read."""

from __future__ import annotations

import subprocess

import pytest

from confgen.drivers.asterisk import script


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_it_parses(shell: str) -> None:
    read = subprocess.run([shell, "-n"], input=script.text(), capture_output=True, check=False)

    assert (read.returncode, read.stderr) == (0, b"")


def test_an_unknown_verb_does_nothing_and_says_so() -> None:
    ran = subprocess.run(["sh", "-s", "destroy"], input=script.text(), capture_output=True, check=False)

    assert ran.returncode == 2
    assert b"unknown verb" in ran.stderr
