"""An inventory of many files: what is included, tables of extensions, and the digest over all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from confgen.load import Loaded, load_inventory
from confgen.load.tables import BadTable, Cell, rows_of
from tests.load.products import KINDS

LEAST = (Path(__file__).parent / "accept" / "the-least.yaml").read_text(encoding="utf-8")


def loaded(folder: Path, **texts: str) -> Loaded:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml").replace("_csv", ".csv")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return load_inventory(folder / "inventory.yaml", kinds=KINDS)


def pbx(number: int) -> str:
    return (
        f"  pbx-{number}: {{kind: asterisk, address: 192.0.2.{number}, sip: {{domain: pbx-{number}.example.test}}}}\n"
    )


def test_what_is_included_counts_once_in_the_order_in_which_it_is_named(tmp_path: Path) -> None:
    answer = loaded(
        tmp_path,
        inventory_yaml=f"include: [b.yaml, a.yaml, b.yaml]\n{LEAST}",
        a_yaml=f"include: [below/c.yaml]\npbxs:\n{pbx(1)}",
        b_yaml=f"include: [a.yaml]\npbxs:\n{pbx(2)}",
        below__c_yaml=f"pbxs:\n{pbx(3)}",
    )

    assert answer.findings == ()
    assert [one.name for one in answer.inventory.pbxs] == ["hq", "pbx-2", "pbx-1", "pbx-3"]
    assert answer.inventory.pbxs[3].place.file == str(tmp_path / "below/c.yaml")


def test_an_inventory_is_another_one_where_any_of_its_files_is(tmp_path: Path) -> None:
    texts = {
        "inventory_yaml": f"include: [below/a.yaml]\n{LEAST}    extensions_from: {{csv: phones.csv}}\n",
        "below__a_yaml": f"pbxs:\n{pbx(1)}",
        "phones_csv": "number\n101\n",
    }
    digests = {loaded(tmp_path, **texts).inventory.digest}

    for name, text in texts.items():
        answer = loaded(tmp_path, **{**texts, name: f"{text}\n"})
        assert answer.findings == ()
        digests.add(answer.inventory.digest)

    assert len(digests) == 1 + len(texts)
    assert loaded(tmp_path, **texts).inventory.digest in digests


def test_files_that_include_one_another_without_end_are_not_followed(tmp_path: Path) -> None:
    for number in range(25):
        (tmp_path / f"{number}.yaml").write_text(f"include: [{number + 1}.yaml]\n", encoding="utf-8")

    answer = loaded(tmp_path, inventory_yaml=f"include: [0.yaml]\n{LEAST}")

    assert [finding.code for finding in answer.findings] == ["LOAD-17"]


def test_a_pattern_passes_over_hidden_files_and_the_file_in_which_it_stands(tmp_path: Path) -> None:
    answer = loaded(tmp_path, inventory_yaml=f'include: ["*.yaml"]\n{LEAST}', _hidden="", a_yaml=f"pbxs:\n{pbx(1)}")
    (tmp_path / ".b.yaml").write_text("pbxs: 1\n", encoding="utf-8")

    assert answer.findings == ()
    assert len(answer.inventory.pbxs) == 2


def test_what_cannot_be_a_file_is_told(tmp_path: Path) -> None:
    answer = loaded(tmp_path, inventory_yaml=f"include: [{'a' * 300}.yaml]\n{LEAST}")

    assert [finding.code for finding in answer.findings] == ["LOAD-16"]


def test_extensions_of_a_table_are_those_that_it_says(tmp_path: Path) -> None:
    table = (
        "number;name;secret_env;codecs;permit;contacts;outside_number\r\n"
        '0101;"Ann; ""A""";SECRET_{extension};ulaw alaw;192.0.2.0/24,198.51.100.7;2;+4930101\r\n'
        "110-111;;;;;;\r\n"
    ).replace('""A""', "A")
    answer = loaded(tmp_path, inventory_yaml=f"{LEAST}    extensions_from: {{csv: phones.csv}}\n", phones_csv=table)

    first, second, _ = answer.inventory.pbxs[0].extensions
    assert [finding.message for finding in answer.findings if finding.code != "LOAD-12"] == []
    assert (second.number, str(second.secret), second.contacts) == ("110", "file:hq-110", 1)
    assert first.number == "0101"
    assert str(first.secret) == "env:SECRET_0101"
    assert first.codecs == ("ulaw", "alaw")
    assert first.permit == ("192.0.2.0/24", "198.51.100.7")
    assert first.contacts == 2
    assert first.outside_number == "+4930101"
    assert str(first.place) == f"{tmp_path}/phones.csv:2:1"


