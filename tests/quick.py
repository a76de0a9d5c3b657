"""Which of many cases of one kind the quick run has; the full run has them all."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from _pytest.mark import ParameterSet


def each(step: int, cases: Iterable[object], *, first: int = 0) -> list[ParameterSet]:
    """All cases, for a parameter, and all but each so many of them marked for the full run; a tuple is many values."""
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=() if is_quick else pytest.mark.full)
        for case, is_quick in ((case, number % step == first) for number, case in enumerate(cases))
    ]
