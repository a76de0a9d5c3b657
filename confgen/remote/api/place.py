"""Where an API is, and by which way a connection to it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from confgen.model.stream import Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPlace:
    """An API as errors name it; `dial` makes a connection to its port within so many seconds."""

    pbx: str
    name: str  # the certificate's
    port: int
    way: str  # "through SSH", "directly"
    mend: str  # what to look at where nothing answers
    dial: Callable[[float], Stream]

    def __str__(self) -> str:
        return f"{self.pbx}: the API at {self.name}:{self.port}, {self.way}"
