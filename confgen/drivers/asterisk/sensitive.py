"""Where secrets stand in what Asterisk's files say: told by the names of options and the shape of values. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration.words import BLANKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    Span = tuple[int, int]

# However a name begins that ends in one of these, it holds a secret, in any of Asterisk's files and in variables of
# the user's own; but for the least length of a PIN, and what is played where one is asked for.
_ENDINGS = (
    r"(?:"
    r"(?<!(?<![\w\-])min)(?<!(?<![\w\-])vm-)(?<!(?<![\w\-])vm-new)"
    r"(?<!(?<![\w\-])vm-invalid-)(?<!(?<![\w\-])vm-reenter)password"
    r"|passwd|passphrase|secret|pwd|(?<![a-z])pass"
    r"|(?<!get_)(?<!invalid_)(?<![a-z])pin(?:code)?)"
)
_WHOLE = (
    "accounts",
    "adminpin",
    "adminpw",
    "auth",
    "crypt_keys",
    "dbpass",
    "iaxinfo",
    "inkeys",
    "md5_cred",
    "mwi",
    "oauth_clientid",
    "outkey",
    "password_digest",
    "refresh_token",
    "register",
)
_WORD = rf"(?P<word>{_ENDINGS}|(?<![a-z0-9_])(?:{'|'.join(_WHOLE)}))"
# What may stand around a name that Asterisk does not take for it (another option, a quote, a byte order mark).
_NAME = re.compile(rf"{_WORD}[^a-z]*\Z", re.IGNORECASE)
_CLOSED = r"[\"'\])\x00-\x20]*"
_STATED = re.compile(rf"(?:{_WORD}{_CLOSED}\+?=>?|{_ENDINGS}{_CLOSED}:)[\x00-\x20]*(?=[^;\x00-\x20])", re.IGNORECASE)
_FIRST_WORD = re.compile(
    rf"[^a-z;]*+[\w./\-]{{0,40}}?(?!auth[\x00-\x20]){_WORD}[\x00-\x20]+(?=[^;:=+\x00-\x20])", re.IGNORECASE
)
_REMARK = re.compile(r"[\x00-\x20];(?!--(?!-))|\Z")
_ASSIGNED = re.compile(rf"{_ENDINGS}{_CLOSED}=[\x00-\x20]*(?P<value>[^,()|\x00-\x20][^,()|]*)", re.IGNORECASE)
_OBJECTS = re.compile(r"[a-z0-9_.\-]+(?=[\x00-\x20]*(?:;|\Z))", re.IGNORECASE)
_CONDITION_END = re.compile(r"[&,)]|\Z")

# `user:password@host` of a URI, a dialled channel or a mapping: from the user to the last @ before a sign that ends it.
_DIALLED = re.compile(r"(?<![^\s/&,()<>\"|])[^\s/&,()<>\"|]*@")
_SCHEME = re.compile(r"(?:[^:@]*=)?(?:sips?|tel|mailto|xmpp|pres):", re.IGNORECASE)
_USER = re.compile(r"(?:\$\{[^{}]*\}|[^:{}@])*:")
# In a URI a password may have more signs than in a channel's name (RFC 3261 §25.1); the bound keeps the search short.
_URI = re.compile(r"(?<![a-z0-9])sips?:[^\s:@/<>\"&,(){}]{1,256}:(?P<value>[^\s@<>\"]{1,256})@", re.IGNORECASE)

_NUMBER = re.compile(r"[0-9]+\Z")
_PIN = re.compile(r"-?[0-9]+\Z")
_NO_MAILBOXES = frozenset({"general", "zonemessages"})
_ROOMS = frozenset({"agent", "conf"})  # `conf => room,pin,…`, `agent => number,password,name`
_COMMENTED_MAILBOX = re.compile(
    r"[;\-\x00-\x20]*[0-9]+[\x00-\x20]*=>?[\x00-\x20]*"
    r"(?P<value>[^,;\x00-\x20]+(?=,)|-?[0-9]{2,}(?=[\x00-\x20]*(?:;|\Z)))"
)
_COMMENTED_ROOM = re.compile(
    r"[;\-\x00-\x20]*(?:agent|conf)[\x00-\x20]*=>?[^,;]*,(?P<value>[^;]*[^;\x00-\x20])", re.IGNORECASE
)


def holds_a_secret(name: str) -> bool:
    """Whether an option of this name has nothing but a secret for its value."""
    return _NAME.search(name) is not None


def names_objects(name: str, value: str) -> bool:
    """pjsip.conf's `auth` names an object; iax.conf's and sip.conf's carries a password."""
    found = _NAME.search(name)
    return found is not None and found["word"].lower() == "auth" and _OBJECTS.match(value) is not None


