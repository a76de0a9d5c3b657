"""Which lines of two texts correspond, found in time even where thousands of extensions changed.

difflib alone is quadratic where many equal blocks lie between many changes, as in a configuration where every
endpoint changed. So lines that stand with their next one only once in each text, as the head of an endpoint does, are
matched first, and difflib matches what lies between them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import Match, SequenceMatcher
from itertools import pairwise


class LineMatcher(SequenceMatcher[str]):
    """difflib's matcher of sequences, with the matching blocks found from unique lines outwards."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        super().__init__(None, (), ())
        self._before, self._after = before, after

    def get_matching_blocks(self) -> list[Match]:
        """Blocks in order, none next to another, and the empty one at the end that difflib promises."""
        blocks: list[Match] = []
        start = (0, 0)
        for end in (*_anchors(self._before, self._after), (len(self._before), len(self._after))):
            between = SequenceMatcher(None, self._before[start[0] : end[0]], self._after[start[1] : end[1]])
            for block in between.get_matching_blocks():
                _append(blocks, start[0] + block.a, start[1] + block.b, block.size)
            _append(blocks, *end, 1 if end[0] < len(self._before) else 0)
            start = (end[0] + 1, end[1] + 1)
        return [*blocks, Match(len(self._before), len(self._after), 0)]


def _append(blocks: list[Match], before: int, after: int, size: int) -> None:
    """Add a block, or let the last one grow."""
    if size == 0:
        return
    if blocks and (blocks[-1].a + blocks[-1].size, blocks[-1].b + blocks[-1].size) == (before, after):
        last = blocks.pop()
        before, after, size = last.a, last.b, last.size + size
    blocks.append(Match(before, after, size))


def _anchors(before: Sequence[str], after: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Places of lines that are unique in each text, as many as keep their order in both."""
    places = _places_of_unique_lines(after)
    pairs = [(place, places[lines]) for lines, place in _places_of_unique_lines(before).items() if lines in places]
    return _longest_rising(pairs)


def _places_of_unique_lines(lines: Sequence[str]) -> dict[tuple[str, str], int]:
    """By the line and its next: a name alone may head an endpoint, its auth and its aor."""
    counts = Counter(pairwise(lines))
    return {lines: place for place, lines in enumerate(pairwise(lines)) if counts[lines] == 1}


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The longest choice of pairs, which rise in the first, that rises in the second too (patience sorting)."""
    tops: list[int] = []  # the least end of a rising choice of each length
    ends: list[int] = []  # the pair that it ends with
    before: list[int] = []  # for each pair, the one that comes before it in its choice
    for number, (_, value) in enumerate(pairs):
        length = bisect_left(tops, value)
        before.append(ends[length - 1] if length else -1)
        tops[length : length + 1] = [value]
        ends[length : length + 1] = [number]
    chosen: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = before[number]
    return chosen[::-1]
