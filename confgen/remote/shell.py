"""A shell on the host that runs command after command, over one channel of the connection.

A command with a channel of its own takes two round trips more, and the host's SSH server a process more. One that is
given input has its own all the same: nothing that somebody sends along can be taken for a command.
"""

from __future__ import annotations

import secrets
import shlex
import threading

import paramiko

from confgen.model.host import Command, Completed
from confgen.remote.deadline import Deadline
from confgen.remote.endings import Unfinished
from confgen.remote.execution import Arrival, closing_at, take
from confgen.remote.hop import Hop
from confgen.remote.transport import ChannelRefused, Transport, close_channel

_BY_SIGNAL = 128  # a shell adds the signal to it that ended the command


class Shell:
    """Of one connection: begun with its first command, and anew after one that was given up."""

    def __init__(self, transport: Transport, hop: Hop) -> None:
        self._transport = transport
        self._hop = hop
        self._turn = threading.Lock()
        self._channel: paramiko.Channel | None = None
        self._is_denied = False

    def run(self, command: Command) -> Completed | None:
        """Run a command to its end; None where it was not begun, and is to have a channel of its own.

        That is so for one with input, while another one runs, and on a host that gives this user no shell.
        """
        if command.stdin or self._is_denied or not self._turn.acquire(blocking=False):
            return None
        try:
            return self._run(command, Deadline.after(command.timeout))
        finally:
            self._turn.release()

    def _run(self, command: Command, deadline: Deadline) -> Completed | None:
        channel, self._channel = self._channel, None
        if channel is None or channel.closed:
            channel = self._begun(deadline)
        if channel is None:
            return None
        answer = _Answer()
        try:
            answer.ask(channel, command, deadline)
            completed = self._judged(channel, answer, Unfinished(self._hop, command), deadline)
        except BaseException:
            close_channel(channel)
            raise
        if completed is None:
            close_channel(channel)
            self._is_denied = True
        else:
            self._channel = channel
        return completed

    def _begun(self, deadline: Deadline) -> paramiko.Channel | None:
        """A channel to a new shell; where there is none to be had, a channel of the command's own tells why."""
        try:
            channel = self._transport.session(deadline.remaining)
        except (ChannelRefused, TimeoutError, ConnectionError):
            return None
        try:
            with closing_at(channel, deadline, even_if_done=False):
                channel.exec_command("exec sh")
        except (paramiko.SSHException, EOFError, OSError):
            close_channel(channel)
            return None
        return channel

    def _judged(
        self, channel: paramiko.Channel, answer: _Answer, unfinished: Unfinished, deadline: Deadline
    ) -> Completed | None:
        """What the command left behind; None where no shell had begun it."""
        completed = answer.completed
        if completed is not None and completed.exit_status <= _BY_SIGNAL:
            return completed
        if completed is not None:
            raise unfinished.without_status()
        if answer.is_too_long:
            raise unfinished.too_long()
        if not channel.closed and not deadline.remaining:
            raise unfinished.timed_out()
        if channel not in self._transport.ended:
            raise unfinished.without_end()
        if answer.is_begun:
            raise unfinished.without_status()
        return None


class _Answer:
    """What came of one command: a line when it is begun, its output, and on both streams a line when it has ended."""

    def __init__(self) -> None:
        # Nobody on the host can know it beforehand, and put an end of his own to an answer.
        self._mark = secrets.token_hex(16).encode()
        self._stdout = bytearray()
        self._stderr = bytearray()
        self._seen = 0
        self.is_too_long = False
        self.completed: Completed | None = None

    def ask(self, channel: paramiko.Channel, command: Command, deadline: Deadline) -> None:
        """Have the command run, and wait for its end, the deadline, or the end of the shell."""
        mark = self._mark.decode()
        request = (
            f"echo {mark}; (exec {shlex.join(command.argv)}) </dev/null\n"  # the other place that quotes
            f"printf '\\n%s %s\\n' {mark} $?; echo {mark} >&2\n"
        )
        arrival = Arrival.on(channel)
        channel.settimeout(deadline.remaining)
        try:
            channel.sendall(request.encode())
        except (paramiko.SSHException, EOFError, OSError):
            return
        while self.completed is None and not self.is_too_long and arrival.wait(deadline.remaining):
            arrival.rearm()
            is_closed = channel.closed  # asked before the buffers are emptied: after it nothing comes any more
            self.is_too_long = not take(channel, self._stdout, self._stderr)
            self.completed = self._ended()
            if is_closed:
                return

    @property
    def is_begun(self) -> bool:
        """Whether a shell has taken the command."""
        return self._stdout.startswith(self._mark)

    def _ended(self) -> Completed | None:
        """None until both streams have come to their end."""
        end = b"\n" + self._mark + b" "
        at = self._stdout.find(end, self._seen)
        if at < 0:
            self._seen = max(0, len(self._stdout) - len(end))
            return None
        self._seen = at
        status, newline, _ = self._stdout[at + len(end) :].partition(b"\n")
        stderr, mark, _ = self._stderr.partition(self._mark + b"\n")
        if not newline or not mark:
            return None
        first = len(self._mark) + 1
        return Completed(exit_status=int(status), stdout=bytes(self._stdout[first:at]), stderr=bytes(stderr))
