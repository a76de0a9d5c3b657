"""A fleet that does what a test says, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from confgen.cli.work import Work
from confgen.fleet import History, Journal, Keep, Places, Stop, Watcher, history, select, wholly
from confgen.fleet.job import Task
from confgen.load import Loaded, Unreadable
from confgen.model.bootstrap import Bootstrap
from confgen.model.cluster import SchedulerAccess
from confgen.model.depth import Depth
from confgen.model.driver import PushRefused
from confgen.model.effective import EffectiveValue
from confgen.model.finding import Finding
from confgen.model.inventory import Inventory, Pbx
from confgen.model.outside import Outsider, Wanted
from confgen.model.result import Result
from confgen.model.saved import SavedPlan
from confgen.model.terms import Pace, Strategy, Terms
from tests.fleet.fakes import job_of
from tests.report.samples import COMPANY, ERROR


class FakePlaces(Places):
    """Workers that nobody asks for anything."""

    def __init__(self, *, is_lost: bool) -> None:
        self._is_lost = is_lost

    @property
    def is_lost(self) -> bool:
        return self._is_lost

    def has_room(self, _site: str | None) -> bool:
        return False


@dataclass(kw_only=True)
class FakeWork:
    """The functions of `confgen.fleet`, without a file, a template or a host."""

    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Finding, ...] = ()
    results: tuple[Result, ...] = ()
    stops_with: BaseException | None = None  # raised in place of results
    does_not_load: Unreadable | None = None
    texts: Mapping[str, str] = field(default_factory=lambda: {"pjsip.conf": "[101]\n"})
    render_findings: tuple[Finding, ...] = ()
    asked: list[str] = field(default_factory=list)
    terms: Terms | None = None
    strategy: Strategy | None = None
    journals: Path | None = None  # the folder
    names_left: tuple[str, ...] = ()  # by a push that did not finish
    is_stopped: bool = False  # by somebody, while it works
    agreed: SavedPlan | None = None
    wanted: Bootstrap | None = None
    depth: Depth | None = None
    pace: Pace | None = None
    outsiders: tuple[Outsider, ...] = ()
    outside_wanted: Wanted | None = None
    scheduler: SchedulerAccess | None = None
    cluster_refuses: PushRefused | None = None
    loses_scheduler: bool = False
    is_left_slowly: bool = False
    executor: Places | None = None

    def load(self, path: Path, /) -> Loaded:
        self.asked.append(f"load {path}")
        if self.does_not_load is not None:
            raise self.does_not_load
        return Loaded(inventory=COMPANY, findings=self.findings)

    def validate(self, path: Path, /, *, with_secrets: bool) -> Loaded:
        loaded = self.load(path)
        self.asked.append(f"validate {path}{' with secrets' if with_secrets else ''}")
        return replace(loaded, unchecked=self.unchecked)

    def effective(self, path: Path, names: Collection[str], /) -> tuple[EffectiveValue, ...]:
        self.asked.append(f"effective {path} {' '.join(names)}")
        return tuple(
            EffectiveValue(path=("pbxs", name, "sip", "port"), value=5061, origin="built in", place=None)
            for name in names
        )

    def select(self, inventory: Inventory, limit: Sequence[str], /) -> tuple[Pbx, ...]:
        return select(inventory, limit)

    def bootstrap(self, pbx: Pbx, wanted: Bootstrap, /) -> str:
        self.asked.append(f"bootstrap {pbx.name}")
        self.wanted = wanted
        return "#!/bin/sh\n"

    def install(
        self,
        _inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        wanted: Bootstrap,
        user: str | None,
        stop: Stop,
    ) -> tuple[Result, ...]:
        self.wanted = wanted
        return self._work(f"install as {user}", pbxs, watcher, stop)

    def render_masked(self, pbx: Pbx, /) -> Mapping[str, str]:
        self.asked.append(f"render {pbx.name}")
        if self.stops_with is not None:
            raise self.stops_with
        return self.texts

    def render_revealed(self, _inventory: Inventory, pbx: Pbx, /) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
        self.asked.append(f"reveal {pbx.name}")
        return self.texts, self.render_findings

    def keep_journal(self, command: str, inventory: Path, inventory_digest: str, plan_digest: str | None, /) -> Journal:
        return Journal(
            self.journals,
            command=command,
            inventory=inventory,
            inventory_digest=inventory_digest,
            plan_digest=plan_digest,
        )

    def history(self, inventory: Path | None, limit: Sequence[str], /) -> History:
        self.asked.append(f"history {inventory} {','.join(limit)}")
        return history(inventory, limit, folder=self.journals)

    def left(self, _inventory: Path, _inventory_digest: str, pbxs: Sequence[Pbx], /) -> tuple[Pbx, ...]:
        self.asked.append("left")
        chosen = tuple(pbx for pbx in pbxs if pbx.name in self.names_left)
        if not chosen:
            raise PushRefused(ERROR)
        return chosen

    @contextmanager
    def on_cluster(self, access: SchedulerAccess, _inventory: Inventory, pbxs: Sequence[Pbx], /) -> Iterator[Places]:
        self.asked.append(f"on {access.address} {','.join(pbx.name for pbx in pbxs)}")
        self.scheduler = access
        if self.cluster_refuses is not None:
            raise self.cluster_refuses
        yield FakePlaces(is_lost=self.loses_scheduler)
        self.asked.append("the cluster is left")
        if self.is_left_slowly:
            raise KeyboardInterrupt  # of somebody who does not wait for that

    def plan(
        self,
        _inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        pace: Pace,
        stop: Stop,
        keep: Keep,
        executor: Places | None = None,
    ) -> tuple[Result, ...]:
        self.executor = executor
        self.pace = pace
        return self._work("plan", pbxs, watcher, stop, keep)

    def push(  # noqa: PLR0913 -- each with a name
        self,
        _inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        terms: Terms,
        strategy: Strategy,
        agreed: SavedPlan | None,
        pace: Pace,
        stop: Stop,
        journal: Journal,
        keep: Keep,
        executor: Places | None = None,
    ) -> tuple[Result, ...]:
        self.executor = executor
        self.terms, self.strategy, self.agreed, self.pace = terms, strategy, agreed, pace
        journal.begin([job_of(pbx, terms=terms) for pbx in pbxs], strategy)
        return self._work("push", pbxs, watcher, stop, keep)

    def verify(
        self,
        _inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        depth: Depth,
        pace: Pace,
        stop: Stop,
        keep: Keep,
        executor: Places | None = None,
    ) -> tuple[Result, ...]:
        self.executor = executor
        self.depth, self.pace = depth, pace
        return self._work("verify", pbxs, watcher, stop, keep)

    def verify_outside(
        self, outsiders: Sequence[Outsider], wanted: Wanted, _watcher: Watcher, /, *, stop: Stop
    ) -> tuple[Result, ...]:
        self.outsiders, self.outside_wanted = tuple(outsiders), wanted
        if self.is_stopped:
            stop.ask()
        return self.results

    def examine(
        self, _inventory: Inventory, pbxs: Sequence[Pbx], watcher: Watcher, /, *, pace: Pace, stop: Stop
    ) -> tuple[Result, ...]:
        self.pace = pace
        return self._work("examine", pbxs, watcher, stop)

    def rollback(  # noqa: PLR0913 -- each with a name
        self,
        _inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        generation: int | None,
        terms: Terms,
        strategy: Strategy,
        pace: Pace,
        stop: Stop,
        journal: Journal,
        keep: Keep,
        executor: Places | None = None,
    ) -> tuple[Result, ...]:
        self.executor = executor
        self.terms, self.strategy, self.pace = terms, strategy, pace
        jobs = [job_of(pbx, task=Task.ROLLBACK, terms=terms, generation=generation) for pbx in pbxs]
        journal.begin(jobs, strategy)
        return self._work(f"rollback generation={generation}", pbxs, watcher, stop, keep)

    def _work(
        self,
        words: str,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        stop: Stop,
        keep: Keep = wholly,
    ) -> tuple[Result, ...]:
        self.asked.append(f"{words} {','.join(pbx.name for pbx in pbxs)}")
        if self.is_stopped:
            stop.ask()
        for result in self.results:
            watcher.begin(result.pbx)
            watcher.step(result.pbx, "looking")
            watcher.end(result)
        if self.stops_with is not None:
            raise self.stops_with
        return tuple(keep(result) for result in self.results)


_FULFILS: type[Work] = FakeWork
