"""What `confgen doctor` finds on the host of an Asterisk."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import answers, examined_host, script, sockets
from confgen.drivers.asterisk.modules import REQUIRED, needed
from confgen.drivers.asterisk.observe import observe
from confgen.model.found import Found, asked, of_finding
from confgen.model.inventory import Part
from confgen.model.words import count, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from confgen.model.driver import Observation
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

_MOST = 8  # names that are shown


def examine(host: Host, pbx: Pbx) -> Sequence[Found]:
    """The host, confgen's hands on it, and the Asterisk, each question by itself."""
    lines: list[tuple[str, str]] = []  # that the host told, nothing where it did not
    return (
        *asked("host", lambda: _host(host, pbx, lines)),
        *asked("asterisk", lambda: _observed(observe(host, pbx))),
        *asked("modules and doors", lambda: _running(pbx, lines, script.blocks(script.look(host, pbx, "state")))),
    )


def _host(host: Host, pbx: Pbx, lines: list[tuple[str, str]]) -> Iterator[Found]:
    seen = examined_host.look(host)
    lines += seen.lines
    yield from examined_host.system(seen)
    yield from examined_host.clock(seen)
    yield from examined_host.tools(seen)
    yield from examined_host.rights(pbx, seen)
    yield from examined_host.hands(pbx, seen)
    yield from examined_host.undo(seen)


def _observed(seen: Observation) -> Iterator[Found]:
    facts = seen.facts
    yield Found(
        subject="version", found=facts.get("version") or "Asterisk tells none", is_ok=bool(facts.get("version"))
    )
    yield Found(
        subject="installation",
        found=", ".join(
            f"{word} {facts[word]}" for word in ("service", "binary", "user", "configuration") if facts.get(word)
        )
        or "nothing is known of it",
    )
    yield from (of_finding("asterisk", finding) for finding in seen.findings)
    yield from _generations(seen)
    yield from _documents(seen)
    calls = "an unknown number of calls" if seen.calls is None else count(seen.calls, "call")
    yield Found(
        subject="in use", found=f"{calls} in progress, {_contacts(seen)}", is_ok=None if seen.calls is None else True
    )


def _generations(seen: Observation) -> Iterator[Found]:
    key = "with a key for fingerprints" if seen.fingerprint_key.reveal() else "without a key for fingerprints"
    if seen.generation is None:
        yield Found(subject="generations", found=f"confgen has not pushed here yet; a state folder {key}")
    elif not seen.is_confirmed:
        yield Found(
            subject="generations",
            found=f"generation {seen.generation} is active and was never confirmed: its push was cut off",
            advice="`confgen push` or `confgen rollback` brings it to an end",
            is_ok=False,
        )
    else:
        kept = ", ".join(str(number) for number in seen.generations)
        yield Found(subject="generations", found=f"{seen.generation} is active and confirmed; kept are {kept}; {key}")
    if seen.held is not None and seen.held.seconds > 0:
        whose = f"a push of {seen.held.owner} has this PBX"
        yield Found(subject="generations", found=f"{whose}; where it is dead, for {seen.held.seconds} s more")
    if (undone := seen.undone) is not None:
        yield Found(
            subject="generations",
            found=f"the host undid generation {undone.generation} by itself at {undone.at}: {undone.reason}",
            advice="`confgen plan` shows what the inventory still wants; look why the push was not confirmed",
            is_ok=False,
        )


def _documents(seen: Observation) -> Iterator[Found]:
    drifted = sorted(key for key, there in seen.documents.items() if there.is_drifted)
    foreign = sorted(key for key, there in seen.documents.items() if not there.is_ours)
    if drifted:
        yield Found(
            subject="files",
            found=f"changed by hand since confgen wrote them: {listed(drifted, _MOST)}",
            advice="`confgen plan --diff` shows how; push writes over them with --overwrite-drift alone",
            is_ok=False,
        )
    if foreign:
        yield Found(
            subject="files",
            found=f"not confgen's yet: {listed(foreign, _MOST)}; push takes them over with --adopt and keeps them",
        )


def _contacts(seen: Observation) -> str:
    by_transport = Counter(contact.transport for contact in seen.contacts)
    told = ", ".join(f"{number} over {transport}" for transport, number in sorted(by_transport.items()))
    return f"{count(len(seen.contacts), 'contact')} registered{f' ({told})' if told else ''}"


def _running(pbx: Pbx, lines: Sequence[tuple[str, str]], blocks: Mapping[str, str]) -> Iterator[Found]:
    if "running yes" not in blocks.get("process", ""):
        yield Found(subject="modules", found="not told: Asterisk does not run", is_ok=None)
        return
    yield from _modules(pbx, lines, answers.running_modules(blocks.get("module show", "")))
    found = sockets.listeners(blocks)
    yield Found(
        subject="doors",
        found=f"Asterisk listens on {listed([str(listener) for listener in found], 2 * _MOST)}"
        if found
        else "Asterisk listens on nothing",
        is_ok=True if found else None,
    )


def _modules(pbx: Pbx, lines: Sequence[tuple[str, str]], running: Collection[str]) -> Iterator[Found]:
    """What lies on the disk but does not run is loaded by a push that manages modules."""
    if not running:
        yield Found(subject="modules", found="Asterisk does not tell its modules", is_ok=None)
        return
    on_disk = {rest for word, rest in lines if word == "file"}
    has_looked = any(word == "modules" for word, _ in lines)
    for name in REQUIRED:
        if name in running:
            yield Found(subject="modules", found=f"{name} runs")
        elif name in on_disk and Part.MODULES in pbx.manages:
            yield Found(subject="modules", found=f"{name} does not run, and lies there: a push loads it")
        else:
            yield Found(
                subject="modules",
                found=f"{name} does not run{', and lies where it could' if name in on_disk else ''}",
                advice=f"{'load' if name in on_disk else 'install'} it: without it no call can be encrypted",
                is_ok=False if has_looked else None,
            )
    idle = [name for name in needed(pbx) if name not in running and name not in REQUIRED]
    if idle:
        yield Found(
            subject="modules", found=f"not running yet of those that encrypted calls need: {listed(idle, _MOST)}"
        )
