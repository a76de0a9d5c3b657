"""Which PBXs of an inventory are meant: by name, group or glob."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confgen.model.inventory import Inventory, Pbx


class NoSuchPbx(ValueError):
    """Nothing in the inventory has that name."""

    exit_code = 2


def select(inventory: Inventory, limit: Sequence[str]) -> tuple[Pbx, ...]:
    """The PBXs that any word of `limit` names, in the inventory's order; all of them where nothing is said."""
    words = [word.strip() for part in limit for word in part.split(",") if word.strip()]
    for word in words:
        if not any(_is_meant(pbx, word) for pbx in inventory.pbxs):
            raise NoSuchPbx(_message(inventory, word))
    return tuple(pbx for pbx in inventory.pbxs if not words or any(_is_meant(pbx, word) for word in words))


def _is_meant(pbx: Pbx, word: str) -> bool:
    return any(fnmatchcase(name, word) for name in (pbx.name, *pbx.groups))


def _message(inventory: Inventory, word: str) -> str:
    known = sorted({name for pbx in inventory.pbxs for name in (pbx.name, *pbx.groups)})
    near = get_close_matches(word, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
    return f"no PBX and no group is called {word!r}; {hint}"
