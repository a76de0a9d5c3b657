"""How far an inventory reaches: to the files of its folder, or of the git repository in which that lies."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

MEND_OF_REACH = "move the file there, or keep both in one git repository"

_GIT = ".git"  # holds the access tokens of a checkout
_STREAMS = ("/dev/", "/proc/")  # where a caller finds what is piped in
_FOLDER_ONLY = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class OutOfReach(Exception):
    """A path leads to a file that is none of the inventory's; the message goes on behind the path."""


class Reach:
    """The folder beyond which nothing is read, wherever paths and links lead.

    Whoever may change an inventory, as with a pull request, may name files in it. A finding about such a file must not
    tell what else lies on the machine that judges it.
    """

    def __init__(self, inventory: Path) -> None:
        self._inventory = inventory
        folder = inventory if inventory.is_dir() else inventory.parent
        repository = _repository(folder)
        self._folder = os.path.realpath(repository or folder)
        self._name = f"the {'git repository' if repository else 'folder'} of the inventory"

    def refusal(self, path: Path) -> str | None:
        """Why a file is out of reach; None where it is not, be it there or not."""
        try:
            self._steps_to_file(path)
        except OutOfReach as out:
            return str(out)
        return None

    def refusal_of_folder(self, path: Path) -> str | None:
        """The same of a folder that is to be looked through."""
        try:
            self._steps(path)
        except OutOfReach as out:
            return str(out)
        return None

    def holds(self, path: Path, written: str = "") -> bool:
        """Whether a path, and what is `written` below it, never leads out, be anything there or not.

        A folder outside that is left again by `..` would tell whether it is there.
        """
        steps = Path(written).parts
        left = (path.joinpath(*steps[:at]) for at, step in enumerate(steps) if step == os.pardir)
        return all(self.refusal_of_folder(one) is None for one in (*left, path / written))

    def open(self, path: Path) -> BinaryIO:
        """A regular file for reading; OutOfReach or OSError where there is none to be had.

        The way is gone step by step and no link is followed any more, so that nobody can bend it meanwhile.
        """
        if path == self._inventory and os.path.abspath(path).startswith(_STREAMS):  # noqa: PTH100, it keeps links
            return path.open("rb")
        *folders, name = self._steps_to_file(path)
        folder = os.open(self._folder, _FOLDER_ONLY)
        try:
            for step in folders:
                below = os.open(step, _FOLDER_ONLY, dir_fd=folder)
                os.close(folder)
                folder = below
            opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        finally:
            os.close(folder)
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            os.close(opened)
            raise OutOfReach("is no regular file")
        return os.fdopen(opened, "rb")

    def _steps(self, path: Path) -> tuple[str, ...]:
        """The names from the folder down to what the path leads to."""
        real = os.path.realpath(path)
        if os.path.commonpath((real, self._folder)) != self._folder:
            raise OutOfReach(f"lies outside of {self._name}")
        steps = Path(real).relative_to(self._folder).parts or (os.curdir,)
        if _GIT in steps:
            raise OutOfReach("belongs to git itself")
        return steps

    def _steps_to_file(self, path: Path) -> tuple[str, ...]:
        steps = self._steps(path)
        if Path(steps[-1]).suffix.lower() != path.suffix.lower():
            raise OutOfReach("is a link to a file of another kind")
        return steps


def _repository(folder: Path) -> Path | None:
    """The nearest folder upwards in which git keeps its own, by the names that lead there, not by where links do."""
    absolute = Path(os.path.abspath(folder))  # noqa: PTH100, Path.absolute keeps dots
    return next((above for above in (absolute, *absolute.parents) if os.path.lexists(above / _GIT)), None)
