"""The shelf of one PBX on the operator's disk: below `$XDG_STATE_HOME/confgen/pbx`, for its user alone.

A PBX's folder is named after its API, `NAME+PORT`: what lies there is of that PBX, whatever an inventory calls it,
wherever the inventory lies, and in whichever run; and the name is what the PBX's certificate proves.

A file is written beside, synced and then renamed or linked to its name, so that it is there whole or not at all. The
files of a shelf lie flat in its folder, the slashes of their names as dots, which no name has.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from confgen.fleet.journal import state_folder
from confgen.model.host import HostError
from confgen.model.shelf import is_name

SIZE_LIMIT = 64 * 1024 * 1024  # bytes of one text
_MODE = 0o700
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class ShelfBroken(HostError):
    """What the operator keeps of a PBX cannot be read or written."""

    code = "API-12"


class DiskShelf:
    """Fulfils Shelf. Nothing is made before something is laid there."""

    def __init__(self, api_name: str, port: int, *, folder: Path | None = None) -> None:
        """Below a state folder, the user's own where none is given."""
        self._state = folder or state_folder()
        plain = api_name.lower().rstrip(".")
        self._path = self._state / "pbx" / f"{quote(plain, safe='')}+{port}"

    def names(self) -> Collection[str]:
        """Every name there is."""
        with self._opened() as folder:
            if folder is None:
                return frozenset()
            with os.scandir(folder) as entries:
                names = [entry.name.replace(".", "/") for entry in entries]
        return frozenset(name for name in names if is_name(name))

    def read(self, name: str, /) -> str | None:
        """The text under a name; None where there is none."""
        where = self._path / _file(name)
        with self._opened() as folder:
            if folder is None:
                return None
            try:
                file = os.open(where.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
            except FileNotFoundError:
                return None
            with os.fdopen(file, "rb") as opened:
                if not stat.S_ISREG(os.fstat(file).st_mode):
                    raise ShelfBroken(f"{where} is no file; move it away")
                content = opened.read(SIZE_LIMIT + 1)
        if len(content) > SIZE_LIMIT:
            raise ShelfBroken(f"{where} is longer than {SIZE_LIMIT >> 20} MiB; move it away")
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise ShelfBroken(f"{where} is not UTF-8; move it away") from error

    def write(self, name: str, text: str, /) -> None:
        """Put a text under a name, in the place of what was there."""
        file = _file(name)
        with self._made() as folder, _beside(folder, text) as written:
            os.rename(written, file, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)

    def create(self, name: str, text: str, /) -> bool:
        """Put a text under a name that has none; False where somebody else was first."""
        file = _file(name)
        with self._made() as folder, _beside(folder, text) as written:
            try:  # a link is as exclusive as O_EXCL, and what it leads to is whole already
                os.link(written, file, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
            except FileExistsError:
                return False
            os.fsync(folder)
        return True

    def remove(self, name: str, /) -> None:
        """Nothing under this name any more; what is not there is removed already."""
        file = _file(name)
        with self._opened() as folder:
            if folder is None:
                return
            with suppress(FileNotFoundError):
                os.unlink(file, dir_fd=folder)
            os.fsync(folder)

    def __repr__(self) -> str:
        return f"DiskShelf({self._path})"

    @contextmanager
    def _opened(self) -> Iterator[int | None]:
        """The folder; None where it is not there."""
        with self._told():
            try:
                folder = self._walked(make=False)
            except FileNotFoundError:
                folder = None
            try:
                yield folder
            finally:
                if folder is not None:
                    os.close(folder)

    @contextmanager
    def _made(self) -> Iterator[int]:
        """The folder, made where it is not there."""
        with self._told():
            self._state.mkdir(mode=_MODE, parents=True, exist_ok=True)
            folder = self._walked(make=True)
            try:
                yield folder
            finally:
                os.close(folder)

    def _walked(self, *, make: bool) -> int:
        """From the state folder down, through no link, every folder our own."""
        here = os.open(self._state, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            _keep_to_ourselves(here)
            for part in self._path.relative_to(self._state).parts:
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(part, _MODE, dir_fd=here)
                        os.fsync(here)
                above, here = here, os.open(part, _FOLDER, dir_fd=here)
                os.close(above)
                _keep_to_ourselves(here)
        except BaseException:
            os.close(here)
            raise
        return here

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the system says becomes an error of ours, with the place and a mend."""
        try:
            yield
        except OSError as error:
            raise ShelfBroken(
                f"{self._path}: what is kept of this PBX cannot be read or written: {error.strerror or error}; "
                "let confgen write there, or set XDG_STATE_HOME to a folder of yours"
            ) from error


def _keep_to_ourselves(folder: int) -> None:
    found = os.fstat(folder)
    if found.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, "the folder belongs to another user")
    if stat.S_IMODE(found.st_mode) != _MODE:
        os.fchmod(folder, _MODE)


def _file(name: str) -> str:
    """A name as its file's; ValueError where it is none."""
    if not is_name(name):
        raise ValueError(f"{name[:40]!r} is no name for a shelf: small letters, digits, hyphens and slashes")
    return name.replace("/", ".")


@contextmanager
def _beside(folder: int, text: str) -> Iterator[str]:
    """A synced file of this text under a name of its own, gone afterwards unless it was renamed."""
    name = f".{secrets.token_hex(8)}"
    file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        with os.fdopen(file, "wb") as opened:
            opened.write(text.encode())
            opened.flush()
            os.fsync(file)
        yield name
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)
