"""The host's script alone, on a real host: cut off in the middle, called by two at once, watched by Asterisk's user."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence

import pytest

from confgen.archives import pack
from confgen.drivers.asterisk import script
from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.root_folder import Root
from tests.live.hands import ANOTHER, BOTH, MEDIA, PHONES, PUSH, RELOAD, WITHOUT_MEDIA, Hands
from tests.live.reached import INSTALLED

_SPECS = (
    HostSpec(name="new", domain="new.example.test"),
    HostSpec(name="aged", domain="aged.example.test", root=Root.ASTERISK_16),
)
_LEASE = "/run/confgen-asterisk.lease"
_LISTING = """cd /etc/asterisk
find . -printf '%y %m %U %G %p %l\\n' | sort
find . -type f -exec sha256sum {} + | sort -k2"""


_LONG = pytest.mark.timeout(600)  # tens of kills, each with what comes before and after it


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
    hands.switch("2", "1")
    hands.undo("2", "1")

    assert hands.host.read("/etc/asterisk/rtp.conf") == MEDIA.encode()
    assert hands.observed("confirmed") == ["yes"]
    assert hands.stage("third").split()[2] == "1"  # and not 0, which is what was there in clear before confgen


def test_after_a_rollback_a_push_that_is_cut_off_goes_back_to_where_it_began(hands: Hands) -> None:
    for mark in ("first", "second"):
        hands.push(mark)
    hands.lock()
    assert hands.done("stage_kept", "1") == "staged 1 2"
    hands.switch("1", "2")
    cut_off_rollback = hands.observed("confirmed")
    hands.done("confirm", "1")
    confirmed = hands.observed("confirmed")
    assert hands.stage("third") == "staged 3 1"
    hands.switch("3", "1")

    assert cut_off_rollback == ["no"]  # Asterisk was not restarted, and may run generation 2
    assert confirmed == ["yes"]
    assert hands.observed("confirmed") == ["no"]
    assert hands.undo("3", "1") == "undone 1"
    assert hands.observed("confirmed") == ["yes"]
    assert hands.stage("fourth") == "staged 3 1"


@pytest.mark.full
@_LONG
@pytest.mark.parametrize("names", [BOTH, WITHOUT_MEDIA], ids=["managed", "released"])
def test_an_undo_that_is_cut_off_finds_all_it_needs_the_next_time(hands: Hands, names: Sequence[str]) -> None:
    before = listing(hands.host)
    hands.push("first")
    pushed = listing(hands.host)
    altered = ["sh", "-c", "echo '; mine' >> /etc/confgen/asterisk/generations/1/etc/rtp.conf"]

    def switch() -> None:
        assert hands.stage("second", names) == "staged 2 1"
        hands.switch("2", "1")
        hands.host.run(altered, check=True)

    switch()
    for step in hands.steps("undo", "2", "1", *RELOAD):
        switch()
        hands.killed_at(step, "undo", "2", "1", *RELOAD)
        for name in ("pjsip.conf", "rtp.conf"):
            assert hands.host.read(f"/etc/asterisk/{name}")
        hands.undo("2", "1")
        assert listing(hands.host) == pushed
    hands.give_back()

    assert listing(hands.host) == before


@pytest.mark.full
@_LONG
def test_a_confirm_that_is_cut_off_is_not_at_its_end_and_the_next_push_ends_it(hands: Hands) -> None:
    before = listing(hands.host)
    hands.push("first")
    shrunk = [row for row in before.splitlines() if "rtp.conf" in row]
    generation, previous = hands.stage("second", WITHOUT_MEDIA).split()[1:]
    hands.switch(generation, previous)
    for number, step in enumerate(hands.steps("confirm", generation)):
        push = f"{number:016x}"  # a timer that a killed one left would be in the way of its namesake
        hands.push("first", push=push)
        generation, previous = hands.stage("second", WITHOUT_MEDIA, push=push).split()[1:]
        hands.switch(generation, previous, push=push)
        hands.killed_at(step, "confirm", generation, push=push)
        if hands.observed("confirmed") == ["yes"]:
            assert [row for row in listing(hands.host).splitlines() if "rtp.conf" in row] == shrunk
            hands.host.run(["rm", "-f", _LEASE], check=True)  # as if its time were over
        else:
            hands.done("confirm", generation, push=push)
        hands.give_back()
        assert listing(hands.host) == before


@pytest.mark.full
@_LONG
def test_what_was_there_is_given_back_by_a_second_try_where_the_first_was_cut_off(hands: Hands) -> None:
    before = listing(hands.host)
    hands.stage("first")
    hands.switch("1", "0")
    for step in hands.steps("undo", "1", "0", *RELOAD):
        hands.stage("first")
        hands.switch("1", "0")
        hands.killed_at(step, "undo", "1", "0", *RELOAD)
        assert hands.undo("1", "0") == "undone 0"
        assert {row.split()[1] for row in hands.observed("file")} == {"foreign"}  # nothing of it is confgen's
        assert listing(hands.host) == before


def test_a_rollback_whose_last_answer_was_lost_stays_confirmed(hands: Hands) -> None:
    before = listing(hands.host)
    hands.push("first")
    hands.give_back()

    assert hands.undo("0", "1") == "was_confirmed 0"
    assert listing(hands.host) == before


def test_of_two_at_once_the_second_is_told_who_holds_the_pbx_and_harms_nothing(hands: Hands) -> None:
    assert hands.stage("one") == "staged 1 0"
    locked = hands.lock(ANOTHER)
    staged = hands.tell("stage", *BOTH, stdin=pack([]), push=ANOTHER)
    hands.switch("1", "0")
    armed = hands.lock(ANOTHER)
    undone = hands.tell("undo", "1", "0", *RELOAD, push=ANOTHER)
    confirmed = hands.tell("confirm", "1", push=ANOTHER)
    hands.done("confirm", "1")

    assert (locked[0], locked[1].split()[:3]) == (3, ["refused", "PUSH-39", "maria@laptop"])
    assert (staged[0], staged[1].split()[:2]) == (3, ["refused", "PUSH-39"])
    assert (armed[0], armed[1].split()[:2]) == (3, ["refused", "PUSH-39"])
    assert (undone[0], confirmed[0]) == (3, 3)
    assert hands.lock(ANOTHER) == (0, "locked\n")
    assert hands.host.read("/etc/asterisk/pjsip.conf") == PHONES.format("one").encode()


def test_a_lease_that_has_ended_is_taken_over_and_what_it_staged_is_gone(hands: Hands) -> None:
    hands.done("lock", PUSH, "maria@laptop", "1")
    hands.done("stage", *BOTH, stdin=pack([("etc/pjsip.conf", PHONES), ("etc/rtp.conf", MEDIA)]))
    time.sleep(1.5)
    taken = hands.tell("lock", ANOTHER, "tom@desk", "600")
    late = hands.tell("switch", "1", "0", "600", *RELOAD)

    assert taken == (0, f"taken_over {PUSH} maria@laptop\nlocked\n")
    assert (late[0], late[1].split()[:2]) == (3, ["refused", "PUSH-39"])
    assert "tom@desk" in late[1]


_SPYING_TAR = b"""#!/bin/sh
if [ "$(id -un)" != root ]; then
    ls -l /proc/$$/fd >>/tmp/seen
    if (: </dev/tty) 2>/dev/null; then echo terminal >>/tmp/seen; fi
