"""Bytes that nobody would write: no traceback, no hang, no memory without end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confgen.load import Loaded, Unreadable, load_inventory, yaml_tree
from tests.load.products import KINDS

HERE = Path(__file__).parent
LEAST = (HERE / "accept" / "the-least.yaml").read_text(encoding="utf-8")
SECONDS = 5  # of the processor, where each takes a fraction of one

in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example writes it anew


def outcome(content: bytes, folder: Path) -> Loaded | str:
    path = folder / "inventory.yaml"
    path.write_bytes(content)
    try:
        return load_inventory(path, kinds=KINDS)
    except Unreadable as unreadable:
        return str(unreadable)


def keys(count: int, *, of: str = "k") -> str:
    return ", ".join(f"{of}{number}: v" for number in range(count))


BOMBS = {
    "a billion laughs": LEAST
    + "x-0: &a0 {k: v}\n"
    + "".join(f"x-{n}: &a{n} {{{', '.join(f'k{k}: *a{n - 1}' for k in range(9))}}}\n" for n in range(1, 30)),
    "a billion laughs that are merged": LEAST
    + f"x-0: &a0 {{{keys(1000)}}}\n"
    + "".join(f"x-{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 99)}]}}\n" for n in range(1, 30)),
    "one mapping that is merged again and again": f"{LEAST}x-0: &a {{{keys(5000)}}}\nx-1: [{'{<<: *a}, ' * 1000}]\n",
    "lists in lists": "[" * 200_000,
    "mappings in mappings": "{a: " * 200_000,
    "blocks in blocks": "".join(f"{' ' * depth}a:\n" for depth in range(2000)),
    "a huge scalar": f"version: {'1' * 5_000_000}\n",
    "a huge key": f"{'a' * 5_000_000}: 1\n",
    "a huge anchor": f"x-0: &{'a' * 2_000_000} 1\n",
    "items that are compared with each other": f"{LEAST}    modules: [{', '.join(f'm{n}' for n in range(9000))}, m1]\n",
    "mappings that are compared": f"{LEAST}    modules: [{', '.join(f'{{a: {n}}}' for n in range(3000))}]\n",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_small_file_is_read_or_refused_in_no_time(bomb: str, tmp_path: Path) -> None:
    started = time.process_time()

    answer = outcome(BOMBS[bomb].encode(), tmp_path)

    assert isinstance(answer, str) or answer.findings
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize(
    "text",
    [
        f"a: [{'1, ' * 2000}]",
        f"a: {{<<: [{'1, ' * 2000}]}}",
        f"a: {{<<: [{'{a: 1}, ' * 2000}]}}",
        f"a: {{<<: {{{keys(2000)}}}}}",
        f"<<: [{'{<<: {a: 1}}, ' * 2000}]",
        f"a: !t [{'1, ' * 2000}]",
        f"a: 1\n---\n[{'1, ' * 2000}]",
    ],
    ids=lambda text: text[:16],
)
def test_more_keys_and_values_than_a_file_may_have_are_told(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_tree, "MAX_EVENTS", 1000)

    assert "LOAD-01 a file of an inventory has at most 1,000 keys and values; " in str(outcome(text.encode(), tmp_path))


def test_directives_that_libyaml_compares_with_each_other_are_not_left_to_it(tmp_path: Path) -> None:
    assert "more than 100 %TAG directives" in str(outcome(b"%TAG !a! tag:x:\n" * 101, tmp_path))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252"])
def test_another_encoding_is_told(encoding: str, tmp_path: Path) -> None:
    assert "LOAD-0" in str(outcome(f"# Büro\n{LEAST}".encode(encoding), tmp_path))


@pytest.mark.parametrize("written", [b"\xed\xa0\x80", b"\xff\xfe", b"\0", b"\x07", b"\xc3", b"\xf4\x90\x80\x80"])
def test_bytes_that_are_no_text_are_told(written: bytes, tmp_path: Path) -> None:
    assert "LOAD-0" in str(outcome(LEAST.encode() + b"# " + written + b"\n", tmp_path))


def test_lines_may_end_as_on_other_systems(tmp_path: Path) -> None:
    for end in ("\r\n", "\r"):
        answer = outcome(LEAST.replace("\n", end).encode(), tmp_path)

        assert not isinstance(answer, str)
        assert answer.findings == ()


edits = st.lists(
    st.tuples(
        st.integers(0, len(LEAST)),
        st.integers(0, 6),
        st.binary(max_size=6)
        | st.sampled_from(
            [
                b"<<: ",
                b"&a ",
                b"*a",
                b"!!int ",
                b"? ",
                b"- ",
                b": ",
                b"{",
                b"[",
                b"|",
                b">",
                b"\t",
                b"\r",
                b"%",
                b"---\n",
                b"'",
            ]
        ),
    ),
    min_size=1,
    max_size=4,
)


@in_one_folder
@given(edits=edits)
def test_a_good_inventory_with_arbitrary_edits(edits: list[tuple[int, int, bytes]], tmp_path: Path) -> None:
    content = LEAST.encode()
    for at, removed, added in edits:
        content = content[:at] + added + content[at + removed :]

    outcome(content, tmp_path)


cells = st.text(max_size=5) | st.sampled_from(
    ["number", "name", "Password", "101", "110-119", "0102", "alaw ulaw", "192.0.2.0/24", '"', '""', "2", "sep=;"]
)


@in_one_folder
@given(rows=st.lists(st.lists(cells, max_size=4), max_size=5), delimiter=st.sampled_from([",", ";", "\t", "|", "\r"]))
def test_arbitrary_tables(rows: list[list[str]], delimiter: str, tmp_path: Path) -> None:
    text = "\n".join(delimiter.join(row) for row in rows)
    (tmp_path / "phones.csv").write_bytes(text.encode("utf-8", "surrogatepass"))

    answer = outcome(f"{LEAST}    extensions_from: {{csv: phones.csv}}\n".encode(), tmp_path)

    assert not isinstance(answer, str)


@pytest.mark.full
def test_bytes_that_are_led_by_what_the_loader_does_with_them(tmp_path: Path) -> None:
    for number, case in enumerate(sorted(HERE.glob("*/**/*.yaml"))):
        (tmp_path / f"{number}.yaml").write_bytes(b"y" + case.read_bytes())
    for number, table in enumerate(sorted(HERE.glob("*/**/*.csv"))):
        (tmp_path / f"{number}.csv").write_bytes(b"t" + table.read_bytes())
    options = (
        "-max_total_time=45",
        "-timeout=10",
        "-rss_limit_mb=2048",
        "-max_len=8192",
        f"-artifact_prefix={tmp_path}/",
    )

    ended = subprocess.run(
        [sys.executable, "-m", "tests.load.fuzz", str(tmp_path), *options],
        cwd=HERE.parents[1],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 0, ended.stderr[-4000:]
