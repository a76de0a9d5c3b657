"""The host's script alone, on a real host: cut off in the middle, called by two at once, watched by Asterisk's user."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

import pytest

from confgen.drivers.asterisk import script
from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.root_folder import Root
from tests.live.reached import INSTALLED

_SPECS = (
    HostSpec(name="new", domain="new.example.test"),
    HostSpec(name="aged", domain="aged.example.test", root=Root.ASTERISK_16),
)
_PHONES = "; confgen's {}\n"
_MEDIA = "[general]\nrtpstart = 20000\nrtpend = 20100\n"
_BOTH, _WITHOUT_MEDIA = ("pjsip.conf", "rtp.conf", "users.conf"), ("pjsip.conf", "users.conf")
_LISTING = """cd /etc/asterisk
find . -printf '%y %m %U %G %p %l\\n' | sort
find . -type f -exec sha256sum {} + | sort -k2"""


# Each verb is cut off at one in six of its steps; in the full run at every one of them.
_STRIDE = 6
_FIRST = pytest.mark.parametrize("first", [8, *(pytest.param(step, marks=pytest.mark.full) for step in range(9, 14))])


class Hands:
    """The script of a host, called as the operator's program calls it."""

    def __init__(self, host: Host) -> None:
        self.host = host
        host.write(INSTALLED, script.text(), mode=0o755)

    def tell(self, *words: str, stdin: bytes = b"", before: Sequence[str] = ()) -> tuple[int, str]:
        """How a verb ended, and its answer."""
        ran = self.host.run([*before, INSTALLED, *words], stdin=stdin)
        return ran.returncode, ran.stdout.decode()

    def done(self, *words: str, stdin: bytes = b"") -> str:
        code, told = self.tell(*words, stdin=stdin)
        assert code == 0, (words, told)
        return told.strip()

    def stage(self, mark: str, names: Sequence[str] = _BOTH) -> str:
        texts: Mapping[str, str] = {"pjsip.conf": _PHONES.format(mark), "rtp.conf": _MEDIA}
        members = [(f"etc/{name}", texts[name]) for name in names if name in texts]
        return self.done("stage", *names, stdin=script.pack(members))

    def push(self, mark: str, names: Sequence[str] = _BOTH) -> None:
        """All of a push but the restart of Asterisk."""
        _, generation, previous = self.stage(mark, names).split()
        self.done("switch", generation, previous)
        self.done("confirm", generation)

    def give_back(self) -> None:
        previous = self.done("stage_kept", "0").split()[2]
        self.done("switch", "0", previous)
        self.done("confirm", "0")
        self.done("release")

    def observed(self, word: str) -> list[str]:
        answer = script.lines(self.done("observe", *_BOTH).encode())
        return [rest for found, rest in answer if found == word]

    def cut_off(self, first: int, *words: str) -> Iterator[int]:
        """The verb, killed at its first step, then at later ones, until it comes to its end; looked at each time.

        The kernel kills whatever starts the next process.
        """
        for step in range(first, 200, _STRIDE):
            kill = f"inject=clone,fork,vfork:signal=KILL:when={step}"
            code, _ = self.tell(*words, before=["strace", "-f", "-o", "/dev/null", "-e", kill])
            yield step
            if code == 0:
                return
        pytest.fail(f"{words} does not come to its end")


@pytest.fixture(scope="module")
def lab() -> Iterator[Instance]:
    with Instance(f"script-{os.getpid()}", _SPECS) as instance:
        yield instance


@pytest.fixture(params=["new", pytest.param("aged", marks=pytest.mark.full)], ids=["22", "16"])
def hands(lab: Instance, request: pytest.FixtureRequest) -> Iterator[Hands]:
    host = lab.hosts[request.param]
    yield Hands(host)
    host.reset()


def listing(host: Host) -> str:
    return host.run(["sh", "-c", _LISTING], check=True).stdout.decode()


