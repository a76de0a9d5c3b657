"""`confgen schema`: the JSON Schema of inventories, for editors."""

from __future__ import annotations

import click

from confgen.cli import output
from confgen.cli.options import example


@click.command(
    epilog=example("confgen schema > inventory.schema.json", "confgen schema asterisk > asterisk.schema.json")
)
@click.argument("kind", default="inventory", metavar="[KIND]")
def schema(kind: str) -> None:
    r"""Print the JSON Schema of inventories.

    Of the whole, or of one KIND of PBX; each is one file that needs no other. An editor completes and checks an
    inventory with it whose first line is

    \b
    # yaml-language-server: $schema=inventory.schema.json
    """
    import json

    from confgen import resources
    from confgen.load.bundle import bundle

    kinds = ("inventory", *sorted(folder.name for folder in resources.template_folder().iterdir() if folder.is_dir()))
    if kind not in kinds:
        raise click.UsageError(f"there is no schema of {kind!r}; there is {', '.join(kinds)}")
    output.data(json.dumps(bundle(kind), indent=2, ensure_ascii=False))
