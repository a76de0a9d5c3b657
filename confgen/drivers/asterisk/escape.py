"""What may stand as a value in Asterisk's files: whatever could end the option or start another is refused."""

from __future__ import annotations

import re
from typing import ClassVar

# A line end or another control character would start a new option; `;` starts a comment; the reader drops white space
# around a value and a `>` right after `=`; a first `[` or `#` is a section or an include where a line is folded.
_UNWRITABLE = r"\x00-\x1f\x7f-\x9f\u2028\u2029;\\\ud800-\udfff"
_REFUSED_ANYWHERE = re.compile(f"[{_UNWRITABLE}]")
_DIALPLAN = re.compile(r"[0-9A-Za-z_.\-\[\]]+")
_MOST_OCTETS = 4096  # Asterisk skips a line of 8191 octets or more: a password in it would be no password


class Unwritable(ValueError):
    """A value cannot be written into a configuration file without changing what the file says; it is not quoted."""


class _Formed(str):
    """Text that must have a form of its own."""

    __slots__ = ()
    form: ClassVar[re.Pattern[str]]
    words: ClassVar[str]


class SipUri(_Formed):
    r"""A SIP URI; its semicolons are parameters (RFC 3261 §19.1.1) and written as `\;`."""

    __slots__ = ()
    form = re.compile(
        r"sips?:(?:[0-9A-Za-z+._\-]+@)?(?:[0-9A-Za-z.\-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?(?:;[0-9A-Za-z\-]+=[0-9A-Za-z\-]+)*"
    )
    words = "a SIP URI that can be written"


class SectionName(_Formed):
    """What heads a section and is referred to by its name."""

    __slots__ = ()
    form = re.compile(r"[0-9A-Za-z\-]+")  # no `_`: a number that begins with it would be a pattern in the dialplan
    words = "a name for a section"


class BindAddress(_Formed):
    """An IP address with a port; that of IPv6 begins with `[`."""

    __slots__ = ()
    form = re.compile(r"(?:[0-9.]+|\[[0-9A-Fa-f:.]+\]):[0-9]+")
    words = "an address with a port"


class CallerId(_Formed):
    """`"name" <number>`; a quote or a bracket in the name would give the caller another number."""

    __slots__ = ()
    form = re.compile(rf'(?:"[^"<>{_UNWRITABLE}]+" )?<[0-9A-Za-z\-]+>')
    words = "a caller's name and number"


class _Dialled(_Formed):
    """Text that may stand in extensions.conf, where commas, quotes, brackets, `&` and `$` are syntax: none has any."""

    __slots__ = ()


class DialledPattern(_Dialled):
    """Numbers as the dialplan takes them: one, or behind `_` a pattern; only its last sign may be a wildcard."""

    __slots__ = ()
    form = re.compile(r"[0-9]+|_[+*]?(?:[0-9XZN]|\[[0-9]+(?:-[0-9]+)*\])+\.?|_\+\.")
    words = "a number or a pattern of numbers"


class OutsideNumber(_Dialled):
    """A number of the world outside, perhaps with its `+`."""

    __slots__ = ()
    form = re.compile(r"\+?[0-9]+")
    words = "a number"


class Prefix(_Dialled):
    """What is put before a number: digits, `+` or `*`, or one of these and digits."""

    __slots__ = ()
    form = re.compile(r"[+*]|[+*]?[0-9]+")
    words = "digits, perhaps with a + or a * before them"


class ExtensionName(_Dialled):
    """An extension of the user's own dialplan."""

    __slots__ = ()
    form = re.compile(r"[0-9A-Za-z_+*\-]+")
    words = "the name of an extension"


class DialResource(_Dialled):
    """A part of what Dial() calls: a technology, or what stands behind the number."""

    __slots__ = ()
    form = re.compile(r"[0-9A-Za-z_.@/+\-]+")
    words = "a part of what Dial() can call"


class SipHost(_Dialled):
    """The host of a SIP URI; an address of IPv6 stands in brackets."""

    __slots__ = ()
    form = re.compile(r"[0-9A-Za-z.\-]+|\[[0-9A-Fa-f:.]+\]")
    words = "a host that can be called"


class IncludedFile(_Dialled):
    """The path of a file that another one includes."""

    __slots__ = ()
    form = re.compile(r"[0-9A-Za-z_/][0-9A-Za-z_./@+\-]*")
    words = "a path that can be included"


def option_value(value: object) -> str:
    """Escape a value for `name = value` lines; Unwritable for what cannot be written faithfully."""
    match value:
        case _Formed():
            if value.form.fullmatch(value) is None:
                message = f"it is not {value.words}"
                raise Unwritable(message)
            return _of_bounded_length(value.replace(";", "\\;"))
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
    return _of_bounded_length(text)


def _of_bounded_length(text: str) -> str:
    if len(text.encode()) > _MOST_OCTETS:
        message = f"it is longer than {_MOST_OCTETS} octets"
        raise Unwritable(message)
    return text


def dialplan_value(value: object) -> str:
    """Escape a value for extensions.conf, where commas, quotes and `$` are syntax: only names and numbers pass."""
    text = option_value(value)
    if isinstance(value, _Dialled):
        return text
    if _DIALPLAN.fullmatch(text) is None:
        message = "it is not a plain name or number"
        raise Unwritable(message)
    return text
