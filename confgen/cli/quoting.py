"""The lines that findings point at, read once per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from confgen.model.finding import Finding, Place
    from confgen.model.quote import Quote

_UNKNOWN_KEY = "LOAD-10"
_SUFFIXES = frozenset({".yaml", ".yml"})  # which column of a table is a secret is not to be seen from a line


def quotes(findings: Iterable[Finding], inventory: str) -> Mapping[Place, Quote]:
    """What can be quoted of YAML; nothing of a table, nor of a file that is gone or can be read only once."""
    from pathlib import Path

    from confgen.load.quotable import quotes as quotes_of

    by_file: dict[str, set[Place]] = {}
    unknown_keys: set[Place] = set()
    for finding in findings:
        if finding.place is not None:
            by_file.setdefault(finding.place.file, set()).add(finding.place)
            if finding.code == _UNKNOWN_KEY:
                unknown_keys.add(finding.place)
    found: dict[Place, Quote] = {}
    for file, places in by_file.items():
        path = Path(file)
        if (path.suffix in _SUFFIXES or file == inventory) and (content := _content(path)) is not None:
            found |= quotes_of(content, places, unknown_keys=unknown_keys & places)
    return found


def _content(file: Path) -> bytes | None:
    from confgen.load.sources import LIMIT

    try:
        if not file.is_file() or file.stat().st_size > LIMIT:
            return None
        return file.read_bytes().removeprefix(b"\xef\xbb\xbf")  # a BOM is no part of the first line
    except (OSError, ValueError):  # ValueError: a path with a NUL in it
        return None
