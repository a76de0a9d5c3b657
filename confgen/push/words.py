"""What is said of the work while it goes on, and of what went wrong."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from confgen.model.driver import PushRefused
from confgen.model.host import HostError

Step = Callable[[str], None]  # what is being done now, in words


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
