"""Calls that prove a leg: the PBX makes one, and tells what it saw of it, or of one that it was called by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import dialplan, script
from confgen.drivers.asterisk.calls import heard_variable, leg_variable
from confgen.drivers.asterisk.pjsip import registers_here, transport_to
from confgen.drivers.asterisk.providers import transport_of
from confgen.model.inventory import Part
from confgen.model.leg import Called, NotCalled, NotRegistered, Witness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.host import Host
    from confgen.model.inventory import Pbx, TrunkEnd
    from confgen.model.provider import ProviderTrunk

_SHOWN = re.compile(r"^ *(method|verify_server) *: *(.*?) *$", re.MULTILINE)
_TOLD = {"1": True, "0": False}
_MEND = "`confgen explain DIAL-31` prints what to add"


def call_peer(host: Host, pbx: Pbx, trunk: TrunkEnd) -> Called | NotCalled | NotRegistered:
    """One call through the trunk to the peer's echo number, which nobody hears.

    A peer that registers here is called by the connection on which it has proven its password, and only there.
    """
    if trunk.peer_echo is None:
        return NotCalled(reason=f"{trunk.peer} has no echo number to call", mend="give it an echo_number")
    variable, transport = leg_variable(trunk.name), transport_to(pbx, trunk)
    answer = script.look(host, pbx, "leg", trunk.name, trunk.peer_echo, variable, transport)
    told = _called(pbx, trunk.name, "confgen-leg", script.blocks(answer))
    if registers_here(trunk) and isinstance(told, Called) and not told.contact:
        return NotRegistered(
            reason=f"{trunk.peer} has not registered at {pbx.name}, and is called nowhere else",
            mend=f"push {trunk.peer}; does it reach {pbx.domain}:{pbx.sip_port}, and trust the certificate there?",
        )
    return told


def call_outside(host: Host, pbx: Pbx, trunk: ProviderTrunk) -> Called | NotCalled:
    """One call through the trunk to its test number, ended a second after it is answered."""
    if trunk.test_number is None:
        return NotCalled(reason="the inventory names no number to call", mend="write its `test_number`")
    variable, transport = leg_variable(trunk.name), transport_of(pbx, trunk)
    answer = script.look(host, pbx, "test_call", trunk.name, variable, transport)
    return _called(pbx, trunk.name, "confgen-test", script.blocks(answer))


def heard_of_peer(host: Host, pbx: Pbx, trunk: TrunkEnd) -> Witness | NotCalled | None:
    """The newest call that came in by the trunk to our echo number, None where none has come."""
    blocks = script.blocks(script.look(host, pbx, "heard", trunk.name, heard_variable(trunk.name)))
    found = _witness(blocks, "heard")
    if found is None and Part.DIALPLAN not in pbx.manages:
        return NotCalled(reason="its dialplan leaves nothing of such a call", mend=_MEND)
    return found


def _called(pbx: Pbx, trunk: str, context: str, blocks: Mapping[str, str]) -> Called | NotCalled:
    if Part.DIALPLAN not in pbx.manages and context not in dialplan.contexts(blocks.get("dialplan", "")):
        return NotCalled(
            reason=f"your dialplan has no {trunk} in a context {context}, which tells what came of the call",
            mend=_MEND,
        )
    shown = dict(_SHOWN.findall(blocks.get("transport", "")))
    verified = shown.get("verify_server", "").casefold()
    seen = _witness(blocks, "seen")
    is_new = seen is not None and seen.age is not None and seen.age <= 0
    return Called(
        seen=seen if is_new else None,
        is_verifying={"yes": True, "no": False}.get(verified),
        contact=" ".join(blocks.get("qualify", "").split()),
        said=f"{shown['method']}, verify_server {verified}" if "method" in shown else "",
    )


def _witness(blocks: Mapping[str, str], title: str) -> Witness | None:
    """`EPOCH:SIGNALLING:MEDIA:CALL-ID`, as the dialplan leaves it; older ones leave less."""
    epoch, *rest = blocks.get(title, "").strip().split(":", 3)
    if not epoch.isdigit():
        return None
    if len(rest) < 3:  # noqa: PLR2004 -- as many as there are
        rest = ["", rest[0] if rest else "", ""]
    now = blocks.get("now", "").strip()  # of a call that was made: when it was begun
    return Witness(
        call=rest[2],
        age=float(now) - float(epoch) if now.isdigit() else None,
        is_signalling_secure=_TOLD.get(rest[0]),
        is_media_secure=_TOLD.get(rest[1]),
    )
