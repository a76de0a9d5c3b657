"""A page in a file: written whole, over whatever regular file is there, and over nothing else."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from uuid import uuid4


class CannotWrite(Exception):
    """The system does not let the page be written there."""

    exit_code = 2


def check(path: Path) -> None:
    """CannotWrite where no page can be put, as far as can be told before there is one."""
    if str(path) == "-":
        raise CannotWrite("--html - : a page goes into a file; name one. What goes to stdout is what --format says")
    place = _place(path)
    try:
        if not stat.S_ISREG(place.stat().st_mode):
            raise CannotWrite(f"{path} is no file, and is not written over: name another one")
    except FileNotFoundError:
        if not place.parent.is_dir():
            raise CannotWrite(f"{path.parent} is no folder: make it first") from None
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror}") from error
    if not os.access(place.parent, os.W_OK):
        raise CannotWrite(f"{path.parent}: no file can be written there: name a folder that you may write to")


def write(path: Path, text: str) -> None:
    """Put the page there; whoever opens it finds a whole one, the old or the new.

    It has the rights of the file that was there, else those of new files.
    """
    check(path)
    place = _place(path)
    unfinished = place.with_name(f".confgen-{uuid4().hex}")
    try:
        with unfinished.open("x", encoding="utf-8") as file:
            file.write(text)
        with suppress(FileNotFoundError):
            unfinished.chmod(stat.S_IMODE(place.stat().st_mode))
        unfinished.replace(place)
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror}: name another file, or make room for it") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()


def _place(path: Path) -> Path:
    """Where a link leads: what it leads to is replaced, and not the link."""
    return Path(os.path.realpath(path))
