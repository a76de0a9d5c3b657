"""The table of the README about the seeded faults; `python -m tests.live.fault_table` prints it."""

from __future__ import annotations

import sys

from tests.live.faults import FAULTS

_EVERY = (22, 16)


def table() -> str:
    """A line for each fault: what was done, and the codes that tell of it."""
    rows = ["| what is done to a pushed PBX by hand | told by |", "| --- | --- |"]
    for fault in FAULTS:
        only = "" if fault.versions == _EVERY else f" ({' and '.join(map(str, fault.versions))} only)"
        rows.append(f"| {fault.name}{only} | {', '.join(sorted(fault.codes))} |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
