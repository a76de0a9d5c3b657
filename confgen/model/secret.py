"""Secrets: references that stand in the inventory, and resolved values that never show themselves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NoReturn

MASK = "********"


class SecretSource(Enum):
    """Where a reference is resolved."""

    ENVIRONMENT = "env"
    FILE = "file"
    COMMAND = "command"
    ON_HOST = "on_host"  # certificates only: the file lies on the PBX's host already


@dataclass(frozen=True, slots=True)
class SecretReference:
    """`{env: NAME}`, `{file: PATH}`, `{command: [ARGUMENT, …]}` or `{on_host: PATH}`.

    The PATH of a file is absolute or beside the inventory.
    """

    source: SecretSource
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.source.value}:{' '.join(self.words)}"


class Secret:
    """A resolved secret: no repr, format, pickle or equality with text gives it away; `reveal()` does."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that must write it."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, format_spec: str) -> str:
        return format(MASK, format_spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __reduce__(self) -> NoReturn:
        message = "a resolved secret is not pickled; pass its reference"
        raise TypeError(message)
