"""What the other tests run is the program: a run that is forked says and ends as one that is started."""

from __future__ import annotations

import re

import pytest

from tests.live.company import Company
from tests.live.kill_points import wait_until

_RUNS = [["plan", "--limit", "hq", "--format", "json"], ["explain", "DIAL-31"], ["validate", "nowhere.yaml"], ["--no"]]


def timeless(said: str) -> str:
    """Without what is another number each time."""
    return re.sub(r"[0-9.]+ s\b|\"seconds\": .*", "…", said)


@pytest.mark.parametrize("words", _RUNS, ids=" ".join)
def test_a_forked_run_says_and_ends_as_one_that_is_started(company: Company, words: list[str]) -> None:
    with company.begun(*words) as program:
        out, err = program.communicate(timeout=60)

    forked = company.confgen(*words)

    assert forked.code == program.returncode
    assert timeless(forked.out) == timeless(out.decode())
    assert timeless(forked.err) == timeless(err.decode())


def test_a_forked_run_that_is_given_up_is_killed(company: Company) -> None:
    company.confgen("--version")
    server = str(company.lab.folder / "forked.socket")

    with pytest.raises(TimeoutError):
        company.confgen("verify", timeout=0.3)

    wait_until(lambda: company.lab.run(["pgrep", "--count", "--full", server]).stdout == b"1\n", 5)
