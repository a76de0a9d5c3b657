"""What is found on one PBX, however little of it can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers import driver_of
from confgen.model.check import Vantage
from confgen.model.found import Found, asked
from confgen.model.result import Outcome, Result
from confgen.model.words import count
from confgen.streams.tcp import Address, Refused, WireError, connect, dialled
from confgen.verify.target import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from confgen.fleet.connections import Connections
    from confgen.model.inventory import Pbx
    from confgen.push import Step
    from confgen.streams.tcp import Dial


def examine_one(connections: Connections, pbx: Pbx, step: Step, *, outward: Dial = connect) -> Result:
    """Ask the PBX by its driver, and knock at its door for encrypted calls; `outward` dials from this machine."""
    step("connecting")
    found = [*asked("connection", lambda: _reached(connections, pbx))]
    if all(one.is_ok for one in found):
        step("looking")
        found += driver_of(pbx.kind).examine(connections.to(pbx), pbx)
    step("knocking")
    found += _doors(pbx, outward)
    outcome, message = judged(found)
    return Result(pbx=pbx.name, outcome=outcome, message=message, found=tuple(found))


def judged(found: Collection[Found]) -> tuple[Outcome, str]:
    """What it means together, and that in a line; what is wrong hides what could not be told. Pure."""
    wrong = sum(one.is_ok is False for one in found)
    untold = sum(one.is_ok is None for one in found)
    told = ([f"{count(wrong, 'thing')} wrong"] if wrong else []) + ([f"{untold} not told"] if untold else [])
    if wrong:
        return Outcome.FAULTY, ", ".join(told)
    if untold or not found:
        return Outcome.UNKNOWN, ", ".join(told) or "nothing was looked at"
    return Outcome.SOUND, f"{count(len(found), 'thing')} looked at"


def _reached(connections: Connections, pbx: Pbx) -> Iterator[Found]:
    connections.to(pbx)
    if pbx.api is not None and pbx.api.is_direct:
        yield Found(subject="connection", found=f"straight to the API of {pbx.api.name}, without SSH")
        return
    key = "the key that the inventory names" if pbx.ssh.host_key is not None else "a key that known_hosts has"
    yield Found(subject="connection", found=f"SSH to {pbx.ssh.address}, which showed {key}")


def _doors(pbx: Pbx, outward: Dial) -> Iterator[Found]:
    """Whether this machine gets to the port of SIP over TLS; a PBX that is proven from its host needs no such way."""
    subject = "from here"
    if pbx.verification.vantage is Vantage.HOST:
        yield Found(
            subject=subject, found="not tried: the inventory has it proven from its host (`verify: {from: host}`)"
        )
        return
    address = Address(host=pbx.ssh.address, port=pbx.sip_port)
    try:
        with dialled(outward, address, TIMEOUT):
            yield Found(subject=subject, found=f"the port of SIP over TLS, {pbx.sip_port}, takes connections")
    except Refused:
        yield Found(subject=subject, found=f"nothing listens on the port of SIP over TLS, {pbx.sip_port}, now")
    except WireError as error:
        yield Found(
            subject=subject,
            found=f"no way to the port of SIP over TLS, {pbx.sip_port}: {error}",
            advice="let this machine through its firewall, or write verify: {from: host}",
            is_ok=None,
        )
