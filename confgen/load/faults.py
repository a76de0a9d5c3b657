"""A finding in one line, and the mends that many of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.wording import nearest
from confgen.model.finding import Finding, Place, Severity

if TYPE_CHECKING:
    from collections.abc import Collection

_MOST_COMPARED = 2000  # names; a hundred thousand numbers would be compared for seconds


def fault(code: str, message: str, mend: str, place: Place, pbx: str | None = None) -> Finding:
    """An error."""
    return Finding(code=code, message=message, mend=mend, place=place, pbx=pbx)


def doubt(
    code: str, message: str, mend: str, place: Place, pbx: str | None = None, *, subject: str | None = None
) -> Finding:
    """A warning."""
    severity = Severity.WARNING
    return Finding(code=code, message=message, mend=mend, severity=severity, place=place, pbx=pbx, subject=subject)


def write_nearest(word: str, known: Collection[str], otherwise: str) -> str:
    """The mend that names the word that was probably meant."""
    meant = nearest(word, known) if len(known) <= _MOST_COMPARED else None
    return f"write `{meant}`" if meant else otherwise
