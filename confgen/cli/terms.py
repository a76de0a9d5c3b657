"""The options that say on what terms PBXs may be changed, and how a fleet is gone through."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from confgen.cli.options import divided
from confgen.cli.sections import under
from confgen.model.terms import PARALLEL, PARALLEL_LOOKS, TIME_LIMIT, UNDO_AFTER, Batch, Pace, Strategy, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ALL = 100  # percent
_MOST_PARALLEL = 200  # with those that are slow, still fewer files than a process may open (1,024 on most machines)
_UNITS = {"s": 1, "m": 60, "h": 3600}
_CONSENT = under("What you agree to")
_CALLS = under("Calls in progress")
_FLEET = under("Several PBXs")
_UNDO = under("The undo")


def _duration(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> float | None:
    """`30s`, `10m` or `1h`, in seconds."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d+)([smh])", value)
    if found is None:
        raise click.BadParameter(f"{value!r} is no duration; write 30s, 10m or 1h")
    return float(found[1]) * _UNITS[found[2]]


def _time_limit(ctx: click.Context, parameter: click.Parameter, value: str) -> float:
    """The same, and some time at least."""
    seconds = _duration(ctx, parameter, value)
    if not seconds:
        raise click.BadParameter("no PBX would have any time; write 30s, 10m or 1h")
    return seconds


def _batches(_ctx: click.Context, _parameter: click.Parameter, value: str) -> tuple[Batch, ...]:
    """`1,5,25%`."""
    return tuple(_batch(size.strip()) for size in value.split(","))


def _batch(size: str) -> Batch:
    found = re.fullmatch(r"([1-9]\d{0,5})(%?)", size)
    if found is None or (found[2] and int(found[1]) > _ALL):
        raise click.BadParameter(f"{size!r} is no size; write a number of PBXs from 1 on, or 1% to 100%")
    return Batch(size=int(found[1]), is_percent=bool(found[2]))


def _reason(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty; say why a weaker PBX is wanted")
    return value


_ADOPT = _CONSENT("--adopt", is_flag=True, help="Take over what confgen did not write; it is kept as generation 0.")
_OVERWRITE_DRIFT = _CONSENT(
    "--overwrite-drift", is_flag=True, help="Write over what was changed on the host since the last push."
)
_ALLOW_WEAKER = _CONSENT(
    "--allow-weaker",
    metavar="REASON",
    callback=_reason,
    help="Carry out what makes a PBX weaker; `plan` names it. The journal keeps the reason.",
)
_MAX_CUT_OFF = _CONSENT(
    "--max-cut-off",
    metavar="NUMBER",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="So many registered phones may be cut off on each PBX; `plan` names them.",
)
_NO_UNDO = _CONSENT(
    "--no-undo",
    metavar="KEY",
    multiple=True,
    help="Write what could not be put back: a secret or private key of which nobody knows the old one. Each as `plan` "
    "names it, or a pattern: 'Users/*'.",
)
_WAIT_IDLE = _CALLS(
    "--wait-idle",
    metavar="DURATION",
    callback=_duration,
    help="Where a change drops calls (`plan` says so), wait so long for them to end: 30s, 10m, 1h.",
)
_MAX_CALLS = _CALLS(
    "--max-calls",
    metavar="NUMBER",
    type=click.IntRange(min=0),
    help="Refuse a PBX on which more would be dropped. No limit, when neither is given.",
)
_CANARY = _FLEET(
    "--canary",
    metavar="NAMES",
    multiple=True,
    callback=divided,
    help="These PBXs first; when one of them fails, no other one is begun. The first PBX, when not given.",
)
_BATCH = _FLEET(
    "--batch",
    "batches",
    metavar="SIZES",
    callback=_batches,
    default="1",
    show_default=True,
    help="So many at once after the canary: 5, 25% of all, or 1,5,25% in turn; the last one stays.",
)
_MAX_FAILURES = _FLEET(
    "--max-failures",
    metavar="NUMBER",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="With more failed (refused, unreachable) among the others, begin no other one.",
)
_UNDO_SUCCEEDED = _FLEET(
    "--undo-succeeded",
    is_flag=True,
    help="Then also take those that had succeeded back to what they had before this run.",
)
_RESUME = _FLEET(
    "--resume",
    is_flag=True,
    help="Only what the last push did not finish; see `history`. What you agreed to then, you say again.",
)
_UNDO_AFTER = _UNDO(
    "--undo-after",
    metavar="SECONDS",
    type=click.IntRange(min=3, max=3600),
    default=UNDO_AFTER,
    show_default=True,
    help="So long after the switch the host goes back by itself, unless the proof is done. A 3CX only keeps others "
    "away so long.",
)


def _parallel(default: int, words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return _FLEET(
        "--parallel",
        metavar="NUMBER",
        type=click.IntRange(min=1, max=_MOST_PARALLEL),
        default=default,
        show_default=True,
        help=words,
    )


_PARALLEL = _parallel(PARALLEL, "PBXs at once, at most.")
_PARALLEL_LOOKS = _parallel(
    PARALLEL_LOOKS, "PBXs at once; others are begun in the place of such as do not answer, up to 4 times as many."
)
_TIME_LIMIT = _FLEET(
    "--time-limit",
    metavar="DURATION",
    callback=_time_limit,
    default=f"{TIME_LIMIT / _UNITS['m']:.0f}m",
    show_default=True,
    help="Give up a PBX that takes longer and was not switched; waiting for calls is not counted.",
)

_OF_PLAN = (_PARALLEL_LOOKS, _TIME_LIMIT)
_OF_PUSH = (
    _ADOPT, _OVERWRITE_DRIFT, _ALLOW_WEAKER, _MAX_CUT_OFF, _NO_UNDO, _WAIT_IDLE, _MAX_CALLS,
    _CANARY, _BATCH, _MAX_FAILURES, _UNDO_SUCCEEDED, _RESUME, _PARALLEL, _TIME_LIMIT, _UNDO_AFTER,
)  # fmt: skip
_OF_ROLLBACK = (
    _OVERWRITE_DRIFT, _NO_UNDO, _WAIT_IDLE, _MAX_CALLS,
    _CANARY, _BATCH, _MAX_FAILURES, _PARALLEL, _TIME_LIMIT, _UNDO_AFTER,
)  # fmt: skip


def plan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What a plan may be told."""
    return _with(_OF_PLAN, command)


def doctor_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What of it makes sense where each question stands alone."""
    return _PARALLEL_LOOKS(command)


def verify_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What of it makes sense where each proof has time limits of its own."""
    return _PARALLEL(command)


def push_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What a push may be told."""
    return _with(_OF_PUSH, command)


def rollback_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What of it makes sense backwards."""
    return _with(_OF_ROLLBACK, command)


def terms_of(told: Mapping[str, Any]) -> Terms:
    """The terms among the values of these options."""
    return Terms(**{name: value for name, value in told.items() if name in Terms.__dataclass_fields__})


def strategy_of(told: Mapping[str, Any]) -> Strategy:
    """The strategy among the values of these options."""
    return Strategy(**{name: value for name, value in told.items() if name in Strategy.__dataclass_fields__})


def pace_of(told: Mapping[str, Any]) -> Pace:
    """The pace among the values of these options."""
    return Pace(**{name: value for name, value in told.items() if name in Pace.__dataclass_fields__})


def _with(options: tuple[Callable[..., Any], ...], command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command
