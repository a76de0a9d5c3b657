"""What `confgen doctor` finds on a 3CX: each question by itself, and none that a secret would answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx import own_description, records
from confgen.drivers.threecx.contract import PRODUCT_VERSION_HEADER
from confgen.drivers.threecx.countries import countries_found
from confgen.drivers.threecx.cut import is_cut_off
from confgen.drivers.threecx.objects import TYPES
from confgen.drivers.threecx.requests import api_of, ask
from confgen.drivers.threecx.who_answers import fake_in
from confgen.model.api_fault import ApiForbidden
from confgen.model.found import Found, asked
from confgen.model.host import HostError
from confgen.model.stream import Barred, Refused, StreamError
from confgen.model.words import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confgen.model.api import ApiAnswer
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

_STATUS = (
    "Activated,CallsActive,ExtensionsRegistered,ExtensionsTotal,HasNotRunningServices,LicenseActive,MaxSimCalls,OS,"
    "ProductCode,TrunksRegistered,TrunksTotal,Version"
)
_PORTS = {"SIP": "SipPort", "SIP over TLS": "SipsPort", "HTTPS": "HttpsPort", "the tunnel": "TunnnelPort"}
_CLOCK_MAY_DIFFER = 30.0  # seconds, besides what the question took
_WITHIN = 4.0  # seconds for a port to answer
_MOST = 12  # names that are shown
_GUARANTEES = (
    "object by object, and not at once; the operator undoes, so that nobody does when the operator is gone; two "
    "operators are kept apart only where they keep one state folder"
)


def examine(host: Host, pbx: Pbx) -> Sequence[Found]:
    """Version, licence, clock, doors, rights, and what this build's API lacks of what the inventory wants."""
    return (
        *asked("version", lambda: _version(pbx, ask(host, "/Defs?$select=Id"))),
        *asked("clock", lambda: clock(host)),
        *asked("status", lambda: _status(ask(host, f"/SystemStatus?$select={_STATUS}").body)),
        *asked("licence and doors", lambda: _parameters(host, pbx)),
        *asked("services", lambda: _services(ask(host, "/Services?$select=Name,Status").body)),
        *_rights(host),
        *asked("countries", lambda: countries_found(host, pbx)),
        *asked("fields", lambda: own_description.fields_found(host, pbx)),
        *asked("generations", lambda: _generations(host)),
        Found(subject="undo", found=_GUARANTEES),
    )


def clock(host: Host, now: Callable[[], float] = time.time) -> Iterator[Found]:
    """By how much the clock of the PBX's web server differs from the operator's."""
    asked_at = now()
    answer = ask(host, "/Defs?$select=Id")
    answered_at = now()
    try:
        told = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        yield Found(subject="clock", found="the PBX does not tell its time", is_ok=None)
        return
    told = told if told.tzinfo is not None else told.replace(tzinfo=UTC)
    difference = told.timestamp() + 0.5 - (asked_at + answered_at) / 2
    is_ok = abs(difference) <= _CLOCK_MAY_DIFFER + (answered_at - asked_at) / 2
    where = f"{abs(difference):.0f} s {'before' if difference > 0 else 'behind'} the one here"
    yield Found(
        subject="clock",
        found="as here" if is_ok else where,
        advice="" if is_ok else "set both clocks by a time service: certificates and the ends of waivers go by them",
        is_ok=is_ok,
    )


def _version(pbx: Pbx, answer: ApiAnswer) -> Iterator[Found]:
    fake, told = fake_in(answer), answer.headers.get(PRODUCT_VERSION_HEADER, "")
    if fake:
        yield Found(subject="product", found=f"what answers says that it is no 3CX: {fake}")
    is_declared = told.split(".")[:3] == str(pbx.product_version).split(".")
    yield Found(
        subject="version",
        found=f"3CX {told}" if told else "the PBX tells none",
        advice="" if is_declared or not told else f"the inventory says {pbx.product_version}: write the one that runs",
        is_ok=is_declared if told else None,
    )


def _status(told: Mapping[str, Any]) -> Iterator[Found]:
    yield Found(subject="system", found=f"{told.get('OS') or 'of no name'}")
    numbers = [
        f"{_number(told.get(f'{what}Registered'))} of {_number(told.get(f'{what}Total'))} {what.lower()} registered"
        for what in ("Extensions", "Trunks")
    ]
    calls = told.get("CallsActive")
    in_progress = count(calls, "call") if isinstance(calls, int) else "an unknown number of calls"
    yield Found(subject="in use", found=f"{in_progress} in progress, {', '.join(numbers)}")
    if told.get("HasNotRunningServices"):
        advice = "`services` names them; start them in the console"
        yield Found(subject="status", found="services do not run", advice=advice, is_ok=False)


def _number(told: object) -> str:
    return str(told) if isinstance(told, int) else "an unknown number"


