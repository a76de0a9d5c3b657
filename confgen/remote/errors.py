"""What can go wrong between confgen and a host: what, to whom, and the mend, each in one line."""

from __future__ import annotations

from confgen.model.host import HostError


class Unreachable(HostError):
    """No SSH server answered there."""

    code = "SSH-01"


class HostKeyUnknown(HostError):
    """The host's key is known nowhere; confgen never learns a key by itself."""

    code = "SSH-02"


class HostKeyChanged(HostError):
    """The host showed another key than the one it is known by."""

    code = "SSH-03"


class AuthenticationRefused(HostError):
    """The host took none of the operator's keys."""

    code = "SSH-04"


class ConnectionLost(HostError):
    """The connection ended, or the far end would not go on; how far a command came is not known."""

    code = "SSH-05"


class CommandTimedOut(HostError):
    """A command did not end before its deadline; whether it still runs is not known."""

    code = "SSH-05"


class OutputTooLong(HostError):
    """A command wrote more than confgen is willing to hold."""

    code = "SSH-05"


class ConfigUnsupported(HostError):
    """A line of `~/.ssh/config` asks for what confgen cannot do, so that going on would be another way than meant."""

    code = "SSH-06"
