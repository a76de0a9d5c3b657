"""The host's script, called as the operator's program calls it, with files that no Asterisk need take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest

from confgen.archives import pack
from confgen.drivers.asterisk import script
from lab.host import Host
from tests.live.cuts import CUT_TRACED, cuts
from tests.live.reached import INSTALLED

PHONES = "; confgen's {}\n"
MEDIA = "[general]\nrtpstart = 20000\nrtpend = 20100\n"
PUSH, ANOTHER = "00112233445566aa", "00112233445566bb"
RELOAD = ("reload", "dialplan")
BOTH, WITHOUT_MEDIA = ("pjsip.conf", "rtp.conf", "users.conf"), ("pjsip.conf", "users.conf")

_STRIDE = 6  # steps


class Hands:
    """The script of a host, called as the operator's program calls it."""

    def __init__(self, host: Host) -> None:
        self.host = host
        host.write(INSTALLED, script.text(), mode=0o755)

    def tell(self, *words: str, stdin: bytes = b"", before: Sequence[str] = (), push: str = PUSH) -> tuple[int, str]:
        """How a verb ended, and its answer."""
        ran = self.host.run([*before, INSTALLED, "--push", push, *words], stdin=stdin)
        return ran.returncode, ran.stdout.decode()

    def lock(self, push: str = PUSH) -> tuple[int, str]:
        """Take the lease for the length of a test."""
        return self.tell("lock", push, "maria@laptop", "600")

    def switch(self, generation: str, previous: str, push: str = PUSH) -> None:
        """Flip, with an undo by the host that no test waits for."""
        self.done("switch", generation, previous, "600", *RELOAD, push=push)

    def undo(self, generation: str, previous: str, push: str = PUSH) -> str:
        """The last line of the answer: what it said at the end."""
        return self.done("undo", generation, previous, *RELOAD, push=push).splitlines()[-1]

    def done(self, *words: str, stdin: bytes = b"", push: str = PUSH) -> str:
        code, told = self.tell(*words, stdin=stdin, push=push)
        assert code == 0, (words, told)
        return told.strip()

    def stage(self, mark: str, names: Sequence[str] = BOTH, push: str = PUSH) -> str:
        texts: Mapping[str, str] = {"pjsip.conf": PHONES.format(mark), "rtp.conf": MEDIA}
        members = [(f"etc/{name}", texts[name]) for name in names if name in texts]
        self.lock(push)
        return self.done("stage", *names, stdin=pack(members), push=push)

    def push(self, mark: str, names: Sequence[str] = BOTH, push: str = PUSH) -> None:
        """All of a push but the restart of Asterisk."""
        _, generation, previous = self.stage(mark, names, push=push).split()
        self.switch(generation, previous, push=push)
        self.done("confirm", generation, push=push)

    def give_back(self) -> None:
        """By a push of its own: a timer that a killed one left would be in the way of its namesake."""
        self.lock(ANOTHER)
        previous = self.done("stage_kept", "0", push=ANOTHER).split()[2]
        self.switch("0", previous, push=ANOTHER)
        self.done("confirm", "0", push=ANOTHER)

    def observed(self, word: str) -> list[str]:
        answer = script.lines(self.done("observe", *BOTH).encode())
        return [rest for found, rest in answer if found == word]

    def killed_at(self, step: int, *words: str, push: str = PUSH) -> int:
        """The verb, killed when it starts its nth process, by the kernel; how it ended."""
        kill = f"inject=clone,fork,vfork:signal=KILL:when={step}"
        return self.tell(*words, push=push, before=["strace", "-f", "-o", "/dev/null", "-e", kill])[0]

    def steps(self, *words: str) -> Sequence[int]:
        """The verb, run to its end; the steps at which a kill leaves something else than at the one before."""
        tracing = ["strace", "-f", "-y", "-o", "/root/trace", "-e", f"trace={CUT_TRACED}"]
        code, told = self.tell(*words, before=tracing)
        assert code == 0, (words, told)
        found = cuts(self.host.read("/root/trace").decode(errors="replace"))
        assert len(found) > 3, words
        return found

    def cut_off(self, first: int, *words: str) -> Iterator[int]:
        """The verb, killed at its first step, then at later ones, until it comes to its end; looked at each time."""
        for step in range(first, 200, _STRIDE):
            code = self.killed_at(step, *words)
            yield step
            if code == 0:
                return
        pytest.fail(f"{words} does not come to its end")
