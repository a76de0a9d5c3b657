"""What is said of the work while it goes on, and of what went wrong."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from confgen.model.driver import PushRefused
from confgen.model.host import HostError

Step = Callable[[str], None]  # what is being done now, in words
Halt = Callable[[], None]  # raises Stopped where somebody asked to stop


class Stopped(Exception):
    """Somebody asked to stop before the switch: nothing that the PBX reads was written."""

    exit_code = 130


def go_on() -> None:
    """The Halt of who cannot be asked to stop."""


def stoppable(step: Step, halt: Halt) -> Step:
    """A step that is not begun any more once somebody has asked to stop."""

    def begin(words: str) -> None:
        halt()
        step(words)

    return begin


def said(error: BaseException) -> str:
    """What went wrong, without what may be secret."""
    match error:
        case KeyboardInterrupt():
            return "interrupted"
        case HostError() | PushRefused():
            return str(error)
        case _:  # its own words are for nobody: they may hold a secret
            place = traceback.extract_tb(error.__traceback__)[-1]
            return f"confgen failed with {type(error).__name__} in {place.name}, line {place.lineno}: please report it"
