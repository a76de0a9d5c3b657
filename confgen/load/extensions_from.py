"""Extensions that a table holds, laid into the PBX that names it, as though they were written there."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from confgen.load.confidential import sounds_confidential
from confgen.load.faults import fault, write_nearest
from confgen.load.includes import unreachable
from confgen.load.schema import inventory_schema
from confgen.load.tables import BadTable, Cell, rows_of
from confgen.load.unreadable import Unreadable
from confgen.load.wording import as_seen_from, extension_at, shown
from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, place_of
from confgen.model.finding import Finding, Place
from confgen.model.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from confgen.load.sources import Sources

MOST_COLUMNS = 500
MOST_FINDINGS = 1000  # of one table; who has so many has one mistake

_SECRETS = {"secret_env": "env", "secret_file": "file"}
_TABLE = re.compile(r"(?!/)(?!.*\*\*)[^\x00-\x1f\x7f]{1,4092}\.[Cc][Ss][Vv]")  # as in the schema
_HEADING = re.compile(r"[^\W\d_][^\W\d]*(?:[ ./-]+[^\W\d]+)*[.]?")  # that may be shown
_ITEM = re.compile(r"[^\s,;]+")  # of a list
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")


def lay_in_tables(root: object, folder: Path, sources: Sources) -> Iterator[Finding]:
    """Read the table of each PBX in a tree whose file lies in `folder`; what is wrong with it is a finding."""
    pbxs = root.get("pbxs") if isinstance(root, YamlMapping) else None
    if not isinstance(pbxs, YamlMapping):
        return
    for name, pbx in {id(pbx): (name, pbx) for name, pbx in pbxs.items()}.values():  # an alias is the same PBX again
        written = pbx.get("extensions_from") if isinstance(pbx, YamlMapping) else None
        if isinstance(written, YamlMapping) and _is_table(written.get("csv")):
            table = _Table(name, pbx, folder / written["csv"])
            table.lay_in(written, sources)
            yield from table.findings


def _is_table(path: object) -> bool:
    """Whether the schema accepts this; by the end of its name others know that no line of it is to be quoted."""
    return isinstance(path, str) and _TABLE.fullmatch(path) is not None


class _Table:
    """The table of one PBX while it is read."""

    def __init__(self, pbx_name: str, pbx: YamlMapping, path: Path) -> None:
        self._pbx_name = pbx_name
        self._pbx = pbx
        self._path = path
        self._file = str(path)
        self.findings: list[Finding] = []

    def lay_in(self, written: YamlMapping, sources: Sources) -> None:
        """Add what the table holds to the PBX's extensions."""
        if (found := unreachable(self._path, sources.reach)) is not None:
            place = place_of(written.value_mark("csv"))
            self._refuse(found.code, f"the table {self._file} {found.wrong}", found.mend, place)
            return
        delimiter, columns = written.get("delimiter"), written.get("columns")
        try:
            text = sources.read(self._path).content.decode()
            rows = rows_of(text, delimiter if delimiter in (";", ",", "\t", "|") else None)
            self._lay_in(rows, columns if isinstance(columns, YamlMapping) else None)
        except Unreadable as unreadable:
            mend = "save it as CSV in UTF-8, which spreadsheet programs have among their formats"
            place = unreadable.finding.place or Place(self._file, 1, 1)
            self._refuse("LOAD-18", unreadable.finding.message, mend, place)
        except BadTable as bad:
            self._refuse("LOAD-18", bad.wrong, bad.mend, Place(self._file, bad.line, bad.column))

    def _lay_in(self, rows: Iterator[tuple[int, list[Cell]]], columns: YamlMapping | None) -> None:
        line, heading = next(rows, (1, []))
        if not 0 < len(heading) <= MOST_COLUMNS:
            wrong = f"the heading has {len(heading)} columns"
            mend = f"give it one to {MOST_COLUMNS}"
            self._refuse("LOAD-18", wrong, mend, Place(self._file, line, 1))
            return
        where = self._where(line, heading) if columns is None else self._where_named(line, heading, columns)
        if where is None:
            return
        extensions = self._so_far()
        at_number = where.pop("number")
        for line, cells in rows:
            if len(cells) < len(heading) or any(cell.text for cell in cells[len(heading) :]):
                wrong = f"this line has {count(len(cells), 'cell')}, and the heading has {len(heading)}"
                mend = f"give it {len(heading)}; a cell that holds the delimiter stands in quotes"
                self._refuse("LOAD-18", wrong, mend, Place(self._file, line, 1))
            elif not cells[at_number].text:
                mend = "write the extension's number there, or remove the line"
                self._refuse(
                    "LOAD-18", "this line has no number", mend, Place(self._file, line, cells[at_number].column)
                )
            else:
                self._add(extensions, line, cells, at_number, where)
            if len(self.findings) >= MOST_FINDINGS:
                wrong = f"here {MOST_FINDINGS:,} mistakes were found, and the rest is not read"
                self._refuse("LOAD-18", wrong, "mend those first", Place(self._file, line, 1))
                return

    def _add(
        self, extensions: YamlMapping, line: int, cells: Sequence[Cell], at_number: int, where: Mapping[str, int]
    ) -> None:
        number, column = cells[at_number]
        mark = self._mark(line, column)
        if number in extensions:
            if number.replace("-", "").isdecimal():  # else it is a mistake where it stands first, and may be anything
                also = as_seen_from(place_of(mark), place_of(extensions.key_mark(number)))
                mend = "remove it from one of the two, or choose another number"
                what = extension_at(place_of(mark), number)
                self._report("REF-04", f"{what} stands twice: also {also}", mend, place_of(mark))
            return
        extension = YamlMapping()
        for key, at in where.items():
            text, column = cells[at]
            if text:
                _put(extension, key, text, self._mark(line, column))
        extensions.put(number, extension, mark, mark)

    def _so_far(self) -> YamlMapping:
        """The PBX's extensions, as a mapping of its own: what is written may be that of another PBX too."""
        pbx = self._pbx
        own = YamlMapping()
        written = pbx.get("extensions")
        if written is None:
            mark = pbx.key_mark("extensions_from")
            pbx.put("extensions", own, mark, mark)
        elif isinstance(written, YamlMapping):
            own.lay_under(written)
            pbx["extensions"] = own
        return own

    def _where_named(self, line: int, heading: Sequence[Cell], columns: YamlMapping) -> dict[str, int] | None:
        """Where each setting stands, as the inventory names the columns."""
        known = [cell.text for cell in heading]
        where: dict[str, int] = {}
        for key, name in columns.items():
            if not isinstance(name, str) or key not in columns_known():
                continue
            if known.count(name) == 1:
                where[key] = known.index(name)
                continue
            lack = "no column of this name" if name not in known else "more than one column of this name"
            wrong = f"the table {self._file} has {lack}"
            mend = "write a heading as it stands, once, in the first line of the table"
            self._refuse("LOAD-18", wrong, mend, place_of(columns.value_mark(key)))
        return where if self._has_no_secrets(line, heading, where) and "number" in where else None

    def _where(self, line: int, heading: Sequence[Cell]) -> dict[str, int] | None:
        """Where each setting stands, as the heading says; every column must be known."""
        names = [text.casefold().replace(" ", "_").replace("-", "_") for text, _ in heading]
        if "number" not in names:  # then it may be no heading at all, and is not shown
            mend = "write a first line with the names of the columns, or name them in `columns`"
            self._refuse("LOAD-18", "the first line names no column `number`", mend, Place(self._file, line, 1))
            return None
        where: dict[str, int] = {}
        is_good = True
        for at, (text, column) in enumerate(heading):
            key, place = names[at], Place(self._file, line, column)
            if key in where:
                self._refuse("LOAD-18", f"{_named(text)} stands twice", "remove one of the two", place)
                is_good = False
            elif key in columns_known():
                where[key] = at
            elif not sounds_confidential(text):
                mend = write_nearest(key, columns_known(), f"write one of {', '.join(columns_known())}")
                mend += ", or name the columns that are to be read in `columns`"
                self._refuse("LOAD-18", f"{_named(text)} is not known", mend, place)
                is_good = False
        return where if self._has_no_secrets(line, heading, where) and is_good else None

    def _has_no_secrets(self, line: int, heading: Sequence[Cell], where: Mapping[str, int]) -> bool:
        """Whether no column is one of passwords, be it read or not."""
        referring = {at for key, at in where.items() if key in _SECRETS}
        plain = [cell for at, cell in enumerate(heading) if at not in referring and sounds_confidential(cell.text)]
        for text, column in plain:
            self._refuse(
                "LOAD-14",
                f"{_named(text)} is one of secrets in plain text, and an inventory holds references only",
                'take it out of the table, move the secrets to where {env: "NAME_{extension}"} or {file: …} in '
                "`extension_defaults` finds them, and change those that others could read",
                Place(self._file, line, column),
            )
        return not plain

    def _mark(self, line: int, column: int) -> yaml.Mark:
        return yaml.Mark(self._file, 0, line - 1, column - 1, None, 0)

    def _refuse(self, code: str, wrong: str, mend: str, place: Place) -> None:
        """Report what makes the extensions incomplete, so that nobody is told that one of them is not there."""
        self._report(code, wrong, mend, place)
        mark = self._pbx.key_mark("extensions_from")
        self._pbx.put("extensions_from", REFUSED, mark, mark)

    def _report(self, code: str, wrong: str, mend: str, place: Place) -> None:
        self.findings.append(fault(code, wrong, mend, place, self._pbx_name))


