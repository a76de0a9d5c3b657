"""`confgen init`: an inventory to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from confgen.cli import output
from confgen.cli.options import example

_STARTER = Path(__file__).with_name("starter.yaml")


@click.command(epilog=example("confgen init", "confgen init sites/inventory.yaml"))
@click.argument("path", type=click.Path(path_type=Path), default="inventory.yaml", metavar="[PATH]")
def init(path: Path) -> None:
    """Write a commented inventory to begin with.

    PATH is the file to write, ./inventory.yaml when it is not given. What is there already is never overwritten.
    """
    file = path / "inventory.yaml" if path.is_dir() else path
    try:
        with file.open("x", encoding="utf-8") as written:
            written.write(_STARTER.read_text(encoding="utf-8"))
    except FileExistsError as error:
        raise click.UsageError(f"{file} is there already; name another file") from error
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}") from error
    output.words(f"{file} is written: put your own PBX in it, then\n  confgen validate {file}\n  confgen plan {file}")
