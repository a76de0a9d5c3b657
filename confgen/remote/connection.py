"""One hop's connection: reached, its key judged, and let in by one of the operator's keys."""

from __future__ import annotations

import contextlib
import socket
import sys

import paramiko
from paramiko.ssh_exception import IncompatiblePeer

from confgen.remote.deadline import Deadline
from confgen.remote.errors import AuthenticationRefused, HostKeyChanged, Unreachable
from confgen.remote.hop import Hop
from confgen.remote.identities import Identities, identities
from confgen.remote.known_hosts import HostKey
from confgen.remote.operator_files import OperatorFiles
from confgen.remote.transport import ChannelRefused, Transport
from confgen.remote.trust import Trust, trust_of

_ASKED_EVERY = 5.0  # seconds
_MOST_SILENT = 20.0  # seconds until a far end is given up that says nothing, or takes nothing any more


def connect_hop(hop: Hop, before: Transport | None, files: OperatorFiles) -> Transport:
    """A connection to a hop, through the hop before it if there is one, ready for commands."""
    deadline = Deadline.after(hop.timeout)
    transport = _judged(hop, before, trust_of(hop, files), deadline)
    try:
        _authenticate(transport, hop, files, deadline)
        transport.watch(_ASKED_EVERY, _MOST_SILENT)
    except BaseException:
        close(transport)
        raise
    return transport


def close(transport: Transport) -> None:
    """End a connection at once; doing it twice is fine."""
    if isinstance(transport.sock, socket.socket):
        with contextlib.suppress(OSError):  # the thread that reads would see a mere close only at its next look
            transport.sock.shutdown(socket.SHUT_RDWR)
    transport.close()
    transport.sock.close()


def _judged(hop: Hop, before: Transport | None, trust: Trust, deadline: Deadline) -> Transport:
    """A connection to a server that has shown the right key."""
    wrong: HostKeyChanged | None = None
    shown: set[str] = set()
    while True:
        transport = Transport(_reach(hop, before, deadline))
        try:
            options = transport.get_security_options()
            options.key_types = tuple(name for name in trust.algorithms(options.key_types) if name not in shown)
            key = _negotiate(transport, hop, deadline)
            trust.judge(key)
        except HostKeyChanged as error:
            close(transport)
            # A fingerprint does not tell the type of its key; a server that has several is asked for the others.
            if hop.host_key is None:
                raise
            wrong = wrong or error
            shown.update(key.algorithms)
        except IncompatiblePeer as error:
            close(transport)
            raise wrong or Unreachable(f"{hop}: no way to speak SSH is known to both ends: {error}") from error
        except BaseException:
            close(transport)
            raise
        else:
            return transport


def _reach(hop: Hop, before: Transport | None, deadline: Deadline) -> socket.socket | paramiko.Channel:
    if before is None:
        return _dial(hop, deadline)
    try:
        return before.forwarded(hop.address, hop.port, deadline.remaining)
    except ChannelRefused as error:
        words = error.words or f"reason {error.reason}"
        raise Unreachable(f"{hop}: the jump host before it does not get there: {words}") from error
    except (TimeoutError, ConnectionError) as error:
        raise Unreachable(f"{hop}: not reached through the jump host before it: {error}") from error


def _dial(hop: Hop, deadline: Deadline) -> socket.socket:
    """A TCP connection to the first of the hop's addresses that answers."""
    try:
        found = socket.getaddrinfo(hop.address, hop.port, hop.family, socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise Unreachable(f"{hop}: the name {hop.address} leads nowhere; mend the address in the inventory") from error
    failure: OSError = TimeoutError("timed out")
    for family, kind, protocol, _, address in found:
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(max(deadline.remaining, 0.001))
            connection.connect(address)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if sys.platform == "linux":
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(1000 * _MOST_SILENT))
        except OSError as error:
            connection.close()
            failure = error
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    if isinstance(failure, TimeoutError):
        raise Unreachable(f"{hop}: no answer within {hop.timeout:g} s; is it up, and the port right?") from failure
    raise Unreachable(f"{hop}: {failure.strerror or failure}; is sshd running, and the port right?") from failure


def _negotiate(transport: Transport, hop: Hop, deadline: Deadline) -> HostKey:
    """Agree on encryption, and return the key that the server has proven to hold."""
    transport.banner_timeout = transport.handshake_timeout = deadline.remaining
    try:
        transport.start_client(timeout=deadline.remaining)
        shown = transport.get_remote_server_key()
    except IncompatiblePeer:
        raise
    except (paramiko.SSHException, EOFError, OSError) as error:
        if not deadline.remaining:
            raise Unreachable(f"{hop}: no SSH server greets within {hop.timeout:g} s; is the port right?") from error
        raise Unreachable(f"{hop}: what answers is no SSH server that works: {error}".rstrip(": ")) from error
    return HostKey(kind=shown.get_name(), blob=shown.asbytes())


def _authenticate(transport: Transport, hop: Hop, files: OperatorFiles, deadline: Deadline) -> None:
    tried: list[str] = []
    with identities(hop, files) as keys:
        for identity in keys.identities:
            transport.auth_timeout = max(deadline.remaining, 1.0)
            tried.append(str(identity))
            try:
                still_wanted = transport.auth_publickey(hop.user, identity.key)
            except paramiko.BadAuthenticationType as error:
                others = ", ".join(error.allowed_types)
                raise AuthenticationRefused(
                    f"{hop}: the server takes no keys, only {others}; set PubkeyAuthentication yes in its sshd_config"
                ) from error
            except (paramiko.SSHException, EOFError, OSError) as error:
                if not transport.is_active():
                    raise AuthenticationRefused(f"{hop}: hung up {_after(tried, keys)}") from error
                continue
            if still_wanted:
                raise AuthenticationRefused(f"{hop}: took {identity}, but wants {' or '.join(still_wanted)} as well")
            return
    raise AuthenticationRefused(
        f"{hop}: not let in {_after(tried, keys)}; put your public key in ~{hop.user}/.ssh/authorized_keys"
    )


def _after(tried: list[str], keys: Identities) -> str:
    """What was tried, and what could not be."""
    passed_over = f"; not tried: {', '.join(keys.passed_over)}" if keys.passed_over else ""
    return f"after trying {', '.join(tried) or 'no key'}{passed_over}"
