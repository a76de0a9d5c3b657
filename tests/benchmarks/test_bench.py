"""A tool is believed when every file lies on every host, byte for byte, and nothing else does."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from benchmarks.bench import Bench
from benchmarks.hosts import SshAddress, SshHosts

NAMES = [f"document-{number}.conf" for number in range(1, 9)]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    hosts = tuple(
        SshAddress(
            address=f"127.1.0.{number}",
            port=1,
            user="somebody",
            client_key=tmp_path / "key",
            known_hosts=tmp_path / "known_hosts",
            folder=tmp_path / "hosts" / str(number),
        )
        for number in (1, 2)
    )
    made = Bench(cast("SshHosts", SimpleNamespace(folder=tmp_path, hosts=hosts)), tmp_path)
    for host in hosts:
        (host.folder / "tool").mkdir(parents=True)
        for name, content in made.contents.items():
            (host.folder / "tool" / name).write_bytes(content)
    return made


def last(bench: Bench, name: str = "document-8.conf") -> Path:
    return bench.ssh.hosts[-1].folder / "tool" / name


def test_eight_files_of_five_kilobytes_on_each_host(bench: Bench) -> None:
    assert sorted(bench.contents) == NAMES
    assert all(4_900 < len(content) < 5_600 for content in bench.contents.values())
    assert len(bench.standing("a tool", "tool")) == 16


def test_a_file_that_is_missing_or_one_too_many_is_no_success(bench: Bench) -> None:
    last(bench, "document-8.conf.new").touch()
    with pytest.raises(SystemExit, match=r"a tool left .*document-8\.conf\.new"):
        bench.standing("a tool", "tool")
    last(bench, "document-8.conf.new").rename(last(bench))
    last(bench, "document-1.conf").unlink()
    with pytest.raises(SystemExit, match="a tool left"):
        bench.standing("a tool", "tool")


def test_other_bytes_are_no_success_even_where_the_text_is_the_same(bench: Bench) -> None:
    last(bench).write_bytes(last(bench).read_bytes().replace(b"\n", b"\r\n"))

    with pytest.raises(SystemExit, match=r"a tool left .*document-8\.conf otherwise"):
        bench.standing("a tool", "tool")


def test_a_file_that_was_written_again_is_seen(bench: Bench) -> None:
    before = bench.standing("a tool", "tool")
    new = last(bench, "document-8.conf.new")
    new.write_bytes(last(bench).read_bytes())
    new.rename(last(bench))

    assert bench.standing("a tool", "tool") != before
