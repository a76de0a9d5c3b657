"""`confgen verify`: prove that the PBXs are what the inventory says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from confgen.cli.options import OutputFormat, divided, example, format_option, inventory_argument, limit_option
from confgen.model.check import Level
from confgen.model.depth import Depth

if TYPE_CHECKING:
    from pathlib import Path


def _levels(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> frozenset[Level]:
    known = {level.value: level for level in Level}
    words = divided(ctx, parameter, values)
    for word in words:
        if word not in known:
            raise click.BadParameter(f"{word!r} is no level; known are {', '.join(known)}")
    return frozenset(known[word] for word in words) or frozenset(Level)


@click.command(
    epilog=example(
        "confgen verify                                   (every PBX of inventory.yaml)",
        "confgen verify --limit headquarters --format json",
        "confgen verify --level tls,clear                 (no calls)",
    ),
)
@inventory_argument
@limit_option
@click.option(
    "--level",
    "levels",
    metavar="LEVELS",
    multiple=True,
    callback=_levels,
    help="No other levels than these, with commas between: state, tls, clear, downgrade, call. What the inventory "
    "declares away stays away.",
)
@click.option("--long", "is_long", is_flag=True, help="Also what takes longer: RTCP, which comes after five seconds.")
@format_option
@click.pass_context
def verify(
    ctx: click.Context,
    /,
    inventory: Path,
    limit: tuple[str, ...],
    levels: frozenset[Level],
    output_format: OutputFormat,
    *,
    is_long: bool,
) -> None:
    """Prove that every leg is encrypted; changes nothing.

    Also that nothing else is let in. What could not be asked is unknown, and unknown is not passed (exit 4).
    """
    from confgen.cli import session
    from confgen.report import results

    depth = Depth(levels=levels, is_long=is_long)
    session.answer(
        ctx,
        session.Request(inventory=inventory, limit=limit, output_format=output_format),
        lambda work, loaded, pbxs, run: work.verify(loaded, pbxs, run.watcher, depth=depth, stop=run.stop),
        results.text,
    )
