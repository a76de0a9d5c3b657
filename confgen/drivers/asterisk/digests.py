"""Which hash functions an object of pjsip.conf is challenged with, and answers. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import DigestAlgorithm

if TYPE_CHECKING:
    from confgen.model.inventory import Pbx

_WORDS = {DigestAlgorithm.MD5: "MD5", DigestAlgorithm.SHA_256: "SHA-256"}


def algorithms(pbx: Pbx, digest: DigestAlgorithm) -> str:
    """Said only where it is not what Asterisk does anyway: MD5, with MD5 as the default."""
    is_said = digest is DigestAlgorithm.SHA_256 or pbx.default_digest is DigestAlgorithm.SHA_256
    return _WORDS[digest] if is_said else ""


def algorithms_of_providers(pbx: Pbx) -> str:
    """A provider is answered whatever it asks for, where our own default would leave MD5 unanswered."""
    if pbx.default_digest is DigestAlgorithm.MD5:
        return ""
    return f"{_WORDS[DigestAlgorithm.SHA_256]},{_WORDS[DigestAlgorithm.MD5]}"
