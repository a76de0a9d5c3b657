"""A folder of rendered files: written whole, and nothing in it touched that an earlier render did not write."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

MARKER = ".confgen"  # the names of the files that render wrote, a line for each
_UNFINISHED = ".confgen-unfinished"  # what a render that was killed may leave; the next one takes the name over
_PUBLIC = 0o644
_PRIVATE = 0o600


class NotOurs(Exception):
    """The folder holds what no render wrote."""

    exit_code = 2


class CannotWrite(Exception):
    """The system did not let a file be written."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many files were written, left as they were, and removed."""

    written: int
    unchanged: int
    removed: int


def check(folder: Path) -> None:
    """NotOurs where the folder holds anything but the files of an earlier render."""
    try:
        strangers = _files_in(folder) - _marked(folder) - {MARKER, _UNFINISHED}
    except (OSError, UnicodeDecodeError) as error:
        raise _cannot(folder, error) from error
    if strangers:
        first = min(strangers)
        raise NotOurs(f"{folder} holds {first}, which render did not write; move it away, or choose another --out")


def write(folder: Path, texts: Mapping[str, str], *, is_private: bool) -> Written:
    """Make the folder hold these texts by key, and a marker that names them; call `check` first."""
    try:
        return _write(folder, texts, mode=_PRIVATE if is_private else _PUBLIC)
    except (OSError, UnicodeDecodeError) as error:
        raise _cannot(folder, error) from error


def _write(folder: Path, texts: Mapping[str, str], *, mode: int) -> Written:
    folder.mkdir(parents=True, exist_ok=True)
    before = _marked(folder)
    # Named before they are there: a render that is killed half way leaves no file that the next one does not know.
    _write_file(folder, MARKER, _listing(before | texts.keys()), _PUBLIC)
    written = sum(_write_file(folder, key, text, mode) for key, text in texts.items())
    gone = (before & _files_in(folder)) - texts.keys()  # what a marker names elsewhere is not in the folder
    for key in gone:
        (folder / key).unlink(missing_ok=True)
    _write_file(folder, MARKER, _listing(texts), _PUBLIC)
    return Written(written=written, unchanged=len(texts) - written, removed=len(gone))


def _write_file(folder: Path, key: str, text: str, mode: int) -> bool:
    """Whether it had to be written; a link in its place is replaced, never followed."""
    path, content = folder / key, text.encode()
    if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
        path.chmod(mode)
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder / _UNFINISHED
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)
    unfinished.replace(path)
    return True


def _files_in(folder: Path) -> frozenset[str]:
    """Everything below it that is no folder, links included; nothing where there is no such folder."""
    if not folder.exists():
        return frozenset()
    found = []
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            found += [f"{entry.name}/{name}" for name in _files_in(folder / entry.name)]
        else:
            found.append(entry.name)
    return frozenset(found)


def _marked(folder: Path) -> frozenset[str]:
    marker = folder / MARKER
    return frozenset(marker.read_text(encoding="utf-8").splitlines()) if marker.is_file() else frozenset()


def _listing(keys: Iterable[str]) -> str:
    return "".join(f"{key}\n" for key in sorted(keys))


def _cannot(folder: Path, error: OSError | UnicodeDecodeError) -> CannotWrite:
    if isinstance(error, OSError):
        return CannotWrite(f"{error.filename or folder}: {error.strerror}")
    return CannotWrite(f"{folder / MARKER}: this is no marker of confgen")
