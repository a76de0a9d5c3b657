"""How long a PBX may be worked on before its switch; after it, the undo has deadlines of its own."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confgen.model.api import ApiHost
from confgen.model.host import HostError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from confgen.model.api import ApiAnswer, ApiRequest
    from confgen.model.host import Command, Completed, Host
    from confgen.model.shelf import Shelf
    from confgen.model.stream import Stream


class TimeLimitReached(Exception):
    """A PBX took longer than it may; nothing that it reads was written.

    No HostError: whoever goes on where a host cannot be asked does not go on here.
    """

    exit_code = 4
    code = "SSH-05"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A moment after which nothing is asked of a host any more, and what is being asked is given up."""

    seconds: float  # all that there are
    until: float  # on the monotonic clock

    @classmethod
    def of(cls, seconds: float) -> Self:
        """One that begins to run now."""
        return cls(seconds, time.monotonic() + seconds)

    def and_waiting(self, seconds: float) -> TimeLimit:
        """The same, with as much time besides for what the operator wants waited for."""
        return TimeLimit(self.seconds + seconds, self.until + seconds)

    def on(self, host: Host) -> Host:
        """A host that is asked within the limit; an API stays one."""
        return _TimedApi(host, self) if isinstance(host, ApiHost) else _Timed(host, self)

    def need_some_left(self, host: Host, at_last: HostError | None = None) -> None:
        """TimeLimitReached where none is; it says what went wrong at last, which need not be for lack of time."""
        if not self.remaining:
            raise TimeLimitReached(
                f"{host.name}: given up after {self.seconds:g} s, before anything was switched; "
                f"a longer --time-limit lets it go on{f'; at last: {at_last}' if at_last else ''}"
            )

    @property
    def remaining(self) -> float:
        """The seconds left, never less than zero."""
        return max(0.0, self.until - time.monotonic())


UNLIMITED = TimeLimit(math.inf, math.inf)


class _Timed:
    """Fulfils Host, within a limit."""

    def __init__(self, host: Host, limit: TimeLimit) -> None:
        self._host = host
        self._limit = limit

    @property
    def name(self) -> str:
        return self._host.name

    def run(self, command: Command, /) -> Completed:
        with self._told():
            return self._host.run(replace(command, timeout=self._within(command.timeout)))

    def dial(self, address: str, port: int, timeout: float, /) -> Stream:
        with self._told():
            return self._host.dial(address, port, self._within(timeout))

    def again(self) -> None:
        with self._told():
            self._within(0)
            self._host.again()

    def _within(self, seconds: float) -> float:
        self._limit.need_some_left(self._host)
        return min(seconds, self._limit.remaining)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What is given up for the sake of the limit says so, and nothing else does."""
        try:
            yield
        except HostError as error:
            self._limit.need_some_left(self._host, error)
            raise

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._host!r})"


class _TimedApi(_Timed):
    """Fulfils ApiHost, within a limit."""

    def __init__(self, host: ApiHost, limit: TimeLimit) -> None:
        super().__init__(host, limit)
        self._api = host

    @property
    def shelf(self) -> Shelf:
        return self._api.shelf

    def request(self, request: ApiRequest, /) -> ApiAnswer:
        with self._told():
            return self._api.request(replace(request, timeout=self._within(request.timeout)))
