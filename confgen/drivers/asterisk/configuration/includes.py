"""What a configuration file includes, and which files a pattern means."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration.file import read
from confgen.drivers.asterisk.configuration.statement import Directive
from confgen.drivers.asterisk.configuration.words import octets
from confgen.model.finding import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

FOLDER = "/etc/asterisk"
_MAGIC = re.compile(r"[*?\[{]")
_ESCAPED = re.compile(r"\\(.)")
MOST_ALTERNATIVES = 100  # of one pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """`#include`, or `#tryinclude`, which does without; several files where the name is a pattern."""

    place: Place
    name: str
    is_required: bool

    @property
    def is_pattern(self) -> bool:
        return _MAGIC.search(self.name) is not None

    def path(self, folder: str = FOLDER) -> str:
        """The absolute path, or pattern of glob(7) with braces, that Asterisk looks for."""
        return absolute(self.name, folder)


def includes(text: str, file: str = "") -> tuple[Include, ...]:
    """What one file includes, in order, for a caller to fetch."""
    if "#" not in text:  # as in most, which may be long
        return ()
    found = (include(said) for said in read(text, file).statements() if isinstance(said, Directive))
    return tuple(entry for entry in found if entry is not None)


def include(directive: Directive) -> Include | None:
    """The directive as an include, if it is one with a name."""
    if directive.argument is None or directive.word not in {"include", "tryinclude"}:
        return None
    return Include(place=directive.place, name=directive.argument, is_required=directive.word == "include")


def absolute(name: str, folder: str = FOLDER) -> str:
    """A name as Asterisk completes it."""
    return posixpath.normpath(posixpath.join(folder, name))


def expanded(pattern: str, paths: Collection[str]) -> tuple[str, ...] | None:
    """Those of the paths that a pattern means, in Asterisk's order; None where it has too many alternatives."""
    if _MAGIC.search(pattern) is None:
        return (pattern,) if pattern in paths else ()
    alternatives = tuple(islice(_alternatives(pattern), MOST_ALTERNATIVES + 1))
    if len(alternatives) > MOST_ALTERNATIVES:
        return None
    known = sorted(paths, key=octets)  # each alternative's files are sorted, the alternatives are not
    return tuple(path for alternative in alternatives for path in known if _matches(path, alternative))


def _alternatives(pattern: str) -> Iterator[str]:
    """`a{b,c}d` as `abd`, `acd`."""
    begin = pattern.find("{")
    depth, cuts = 0, [begin]
    for at in range(begin, len(pattern)) if begin >= 0 else ():
        depth += (pattern[at] == "{") - (pattern[at] == "}")
        if depth == 1 and pattern[at] == ",":
            cuts.append(at)
        elif depth == 0:
            cuts.append(at)
            for first, last in pairwise(cuts):
                yield from _alternatives(pattern[:begin] + pattern[first + 1 : last] + pattern[at + 1 :])
            return
    yield pattern


def _matches(path: str, pattern: str) -> bool:
    """Whether a pattern without braces means a path; `*` spans no `/`, and a name's leading dot must be written."""
    names, wanted = path.split("/"), pattern.split("/")
    return len(names) == len(wanted) and all(
        fnmatchcase(name, _ESCAPED.sub(r"[\1]", want)) and (want[:1] == "." or name[:1] != ".")
        for name, want in zip(names, wanted, strict=True)
    )
