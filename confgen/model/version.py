"""Product versions, ordered as releases are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

_PATTERN = re.compile(r"(\d{1,3})(?:\.(\d{1,3}))?(?:\.(\d{1,3}))?")


@dataclass(frozen=True, slots=True, order=True)
class ProductVersion:
    """`22.10.1`; parts that were not said count as 0, so that a gate never assumes more than it was told."""

    branch: int
    minor: int = 0
    patch: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `22`, `22.10` or `22.10.1`; ValueError for anything else."""
        match = _PATTERN.fullmatch(text)
        if match is None:
            message = f"{text!r} is not a version such as 22.10.1"
            raise ValueError(message)
        return cls(*(int(part or 0) for part in match.groups()))

    def __str__(self) -> str:
        return f"{self.branch}.{self.minor}.{self.patch}"
