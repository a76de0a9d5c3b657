"""The repository that confgen runs in, as far as its surroundings tell."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confgen.report.checkout import Checkout

_TOLD_BY = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")  # GitHub's runner, GitLab's


def checkout() -> Checkout:
    """What the runner says, or the nearest folder above that git knows, or else where confgen runs."""
    from confgen.report.checkout import Checkout

    here = Path.cwd()
    told = (Path(folder) for name in _TOLD_BY if (folder := os.environ.get(name)))
    above = (folder for folder in (here, *here.parents) if (folder / ".git").exists())
    root = next((folder for folder in (*told, *above) if here.is_relative_to(folder)), here)
    return Checkout(root=root, here=here)
