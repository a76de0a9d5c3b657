"""How the live tests tell what a power cut could take, from what strace wrote."""

from __future__ import annotations

from tests.live.system_calls import Call, calls, moments

_WHOLE = """\
10 openat(AT_FDCWD</>, "/state/armed.new", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</state/armed.new>
10 write(1</state/armed.new>, "push 1\\n", 7 <unfinished ...>
11 write(2<pipe:[5]>, "x", 1) = 1
10 <... write resumed>)        = 7
12 openat(AT_FDCWD</>, "/state/armed.new", O_RDONLY|O_NONBLOCK) = 3</state/armed.new>
12 fsync(3</state/armed.new>)        = 0
13 renameat2(AT_FDCWD</>, "/state/armed.new", AT_FDCWD</>, "/state/armed", RENAME_NOREPLACE) = 0
14 fsync(3</state>)        = 0
15 unlink("/state/nothing") = -1 ENOENT (No such file or directory)
16 symlinkat("generations/2", AT_FDCWD</>, "/state/current.new") = 0
"""


def _lost_at_the_end(trace: str) -> frozenset[str]:
    return moments(calls(trace))[-1].lost("/state/armed")


def _without(line: str) -> str:
    return "".join(text for text in _WHOLE.splitlines(keepends=True) if line not in text)


def test_calls_are_read_in_the_order_in_which_they_ended_and_only_those_that_succeeded() -> None:
    assert list(calls(_WHOLE)) == [
        Call(name="make", path="/state/armed.new"),
        Call(name="write", path="/state/armed.new"),
        Call(name="write", path="/state/armed.new"),
        Call(name="sync", path="/state/armed.new"),
        Call(name="rename", source="/state/armed.new", path="/state/armed"),
        Call(name="sync", path="/state"),
        Call(name="make", path="/state/current.new"),
    ]


def test_what_was_synced_under_its_old_name_and_its_folder_after_it_is_not_lost() -> None:
    assert _lost_at_the_end(_WHOLE) == frozenset()
    assert moments(calls(_WHOLE))[-1].lost("/state") == {"/state/current.new"}


def test_without_either_sync_it_is_lost() -> None:
    assert _lost_at_the_end(_without("12 fsync")) == {"/state/armed"}
    assert _lost_at_the_end(_without("14 fsync")) == {"/state/armed"}


def test_what_lies_below_a_folder_moves_with_it() -> None:
    trace = '1 write(3</state/incoming/etc/a>, "x", 1) = 1\n2 rename("/state/incoming", "/state/generations/1") = 0\n'
    assert moments(calls(trace))[-1].contents == {"/state/generations/1/etc/a"}


def test_a_sync_of_the_file_system_keeps_all_that_was_written_before() -> None:
    trace = '1 write(3</state/a>, "x", 1) = 1\n1 syncfs(3</state>) = 0\n1 write(3</state/b>, "x", 1) = 1\n'
    assert moments(calls(trace))[-1].lost("/state") == {"/state/b"}
