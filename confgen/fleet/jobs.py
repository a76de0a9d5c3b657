"""Jobs that are made when they are begun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, TypeVar, overload

from confgen.fleet.job import Job

if TYPE_CHECKING:
    from collections.abc import Callable

_What = TypeVar("_What")


class Jobs(Sequence[Job], Generic[_What]):
    """One job for each of these, made anew whenever it is asked for: thousands that wait take no memory."""

    def __init__(self, whats: Sequence[_What], job_of: Callable[[_What], Job]) -> None:
        self._whats = whats
        self._job_of = job_of

    @overload
    def __getitem__(self, which: int) -> Job: ...

    @overload
    def __getitem__(self, which: slice) -> Jobs[_What]: ...

    def __getitem__(self, which: int | slice) -> Job | Jobs[_What]:
        if isinstance(which, slice):
            return Jobs(self._whats[which], self._job_of)
        return self._job_of(self._whats[which])

    def __len__(self) -> int:
        return len(self._whats)
