"""At which of its steps a program must be killed to see all that a kill can leave. Pure: it reads what strace wrote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tests.live.system_calls import TRACED, called, calls

# Beside what changes the disk: starts of processes, and what is changed in other ways.
CUT_TRACED = (
    f"{TRACED},clone,?clone3,?fork,?vfork,execve,kill,"
    "chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,utimensat,link,linkat,ftruncate"
)
_STARTS = re.compile(r"^(?P<process>\d+) +(?P<name>clone3?|v?fork)\(")
_CHANGES = re.compile(r"^(kill|f?chmod(at)?|[fl]?chown(at)?|utimensat|link(at)?|ftruncate)\(.* = 0$")
_COMMANDS = re.compile(r'^execve\("[^"]*/(systemctl|systemd-run|asterisk)", (?!.*"(show|core show settings)").* = 0$')


def cuts(trace: str) -> Sequence[int]:
    """Each n for which it matters that whoever is first to start its nth process is killed then, by CUT_TRACED.

    strace counts the starts of each process, and each way to start one, by itself. Where the same process dies as for
    n - 1, and nothing was changed between the two, both kills leave the same; what only reads is passed over so.
    """
    started: Counter[tuple[str, str]] = Counter()
    left: list[tuple[int, str]] = []  # of each n: how often something was changed before, and who dies
    changes = 0
    for line, call in called(trace.splitlines()):
        if (starts := _STARTS.match(line)) is not None:
            start = (starts["process"], starts["name"])
            started[start] += 1
            if started[start] > len(left):
                left.append((changes, starts["process"]))
        changes += _changes_something(call)
    # Whoever waits for a part of a pipeline or for a substitution goes on without it, with what it has said so far.
    waited_for = {process for process, _ in started} - {left[0][1], started.most_common(1)[0][0][0]} if left else set()
    return [n for n, found in enumerate(left, 1) if n == 1 or found[1] in waited_for or left[n - 2] != found]


def _changes_something(call: str) -> bool:
    if _CHANGES.match(call) or _COMMANDS.match(call):
        return True
    return any(
        not found.path.startswith("/dev/") for found in calls(f"1 {call}\n") if not found.name.startswith("sync")
    )
