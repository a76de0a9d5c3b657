"""What README, help, findings and explanations tell people to type is what the program takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from confgen.cli.program import main
from confgen.model.codes import EXPLANATIONS

_CHECKOUT = Path(__file__).parents[2]
_TYPED = re.compile(r"^ *(?:\$ )?(confgen [a-z].*?)(?: {2,}[(#].*)?$", re.MULTILINE)
_QUOTED = re.compile(r"`(confgen [a-z][^`]*)`")


def _lines() -> Iterator[str]:
    readme = (_CHECKOUT / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"```(?:sh|console)\n(.*?)```", readme, re.DOTALL):
        yield from _TYPED.findall(block)
    yield from _QUOTED.findall(" ".join(readme.split()))
    for command in main.commands.values():
        yield from _TYPED.findall(command.epilog or "")
        yield from _QUOTED.findall(" ".join((command.help or "").split()))
    for explanation in EXPLANATIONS.values():
        yield from _QUOTED.findall(f"{explanation.meaning} {explanation.mend}")
    for source in sorted((_CHECKOUT / "confgen").rglob("*.py")):
        for line in _QUOTED.findall(source.read_text(encoding="utf-8")):
            yield re.sub(r"\{[^}]*\}", "NAME", line)


@pytest.mark.parametrize("line", sorted(set(_lines())))
def test_a_command_that_people_are_told_to_type_is_one_that_exists(line: str) -> None:
    name, *words = shlex.split(re.split(r" [|>]| && ", line.removeprefix("confgen "))[0])
    command = main.commands[name]

    command.make_parser(click.Context(command)).parse_args(words)
