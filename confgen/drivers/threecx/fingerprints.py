"""Fingerprints of secrets, under the key on the operator's shelf: that one changed is told, and never what it is."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from confgen.model.secret import Secret


def fingerprint_under(key: Secret) -> Callable[[str], str]:
    """HMAC-SHA-256 in hexadecimal."""
    octets = bytes.fromhex(key.reveal())
    return lambda text: hmac.new(octets, text.encode(), hashlib.sha256).hexdigest()
