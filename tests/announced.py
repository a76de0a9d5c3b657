"""Cases as files: their opening comments announce what will be found in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from confgen.load import Loaded, Unreadable

_ANNOUNCEMENT = re.compile(
    r"# (?P<code>[A-Z]+-[0-9]{2})(?: (?:(?P<other>[^ :]+):)?(?P<place>[0-9]+:[0-9]+))?(?:: (?P<words>.+))?"
)


def expected(case: Path) -> list[str]:
    """`FILE[:LINE:COLUMN] CODE` of each finding that the opening comments announce, also in another file."""
    return sorted(announcement for announcement, _ in _announcements(case))


def words(case: Path) -> list[tuple[str, str]]:
    """The same, with words that the finding must say, of those that have such behind a colon."""
    return [(announcement, words) for announcement, words in _announcements(case) if words]


def _announcements(case: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(case.glob("*.y*ml")) if case.is_dir() else (case,):
        for line in file.read_text(encoding="utf-8").splitlines():
            announcement = _ANNOUNCEMENT.fullmatch(line)
            if announcement is None:
                break
            its_file = file.parent / announcement["other"] if announcement["other"] else file
            place = f"{its_file}:{announcement['place']}" if announcement["place"] else str(its_file)
            yield f"{place} {announcement['code']}", announcement["words"] or ""


def found(case: Path, load: Callable[[Path], Loaded]) -> list[str]:
    """The same of what is found, or of what keeps the case from being read."""
    try:
        findings = load(case).findings
    except Unreadable as unreadable:
        place, _, wrong = str(unreadable).partition(": ")
        return [f"{place} {wrong.partition(' ')[0]}"]
    return sorted(f"{finding.place} {finding.code}" for finding in findings)