def test_an_undo_to_a_generation_that_was_changed_by_hand_leaves_it_the_one_to_go_back_to(hands: Hands) -> None:
    hands.push("first")
    hands.host.run(["sh", "-c", "echo '; mine' >> /etc/asterisk/rtp.conf"], check=True)
    assert hands.stage("second") == "staged 2 1"
    hands.done("switch", "2", "1")
    hands.done("undo", "2", "1")
    hands.done("activate", "restart")

    assert hands.host.read("/etc/asterisk/rtp.conf") == _MEDIA.encode()
    assert hands.observed("confirmed") == ["yes"]
    assert hands.stage("third").split()[2] == "1"  # and not 0, which is what was there in clear before confgen


def test_after_a_rollback_a_push_that_is_cut_off_goes_back_to_where_it_began(hands: Hands) -> None:
    for mark in ("first", "second"):
        hands.push(mark)
    assert hands.done("stage_kept", "1") == "staged 1 2"
    hands.done("switch", "1", "2")
    cut_off_rollback = hands.observed("confirmed")
    hands.done("confirm", "1")
    confirmed = hands.observed("confirmed")
    assert hands.stage("third") == "staged 3 1"
    hands.done("switch", "3", "1")

    assert cut_off_rollback == ["no"]  # Asterisk was not restarted, and may run generation 2
    assert confirmed == ["yes"]
    assert hands.observed("confirmed") == ["no"]
    assert hands.stage("fourth") == "staged 4 1"


def test_an_undo_is_at_its_end_when_asterisk_runs_again_what_it_ran(hands: Hands) -> None:
    hands.push("first")
    hands.stage("second")
    hands.done("switch", "2", "1")
    hands.done("undo", "2", "1")
    before = hands.observed("confirmed")
    hands.done("activate", "restart")

    assert (before, hands.observed("confirmed")) == (["no"], ["yes"])


@_FIRST
@pytest.mark.parametrize(
    "names", [pytest.param(_BOTH, marks=pytest.mark.full), _WITHOUT_MEDIA], ids=["managed", "released"]
)
def test_an_undo_that_is_cut_off_finds_all_it_needs_the_next_time(
    hands: Hands, names: Sequence[str], first: int
) -> None:
    before = listing(hands.host)
    hands.push("first")
    pushed = listing(hands.host)
    hands.stage("second", names)
    hands.done("switch", "2", "1")
    altered = "/etc/confgen/asterisk/generations/1/etc/rtp.conf"
    for _ in hands.cut_off(first, "undo", "2", "1"):
        for name in ("pjsip.conf", "rtp.conf"):
            assert hands.host.read(f"/etc/asterisk/{name}")
        hands.done("undo", "2", "1")
        hands.done("discard", "2")
        assert listing(hands.host) == pushed
        assert hands.stage("second", names) == "staged 2 1"
        hands.done("switch", "2", "1")
        hands.host.run(["sh", "-c", f"echo '; mine' >> {altered}"], check=True)
    hands.done("undo", "2", "1")
    hands.give_back()

    assert listing(hands.host) == before


@_FIRST
def test_a_confirm_that_is_cut_off_is_not_at_its_end_and_the_next_push_ends_it(hands: Hands, first: int) -> None:
    before = listing(hands.host)
    hands.push("first")
    shrunk = [row for row in before.splitlines() if "rtp.conf" in row]
    generation, previous = hands.stage("second", _WITHOUT_MEDIA).split()[1:]
    hands.done("switch", generation, previous)
    for _ in hands.cut_off(first, "confirm", generation):
        if hands.observed("confirmed") == ["yes"]:
            assert [row for row in listing(hands.host).splitlines() if "rtp.conf" in row] == shrunk
    hands.give_back()

    assert listing(hands.host) == before


@_FIRST
def test_what_was_there_is_given_back_by_a_second_try_where_the_first_was_cut_off(hands: Hands, first: int) -> None:
    before = listing(hands.host)
    hands.stage("first")
    hands.done("switch", "1", "0")
    hands.done("undo", "1", "0")
    for _ in hands.cut_off(first, "release"):
        assert {row.split()[1] for row in hands.observed("file")} == {"foreign"}  # nothing of it is confgen's

    assert listing(hands.host) == before
    assert hands.done("release") == "released"
    assert hands.done("undo", "1", "0") == "undone 0"


