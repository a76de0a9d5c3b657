"""Text from elsewhere, made safe to show: nothing in it can steer a terminal or a page."""

from __future__ import annotations

import re

# C0 and C1 controls, line and paragraph separators, the marks that turn the direction of writing around, halves of
# characters, and the two that XML 1.0 has no room for.
_STEERING = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def visible(line: str) -> str:
    r"""One line for people; what would steer a terminal is spelt out, as in `\x1b`."""
    return _STEERING.sub(_spelt, line)


def one_line(text: str) -> str:
    """A text of any number of lines as one visible line."""
    return visible(" ".join(text.split()))


def excerpt(text: str, most: int) -> tuple[str, ...]:
    """A text of several lines as visible lines, of its first `most` characters at most."""
    lines = text[:most].replace("\r\n", "\n").expandtabs().split("\n")
    told = tuple(visible(line.rstrip()) for line in lines)
    left = len(text) - most
    return told if left <= 0 else (*told, f"(and {left} more characters)")


def _spelt(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
