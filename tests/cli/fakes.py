"""A fleet that does what a test says, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from confgen.cli.work import Work
from confgen.fleet import Watcher, select
from confgen.load import Loaded
from confgen.model.bootstrap import Bootstrap
from confgen.model.finding import Finding
from confgen.model.inventory import Inventory, Pbx
from confgen.model.result import Result
from confgen.model.saved import SavedPlan
from confgen.model.terms import Strategy, Terms
from tests.report.samples import COMPANY


@dataclass(kw_only=True)
class FakeWork:
    """The functions of `confgen.fleet`, without a file, a template or a host."""

    findings: tuple[Finding, ...] = ()
    results: tuple[Result, ...] = ()
    stops_with: BaseException | None = None  # raised in place of results
    texts: Mapping[str, str] = field(default_factory=lambda: {"pjsip.conf": "[101]\n"})
    render_findings: tuple[Finding, ...] = ()
    asked: list[str] = field(default_factory=list)
    terms: Terms = field(default_factory=Terms)
    strategy: Strategy = field(default_factory=Strategy)
    agreed: SavedPlan | None = None
    wanted: Bootstrap | None = None

    def load(self, path: Path, /) -> Loaded:
        self.asked.append(f"load {path}")
        return Loaded(inventory=COMPANY, findings=self.findings)

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
    ) -> tuple[Result, ...]:
        self.wanted = wanted
        return self._work(f"install as {user}", pbxs, watcher)

    def render_masked(self, pbx: Pbx, /) -> Mapping[str, str]:
        self.asked.append(f"render {pbx.name}")
        if self.stops_with is not None:
            raise self.stops_with
        return self.texts

    def render_revealed(self, _inventory: Inventory, pbx: Pbx, /) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
        self.asked.append(f"reveal {pbx.name}")
        return self.texts, self.render_findings

    def plan(self, _inventory: Inventory, pbxs: Sequence[Pbx], watcher: Watcher, /) -> tuple[Result, ...]:
        return self._work("plan", pbxs, watcher)

    def push(
        self,
        _inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        terms: Terms,
        strategy: Strategy,
        agreed: SavedPlan | None,
    ) -> tuple[Result, ...]:
        self.terms, self.strategy, self.agreed = terms, strategy, agreed
        return self._work("push", pbxs, watcher)

    def verify(self, _inventory: Inventory, pbxs: Sequence[Pbx], watcher: Watcher, /) -> tuple[Result, ...]:
        return self._work("verify", pbxs, watcher)

    def rollback(
        self,
        _inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        generation: int | None,
        terms: Terms,
        strategy: Strategy,
    ) -> tuple[Result, ...]:
        self.terms, self.strategy = terms, strategy
        return self._work(f"rollback generation={generation}", pbxs, watcher)

    def _work(self, words: str, pbxs: Sequence[Pbx], watcher: Watcher) -> tuple[Result, ...]:
        self.asked.append(f"{words} {','.join(pbx.name for pbx in pbxs)}")
        for result in self.results:
            watcher.begin(result.pbx)
            watcher.step(result.pbx, "looking")
            watcher.end(result)
        if self.stops_with is not None:
            raise self.stops_with
        return self.results


_FULFILS: type[Work] = FakeWork
