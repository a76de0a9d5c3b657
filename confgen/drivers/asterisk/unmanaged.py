"""Level *state* of the parts that confgen does not manage: the user's own, checked by reading back. Pure."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import answers, dialplan
from confgen.drivers.asterisk.modules import needed
from confgen.drivers.asterisk.verdicts import all_or_each, question
from confgen.model.inventory import PortRange

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from confgen.drivers.asterisk.configuration import Section
    from confgen.model.check import Check
    from confgen.model.inventory import Pbx

_ECHO_HELP = "`confgen explain DIAL-31` prints what to add to your dialplan"
_BOUND = re.compile(r"^(?P<tls>HTTPS )?Server Enabled and Bound to (?P<bind>\S+)", re.MULTILINE)
_BIND = re.compile(r"\[?(?P<address>[0-9A-Fa-f.:]+?)\]?:(?P<port>\d+)")

Bind = tuple[str, int]  # address and port


def module_checks(pbx: Pbx, blocks: Mapping[str, str]) -> Iterator[Check]:
    """What encrypted calls need must run; what else runs is the user's, and its doors are seen as sockets."""
    running = answers.running_modules(blocks.get("module show", ""))
    if not running:
        yield question("STATE-04", "modules").unknown("Asterisk did not tell its modules")
        return
    missing = [name for name in needed(pbx) if name not in running]
    load = "load it in your modules.conf, then restart Asterisk"
    is_srtp_missing = [("res_srtp", "the module res_srtp does not run: no media can be encrypted")]
    yield from all_or_each(
        "SRTP-04", "res_srtp", is_srtp_missing if "res_srtp" in missing else [], "the module res_srtp runs", load
    )
    yield from all_or_each(
        "STATE-04",
        "modules",
        [(name, f"the module {name} does not run") for name in missing if name != "res_srtp"],
        "the modules that encrypted calls need run; the others are your own",
        load,
    )


def media_checks(pbx: Pbx, blocks: Mapping[str, str]) -> Iterator[Check]:
    """The user's rtp.conf as Asterisk has it: ports, strict RTP, SRTP's protection against replay."""
    told = told_ports(blocks)
    if told is None:
        yield question("STATE-05", "rtp").unknown("Asterisk did not tell its RTP ports")
    elif pbx.rtp_ports is None:
        yield question("STATE-05", "rtp").passed(f"media uses the UDP ports {told}, which are your own")
    elif told == pbx.rtp_ports:
        yield question("STATE-05", "rtp").passed(f"media uses the UDP ports {told}")
    else:
        yield question("STATE-05", "rtp").failed(
            f"media uses the UDP ports {told}, the inventory says {pbx.rtp_ports}",
            "write the same ports into rtp.conf and into `rtp.ports`",
        )
    yield from protection_checks(blocks, "write {option} = yes into [general] of your rtp.conf")


def protection_checks(blocks: Mapping[str, str], mend: str) -> Iterator[Check]:
    """Strict RTP, and SRTP's protection against replay; `{option}` in what mends it is rtp.conf's."""
    rtp = answers.settings(blocks.get("rtp show settings", ""))
    for code, setting, words, option in (
        ("SRTP-09", "Strict RTP", "strict RTP", "strictrtp"),
        ("SRTP-10", "Replay Protect", "SRTP's protection against replay", "srtpreplayprotection"),
    ):
        match rtp.get(setting):
            case None:
                yield question(code, "rtp").unknown(f"Asterisk did not tell whether {words} is on")
            case "Yes":
                yield question(code, "rtp").passed(f"{words} is on")
            case value:
                yield question(code, "rtp").failed(f"{words} is {value.lower()}", mend.format(option=option))


def told_ports(blocks: Mapping[str, str]) -> PortRange | None:
    """The RTP ports as Asterisk tells them."""
    rtp = answers.settings(blocks.get("rtp show settings", ""))
    first, last = rtp.get("Port start", ""), rtp.get("Port end", "")
    return PortRange(first=int(first), last=int(last)) if first.isdigit() and last.isdigit() else None


def management_checks(blocks: Mapping[str, str]) -> Iterator[Check]:
    """The user's AMI and HTTP server may listen on loopback, or with TLS; what they log is not looked at."""
    manager = answers.settings(blocks.get("manager show settings", ""))
    if "Manager (AMI)" not in manager:
        yield question("MGMT-04", "AMI").unknown("Asterisk did not tell whether the manager interface (AMI) is on")
    else:
        clear, tls = _ami_binds(manager)
        yield from _management("MGMT-04", "AMI", "the manager interface (AMI)", clear, tls)
    http = blocks.get("http show status", "")
    if not http:
        yield question("MGMT-05", "HTTP").unknown("Asterisk did not tell whether the HTTP server is on")
    else:
        clear, tls = _http_binds(http)
        yield from _management("MGMT-05", "HTTP", "the HTTP server", clear, tls)
    yield question("MGMT-03", "security log").not_checked("what is logged is your own: `management` is not managed")


