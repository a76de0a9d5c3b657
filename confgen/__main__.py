"""Where `confgen` and `python -m confgen` begin."""

from __future__ import annotations

import atexit
import gc
import os
import sys

_OBJECTS = 200_000  # made before the next look for garbage: modules, inventory and templates stay, and are most of it


def look_seldom_for_garbage() -> None:
    """Of the process that reads the modules, and ends after one command."""
    gc.set_threshold(_OBJECTS)
    atexit.register(gc.freeze)  # what is left then ends with the process


def start() -> None:
    """Run the program; Ctrl-C ends it quietly even while its modules are still being read."""
    look_seldom_for_garbage()
    try:
        from confgen.cli import main  # noqa: PLC0415 -- within reach of what is caught here

        main(prog_name="confgen")
    except KeyboardInterrupt:
        if sys.stderr is not None:
            sys.stderr.write("interrupted\n")
            sys.stderr.flush()
        os._exit(130)  # no thread is waited for: nothing has begun


if __name__ == "__main__":
    start()
