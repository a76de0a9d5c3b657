"""What is told of a program is the program's own, and a program that fails gives no figure."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.measured import Launched, measured
from benchmarks.scratch import PREFIX, scratch

_SLEEPS = 60  # seconds
SLEEP = [sys.executable, "-I", "-S", "-c", f"import time; time.sleep({_SLEEPS})"]


def test_a_small_program_is_small_whoever_starts_it() -> None:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    told = measured([sys.executable, "-I", "-S", "-c", "print('done')"])

    assert told.said == "done"
    assert told.megabytes is not None
    assert told.megabytes < own / 2


def test_a_program_that_fails_gives_no_figure_but_its_words() -> None:
    with pytest.raises(SystemExit, match=r"(?s)ended with 3:.*it broke"):
        measured(["sh", "-c", "echo it broke; exit 3"])


def test_a_program_that_is_not_there_gives_none_either() -> None:
    with pytest.raises(SystemExit, match="does not start"):
        measured(["/nowhere/at/all"])


def test_what_takes_too_long_is_a_lower_bound_and_is_killed() -> None:
    started = time.monotonic()

    told = measured(SLEEP, limit=0.2)

    assert (told.is_over, told.seconds, told.cpu) == (False, 0.2, None)
    assert time.monotonic() - started < _SLEEPS, "nobody waited for its end"


def test_nothing_outlives_the_block_that_started_it() -> None:
    started = time.monotonic()

    with Launched(SLEEP, os.environ, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        number = program.number

    assert time.monotonic() - started < _SLEEPS, "nobody waited for its end"
    while _runs(number):  # what was killed still needs a moment to go
        assert time.monotonic() - started < _SLEEPS


def _runs(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="ascii").split()[2] != "Z"
    except OSError:
        return False


def test_a_folder_is_gone_with_its_block_and_that_of_a_dead_run_too(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    dead, alive, foreign = (
        tmp_path / f"{PREFIX}{name}" for name in (f"{ended.pid}-abc", f"{os.getpid()}-abc", "abcdef")
    )
    for folder in (dead, alive, foreign):
        folder.mkdir()

    with scratch(tmp_path) as folder:
        (folder / "file").touch()

    assert set(tmp_path.iterdir()) == {alive, foreign}