def test_a_rollback_whose_last_answer_was_lost_can_be_undone(hands: Hands) -> None:
    hands.push("first")
    pushed = listing(hands.host)
    hands.give_back()

    assert hands.done("undo", "0", "1") == "undone 1"
    assert listing(hands.host) == pushed


def test_of_two_at_once_the_one_that_was_overtaken_is_refused_and_harms_nothing(hands: Hands) -> None:
    assert hands.stage("one") == "staged 1 0"
    assert hands.stage("another's") == "staged 2 0"
    overtaken = hands.tell("switch", "1", "0")
    hands.done("discard", "1")
    hands.done("switch", "2", "0")
    undone = hands.tell("undo", "1", "0")
    hands.done("confirm", "2")
    late = hands.stage("late")
    hands.push("in between")
    hands.stage("last")
    stale = hands.tell("switch", "5", "2")

    assert overtaken == (3, "refused PUSH-03 there is no generation 1 on this host\n")
    assert undone == (3, "refused PUSH-10 generation 2 is the active one, not 1\n")
    assert late == "staged 3 2"
    assert stale == (3, "refused PUSH-10 generation 4 is the one to go back to now, not 2\n")
    assert hands.host.read("/etc/asterisk/pjsip.conf") == _PHONES.format("in between").encode()


_SPYING_TAR = b"""#!/bin/sh
if [ "$(id -un)" != root ]; then
    ls -l /proc/$$/fd >>/tmp/seen
    if (: </dev/tty) 2>/dev/null; then echo terminal >>/tmp/seen; fi
fi
exec /bin/tar "$@"
"""


def test_what_runs_as_asterisks_user_has_neither_roots_terminal_nor_the_lock(hands: Hands) -> None:
    hands.host.write("/usr/local/bin/tar", _SPYING_TAR, mode=0o755)
    hands.host.write("/root/archive", script.pack([("etc/pjsip.conf", _PHONES), ("etc/rtp.conf", _MEDIA)]))
    typed = f"{INSTALLED} stage {' '.join(_BOTH)} </root/archive"

    told = hands.host.run(["script", "-qec", typed, "/dev/null"], check=True).stdout

    seen = hands.host.read("/tmp/seen").decode()
    assert b"staged 1 0" in told
    assert "/proc" in seen or " -> " in seen
    assert "confgen-asterisk.lock" not in seen
    assert "terminal" not in seen


def test_a_pipe_or_a_device_under_a_managed_name_is_not_read_for_ever(hands: Hands) -> None:
    hands.host.run(["sh", "-c", "cd /etc/asterisk && rm -f users.conf rtp.conf && mkfifo users.conf"], check=True)
    hands.host.run(["ln", "-s", "/dev/zero", "/etc/asterisk/rtp.conf"], check=True)

    assert {"users.conf foreign unreadable", "rtp.conf foreign unreadable"} <= set(hands.observed("file"))
    for name in ("users.conf", "rtp.conf"):
        code, told = hands.tell("stage", name, stdin=script.pack([]))
        assert (code, told.split()[:2]) == (3, ["refused", "PUSH-05"])


def test_a_script_that_did_not_arrive_whole_is_not_installed(hands: Hands) -> None:
    install = ["sh", "-c", script.INSTALL, script.digest()]
    broken = hands.host.run(install, stdin=script.text()[:9000]).returncode
    kept = hands.host.read(INSTALLED)
    hands.host.run(["rm", INSTALLED], check=True)
    whole = hands.host.run(install, stdin=script.text()).returncode

    assert broken != 0
    assert kept == script.text()
    assert whole == 0
    assert hands.host.run(["ls", "/usr/local/lib/confgen"], check=True).stdout == b"confgen-asterisk\n"
    assert hands.observed("current") == [""]
