"""Registered phones that a change may silence: of none of them 3CX tells from where it comes, or how. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.objects import USERS
from confgen.drivers.threecx.rollout import DISABLED, ENFORCED
from confgen.drivers.threecx.texts import Fields, fields_of
from confgen.model.plan import CutOff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from confgen.model.document import Document
    from confgen.model.driver import Observation

_SRTP = (
    "SRTP is off for it now and would be demanded at once, so that it goes silent if it cannot encrypt: name it in "
    "`migration` first, which asks for SRTP and demands it once it is taken out"
)
# What refuses somebody once it is true.
_REFUSING: Mapping[str, str] = {
    "AllowLanOnly": "what comes from outside is let in for it now and would be refused at once, so that it cannot come "
    "back if it is outside: write `lan_only: false` for it, or bring it through the tunnel first",
    "BlockTunnel": "the tunnel is open for it now and would be closed at once, so that it cannot come back by it: "
    "leave `block_tunnel` out for it, or let it register otherwise first",
}


def silenced(observation: Observation, texts: Mapping[str, str], documents: Collection[Document]) -> Sequence[CutOff]:
    """One for each phone, with all its reasons; what the PBX does not tell counts as open."""
    wanted = {document.key: document.reveal() for document in documents if document.key.startswith(f"{USERS.name}/")}
    found = []
    for contact in observation.contacts:
        key = f"{USERS.name}/{contact.extension}"
        if key not in wanted or key not in texts:
            continue
        reasons = list(_reasons(fields_of(texts[key]), fields_of(wanted[key])))
        if reasons:
            where = "registered, 3CX does not tell from where"
            found.append(CutOff(extension=contact.extension, contact=where, reason="; ".join(reasons)))
    return found


def _reasons(was: Fields, becomes: Fields) -> Iterator[str]:
    if (_mode(was), _mode(becomes)) == (DISABLED, ENFORCED):
        yield _SRTP
    for name, words in _REFUSING.items():
        if becomes.get(name) is True and was.get(name) is not True:
            yield words


def _mode(fields: Mapping[str, Any]) -> str:
    """Of a user; one of whom none is told has what 3CX gives a new user."""
    told = fields.get("SRTPMode")
    return told if isinstance(told, str) else DISABLED
