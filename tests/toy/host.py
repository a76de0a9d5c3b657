"""A PBX of API objects in memory, which changes one object at a time and can fail at any request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from confgen.model.host import Command, Completed, HostError
from confgen.model.stream import Refused, Stream

_LOOKING = frozenset({"observe", "read", "kept", "calls", "own"})


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong with a request: before it is carried out, or after, so that its answer is lost."""

    error: BaseException
    is_after: bool = False
    skip: int = 0  # so many requests of the verb go well before
    times: int = 1


@dataclass(kw_only=True)
class ToyHost:
    """Requests are commands `api VERB WORD…` with JSON on stdin; answers are JSON."""

    name: str = "headquarters"
    objects: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)  # digests of what confgen wrote
    generations: dict[int, dict[str, str]] = field(default_factory=dict)
    confirmed: set[int] = field(default_factory=set)
    current: int | None = None
    key: str = "00112233"
    complaints: list[str] = field(default_factory=list)  # at the next activation
    unknown: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)  # keys that confgen made and the inventory no longer has
    faults: dict[str, Fault] = field(default_factory=dict)
    at: dict[str, Callable[[], None]] = field(default_factory=dict)  # what happens when a verb is asked for
    verbs: list[str] = field(default_factory=list)
    activations: list[str] = field(default_factory=list)  # by which means
    is_cut_off: bool = False  # a switch to a generation that was confirmed before came to no end
    is_armed: bool = False  # what was staged and neither confirmed nor undone
    holder: str | None = None  # of a lease that goes on
    push: str = ""  # whose lease it is
    ended: str | None = None  # of a lease that has ended
    calls: list[int | None] = field(default_factory=lambda: [0])  # at each asking; the last goes on
    contacts: list[str] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)  # texts of the user's own that documents refer to
    preflight: list[str] = field(default_factory=list)  # what is found there
    undone: dict[str, Any] | None = None  # by the host itself, before it is confirmed
    undone_before: dict[str, Any] | None = None  # by the host itself, of an earlier push
    reconnections: int = 0
    is_reachable: bool = True  # anew
    undoing: list[tuple[str, str | None, str | None]] = field(default_factory=list)  # values before the switch

    def run(self, command: Command, /) -> Completed:
        verb, *words = command.argv[1:]
        self.verbs.append(verb)
        self.at.get(verb, lambda: None)()
        fault = self._fault(verb)
        if fault is not None and not fault.is_after:
            raise fault.error
        carry_out: Callable[..., Any] = getattr(self, f"_{verb}")
        answer = carry_out(*words, **({"sent": json.loads(command.stdin)} if command.stdin else {}))
        if fault is not None:
            raise fault.error
        return Completed(exit_status=0, stdout=json.dumps(answer).encode(), stderr=b"")

    def dial(self, _address: str, _port: int, _timeout: float, /) -> Stream:
        raise Refused("nothing listens")

    def again(self) -> None:
        if not self.is_reachable:
            raise HostError("nobody answers")
        self.reconnections += 1

    @property
    def changing_verbs(self) -> list[str]:
        """What was asked, without what only looks."""
        return [verb for verb in self.verbs if verb not in _LOOKING]

    def _fault(self, verb: str) -> Fault | None:
        fault = self.faults.get(verb)
        if fault is None:
            return None
        count = self.verbs.count(verb)
        return fault if fault.skip < count <= fault.skip + fault.times else None

    def _observe(self) -> dict[str, Any]:
        return {
            "digests": {key: _digest(content) for key, content in self.objects.items()},
            "written": self.written,
            "generation": self.current,
            "is_confirmed": self.current is None or (self.current in self.confirmed and not self.is_cut_off),
            "generations": sorted(self.confirmed),
            "key": self.key,
            "findings": self.findings,
            "warnings": self.warnings,
            "lacking": self.lacking,
            "leftovers": self.leftovers,
            "calls": self.calls[0],
            "contacts": self.contacts,
            "undone_before": self.undone_before,
        }

    def _lock(self, push: str, owner: str) -> dict[str, str]:
        if self.holder is not None:
            return {"holds": self.holder}
        self.push, self.holder, took = push, owner, self.ended
        self.ended = None
        return {} if took is None else {"took": took}

    def _unlock(self, push: str) -> None:
        if self.push == push:
            self.holder = None

    def _go_on(self, _push: str) -> None:
        """Whoever holds it is heard of."""

    def _calls(self) -> int | None:
        return self.calls.pop(0) if len(self.calls) > 1 else self.calls[0]

    def _preflight(self, _generation: str) -> list[str]:
        return self.preflight

    def _read(self, *keys: str) -> dict[str, str]:
        return {key: self.objects[key] for key in keys}

    def _own(self) -> dict[str, str]:
        return self.own

    def _kept(self, generation: str) -> dict[str, str]:
        return self.generations[int(generation)]

    def _stage(self, *, sent: dict[str, str]) -> dict[str, int]:
        self.undoing.clear()
        self.is_armed = True
        if self.current is None:
            self.generations[0] = dict(self.objects)
            self.confirmed.add(0)
        generation = max(self.generations) + 1
        self.generations[generation] = sent
        return {"generation": generation, "previous": self._last_confirmed()}

    def _stage_kept(self, generation: str) -> dict[str, int]:
        self.undoing.clear()
        self.is_armed = True
        return {"generation": int(generation), "previous": self._last_confirmed()}

    def _discard(self, generation: str) -> None:
        self.generations.pop(int(generation), None)
        self.confirmed.discard(int(generation))
        if self.current is None:
            self.generations.clear()
            self.confirmed.clear()

    def _apply(self, generation: str, key: str) -> None:
        self.undoing.append((key, self.objects.get(key), self.written.get(key)))
        content = self.generations[int(generation)].get(key)
        self._set(key, content, None if content is None else _digest(content))

    def _switched(self, generation: str) -> None:
        self.current = int(generation)

    def _activate(self, means: str) -> dict[str, list[str]]:
        self.activations.append(means)
        answer = {"complaints": self.complaints, "unknown": self.unknown}
        self.complaints, self.unknown = [], []
        return answer

    def _confirm(self, generation: str) -> dict[str, Any] | None:
        self.holder = None
        if self.undone is not None:
            self._undo(generation, str(self.undone["previous"]))
            return self.undone
        self.is_armed = False
        self.confirmed.add(int(generation))
        self.is_cut_off = False
        if int(generation) == 0:
            self.current = None
            self.written.clear()
        return None

    def _undo(self, generation: str, previous: str) -> str | None:
        self.holder = None
        if not self.is_armed and self.current == (int(generation) or None):
            return "confirmed"
        for key, content, digest in reversed(self.undoing):
            self._set(key, content, digest)
        self.undoing.clear()
        self.is_armed = False
        self.current = int(previous) or None
        if int(generation) > int(previous):
            self._discard(generation)
        return None

    def _set(self, key: str, content: str | None, digest: str | None) -> None:
        for where, value in ((self.objects, content), (self.written, digest)):
            if value is None:
                where.pop(key, None)
            else:
                where[key] = value

    def _last_confirmed(self) -> int:
        if self.current in self.confirmed:
            return self.current or 0
        return max(self.confirmed)


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
