"""What came of looking a reference up: the secret, or why it could not be had."""

from __future__ import annotations

from dataclasses import dataclass

from confgen.model.finding import Finding
from confgen.model.secret import Secret, SecretReference

SIZE_LIMIT = 1024 * 1024  # bytes of one secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A secret, and what its place says of who else can read it."""

    secret: Secret
    is_readable_by_everyone: bool = False


Outcome = Found | Finding


def failed(reference: SecretReference, code: str, cause: str, mend: str) -> Finding:
    """The finding of a reference that leads to nothing; the cause tells nothing that was read."""
    return Finding(code=code, message=f"secret {reference}: {cause}", mend=mend, place=reference.place)


def found(
    reference: SecretReference, content: bytes, *, code: str, mend: str, is_readable_by_everyone: bool = False
) -> Outcome:
    """The secret as it was read, line ends and all."""
    cause = None
    if len(content) > SIZE_LIMIT:
        cause = f"it is longer than {SIZE_LIMIT >> 20} MiB"
    elif not content.strip(b"\r\n"):
        cause = "it is empty"
    else:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            cause = "it is not UTF-8 text"
    if cause is not None:
        return failed(reference, code, cause, mend)
    return Found(secret=Secret(text), is_readable_by_everyone=is_readable_by_everyone)
