"""Files that a pattern fits, looked for no longer than is reasonable."""

from __future__ import annotations

import fnmatch
import glob
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.reach import Reach

_OF_FILES = (".yaml", ".yml")
MOST_NAMES = 100_000  # that the patterns of one inventory look at, together


class TooMuchToLookAt(Exception):
    """The patterns have looked at as many names as they may."""


@dataclass(slots=True)
class Search:
    """What the patterns of one inventory look at."""

    reach: Reach
    names_left: int = field(default_factory=lambda: MOST_NAMES)

    def fitting(self, folder: Path, pattern: str) -> tuple[list[Path], list[tuple[Path, str]]]:
        """The files in their order, reachable or not, then the folders on the way that are not, each with why.

        As a shell does: * and ? fit no slash, and no dot at the beginning of a name. TooMuchToLookAt ends it.
        """
        found, refused = [folder], list[tuple[Path, str]]()
        steps = [*filter(None, pattern.split("/"))]
        for count, step in enumerate(steps, 1):
            if not glob.has_magic(step):
                found = [path / step for path in found]
                continue
            looked_through, found = found, []
            for path in looked_through:
                if (why := self.reach.refusal_of_folder(path)) is not None:
                    refused.append((path, why))
                else:
                    names = (path / name for name in self._names(path, step))
                    found += (one for one in names if count == len(steps) or not self._is_file_elsewhere(one))
        return sorted(path for path in found if self._is_file(path)), refused

    def _is_file(self, path: Path) -> bool:
        """Whether there is one, or one is out of reach, be it there or not."""
        return self.reach.refusal(path) is not None or os.path.isfile(path)  # noqa: PTH113, Path.is_file may raise

    def _is_file_elsewhere(self, path: Path) -> bool:
        """Whether it leads out of reach and is no folder by its name: of what lies there nothing else is to be told."""
        return path.suffix.lower() in _OF_FILES and self.reach.refusal_of_folder(path) is not None

    def _names(self, folder: Path, step: str) -> Iterator[str]:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if self.names_left == 0:
                    raise TooMuchToLookAt
                self.names_left -= 1
                if fnmatch.fnmatchcase(entry.name, step) and (step.startswith(".") or not entry.name.startswith(".")):
                    yield entry.name
