"""Findings: what is wrong, where it stands and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a finding weighs; only errors make a command fail unless `--fail-on` says otherwise."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a file the user wrote; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong, with a stable code (`AREA-NN`), what it is and what to do about it."""

    code: str
    message: str
    mend: str
    severity: Severity = Severity.ERROR
    place: Place | None = None
    pbx: str | None = None
    subject: str | None = None  # what it is about on that PBX: an extension's number, a trunk's name
    waiver: str = ""  # `waived until … by …: …`; it is a note then

    def sort_key(self) -> tuple[str, int, int, str, str, str]:
        """Order by place, then by PBX and code, so that output is the same from run to run."""
        place = self.place or Place("", 0, 0)
        return (place.file, place.line, place.column, self.pbx or "", self.code, self.message)
