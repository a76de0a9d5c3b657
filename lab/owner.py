"""Who owns an instance: a process named so that another one with the same number is never mistaken for it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process of this or of an earlier boot."""

    pid: int
    started: int  # clock ticks since boot
    boot: str

    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        return self.boot == _boot_id() and self.started == _started(self.pid)

    def to_json(self) -> str:
        """The owner as text that `from_json` reads."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Owner:
        """The owner that `to_json` wrote."""
        return cls(**json.loads(text))


def this_process() -> Owner:
    """The calling process as an owner."""
    return Owner(pid=os.getpid(), started=_started(os.getpid()), boot=_boot_id())


def _started(pid: int) -> int:
    """When the process started; -1 when there is none, or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return -1
    # proc(5): the command in parentheses may hold anything; state is field 3 and starttime field 22.
    fields = stat.rpartition(")")[2].split()
    return -1 if fields[0] in "ZX" else int(fields[19])


def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
