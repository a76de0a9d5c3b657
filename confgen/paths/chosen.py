"""The paths between two ends that somebody names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from confgen.model.dialling import Emergency
from confgen.model.words import listed
from confgen.paths.leg import Kind
from confgen.paths.legs import leads_unseen
from confgen.paths.numbers import best
from confgen.paths.path import Path, Step
from confgen.paths.stops import Dialling, FromProvider

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from confgen.paths.network import Network
    from confgen.paths.stops import Stop

_DIALLED = re.compile(r"\+?[0-9*]{1,32}")
_BY_TRUNK = frozenset({Kind.PEER, Kind.PROVIDER})
_INSIDE = frozenset({Kind.PHONES, Kind.UNSEEN})
_MOST_COMPARED, _MOST_NAMED = 10_000, 8
_Caller = tuple[Step, "Stop"]


class NoSuchEnd(ValueError):
    """Nothing of the inventory has that name, or no call starts there."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Between what: words as a person writes them; None is anything.

    A PBX is its name, an extension `headquarters/101`, a ring group or another number of a PBX `headquarters/500`; a
    trunk, a provider and a line are their names; a dialled number, which only `end` can be, is its digits.
    """

    start: str | None = None
    end: str | None = None
    pbxs: Collection[str] | None = None  # paths that touch none of them are left out


def chosen(network: Network, ends: Ends) -> Iterator[Path]:
    """The paths between these ends; NoSuchEnd before the first where an end is not there."""
    dialled, leads = (None, _anywhere) if ends.end is None else _end(network, ends.end)
    callers = tuple(_callers(network, ends.start, dialled))
    return (path for path in network.paths(callers) if leads(path) and _touches(path, ends.pbxs))


def refusals(network: Network, ends: Ends) -> tuple[str, ...]:
    """Why PBXs refuse the number that is dialled, where no path was found for it."""
    number = ends.end or ""
    if not _is_dialled(network, number):
        return ()
    start = None if ends.start is None else ends.start.partition("/")[0]
    told: list[str] = []
    for name, pbx in network.pbxs.items():
        led_out = network.alike[name].led_out
        if start not in {None, name}:
            continue
        if led_out.is_blocked(number):
            told.append(f"`blocked` of {name} refuses {number}")
        elif best(pbx.routes, number) is not None and led_out.route(number) is None:
            told.append(f"`dialling` of {name} refuses {number}")
    return tuple(told)


def _is_dialled(network: Network, end: str) -> bool:
    return end not in network.pbxs and end not in _names(network) and _DIALLED.fullmatch(end) is not None


def _takes(network: Network, name: str, number: str) -> bool:
    """Whether something on a PBX is this number, or may be."""
    pbx = network.pbxs[name]
    return leads_unseen(pbx) or number in _numbers(network, name) or best(pbx.routes, number) is not None


def _numbers(network: Network, name: str) -> Collection[str]:
    """Those of the PBX itself, and emergency numbers."""
    pbx = network.pbxs[name]
    emergency = pbx.emergency.numbers if isinstance(pbx.emergency, Emergency) else ()
    echo = () if pbx.echo_number is None else (pbx.echo_number,)
    return {*network.alike[name].called_of, *(group.number for group in pbx.ring_groups), *echo, *emergency}


def _callers(network: Network, start: str | None, dialled: str | None) -> Iterator[_Caller]:
    everybody = network.callers(dialled)
    if start is None:
        return everybody
    pbx, slash, number = start.partition("/")
    if slash:
        _known(network, pbx, start)
        return _caller(network, pbx, number, dialled)
    if start in network.pbxs:
        return ((step, stop) for step, stop in everybody if isinstance(stop, Dialling) and stop.pbx == start)
    found = [caller for caller in network.callers() if _is_behind(caller, start)]
    if not found:
        raise NoSuchEnd(_message(network, start, "calls start at a PBX, at headquarters/101, behind a provider"))
    if dialled is not None:
        raise NoSuchEnd(f"callers behind {start} dial no number of a PBX: name --to otherwise, or --from a PBX")
    return iter(found)


def _is_behind(caller: _Caller, name: str) -> bool:
    step, stop = caller
    return isinstance(stop, FromProvider) and any(name in {leg.name, leg.near, leg.far} for leg in step.legs)


def _caller(network: Network, pbx: str, number: str, dialled: str | None) -> Iterator[_Caller]:
    for phones in network.alike[pbx].phones:
        if number in phones.numbers:
            step = Step(words=f"phone {number} of {pbx}", pbx=pbx, legs=(phones.leg,), reaches=(number,))
            return iter([(step, Dialling(pbx, dialled))])
    known = (one for phones in network.alike[pbx].phones for one in phones.numbers)
    raise NoSuchEnd(f"{pbx} has no extension {number}; {_near(number, known)}")


def _end(network: Network, end: str) -> tuple[str | None, Callable[[Path], bool]]:
    """The number that is dialled, where it is one, and whether a path leads to the end."""
    pbx, slash, number = end.partition("/")
    if slash:
        _known(network, pbx, end)
        return None, _to_number(network, pbx, number)
    if end in network.pbxs:
        return None, lambda path: _ends_at(path, end)
    if end in _names(network):
        return None, lambda path: any(_is_by(leg_name, end) for leg_name in _names_on(path))
    if _is_dialled(network, end):
        if not any(_takes(network, name, end) for name in network.pbxs):
            raise NoSuchEnd(f"no PBX takes {end}: no phone, ring group, echo or emergency number is it, and no route's")
        return end, _anywhere
    raise NoSuchEnd(_message(network, end, "a number is dialled as +49301234, a phone is headquarters/101"))


def _to_number(network: Network, pbx: str, written: str) -> Callable[[Path], bool]:
    """To an extension, by whatever way it is called; to a ring group, by number or name; to the echo."""
    alike = network.alike[pbx]
    if written in alike.called_of:
        return lambda path: _rings(path, pbx, written)
    groups = {group.name: group.number for group in network.pbxs[pbx].ring_groups}
    number = groups.get(written, written)
    if number in groups.values() or number == network.pbxs[pbx].echo_number:
        return lambda path: any(step.pbx == pbx and number in step.reaches for step in path.steps[1:])
    known = (*alike.called_of, *groups, *groups.values())
    raise NoSuchEnd(f"{pbx} has no extension, ring group or echo {written}; {_near(written, known)}")


def _rings(path: Path, pbx: str, number: str) -> bool:
    """Whether a phone of the extension rings at the end, and the step before can lead to it."""
    *before, last = path.steps
    if last.pbx != pbx or number not in last.reaches or not any(leg.kind is Kind.PHONES for leg in last.legs):
        return False
    called = before[-1] if before and before[-1].is_call else None
    return called is None or number in called.reaches


def _ends_at(path: Path, pbx: str) -> bool:
    last = path.steps[-1]
    return last.pbx == pbx and all(leg.kind in _INSIDE for leg in last.legs)


def _names_on(path: Path) -> Iterator[tuple[Kind, str, str]]:
    return ((leg.kind, leg.name, leg.far) for step in path.steps[1:] for leg in step.legs)


def _is_by(leg: tuple[Kind, str, str], name: str) -> bool:
    kind, its_name, far = leg
    if kind is Kind.PROVIDER and far == name:
        return True
    return (kind in _BY_TRUNK or kind is Kind.LINE) and its_name == name


def _names(network: Network) -> Collection[str]:
    """Of trunks, providers and lines."""
    return {
        name
        for pbx in network.pbxs.values()
        for name in (
            *(trunk.name for trunk in pbx.trunks),
            *(trunk.name for trunk in pbx.provider_trunks),
            *(trunk.provider.name for trunk in pbx.provider_trunks),
            *(channel.name for channel in pbx.channels),
        )
    }


def _touches(path: Path, pbxs: Collection[str] | None) -> bool:
    return pbxs is None or any(step.pbx in pbxs for step in path.steps)


def _anywhere(_path: Path) -> bool:
    return True


def _known(network: Network, pbx: str, written: str) -> None:
    if pbx not in network.pbxs:
        raise NoSuchEnd(f"no PBX is called {pbx!r} in {written!r}; {_near(pbx, network.pbxs)}")


def _message(network: Network, written: str, forms: str) -> str:
    known = {*network.pbxs, *_names(network)}
    return f"no call starts or ends at {written!r}; {_near(written, known)}; {forms}"


def _near(written: str, known: Collection[str] | Iterator[str]) -> str:
    names = sorted(set(known))
    near = get_close_matches(written, names, n=1) if len(names) <= _MOST_COMPARED else []
    return f"did you mean {near[0]}?" if near else f"known are {listed(names, _MOST_NAMED) or 'none'}"
