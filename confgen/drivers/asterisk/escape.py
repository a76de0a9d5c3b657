"""What may stand as a value in Asterisk's files: whatever could end the option or start another is refused."""

from __future__ import annotations

import re

# A line end or another control character would start a new option; `;` starts a comment; the reader drops white space
# around a value and a `>` right after `=`; a first `[` or `#` is a section or an include where a line is folded.
_REFUSED_ANYWHERE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029;\\\ud800-\udfff]")
_DIALPLAN = re.compile(r"[0-9A-Za-z_.\-\[\]]*")
_URI = re.compile(r"[0-9A-Za-z_.:@;=\-\[\]]+")


class Unwritable(ValueError):
    """A value cannot be written into a configuration file without changing what the file says."""


class SipUri(str):
    r"""A SIP URI; its semicolons are parameters (RFC 3261 §19.1.1) and written as `\;`."""

    __slots__ = ()


def option_value(value: object) -> str:
    """Escape a value for `name = value` lines; Unwritable for what cannot be written faithfully."""
    match value:
        case SipUri():
            if _URI.fullmatch(value) is None:
                message = f"{str(value)!r} is not a SIP URI that can be written"
                raise Unwritable(message)
            return value.replace(";", "\\;")
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case str():
            return _plain(value)
        case _:
            message = f"a {type(value).__name__} has no place in a configuration file"
            raise Unwritable(message)


def _plain(text: str) -> str:
    if _REFUSED_ANYWHERE.search(text):
        message = "it holds a line end, a control character, ';' or '\\'"
        raise Unwritable(message)
    if text != text.strip():
        message = "white space at its start or end would be lost"
        raise Unwritable(message)
    if text.startswith((">", "#", "[")):
        message = f"a first {text[0]!r} would not be read as part of the value"
        raise Unwritable(message)
    return text


def dialplan_value(value: object) -> str:
    """Escape a value for extensions.conf, where commas, quotes and `$` are syntax: only names and numbers pass."""
    text = option_value(value)
    if _DIALPLAN.fullmatch(text) is None:
        message = f"{text!r} is not a plain name or number"
        raise Unwritable(message)
    return text
