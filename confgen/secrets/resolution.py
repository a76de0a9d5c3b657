"""References to secrets become the secrets, each once and several at a time; what cannot be had is a finding."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from confgen.model.finding import Finding, Severity
from confgen.model.secret import Secret, SecretReference, SecretSource
from confgen.secrets.program import ProgramFailed, output_of

SIZE_LIMIT = 1024 * 1024  # bytes of one secret
_WORKERS = 8
_NAME_A_FILE = "name a regular file that holds the secret and nothing else"
_PROGRAMS = threading.BoundedSemaphore(_WORKERS)  # at once, however many PBXs are prepared side by side


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The secrets that could be had, and why the others could not."""

    secrets: Mapping[SecretReference, Secret]
    findings: tuple[Finding, ...]


def resolve(
    references: Collection[SecretReference],
    *,
    folder: Path,
    public: frozenset[SecretReference] = frozenset(),
    others: Collection[SecretReference] = (),
) -> Resolved:
    """Resolve each distinct reference; paths and commands start at `folder`, everyone may read the `public` ones.

    Variables that hold secrets, of these references and of `others`, are kept from the commands.
    """
    distinct = tuple(dict.fromkeys(references))
    interrupted = threading.Event()
    environment = _without_secrets((*distinct, *others))

    def look_up(reference: SecretReference) -> _Outcome:
        return _look_up(reference, folder, environment, interrupted)

    with ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="secrets") as workers:
        try:
            outcomes = dict(zip(distinct, workers.map(look_up, distinct), strict=True))
        except BaseException:
            interrupted.set()
            workers.shutdown(wait=False, cancel_futures=True)
            raise
    secrets: dict[SecretReference, Secret] = {}
    findings: list[Finding] = []
    for reference, outcome in outcomes.items():
        if isinstance(outcome, Finding):
            findings.append(outcome)
            continue
        secrets[reference] = outcome.secret
        if outcome.is_readable_by_everyone and reference not in public:
            findings.append(_readable_by_everyone(reference))
    return Resolved(secrets=secrets, findings=tuple(sorted(findings, key=Finding.sort_key)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A secret, and what its place says of who else can read it."""

    secret: Secret
    is_readable_by_everyone: bool = False


_Outcome = _Found | Finding


def _without_secrets(references: Collection[SecretReference]) -> Mapping[str, str]:
    held = {reference.words[0] for reference in references if reference.source is SecretSource.ENVIRONMENT}
    return {name: value for name, value in os.environ.items() if name not in held}


def _look_up(
    reference: SecretReference, folder: Path, environment: Mapping[str, str], interrupted: threading.Event
) -> _Outcome:
    match reference.source:
        case SecretSource.ENVIRONMENT:
            return _of_environment(reference)
        case SecretSource.FILE:
            return _of_file(reference, folder)
        case SecretSource.COMMAND:
            return _of_command(reference, folder, environment, interrupted)
        case SecretSource.ON_HOST:  # the PBX's own host knows it, and is asked elsewhere
            mend = "ask the host"
            return Finding(code="SEC-02", message=f"secret {reference}: it lies on the PBX's host", mend=mend)


def _of_environment(reference: SecretReference) -> _Outcome:
    (name,) = reference.words
    mend = f"export {name} before confgen runs"
    value = os.environ.get(name)
    if value is None:
        return Finding(code="SEC-01", message=f"secret {reference}: the variable is not set", mend=mend)
    return _found(reference, os.fsencode(value), code="SEC-01", mend=mend)


def _of_file(reference: SecretReference, folder: Path) -> _Outcome:
    (path,) = reference.words
    file = Path.home() / path[2:] if path.startswith("~/") else folder / path
    mend = f"put it into {file}"
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a device or a pipe could keep us waiting
            return Finding(code="SEC-02", message=f"secret {reference}: not a regular file", mend=_NAME_A_FILE)
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            content = opened.read(SIZE_LIMIT + 1)
    except OSError as error:
        return Finding(code="SEC-02", message=f"secret {reference}: {error.strerror}", mend=mend)
    except ValueError:
        return Finding(code="SEC-02", message=f"secret {reference!r}: no file can have this name", mend=mend)
    return _found(reference, content, code="SEC-02", mend=mend, is_readable_by_everyone=bool(mode & stat.S_IROTH))


def _of_command(
    reference: SecretReference, folder: Path, environment: Mapping[str, str], interrupted: threading.Event
) -> _Outcome:
    mend = (
        "run the command by hand in the folder of the inventory: it must write the secret, and nothing else, to stdout"
    )
    try:
        with _PROGRAMS:
            content = output_of(
                reference.words, folder, environment=environment, size_limit=SIZE_LIMIT, interrupted=interrupted
            )
    except ProgramFailed as error:
        return Finding(code="SEC-03", message=f"secret {reference}: {error}", mend=mend)
    return _found(reference, content, code="SEC-03", mend=mend)


def _found(
    reference: SecretReference, content: bytes, *, code: str, mend: str, is_readable_by_everyone: bool = False
) -> _Outcome:
    """The secret as it was read, line ends and all."""
    if len(content) > SIZE_LIMIT:
        return Finding(code=code, message=f"secret {reference} is longer than {SIZE_LIMIT >> 20} MiB", mend=mend)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return Finding(code=code, message=f"secret {reference} is not UTF-8 text", mend=mend)
    if not text.strip("\r\n"):
        return Finding(code=code, message=f"secret {reference} is empty", mend=mend)
    return _Found(secret=Secret(text), is_readable_by_everyone=is_readable_by_everyone)


def _readable_by_everyone(reference: SecretReference) -> Finding:
    return Finding(
        code="SEC-04",
        severity=Severity.WARNING,
        message=f"secret {reference} can be read by every user of this machine",
        mend=f"chmod o-rwx {' '.join(reference.words)}",
    )