def test_a_table_adds_nothing_to_another_pbx_that_repeats_the_extensions(tmp_path: Path) -> None:
    inventory = LEAST + (
        '    extensions: &common {"300": {}}\n'
        "    extensions_from: {csv: phones.csv}\n"
        "  branch: {kind: asterisk, address: 192.0.2.9, sip: {domain: b.example.test}, extensions: *common}\n"
    )

    answer = loaded(tmp_path, inventory_yaml=inventory, phones_csv="number\n101\n")

    assert answer.findings == ()
    assert [[one.number for one in pbx.extensions] for pbx in answer.inventory.pbxs] == [["300", "101"], ["300"]]


@pytest.mark.parametrize("heading", ["101,hunter2", "hunter2", "number,Password,hunter2", "Passwort hunter2,number"])
def test_nothing_of_a_table_that_may_be_a_secret_is_shown(heading: str, tmp_path: Path) -> None:
    inventory = f"{LEAST}    extensions_from: {{csv: phones.csv}}\n"

    answer = loaded(tmp_path, inventory_yaml=inventory, phones_csv=f"{heading}\n102,hunter2,hunter2\n")

    assert answer.findings
    assert not any("hunter2" in finding.message + finding.mend for finding in answer.findings)


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("{number: Kode}", ["hunter2"]),
        ("{number: Kode}", ["4711", "4711"]),  # twice
        ("{number: Kode}", ["4711-4710"]),
        ("{number: Kode}", ["4711-47110"]),
        ("{number: Kode}", ["4700-4711", "4711"]),
        ("{number: Kode, ring_seconds: Kode}", ["hunter2"]),
        *((f"{{number: Nr, {key}: Kode}}", ["hunter2"]) for key in ("ring_seconds", "contacts", "codecs", "permit")),
        *((f"{{number: Nr, {key}: Kode}}", ["hunter2"]) for key in ("media_encryption", "outside_number", "digest")),
        ("{number: Nr, permit: Kode}", ["4711"]),
        ("{number: Nr, permit: Kode}", ["192.0.2.300 192.0.2.300"]),
        ("{number: Nr, ring_seconds: Kode}", ["47110815"]),
    ],
)
def test_no_cell_is_shown_whichever_column_is_named(columns: str, cells: list[str], tmp_path: Path) -> None:
    inventory = f"{LEAST}    extensions_from: {{csv: phones.csv, columns: {columns}}}\n"
    table = "Nr,Kode\n" + "".join(f"{101 + at},{cell}\n" for at, cell in enumerate(cells))

    told = loaded(tmp_path, inventory_yaml=inventory, phones_csv=table).findings

    assert told
    assert not any(
        sign in finding.message + finding.mend for finding in told for sign in ("hunter2", "471", "192.0.2.300")
    )


@pytest.mark.parametrize(
    "settings",
    [
        "ring_groups: {all: {number: '700', extensions: ['4712']}}",  # the nearest number is the table's
        "blocked: ['4XXX']",
        "manage: [sip, media]",  # a context lacks
        "extension_defaults: {secret: !!x y}",
    ],
)
def test_no_number_of_a_table_is_shown_by_what_refers_to_it(settings: str, tmp_path: Path) -> None:
    inventory = f"{LEAST}    extensions_from: {{csv: phones.csv, columns: {{number: Kode}}}}\n    {settings}\n"

    told = loaded(tmp_path, inventory_yaml=inventory, phones_csv="Kode\n4711\n").findings

    assert told
    assert not any("4711" in finding.message + finding.mend for finding in told)


