"""The password of the extension that calls a PBX without an inventory."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from confgen.cli import output

if TYPE_CHECKING:
    from confgen.model.finding import Finding
    from confgen.model.secret import Secret

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def secret_of(told: Mapping[str, Any], mention: Callable[[Sequence[Finding]], None]) -> Secret:
    """The password of --user: typed, or from where the command line says; nothing that is wrong with it shows it."""
    from confgen.model.secret import Secret

    if told["secret_file"] is not None and told["secret_env"] is not None:
        raise click.UsageError("--secret-file and --secret-env are two places for one password: leave one of them out")
    if told["secret_file"] is None and told["secret_env"] is None:
        if not _is_terminal():
            raise click.UsageError(
                "there is no terminal to ask for the password: give --secret-file FILE or --secret-env NAME. It is "
                "never written on the command line, where every user of this machine can read it"
            )
        return Secret(_typed(told["user"]))
    return _looked_up(told, mention)


def _typed(user: str) -> str:
    while True:
        try:
            password: str = click.prompt(
                f"Password of {user}", hide_input=True, err=True, default="", show_default=False
            )
        except UnicodeDecodeError as error:
            raise click.UsageError("what was typed is no UTF-8 text: set the terminal to UTF-8") from error
        if password:
            return password
        output.aside("nothing was typed, and no extension has an empty password; Ctrl-C ends this")


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _looked_up(told: Mapping[str, Any], mention: Callable[[Sequence[Finding]], None]) -> Secret:
    from confgen.model.finding import Severity
    from confgen.model.secret import Secret, SecretReference, SecretSource
    from confgen.secrets.resolution import resolve

    if told["secret_file"] is not None:
        reference = SecretReference(SecretSource.FILE, (str(told["secret_file"]),))
    else:
        reference = SecretReference(SecretSource.ENVIRONMENT, (told["secret_env"],))
    resolved = resolve([reference], folder=Path())
    for finding in resolved.findings:
        if finding.severity is Severity.ERROR:
            raise click.UsageError(f"{finding.message}; {_mend_of_secret(told)}")
    mention(resolved.findings)
    password = resolved.secrets[reference].reveal().removesuffix("\n").removesuffix("\r")
    if _CONTROL.search(password):
        raise click.UsageError(
            f"secret {reference} holds more than one line, or a sign that nobody types; {_mend_of_secret(told)}"
        )
    return Secret(password)


def _mend_of_secret(told: Mapping[str, Any]) -> str:
    if told["secret_file"] is not None:
        return "--secret-file names a file that you can read, with the password in its one line and nothing else"
    return f"export {told['secret_env']} with the password in it, and nothing else, before confgen runs"
