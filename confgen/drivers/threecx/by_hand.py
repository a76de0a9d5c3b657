"""What a human puts back in the console where the undo failed, object by object. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.threecx.backup import is_backed_up
from confgen.drivers.threecx.backup import name_of as backup_of
from confgen.drivers.threecx.differences import subject, told
from confgen.drivers.threecx.texts import fields_of, is_stand_in, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.driver import Staged


def by_hand(staged: Staged) -> str:
    """`confgen plan` tells how each stands; the old values are those from before the push."""
    steps = "; ".join(_steps(staged)) or "each object as it was"
    backup = f"; or restore the backup {backup_of(staged)}" if is_backed_up(staged) else "; no backup was made"
    return (
        f"`confgen rollback --to {staged.previous}` tries it again and `confgen plan` tells how each object stands; "
        f"else put back in the console of the PBX: {steps}{backup}"
    )


def _steps(staged: Staged) -> Iterator[str]:
    after = {document.key for document in staged.carried}
    for key in reversed(staged.changed):
        before = staged.before.get(key)
        if before is None:
            yield f"remove {subject(key)}"
            continue
        values = ", ".join(
            f"{'.'.join(path)} {'the old one' if is_stand_in(value) else told(value) or 'empty'}"
            for path, value in leaves(fields_of(before))
        )
        yield f"{subject(key)}: {values}" if key in after else f"make {subject(key)} again: {values}"
