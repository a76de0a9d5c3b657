"""Writes confgen/model/numbering_plans.py anew, from the metadata of libphonenumber: `make tables`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import phonenumbers
import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TARGET = Path(__file__).parents[1] / "confgen" / "model" / "numbering_plans.py"
_OTHERS = ("fixed_line", "mobile", "toll_free", "shared_cost", "voip", "personal_number", "uan", "pager")
_MOST_WAYS = 40  # abroad, of one country; where carriers make more of them, those without a carrier are kept
_LONGEST = 9  # digits of such a way
_DEEPEST = 6  # digits that tell a number at a premium from another one
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
        region = regions[int(country)][0]
        if region != "001":  # no country: satellites, and services of the whole world
            plan = phonenumbers.PhoneMetadata.metadata_for_region(region)
            abroad, premium = ",".join(_abroad(plan)), ",".join(_premium(plan))
            yield f"{country} {plan.national_prefix or '-'} {abroad or '-'} {premium or '-'}"


def _abroad(plan: phonenumbers.PhoneMetadata) -> Sequence[str]:
    if not plan.international_prefix:
        return ()
    pattern = regex.compile(plan.international_prefix)
    found = [digits for digits in _beginnings(pattern, "", _LONGEST) if pattern.fullmatch(digits)]
    return found if len(found) <= _MOST_WAYS else [digits for digits in found if digits.startswith("00")]


def _beginnings(pattern: regex.Pattern[str], start: str, longest: int) -> Iterator[str]:
    """All digits that what the pattern takes can begin with."""
    if len(start) <= longest and pattern.fullmatch(start, partial=True):
        yield start
        for digit in "0123456789":
            yield from _beginnings(pattern, start + digit, longest)


def _premium(plan: phonenumbers.PhoneMetadata) -> Sequence[str]:
    own, others = _patterns(plan, ("premium_rate",)), _patterns(plan, _OTHERS)
    return [] if not own else list(_only_of(own, others, ""))


def _only_of(own: Sequence[regex.Pattern[str]], others: Sequence[regex.Pattern[str]], start: str) -> Iterator[str]:
    """The shortest digits with which nothing begins but what `own` take."""
    if not any(pattern.fullmatch(start, partial=True) for pattern in own):
        return
    if start and not any(pattern.fullmatch(start, partial=True) for pattern in others):
        yield start
    elif len(start) < _DEEPEST:
        for digit in "0123456789":
            yield from _only_of(own, others, start + digit)


def _patterns(plan: phonenumbers.PhoneMetadata, kinds: Sequence[str]) -> list[regex.Pattern[str]]:
    written = (getattr(plan, kind) for kind in kinds)
    texts = (numbers.national_number_pattern for numbers in written if numbers is not None)
    return [regex.compile(text) for text in texts if text and text != "NA"]


def _wrapped(row: str) -> Iterator[str]:
    """A row that is too long goes on behind a comma."""
    while len(row) > _WIDTH:
        end = row.rindex(",", 0, _WIDTH) + 1
        yield row[:end]
        row = row[end:]
    yield row


if __name__ == "__main__":
    main()
