"""What extensions.conf says of one PBX: every decision that its template writes down. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.drivers.asterisk.escape import (
    DialledPattern,
    DialResource,
    ExtensionName,
    IncludedFile,
    OutsideNumber,
    Prefix,
    SipHost,
)
from confgen.drivers.asterisk.profiles import host_of, port_of, profile_of
from confgen.model.dialling import (
    ByChannel,
    ByTrunk,
    Emergency,
    Media,
    RingOrder,
    Route,
    ToContext,
    ToExtension,
    ToOutside,
    ToRingGroup,
)
from confgen.model.readings import SHORTEST_NUMBER, Judged
from confgen.model.toll import guard_of, outward_routes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from confgen.model.dialling import Destination, EmergencyWay, RingGroup, Way
    from confgen.model.inventory import Extension, Pbx
    from confgen.model.migration import Migration
    from confgen.model.provider import Did, ProviderTrunk
    from confgen.model.readings import Reading
    from confgen.model.toll import Guard

# What becomes of a call to a phone in Dial()'s words, and whose forward it is; a phone that refuses is unavailable.
_OUTCOMES = (
    ("BUSY", "busy"),
    ("NOANSWER", "no_answer"),
    ("CHANUNAVAIL", "unavailable"),
    ("CONGESTION", "unavailable"),
)
_GUARDS = {
    Judged.DIALLED: "confgen-toll",
    Judged.PERHAPS_E164: "confgen-toll-perhaps-e164",
    Judged.E164: "confgen-toll-e164",
}
_OWN_CONTEXTS = frozenset({"phones", "peers", "extensions", "general", "globals"})
# Asterisk cuts what an application is given at 4,096 octets, and the guard stands behind the addresses of devices.
_MOST_OF_ADDRESSES = 3000
_EMERGENCY_RING_SECONDS = "120"  # before the next way is tried; the last one rings until somebody answers


def dialplan_values(pbx: Pbx) -> Mapping[str, Any]:
    emergency = pbx.emergency if isinstance(pbx.emergency, Emergency) else None
    several = {extension.number: None for extension in with_devices(pbx)}
    guard = guard_of(pbx)
    return {
        "extensions": [_extension(extension, pbx, several.keys()) for extension in pbx.extensions],
        "ring_groups": [_ring_group(group, pbx, several.keys()) for group in pbx.ring_groups],
        "with_devices": list(several),
        "has_echo": pbx.echo_number is not None,
        "echo_number": pbx.echo_number or "",
        "emergency_numbers": []
        if emergency is None
        else [_emergency(number, emergency, pbx) for number in emergency.numbers],
        "blocked": [_pattern(numbers) for numbers in pbx.blocked],
        "routes": [_route(route, pbx, guard) for route in pbx.routes],
        "toll": _toll(guard),
        "calls_of_phone": pbx.dialling.most_calls if outward_routes(pbx) else None,
        "providers": [_provider(trunk, pbx) for trunk in pbx.provider_trunks],
        "tests": [_test_call(trunk) for trunk in pbx.provider_trunks if trunk.test_number is not None],
        "limits": [{"name": trunk.name, "most": trunk.most_calls} for trunk in limited(pbx)],
        "trunks": [{"name": trunk.name, "variable": leg_variable(trunk.name)} for trunk in pbx.trunks],
        "has_forwards": has_forwards(pbx),
        "has_callers_outside": any(
            isinstance(route.way, ByChannel) or _to_provider(route.way, pbx) for route in pbx.routes
        ),
        "migration": None if pbx.migration is None else _migration(pbx.migration),
        "includes": [IncludedFile(include.file) for include in pbx.includes if include.key == "extensions.conf"],
    }


def _migration(migration: Migration) -> Mapping[str, Any]:
    return {
        "last_day": migration.until.strftime("%Y%m%d"),
        "extensions": [ExtensionName(number) for number in migration.extensions],
    }


def leg_variable(trunk: str) -> str:
    """The global variable in which a trunk's proving call leaves what it saw."""
    return "CONFGEN_LEG_" + trunk.replace("-", "_").upper()


def heard_variable(trunk: str) -> str:
    """The global variable in which the echo number leaves what it saw of the newest call by a trunk."""
    return f"CONFGEN_HEARD_{trunk}"


def provider_context(trunk: str) -> str:
    """The context that calls from a provider enter: its DIDs, and nothing else."""
    return f"from-{trunk}"


