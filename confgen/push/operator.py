"""Who runs this program, and where: for those who ask later."""

from __future__ import annotations

import getpass
import platform


def operator() -> str:
    """`maria@laptop`, without anything that could end a word of the host's script."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # no name for this number
        user = "somebody"
    told = f"{user}@{platform.node()}"
    return "".join(
        character for character in told if character.isascii() and (character.isalnum() or character in "@._-")
    )
