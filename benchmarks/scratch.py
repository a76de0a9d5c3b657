"""Folders of a run: gone with it, and where it was killed, with the next one."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "confgen-bench-"
_MEMORY = Path("/dev/shm")  # noqa: S108 -- a folder of its own below it
_GONE_WITHIN = 5.0  # seconds: what was killed a moment ago may still write


@contextmanager
def scratch(parent: Path | None = None) -> Iterator[Path]:
    """A folder of this process, in memory where there is such a place; those of dead ones are taken away."""
    parent = parent or (_MEMORY if _MEMORY.is_dir() else Path(tempfile.gettempdir()))
    for left in parent.glob(f"{PREFIX}*"):
        if not _runs(left.name.removeprefix(PREFIX).partition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))
    try:
        yield folder
    finally:
        _remove(folder)


def _runs(number: str) -> bool:
    return Path(f"/proc/{number}").is_dir() if number.isdigit() else True


def _remove(folder: Path) -> None:
    until = time.monotonic() + _GONE_WITHIN
    while folder.exists():
        if time.monotonic() > until:
            raise SystemExit(f"{folder} cannot be removed: something still writes there")
        shutil.rmtree(folder, ignore_errors=True)