fi
exec /bin/tar "$@"
"""


def test_a_push_that_the_host_undid_never_takes_what_another_confirmed_for_its_own(hands: Hands) -> None:
    hands.push("first")
    assert hands.stage("second") == "staged 2 1"
    hands.done("switch", "2", "1", "1", *RELOAD)
    deadline = time.monotonic() + 20
    while not hands.observed("undone_by_host") and time.monotonic() < deadline:
        time.sleep(0.2)
    members = [("etc/pjsip.conf", PHONES.format("another")), ("etc/rtp.conf", MEDIA)]
    for words in (
        ["lock", ANOTHER, "eva@desk", "600"], ["stage", *BOTH], ["switch", "3", "1", "600", *RELOAD], ["confirm", "3"],
    ):  # fmt: skip
        code, told = hands.tell(*words, push=ANOTHER, stdin=pack(members))
        assert code == 0, (words, told)

    late = [hands.tell(*words)[1].split()[:2] for words in (["confirm", "2"], ["undo", "2", "1", *RELOAD])]

    assert late == [["refused", "PUSH-10"]] * 2
    assert hands.observed("current") == ["3"]
    assert hands.observed("confirmed") == ["yes"]


def test_what_runs_as_asterisks_user_has_neither_roots_terminal_nor_the_lock(hands: Hands) -> None:
    hands.host.write("/usr/local/bin/tar", _SPYING_TAR, mode=0o755)
    hands.host.write("/root/archive", pack([("etc/pjsip.conf", PHONES), ("etc/rtp.conf", MEDIA)]))
    hands.lock()
    typed = f"{INSTALLED} --push {PUSH} stage {' '.join(BOTH)} </root/archive"

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
    hands.lock()
    for name in ("users.conf", "rtp.conf"):
        code, told = hands.tell("stage", name, stdin=pack([]))
        assert (code, told.split()[:2]) == (3, ["refused", "PUSH-05"])


def test_a_pipe_in_place_of_what_confgen_wrote_or_would_look_at_holds_nobody_up(hands: Hands) -> None:
    hands.push("first")
    hands.host.run(["sh", "-c", "cd /etc/asterisk && rm -f rtp.conf sip.conf && mkfifo rtp.conf sip.conf"], check=True)

    for verb in (["observe", *BOTH], ["state"]):
        code, told = hands.tell(*verb, before=["timeout", "15"])
        assert code == 0, verb
    files = {row.split()[0]: row.split()[1:] for row in script.blocks(told.encode())["files"].splitlines()}
    assert len(files["rtp.conf"]) == 1  # what it should be, and nothing that it is
    assert files["pjsip.conf"][0] == files["pjsip.conf"][1]


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


_AS_EVER = "ended() { echo $? >/tmp/asked; }; trap ended EXIT; /usr/bin/perl.away"
_CUT_SHORT = '/usr/bin/perl.away "$@" | head -c 100; exit 1; : '


@pytest.mark.parametrize("perl", [None, _CUT_SHORT], ids=["no-perl", "a-perl-that-breaks-off"])
def test_asterisk_tells_the_same_whatever_it_is_asked_with(hands: Hands, perl: str | None) -> None:
    host = hands.host
    host.run(["mv", "/usr/bin/perl", "/usr/bin/perl.away"], check=True)
    try:
        host.write("/usr/bin/perl", f'#!/bin/sh\n{_AS_EVER} "$@"\n'.encode(), mode=0o755)
        usual = told_by(hands)
        assert host.read("/tmp/asked") == b"0\n"  # and so it was Perl that told
        assert len(usual["module show"]) > 10000
        host.run(["rm", "/usr/bin/perl"], check=True)
        if perl is not None:
            host.write("/usr/bin/perl", f'#!/bin/sh\n{perl} "$@"\n'.encode(), mode=0o755)
        assert told_by(hands) == usual
    finally:
        host.run(["mv", "-f", "/usr/bin/perl.away", "/usr/bin/perl"], check=True)


def told_by(hands: Hands) -> dict[str, str]:
    """What Asterisk's console told, by question; what changes from second to second is left out."""
    blocks = script.blocks(hands.done("state", "nobody", "nobody-else").encode())
    return {
        name: block for name, block in blocks.items() if name.startswith(("pjsip ", "module ", "rtp ", "dialplan "))
    }
