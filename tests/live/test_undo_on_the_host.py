"""What the host does by itself, and whether it lasts: over a power cut, a kill, and an operator in the same instant."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from collections.abc import Iterator, Sequence

import pytest

from confgen.archives import pack
from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.root_folder import Root
from tests.live.hands import ANOTHER, BOTH, PHONES, PUSH, RELOAD, Hands
from tests.live.kill_points import wait_until
from tests.live.reached import INSTALLED
from tests.live.system_calls import TRACED, Moment, calls, moments

_SPECS = (
    HostSpec(name="new", domain="new.example.test"),
    HostSpec(name="aged", domain="aged.example.test", root=Root.ASTERISK_16),
)
_STATE = "/etc/confgen/asterisk"
_UNITS = "/etc/systemd/system"
_HOOK = f"{_UNITS}/confgen-undo-asterisk.service"
_WANTED = f"{_UNITS}/multi-user.target.wants/confgen-undo-asterisk.service"
_RECORD = "/etc/confgen/asterisk.undone"
_CERTIFICATE = "as good as a certificate"
_NAME = f"{hashlib.sha256(_CERTIFICATE.encode()).hexdigest()[:32]}.crt"
_LEFT = (
    f"cd {_STATE} 2>/dev/null && ls armed undoing confirmed under_way restored; "
    f"ls {_UNITS}/confgen* {_WANTED} /run/confgen-asterisk.tried /run/confgen-answer*; "
    "systemctl list-units --all --plain --no-legend 'confgen*'"
)


@pytest.fixture(scope="module")
def lab() -> Iterator[Instance]:
    with Instance(f"undo-{os.getpid()}", _SPECS) as instance:
        yield instance


@pytest.fixture(scope="module")
def pushed() -> dict[str, Hands]:
    """By host, once there is one to restore."""
    return {}


@pytest.fixture(params=["new", pytest.param("aged", marks=pytest.mark.full)], ids=["22", "16"])
def hands(lab: Instance, pushed: dict[str, Hands], request: pytest.FixtureRequest) -> Iterator[Hands]:
    """A host on which generation 1 was pushed, and is confirmed."""
    name: str = request.param
    if name not in pushed:
        pushed[name] = Hands(lab.hosts[name])
        pushed[name].push("first")
        lab.hosts[name].keep()
    yield pushed[name]
    lab.hosts[name].restore()


def left(host: Host) -> str:
    """What stands only while a push is not at its end."""
    return host.run(["sh", "-c", _LEFT]).stdout.decode().strip()


def active(host: Host) -> str:
    return host.read("/etc/asterisk/pjsip.conf").decode()


def record(host: Host) -> dict[str, str]:
    """What the host undid by itself."""
    told = host.run(["cat", _RECORD]).stdout.decode()
    return {word: rest for word, _, rest in (line.partition(" ") for line in told.splitlines())}


def traced(hands: Hands, *words: str, stdin: bytes = b"") -> Sequence[Moment]:
    """A verb, by its system calls."""
    code, told = hands.tell(
        *words, stdin=stdin, before=["strace", "-f", "-y", "-o", "/root/trace", "-e", f"trace={TRACED}"]
    )
    assert code == 0, told
    return moments(calls(hands.host.read("/root/trace").decode()))


def before(found: Sequence[Moment], path: str) -> Moment:
    """The moment just before something got this name for the last time."""
    return next(moment for moment in reversed(found) if moment.call.name == "rename" and moment.call.path == path)


def before_removal(found: Sequence[Moment], path: str) -> Moment:
    return next(moment for moment in reversed(found) if (moment.call.name, moment.call.path) == ("remove", path))


def after(found: Sequence[Moment], path: str) -> Moment:
    """The first moment after that at which something else than a sync is about to happen."""
    since = found[found.index(before(found, path)) + 1 :]
    return next(moment for moment in since if not moment.call.name.startswith("sync"))


def lost_in_a_push(hands: Hands) -> Sequence[frozenset[str]]:
    """What a power cut would take at each moment of a push, and of an undo, that something else relies on."""
    files = [("etc/pjsip.conf", PHONES.format("second")), ("etc/rtp.conf", "[general]\n")]
    hands.lock()
    staged = traced(hands, "stage", *BOTH, stdin=pack([*files, (f"keys/{_NAME}", _CERTIFICATE)]))
    switched = traced(hands, "switch", "2", "1", "600", *RELOAD)
    hands.host.run(["sh", "-c", f"echo >>{_STATE}/generations/1/etc/rtp.conf"], check=True)  # so it is restored
    undone = traced(hands, "undo", "2", "1", *RELOAD)
    hands.stage("second")
    hands.switch("2", "1")
    confirmed = traced(hands, "confirm", "2")
    generation, current = f"{_STATE}/generations/2", f"{_STATE}/current"
    armed = (
        f"{_STATE}/armed",
        f"{_STATE}/store",
        f"{_STATE}/generations",
        f"{_STATE}/under_way",
        _HOOK,
        _WANTED,
        "/etc/asterisk",
    )
    flips = [moment for moment in switched if moment.call.name == "rename" and moment.call.path == current]
    return [
        before(staged, generation).torn(f"{_STATE}/generations/incoming"),
        before(staged, f"{_STATE}/keys/{_NAME}").torn(f"{_STATE}/generations/incoming/keys"),
        staged[-1].lost(generation, f"{_STATE}/store/2.tar", f"{_STATE}/keys"),
        before(switched, f"{_STATE}/armed").torn(f"{_STATE}/armed.new"),
        before(switched, f"{_STATE}/armed").lost(f"{_STATE}/store", _HOOK, _WANTED),
        *(moment.lost(*armed) for moment in flips),
        switched[-1].lost(current),
        after(confirmed, f"{_STATE}/confirmed").lost(f"{_STATE}/confirmed"),
        before_removal(confirmed, f"{_STATE}/store/undo.sh").lost(_HOOK, _WANTED),
        confirmed[-1].lost(f"{_STATE}/generations", f"{_STATE}/store/2.tar", current),
        after(undone, f"{_STATE}/undoing").lost(f"{_STATE}/undoing"),
        before(undone, current).lost(f"{_STATE}/generations/1", "/etc/asterisk"),
        undone[-1].lost(current),
    ]


def test_what_a_push_relies_on_is_on_the_disk_before_it_goes_on(hands: Hands) -> None:
    lost = lost_in_a_push(hands)

    assert [sorted(paths) for paths in lost] == [[]] * len(lost)


@pytest.mark.full
@pytest.mark.parametrize("hands", ["new"], indirect=True)
def test_a_host_on_which_nothing_is_synced_would_lose_something_at_every_such_moment(hands: Hands) -> None:
    hands.host.write("/usr/local/bin/sync", b"#!/bin/sh\n", mode=0o755)

    lost = lost_in_a_push(hands)

    assert [position for position, paths in enumerate(lost) if not paths] == []


def start(hands: Hands, *words: str, push: str = "") -> subprocess.Popen[bytes]:
    """A verb that is not waited for; without a push, as the host's own timer calls it."""
    whose = ["--push", push] if push else []
    return subprocess.Popen(
        ["setsid", *hands.host.entering([INSTALLED, *whose, *words])], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )


@pytest.mark.timeout(300)  # forty trials, on a busy machine
@pytest.mark.parametrize("trials", [6, pytest.param(40, marks=pytest.mark.full)])
def test_of_a_confirmation_and_the_timer_in_the_same_instant_one_wins_whole(hands: Hands, trials: int) -> None:
    host, old, winners = hands.host, PHONES.format("first"), set()
    for trial in range(trials):
        new, push = (
            PHONES.format(trial),
            f"{trial:016x}",
        )  # what the host undid of an earlier push is no answer to this one
        generation, previous = hands.stage(str(trial), push=push).split()[1:]
        hands.switch(generation, previous, push=push)
        calls = [("confirm", generation), ("expire", push)]
        head_start = 0.0 if trial < 2 else 0.02 * (trial % 7)
        first = start(hands, *calls[trial % 2], push=push if trial % 2 == 0 else "")
        time.sleep(head_start)
        second = start(hands, *calls[(trial + 1) % 2], push=push if trial % 2 == 1 else "")
        answers = [program.communicate(timeout=60)[0].decode() for program in (first, second)]
        told = answers[trial % 2]
        assert (first.returncode, second.returncode) == (0, 0), answers

        assert left(host) == ""
        if told == f"confirmed {generation}\n":
            winners.add("operator")
            assert active(host) == new
            assert record(host) == {}
            assert hands.undo(generation, previous, push=push) == f"was_confirmed {generation}"
            old = new
        else:
            winners.add("host")
            assert told.startswith("undone_by_host push ")
            assert active(host) == old
            assert record(host)["push"] == push
            assert hands.undo(generation, previous, push=push) == f"undone {previous}"
        assert hands.observed("confirmed") == ["yes"]

    assert winners == {"operator", "host"} or trials < 40  # who is first in a few trials is the machine's to say


_STEPS = [pytest.param(step, marks=() if step == 37 else (pytest.mark.full,)) for step in range(7, 72, 10)]


@pytest.mark.parametrize("step", _STEPS)
@pytest.mark.parametrize("verb", ["switch", "confirm", "undo"])
def test_a_verb_that_is_killed_is_brought_to_its_end_by_the_timer(hands: Hands, verb: str, step: int) -> None:
    generation, previous = hands.stage("second").split()[1:]
    if verb != "switch":
        hands.done("switch", generation, previous, "3", *RELOAD)
    words = {
        "switch": (generation, previous, "3", *RELOAD),
        "confirm": (generation,),
        "undo": (generation, previous, *RELOAD),
    }

    hands.killed_at(step, verb, *words[verb])

    wait_until(lambda: left(hands.host) == "", 15)
    assert hands.observed("confirmed") == ["yes"]
    whole = {"confirm": {"first", "second"}}.get(verb, {"first"})
    assert active(hands.host) in {PHONES.format(mark) for mark in whole}