def may_be_mailbox(key: str, section: str | None, name: str) -> bool:
    """Whether an option can be a mailbox; in voicemail's own files its name need not be a number."""
    return _NUMBER.match(name) is not None or (_is_of_voicemail(key) and section not in _NO_MAILBOXES)


def may_be_room(name: str) -> bool:
    return name.lower() in _ROOMS


def _is_of_voicemail(key: str) -> bool:
    return "voicemail" in key.lower()


def within(value: str) -> Iterator[Span]:
    """The secrets within the value of an option that is none as a whole."""
    yield from _credentials(value, 0, len(value))
    if "=" in value:
        yield from ((found.start("value"), _end(value, found.end())) for found in _ASSIGNED.finditer(value))


def of_mailbox(key: str, value: str) -> Iterator[Span]:
    """A mailbox's PIN, all up to the first comma; in other files than voicemail's, if it is one by its looks."""
    pin, comma, _ = value.partition(",")
    pin = pin.rstrip(BLANKS)
    if pin and (comma or _is_of_voicemail(key) or _PIN.match(pin)):
        yield 0, len(pin)


def of_room(value: str) -> Iterator[Span]:
    """All behind the number of a room or an agent."""
    number, comma, rest = value.partition(",")
    if rest:
        yield len(number + comma), len(value)


def is_clear(text: str) -> bool:
    """Whether text that is no option holds no secret, told fast."""
    return "=" not in text and ":" not in text


def in_header(text: str) -> Iterator[Span]:
    """Secrets in a section's header; whatever ends a condition of its marks stays."""
    for found in _STATED.finditer(text):
        stop = _CONDITION_END.search(text, found.end())
        if stop is not None and stop.start() > found.end():
            yield found.end(), _end(text, stop.start())


def stated(text: str) -> Iterator[Span]:
    """What is said to be a secret, to the end of the text or of what stands before a remark."""
    at = 0
    for found in _STATED.finditer(text):
        is_auth = found["word"] is not None and found["word"].lower() == "auth"
        if found.start() < at or (is_auth and _OBJECTS.match(text, found.end())):
            continue
        remark = _REMARK.search(text, found.end())
        at = len(text) if remark is None else remark.start()
        yield found.end(), _end(text, at)


def in_prose(text: str) -> Iterator[Span]:
    """Secrets in text that is no option."""
    at = 0
    for start, stop in stated(text):
        yield from _credentials(text, at, start)
        yield start, stop
        at = stop
    yield from _credentials(text, at, len(text))
    for commented in (_COMMENTED_MAILBOX, _COMMENTED_ROOM):
        if (entry := commented.match(text)) is not None:
            yield entry.span("value")


def in_line(text: str) -> Iterator[Span]:
    """Secrets in a line that is no option: where it begins with a secret's name, no sign need stand between."""
    if (found := _FIRST_WORD.match(text)) is not None:
        yield found.end(), _end(text, len(text))
    yield from in_prose(text)


def _credentials(text: str, start: int, stop: int) -> Iterator[Span]:
    if "@" not in text:
        return
    for found in _URI.finditer(text, start, stop):
        yield found.span("value")
    for found in _DIALLED.finditer(text, start, stop):
        scheme = _SCHEME.match(found[0])
        user = _USER.match(found[0], 0 if scheme is None else scheme.end())
        if user is not None and user.end() < len(found[0]) - 1:
            yield found.start() + user.end(), found.end() - 1


def _end(text: str, stop: int) -> int:
    return len(text[:stop].rstrip(BLANKS))
