"""A push is killed, cut off, or loses its host's power at each of its steps: the PBX is wholly old or wholly new.

Each test adds a row to `build/kill-points.md`: the point, what happened there, and what became of the PBX.
"""

from __future__ import annotations

import fcntl
import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.live.company import each_at_once
from tests.live.kill_points import COMMANDS, POINTS, Point, wait_until
from tests.live.killed import UNDO_AFTER, Killed, KilledPbxs, killed_pbxs

_KINDS = ("operator", "link", "power")
_TABLE = Path(__file__).parents[2] / "build" / "kill-points.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """What dies, at which point, and of which PBX."""

    kind: str
    point: Point
    name: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.point} on {self.name}"


def _cases() -> list[ParameterSet]:
    """Each point once, with the kinds and the versions in turn; all of them in the full run."""
    quick: list[Death] = []
    other: list[Death] = []
    for index, point in enumerate(POINTS):
        for kind_index, kind in enumerate(_KINDS):
            death = Death(kind=kind, point=point, name=("new", "aged")[(index + kind_index) % 2])
            (quick if index % len(_KINDS) == kind_index else other).append(death)
    return [*_by_two(quick), *_by_two(other, pytest.mark.full)]


def _by_two(deaths: Sequence[Death], *marks: pytest.MarkDecorator) -> Iterator[ParameterSet]:
    """One on either PBX at the same time, as much of it is waiting."""
    new, aged = ([death for death in deaths if death.name == name] for name in ("new", "aged"))
    for both in zip_longest(new, aged):
        there = tuple(death for death in both if death is not None)
        yield pytest.param(there, marks=marks, id=", ".join(map(str, there)))


@pytest.fixture(scope="module")
def pbxs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KilledPbxs]:
    with killed_pbxs("kill", tmp_path_factory.mktemp("killed")) as pbxs:
        yield pbxs


def _findings(operator: subprocess.Popen[bytes]) -> str:
    """What a push that was not stopped says is wrong."""
    (pbx,) = json.loads(operator.communicate(timeout=60)[0])["pbxs"]
    wrong = [check for check in pbx["checks"] if check["verdict"] not in {"passed", "not checked"}]
    return f"{pbx['outcome']}: {pbx['message']} {pbx['findings']} {wrong}"


@pytest.mark.parametrize("deaths", _cases())
def test_whatever_dies_the_pbx_is_wholly_old_or_wholly_new(pbxs: KilledPbxs, deaths: tuple[Death, ...]) -> None:
    def die(death: Death) -> None:
        with pbxs.settled(death.name) as killed:
            _is_wholly_old_or_wholly_new(killed, death.kind, death.point)

    each_at_once(die, deaths)


def _is_wholly_old_or_wholly_new(killed: Killed, kind: str, point: Point) -> None:
    host, restarts = killed.host, point.restarts
    old = killed.listing()
    wanted = killed.another(restarts=restarts)
    killed.company.inventory.write_text(wanted, encoding="utf-8")
    killed.is_known = False
    killed.stopping.at(point)

    with ExitStack() as stack:
        operator = stack.enter_context(killed.operator(60 if point.command == "confirm" else UNDO_AFTER))
        assert killed.stopping.wait(operator), f"the push came to its end without {point}: {_findings(operator)}"
        if kind == "operator":
            operator.kill()
            killed.stopping.go()
        elif kind == "link":
            stack.enter_context(killed.company.lab.filtered(host, [22]))
            killed.stopping.go()
        else:
            host.run(["sh", "-c", "echo NUMBER=0 >/etc/stopping-point"], check=True)
            host.power_cut()
            operator.kill()
            host.start()
        seconds = wait_until(lambda: killed.left() == "", UNDO_AFTER + 8)
        operator.kill()
    killed.stopping.at(None)
    after = killed.listing()
    lease = host.run(["sh", "-c", "cut -d' ' -f2 /run/confgen-asterisk.lease | tail -n 1"]).stdout.decode().strip()
    uptime = float(host.read("/proc/uptime").split()[0])
    assert not lease or float(lease) <= uptime + UNDO_AFTER

    verified = killed.verify(killed.text if after == old else wanted)
    wait_until(lambda: not lease or float(host.read("/proc/uptime").split()[0]) >= float(lease), UNDO_AFTER + 2)
    killed.push(wanted)
    new = killed.listing()
    outcome = "old" if after == old else "new" if after == new else "a mixture"
    _tell(killed.name, kind, point, outcome, seconds)

    assert outcome in {"old", "new"}
    assert old != new
    assert verified.code == 0, verified.told
    assert killed.left() == ""


def test_the_remote_commands_of_a_push_are_the_points_that_are_tried(pbxs: KilledPbxs) -> None:
    with pbxs.settled("new") as killed:
        killed.stopping.at(None)
        killed.push(killed.another(restarts=False))
        commands = killed.stopping.commands()

    assert len(commands) == len(COMMANDS)
    state = COMMANDS.index("state")
    commands[state : state + 2] = sorted(commands[state : state + 2], key=lambda command: "/proc/net" in command)
    for command, name in zip(commands, COMMANDS, strict=True):
        assert f" {name}" in command or command == "sh -s" or (name == "ports" and "/proc/net" in command)


def _tell(name: str, kind: str, point: Point, outcome: str, seconds: float) -> None:
    """One more row; several workers write to the same table."""
    _TABLE.parent.mkdir(exist_ok=True)
    with _TABLE.open("a", encoding="utf-8") as table:
        fcntl.flock(table, fcntl.LOCK_EX)
        if table.tell() == 0:
            table.write(
                "| point | what dies | Asterisk | the PBX is | settled after |\n| --- | --- | --- | --- | --- |\n"
            )
        version = {"new": "22", "aged": "16"}[name]
        table.write(f"| {point} | {kind} | {version} | {outcome} | {seconds:.1f} s |\n")