def _named(heading: str) -> str:
    """A column in a sentence; a heading with digits may be a line of the table."""
    return f"the column {shown(heading)}" if _HEADING.fullmatch(heading) else "this column"


def _put(extension: YamlMapping, key: str, text: str, mark: yaml.Mark) -> None:
    """Set what a cell says, as it would be written in YAML."""
    if key in _SECRETS:
        reference = YamlMapping()
        reference.put(_SECRETS[key], text, mark, mark)
        if "secret" not in extension:
            extension.put("secret", reference, mark, mark)
        else:  # two references in one, which the schema refuses
            extension["secret"].put(_SECRETS[key], text, mark, mark)
        return
    kind = columns_known()[key]
    value: Any = text
    if kind == "array":
        value = YamlSequence()
        for item in _ITEM.finditer(text):
            value.append(item[0])
            value.marks.append(yaml.Mark(mark.name, 0, mark.line, mark.column + item.start(), None, 0))
    elif kind == "integer" and _INTEGER.fullmatch(text):
        value = int(text)
    extension.put(key, value, mark, mark)


@lru_cache(maxsize=1)
def columns_known() -> Mapping[str, str]:
    """The columns that a table may have, with the type of what they hold."""
    pbx = inventory_schema()["properties"]["pbxs"]["additionalProperties"]["allOf"][0]["then"]["properties"]
    settings = pbx["extensions"]["additionalProperties"]["properties"]
    named = pbx["extensions_from"]["properties"]["columns"]["properties"]
    return {key: settings.get(key, {}).get("type", "string") for key in named}
