"""Commands: run on the far side of a connection, to their end or to their deadline."""

from __future__ import annotations

import contextlib
import shlex
import threading
from collections.abc import Iterator

import paramiko

from confgen.model.host import Command, Completed
from confgen.remote.deadline import Deadline
from confgen.remote.errors import CommandTimedOut, ConnectionLost, OutputTooLong
from confgen.remote.hop import Hop
from confgen.remote.transport import ChannelRefused, Transport, close_channel

OUTPUT_LIMIT = 16 * 1024 * 1024  # bytes, both streams together

_CHUNK = 32768  # bytes
_NO_STATUS = -1  # what paramiko says of a channel that closed without one


def run(transport: Transport, hop: Hop, command: Command) -> Completed:
    """Run a command to its end; its standard input stays out of every message."""
    deadline = Deadline.after(command.timeout)
    program = f"{hop}: {command.argv[0]}"
    timed_out = f"{program} did not end within {command.timeout:g} s; whether it still runs is not known"
    try:
        channel = transport.session(deadline.remaining)
    except ChannelRefused as error:
        raise ConnectionLost(f"{program} was not started: the server opens no session: {error.words}") from error
    except TimeoutError as error:
        raise CommandTimedOut(timed_out) from error
    except ConnectionError as error:
        raise ConnectionLost(f"{program} was not started: {error}; connect again") from error
    with _watched(channel, deadline) as watchdog:
        try:
            channel.exec_command(shlex.join(command.argv))  # the one place that quotes
            completed = _completed(channel, command.stdin)
        except (paramiko.SSHException, EOFError, OSError) as error:
            if watchdog.has_barked:
                raise CommandTimedOut(timed_out) from error
            raise ConnectionLost(f"{program} was not run: refused by the server, or the connection was lost") from error
    if completed is None:
        raise OutputTooLong(
            f"{program} wrote more than {OUTPUT_LIMIT // 1024 // 1024} MiB; how far it came is not known"
        )
    if watchdog.has_barked:
        raise CommandTimedOut(timed_out)
    if completed.exit_status == _NO_STATUS:
        how = "it was killed on the host" if transport.is_active() else "the connection was lost"
        raise ConnectionLost(f"{program} ended without a status: {how}")
    return completed


def _completed(channel: paramiko.Channel, stdin: bytes) -> Completed | None:
    """What a started command leaves behind; None if it is too much to hold."""
    arrival = _Arrival()
    channel.in_buffer.set_event(arrival)
    channel.in_stderr_buffer.set_event(arrival)
    threading.Thread(target=_send, args=(channel, stdin), name="stdin", daemon=True).start()
    stdout = bytearray()
    stderr = bytearray()
    is_closed = False
    while not is_closed:
        arrival.wait()
        arrival.rearm()
        is_closed = channel.closed  # asked before the buffers are emptied: after it nothing comes any more
        while channel.recv_ready():
            stdout += channel.recv(_CHUNK)
        while channel.recv_stderr_ready():
            stderr += channel.recv_stderr(_CHUNK)
        if len(stdout) + len(stderr) > OUTPUT_LIMIT:
            return None
    return Completed(exit_status=channel.exit_status, stdout=bytes(stdout), stderr=bytes(stderr))


def _send(channel: paramiko.Channel, content: bytes) -> None:
    """Standard input, then its end; a command need not read all of it, its status tells how it fared."""
    with contextlib.suppress(paramiko.SSHException, EOFError, OSError):
        for start in range(0, len(content), _CHUNK):
            channel.sendall(content[start : start + _CHUNK])
        channel.shutdown_write()


class _Arrival(threading.Event):
    """Something came on either stream; paramiko clears it when one of them is empty, but only the reader may."""

    def clear(self) -> None:
        """Nothing: see above."""

    def rearm(self) -> None:
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
def _watched(channel: paramiko.Channel, deadline: Deadline) -> Iterator[_Watchdog]:
    """A channel that is closed when the block is left, and at the deadline in any case."""
    watchdog = _Watchdog(channel)
    timer = threading.Timer(deadline.remaining, watchdog.bark)
    timer.daemon = True
    timer.start()
    try:
        yield watchdog
    finally:
        timer.cancel()
        close_channel(channel)
