"""Log lines of a start or reload that mean the configuration was not taken whole. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.model.driver import Activation

if TYPE_CHECKING:
    from collections.abc import Iterable

# Only the sources that read configuration count: a busy PBX logs its phones' errors all the time.
_SOURCE = re.compile(
    r"(?:WARNING|ERROR)\[[^\]]*\](?:\[[^\]]*\])?:? "
    r"(?P<source>config(?:_options|_transport|_auth|_system|_global)?\.c|config\w*\.c|res_sorcery_config\.c|loader\.c|"
    r"pbx_config\.c|rtp_engine\.c|res_pjsip/config_\w+\.c|pjproject)(?::| )"
)
_CERTIFICATE = re.compile(r"certificate|private key|CA list", re.IGNORECASE)
_VARYING = re.compile(r"^\[[^\]]*\] |\[\d+\](?:\[C-[0-9a-f]+\])?|at line \d+|line \d+ of|\b0x[0-9a-f]+\b|:\d+(?= )")


def judge(answer: Iterable[tuple[str, str]]) -> Activation:
    """From an `activate` answer: complaints that the old configuration did not make; unknown without its lines."""
    new = [rest for word, rest in answer if word == "new"]
    old = {_without_varying(rest) for word, rest in answer if word == "old"}
    has_baseline = any(word == "baseline" for word, _ in answer)
    failures = tuple(rest for word, rest in answer if word == "complaint")
    said = tuple(line for line in new if _is_about_configuration(line) and _without_varying(line) not in old)
    if has_baseline:
        return Activation(complaints=(*failures, *said))
    return Activation(complaints=failures, unknown=said)


def _is_about_configuration(line: str) -> bool:
    match = _SOURCE.search(line)
    if match is None:
        return False
    return match["source"] != "pjproject" or _CERTIFICATE.search(line) is not None


def _without_varying(line: str) -> str:
    return _VARYING.sub("", line)