def _parameters(host: Host, pbx: Pbx) -> Iterator[Found]:
    told = ask(host, "/Defs/Pbx.GetSystemParameters()").body
    yield from _licence(told.get("License") or {})
    own = "its own of 3CX" if told.get("Is3CXFQDN") else "one of yours"
    name = told.get("FQDN")
    yield Found(
        subject="name",
        found=f"{name}, {own}",
        advice="" if name == pbx.domain else f"the inventory says {pbx.domain} (`sip: {{domain: …}}`)",
        is_ok=name == pbx.domain,
    )
    for words, field in _PORTS.items():
        port = told.get(field)
        if isinstance(port, int):
            yield from asked("doors", lambda words=words, port=port: _door(host, words, port))  # type: ignore[misc]
    if told.get("SipsPort") != pbx.sip_port:
        yield Found(
            subject="doors",
            found=f"SIP over TLS has port {told.get('SipsPort')}, and the inventory says {pbx.sip_port}",
            advice="write it into `sip: {port: …}`: 3CX has it read-only",
            is_ok=False if isinstance(told.get("SipsPort"), int) else None,
        )


def _licence(told: Mapping[str, Any]) -> Iterator[Found]:
    classes = [name for name in ("Enterprise", "Professional") if told.get(f"Is{name}")]
    calls = told.get("MaxSimCalls")
    is_over = told.get("IsMaintainceExpired")
    yield Found(
        subject="licence",
        found=f"{' and '.join(classes) or told.get('ProductCode') or 'of a class that it does not tell'}, "
        f"{calls if isinstance(calls, int) else 'an unknown number of'} calls at once"
        f"{', and its maintenance is over' if is_over else ''}",
        advice="renew it: without maintenance there are no security fixes" if is_over else "",
        is_ok=not is_over,
    )


def _door(host: Host, words: str, port: int) -> Iterator[Found]:
    """Seen from the host itself; one without SSH cannot look."""
    try:
        host.dial("127.0.0.1", port, _WITHIN).close()
    except Refused:
        yield Found(subject="doors", found=f"nothing listens on {port} (TCP), the port of {words}, on the host itself")
    except Barred as error:
        yield Found(subject="doors", found=f"{port} (TCP) is the port of {words}; not tried from the host: {error}")
    except StreamError as error:
        yield Found(subject="doors", found=f"{port} (TCP), the port of {words}: {error}", is_ok=None)
    else:
        yield Found(subject="doors", found=f"{port} (TCP), the port of {words}, takes connections on the host itself")


def _services(told: Mapping[str, Any]) -> Iterator[Found]:
    idle = sorted(f"{one.get('Name')} ({one.get('Status')})" for one in told["value"] if one.get("Status") != "Running")
    yield Found(
        subject="services",
        found=f"not running: {listed(idle, _MOST)}" if idle else f"all {len(told['value'])} run",
        advice="start them in the console, or disable what you do not use" if idle else "",
        is_ok=not idle,
    )


def _rights(host: Host) -> Iterator[Found]:
    """Of which kinds of objects the client may read at least one field; whether it may write, only a push tells."""
    readable: list[str] = []
    forbidden: list[str] = []
    untold: dict[str, str] = {}
    for kind in TYPES:
        paging = "" if kind.is_singleton else "&$top=1"
        try:
            ask(host, f"/{kind.name}?$select={kind.identity or kind.asked[0]}{paging}")
        except ApiForbidden:
            forbidden.append(kind.name)
        except HostError as error:
            untold[kind.name] = str(error)
        else:
            readable.append(kind.name)
    if readable:
        yield Found(subject="rights", found=f"the API client may read {', '.join(readable)}")
    if forbidden:
        yield Found(
            subject="rights",
            found=f"the API client may not read {', '.join(forbidden)}",
            advice="give it the role system_owners (Integrations, API), and the PBX a licence with the API",
            is_ok=False,
            code=ApiForbidden.code,
        )
    for message in dict.fromkeys(untold.values()):
        names = [name for name, said in untold.items() if said == message]
        yield Found(subject="rights", found=f"{', '.join(names)}: not told: {message}", is_ok=None)


def _generations(host: Host) -> Iterator[Found]:
    """What the operator's shelf keeps, of this machine alone."""
    shelf = api_of(host).shelf
    state, journal = records.state(shelf), records.journal(shelf)
    if state.generation is None:
        yield Found(subject="generations", found="confgen has not pushed here yet, as far as this machine knows")
    else:
        kept = ", ".join(str(number) for number in state.generations)
        yield Found(subject="generations", found=f"{state.generation} was confirmed last; kept are {kept}")
    if is_cut_off(journal):
        yield Found(
            subject="generations",
            found="a push was cut off, or is under way",
            advice="`confgen plan` shows how far it came, and `confgen push` goes on from there",
            is_ok=False,
        )
