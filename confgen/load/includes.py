"""The files of an inventory and those that they include, each read once."""

from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.load.faults import fault
from confgen.load.globs import MOST_NAMES, Search, TooMuchToLookAt
from confgen.load.own_keys import without_own_keys
from confgen.load.reach import MEND_OF_REACH
from confgen.load.sources import Sources, entries
from confgen.load.yaml_tree import YamlMapping, YamlSequence, marked_items, read_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from confgen.load.reach import Reach
    from confgen.load.yaml_tree import Tree
    from confgen.model.finding import Finding, Place

MAX_DEPTH = 20  # files that include one another in a row
MAX_FILES = 10_000  # that one line may include
MEND_OF_PATH = "write a path as seen from the folder of this file"
_INCLUDED = re.compile(r"(?!/)(?!.*\*\*)[^\x00-\x1f\x7f]{1,4090}\.ya?ml")  # as in the schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Every file of an inventory as it was written, in the order in which they were read."""

    trees: tuple[Tree, ...]
    folders: tuple[Path, ...]  # of each tree: where its paths begin
    findings: tuple[Finding, ...]


def read_files(path: Path, sources: Sources) -> Files:
    """The file or folder, with all that is included; Unreadable where one of them is no text or no YAML."""
    reading = _Reading(sources)
    for file in entries(path):
        reading.follow(file, ())
    return Files(trees=tuple(reading.trees), folders=tuple(reading.folders), findings=tuple(reading.findings))


class _Reading:
    """What was read so far."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._search = Search(sources.reach)
        self._known: set[str] = set()  # real paths
        self.trees: list[Tree] = []
        self.folders: list[Path] = []
        self.findings: list[Finding] = []

    def follow(self, file: Path, above: tuple[Path, ...]) -> None:
        """Read a file, then those that it includes; `above` are those that led to it, the first one first."""
        real = os.path.realpath(file)
        if real in self._known:
            return
        self._known.add(real)
        tree = without_own_keys(read_tree(self._sources.read(file)))
        self.findings += tree.findings
        self.trees.append(tree)
        self.folders.append(file.parent)
        above = (*above, file)
        for pattern, place in _includes(tree.root):
            for included in self._found(pattern, place, above):
                self.follow(included, above)

    def _found(self, pattern: str, place: Place, above: tuple[Path, ...]) -> Iterator[Path]:
        folder = above[-1].parent
        is_glob = glob.has_magic(pattern)
        if len(above) >= MAX_DEPTH:
            self._report_too_many(f"{MAX_DEPTH} files deep", place)
            return
        try:
            files, refused = self._search.fitting(folder, pattern) if is_glob else ([folder / pattern], [])
        except TooMuchToLookAt:
            wrong = f"by this pattern, more than {MOST_NAMES:,} names would be looked at"
            self._report("LOAD-17", wrong, "write a pattern that fits fewer folders", place)
            return
        if len(files) > MAX_FILES:
            self._report_too_many(f"{MAX_FILES:,} files at once", place)
            return
        for path, why in refused:
            self._report("LOAD-20", f"{path} is to be looked through and {why}", MEND_OF_REACH, place)
        if not files and not refused:
            self._report("LOAD-16", f"no file is named like {pattern}", MEND_OF_PATH, place)
        for file in files:
            way = [str(one) for one in above if os.path.realpath(one) == os.path.realpath(file)]
            if way and not is_glob:
                circle = " includes ".join([*map(str, above[[*map(str, above)].index(way[0]) :]), way[0]])
                self._report("LOAD-17", f"the files include one another: {circle}", "remove one of these lines", place)
            elif not way and (found := unreachable(file, self._sources.reach)) is not None:
                self._report(found.code, f"{file} is to be included and {found.wrong}", found.mend, place)
            elif not way:
                yield file

    def _report_too_many(self, limit: str, place: Place) -> None:
        self._report("LOAD-17", f"this includes more than {limit}", "include fewer files", place)

    def _report(self, code: str, wrong: str, mend: str, place: Place) -> None:
        self.findings.append(fault(code, wrong, mend, place))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """Why a file that an inventory names is not read."""

    code: str
    wrong: str
    mend: str


def unreachable(path: Path, reach: Reach) -> Unreachable | None:
    """None where there is a file to read. Of what lies out of reach nothing is told, not even whether it is there."""
    if (why := reach.refusal(path)) is not None:
        return Unreachable(code="LOAD-20", wrong=why, mend=MEND_OF_REACH)
    if os.path.isfile(path):  # noqa: PTH113, Path.is_file raises where a name is too long
        return None
    wrong = "is no file" if os.path.exists(path) else "is not there"  # noqa: PTH110, likewise
    return Unreachable(code="LOAD-16", wrong=wrong, mend=MEND_OF_PATH)


def _includes(root: object) -> Iterator[tuple[str, Place]]:
    written = root.get("include") if isinstance(root, YamlMapping) else None
    if isinstance(written, YamlSequence):
        for pattern, place in marked_items(written):
            if isinstance(pattern, str) and _INCLUDED.fullmatch(pattern):
                yield pattern, place
