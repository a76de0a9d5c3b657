"""An API in memory, for tests: a function answers, and every request can be made to fail before or after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from confgen.model.api import ApiAnswer, ApiRequest
from confgen.model.host import Command, Completed, HostError
from confgen.model.stream import Refused, Stream
from tests.remote.memory_shelf import MemoryShelf


@dataclass(frozen=True, kw_only=True)
class Cut:
    """The link breaks at a request: before it is carried out, or after, so that its answer is lost."""

    at: int  # the first request is 0
    is_after: bool = False
    error: BaseException = field(default_factory=lambda: HostError("the connection was lost"))


@dataclass(kw_only=True)
class MemoryApiHost:
    """Fulfils ApiHost; `asked` has every request in order, those that were cut too."""

    answer: Callable[[ApiRequest], ApiAnswer]
    name: str = "site"
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    cut: Cut | None = None
    stays_cut: bool = False  # until `again`
    asked: list[ApiRequest] = field(default_factory=list)
    reconnections: int = 0
    is_reachable: bool = True  # anew
    _is_lost: bool = False

    def request(self, request: ApiRequest, /) -> ApiAnswer:
        number = len(self.asked)
        self.asked.append(request)
        if self._is_lost:
            raise HostError("the connection was lost")
        is_cut = self.cut is not None and self.cut.at == number
        if self.cut is not None and is_cut and not self.cut.is_after:
            self._is_lost = self.stays_cut
            raise self.cut.error
        answer = self.answer(request)
        if self.cut is not None and is_cut:
            self._is_lost = self.stays_cut
            raise self.cut.error
        return answer

    @property
    def changes(self) -> list[ApiRequest]:
        """What was asked for and would change something."""
        return [request for request in self.asked if request.changes]

    def run(self, _command: Command, /) -> Completed:
        raise HostError("this PBX has no SSH")

    def dial(self, _address: str, _port: int, _timeout: float, /) -> Stream:
        raise Refused("nothing listens")

    def again(self) -> None:
        self.reconnections += 1
        if not self.is_reachable:
            raise HostError("the host cannot be reached")
        self._is_lost = False
