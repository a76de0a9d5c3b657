"""Paths as a repository knows them, whatever folder confgen was run in."""

from __future__ import annotations

import os.path
from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A repository's folder, and the one that confgen was run in; both absolute."""

    root: PurePath
    here: PurePath

    def path(self, file: str) -> str:
        """A file as the repository knows it, with `/`; the absolute path of one that lies elsewhere."""
        whole = PurePath(os.path.normpath(self.here / file))
        return (whole.relative_to(self.root) if whole.is_relative_to(self.root) else whole).as_posix()
