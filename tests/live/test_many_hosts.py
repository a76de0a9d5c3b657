"""Sixty hosts, of which half answer: the other half keeps nobody waiting, and nothing of it is changed.

They are simulated, on the loopback interface.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.behaviour import Behaviour
from benchmarks.simulated_fleet import SimulatedHosts

COUNTS = {
    Behaviour.ANSWERS: 30,
    Behaviour.HANGS: 12,
    Behaviour.SILENT: 10,
    Behaviour.TRICKLES: 3,
    Behaviour.DIES: 3,
    Behaviour.RESETS: 2,
}
SLOW = ("hangs", "silent")
TIME_LIMIT = 12  # seconds


@pytest.fixture(scope="module")
def hosts() -> Iterator[SimulatedHosts]:
    with SimulatedHosts(COUNTS, latency=5.0) as hosts:
        (hosts.folder / ".ssh").mkdir()
        (hosts.folder / ".ssh" / "config").write_text(f"ConnectTimeout {TIME_LIMIT}\n", encoding="utf-8")
        hosts.fleet.write(hosts.folder / "fleet.json")
        yield hosts


def confgen(hosts: SimulatedHosts, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.simulated_fleet", str(hosts.folder / "fleet.json"), *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HOME": str(hosts.folder), "XDG_STATE_HOME": str(hosts.folder / "state"), "NO_COLOR": "1"},
    )


def outcomes(answer: subprocess.CompletedProcess[str]) -> dict[str, set[str]]:
    """By behaviour."""
    told: dict[str, set[str]] = {}
    results: list[dict[str, Any]] = json.loads(answer.stdout)["pbxs"]
    for result in results:
        told.setdefault(result["name"].partition("-")[0], set()).add(result["outcome"])
    return told


def test_those_that_answer_are_told_before_the_others_are_given_up(hosts: SimulatedHosts) -> None:
    answer = confgen(hosts, "plan", "--parallel", "8", "--time-limit", f"{TIME_LIMIT}s")

    headlines = [line for line in answer.stdout.splitlines() if line.split("-")[0].upper() in Behaviour.__members__]
    kinds = [line.partition("-")[0] for line in headlines]
    assert Counter(kinds) == {behaviour.name.lower(): count for behaviour, count in COUNTS.items()}
    last_that_answers = max(number for number, kind in enumerate(kinds) if kind == "answers")
    first_that_is_slow = min(number for number, kind in enumerate(kinds) if kind in SLOW)
    assert last_that_answers < first_that_is_slow, "\n".join(headlines)
    given_up = [line for line in headlines if line.startswith("hangs")]
    assert all("given up after 12 s, before anything was switched" in line for line in given_up)
    assert answer.returncode == 4


def test_a_push_changes_those_that_answer_and_gives_up_the_others(hosts: SimulatedHosts) -> None:
    words = ("push", "--batch", "100%", "--parallel", "60", "--max-failures", "60", "--time-limit", "8s")

    answer = confgen(hosts, *words, "--format", "json")

    assert outcomes(answer) == {
        "answers": {"proven"},
        **{kind: {"unknown"} for kind in (*SLOW, "trickles", "dies", "resets")},
    }
    assert answer.returncode == 4

    nothing_is_left = confgen(hosts, "plan", "--limit", "answers-*", "--format", "json")
    assert outcomes(nothing_is_left) == {"answers": {"unchanged"}}
    assert nothing_is_left.returncode == 0