def test_a_timer_whose_undo_is_killed_begins_anew(hands: Hands) -> None:
    generation, previous = hands.stage("second").split()[1:]
    hands.host.write(
        "/usr/local/bin/touch",
        b'#!/bin/sh\n[ -e /root/killed ] || { : >/root/killed; kill -KILL $PPID; }\nexec /usr/bin/touch "$@"\n',
        mode=0o755,
    )
    hands.host.run(["/bin/sh", "-c", ": >/root/killed"], check=True)
    hands.done("switch", generation, previous, "2", *RELOAD)
    hands.host.run(["rm", "/root/killed"], check=True)

    wait_until(lambda: hands.host.run(["test", "-e", "/root/killed"]).returncode == 0, 6)
    wait_until(lambda: left(hands.host) == "", 10)

    assert active(hands.host) == PHONES.format("first")
    assert record(hands.host)["push"] == PUSH


@pytest.mark.full
def test_an_undo_that_was_cut_off_is_ended_by_the_next_push(hands: Hands) -> None:
    generation, previous = hands.stage("second").split()[1:]
    hands.switch(generation, previous)
    hands.killed_at(40, "undo", generation, previous, *RELOAD)
    assert "undoing" in left(hands.host)
    hands.host.run(["systemctl", "stop", f"confgen-undo-asterisk-{PUSH}.timer"], check=True)
    hands.host.run(["rm", "/run/confgen-asterisk.lease"], check=True)

    locked = hands.lock(ANOTHER)

    assert locked == (0, "locked\n")
    assert left(hands.host) == ""
    assert active(hands.host) == PHONES.format("first")
    assert record(hands.host)["owner"] == "maria@laptop"


@pytest.mark.parametrize(
    "step", [pytest.param(step, marks=() if step == 32 else (pytest.mark.full,)) for step in range(12, 33, 4)]
)
def test_a_power_cut_in_the_middle_of_the_hosts_own_undo_is_ended_at_the_next_start(hands: Hands, step: int) -> None:
    generation, previous = hands.stage("second").split()[1:]
    hands.switch(generation, previous)
    wait = f"inject=clone,fork,vfork:delay_enter=60000000:when={step}"
    argv = ["strace", "-f", "-o", "/dev/null", "-e", wait, INSTALLED, "expire", PUSH]
    with subprocess.Popen(["setsid", *hands.host.entering(argv)], stdin=subprocess.DEVNULL) as program:
        time.sleep(3)
        stopped = program.poll() is None
        hands.host.power_cut()
    hands.host.start()

    wait_until(lambda: left(hands.host) == "", 20)
    assert stopped
    assert active(hands.host) == PHONES.format("first")
    assert hands.observed("confirmed") == ["yes"]
    assert record(hands.host)["push"] == PUSH
    assert "fault" not in record(hands.host)


@pytest.mark.full
def test_an_undo_that_finds_its_copies_damaged_is_recorded_and_done_once_they_are_mended(hands: Hands) -> None:
    generation, previous = hands.stage("second").split()[1:]
    hands.switch(generation, previous)
    host, copy = hands.host, f"{_STATE}/store/{previous}.tar"
    host.run(
        ["sh", "-c", f"cp {copy} /root && sed -i 's/first/worst/' {copy} {_STATE}/generations/1/etc/pjsip.conf"],
        check=True,
    )

    hands.host.run([INSTALLED, "expire", PUSH], check=True)
    damaged, stays = record(host), active(host)
    hands.host.run(["rm", "/run/confgen-asterisk.lease"])
    locked = hands.lock(ANOTHER)
    by_hand = [INSTALLED, "undo", generation, previous, "restart"]
    refused = host.run(by_hand).stdout.decode()
    host.run(["cp", f"/root/{previous}.tar", copy], check=True)
    done = host.run(by_hand, timeout=60).stdout.decode()

    assert copy in damaged["fault"]
    assert stays == PHONES.format("second")  # wholly the one, as long as the other is not there
    assert locked == (0, "locked\n")
    assert refused.startswith("refused PUSH-09 ")
    assert done.endswith(f"undone {previous}\n")
    assert active(host) == PHONES.format("first")
    assert left(host) == ""
    assert "fault" not in record(host)


@pytest.mark.full
def test_a_pipe_in_the_place_of_a_file_of_asterisks_user_does_not_hold_up_an_undo(hands: Hands) -> None:
    generation, previous = hands.stage("second").split()[1:]
    hands.switch(generation, previous)
    pipe = "cd /etc/asterisk && mv asterisk.conf whole && mkfifo asterisk.conf && chown asterisk asterisk.conf"
    hands.host.run(["sh", "-c", pipe], check=True)

    started = time.monotonic()
    code, _ = hands.tell("undo", generation, previous, *RELOAD)
    hands.host.run(["mv", "/etc/asterisk/whole", "/etc/asterisk/asterisk.conf"], check=True)

    assert code == 3
    assert time.monotonic() - started < 10
    assert hands.undo(generation, previous) == f"undone {previous}"
