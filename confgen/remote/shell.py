"""A shell on the host that runs command after command, over one channel of the connection.

A command with a channel of its own takes two round trips more, and the host's SSH server a process more; here one that
does not only look takes one more, for the word that lets it begin. One that is given input has a channel of its own all
the same, unless it leaves nothing running and the input is short; nothing of that can be taken for a command.
"""

from __future__ import annotations

import contextlib
import threading

import paramiko

from confgen.model.host import Command, Completed
from confgen.remote.answer import Answer
from confgen.remote.deadline import Deadline
from confgen.remote.endings import Unfinished
from confgen.remote.execution import Arrival
from confgen.remote.hop import Hop
from confgen.remote.transport import ChannelRefused, Transport, close_channel

_MOST_INPUT = 65536  # bytes
_WORDS = 64  # bytes, and more than the words around an input
# A shell adds 128 to the signal that ended a command, of which there are 64; ksh adds 256.
_AS_BY_SIGNALS = frozenset((*range(129, 193), *range(257, 321)))


class Shell:
    """Of one connection: begun with its first command, and anew after one that was given up."""

    def __init__(self, transport: Transport, hop: Hop) -> None:
        self._transport = transport
        self._hop = hop
        self._turn = threading.Lock()
        self._channel: paramiko.Channel | None = None
        self._scripts: dict[str, str] = {}  # that this shell has got, by the names of their functions
        self._is_denied = False

    def run(self, command: Command, deadline: Deadline) -> Completed | None:
        """Run a command to its end; None where it was surely not begun, and is to have a channel of its own.

        That is so for most that have input, while another one runs, and on a host that gives this user no shell.
        """
        if self._is_denied or not _is_for_a_shell(command) or not self._turn.acquire(blocking=False):
            return None
        try:
            return self._run(command, deadline)
        finally:
            self._turn.release()

    def make_room(self) -> None:
        """Give back the session for good, to a server that opens no other (MaxSessions), unless a command has it."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            channel, self._channel = self._channel, None
            self._is_denied = True
        finally:
            self._turn.release()
        if channel is not None:
            close_channel(channel)

    def _run(self, command: Command, deadline: Deadline) -> Completed | None:
        unfinished = Unfinished(self._hop, command)
        channel, self._channel = self._channel, None
        if channel is None or channel.closed:
            channel = self._begun(unfinished, deadline)
            self._scripts = {}
        if channel is None:
            return None
        if command.stdin and len(command.stdin) + _WORDS > channel.out_window_size:  # it would have to be waited for
            self._channel = channel
            return None
        try:
            completed = self._asked(channel, command, unfinished, deadline)
        except BaseException:
            close_channel(channel)
            raise
        if completed is None:
            close_channel(channel)
            self._is_denied = True
        else:
            self._channel = channel
        return completed

    def _begun(self, unfinished: Unfinished, deadline: Deadline) -> paramiko.Channel | None:
        """A channel to a new shell; where there is none to be had, a channel of the command's own tells why."""
        try:
            channel = self._transport.session(deadline.remaining)
        except TimeoutError as error:
            raise unfinished.timed_out() from error
        except (ChannelRefused, ConnectionError):
            return None
        channel.event = _Replied(deadline)
        try:
            channel.exec_command("exec sh")
        except (paramiko.SSHException, EOFError, OSError) as error:
            close_channel(channel)
            if not deadline.remaining:
                raise unfinished.timed_out() from error
            return None
        except BaseException:
            close_channel(channel)
            raise
        return channel

    def _asked(
        self, channel: paramiko.Channel, command: Command, unfinished: Unfinished, deadline: Deadline
    ) -> Completed | None:
        """What the command left behind; None where the host gave us no shell that could have begun it."""
        answer = Answer(command, self._scripts)
        is_closed = _heard(channel, answer, deadline)
        completed = answer.completed
        if completed is not None and answer.lacks_input:
            raise unfinished.without_input()
        if completed is not None and completed.exit_status in _AS_BY_SIGNALS:
            raise unfinished.as_by_signal(completed.exit_status)
        if completed is not None:
            return completed
        if answer.is_too_long:
            raise unfinished.too_long()
        if not answer.is_over and not (is_closed and deadline.remaining):
            raise unfinished.timed_out()
        if not answer.is_over and channel not in self._transport.ended:
            raise unfinished.without_end()
        if answer.is_begun:
            raise unfinished.without_status()
        return None


class _Replied(threading.Event):
    """That the server has answered a request, for which paramiko would wait for ever: at the deadline it has not."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def wait(self, _timeout: float | None = None) -> bool:
        """What was not answered by then reads as a closed channel."""
        if not super().wait(self._deadline.remaining):
            self.set()
        return True


def _is_for_a_shell(command: Command) -> bool:
    return not command.stdin or (command.leaves_nothing and len(command.stdin) <= _MOST_INPUT)


def _heard(channel: paramiko.Channel, answer: Answer, deadline: Deadline) -> bool:
    """Ask, and hear the answer until its end, the deadline, or the end of the shell; whether the channel is closed."""
    arrival = Arrival.on(channel)
    _send(channel, answer.request, deadline)
    is_closed = False
    while not is_closed and arrival.wait(deadline.remaining):
        arrival.rearm()
        is_closed = channel.closed  # asked before the buffers are emptied: after it nothing comes any more
        answer.hear(channel)
        if answer.is_over or answer.is_too_long or not deadline.remaining:
            break
        if word := answer.go_ahead():
            _send(channel, word, deadline)
    return is_closed


def _send(channel: paramiko.Channel, content: bytes, deadline: Deadline) -> None:
    """What was sent of it may have been begun all the same, and what came of that is heard."""
    channel.settimeout(deadline.remaining)
    with contextlib.suppress(paramiko.SSHException, EOFError, OSError):
        channel.sendall(content)