def is_own_context(context: str, pbx: Pbx) -> bool:
    """Whether confgen renders a context of this name, which the user's own must not have."""
    providers = {provider_context(trunk.name) for trunk in pbx.provider_trunks}
    return context in _OWN_CONTEXTS or context in providers or context.startswith("confgen-")


def has_forwards(pbx: Pbx) -> bool:
    """Whether a call can be sent on, and so perhaps in a circle."""
    return (
        any(extension.forwards is not None for extension in pbx.extensions)
        or any(group.otherwise is not None for group in pbx.ring_groups)
        or any(isinstance(did.destination, ToOutside) for trunk in pbx.provider_trunks for did in trunk.dids)
    )


def with_devices(pbx: Pbx) -> Sequence[Extension]:
    """The extensions that several devices may register with; chan_pjsip by itself would ring one of them."""
    return [extension for extension in pbx.extensions if extension.contacts > 1]


def limited(pbx: Pbx) -> Sequence[ProviderTrunk]:
    """The trunks that carry only so many calls at once."""
    return [trunk for trunk in pbx.provider_trunks if trunk.most_calls is not None]


def _extension(extension: Extension, pbx: Pbx, several: Collection[str]) -> Mapping[str, Any]:
    if extension.forwards is None:
        return {
            "number": extension.number,
            "called": _called([extension.number], several),
            "ring_seconds": extension.ring_seconds,
            "always": None,
            "tests": (),
            "forwards": (),
        }
    ends = {
        label: end
        for label in ("always", "busy", "no_answer", "unavailable")
        if (end := _destination(getattr(extension.forwards, label), pbx)) is not None
    }
    always = ends.pop("always", None)
    return {
        "number": extension.number,
        "called": _called([extension.number], several),
        "ring_seconds": extension.ring_seconds,
        "always": always,
        "tests": [{"status": status, "label": label} for status, label in _OUTCOMES if label in ends],
        "forwards": [{"label": label, "to": end} for label, end in ends.items()],
    }


def _ring_group(group: RingGroup, pbx: Pbx, several: Collection[str]) -> Mapping[str, Any]:
    together = group.order is RingOrder.TOGETHER
    return {
        "number": group.number,
        "rounds": [_called(members, several) for members in ([group.members] if together else zip(group.members))],
        "seconds": group.seconds,
        "otherwise": _destination(group.otherwise, pbx),
    }


def _called(numbers: Iterable[str], several: Collection[str]) -> list[Mapping[str, Any]]:
    """What rings together, with how long the addresses of a phone's devices may be; `several` have more than one."""
    members = tuple(numbers)
    most = _MOST_OF_ADDRESSES // max(1, sum(number in several for number in members))
    return [{"number": number, "has_devices": number in several, "most": most} for number in members]


def _destination(destination: Destination | None, pbx: Pbx) -> Mapping[str, str] | None:
    match destination:
        case None:
            return None
        case ToExtension(extension=number):
            return {"context": "extensions", "number": number}
        case ToRingGroup(ring_group=name):
            number = next((group.number for group in pbx.ring_groups if group.name == name), None)
            return None if number is None else {"context": "extensions", "number": number}
        case ToContext(context=context, number=number):
            return {"context": context, "number": ExtensionName(number or "s")}
        case ToOutside(number=number):
            return {"context": "confgen-outside", "number": OutsideNumber(number)}


def _route(route: Route, pbx: Pbx, guard: Guard) -> Mapping[str, Any]:
    mark = route.numbers[0] if route.numbers.startswith(("+", "*")) else ""
    strip = route.strip - 1 if mark and route.strip else route.strip
    # Such a mark means something at the very front alone: what is put before the number takes its place.
    prepend = route.prepend or ("" if route.strip else mark)
    return {
        "pattern": _pattern(route.numbers),
        "has_mark": bool(mark),
        "strip": strip,
        "prepend": Prefix(prepend) if prepend else None,
        "context": route.way.context if isinstance(route.way, ToContext) else None,
        "out": None if isinstance(route.way, ToContext) else _way(route.way, pbx),
        "readings": [_reading(reading) for reading in guard.routes[route][1]] if route in guard.routes else [],
    }


def _reading(reading: Reading) -> Mapping[str, Any]:
    """One way in which whoever takes a number can read it, as the guard is asked."""
    return {
        "guard": _GUARDS[reading.judged],
        "before": Prefix(reading.before) if reading.before else None,
        "has_number": reading.has_number,
        "skipped": reading.skipped,
        "can_be_empty": reading.can_be_empty,
        "behind": OutsideNumber(reading.behind) if reading.behind else None,
    }


