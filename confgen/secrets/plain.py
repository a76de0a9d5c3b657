"""Secrets in the environment, in files, and in what commands write."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from confgen.model.finding import Finding
from confgen.model.secret import SecretReference
from confgen.secrets.outcome import SIZE_LIMIT, Outcome, failed, found
from confgen.secrets.patience import Patience
from confgen.secrets.program import ProgramFailed, output_of

_NAME_A_FILE = "name a regular file that holds the secret and nothing else"


def of_environment(reference: SecretReference) -> Outcome:
    """What the variable holds."""
    (name,) = reference.words
    mend = f"export {name} before confgen runs"
    value = os.environ.get(name)
    if value is None:
        return failed(reference, "SEC-01", "the variable is not set", mend)
    return found(reference, os.fsencode(value), code="SEC-01", mend=mend)


def path_of(written: str, folder: Path) -> Path:
    """The file that is meant: below the home, beside the inventory, or absolute."""
    return Path.home() / written[2:] if written.startswith("~/") else folder / written


def is_absent(reference: SecretReference, folder: Path) -> bool:
    """Whether there is no file at all where a reference to one leads."""
    (written,) = reference.words
    try:
        return not path_of(written, folder).exists()
    except OSError:  # there, and not for us
        return False
    except ValueError:  # no file can have this name
        return False


def of_file(reference: SecretReference, folder: Path) -> Outcome:
    """What a regular file holds."""
    (written,) = reference.words
    file = path_of(written, folder)
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a device or a pipe could keep us waiting
            return failed(reference, "SEC-02", "not a regular file", _NAME_A_FILE)
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            content = opened.read(SIZE_LIMIT + 1)
    except OSError as error:
        return failed(reference, "SEC-02", error.strerror or "it cannot be read", f"put it into {file}")
    except ValueError:
        wrong = f"secret {reference!r}: no file can have this name"
        return Finding(code="SEC-02", message=wrong, mend=_NAME_A_FILE, place=reference.place)
    return found(
        reference,
        content,
        code="SEC-02",
        mend=f"put it into {file}",
        is_readable_by_everyone=bool(mode & stat.S_IROTH),
    )


def of_command(reference: SecretReference, folder: Path, environment: Mapping[str, str], patience: Patience) -> Outcome:
    """What a program writes."""
    mend = (
        "run the command by hand in the folder of the inventory: it must write the secret, and nothing else, to "
        "stdout; name in CONFGEN_PASS_ENVIRONMENT the variables that it needs beyond PATH, HOME and their like"
    )
    try:
        content = output_of(reference.words, folder, environment=environment, size_limit=SIZE_LIMIT, patience=patience)
    except ProgramFailed as error:
        return failed(reference, "SEC-03", str(error), mend)
    return found(reference, content, code="SEC-03", mend=mend)
