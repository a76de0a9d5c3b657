"""What was promised, held against what a run has measured. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from benchmarks.table import Table, figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from benchmarks.table import Figure

# What the parts call their figures; a figure of another size than the target's is another figure.
PUSH_BY_HAND = "first push to {} hosts: times as long as by hand"
PUSH_PYINFRA = "first push to {} hosts: pyinfra takes as many times as long"
PUSH_ANSIBLE = "first push to {} hosts: Ansible takes as many times as long"
PLAN_BY_HAND = "plan of {} unchanged hosts: times as long as by hand"
VALIDATE = "validate of {} extensions: check-jsonschema takes as many times as long"
RENDER = "render of {} PBXs: times as long as bare Jinja2"
VERSION = "`confgen --version`: seconds of CPU"
PLAN_MEMORY = "plan of {} PBXs: MB at the peak"
PLAN_GROWTH = "plan of {} PBXs: times the memory of {}"
PLAN_FAR = "plan of {} PBXs that are {:g} ms away: seconds"
WORKERS = "push to {} PBXs that are {:g} ms away: four workers are as many times sooner than one"
TWICE = "push to {} PBXs by workers, one killed: begun twice"
LEFT = "push to {} PBXs by workers, one killed and the rest resumed: not as they should be"


class Bound(Enum):
    """On which side of the value the figure must lie."""

    AT_MOST = "at most"
    AT_LEAST = "at least"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure that was promised."""

    what: str
    bound: Bound
    value: float
    part: str  # of the benchmarks, that measures it

    def verdict(self, measured: Figure | None) -> str:
        """In a word; a lower bound can keep a promise of at least, and break one of at most, and else tells nothing."""
        match measured:
            case None:
                return f"not measured: `make bench ARGUMENTS={self.part}` does"
            case told if self.bound is Bound.AT_LEAST:
                return "met" if told.value >= self.value else "not told" if told.is_at_least else "**missed**"
            case told:
                return "**missed**" if told.value > self.value else "not told" if told.is_at_least else "met"


def _target(what: str, bound: Bound, value: float, part: str) -> Target:
    return Target(what=what, bound=bound, value=value, part=part)


TARGETS = (
    _target(PUSH_BY_HAND.format(50), Bound.AT_MOST, 1.6, "files"),
    _target(PUSH_PYINFRA.format(50), Bound.AT_LEAST, 4, "files"),
    _target(PUSH_ANSIBLE.format(50), Bound.AT_LEAST, 40, "files"),
    _target(PLAN_BY_HAND.format(50), Bound.AT_MOST, 1.25, "files"),
    _target(VALIDATE.format(100000), Bound.AT_LEAST, 10, "validate"),
    _target(RENDER.format(1000), Bound.AT_MOST, 1.3, "render"),
    _target(VERSION, Bound.AT_MOST, 0.15, "start"),
    _target(PLAN_MEMORY.format(5000), Bound.AT_MOST, 400, "many"),
    _target(PLAN_GROWTH.format(5000, 500), Bound.AT_MOST, 1.5, "many"),
    _target(PLAN_FAR.format(500, 50), Bound.AT_MOST, 12, "many"),
    _target(WORKERS.format(2000, 100), Bound.AT_LEAST, 3, "cluster"),
    _target(TWICE.format(2000), Bound.AT_MOST, 0, "cluster"),
    _target(LEFT.format(2000), Bound.AT_MOST, 0, "cluster"),
)


def judged(figures: Mapping[str, Figure], targets: Iterable[Target] = TARGETS) -> Table:
    """A row for each target, measured or not."""
    return Table(
        title="What was promised",
        head=("", "promised", "measured", ""),
        rows=tuple(
            (
                target.what,
                f"{target.bound.value} {target.value:g}",
                "–" if target.what not in figures else figure(figures[target.what]),
                target.verdict(figures.get(target.what)),
            )
            for target in targets
        ),
    )
