"""A fault of confgen's own in one part of a proof leaves what the others found standing."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from confgen.model.check import Question
from confgen.streams.tcp import WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from confgen.model.check import Check, Level, Vantage


def guarded(level: Level, subject: str, vantage: Vantage, checks: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    """The checks of one part; where an exception ends them that is nobody's, an unknown one in place of the rest.

    What confgen raises for whoever runs it, such as HostError or Stopped, has an exit code and passes through.
    """
    asking = Question(code="STATE-20", level=level, subject=subject, vantage=vantage)
    try:
        yield from checks()
    except WireError as error:
        yield asking.unknown(f"the connection broke: {error}")
    except Exception as error:
        if hasattr(error, "exit_code"):
            raise
        place = traceback.extract_tb(error.__traceback__)[-1]
        yield asking.unknown(  # the error's own words are for nobody: they may hold a secret
            f"confgen failed here with {type(error).__name__} in {place.name}, line {place.lineno}",
            "please report it; nothing is said of this part of the PBX",
        )
