"""Log lines of a start or reload that mean the configuration was not taken whole. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import sensitive
from confgen.model.driver import Activation

if TYPE_CHECKING:
    from collections.abc import Iterable

# Only the sources that read configuration count: a busy PBX logs its phones' errors all the time.
# The source stands right behind the time and level; further on in the line stands what anybody may have sent.
_SOURCE = re.compile(
    r"\[[^\]]*\] (?:WARNING|ERROR)\[[^\]]*\](?:\[[^\]]*\])?:? "
    r"(?P<source>(?:res_pjsip/)?config\w*\.c|res_sorcery_config\.c|loader\.c|pbx_config\.c|rtp_engine\.c|pjproject)"
    r"(?::| )(?P<said>.*)"
)
# A phone that does not like our certificate, or shows none of its own, is logged by pjproject too.
_UNREADABLE_FILE = re.compile(r"Error (?:loading certificate chain file|adding private key from|loading CA list)")
_LINE_NUMBER = re.compile(r" at line \d+ of")  # behind the value in `Error parsing NAME=VALUE at line 7 of `
_VARYING = re.compile(r"^\[[^\]]*\] |\[\d+\](?:\[C-[0-9a-f]+\])?|at line \d+|line \d+ of|\b0x[0-9a-f]+\b|:\d+(?= )")


def judge(answer: Iterable[tuple[str, str]]) -> Activation:
    """From an `activate` answer: complaints that the old configuration did not make; unknown without its lines."""
    new = [rest for word, rest in answer if word == "new"]
    old = {without_varying(rest) for word, rest in answer if word == "old"}
    has_baseline = any(word == "baseline" for word, _ in answer)
    failures = tuple(rest for word, rest in answer if word == "complaint")
    said = tuple(masked(line) for line in new if is_about_configuration(line) and without_varying(line) not in old)
    if has_baseline:
        return Activation(complaints=(*failures, *said))
    return Activation(complaints=failures, unknown=said)


def is_about_configuration(line: str) -> bool:
    """Whether a line of the log comes from what reads configuration."""
    match = _SOURCE.match(line)
    if match is None:
        return False
    return match["source"] != "pjproject" or _UNREADABLE_FILE.search(match["said"]) is not None


def without_varying(line: str) -> str:
    """A line of the log without what differs from one start to the next."""
    return _VARYING.sub("", line)


def masked(line: str) -> str:
    """A line of the log without the secrets that Asterisk writes there where it does not like an option's value."""
    pieces: list[str] = []
    at = 0
    for start, stop in sorted(sensitive.in_prose(line)):
        if start < at:  # a credential within what is masked already
            continue
        number = _LINE_NUMBER.search(line, start, stop)
        pieces += (line[at:start], "***")
        at = stop if number is None else number.start()
    return "".join((*pieces, line[at:]))
