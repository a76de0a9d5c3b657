"""Commands: run on the far side of a connection, to their end or to their deadline."""

from __future__ import annotations

import contextlib
import shlex
import threading
import time
from collections.abc import Callable, Iterator

import paramiko

from confgen.model.host import Command, Completed
from confgen.remote import endings
from confgen.remote.deadline import Deadline
from confgen.remote.endings import Unfinished
from confgen.remote.hop import Hop
from confgen.remote.transport import ChannelRefused, Transport, close_channel

_CHUNK = 32768  # bytes
_AT_ONCE = 65536  # bytes; sshd takes 2 MB before a command has read any of it
# Seconds. At MaxSessions, sshd has another session to give a moment after it has closed the channel of the last one.
_PAUSES = (0.01, 0.05, 0.2, 0.5)
_NO_STATUS = -1  # what paramiko says of a channel that closed without one


def run(
    transport: Transport, hop: Hop, command: Command, deadline: Deadline, make_room: Callable[[], None]
) -> Completed:
    """Run a command to its end; its standard input stays out of every message.

    Where the server opens no session, `make_room` gives it back what lies idle.
    """
    unfinished = Unfinished(hop, command)
    try:
        channel = _session(transport, deadline, make_room)
    except ChannelRefused as error:
        raise unfinished.not_started(f"the server opens no session: {error.words}") from error
    except TimeoutError as error:
        raise unfinished.timed_out() from error
    except ConnectionError as error:
        raise unfinished.not_started(f"{error}; connect again") from error
    with _closing_at(channel, deadline) as watchdog:
        try:
            channel.exec_command(shlex.join(command.whole))  # one of the two places that quote
            completed = _completed(channel, command.stdin)
        except (paramiko.SSHException, EOFError, OSError) as error:
            if watchdog.has_barked:
                raise unfinished.timed_out() from error
            raise unfinished.not_run() from error
    if completed is None:
        raise unfinished.too_long()
    if watchdog.has_barked:
        raise unfinished.timed_out()
    if channel not in transport.ended:
        raise unfinished.without_end()
    if completed.exit_status == _NO_STATUS:
        raise unfinished.without_status()
    return completed


def _session(transport: Transport, deadline: Deadline, make_room: Callable[[], None]) -> paramiko.Channel:
    for pause in _PAUSES:
        with contextlib.suppress(ChannelRefused):
            return transport.session(deadline.remaining)
        make_room()
        time.sleep(min(pause, deadline.remaining))
    return transport.session(deadline.remaining)


def _completed(channel: paramiko.Channel, stdin: bytes) -> Completed | None:
    """What a started command leaves behind; None if it is too much to hold."""
    arrival = Arrival.on(channel)
    if len(stdin) <= min(_AT_ONCE, channel.out_window_size):
        _send(channel, stdin)
    else:
        threading.Thread(target=_send, args=(channel, stdin), name="stdin", daemon=True).start()
    stdout = bytearray()
    stderr = bytearray()
    is_closed = False
    while not is_closed:
        arrival.wait()
        arrival.rearm()
        is_closed = channel.closed  # asked before the buffers are emptied: after it nothing comes any more
        if not take(channel, stdout, stderr):
            return None
    return Completed(exit_status=channel.exit_status, stdout=bytes(stdout), stderr=bytes(stderr))


def _send(channel: paramiko.Channel, content: bytes) -> None:
    """Standard input, then its end; a command need not read all of it, its status tells how it fared."""
    with contextlib.suppress(paramiko.SSHException, EOFError, OSError):
        for start in range(0, len(content), _CHUNK):
            channel.sendall(content[start : start + _CHUNK])
        channel.shutdown_write()


def take(channel: paramiko.Channel, stdout: bytearray, stderr: bytearray) -> bool:
    """Add what has come; whether it is not too much to hold."""
    while (is_heard := channel.recv_ready()) or channel.recv_stderr_ready():
        if is_heard:
            stdout += channel.recv(_CHUNK)
        else:
            stderr += channel.recv_stderr(_CHUNK)
        if len(stdout) + len(stderr) > endings.OUTPUT_LIMIT:  # asked here: it may come as fast as it is taken
            return False
    return True


class Arrival(threading.Event):
    """Something came on either stream; paramiko clears it when one of them is empty, but only the reader may."""

    @classmethod
    def on(cls, channel: paramiko.Channel) -> Arrival:
        """Of a channel, from now on."""
        arrival = cls()
        channel.in_buffer.set_event(arrival)
        channel.in_stderr_buffer.set_event(arrival)
        return arrival

    def clear(self) -> None:
        """Nothing: see above."""

    def rearm(self) -> None:
        """Wait for what comes from now on."""
        super().clear()


class _Watchdog:
    """Closes a channel at the deadline, which wakes whoever waits on it."""

    def __init__(self, channel: paramiko.Channel) -> None:
        self.has_barked = False
        self._channel = channel

    def bark(self) -> None:
        self.has_barked = True
        close_channel(self._channel)


@contextlib.contextmanager
def _closing_at(channel: paramiko.Channel, deadline: Deadline) -> Iterator[_Watchdog]:
    """A channel that is closed at the deadline, and when the block is left."""
    watchdog = _Watchdog(channel)
    timer = threading.Timer(deadline.remaining, watchdog.bark)
    timer.daemon = True
    timer.start()
    try:
        yield watchdog
    finally:
        timer.cancel()
        close_channel(channel)
