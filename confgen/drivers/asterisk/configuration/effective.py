"""Sections as Asterisk has them when all is read: includes followed, templates and additions worked in."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from confgen.drivers.asterisk.configuration.file import ConfigurationFile, read
from confgen.drivers.asterisk.configuration.includes import FOLDER, MOST_ALTERNATIVES, absolute, expanded, include
from confgen.drivers.asterisk.configuration.problem import Consequence, Problem
from confgen.drivers.asterisk.configuration.section import Option, Section
from confgen.drivers.asterisk.configuration.statement import Append, Directive, Fault, Header, Unread
from confgen.drivers.asterisk.configuration.words import BLANKS, folded, octets
from confgen.model.finding import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from confgen.drivers.asterisk.configuration.includes import Include
    from confgen.drivers.asterisk.configuration.statement import Statement

_DEEPEST_INCLUDE = 11  # with the file itself
_LONGEST_NAME = 79  # octets that Asterisk keeps of a section's name
# What is not one configuration but an attempt to keep us busy.
_MOST_REPEATED_LINES = 300_000  # that includes of includes may come to, beside those of the files themselves
_MOST_WORK = 5_000_000  # options and names that templates, additions and patterns may make us look at
# What is the same in POSIX's regular expressions and Python's, and cannot take long.
_PLAIN_EXPRESSION = re.compile(r"\^?[^\\()\[\]{}*+?|^$'\"]*\$?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """What Asterisk makes of a file and all that it includes.

    Where `is_refused`, Asterisk takes nothing of it, and the sections are those of the file without its faults.
    """

    sections: tuple[Section, ...]  # in Asterisk's order, without templates
    templates: tuple[Section, ...]
    problems: tuple[Problem, ...]
    files: tuple[str, ...]  # that were read, as the caller named them, each as often as Asterisk reads it

    @property
    def is_refused(self) -> bool:
        return any(problem.consequence is Consequence.REFUSED for problem in self.problems)

    @property
    def is_certain(self) -> bool:
        """Whether nothing stood there that only a running Asterisk can tell."""
        return all(problem.consequence is not Consequence.UNKNOWN for problem in self.problems)


def effective(files: Mapping[str, str], root: str, *, folder: str = FOLDER) -> Effective:
    """Expand `root`; `files` holds its text and those of all that it includes.

    Names are absolute or relative to Asterisk's configuration folder. A pattern means those of `files` that it
    matches: the caller gives what the host has for it.
    """
    reading = _Reading(
        files={absolute(name, folder): (name, text) for name, text in files.items()},
        folder=folder,
        lines_to_come=_MOST_REPEATED_LINES + sum(text.count("\n") + 1 for text in files.values()),
    )
    top = absolute(root, folder)
    if top not in reading.files:
        message = f"the file '{root}' is not there"
        return Effective(
            sections=(),
            templates=(),
            problems=(Problem(place=Place(root, 1, 1), message=message, consequence=Consequence.REFUSED),),
            files=(),
        )
    with suppress(_Abandoned):
        reading.read((top,))
    return reading.result()


@lru_cache(maxsize=4)  # what a change costs, makes weaker and differs in is asked of the same two texts
def parse(text: str, file: str = "") -> tuple[Section, ...]:
    """The sections of one file, in order, whatever it includes and whatever Asterisk would complain of."""
    reading = _Reading(files={file: (file, text)}, folder=FOLDER, follows=False)
    with suppress(_Abandoned):
        reading.read((file,))
    return reading.result().sections


@dataclass(slots=True, kw_only=True)
class _Category:
    """A section while it grows."""

    name: str
    place: Place
    is_template: bool = False
    options: list[Option] = field(default_factory=list)

    def section(self) -> Section:
        return Section(name=self.name, options=tuple(self.options), place=self.place)


class _CutShort(Exception):
    """Asterisk reads no further in this file."""


class _Abandoned(Exception):
    """Nothing is read any further here; a problem tells why."""


@dataclass(slots=True, kw_only=True)
class _Reading:
    """Asterisk's state while it reads one configuration."""

    files: Mapping[str, tuple[str, str]]  # by absolute path: the caller's name, the text
    folder: str
    follows: bool = True
    categories: list[_Category] = field(default_factory=list)
    by_name: dict[str, list[_Category]] = field(default_factory=dict)
    current: _Category | None = None  # to which an included file's first options belong
    level: int = 0
    opened: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    texts: dict[str, ConfigurationFile] = field(default_factory=dict)
    lines_to_come: int = 0
    work: int = 0

    def result(self) -> Effective:
        return Effective(
            sections=tuple(entry.section() for entry in self.categories if not entry.is_template),
            templates=tuple(entry.section() for entry in self.categories if entry.is_template),
            problems=tuple(self.problems),
            files=tuple(self.done),
        )

    def read(self, paths: Sequence[str]) -> None:
        """Read the files of one pattern as if they were one."""
        self.level += 1
        category = self.current
        said: ConfigurationFile | None = None
        for path in paths:
            said = self._file(path, said)
            self.opened.append(path)
            self.done.append(said.file)
            try:
                for statement in said.statements():
                    category = self._follow(statement, category)
            except _CutShort:
                self.opened.pop()
                return  # Asterisk forgets to go back a level here
            self.opened.pop()
            if said.open_since is not None:
                fault = "a comment is never closed" if said.depth > 0 else "--; closes nothing"
                self._note(said.open_since, f"{fault}: what follows is a comment", Consequence.PASSED_OVER)
        self.level -= 1

    def _file(self, path: str, after: ConfigurationFile | None) -> ConfigurationFile:
        name, text = self.files[path]
        if after is not None:
            return read(text, name, after=after)
        if path not in self.texts:
            self.texts[path] = read(text, name)
        return self.texts[path]

    def _follow(self, statement: Statement, category: _Category | None) -> _Category | None:
        """Follow one statement; returns the section that the next line belongs to."""
        match statement:
            case Option() if category is not None:
                category.options.append(statement)
            case Append() if category is not None:
                self._append(category.options, statement)
            case Option(name=name, place=place) | Append(name=name, place=place):
                self._stop(place, f"'{name}' stands before the first section")
            case Header():
                return self._begin(statement)
            case Directive():
                if self.follows:
                    self._direct(statement)
            case Unread():
                self._leave_out(statement, category)
        return category

    def _leave_out(self, line: Unread, category: _Category | None) -> None:
        match line.fault:
            case Fault.ENDLESS:
                self._abandon(line.place, line.message, Consequence.REFUSED)
            case Fault.FATAL:
                self._stop(line.place, line.message)
            case Fault.NO_OPTION if category is None:
                self._stop(line.place, f"{line.message}, before the first section")
            case Fault.NO_OPTION | Fault.SKIPPED:
                self._note(line.place, line.message, Consequence.PASSED_OVER)

    def _begin(self, header: Header) -> _Category:
        """Begin a section, or go on with an earlier one."""
        category = _Category(name=_shortened(header.name), place=header.place)
        is_new = True
        for mark in header.marks:
            if mark == "!":
                category.is_template = True
            elif mark.startswith("+"):
                earlier = self._earlier(header, mark[1:])
                if earlier is None:
                    message = f"nothing of the name '{header.name}' stands before it that could be added to"
                    self._stop(header.place, message)
                elif is_new:
                    earlier.is_template |= category.is_template
                    earlier.options += category.options
                    category, is_new = earlier, False
                    self.current = earlier
                else:
                    category = earlier
            else:
                self._inherit(header, mark, category)
        if is_new:
            self.categories.append(category)
            self.by_name.setdefault(folded(category.name), []).append(category)
            self.current = category
        return category

    def _inherit(self, header: Header, mark: str, category: _Category) -> None:
        base = next(iter(self._named(mark)), None)
        if base is None:
            self._stop(header.place, f"section '{header.name}' inherits from '{mark}', which does not stand before it")
            return
        if base is category and base.options:
            message = f"section '{header.name}' is added to itself: Asterisk would never come to an end"
            self._abandon(header.place, message, Consequence.REFUSED)
        self._work(header.place, len(base.options))
        category.options += base.options

    def _named(self, name: str) -> Sequence[_Category]:
        """Asterisk takes an empty name for any."""
        return self.by_name.get(folded(name), ()) if name else self.categories

    def _earlier(self, header: Header, condition: str) -> _Category | None:
        """The first section of the header's name that meets the condition of its `+`: by default no template."""
        conditions = []
        for part in condition.split("&") if condition else ():
            name, *values = (word.strip(BLANKS) for word in part.split("="))
            if not values:
                return None
            conditions.append((name, values[0]))
        plain = [pair for pair in conditions if pair[0] != "TEMPLATES"]
        if not all(_PLAIN_EXPRESSION.fullmatch(word) for pair in plain for word in pair):
            message = f"the condition '{condition}' of section '{header.name}' is not understood here"
            self._note(header.place, message, Consequence.UNKNOWN)
            return None
        expressions = [(re.compile(name), re.compile(value)) for name, value in plain]
        wanted = {folded(value) for name, value in conditions if name == "TEMPLATES"}
        if wanted - {"include", "restrict"}:
            return None
        for category in self._named(header.name):
            self._work(header.place, 1 + 10 * len(expressions) * len(category.options))
            if category.is_template and not wanted:
                continue
            if not category.is_template and "restrict" in wanted:
                continue
            if all(
                any(name.search(option.name) and value.search(option.value) for option in category.options)
                for name, value in expressions
            ):
                return category
        return None

    def _append(self, options: list[Option], addition: Append) -> None:
        """`+=` joins the last value of that very name, and puts it in place of the first that looks the same."""
        name, value = addition.name, addition.value.strip(BLANKS)
        last = next((option for option in reversed(options) if option.name == name), None)
        if last is None:
            options.append(Option(name=name, value=value, place=addition.place))
            return
        same = [
            position
            for position, option in enumerate(options)
            if folded(option.name) == folded(name) and (not last.value or folded(option.value) == folded(last.value))
        ]
        if len(same) > 1:  # as in all up to 22.10; later ones take the last
            message = f"several '{name}' look the same: which of them += means differs from version to version"
            self._note(addition.place, message, Consequence.UNKNOWN)
        self._work(addition.place, len(options) + len(last.value) // 100)
        joined = (last.value + addition.value).strip(BLANKS)
        options[same[0]] = Option(name=name, value=joined, place=addition.place)

    def _direct(self, directive: Directive) -> None:
        place, word = directive.place, directive.word
        if word == "exec":
            message = "#exec runs a program where asterisk.conf allows it; what it prints is not known"
            self._note(place, message, Consequence.UNKNOWN)
        elif word not in {"include", "tryinclude"}:
            self._note(place, f"there is no directive '#{word}'", Consequence.PASSED_OVER)
        elif (wanted := include(directive)) is None:
            self._note(place, f"#{word} names no file", Consequence.PASSED_OVER)
        else:
            self._include(wanted)

    def _include(self, wanted: Include) -> None:
        if wanted.is_pattern:
            self._work(wanted.place, 2 * len(self.files) * (MOST_ALTERNATIVES if "{" in wanted.name else 1))
        paths = expanded(wanted.path(self.folder), self.files)
        if paths is None:
            message = f"the pattern '{wanted.name}' has too many alternatives"
            self._note(wanted.place, message, Consequence.UNKNOWN)
        elif cycle := next((path for path in paths if path in self.opened), None):
            message = f"'{self.files[cycle][0]}' includes itself"
            self._note(wanted.place, message, Consequence.UNKNOWN)
        elif self.level == _DEEPEST_INCLUDE and wanted.is_required:
            self._stop(wanted.place, f"the file '{wanted.name}' is included too deep")
        elif self.level == _DEEPEST_INCLUDE:
            self._note(wanted.place, f"the file '{wanted.name}' is included too deep", Consequence.PASSED_OVER)
        elif paths:
            self.lines_to_come -= sum(self.files[path][1].count("\n") + 1 for path in paths)
            if self.lines_to_come < 0:
                self._abandon(wanted.place, "includes come to too many lines", Consequence.UNKNOWN)
            self.read(paths)
        elif wanted.is_required:
            self._stop(wanted.place, f"the file '{wanted.name}' is not there")

    def _stop(self, place: Place | None, message: str) -> None:
        """What Asterisk reads no further at: in an included file it goes on with the one that includes it."""
        if len(self.opened) > 1:
            self._note(place, message, Consequence.FILE_CUT)
            raise _CutShort
        self._note(place, message, Consequence.REFUSED)

    def _work(self, place: Place, amount: int) -> None:
        self.work += amount
        if self.work > _MOST_WORK:
            message = "templates, additions and patterns come to more than can be worked in"
            self._abandon(place, message, Consequence.UNKNOWN)

    def _abandon(self, place: Place, message: str, consequence: Consequence) -> NoReturn:
        self._note(place, message, consequence)
        raise _Abandoned

    def _note(self, place: Place | None, message: str, consequence: Consequence) -> None:
        assert place is not None  # noqa: S101  whatever was read has one
        self.problems.append(Problem(place=place, message=message, consequence=consequence))


def _shortened(name: str) -> str:
    if len(name) <= _LONGEST_NAME and name.isascii():
        return name
    return octets(name)[:_LONGEST_NAME].decode("utf-8", "surrogateescape")
