"""Fingerprints under a host's own key: whoever has them cannot try out guesses. Pure."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from confgen.model.document import Observed
    from confgen.model.secret import Secret

_LENGTH_FOR_PEOPLE = 10


def shown(key: Secret) -> Callable[[str], str]:
    """Fingerprints as people read them; on a host that has no key yet there is none to give, and words stand for it."""
    if not key.reveal():
        return lambda _: "no fingerprint yet"
    whole = fingerprints(key)
    return lambda text: whole(text)[:_LENGTH_FOR_PEOPLE]


def shown_of(observed: Observed, fingerprint: Callable[[str], str]) -> str:
    """The fingerprint of what was observed; a digest that is keyed is one already."""
    return observed.digest[:_LENGTH_FOR_PEOPLE] if observed.is_keyed else fingerprint(observed.digest)


def is_of(observed: Observed, digest: str, key: Secret) -> bool:
    """Whether a document of this SHA-256 is what was observed."""
    return observed.digest == (fingerprints(key)(digest) if observed.is_keyed else digest)


def fingerprints(key: Secret) -> Callable[[str], str]:
    """Whole fingerprints, of a host that has a key: HMAC-SHA-256 in hexadecimal."""
    octets = bytes.fromhex(key.reveal())
    return lambda text: hmac.digest(octets, text.encode(), "sha256").hex()
