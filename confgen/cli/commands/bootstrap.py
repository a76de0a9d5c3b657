"""`confgen bootstrap`: what root runs on a host once, so that a user may push there through sudo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from confgen.cli import output
from confgen.cli.exit_code import DONE
from confgen.cli.options import example, inventory_argument, limit_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    epilog=example(
        "confgen bootstrap --limit branch > branch.sh     (read it)",
        "scp branch.sh admin@branch: && ssh -t admin@branch sudo sh branch.sh",
    )
)
@inventory_argument
@limit_option
@click.pass_context
def bootstrap(ctx: click.Context, inventory: Path, limit: tuple[str, ...]) -> None:
    """Print what root runs once, for a push through sudo.

    For a PBX with `ssh: {user: NAME, sudo: true}`. Contacts nothing. The printed shell script installs confgen's own
    script of fixed verbs, which only root can change, and lets the user run it as root and nothing else. The user can
    then do what Asterisk's own user can, and no more. Run it once for each version of confgen, and when the
    installation or the paths of certificates on the host have changed. With root by SSH none of this is needed.
    """
    from confgen.cli import session
    from confgen.cli.work import work_of

    work = work_of(ctx)
    loaded = session.load(ctx, work, session.Request(inventory=inventory, limit=limit))
    pbxs = work.select(loaded.inventory, limit)
    if len(pbxs) != 1:
        names = ", ".join(pbx.name for pbx in pbxs)
        raise click.UsageError(f"each host has a script of its own: choose one with --limit, of {names}")
    (pbx,) = pbxs
    if not pbx.ssh.uses_sudo or pbx.ssh.user is None:
        raise click.UsageError(f"{pbx.name} is not reached through sudo: write ssh: {{user: NAME, sudo: true}}")
    output.data(work.bootstrap(pbx).removesuffix("\n"))
    ctx.exit(DONE)
