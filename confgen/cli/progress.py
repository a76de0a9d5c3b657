"""Progress on stderr: live on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

import click

from confgen.cli import output
from confgen.report.visible import one_line, without_commands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console
    from rich.progress import TaskID

    from confgen.model.result import Result


class Progress(Protocol):
    """A watcher that can say data beside what it shows."""

    def begin(self, pbx: str, /) -> None: ...

    def step(self, pbx: str, words: str, /) -> None: ...

    def end(self, result: Result, /) -> None: ...

    def say(self, text: str, /) -> None:
        """Write to stdout for people; where that is the terminal of the progress, neither garbles the other."""


class Telling:
    """A watcher that says what there is to say of each PBX when it has ended, and does not keep it."""

    def __init__(self, progress: Progress, text_of: Callable[[Result], str]) -> None:
        self._progress = progress
        self._text_of = text_of

    def begin(self, pbx: str, /) -> None:
        self._progress.begin(pbx)

    def step(self, pbx: str, words: str, /) -> None:
        self._progress.step(pbx, words)

    def end(self, result: Result, /) -> None:
        self._progress.end(result)
        self._progress.say(self._text_of(result))


class PlainProgress:
    """`headquarters: confirming`, line by line; if nobody can read them any more, the work goes on.

    What is still so is not said again: a wait for calls to end is one line, and one more for each that ended. One
    thread writes at a time, and no other waits for it: a reader who stops reading keeps nobody from a PBX.
    """

    def __init__(self) -> None:
        self._writing = threading.Lock()
        self._unwritten: deque[str] = deque()
        self._counting = threading.Lock()
        self._under_way: dict[str, int] = {}  # legs to a provider may have one name at several PBXs
        self._last: dict[str, str] = {}  # said of each

    def begin(self, pbx: str, /) -> None:
        with self._counting:
            self._under_way[pbx] = self._under_way.get(pbx, 0) + 1
        self._line(f"{pbx}: begun")

    def step(self, pbx: str, words: str, /) -> None:
        # From afar it may be heard of after the end.
        if pbx in self._under_way and self._last.get(pbx) != words:
            self._last[pbx] = words
            self._line(f"{pbx}: {one_line(words)}")

    def end(self, result: Result, /) -> None:
        with self._counting:
            left = self._under_way.pop(result.pbx, 1) - 1
            if left:
                self._under_way[result.pbx] = left
        self._last.pop(result.pbx, None)
        self._line(_ended(result))

    def say(self, text: str, /) -> None:
        try:
            with self._writing:
                output.words(text)
        finally:
            self._write()

    def _line(self, line: str) -> None:
        self._unwritten.append(line)
        self._write()

    def _write(self) -> None:
        """What whoever is writing now looks for when he is done."""
        while self._unwritten and self._writing.acquire(blocking=False):
            try:
                with suppress(IndexError, OSError):  # a lost stderr must not stop a push half way
                    click.echo(without_commands(self._unwritten.popleft()), err=True)
            finally:
                self._writing.release()


class LiveProgress:
    """A moving line for each PBX that is worked on, a still one for each that has ended; rich keeps threads apart."""

    def __init__(self, console: Console) -> None:
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self.display = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TextColumn("{task.fields[words]}", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            redirect_stdout=False,  # data stay data
        )
        self._tasks: dict[str, TaskID] = {}

    def begin(self, pbx: str, /) -> None:
        with suppress(OSError):  # a lost terminal must not stop a push half way
            self._tasks[pbx] = self.display.add_task(pbx, total=None, words="begun")

    def step(self, pbx: str, words: str, /) -> None:
        with suppress(KeyError):  # from afar it may be heard of after the end
            self.display.update(self._tasks[pbx], words=one_line(words))

    def end(self, result: Result, /) -> None:
        if result.pbx in self._tasks:
            self.display.remove_task(self._tasks.pop(result.pbx))
        with suppress(OSError):
            self.display.console.print(_ended(result), markup=False, highlight=False)

    def say(self, text: str, /) -> None:
        if not sys.stdout.isatty():
            output.words(text)
            return
        with suppress(OSError):
            self.display.stop()
        output.words(text)
        with suppress(OSError):
            self.display.start()


def _ended(result: Result) -> str:
    what = "put back: " if result.is_put_back else ""
    return f"{result.pbx}: {what}{result.outcome.value} after {result.seconds:.1f} s"


@contextmanager
def progress(*, is_coloured: bool) -> Iterator[Progress]:
    """A watcher for as long as the work takes."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield PlainProgress()
        return
    from rich.console import Console

    live = LiveProgress(Console(stderr=True, no_color=not is_coloured))
    with suppress(OSError):
        live.display.start()
    try:
        yield live
    finally:
        with suppress(OSError):
            live.display.stop()
