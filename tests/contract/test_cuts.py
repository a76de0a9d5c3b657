"""How the live tests tell at which of its steps a program has to be killed, from what strace wrote."""

from __future__ import annotations

from tests.live.cuts import cuts

_READING = """\
10 vfork( <unfinished ...>
11 openat(AT_FDCWD</>, "/state/a", O_RDONLY) = 3</state/a>
10 <... vfork resumed>) = 11
"""


def test_what_only_starts_and_reads_is_cut_once() -> None:
    assert cuts(_READING * 4) == [1]


def test_after_each_change_of_the_disk_there_is_a_cut() -> None:
    changes = (
        '11 openat(AT_FDCWD</>, "/state/a", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</state/a>\n',
        '11 renameat2(AT_FDCWD</>, "/state/a", AT_FDCWD</>, "/state/b", 0) = 0\n',
        '11 unlink("/state/a") = 0\n',
        '11 chmod("/state/a", 0600) = 0\n',
        '11 unlinkat(AT_FDCWD</>, "/state/a" <unfinished ...>\n11 <... unlinkat resumed>, 0) = 0\n',
        '11 execve("/usr/bin/systemctl", ["systemctl", "stop", "asterisk"], 0x55 /* 20 vars */) = 0\n',
    )
    for change in changes:
        assert cuts(_READING * 2 + change + _READING * 2) == [1, 3], change


def test_what_changes_nothing_is_no_reason_for_a_cut() -> None:
    nothing = (
        '11 openat(AT_FDCWD</>, "/dev/null", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</dev/null<char 1:3>>\n',
        '11 write(1<pipe:[5]>, "x", 1) = 1\n',
        '11 unlink("/state/a") = -1 ENOENT (No such file or directory)\n',
        "11 fsync(3</state/a>) = 0\n",
        '11 execve("/usr/bin/cat", ["cat", "/state/a"], 0x55 /* 20 vars */) = 0\n',
    )
    for line in nothing:
        assert cuts(_READING * 2 + line + _READING * 2) == [1], line


def test_a_process_that_another_one_waits_for_is_cut_at_each_of_its_own() -> None:
    waited_for, main = "11 vfork() = 12\n" * 4, "10 vfork() = 13\n" * 7
    assert cuts("10 clone(child_stack=NULL) = 11\n" + waited_for + main) == [1, 2, 3, 4, 5]


def test_each_way_to_start_a_process_is_counted_by_itself() -> None:
    change = '11 unlink("/state/a") = 0\n'
    assert cuts("10 clone(child_stack=NULL) = 11\n" + change + "10 vfork() = 12\n" + change + "10 vfork() = 13\n") == [
        1,
        2,
    ]
