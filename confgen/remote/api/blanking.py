"""What an API must not have said again: the secrets that it was asked with. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import quote_plus

from confgen.model.secret import MASK, Secret

_LEAST = 8  # letters; a shorter word stands elsewhere by chance, and no PBX makes such a secret


def blanking(secrets: Collection[Secret]) -> Callable[[str], str]:
    """Takes these out of a text, as they are and as a form has them; the longest first."""
    told = {secret.reveal().strip() for secret in secrets}
    words = sorted({form for text in told for form in (text, quote_plus(text)) if len(text) >= _LEAST}, key=len)

    def blank(text: str) -> str:
        for word in reversed(words):
            text = text.replace(word, MASK)
        return text

    return blank


def blanked(body: Any, blank: Callable[[str], str]) -> Any:  # noqa: ANN401 -- JSON
    """The same JSON without them, names of fields too."""
    match body:
        case str():
            return blank(body)
        case Mapping():
            return {blank(str(name)): blanked(value, blank) for name, value in body.items()}
        case list():
            return [blanked(value, blank) for value in body]
        case _:
            return body
