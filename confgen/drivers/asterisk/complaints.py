"""Log lines of a start or reload that mean the configuration was not taken whole. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.spoken import masked
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
_VARYING = re.compile(r"^\[[^\]]*\] |\[\d+\](?:\[C-[0-9a-f]+\])?|at line \d+|line \d+ of|\b0x[0-9a-f]+\b|:\d+(?= )")


def judge(answer: Iterable[tuple[str, str]]) -> Activation:
    """From an `activate` answer: complaints that the old configuration did not make.

    Unknown is what stands behind the first word of somebody who may have sent anything, and without the old
    configuration's lines, everything.
    """
    lines = tuple(answer)
    old = {without_varying(rest) for word, rest in lines if word == "old"}
    failures = tuple(rest for word, rest in lines if word == "complaint")
    said, doubtful = (
        tuple(
            masked(rest)
            for word, rest in lines
            if word == wanted and is_about_configuration(rest) and without_varying(rest) not in old
        )
        for wanted in ("new", "doubtful")
    )
    if any(word == "baseline" for word, _ in lines):
        return Activation(complaints=(*failures, *said), unknown=doubtful)
    return Activation(complaints=failures, unknown=(*said, *doubtful))


def is_about_configuration(line: str) -> bool:
    """Whether a line of the log comes from what reads configuration."""
    return reader(line) is not None


def reader(line: str) -> str | None:
    """What reads configuration and logged a line: its source file, or pjproject; None where it is another's."""
    match = _SOURCE.match(line)
    if match is None or (match["source"] == "pjproject" and _UNREADABLE_FILE.search(match["said"]) is None):
        return None
    return match["source"]


def without_varying(line: str) -> str:
    """A line of the log without what differs from one start to the next."""
    return _VARYING.sub("", line)
