"""What keeps a cluster from being used, and what is lost on the way."""

from __future__ import annotations

from confgen.model.host import HostError


class ClusterUnusable(Exception):
    """What was said of it, or is installed here, does not do."""

    exit_code = 2


class ClusterUnreachable(Exception):
    """No scheduler answered there, or it did not take our certificate."""

    exit_code = 4


class WorkerLost(HostError):
    """Whoever worked on the PBX is gone, or cannot be heard any more; how far the work came is not known."""

    code = "CLU-07"


class NoWorker(HostError):
    """Nobody is left who reaches the PBX; nothing was begun."""

    code = "CLU-01"
    is_unsent = True


def reason(error: object) -> str:
    """Why a party, or all of the cluster, did not do as it was asked: nothing of another's words but the system's."""
    match error:
        case ImportError() | AttributeError():
            return "it has no confgen, or another version of it"
        case TimeoutError():
            return "it did not answer in time"
        case OSError():
            return error.strerror or str(error) or type(error).__name__
        case BaseException():
            return type(error).__name__
        case _:
            return "it did not answer"
