"""What a shell is asked so that one command's answer can be told from another's, and from all else that it hears."""

from __future__ import annotations

import secrets
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confgen.model.host import Completed
from confgen.remote.execution import take

if TYPE_CHECKING:
    import paramiko

    from confgen.model.host import Command

# The mark on both streams before and after the command, which is not begun where nobody hears of it. Its output goes
# through a pipe of its own, which ends when nobody holds it any more: what it leaves running has no part in the next
# answer, and is waited for as sshd does. All of it is one command to the shell, so that what is read within is not it.
_REQUEST = """\
{{
echo {mark} || exit; echo {mark} >&2 || exit{go_ahead}
{{ ({command}); printf '\\n%s %s\\n' {mark} $?; }} </dev/null | cat; echo {mark}; echo {mark} >&2
}}
"""
# Without the pipe, which costs the host two processes.
_REQUEST_THAT_LEAVES_NOTHING = """\
{{
echo {mark} || exit; echo {mark} >&2 || exit{go_ahead}
({command}) </dev/null
printf '\\n%s %s\\n%s\\n' {mark} $? {mark}; echo {mark} >&2
}}
"""
# With input, which comes behind the word: so many octets go to the command, and what it does not read of them is read
# before the answer is told, so that nothing of an input is left for the shell, or is still being read when the next
# request comes. Where they were not all handed on, another word says so. The shell goes on only where it reads a third
# one right behind them: nothing of an input is ever read as a command, and nobody who wrote it can know the words.
_REQUEST_WITH_INPUT = """\
{{
command -v head >/dev/null || exit
echo {mark} || exit; echo {mark} >&2 || exit{go_ahead}
{{ head -c {length} || echo {lost} >&2; }} | {{
({command}); code=$?; while read -r word; do :; done
printf '\\n%s %s\\n%s\\n' {mark} "$code" {mark}; echo {mark} >&2
}}
read -r word; [ "$word" = {end} ] || exit
}}
"""
# What the far end has of a dead operator may come to it when the link comes back: a change is begun only on a word that
# is sent when the shell has been heard, as a channel of its own is opened before it is told a command.
_ON_A_WORD = '; read -r word; [ "$word" = {word} ] || exit'


class Answer:
    """Of a shell to one command, as far as it has come; `known` are the scripts that it has, by their functions."""

    def __init__(self, command: Command, known: dict[str, str]) -> None:
        # Nobody on the host can know it beforehand, and put an end of his own to an answer.
        mark = secrets.token_hex(16)
        word, lost, end = (secrets.token_hex(8) for _ in range(3))
        definition, begun = _begun(command, known)
        go_ahead = _ON_A_WORD.format(word=word)
        self._go_ahead = f"{word}\n".encode()
        if command.stdin:
            request = _REQUEST_WITH_INPUT
            self._go_ahead += command.stdin + f"{end}\n".encode()
        else:
            request = _REQUEST_THAT_LEAVES_NOTHING if command.leaves_nothing else _REQUEST
            if command.only_looks:
                go_ahead, self._go_ahead = "", b""
        told = request.format(
            mark=mark, command=begun, go_ahead=go_ahead, length=len(command.stdin), lost=lost, end=end
        )
        self.request = (definition + told).encode()
        self._lost = lost.encode()
        self.is_too_long = False
        self._status_line = f"\n{mark} ".encode()
        self._stdout = _Marked(f"{mark}\n".encode())
        self._stderr = _Marked(f"{mark}\n".encode())

    def hear(self, channel: paramiko.Channel) -> None:
        """Take what has come."""
        self.is_too_long = not take(channel, self._stdout.content, self._stderr.content)
        self._stdout.look()
        self._stderr.look()

    def go_ahead(self) -> bytes:
        """What is sent once, when it is time: nothing before that, nor where no word is waited for."""
        if not self.is_begun:
            return b""
        word, self._go_ahead = self._go_ahead, b""
        return word

    @property
    def is_begun(self) -> bool:
        """Whether a shell has taken the command."""
        return bool(self._stdout.places or self._stderr.places)

    @property
    def is_over(self) -> bool:
        """Whether the shell has done with the command."""
        return self._stdout.between is not None and self._stderr.between is not None

    @property
    def lacks_input(self) -> bool:
        """Whether the command was not given all of its input, and took what there was for all."""
        return self._lost in (self._stderr.between or b"")

    @property
    def completed(self) -> Completed | None:
        """What the command left behind; None before its end, and where the shell has no status of it."""
        stdout, stderr = self._stdout.between, self._stderr.between
        if stdout is None or stderr is None:
            return None
        written, found, rest = stdout.partition(self._status_line)
        status, _, late = rest.partition(b"\n")
        if not found:
            return None
        return Completed(exit_status=int(status), stdout=written + late, stderr=stderr)


def _begun(command: Command, known: dict[str, str]) -> tuple[str, str]:
    """What tells a shell the script of a command, where it has not got it yet; and what begins the command."""
    if not command.script:
        return "", f"exec {shlex.join(command.argv)}"  # the other place that quotes
    is_new = command.script not in known
    name = known.setdefault(command.script, f"script_{len(known)}")
    definition = f"{name}() {{\n{command.script}\n}}\n" if is_new else ""
    return definition, f"{name} {shlex.join(command.argv[1:])}"


@dataclass(slots=True)
class _Marked:
    """A stream in which a line stands before what matters, and after it."""

    line: bytes
    content: bytearray = field(default_factory=bytearray)
    places: list[int] = field(default_factory=list)  # of the line, two at most
    _seen: int = 0

    def look(self) -> None:
        """Find the line in what has come."""
        while len(self.places) < 2 and (at := self.content.find(self.line, self._seen)) >= 0:  # noqa: PLR2004
            self.places.append(at)
            self._seen = at + len(self.line)
        self._seen = max(self._seen, len(self.content) - len(self.line) + 1)

    @property
    def between(self) -> bytes | None:
        """What matters; None before its end."""
        match self.places:
            case [first, last]:
                return bytes(self.content[first + len(self.line) : last])
            case _:
                return None
