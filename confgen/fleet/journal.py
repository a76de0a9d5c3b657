"""The journal of a run that may change something: written as it goes on, so that a run that was killed shows.

One file of JSON lines for each run, below `$XDG_STATE_HOME/confgen` (`~/.local/state/confgen`), for its user alone.
Each line has `line`, what it is, and `at`, an ISO 8601 time in UTC:

    run         first: format_version, run, command, who, confgen, inventory (absolute path), inventory_digest,
                plan_digest (null where no saved plan was given), pbxs (names, with their groups), terms, strategy and
                generation (of a rollback)
    begun       pbx
    ended       pbx, outcome, message, generation, codes (of findings), seconds, is_put_back
    end         last: exit_code, not_begun

No secret is in it: a PBX's message and the codes of its findings are what every output tells.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from confgen import __version__
from confgen.model.finding import Finding, Severity
from confgen.push import operator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from confgen.fleet.job import Job
    from confgen.model.result import Result
    from confgen.model.terms import Strategy

FORMAT_VERSION = 1
SUFFIX = ".jsonl"


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where journals lie."""
    told = environment.get("XDG_STATE_HOME", "")
    if Path(told).is_absolute():  # the XDG base directory specification: a relative path is to be ignored
        return Path(told) / "confgen"
    try:
        home = Path.home()
    except RuntimeError:  # a user without a name and without $HOME
        home = Path("/")
    return home / ".local" / "state" / "confgen"


def keep_journal(command: str, inventory: Path, inventory_digest: str, plan_digest: str | None = None) -> Journal:
    """Of a run that is about to begin; nothing is written before it does."""
    return Journal(
        state_folder(),
        command=command,
        inventory=inventory,
        inventory_digest=inventory_digest,
        plan_digest=plan_digest,
    )


class Journal:
    """Of one run. What cannot be written is told once, as a warning, and stops nothing."""

    def __init__(
        self,
        folder: Path | None,
        *,
        command: str,
        inventory: Path,
        inventory_digest: str,
        plan_digest: str | None = None,
    ) -> None:
        """Without a folder nothing is kept."""
        self._folder = folder
        self._about = {
            "command": command,
            "inventory": str(inventory.absolute()),
            "inventory_digest": inventory_digest,
            "plan_digest": plan_digest,
        }
        self._file: int | None = None
        self.warning: Finding | None = None

    @classmethod
    def nowhere(cls) -> Self:
        """For a run of which nothing is kept."""
        return cls(None, command="", inventory=Path(), inventory_digest="")

    def begin(self, jobs: Sequence[Job], strategy: Strategy) -> None:
        """The run begins; it is of one command, on the same terms for each PBX."""
        if self._folder is None or not jobs:
            return
        try:
            self._file = _opened(self._folder)
        except OSError as error:
            self._warn(error)
            return
        self._write(
            "run",
            {
                "format_version": FORMAT_VERSION,
                **self._about,
                "who": operator(),
                "confgen": __version__,
                "pbxs": {job.pbx.name: list(job.pbx.groups) for job in jobs},
                "terms": asdict(jobs[0].terms),
                "strategy": asdict(strategy),
                "generation": jobs[0].generation,
            },
        )

    def begun(self, pbx: str) -> None:
        """The work on a PBX begins."""
        self._write("begun", {"pbx": pbx})

    def ended(self, result: Result) -> None:
        """The work on a PBX has ended."""
        self._write(
            "ended",
            {
                "pbx": result.pbx,
                "outcome": result.outcome.value,
                "message": result.message,
                "generation": result.generation,
                "codes": [finding.code for finding in result.findings],
                "seconds": round(result.seconds, 3),
                "is_put_back": result.is_put_back,
            },
        )

    def end(self, *, exit_code: int, not_begun: Sequence[str]) -> None:
        """The run has come to an end, and to this one."""
        self._write("end", {"exit_code": exit_code, "not_begun": list(not_begun)})
        self.abandon()

    def abandon(self) -> None:
        """Write no more: a run that is left without its end looks killed."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self, line: str, values: Mapping[str, Any]) -> None:
        if self._file is None:
            return
        told = json.dumps({"line": line, "at": datetime.now(UTC).isoformat(timespec="seconds"), **values})
        try:
            os.write(self._file, told.encode() + b"\n")
            os.fsync(self._file)
        except OSError as error:
            self._warn(error)
            self.abandon()

    def _warn(self, error: OSError) -> None:
        where = error.filename or self._folder
        self.warning = Finding(
            code="PUSH-60",
            message=f"the journal of this run is not kept: {where}: {error.strerror}",
            mend="let confgen write there, or set XDG_STATE_HOME to a folder of yours; "
            "`confgen history` and `--resume` need it",
            severity=Severity.WARNING,
        )


def _opened(folder: Path) -> int:
    """A file of its own, locked for as long as the run goes on."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}{SUFFIX}"
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with suppress(OSError):  # where the file system knows no locks, a run that goes on looks unfinished
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    entries = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(entries)
    finally:
        os.close(entries)
    return file
