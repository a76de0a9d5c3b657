"""The files that make up an inventory, read within a limit."""

from __future__ import annotations

import codecs
import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from confgen.load.reach import MEND_OF_REACH, OutOfReach, Reach
from confgen.load.unreadable import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LIMIT = 64_000_000  # bytes, all files of an inventory together
_SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file of UTF-8 text, known by the path that the user gave."""

    name: str
    content: bytes


class Sources:
    """The files of one inventory as they are read, each once, and all within the limit."""

    def __init__(self, inventory: Path) -> None:
        self._files: dict[Path, SourceFile] = {}
        self._room = LIMIT
        with _errors_said_in_a_line(inventory):
            self.reach = Reach(inventory)

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """What was read, in this order."""
        return tuple(self._files.values())

    def read(self, path: Path) -> SourceFile:
        """A file of text; Unreadable where it is none, out of reach, or there is no room for it."""
        source = self._files.get(path)
        if source is None:
            source = self._files[path] = _read(path, self.reach, self._room)
            self._room -= len(source.content)
        return source


def entries(path: Path) -> tuple[Path, ...]:
    """The file, or the YAML files of the folder in the order of their names, without hidden ones and folders."""
    with _errors_said_in_a_line(path):
        path.stat()
        return _files_of(path) if path.is_dir() else (path,)


def digest(sources: Sequence[SourceFile]) -> str:
    """SHA-256 over the names, as seen from the folder of the first, and the contents; no two inventories are one."""
    total = hashlib.sha256()
    for source in sources:
        name = os.path.relpath(source.name, Path(sources[0].name).parent)
        total.update(hashlib.sha256(name.encode(errors="surrogateescape")).digest())
        total.update(hashlib.sha256(source.content).digest())
    return total.hexdigest()


def _files_of(folder: Path) -> tuple[Path, ...]:
    files = tuple(
        entry
        for entry in sorted(folder.iterdir())
        if entry.suffix in _SUFFIXES and not entry.name.startswith(".") and not entry.is_dir()
    )
    if not files:
        raise Unreadable("LOAD-01", str(folder), "the folder holds no *.yaml file", "name a file, or another folder")
    return files


def _read(path: Path, reach: Reach, room: int) -> SourceFile:
    name = str(path)
    with _errors_said_in_a_line(path), reach.open(path) as file:
        content = file.read(room + 1)
    if len(content) > room:
        limit = f"{LIMIT // 1_000_000} MB"
        raise Unreadable("LOAD-01", name, f"an inventory is at most {limit}", "divide it into several inventories")
    content = content.removeprefix(codecs.BOM_UTF8)
    nul = content.find(b"\0")
    if nul >= 0:
        line = content.count(b"\n", 0, nul) + 1
        raise Unreadable("LOAD-01", name, "this is no text", "name a file of text, saved as UTF-8", line=line)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable("LOAD-01", name, "this is not UTF-8", "save the file as UTF-8", line=line) from error
    if not text.strip():
        raise Unreadable("LOAD-01", name, "the file is empty", "write one with `confgen init`")
    return SourceFile(name=name, content=content)


@contextmanager
def _errors_said_in_a_line(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise Unreadable("LOAD-01", str(path), "there is no such file", "check the path") from error
    except PermissionError as error:
        raise Unreadable("LOAD-01", str(path), "reading it is not permitted", "check its owner and mode") from error
    except OutOfReach as out:
        raise Unreadable("LOAD-20", str(path), f"the file {out}", MEND_OF_REACH) from out
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Unreadable("LOAD-01", str(path), f"it cannot be read: {reason}", "check the path") from error
