"""The arguments and options that commands share."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import click


class OutputFormat(Enum):
    """How data is written."""

    TEXT = "text"
    JSON = "json"


class ReportFormat(Enum):
    """How what was judged or proven is written: also as other programs read it."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"
    PROMETHEUS = "prometheus"


def divided(_ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Names of PBXs with commas between, in one option or in several."""
    return divided_words(parameter, values, "PBXs")


def divided_words(parameter: click.Parameter, values: tuple[str, ...], what: str) -> tuple[str, ...]:
    """Words with commas between, in one option or in several; `what` they are names of."""
    names = tuple(name.strip() for value in values for name in value.split(","))
    if not all(names):
        # An unset variable of a shell must not choose every PBX.
        raise click.BadParameter(f"it is empty; name {what}, or leave {parameter.opts[-1]} out")
    return names


class PathsFormat(Enum):
    """How paths are written: also as a drawing."""

    TEXT = "text"
    JSON = "json"
    SVG = "svg"


inventory_argument = click.argument(
    "inventory", type=click.Path(path_type=Path), default="inventory.yaml", metavar="[INVENTORY]"
)
limit_option = click.option(
    "-l",
    "--limit",
    metavar="NAMES",
    multiple=True,
    callback=divided,
    help="Only these PBXs: names, groups or globs, with commas between.",
)
format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(OutputFormat, case_sensitive=False),
    default=OutputFormat.TEXT,
    help="For people (text, the default), or for programs.",
)
report_format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(ReportFormat, case_sensitive=False),
    default=ReportFormat.TEXT,
    help="For people (text, the default), programs (json), code scanning (sarif), CI (junit, github, gitlab) or alarms "
    "(prometheus).",
)
findings_format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice([known for known in ReportFormat if known is not ReportFormat.PROMETHEUS], case_sensitive=False),
    default=ReportFormat.TEXT,
    help="For people (text, the default), programs (json), code scanning (sarif) or CI (junit, github, gitlab).",
)


def example(*lines: str) -> str:
    """The end of a command's help: what one would type."""
    return "\n".join(("\b", "Example:", *(f"  {line}" for line in lines)))
