"""A host of `benchmarks.files_driver` in memory: the verbs of its script, without a file or a process.

A few hundred bytes each: texts are kept once for all hosts, by their digests.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confgen.archives import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_KEY = "5e" * 32  # for fingerprints: simulated hosts have no secrets to keep
_KEPT = 10  # generations
_texts: dict[str, str] = {}  # by digest


class Refused(Exception):
    """A verb that is refused: code and words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lease:
    push: str
    owner: str
    seconds: int
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Armed:
    push: str
    new: int
    old: int
    until: float
    owner: str


@dataclass(slots=True, kw_only=True)
class SimulatedHost:
    """One host; `clock` counts seconds."""

    clock: Callable[[], float]
    generations: dict[int, Mapping[str, str]] = field(default_factory=dict)  # digests by name
    confirmed: set[int] = field(default_factory=set)
    current: int | None = None
    lease: _Lease | None = None
    armed: _Armed | None = None
    undone: tuple[str, ...] = ()
    pushes: int = 0  # that have held it
    has_key: bool = False  # for fingerprints, from the first generation on

    def answer(self, verb: str, words: list[str], stdin: bytes) -> tuple[int, bytes]:
        """What the script would end with, and write; a verb that it does not know ends with 2."""
        self._let_the_timer_act()
        known: dict[str, Callable[[list[str], bytes], bytes]] = {
            "observe": self._observe,
            "digests": self._digests,
            "read": lambda names, _: self._packed(self.current, names),
            "kept": lambda told, _: self._packed(int(told[0]), None),
            "lock": self._lock,
            "unlock": self._unlock,
            "stage": self._stage,
            "stage_kept": self._stage_kept,
            "discard": self._discard,
            "switch": self._switch,
            "confirm": self._confirm,
            "undo": self._undo,
        }
        if verb not in known:
            return 2, b""
        try:
            return 0, known[verb](words, stdin)
        except Refused as refused:
            return 3, f"refused {refused}\n".encode()

    def _observe(self, names: list[str], _stdin: bytes) -> bytes:
        lines: list[str] = []
        there = self.generations.get(self.current or 0, {})
        if self.current is not None:
            lines += [f"current {self.current}", f"confirmed {'yes' if self.current in self.confirmed else 'no'}"]
            lines += [f"written {digest} {name}" for name, digest in there.items()]
        lines += [f"generation {number}" for number in sorted(self.confirmed)]
        lines += [f"key {_KEY}"] if self.has_key else []
        if self.lease is not None:
            left = max(0, round(self.lease.until - self.clock()))
            lines.append(f"lease {self.lease.push} {left} {self.lease.owner}")
        lines += [f"undone {line}" for line in self.undone]
        lines += [f"ours {name}" for name in names if name in there]
        return _told(*lines) + self._digests(names, b"")

    def _digests(self, names: list[str], _stdin: bytes) -> bytes:
        there = self.generations.get(self.current or 0, {})
        return "".join(f"{there[name]}  etc/{name}\0" for name in names if name in there).encode()

    def _packed(self, generation: int | None, names: list[str] | None) -> bytes:
        there = self.generations.get(generation or 0, {})
        return pack((name, _texts[there[name]]) for name in (there if names is None else names))

    def _lock(self, words: list[str], stdin: bytes) -> bytes:
        push, owner, seconds, *names = words
        if self.armed is not None:
            raise Refused(f"PUSH-39 {self.armed.owner} has switched this host and not confirmed it yet")
        before = self.lease
        if before is not None and before.push != push and before.until > self.clock():
            raise Refused(f"PUSH-39 {before.owner} is at work on this host")
        self.lease = _Lease(push=push, owner=owner, seconds=int(seconds), until=self.clock() + int(seconds))
        self.pushes += before is None or before.push != push
        taken_over = before is not None and before.push != push
        told = _told(f"taken_over {before.push} {before.owner}") if before is not None and taken_over else b""
        return told + self._observe(names, stdin)

    def _unlock(self, words: list[str], _stdin: bytes) -> bytes:
        if self.lease is not None and self.lease.push == words[0]:
            self.lease = None
        return b""

    def _hold(self, push: str) -> _Lease:
        if self.lease is None or self.lease.push != push:
            raise Refused("PUSH-39 this push does not hold the host any more")
        self.lease = _Lease(
            push=push,
            owner=self.lease.owner,
            seconds=self.lease.seconds,
            until=self.clock() + self.lease.seconds,
        )
        return self.lease

    def _stage(self, words: list[str], stdin: bytes) -> bytes:
        self._hold(words[0])
        generation = max(self.generations, default=0) + 1
        for number in [each for each in self.generations if each not in {*self.confirmed, self.current}]:
            del self.generations[number]
        texts = unpack(stdin)
        self.has_key = True
        self.generations[generation] = {name: _kept(texts[name]) for name in words[1:]}
        return _told(f"staged {generation} {self.current or 0}")

    def _stage_kept(self, words: list[str], _stdin: bytes) -> bytes:
        self._hold(words[0])
        if int(words[1]) not in self.confirmed:
            raise Refused(f"PUSH-03 generation {words[1]} was never confirmed")
        return _told(f"staged {words[1]} {self.current or 0}")

    def _discard(self, words: list[str], _stdin: bytes) -> bytes:
        self._hold(words[0])
        if int(words[1]) not in {*self.confirmed, self.current}:
            self.generations.pop(int(words[1]), None)
        return b""

    def _switch(self, words: list[str], _stdin: bytes) -> bytes:
        push, new, old, seconds = words[0], *map(int, words[1:])
        lease = self._hold(push)
        if (self.current or 0) != old:
            raise Refused(f"PUSH-10 generation {self.current or 0} is the one to go back to now, not {old}")
        self.armed = _Armed(push=push, new=new, old=old, until=self.clock() + seconds, owner=lease.owner)
        self.current = new
        return b""

    def _confirm(self, words: list[str], _stdin: bytes) -> bytes:
        self._hold(words[0])
        if self.armed is None or self.armed.push != words[0]:
            return _told(*(f"undone {line}" for line in self.undone))
        generation = int(words[1])
        self.confirmed = {number for number in self.confirmed if number > generation - _KEPT} | {generation}
        self.armed = self.lease = None
        self.undone = ()
        return b""

    def _undo(self, words: list[str], _stdin: bytes) -> bytes:
        push, new, old = words[0], *map(int, words[1:])
        if self.armed is not None and self.armed.push == push:
            self.current = old or None
            self.armed = self.lease = None
            return b""
        if self.armed is not None:
            return _told("overtaken")
        if new in self.confirmed and self.current == new:
            return _told("was_confirmed")
        return _told(*(f"undone {line}" for line in self.undone))

    def _let_the_timer_act(self) -> None:
        armed = self.armed
        if armed is None or armed.until > self.clock():
            return
        self.current = armed.old or None
        self.armed = None
        self.undone = (
            f"push {armed.push}",
            f"owner {armed.owner}",
            f"generation {armed.new}",
            f"previous {armed.old}",
            "at 2026-01-01T00:00:00+00:00",
            "reason not confirmed in time",
        )


def _told(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _kept(text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    _texts.setdefault(digest, text)
    return digest
