"""SRTP in two steps: asked for while a phone is not ready, and demanded once it is. Pure.

`SRTPEnabled` offers both in one SDP and takes either, `SRTPEnforced` takes SRTP only: a phone that cannot encrypt yet
goes silent by it. `migration` names the extensions that stand at the first step, who answers for them and until when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confgen.model.check import Check, Question
    from confgen.model.inventory import Extension, Pbx

ENFORCED = "SRTPEnforced"
ENABLED = "SRTPEnabled"  # both: the phone chooses
DISABLED = "SRTPDisabled"


def srtp_mode(pbx: Pbx, extension: Extension) -> str:
    """What `User.SRTPMode` is to be."""
    return ENABLED if is_waived(pbx, extension.number) else ENFORCED


def is_waived(pbx: Pbx, number: str) -> bool:
    """Whether somebody answers for this extension's phone, which may call in clear."""
    return pbx.migration is not None and number in pbx.migration.extensions


def srtp_check(pbx: Pbx, question: Question, number: str, mode: str | None) -> Check:
    """The verdict over the `SRTPMode` that was read back; None where the PBX told none."""
    if mode is None:
        return question.unknown(f"3CX does not tell whether the extension {number} demands SRTP")
    if mode == ENFORCED:
        return question.passed(f"the extension {number} takes SRTP only")
    if mode == ENABLED and pbx.migration is not None and is_waived(pbx, number):
        return question.waived(pbx.migration.words, f"the extension {number} takes RTP in clear besides SRTP")
    taken = "takes RTP in clear besides SRTP" if mode == ENABLED else f"takes RTP in clear ({mode})"
    return question.failed(f"the extension {number} {taken}", "`confgen push` makes it demand SRTP")
