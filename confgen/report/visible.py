"""Text from elsewhere, made safe to show: nothing in it can steer a terminal."""

from __future__ import annotations

import re

# C0 and C1 controls, line and paragraph separators, and the marks that turn the direction of writing around.
_STEERING = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(line: str) -> str:
    r"""One line for people; what would steer a terminal is spelt out, as in `\x1b`."""
    return _STEERING.sub(_spelt, line)


def one_line(text: str) -> str:
    """A text of any number of lines as one visible line."""
    return visible(" ".join(text.split()))


def _spelt(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
