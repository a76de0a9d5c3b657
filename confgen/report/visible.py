"""Text from elsewhere, made safe to show: nothing in it can steer a terminal, a page or a job that keeps a log."""

from __future__ import annotations

import re
from enum import Enum

# C0 and C1 controls, line and paragraph separators, the marks that turn the direction of writing around, halves of
# characters, and the two that XML 1.0 has no room for.
_STEERING = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)

# What a job takes for a command in its log: `::` that begins a line, whatever signs without ink are around it, and
# `##[` anywhere (github.com/actions/runner, src/Runner.Common/ActionCommand.cs); `##vso[` of Azure DevOps, and
# `##teamcity[`, whatever signs without ink are between the letters. Each takes all that it fits and gives none back:
# the time grows as the text does.
_NO_INK = r"[^\x21-\x7e\n]*+"
_WORD = r"[^\x20-@\[-`{-~\n]*+"
_COMMAND = re.compile(rf"^({_NO_INK}):(?={_NO_INK}:)|#(?={_NO_INK}#{_NO_INK}{_WORD}{_NO_INK}\[)", re.MULTILINE)


class Spelling(Enum):
    """How a sign is spelt where it must not stand by itself, by its number."""

    TEXT = "\\x{:02x}"
    JSON = "\\u{:04x}"
    XML = "&#{};"


def without_commands(text: str, spelling: Spelling = Spelling.TEXT) -> str:
    r"""Lines that no job which keeps them in its log takes for a command; `::` at the beginning becomes `\x3a:`.

    JSON and XML still say the same.
    """
    return _COMMAND.sub(lambda match: f"{match[1] or ''}{spelling.value.format(ord(match[0][-1]))}", text)


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
