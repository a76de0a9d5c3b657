"""Renews confgen/drivers/asterisk/advisories.json from what GitHub lists: `make tables`.

It reads the answers of `GET /repos/asterisk/asterisk/security-advisories`, one JSON list after another, from standard
input. What was written here by hand, `about` and `needs`, stays; a new advisory gets GitHub's summary until somebody
says it better.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TARGET = Path(__file__).parents[1] / "confgen" / "drivers" / "asterisk" / "advisories.json"
_GRAVEST_FIRST = ("critical", "high", "medium", "low", None)
_RELEASE = re.compile(r"(?<![\w.-])(\d{2})\.(\d+)\.(\d+)(?![\w.-])")  # not one with certified support, 20.7-cert9


def main() -> None:
    """Write the table."""
    table = json.loads(TARGET.read_text(encoding="utf-8"))
    listed = [advisory for answer in _answers(sys.stdin.read()) for advisory in answer]
    TARGET.write_text(written(renewed(table, listed, day=f"{datetime.now(UTC):%Y-%m-%d}")), encoding="utf-8")


def renewed(table: Mapping[str, Any], listed: Iterable[Mapping[str, Any]], *, day: str) -> Mapping[str, Any]:
    """The table with what is listed on a day; what is listed no more stays, for a release has it all the same."""
    rows = {row["name"]: row for row in table["gravest_first"]}
    new = []
    minimum = dict(table["safe_minimum"])
    for advisory in sorted(listed, key=lambda one: _GRAVEST_FIRST.index(one.get("severity"))):
        mended = _mended(advisory)
        name = advisory["ghsa_id"]
        if name in rows:
            rows[name] = {**rows[name], "mended": {**rows[name]["mended"], **mended}}
        elif mended:
            new.append({"name": name, "about": advisory["summary"], "mended": mended})
        for branch in minimum.keys() & mended.keys():
            minimum[branch] = max(minimum[branch], mended[branch], key=_parts)
    return {"as_of": day, "safe_minimum": minimum, "gravest_first": [*new, *rows.values()]}


def written(table: Mapping[str, Any]) -> str:
    """The table with an advisory on each line."""
    rows = ",\n".join(f"    {json.dumps(row)}" for row in table["gravest_first"])
    head = f'{{\n  "as_of": {json.dumps(table["as_of"])},\n  "safe_minimum": {json.dumps(table["safe_minimum"])},\n'
    return f'{head}  "gravest_first": [\n{rows}\n  ]\n}}\n'


def _mended(advisory: Mapping[str, Any]) -> dict[str, str]:
    """By branch, the first release without the fault."""
    texts = (one.get("patched_versions") or "" for one in advisory.get("vulnerabilities") or ())
    releases = sorted((match[0] for text in texts for match in _RELEASE.finditer(text)), key=_parts, reverse=True)
    return {release.partition(".")[0]: release for release in releases}


def _parts(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))


def _answers(text: str) -> Iterator[list[Mapping[str, Any]]]:
    decoder, position = json.JSONDecoder(), 0
    while text[position:].strip():
        position += len(text[position:]) - len(text[position:].lstrip())
        answer, position = decoder.raw_decode(text, position)
        yield answer


if __name__ == "__main__":
    main()
