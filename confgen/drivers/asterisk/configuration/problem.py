"""What Asterisk would complain of in its configuration, and what it does then."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from confgen.model.finding import Place


class Consequence(Enum):
    """What Asterisk does about a problem."""

    PASSED_OVER = "passed over"  # what stands there does not count, all else does
    FILE_CUT = "file cut"  # nothing from there to the end of the included file counts
    REFUSED = "refused"  # nothing of the whole configuration counts: none at a start, the one before at a reload
    UNKNOWN = "unknown"  # only a running Asterisk can tell; what was read is not all, or not what it has


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that Asterisk does not read as its author meant, or that is not read here."""

    place: Place
    message: str
    consequence: Consequence
