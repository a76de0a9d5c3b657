"""Answers that are worked out once, whoever asks for them, and from however many threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

_Question = TypeVar("_Question", bound=Hashable)
_Answer = TypeVar("_Answer")


class Once(Generic[_Question, _Answer]):
    """An answer for each question; who asks while it is worked out waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[_Question, Future[_Answer]] = {}

    def answer(self, question: _Question, work: Callable[[], _Answer]) -> _Answer:
        """What `work` gave or raised when the question was first asked."""
        with self._lock:
            known = self._answers.get(question)
            if known is None:
                mine = self._answers[question] = Future()
        if known is not None:
            return known.result()
        try:
            mine.set_result(work())
        except BaseException as error:  # also for those who wait
            mine.set_exception(error)
            raise
        return mine.result()

    def forget(self, question: _Question) -> None:
        """Work it out anew for who asks next; what was never asked is forgotten already."""
        with self._lock:
            self._answers.pop(question, None)
