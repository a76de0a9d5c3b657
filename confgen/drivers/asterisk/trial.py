"""What a second Asterisk told of a generation, judged. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import complaints, pointers
from confgen.drivers.asterisk.configuration import effective, objects
from confgen.drivers.asterisk.layout import every_name
from confgen.drivers.asterisk.modules import needed
from confgen.drivers.asterisk.sensitive import holds_a_secret
from confgen.model.finding import Finding, Severity
from confgen.model.words import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confgen.drivers.asterisk.configuration import Effective
    from confgen.model.inventory import Pbx

_FOLDER = "/run/etc"  # where the second Asterisk reads what the first reads in its own folder
_QUESTIONS = {
    "transport": "pjsip show transports",
    "endpoint": "pjsip list endpoints",
    "auth": "pjsip list auths",
    "aor": "pjsip list aors",
    "identify": "pjsip list identifies",
}
_LISTED = re.compile(r"\s*(?:I/)?(?:Transport|Endpoint|O?Auth|Aor|Identify):\s+(?P<name>[^\s/<]+)")
_CUT_LENGTH = 20  # a listed name of this length or more may have been cut
_STAMP = re.compile(r"\[[^\]]*\] (?P<level>WARNING|ERROR)\[[^\]]*\](?:\[[^\]]*\])?:? ")
_STATED = re.compile(r"(?P<name>[\w-]+)=(?P<value>.+?)(?= at line \d|$)")
_FILE_NAME = re.compile(r"[\w./-]+\.(?:conf|ael|lua)\b")
_MODULE_NAME = re.compile(r"\b(?:app|bridge|cdr|cel|chan|codec|format|func|pbx|res)_\w+")
_GROWING_OLD = " has been loaded but "  # of a module that a later release may lack
_APPLICATION = re.compile(r"\s*(?P<name>\w+): ")
_MOST = 10  # findings of one kind that are told one by one


def judge(pbx: Pbx, blocks: Mapping[str, str]) -> Iterator[Finding]:
    """Findings of an answer to `preflight`: errors keep the generation from being switched to."""
    if "not done" in blocks:
        yield _not_done(pbx, blocks["not done"].strip())
        return
    yield from _logged(pbx, blocks)
    if "booted" not in blocks:
        last = _masked(" / ".join(line.strip() for line in blocks.get("last words", "").splitlines() if line.strip()))
        yield _error(
            pbx,
            f"tried apart, Asterisk does not come up: {last or 'it says nothing'}"[:600],
            "mend what its last words name",
        )
        return
    found = effective(_outlines(blocks), "pjsip.conf", folder=_FOLDER)
    if not found.is_refused:
        yield from _absent(pbx, blocks, found)
        yield from _astray(pbx, blocks, found)
    yield from _shaken(pbx, blocks)


def _outlines(blocks: Mapping[str, str]) -> Mapping[str, str]:
    return {title.removeprefix("file "): text for title, text in blocks.items() if title.startswith("file ")}


def _logged(pbx: Pbx, blocks: Mapping[str, str]) -> Iterator[Finding]:
    """Lines of configuration sources that the running configuration did not log too when it was started."""
    home = blocks.get("folder", "").strip()
    old = {complaints.without_varying(line) for line in blocks.get("baseline", "").splitlines()}
    new: dict[str, None] = {}
    for line in blocks.get("log", "").splitlines():
        said = line.replace(f"{_FOLDER}/.outside/", "/").replace(_FOLDER, home)
        if _GROWING_OLD in said:
            continue
        if complaints.is_about_configuration(said) and complaints.without_varying(said) not in old:
            new.setdefault(_masked(" ".join(_STAMP.sub(r"\g<level> ", said).split())))
    ours = [line for line in new if _is_about_ours(pbx, blocks, line)]
    others = [line for line in new if line not in ours]
    for line in ours[:_MOST]:
        yield _error(pbx, f"tried apart, Asterisk says: {line[:400]}", "mend what it names")
    if len(ours) > _MOST:
        yield _error(
            pbx, f"tried apart, Asterisk says {count(len(ours) - _MOST, 'more line')} of the kind", "mend the first"
        )
    if others:
        yield _note(
            pbx,
            "PUSH-77",
            f"tried apart, Asterisk says of what is your own: {'; '.join(others[:3])[:400]}"
            + (f"; and {count(len(others) - 3, 'more line')}" if len(others) > 3 else ""),  # noqa: PLR2004 -- as many as told
            "see whether the running one says the same when it starts",
        )


def _is_about_ours(pbx: Pbx, blocks: Mapping[str, str], line: str) -> bool:
    """Whether it is about what confgen renders, what that includes, or what must run for encrypted calls."""
    managed = set(blocks.get("names", "").split())
    read = {name.rpartition("/")[2] for name in _outlines(blocks)}
    files = {name.rpartition("/")[2] for name in _FILE_NAME.findall(line)}
    if files:
        return bool(files & (managed | read)) or "was listed as a #include" in line
    modules = set(_MODULE_NAME.findall(line.partition("loader.c")[2]))
    if modules:
        return bool(modules & set(needed(pbx))) or ("modules.conf" in managed and not modules & _left_out(blocks))
    return managed >= every_name() and not ("loader.c" in line and _left_out(blocks))


def _left_out(blocks: Mapping[str, str]) -> set[str]:
    return set(blocks.get("left out", "").split())


def _absent(pbx: Pbx, blocks: Mapping[str, str], found: Effective) -> Iterator[Finding]:
    """Objects that pjsip.conf and what it includes say, and that the second Asterisk does not have."""
    wanted: dict[str, list[str]] = {}
    for kind, name in objects(found.sections):
        wanted.setdefault(kind, []).append(name)
    for kind, question in _QUESTIONS.items():
        answer = blocks.get(question, "")
        matches = (_LISTED.match(line) for line in answer.splitlines())
        there = {match["name"] for match in matches if match}
        cut = tuple(name for name in there if len(name) >= _CUT_LENGTH)
        missing = [name for name in wanted.get(kind, ()) if name not in there and not (cut and name.startswith(cut))]
        if not missing:
            continue
        if not there and not re.search(r"No objects found|No such command", answer):
            yield _not_done(pbx, f"it did not tell its objects of type {kind}")
            continue
        yield _error(
            pbx,
            f"tried apart, Asterisk does not have the {kind} {listed(missing, _MOST)} of pjsip.conf",
            "mend its section; Asterisk leaves out an object as a whole where one line of it is wrong",
        )


def _astray(pbx: Pbx, blocks: Mapping[str, str], found: Effective) -> Iterator[Finding]:
    """What refers to nothing: Asterisk finds out when a call comes."""
    answer = blocks.get("dialplan show", "")
    told = [*pointers.of_objects(found.sections, answer)]
    if "extensions.conf" in blocks.get("names", "").split():
        told += pointers.of_dialplan(answer)
        yield from _unknown_applications(pbx, blocks, answer)
    for message in told[:_MOST]:
        yield _finding(pbx, "PUSH-75", message, "mend the name, or add what it names")
    if len(told) > _MOST:
        yield _finding(pbx, "PUSH-75", f"{len(told) - _MOST} more lead nowhere", "mend the first ones")


def _unknown_applications(pbx: Pbx, blocks: Mapping[str, str], answer: str) -> Iterator[Finding]:
    matches = (_APPLICATION.match(line) for line in blocks.get("core show applications", "").splitlines())
    known = {match["name"].lower() for match in matches if match}
    if not known:
        yield _not_done(pbx, "it did not tell its applications")
        return
    live = {name.lower() for name in blocks.get("live applications", "").split()}
    left_out = sorted(_left_out(blocks))
    for name, where in pointers.applications(answer).items():
        if name.lower() in known:
            continue
        if left_out and name.lower() in live:
            yield _not_done(pbx, f"whether there will be an application {name}: not tried were {', '.join(left_out)}")
        else:
            yield _finding(
                pbx,
                "PUSH-76",
                f"{where} runs {name}, an application that this Asterisk does not have: it would end the call",
                "mend its name, or load the module that has it (`modules` in the inventory)",
            )


def _shaken(pbx: Pbx, blocks: Mapping[str, str]) -> Iterator[Finding]:
    for row in blocks.get("handshakes", "").splitlines():
        name, _, outcome = row.partition(" ")
        if outcome == "missing":
            yield _not_done(pbx, "no TLS handshake was tried, for the host has no openssl")
        elif outcome == "none":
            yield _error(
                pbx,
                f"tried apart, the transport {name} ends every TLS handshake",
                "is the key that of the certificate, and does the cipher list fit both?",
            )
        elif outcome != "served":
            yield _error(
                pbx, f"tried apart, the transport {name} does not show its certificate", "push the certificate anew"
            )


def _masked(text: str) -> str:
    return _STATED.sub(lambda match: f"{match['name']}=***" if holds_a_secret(match["name"]) else match[0], text)


def _error(pbx: Pbx, message: str, mend: str) -> Finding:
    return _finding(pbx, "PUSH-47", message, mend)


def _not_done(pbx: Pbx, why: str) -> Finding:
    return _note(pbx, "PUSH-48", f"preflight not done: {why}", "`confgen explain PUSH-48` tells what it needs")


def _note(pbx: Pbx, code: str, message: str, mend: str) -> Finding:
    return Finding(code=code, message=message, mend=mend, severity=Severity.NOTE, place=pbx.place, pbx=pbx.name)


def _finding(pbx: Pbx, code: str, message: str, mend: str) -> Finding:
    return Finding(code=code, message=message, mend=mend, place=pbx.place, pbx=pbx.name)
