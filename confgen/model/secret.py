"""Secrets: references that stand in the inventory, and resolved values that never show themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from confgen.model.finding import Place

MASK = "********"


class SecretSource(Enum):
    """Where a reference is resolved."""

    ENVIRONMENT = "env"
    FILE = "file"
    COMMAND = "command"
    SOPS = "sops"  # a value of a file that the program of that name decrypts
    VAULT = "vault"  # HashiCorp Vault, or OpenBao
    KEYRING = "keyring"  # of the operator's own session
    ON_HOST = "on_host"  # certificates only: the file lies on the PBX's host already


@dataclass(frozen=True, slots=True)
class SecretReference:
    """Where a secret or a file is had from; two that say the same are equal, wherever they stand.

    `words` by source: NAME; PATH, absolute or beside the inventory; ARGUMENTs; FILE and the keys on the way to the
    value in it; MOUNT, PATH and FIELD; SERVICE and USER; PATH on the PBX's host.
    """

    source: SecretSource
    words: tuple[str, ...]
    place: Place | None = field(default=None, compare=False)

    def __str__(self) -> str:
        match self.source, self.words:
            case SecretSource.SOPS, (file, *keys):
                told = f"{file}#{'.'.join(keys)}"
            case SecretSource.VAULT, (mount, path, name):
                told = f"{mount}/{path}#{name}"
            case SecretSource.KEYRING, (service, user):
                told = f"{service}/{user}"
            case _:
                told = " ".join(self.words)
        return f"{self.source.value}:{told}"


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
