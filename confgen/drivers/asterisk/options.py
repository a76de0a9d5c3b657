"""Which option of which object exists since which release, branch by branch."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from confgen.model.version import ProductVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

Since = dict[str, str]  # branch to the first release that has the option

BRANCHES = (16, 18, 20, 21, 22, 23)


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, Mapping[str, Since | None]]]:
    table: Mapping[str, Mapping[str, Mapping[str, Since | None]]] = json.loads(
        files("confgen.drivers.asterisk").joinpath("options.json").read_text(encoding="utf-8")
    )
    return table


def has_option(version: ProductVersion, file: str, section: str, option: str) -> bool:
    """Whether a release knows an option; one that the table does not name is not known."""
    options = _table().get(file, {}).get(section, {})
    if option not in options:
        return False
    since = options[option]
    if since is None:  # in every supported branch from its first release on
        return True
    first = since.get(str(version.branch))
    return first is not None and version >= ProductVersion.parse(first)


def has_value(version: ProductVersion, file: str, section: str, option: str, value: str) -> bool:
    """Whether a release knows a value of an option, where values were added later."""
    return has_option(version, file, section, f"{option}={value}")


def releases_with(file: str, section: str, option: str) -> Mapping[int, ProductVersion]:
    """Branch to the first release that has the option; a branch that never got it is not named."""
    since = _table()[file][section][option]
    if since is None:
        return {branch: ProductVersion(branch) for branch in BRANCHES}
    return {branch: ProductVersion.parse(since[str(branch)]) for branch in BRANCHES if str(branch) in since}
