"""A shelf in memory, for tests: it keeps what a shelf on the operator's disk would."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from confgen.model.shelf import is_name


@dataclass(kw_only=True)
class MemoryShelf:
    """Fulfils Shelf; `texts` may be looked at, and altered behind the back of whoever keeps something there."""

    texts: dict[str, str] = field(default_factory=dict)

    def names(self) -> Collection[str]:
        return frozenset(self.texts)

    def read(self, name: str, /) -> str | None:
        return self.texts.get(_checked(name))

    def write(self, name: str, text: str, /) -> None:
        self.texts[_checked(name)] = text

    def create(self, name: str, text: str, /) -> bool:
        if _checked(name) in self.texts:
            return False
        self.texts[name] = text
        return True

    def remove(self, name: str, /) -> None:
        self.texts.pop(_checked(name), None)


def _checked(name: str) -> str:
    if not is_name(name):
        raise ValueError(f"{name!r} is no name for a shelf")
    return name
