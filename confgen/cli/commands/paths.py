"""`confgen paths`: every way that a call can take, and its weakest leg."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from confgen.cli import output
from confgen.cli.exit_code import COULD_NOT_TELL, DONE, FINDINGS
from confgen.cli.options import PathsFormat, example, inventory_argument, limit_option
from confgen.cli.work import work_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confgen.cli.work import Work
    from confgen.model.inventory import Inventory
    from confgen.paths import Path as CallPath
    from confgen.report.paths_told import PathsTold

_MOST = 10_000  # paths that are followed


@click.command(
    epilog=example(
        "confgen paths",
        "confgen paths --from headquarters/101 --to +493012345",
        "confgen paths --to carrier --html paths.html",
        "confgen paths --format svg > paths.svg",
    )
)
@inventory_argument
@click.option(
    "--from",
    "start",
    metavar="NAME",
    help="Who calls: a PBX, a phone (headquarters/101), or whoever is behind a provider or its trunk.",
)
@click.option(
    "--to",
    "end",
    metavar="NAME",
    help="Who is called: a PBX, a phone or ring group (headquarters/101), a trunk, a provider, a line, or a number as "
    "it is dialled.",
)
@limit_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(PathsFormat, case_sensitive=False),
    default=PathsFormat.TEXT,
    help="For people (text, the default), for programs (json), or a drawing of the legs (svg).",
)
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the answer as a page too, with the drawing. No secret is in it, and it loads nothing.",
)
@click.pass_context
def paths(
    ctx: click.Context,
    /,
    inventory: Path,
    start: str | None,
    end: str | None,
    limit: tuple[str, ...],
    output_format: PathsFormat,
    page: Path | None,
) -> None:
    """Show every way that a call can take, and its weakest leg.

    From phones and from outside, by routes, ring groups, forwards, trunks and emergency numbers, up to the last leg
    that the inventory knows; of each its signalling, its media, and who holds the keys. Asks no PBX. Extensions that
    are alike are one. Ends with 1 where `confgen validate` tells an error, with 2 where an end is not there, with 0
    where both are and no way leads from one to the other, which it says.
    """
    from confgen.cli import page_file, session

    if page is not None:
        page_file.check(page)
    work = work_of(ctx)
    loaded = work.load(inventory)
    errors = [finding for finding in loaded.findings if session.has_errors([finding])]
    session.mention(errors)
    exit_code = FINDINGS if errors else DONE
    told = _told(work, loaded.inventory, str(inventory), (start, end), limit, exit_code)
    _say(told, output_format)
    ctx.exit(told.exit_code if page is None else _write_page(told, page))


def _told(
    work: Work,
    inventory: Inventory,
    name: str,
    between: tuple[str | None, str | None],
    limit: Sequence[str],
    exit_code: int,
) -> PathsTold:
    from itertools import islice

    from confgen.model.days import today
    from confgen.paths import Network, TooManyPaths
    from confgen.paths.chosen import Ends, chosen, refusals
    from confgen.report.paths_told import PathsTold

    start, end = between
    pbxs = frozenset(pbx.name for pbx in work.select(inventory, limit)) if limit else None
    network = Network(inventory.pbxs, today=today())
    ends = Ends(start=start, end=end, pbxs=pbxs)
    found = chosen(network, ends)
    told: list[CallPath] = []
    try:
        told += islice(found, _MOST)  # what came before too many is told
        is_complete = next(found, None) is None
    except TooManyPaths:
        is_complete = False
    return PathsTold(
        inventory=name,
        start=start,
        end=end,
        paths=tuple(told),
        is_complete=is_complete,
        exit_code=exit_code if told or is_complete else exit_code or COULD_NOT_TELL,
        refusals=() if told else refusals(network, ends),
        limit=tuple(limit),
    )


def _say(told: PathsTold, output_format: PathsFormat) -> None:
    match output_format:
        case PathsFormat.TEXT:
            from confgen.report import paths_text

            output.words(paths_text.text(told))
        case PathsFormat.JSON:
            from confgen.report import paths_json

            output.data(paths_json.text(told))
        case PathsFormat.SVG:
            from confgen.report.html import paths_page

            output.data(paths_page.svg(told))


def _write_page(told: PathsTold, page: Path) -> int:
    """The exit code is the answer's; that of a page that cannot be written only where the answer is good."""
    from datetime import UTC, datetime

    from confgen.cli import page_file
    from confgen.report.html import paths_page
    from confgen.report.visible import one_line

    try:
        page_file.write(page, paths_page.page(told, datetime.now(UTC)))
    except page_file.CannotWrite as error:
        output.aside(one_line(str(error)))
        return told.exit_code or error.exit_code
    return told.exit_code
