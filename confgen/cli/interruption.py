"""Ctrl-C and SIGTERM while PBXs are worked on: once to stop, twice to be gone."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

from confgen.cli.exit_code import INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from confgen.fleet import Stop

_STDERR = 2
_SHOW_CURSOR = "\x1b[?25h"  # which a live display hides


@contextmanager
def interruptions(stop: Stop, *, changes: bool) -> Iterator[None]:
    """Signals ask to stop instead of tearing a transaction apart; the second Ctrl-C ends the process at once.

    A signal that whoever started the program had ignored stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals come to the main thread, and are its own
        return

    def handle(number: int, _frame: FrameType | None) -> None:
        if stop.is_asked and number == signal.SIGINT:
            _leave(changes=changes)
        if not stop.is_asked:
            stop.ask()
            _say(_stopping(changes=changes))

    before = {
        number: signal.signal(number, handle)
        for number in (signal.SIGINT, signal.SIGTERM)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stopping(*, changes: bool) -> str:
    under_way = "what is under way is finished or undone" if changes else "what is under way comes to its end"
    return f"interrupted: nothing new is begun, {under_way}; Ctrl-C again ends confgen at once"


def _leave(*, changes: bool) -> NoReturn:
    """Not even waiting for threads: what they hold is on hosts that need nobody."""
    left = "; a host that was switched and not confirmed goes back by itself: `confgen verify` tells" if changes else ""
    _say(f"ended at once{left}")
    os._exit(INTERRUPTED)


def _say(words: str) -> None:
    """Written past every buffer: a handler may run in the midst of another print."""
    with suppress(OSError):
        before = f"\n{_SHOW_CURSOR}" if os.isatty(_STDERR) else ""
        os.write(_STDERR, f"{before}{words}\n".encode())
