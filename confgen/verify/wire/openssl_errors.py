"""What OpenSSL says went wrong, in its own words. Pure."""

from __future__ import annotations

from OpenSSL import SSL


def reason_of(error: SSL.Error) -> str:
    """Its reasons; the name of the error where it gives none, as when the far end is simply gone."""
    match error.args:
        case [list() as entries, *_]:  # of OpenSSL's queue: library, function, reason
            reasons = ", ".join(entry[-1] for entry in entries if entry[-1])
        case [_, str() as reasons]:  # of the system: number, text
            pass
        case _:
            reasons = ""
    return reasons or type(error).__name__
