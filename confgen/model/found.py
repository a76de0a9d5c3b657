"""What a look at a PBX found: plain values, safe to show to strangers who help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.model.driver import PushRefused
from confgen.model.finding import Severity
from confgen.model.host import HostError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from confgen.model.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that was looked at; nothing secret is in it, names, addresses and paths are.

    `is_ok` is None where it could not be told, which is neither good nor bad.
    """

    subject: str  # what was looked at, in a word or two: `version`
    found: str  # one line
    advice: str = ""  # what to do, where something is wrong or could not be told
    is_ok: bool | None = True
    code: str = ""  # what `confgen explain` knows it by, where it does


def asked(subject: str, ask: Callable[[], Iterable[Found]]) -> Iterator[Found]:
    """What came of a question; where the PBX refuses it, or cannot be asked, that is what was found."""
    try:
        yield from tuple(ask())
    except PushRefused as refused:
        yield from (of_finding(subject, finding) for finding in refused.findings)
    except HostError as error:
        yield Found(subject=subject, found=f"not told: {error}", is_ok=None, code=error.code or "")


def of_finding(subject: str, finding: Finding) -> Found:
    """A finding of a look for a plan, in the words of an examination."""
    return Found(
        subject=subject,
        found=finding.message,
        advice=finding.mend,
        is_ok=finding.severity is not Severity.ERROR,
        code=finding.code,
    )
