"""Levels *downgrade* and *call* of a PBX that no inventory describes: a stranger's part, and the part of a login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.check import Level, Question
from confgen.verify.outside_strangers import stranger_checks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from confgen.model.check import Check
    from confgen.model.outside import Wanted
    from confgen.verify.target import Target


def calls_checks(
    target: Target, wanted: Wanted, local: str, calling: AbstractContextManager[object]
) -> Iterator[Check]:
    """Strangers first; then, with a login, what must be refused to it and what it must get."""
    with calling:
        if Level.DOWNGRADE in wanted.depth.levels:
            yield from stranger_checks(target, local)
        if wanted.login is None:
            yield from _without_login(target, wanted)


def _without_login(target: Target, wanted: Wanted) -> Iterator[Check]:
    if Level.DOWNGRADE in wanted.depth.levels:
        yield Question(
            code="OUT-04", level=Level.DOWNGRADE, subject="calls without encryption", vantage=target.vantage
        ).not_checked("no login was given, so it is not known whether they are refused; see --user")
    if Level.CALL in wanted.depth.levels:
        yield Question(code="OUT-05", level=Level.CALL, subject="encrypted calls", vantage=target.vantage).not_checked(
            "no login was given, so it is not known whether they come about; see --user"
        )
