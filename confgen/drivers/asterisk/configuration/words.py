"""How Asterisk compares and trims: by octets, of which only those of ASCII have capitals or are blank."""

from __future__ import annotations

BLANKS = "".join(map(chr, range(33)))
_SMALL = {ord(capital): capital.lower() for capital in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def folded(text: str) -> str:
    """The text as it is compared where capital letters do not count."""
    return text.lower() if text.isascii() else text.translate(_SMALL)


def octets(text: str) -> bytes:
    """The octets of a text; one that was an octet outside UTF-8 is one again, and nothing is refused."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
