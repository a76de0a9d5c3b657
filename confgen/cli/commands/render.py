"""`confgen render`: what each PBX would get, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from confgen.cli import output
from confgen.cli.exit_code import FINDINGS
from confgen.cli.options import example, inventory_argument, limit_option
from confgen.cli.work import work_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from confgen.cli.tree import Written
    from confgen.cli.work import Work
    from confgen.model.finding import Finding
    from confgen.model.inventory import Inventory, Pbx


@click.command(epilog=example("confgen render --out rendered", "confgen render --out rendered --limit branch"))
@inventory_argument
@click.option(
    "--out", "folder", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Where to write: DIR/PBX/..."
)
@click.option("--reveal", is_flag=True, help="With every secret, in files that only you can read (0600).")
@limit_option
@click.pass_context
def render(ctx: click.Context, inventory: Path, folder: Path, limit: tuple[str, ...], *, reveal: bool) -> None:
    """Write the files that each PBX would get.

    The same bytes each time; secrets are placeholders unless --reveal. What an earlier render wrote is replaced,
    what you wrote is never touched.
    """
    from confgen.cli import session, tree

    work = work_of(ctx)
    loaded = session.load(ctx, work, session.Request(inventory=inventory, limit=limit))
    pbxs = work.select(loaded.inventory, limit)
    for pbx in pbxs:
        tree.check(folder / pbx.name)
    rendered, findings = _rendered(work, loaded.inventory, pbxs, reveal=reveal)
    if session.has_errors(findings):
        output.words(session.refusal(findings, str(inventory)))
        ctx.exit(FINDINGS)
    session.mention(findings)
    output.words(
        _told(folder, [tree.write(folder / name, texts, is_private=reveal) for name, texts in rendered.items()])
    )


def _rendered(
    work: Work, inventory: Inventory, pbxs: Iterable[Pbx], *, reveal: bool
) -> tuple[Mapping[str, Mapping[str, str]], tuple[Finding, ...]]:
    if not reveal:
        return {pbx.name: work.render_masked(pbx) for pbx in pbxs}, ()
    rendered: dict[str, Mapping[str, str]] = {}
    findings: list[Finding] = []
    for pbx in pbxs:
        rendered[pbx.name], its_findings = work.render_revealed(inventory, pbx)
        findings += its_findings
    return rendered, tuple(findings)


def _told(folder: Path, written: Sequence[Written]) -> str:
    from confgen.model.words import count

    files = sum(each.written + each.unchanged for each in written)
    changed, removed = sum(each.written for each in written), sum(each.removed for each in written)
    return (
        f"{folder}: {count(files, 'file')} for {count(len(written), 'PBX')}: "
        f"{changed} written, {files - changed} unchanged, {removed} removed"
    )
