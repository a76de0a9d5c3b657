"""Ctrl-C once lets what is under way come to its end; twice, and the program is gone."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from confgen.fleet import PastRun, history
from tests import quick

CHECKOUT = Path(__file__).parents[2]


@contextmanager
def working(hears: str, command: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The program in the midst of its work on two PBXs of four."""
    words = [sys.executable, "-m", "tests.cli.working", hears, command, str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=CHECKOUT) as program:
        try:
            read_until(program.stderr, "under way")
            yield program
        finally:
            program.kill()


def read_until(stream: IO[str] | None, words: str) -> str:
    assert stream is not None
    for line in stream:
        if words in line:
            return line
    raise AssertionError(f"it never said {words!r}")


def the_run(folder: Path) -> PastRun:
    (run,) = history(None, folder=folder).runs
    return run


@pytest.mark.parametrize("number", quick.each(2, [signal.SIGINT, signal.SIGTERM]), ids=["Ctrl-C", "SIGTERM"])
def test_once_begins_nothing_new_and_what_is_under_way_comes_to_its_end(number: signal.Signals, tmp_path: Path) -> None:
    with working("stops", "push", tmp_path) as program:
        program.send_signal(number)
        out, _ = program.communicate(timeout=60)

    assert program.returncode == 130
    assert out.splitlines()[-1] == "3 PBXs: 3 proven; not begun: depot"
    assert (the_run(tmp_path).exit_code, the_run(tmp_path).left) == (130, ("depot",))


def test_it_is_said_at_once_what_happens_now(tmp_path: Path) -> None:
    with working("deaf", "push", tmp_path) as program:
        program.send_signal(signal.SIGINT)
        said = read_until(program.stderr, "interrupted")

    assert said.strip() == (
        "interrupted: nothing new is begun, what is under way is finished or undone; Ctrl-C again ends confgen at once"
    )


def test_twice_ends_the_program_at_once_and_leaves_the_rest_to_the_hosts(tmp_path: Path) -> None:
    with working("deaf", "push", tmp_path) as program:
        program.send_signal(signal.SIGINT)
        read_until(program.stderr, "interrupted")
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=10)

    assert program.returncode == 130
    assert out == ""
    assert "a host that was switched and not confirmed goes back by itself" in err
    assert (the_run(tmp_path).exit_code, the_run(tmp_path).is_under_way) == (None, False)
    assert the_run(tmp_path).left == ("branch", "warehouse", "depot")


def test_a_second_sigterm_is_no_second_ctrl_c(tmp_path: Path) -> None:
    with working("deaf", "push", tmp_path) as program:
        program.send_signal(signal.SIGTERM)
        read_until(program.stderr, "interrupted")
        program.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(timeout=0.5)


@pytest.mark.full
def test_what_changes_nothing_is_interrupted_in_the_same_way(tmp_path: Path) -> None:
    with working("deaf", "verify", tmp_path) as program:
        program.send_signal(signal.SIGINT)
        said = read_until(program.stderr, "interrupted")
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=10)

    assert "what is under way comes to its end" in said
    assert (program.returncode, err.strip()) == (130, "ended at once")
