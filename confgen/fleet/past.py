"""What was done when by whom: the journals of past runs, and what is left of one that did not finish."""

from __future__ import annotations

import fcntl
import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from confgen.fleet.journal import FORMAT_VERSION, SUFFIX, state_folder
from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from confgen.model.result import SUCCEEDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from confgen.model.inventory import Pbx

_SUCCEEDED = frozenset(outcome.value for outcome in SUCCEEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWork:
    """What became of one PBX; without an outcome its work had begun when the run was cut off, or goes on."""

    pbx: str
    outcome: str | None = None
    message: str = ""
    generation: int | None = None
    codes: tuple[str, ...] = ()
    is_put_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """One run, from its journal. Without an exit code it did not come to its end."""

    at: str
    command: str
    who: str
    version: str
    inventory: str
    inventory_digest: str
    plan_digest: str | None
    pbxs: Mapping[str, Sequence[str]]  # groups by name
    terms: Mapping[str, Any]
    strategy: Mapping[str, Any]
    generation: int | None  # that a rollback went to
    work: tuple[PastWork, ...]
    exit_code: int | None
    is_under_way: bool

    @property
    def left(self) -> tuple[str, ...]:
        """The PBXs that are not as the run would have had them."""
        standing = {work.pbx for work in self.work if work.outcome in _SUCCEEDED and not work.is_put_back}
        put_back = {work.pbx for work in self.work if work.is_put_back}
        return tuple(name for name in self.pbxs if name not in standing - put_back)

    def concerns(self, words: Sequence[str]) -> bool:
        """Whether it had a PBX that any of the names, groups or globs means; every run where none is given."""
        names = {name for pbx, groups in self.pbxs.items() for name in (pbx, *groups)}
        return not words or any(fnmatchcase(name, word) for name in names for word in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Past runs, newest first, and the journals that could not be read."""

    runs: tuple[PastRun, ...]
    unreadable: tuple[str, ...] = ()


def history(inventory: Path | None, limit: Sequence[str] = (), *, folder: Path | None = None) -> History:
    """The runs on an inventory, or on any; those with a PBX that `limit` means."""
    wanted = None if inventory is None else str(inventory.absolute())
    runs: list[PastRun] = []
    unreadable: list[str] = []
    for path in sorted((folder or state_folder()).glob(f"*{SUFFIX}"), reverse=True):
        try:
            run = _read(path)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            unreadable.append(str(path))
            continue
        if wanted in {None, run.inventory} and run.concerns(limit):
            runs.append(run)
    return History(runs=tuple(runs), unreadable=tuple(unreadable))


def left(inventory: Path, inventory_digest: str, pbxs: Sequence[Pbx], *, folder: Path | None = None) -> tuple[Pbx, ...]:
    """Those of the PBXs that the last push which did not finish has left, and no push has done since.

    PushRefused where it is still under way, the inventory is not the one it had, or nothing is left.
    """
    done: set[str] = set()
    for run in history(inventory, folder=folder).runs:
        if run.command != "push":
            continue
        if run.is_under_way:
            raise PushRefused(_under_way(run))
        still_left = set(run.left) - done
        chosen = tuple(pbx for pbx in pbxs if pbx.name in still_left)
        if chosen and run.inventory_digest != inventory_digest:
            raise PushRefused(_changed(run))
        if chosen:
            return chosen
        if run.left:
            break
        if run.inventory_digest == inventory_digest:
            done |= run.pbxs.keys()
    raise PushRefused(_nothing_left(inventory))


def _read(path: Path) -> PastRun:
    with path.open("rb") as file:
        is_under_way = _is_locked(file.fileno())
        lines = list(_lines(file.read()))
    if not lines or lines[0]["line"] != "run" or lines[0]["format_version"] != FORMAT_VERSION:
        raise ValueError(path.name)
    run, last = lines[0], lines[-1]
    if not all(isinstance(run[name], dict) for name in ("pbxs", "terms", "strategy")):
        raise ValueError(path.name)
    if not all(isinstance(groups, list) for groups in run["pbxs"].values()):
        raise ValueError(path.name)
    return PastRun(
        at=run["at"],
        command=run["command"],
        who=run["who"],
        version=run["confgen"],
        inventory=run["inventory"],
        inventory_digest=run["inventory_digest"],
        plan_digest=run["plan_digest"],
        pbxs=run["pbxs"],
        terms=run["terms"],
        strategy=run["strategy"],
        generation=run["generation"],
        work=tuple(_work(lines)),
        exit_code=last["exit_code"] if last["line"] == "end" else None,
        is_under_way=is_under_way,
    )


def _lines(content: bytes) -> Iterator[Mapping[str, Any]]:
    """What was written whole: a run that is killed may leave half a line."""
    for line in content.splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield json.loads(line)


def _work(lines: Sequence[Mapping[str, Any]]) -> Iterator[PastWork]:
    """Each piece of work in the order of its beginning."""
    ended = {(line["pbx"], line["is_put_back"]): line for line in lines if line["line"] == "ended"}
    begun: set[str] = set()
    for line in lines:
        if line["line"] != "begun":
            continue
        name, is_put_back = line["pbx"], line["pbx"] in begun
        begun.add(name)
        end = ended.get((name, is_put_back))
        if end is None:
            yield PastWork(pbx=name, is_put_back=is_put_back)
            continue
        yield PastWork(
            pbx=name,
            outcome=end["outcome"],
            message=end["message"],
            generation=end["generation"],
            codes=tuple(end["codes"]),
            is_put_back=is_put_back,
        )


def _is_locked(file: int) -> bool:
    """Whether its run still goes on."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        return False
    return False


def _under_way(run: PastRun) -> Finding:
    return Finding(
        code="PUSH-63",
        message=f"the push that {run.who} began at {run.at} is still under way",
        mend="wait for its end; `confgen history` shows it",
    )


def _changed(run: PastRun) -> Finding:
    return Finding(
        code="PUSH-62",
        message=f"the inventory is not the one that was pushed at {run.at}",
        mend="look at `confgen plan`, then push without --resume; `--limit` chooses PBXs",
    )


def _nothing_left(inventory: Path) -> Finding:
    return Finding(
        code="PUSH-61",
        message=f"no push of {inventory} has left anything to resume",
        mend="push without --resume; `confgen history` shows what was done",
    )
