"""What Asterisk logged of its configuration since the active generation was activated. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk.complaints import reader, without_varying
from confgen.drivers.asterisk.spoken import masked
from confgen.drivers.asterisk.verdicts import question
from confgen.model.check import Evidence
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confgen.model.check import Check
    from confgen.model.inventory import Pbx

_MEND = "mend what it names and let Asterisk read it again; `asterisk -rx 'logger rotate'` then begins a log without it"
_SHOWN = 20  # lines


def checks(pbx: Pbx, blocks: Mapping[str, str]) -> Iterator[Check]:
    """STATE-10, from the block `logged`.

    Only a line that nobody but Asterisk can have written fails. What a phone may have sent, what the user's own files
    may have caused and what may have been said before, too, is shown and proves nothing.
    """
    asked = question("STATE-10", "log")
    lines = [(word, rest) for word, _, rest in (line.partition(" ") for line in blocks.get("logged", "").split("\n"))]
    words = {word for word, _ in lines}
    if "known" not in words:
        yield asked.not_checked("the host does not remember what was logged when this generation was activated")
        return
    said, doubtful = (_complaints(lines, word) for word in ("new", "doubtful"))
    evidence = Evidence(title="log of Asterisk", text="\n".join((said + doubtful)[:_SHOWN]))
    if said and _is_judged(pbx, lines):
        told = f"Asterisk complained of its configuration {len(said)} time(s) since it was activated: {said[0]}"
        yield asked.failed(told, _MEND).with_evidence(evidence)
    elif said:
        told = f"Asterisk complained {len(said)} time(s), perhaps of what is your own, or as ever: {said[0]}"
        yield asked.not_checked(told).with_evidence(evidence)
    elif doubtful:
        told = f"{len(doubtful)} line(s) look like complaints of the configuration, and a phone may have sent them"
        yield asked.not_checked(told).with_evidence(evidence)
    elif "cut" in words:
        yield asked.not_checked("more was logged since the configuration was activated than is looked through")
    else:
        yield asked.passed("nothing was logged against the configuration since it was activated")


def _complaints(lines: list[tuple[str, str]], wanted: str) -> tuple[str, ...]:
    """Those that were not made before; what a module says that did not load is told by the modules themselves."""
    old = {without_varying(rest) for word, rest in lines if word == "old"}
    return tuple(
        masked(rest)
        for word, rest in lines
        if word == wanted and reader(rest) not in {None, "loader.c"} and without_varying(rest) not in old
    )


def _is_judged(pbx: Pbx, lines: list[tuple[str, str]]) -> bool:
    """Whether all that Asterisk reads is confgen's, and what it said of it before is known."""
    is_known = ("started", "since") not in lines or ("known", "restart") in lines
    return is_known and set(Part) - {Part.CERTIFICATES} <= pbx.manages
