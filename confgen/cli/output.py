"""Where text goes: data to stdout, words for people beside it to stderr."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import click

from confgen.report.visible import without_commands

_STDERR = 2


class CannotSay(Exception):
    """There is nowhere for the data to go."""

    exit_code = 2


def check() -> None:
    """CannotSay where stdout is closed: before the work, since what is opened next would take its place.

    The place of a closed stderr is kept: a word for people must not end in a connection or a journal.
    """
    if sys.stdout is None:
        raise CannotSay("stdout is closed: let the answer go somewhere, to /dev/null if nowhere else")
    if sys.stderr is None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        if nowhere != _STDERR:
            os.dup2(nowhere, _STDERR)
            os.close(nowhere)
        sys.stderr = os.fdopen(_STDERR, "w", encoding="utf-8")


def words(text: str) -> None:
    """Write what the command was asked for, for people: nothing in it is a command to a job that keeps a log."""
    data(without_commands(text))


def data(text: str) -> None:
    """Write what the command was asked for, as it is; a reader who went away changes nothing about what was done."""
    try:
        click.echo(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_the_rest()
    except OSError as error:
        _discard_the_rest()
        raise OSError(error.errno, error.strerror, "stdout") from error


def aside(text: str) -> None:
    """Say something beside the data."""
    with suppress(BrokenPipeError):
        click.echo(without_commands(text), err=True)


def _discard_the_rest() -> None:
    """What is still buffered would break the pipe again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