def management_binds(blocks: Mapping[str, str]) -> frozenset[Bind]:
    """Where the AMI and the HTTP server say that they listen."""
    ami = _ami_binds(answers.settings(blocks.get("manager show settings", "")))
    http = _http_binds(blocks.get("http show status", ""))
    return frozenset(bind for binds in (*ami, *http) for bind in binds)


def _management(code: str, subject: str, words: str, clear: Collection[Bind], tls: Collection[Bind]) -> Iterator[Check]:
    seen = ", ".join(sorted(f"{address} port {port}" for address, port in {*clear, *tls}))
    yield from all_or_each(
        code,
        subject,
        [
            (subject, f"{words} listens without TLS on {address} port {port}, where others can hear it")
            for address, port in clear
            if not ipaddress.ip_address(address).is_loopback
        ],
        f"{words} is your own, and listens on {seen}" if seen else f"{words} is off",
        "bind it to 127.0.0.1, or switch on its TLS and its clear port off",
    )


def _ami_binds(manager: Mapping[str, str]) -> tuple[Collection[Bind], Collection[Bind]]:
    """In clear, and with TLS."""
    if manager.get("Manager (AMI)") == "No":
        return (), ()
    clear = _binds(manager.get("TCP Bindaddress", ""))
    return clear, _binds(manager.get("TLS Bindaddress", "")) if manager.get("TLS Enable") == "Yes" else ()


def _http_binds(answer: str) -> tuple[Collection[Bind], Collection[Bind]]:
    """In clear, and with TLS."""
    found = list(_BOUND.finditer(answer))
    clear = [bind for match in found if not match["tls"] for bind in _binds(match["bind"])]
    return clear, [bind for match in found if match["tls"] for bind in _binds(match["bind"])]


def _binds(text: str) -> Collection[Bind]:
    match = _BIND.fullmatch(text)
    return () if match is None else ((str(ipaddress.ip_address(match["address"])), int(match["port"])),)


def transport_checks(transports: Iterable[Section]) -> Iterator[Check]:
    """TLS transports in files of the user's own are judged by what they say; only confgen's are tried on the wire."""
    for transport in transports:
        if transport.place is not None and transport.place.file != "pjsip.conf":
            yield question("STATE-09", transport.name).not_checked(
                "the TLS of a transport of your own is not tried on the wire"
            )


def dialplan_checks(
    pbx: Pbx, contexts: Mapping[str, str], probe_context: str | None, blocks: Mapping[str, str]
) -> Iterator[Check]:
    """`contexts` are those of the endpoints, by endpoint; the user's dialplan must have them, and keep the probe in."""
    answer = blocks.get("dialplan show", "")
    known = dialplan.contexts(answer)
    if not known:
        yield question("DIAL-30", "dialplan").unknown("Asterisk did not tell its dialplan")
        return
    yield from all_or_each(
        "DIAL-30",
        "dialplan",
        [
            (endpoint, f"the endpoint {endpoint} is in the context {context}, which your dialplan does not have")
            for endpoint, context in contexts.items()
            if context not in known
        ],
        f"the contexts of all {len(contexts)} endpoints are in your dialplan",
        "add the context, or name another one in `context`",
    )
    if probe_context is not None:
        yield _probe_check(pbx.echo_number, probe_context, answer)
    yield question("DIAL-32", "emergency").not_checked(
        "the emergency route is in your own dialplan, and confgen does not follow it"
    )


def _probe_check(echo_number: str | None, context: str, answer: str) -> Check:
    asked = question("DIAL-31", "probe")
    if echo_number is None:
        return asked.not_checked(f"no echo_number says what [{context}] should reach")
    reached = dialplan.reached(dialplan.loaded(answer), context)
    further = dialplan.leading_further(reached)
    if further:
        told = f"[{further[0][0]}] has {dialplan.outline(further[0])}"
        return asked.failed(f"{told}: the probe may reach more than the echo number", _ECHO_HELP)
    if not dialplan.echoes(reached, echo_number):
        return asked.failed(f"[{context}] has no {echo_number} that answers with Echo()", _ECHO_HELP)
    return asked.passed(f"[{context}] reaches the echo number {echo_number} and nothing that dials")
