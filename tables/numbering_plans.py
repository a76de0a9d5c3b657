"""Writes confgen/model/numbering_plans.py anew, from the metadata of libphonenumber: `make tables`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined]  # what `re` itself reads patterns with
from typing import TYPE_CHECKING, Any

import phonenumbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

TARGET = Path(__file__).parents[1] / "confgen" / "model" / "numbering_plans.py"
_OTHERS = ("fixed_line", "mobile", "toll_free", "shared_cost", "voip", "personal_number", "uan", "pager")
_MOST_WAYS = 40  # abroad, of one country; where carriers make more of them, those without a carrier are kept
_LONGEST = 9  # digits of such a way
_LONGEST_EMERGENCY = 4  # digits; what is longer could be anybody's number
_DEEPEST = 6  # digits that tell a number at a premium from another one
_LONGEST_NUMBER = 15  # digits, ITU-T E.164
_DIGITS = "0123456789"
_WIDTH = 116


def main() -> None:
    """Write the table."""
    text = TARGET.read_text(encoding="utf-8")
    text = re.sub(r"libphonenumber \S+ by", f"libphonenumber {phonenumbers.__version__} by", text)
    text = re.sub(r"on \d{4}-\d\d-\d\d\.", f"on {datetime.now(UTC):%Y-%m-%d}.", text)
    head, _, _ = text.partition('ROWS = """\n')
    rows = "\n".join(line for row in _rows() for line in _wrapped(row))
    TARGET.write_text(f'{head}ROWS = """\n{rows}\n"""\n', encoding="utf-8")


def _rows() -> Iterator[str]:
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    for country in sorted(map(str, regions)):
        names = regions[int(country)]
        if names[0] != "001":  # no country: satellites, and services of the whole world
            plans = [phonenumbers.PhoneMetadata.metadata_for_region(name) for name in names]
            main = plans[0]
            columns = (",".join(found) or "-" for found in (_abroad(main), _premium(plans), _emergency(names)))
            yield " ".join((country, main.national_prefix or "-", *columns))


def _abroad(plan: phonenumbers.PhoneMetadata) -> Sequence[str]:
    if not plan.international_prefix:
        return ()
    found = _all_of(plan.international_prefix, _LONGEST)
    return found if len(found) <= _MOST_WAYS else [digits for digits in found if digits.startswith("00")]


def _emergency(regions: Iterable[str]) -> Sequence[str]:
    """The emergency numbers of all that share a country code; an X is every digit."""
    plans = (phonenumbers.PhoneMetadata.short_metadata_for_region(region) for region in regions)
    kinds = [plan.emergency for plan in plans if plan is not None and plan.emergency is not None]
    patterns = (kind.national_number_pattern for kind in kinds if kind.national_number_pattern)
    found = {number for pattern in patterns for number in _all_of(pattern, _LONGEST_EMERGENCY)}
    for length in range(_LONGEST_EMERGENCY, 1, -1):
        for start in {number[: length - 1] for number in found if len(number) >= length}:
            ten = {number for number in found if number[: length - 1] == start and len(number) >= length}
            ends = {number[length:] for number in ten}
            if len(ends) == 1 and len(ten) == len("0123456789"):
                found = found - ten | {f"{start}X{ends.pop()}"}
    return sorted(found)


def _all_of(text: str, longest: int) -> Sequence[str]:
    """Everything that a pattern takes, up to a length."""
    return [digits for digits in _beginnings(text, "", longest) if len(digits) in _lengths(text, digits)]


def _beginnings(text: str, start: str, longest: int) -> Iterator[str]:
    """All digits that what the pattern takes can begin with."""
    if len(start) <= longest and _lengths(text, start):
        yield start
        for digit in _DIGITS:
            yield from _beginnings(text, start + digit, longest)


def _premium(plans: Sequence[phonenumbers.PhoneMetadata]) -> Iterator[str]:
    """What numbers at a premium begin with, and their fewest digits; of all that share a country code."""
    return _only_of(_patterns(plans, ("premium_rate",)), _patterns(plans, _OTHERS), "")


def _only_of(own: Sequence[str], others: Sequence[str], start: str) -> Iterator[str]:
    """The shortest digits with which nothing begins but what `own` take; with a `+`, nothing that is as long."""
    lengths = {length for text in own for length in _lengths(text, start)}
    if not lengths:
        return
    theirs = {length for text in others for length in _lengths(text, start)}
    if start and not theirs:
        yield f"{start}/{min(lengths)}"
    elif start and min(lengths) > max(theirs):
        yield f"{start}/{min(lengths)}+"
    elif len(start) < _DEEPEST:
        for digit in _DIGITS:
            yield from _only_of(own, others, start + digit)


def _patterns(plans: Iterable[phonenumbers.PhoneMetadata], names: Sequence[str]) -> list[str]:
    kinds = (getattr(plan, name) for plan in plans for name in names)
    texts = (kind.national_number_pattern for kind in kinds if kind is not None)
    return [text for text in texts if text and text != "NA"]


def _lengths(text: str, start: str) -> frozenset[int]:
    """How long the numbers are that a pattern takes and that begin with these digits."""
    return frozenset(length for length in _walked(_parsed(text), {0}, start) if length >= len(start))


@cache
def _parsed(text: str) -> Sequence[tuple[object, Any]]:
    return list(parser.parse(text))


def _walked(signs: Iterable[tuple[object, Any]], lengths: set[int], start: str) -> set[int]:
    """The lengths behind some signs of a pattern, from those before them."""
    for kind, value in signs:
        match str(kind):
            case "BRANCH":
                lengths = set().union(*(_walked(branch, lengths, start) for branch in value[1]))
            case "SUBPATTERN":
                lengths = _walked(value[-1], lengths, start)
            case "MAX_REPEAT":
                fewest, most, repeated = value
                found = set[int]()
                for times in range(min(most, _LONGEST_NUMBER) + 1):
                    found |= lengths if times >= fewest else set()
                    lengths = _walked(repeated, lengths, start)
                lengths = found
            case "LITERAL":
                lengths = {length + 1 for length in lengths if start[length : length + 1] in {"", chr(value)}}
            case "IN":
                members = {*_members(value), ""}
                lengths = {length + 1 for length in lengths if start[length : length + 1] in members}
            case _:
                raise ValueError(f"{kind} in a pattern of numbers is not known")
    return lengths


def _members(written: Iterable[tuple[object, Any]]) -> Iterator[str]:
    for kind, value in written:
        match str(kind):
            case "LITERAL":
                yield chr(value)
            case "RANGE":
                yield from map(chr, range(value[0], value[1] + 1))
            case _:
                yield from _DIGITS  # \d


def _wrapped(row: str) -> Iterator[str]:
    """A row that is too long goes on behind a comma."""
    while len(row) > _WIDTH:
        end = row.rindex(",", 0, _WIDTH) + 1
        yield row[:end]
        row = row[end:]
    yield row


if __name__ == "__main__":
    main()
