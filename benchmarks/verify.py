"""How long a proof takes, of three PBXs of the lab with every level. `python -m benchmarks.verify`."""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from lab.host import HostSpec
from lab.instance import Instance
from lab.root_folder import Root
from tests.live.company import Company

_SPECS = (
    HostSpec(name="hq", domain="hq.example.test"),
    HostSpec(name="branch", domain="branch.example.test"),
    HostSpec(name="old", domain="old.example.test", root=Root.ASTERISK_16),
)


def main() -> None:
    """Print one line for each measurement: the median of some runs, and all of them, with the program's own start."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=7, help="how often each thing is measured")
    runs = arguments.parse_args().runs
    with (
        tempfile.TemporaryDirectory() as folder,
        Instance(f"benchmark-{os.getpid()}", _SPECS) as lab,
    ):
        company = Company(lab, Path(folder))
        pushed = company.confgen("push", "--adopt")
        if pushed.code != 0:
            raise SystemExit(pushed.told)
        _tell("verify one PBX", [_seconds(company, "--limit", "hq") for _ in range(runs)])
        _tell("verify three PBXs and the two legs between them", [_seconds(company) for _ in range(runs)])


def _seconds(company: Company, *words: str) -> float:
    started = time.perf_counter()
    with company.begun("verify", *words) as program:
        told, faults = program.communicate()
    seconds = time.perf_counter() - started
    if program.returncode != 0:
        raise SystemExit(f"exit {program.returncode}\n{faults.decode()}\n{told.decode()}")
    return seconds


def _tell(what: str, seconds: list[float]) -> None:
    every = ", ".join(f"{value:.2f}" for value in seconds)
    print(f"{what}: {statistics.median(seconds):.2f} s (of {every})", flush=True)


if __name__ == "__main__":
    main()