@pytest.mark.parametrize(
    "heading",
    [
        *("pw", "PW", "sip_pw", "Pass", "PIN", "Kennwort", "API key", "psk", "passcode"),
        *("sippass", "vmpwd", "VMPIN", "authpwd", "wlanpsk", "sip_vmpin"),
    ],
)
@pytest.mark.parametrize("columns", ["", ", columns: {number: number}"])
def test_a_column_of_secrets_is_refused_by_the_words_of_others_too(heading: str, columns: str, tmp_path: Path) -> None:
    inventory = f"{LEAST}    extensions_from: {{csv: phones.csv{columns}}}\n"

    answer = loaded(tmp_path, inventory_yaml=inventory, phones_csv=f"number,{heading}\n102,hunter2\n")

    assert [finding.code for finding in answer.findings] == ["LOAD-14"]


_WORDS = ("mapping", "shipping", "compass", "opinion", "passenger")


@pytest.mark.parametrize("heading", ["Passage", "Pinboard", "Keyboard", "Spin", "Bypass", *_WORDS])
def test_a_column_that_only_looks_like_one_of_secrets_is_passed_over(heading: str, tmp_path: Path) -> None:
    inventory = f"{LEAST}    extensions_from: {{csv: phones.csv, columns: {{number: number}}}}\n"

    assert loaded(tmp_path, inventory_yaml=inventory, phones_csv=f"number,{heading}\n102,x\n").findings == ()


def test_a_table_of_another_name_is_not_read(tmp_path: Path) -> None:
    answer = loaded(tmp_path, inventory_yaml=f"{LEAST}    extensions_from: {{csv: inventory.yaml}}\n")

    assert [finding.code for finding in answer.findings] == ["LOAD-12"]


def test_a_table_with_mistakes_without_end_tells_the_first_ones(tmp_path: Path) -> None:
    inventory = f"{LEAST}    extensions_from: {{csv: phones.csv}}\n"

    answer = loaded(tmp_path, inventory_yaml=inventory, phones_csv="number\n" + "101\n" * 100_000)

    assert len(answer.findings) == 1001
    assert {finding.code for finding in answer.findings} == {"REF-04", "LOAD-18"}


@pytest.mark.parametrize(
    ("text", "delimiter", "cells"),
    [
        ("a,b\n", None, [[("a", 1), ("b", 3)]]),
        ("a;b,c\n\n ; \n", None, [[("a", 1), ("b,c", 3)]]),
        ('"a,b";c', None, [[("a,b", 2), ("c", 7)]]),
        ("a\tb", None, [[("a", 1), ("b", 3)]]),
        ("sep=;\na,b;c\r\nd;e\rf;", None, [[("a,b", 1), ("c", 5)], [("d", 1), ("e", 3)], [("f", 1), ("", 3)]]),
        ("a;b", "|", [[("a;b", 1)]]),
        ('  a , "b ""c""" ,', ",", [[("a", 3), ('b "c"', 8), ("", 18)]]),
        ("a\u2028b\x0bc", ",", [[("a\u2028b\x0bc", 1)]]),
    ],
)
def test_a_table_is_divided_into_cells(text: str, delimiter: str | None, cells: list[list[tuple[str, int]]]) -> None:
    assert [row.cells for row in rows_of(text, delimiter)] == [[Cell(*cell) for cell in row] for row in cells]


@pytest.mark.parametrize(
    ("text", "place"), [('a\nb,"c\nd"', (2, 3)), ('a,b"c', (1, 4)), ('"a"b,c', (1, 1)), ('"', (1, 1))]
)
def test_a_line_that_cannot_be_divided_is_told_with_its_place(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(BadTable) as refused:
        list(rows_of(text, None))

    assert (refused.value.line, refused.value.column) == place
