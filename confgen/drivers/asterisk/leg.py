"""Whether a trunk carries an encrypted call: the PBX calls its peer's echo number and tells what it saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk import dialplan, script
from confgen.drivers.asterisk.calls import leg_variable
from confgen.model.check import Check, Level, Question, Vantage
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx, TrunkEnd


def prove_leg(host: Host, pbx: Pbx, trunk: TrunkEnd) -> Check:
    """A call through the trunk: TLS with the peer's name verified, both ends authenticated, SRTP when answered."""
    subject = f"{trunk.name} to {trunk.peer}"
    answered, encrypted = _question("CALL-01", subject), _question("CALL-02", subject)
    if trunk.peer_echo is None:
        return answered.unknown(f"{trunk.peer} has no echo number to call", "give it an echo_number")
    blocks = script.blocks(script.look(host, pbx, "leg", trunk.name, trunk.peer_echo, leg_variable(trunk.name)))
    if Part.DIALPLAN not in pbx.manages and "confgen-leg" not in dialplan.contexts(blocks.get("dialplan", "")):
        return answered.unknown(
            f"your dialplan has no {trunk.name} in a context confgen-leg, which tells what came of the call",
            "`confgen explain DIAL-31` prints what to add",
        )
    begun, seen = blocks.get("begun", "").strip(), blocks.get("seen", "").strip()
    time, _, secure = seen.partition(":")
    if not (begun.isdigit() and time.isdigit() and int(time) >= int(begun)):
        contact = " ".join(blocks.get("qualify", "").split())
        return answered.failed(
            f"a call through the trunk was not answered ({contact or 'no contact'})",
            f"is {trunk.peer} up, does {trunk.peer_domain} resolve here, and does its certificate carry that name?",
        )
    if secure != "1":
        return encrypted.failed("a call through the trunk was answered without SRTP", "push both ends again")
    return encrypted.passed(f"a call to {trunk.peer_echo} at {trunk.peer_domain} was answered over TLS with SRTP")


def _question(code: str, subject: str) -> Question:
    return Question(code=code, level=Level.CALL, subject=subject, vantage=Vantage.INSIDE)
