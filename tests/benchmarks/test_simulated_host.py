"""A simulated host answers what the script answers on a real one."""

from __future__ import annotations

import hashlib
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.files_driver import SCRIPT
from benchmarks.simulated_host import SimulatedHost
from confgen.archives import pack, unpack

NAMES = ("document-1.conf", "document-2.conf")
OBSERVE = ("observe", *NAMES)
A, B = ("lock", "a", "somebody on here", "60"), ("lock", "b", "another", "60")


def archive(edition: str) -> bytes:
    texts = {name: f"{name} of edition {edition}\n" for name in NAMES}
    manifest = "".join(f"{hashlib.sha256(text.encode()).hexdigest()} {name}\n" for name, text in texts.items())
    return pack((*texts.items(), (".manifest", manifest)))


def pushed(push: str, number: int, before: int, *, confirmed: bool = True) -> list[tuple[str, ...]]:
    """The verbs of a push, as far as it came."""
    verbs = [
        ("lock", push, "somebody", "60", *NAMES),
        ("stage", push, *NAMES),
        ("switch", push, str(number), str(before), "60"),
        ("digests", *NAMES),
    ]
    return [*verbs, ("confirm", push, str(number)), OBSERVE] if confirmed else verbs


@dataclass
class Both:
    """The script in a folder of its own, and its simulation, asked the same."""

    folder: Path
    simulated: SimulatedHost = field(default_factory=lambda: SimulatedHost(clock=lambda: 0.0))

    def ask(self, *words: str, edition: str = "1") -> tuple[int, bytes]:
        stdin = archive(edition) if words[0] == "stage" else b""
        real = subprocess.run(
            ["sh", "-c", SCRIPT, "files-host", words[0], str(self.folder / "host"), *words[1:]],
            input=stdin,
            capture_output=True,
            check=False,
        )
        told = self.simulated.answer(words[0], list(words[1:]), stdin)
        assert (told[0], comparable(told[1])) == (real.returncode, comparable(real.stdout)), words
        return told


def comparable(answer: bytes) -> object:
    """Without keys, seconds, and how a tar was packed; words of a refusal are for people."""
    if b"ustar" in answer:
        return unpack(answer)
    text = re.sub(r"(?m)^key [0-9a-f]+$", "key", answer.decode())
    text = re.sub(r"(?m)^lease (\w+) \d+ ", r"lease \1 N ", text)
    return sorted(re.sub(r"(?m)^(refused [A-Z0-9-]+) .*$", r"\1", text).splitlines())


@pytest.fixture
def both(tmp_path: Path) -> Both:
    return Both(tmp_path)


def test_a_push_a_second_one_and_a_look_at_what_was_kept(both: Both) -> None:
    both.ask(*OBSERVE)
    for verb in pushed("a", 1, 0):
        both.ask(*verb)
    for verb in pushed("b", 2, 1):
        both.ask(*verb, edition="2")
    both.ask("read", *NAMES)
    both.ask("kept", "1")


def test_what_is_not_confirmed_is_undone_or_was_confirmed_already(both: Both) -> None:
    for verb in pushed("a", 1, 0, confirmed=False):
        both.ask(*verb)
    both.ask("undo", "b", "2", "0")
    both.ask("undo", "a", "1", "0")
    both.ask(*OBSERVE)
    for verb in pushed("b", 2, 0):
        both.ask(*verb)
    both.ask("undo", "b", "2", "0")


def test_one_push_keeps_others_away_and_holds_on(both: Both) -> None:
    both.ask(*A)
    assert both.ask(*B)[0] == 3
    assert both.ask("stage", "b", *NAMES)[0] == 3
    both.ask("stage", "a", *NAMES)
    both.ask("discard", "a", "1")
    both.ask("unlock", "b")
    both.ask("unlock", "a")
    both.ask(*B)
    both.ask("nonsense")


def test_what_was_switched_keeps_the_next_push_away_until_its_time_is_over() -> None:
    now = [0.0]
    host = SimulatedHost(clock=lambda: now[0])
    for verb in pushed("a", 1, 0, confirmed=False):
        host.answer(verb[0], list(verb[1:]), archive("1"))
    assert host.answer("lock", ["b", "another", "60"], b"")[0] == 3

    now[0] = 61.0

    status, told = host.answer(*(OBSERVE[0], list(OBSERVE[1:]), b""))
    assert status == 0
    assert b"undone previous 0" in told
    assert b"current" not in told
