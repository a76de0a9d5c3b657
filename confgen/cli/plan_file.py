"""A saved plan in a file: read within a limit, written whole, and over nothing but another saved plan."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from confgen.model.saved import SavedPlan

_LIMIT = 256_000_000  # bytes


class CannotRead(Exception):
    """The file cannot be read, or is no saved plan."""

    exit_code = 2


class CannotWrite(Exception):
    """The system did not let the file be written, or something else lies there."""

    exit_code = 2


def read(path: Path) -> SavedPlan:
    """The plan in the file."""
    from confgen.report import saved_form

    try:
        return saved_form.read(_text(path))
    except OSError as error:
        raise CannotRead(f"{path}: {error.strerror}") from error
    except (saved_form.NotASavedPlan, UnicodeDecodeError) as error:
        told = str(error) if isinstance(error, saved_form.NotASavedPlan) else "it is no saved plan"
        raise CannotRead(f"{path}: {told}") from error


def check(path: Path) -> None:
    """CannotWrite where a saved plan may not be put there, as far as can be told before it is."""
    from confgen.report import saved_form

    try:
        is_free = saved_form.is_saved_plan(_text(path))
    except FileNotFoundError:
        is_free = not path.is_symlink()  # one that leads nowhere is somebody's
    except UnicodeDecodeError:
        is_free = False
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror}") from error
    if not is_free:
        raise CannotWrite(f"{path} is no saved plan, and is not written over: name another file")
    if not path.parent.is_dir():
        raise CannotWrite(f"{path.parent} is no folder")


def write(path: Path, saved: SavedPlan) -> None:
    """Put the plan there, for its owner alone; whoever reads the file finds a whole one, the old or the new."""
    from confgen.report import saved_form

    check(path)
    try:
        _replace(path, saved_form.written(saved).encode())
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror}") from error


def _text(path: Path) -> str:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe would be waited for
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return ""
        return file.read(_LIMIT).decode()


def _replace(path: Path, content: bytes) -> None:
    descriptor, unfinished = tempfile.mkstemp(prefix=".confgen-", dir=path.parent)  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(unfinished).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
