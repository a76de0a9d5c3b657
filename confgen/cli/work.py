"""What the commands call to have the work done: `confgen.fleet`, or a fake of it in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

import click

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from confgen.fleet import History, Journal, Keep, Places, Stop, Watcher
    from confgen.load import Loaded
    from confgen.model.bootstrap import Bootstrap
    from confgen.model.cluster import SchedulerAccess
    from confgen.model.depth import Depth
    from confgen.model.effective import EffectiveValue
    from confgen.model.finding import Finding
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.outside import Outsider, Wanted
    from confgen.model.result import Result
    from confgen.model.saved import SavedPlan
    from confgen.model.terms import Pace, Strategy, Terms


class Work(Protocol):
    """The functions of `confgen.fleet`."""

    def load(self, path: Path, /) -> Loaded: ...

    def validate(self, path: Path, /, *, with_secrets: bool) -> Loaded: ...

    def effective(self, path: Path, names: Collection[str], /) -> tuple[EffectiveValue, ...]: ...

    def select(self, inventory: Inventory, limit: Sequence[str], /) -> tuple[Pbx, ...]: ...

    def bootstrap(self, pbx: Pbx, wanted: Bootstrap, /) -> str: ...

    def install(
        self,
        inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        wanted: Bootstrap,
        user: str | None,
        stop: Stop,
    ) -> tuple[Result, ...]: ...

    def render_masked(self, pbx: Pbx, /) -> Mapping[str, str]: ...

    def render_revealed(self, inventory: Inventory, pbx: Pbx, /) -> tuple[Mapping[str, str], tuple[Finding, ...]]: ...

    def keep_journal(
        self, command: str, inventory: Path, inventory_digest: str, plan_digest: str | None, /
    ) -> Journal: ...

    def history(self, inventory: Path | None, limit: Sequence[str], /) -> History: ...

    def left(self, inventory: Path, inventory_digest: str, pbxs: Sequence[Pbx], /) -> tuple[Pbx, ...]: ...

    def on_cluster(
        self, access: SchedulerAccess, inventory: Inventory, pbxs: Sequence[Pbx], /
    ) -> AbstractContextManager[Places]: ...

    def plan(
        self,
        inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        pace: Pace,
        stop: Stop,
        keep: Keep,
        executor: Places | None,
    ) -> tuple[Result, ...]: ...

    def push(  # noqa: PLR0913 -- each with a name
        self,
        inventory: Inventory,
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
        executor: Places | None,
    ) -> tuple[Result, ...]: ...

    def verify(
        self,
        inventory: Inventory,
        pbxs: Sequence[Pbx],
        watcher: Watcher,
        /,
        *,
        depth: Depth,
        pace: Pace,
        stop: Stop,
        keep: Keep,
        executor: Places | None,
    ) -> tuple[Result, ...]: ...

    def verify_outside(
        self, outsiders: Sequence[Outsider], wanted: Wanted, watcher: Watcher, /, *, stop: Stop
    ) -> tuple[Result, ...]: ...

    def examine(
        self, inventory: Inventory, pbxs: Sequence[Pbx], watcher: Watcher, /, *, pace: Pace, stop: Stop
    ) -> tuple[Result, ...]: ...

    def rollback(  # noqa: PLR0913 -- each with a name
        self,
        inventory: Inventory,
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
        executor: Places | None,
    ) -> tuple[Result, ...]: ...


def work_of(ctx: click.Context) -> Work:
    """What was given to the program as `obj`, or else the real thing, imported now."""
    if ctx.obj is not None:
        return cast("Work", ctx.obj)
    from confgen import fleet

    return fleet
