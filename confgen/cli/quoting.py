"""The lines that findings point at, read once per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from confgen.load.reach import Reach
    from confgen.model.finding import Finding, Place
    from confgen.model.quote import Quote

_SUFFIXES = frozenset({".yaml", ".yml"})  # which column of a table is a secret is not to be seen from a line


def quotes(findings: Iterable[Finding], inventory: str) -> Mapping[Place, Quote]:
    """What can be quoted of YAML; nothing of a table, nor of a file that is gone or can be read only once."""
    from pathlib import Path

    from confgen.load.quotable import quotes as quotes_of
    from confgen.load.reach import Reach

    by_file: dict[str, set[Place]] = {}
    for finding in findings:
        if finding.place is not None:
            by_file.setdefault(finding.place.file, set()).add(finding.place)
    reach = Reach(Path(inventory))
    found: dict[Place, Quote] = {}
    for file, places in by_file.items():
        path = Path(file)
        if (path.suffix in _SUFFIXES or file == inventory) and (content := _content(path, reach)) is not None:
            found |= quotes_of(content, places)
    return found


def _content(file: Path, reach: Reach) -> bytes | None:
    from confgen.load.reach import OutOfReach
    from confgen.load.sources import LIMIT

    try:
        if not file.is_file():
            return None
        with reach.open(file) as opened:
            content = opened.read(LIMIT + 1)
    except (OutOfReach, OSError, ValueError):  # ValueError: a path with a NUL in it
        return None
    return content.removeprefix(b"\xef\xbb\xbf") if len(content) <= LIMIT else None  # a BOM is no part of a line
