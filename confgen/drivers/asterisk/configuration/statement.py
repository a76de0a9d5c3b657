"""One line without its comments, read as Asterisk reads it: a header, an option, an addition to one, a directive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from confgen.drivers.asterisk.configuration.section import Option
from confgen.drivers.asterisk.configuration.words import BLANKS
from confgen.model.finding import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """`[name](marks)`: what begins a section, a template, or adds to one; nothing is trimmed in it."""

    place: Place
    name: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """`name += value`: what is put behind the last value of that name, with the blanks before it."""

    place: Place
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """`#word argument`: the word in small letters, the argument, if any, without its quotes."""

    place: Place
    word: str
    argument: str | None


class Fault(Enum):
    """What Asterisk does about a line that it does not understand."""

    SKIPPED = "skipped"
    NO_OPTION = "no option"  # skipped in a section; before the first one it ends the file, as an option there does
    FATAL = "fatal"  # ends the file
    ENDLESS = "endless"  # Asterisk reads it for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A line that Asterisk does not understand."""

    place: Place
    message: str
    fault: Fault


Statement = Header | Option | Append | Directive | Unread

_WORD_END = re.compile(r"[^!-\x7f]")
_QUOTES = {'"': '"', "<": ">"}


def statement(text: str, place: Place) -> Statement:
    """The statement of a line that is trimmed and not empty."""
    match text[0]:
        case "[":
            return _header(text, place)
        case "#":
            return _directive(text, place)
        case _:
            return _option(text, place)


def _header(text: str, place: Place) -> Statement:
    name, bracket, rest = text[1:].partition("]")
    if not bracket:
        return Unread(place=place, message="a section's name has no closing ]", fault=Fault.FATAL)
    if not rest.startswith("("):  # not even a blank may stand between; whatever does, is nothing
        return Header(place=place, name=name, marks=())
    marks, parenthesis, _ = rest[1:].partition(")")
    if not parenthesis:
        return Unread(place=place, message=f"the marks of section '{name}' have no closing )", fault=Fault.FATAL)
    return Header(place=place, name=name, marks=tuple(marks.split(",")))


def _directive(text: str, place: Place) -> Statement:
    end = _WORD_END.search(text)
    word = (text if end is None else text[: end.start()])[1:].lower()
    argument = None if end is None else text[end.start() :].strip(BLANKS)
    if argument and _QUOTES.get(argument[0]) == argument[-1]:
        argument = argument[1:-1]
    return Directive(place=place, word=word, argument=argument)


def _option(text: str, place: Place) -> Statement:
    is_escaped = text[0] == "\\"
    if is_escaped:  # the sign after it stands for itself, whatever it is
        text = text[1:]
        if not "!" <= text[:1] <= "\x7f":
            return Unread(place=place, message="nothing to escape follows the \\", fault=Fault.FATAL)
    at = text.find("=", is_escaped)
    if at < 0:
        return Unread(place=place, message="neither a section nor an option: there is no =", fault=Fault.NO_OPTION)
    if at > is_escaped and text[at - 1] == "+":
        name, value = text[: at - 1], text[at + 1 :]
    else:
        name, value = text[:at], text[at + 1 :].removeprefix(">")
    name = name.strip(BLANKS)
    if not name:
        return Unread(place=place, message="an option has no name", fault=Fault.NO_OPTION)
    if at > is_escaped and text[at - 1] == "+":
        return Append(place=place, name=name, value=value)
    return Option(name=name, value=value.strip(BLANKS), place=place)