def _toll(guard: Guard) -> Mapping[str, Any] | None:
    """Every number that may leave at the PBX's cost, or may not; nothing where none can leave."""
    if not guard.routes:
        return None
    return {
        "numbers": [
            {"pattern": _sent_pattern(numbers), "is_allowed": is_allowed}
            for numbers, is_allowed in guard.patterns.items()
        ],
        "too_short": [DialledPattern("_" + "X" * digits) for digits in range(1, SHORTEST_NUMBER)],
    }


def _sent_pattern(numbers: str) -> DialledPattern | OutsideNumber:
    return OutsideNumber(numbers) if numbers.removeprefix("+").isdigit() else DialledPattern(f"_{numbers}")


def _way(way: Way, pbx: Pbx) -> Mapping[str, Any]:
    """How Dial() names a way out, and what is done before it does."""
    if isinstance(way, ByChannel):
        before, number, behind = way.channel.dial.partition("{number}")
        return {
            "trunk": None,
            "before": DialResource(before),
            "has_number": bool(number),
            "behind": DialResource(behind) if behind else None,
            "is_peer": False,
            "caller_id": None,
            "hides": False,
            "limited": None,
            "is_srtp": way.channel.carries.media is Media.SRTP,
        }
    provider = _to_provider(way, pbx)
    return {
        "trunk": way.trunk,
        "is_peer": provider is None,
        "caller_id": None if provider is None or provider.caller_id is None else OutsideNumber(provider.caller_id),
        "hides": provider is not None and provider.hides_caller_id,
        "limited": None if provider is None or provider.most_calls is None else provider.name,
        "is_srtp": True,
    }


def _to_provider(way: Way | ToContext, pbx: Pbx) -> ProviderTrunk | None:
    if not isinstance(way, ByTrunk):
        return None
    return next((trunk for trunk in pbx.provider_trunks if trunk.name == way.trunk), None)


def _emergency(number: str, emergency: Emergency, pbx: Pbx) -> Mapping[str, Any]:
    return {
        "number": number,
        "caller_id": None if emergency.caller_id is None else OutsideNumber(emergency.caller_id),
        "ways": list(_emergency_ways(number, emergency.ways, pbx)),
    }


def _emergency_ways(number: str, ways: Sequence[EmergencyWay], pbx: Pbx) -> Iterator[Mapping[str, Any]]:
    """Every way, then the providers once more by their addresses, whatever was last known of them.

    Asterisk does not even try one that left a question unanswered, until it asks again a minute later.
    """
    again = [(way, provider) for way in ways if (provider := _to_provider(way.way, pbx)) is not None]
    rounds = [*((way, None) for way in ways), *again]
    for position, (way, provider) in enumerate(rounds, start=1):
        yield {
            **_way(way.way, pbx),
            "host": None if provider is None else SipHost(host_of(provider.provider)),
            "port": None if provider is None else port_of(provider.provider),
            "label": f"way-{position}",
            "next": "end" if position == len(rounds) else f"way-{position + 1}",
            "number": OutsideNumber(way.number or number),
            "seconds": None if position in {len(ways), len(rounds)} else _EMERGENCY_RING_SECONDS,
        }


def _test_call(trunk: ProviderTrunk) -> Mapping[str, Any]:
    return {
        "trunk": trunk.name,
        "variable": leg_variable(trunk.name),
        "number": OutsideNumber(trunk.test_number or ""),
        "caller_id": None if trunk.caller_id is None else OutsideNumber(trunk.caller_id),
        "hides": trunk.hides_caller_id,
        "is_limited": trunk.most_calls is not None,
    }


def _provider(trunk: ProviderTrunk, pbx: Pbx) -> Mapping[str, Any]:
    return {
        "name": trunk.name,
        "context": provider_context(trunk.name),
        "is_limited": trunk.most_calls is not None,
        "has_did_in_to": profile_of(trunk.provider).has_did_in_to,
        "dids": list(_dids(trunk.dids, pbx)),
    }


def _dids(dids: Iterable[Did], pbx: Pbx) -> Iterator[Mapping[str, Any]]:
    for did in dids:
        end = _destination(did.destination, pbx)
        if end is not None:
            yield {
                "number": OutsideNumber(did.number),
                "to": end,
                "goes_outside": isinstance(did.destination, ToOutside),
            }


def _pattern(numbers: str) -> DialledPattern:
    return DialledPattern(numbers if numbers.isdigit() else f"_{numbers}")
