"""`confgen bootstrap`: what root does on a host once, printed or done."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from confgen.cli import output
from confgen.cli.exit_code import DONE
from confgen.cli.options import example, inventory_argument, limit_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confgen.cli.session import Request, Run
    from confgen.cli.work import Work
    from confgen.model.bootstrap import Bootstrap, PublicKey
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.result import Result

_KEY_LIMIT = 65536  # bytes


def _user(_ctx: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    if name is not None and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}", name):
        raise click.BadParameter("it is no name of a user")
    return name


@click.command(
    epilog=example(
        "confgen bootstrap --limit branch > branch.sh     (read it)",
        "scp branch.sh admin@branch: && ssh -t admin@branch sudo sh branch.sh",
        "confgen bootstrap --install --create-user --key ~/.ssh/confgen.pub",
    )
)
@inventory_argument
@limit_option
@click.option("--install", "is_installed", is_flag=True, help="Run it on the hosts, over SSH, instead of printing it.")
@click.option(
    "--as",
    "user",
    metavar="USER",
    callback=_user,
    help="With --install: who to be there for this once, root or one who may sudo without a password. By default root "
    "where the inventory's user goes through sudo.",
)
@click.option("--create-user", is_flag=True, help="Create the inventory's user where it lacks, without a password.")
@click.option(
    "--key",
    "key_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Let this public key (NAME.pub) in as the inventory's user.",
)
@click.pass_context
def bootstrap(
    ctx: click.Context,
    inventory: Path,
    limit: tuple[str, ...],
    user: str | None,
    key_file: Path | None,
    *,
    is_installed: bool,
    create_user: bool,
) -> None:
    """Print what root runs once, or run it.

    For a user through sudo (`ssh: {user: NAME, sudo: true}`) it installs confgen's own script of fixed verbs, which
    only root can change, and lets the user run it as root and nothing else. The user can then do what Asterisk's own
    user can, and no more. Run it once for each version of confgen, and when the installation or the paths of
    certificates on the host have changed.

    Every host gets a state folder with a key of its own, so that plans can be saved before the first push. Nothing that
    Asterisk reads is changed. Safe to run again.
    """
    from confgen.cli import session
    from confgen.model.bootstrap import Bootstrap
    from confgen.report import plans

    if user is not None and not is_installed:
        raise click.UsageError("--as goes with --install: what is printed is run by whoever runs it")
    wanted = Bootstrap(creates_user=create_user, public_key=None if key_file is None else _key(key_file))
    request = session.Request(inventory=inventory, limit=limit)
    if not is_installed:
        _print(ctx, request, wanted)

    def install(work: Work, loaded: Inventory, pbxs: tuple[Pbx, ...], run: Run) -> tuple[Result, ...]:
        _refuse_misfits(pbxs, wanted)
        return work.install(loaded, pbxs, run.watcher, wanted=wanted, user=user, stop=run.stop)

    session.answer(ctx, request, install, lambda told: plans.text(told, with_diffs=False))


def _print(ctx: click.Context, request: Request, wanted: Bootstrap) -> NoReturn:
    from confgen.cli import session
    from confgen.cli.work import work_of

    work = work_of(ctx)
    loaded = session.load(ctx, work, request)
    pbxs = work.select(loaded.inventory, request.limit)
    if len(pbxs) != 1:
        names = ", ".join(pbx.name for pbx in pbxs)
        raise click.UsageError(f"each host has a script of its own: choose one with --limit, of {names}")
    _refuse_misfits(pbxs, wanted)
    output.data(work.bootstrap(pbxs[0], wanted).removesuffix("\n"))
    ctx.exit(DONE)


def _refuse_misfits(pbxs: Sequence[Pbx], wanted: Bootstrap) -> None:
    nameless = [pbx.name for pbx in pbxs if pbx.ssh.uses_sudo and pbx.ssh.user is None]
    if nameless:
        raise click.UsageError(f"whose right is it? write ssh: {{user: NAME, sudo: true}} for {', '.join(nameless)}")
    of_root = [pbx.name for pbx in pbxs if not pbx.ssh.uses_sudo]
    if of_root and (wanted.creates_user or wanted.public_key is not None):
        raise click.UsageError(
            f"--create-user and --key are for a user through sudo: write ssh: {{user: NAME, sudo: true}} for "
            f"{', '.join(of_root)}, or choose others with --limit"
        )


def _key(file: Path) -> PublicKey:
    from confgen.model.bootstrap import NotAPublicKey, PublicKey

    try:
        with file.open("rb") as opened:
            return PublicKey.parse(opened.read(_KEY_LIMIT).decode(errors="replace"))
    except NotAPublicKey as error:
        raise click.UsageError(f"{file}: {error}") from error
    except OSError as error:
        raise click.UsageError(f"{file}: {error.strerror}") from error
