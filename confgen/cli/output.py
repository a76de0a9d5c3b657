"""Where text goes: data to stdout, words for people beside it to stderr."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import click


def data(text: str) -> None:
    """Write what the command was asked for; a reader who went away changes nothing about what was done."""
    try:
        click.echo(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_the_rest()


def aside(text: str) -> None:
    """Say something beside the data."""
    with suppress(BrokenPipeError):
        click.echo(text, err=True)


def _discard_the_rest() -> None:
    """What is still buffered would break the pipe again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
