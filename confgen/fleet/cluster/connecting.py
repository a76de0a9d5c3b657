"""A connection to a scheduler: over TLS, with a certificate at either end, or not at all."""

from __future__ import annotations

import logging
import re
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from confgen.fleet.cluster.dask_link import DaskLink
from confgen.fleet.cluster.errors import ClusterUnreachable, ClusterUnusable, reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.cluster import SchedulerAccess

_ADDRESS = re.compile(r"tls://\S+:\d{1,5}")
_CONNECTING = 15.0  # seconds
_EXTRA = "install it here, on the scheduler and on the workers: pip install 'pbx-confgen[cluster]'"


@contextmanager
def connected(access: SchedulerAccess) -> Iterator[DaskLink]:
    """A link to the scheduler over TLS, with a certificate at either end.

    ClusterUnusable where what was said of it does not do, ClusterUnreachable where nobody answers.
    """
    if _ADDRESS.fullmatch(access.address) is None:
        raise ClusterUnusable(f"{access.address!r} is no scheduler over TLS; write tls://HOST:PORT")
    try:
        from distributed import Client  # noqa: PLC0415 -- an extra, and slow to load
    except ImportError as error:
        raise ClusterUnusable(f"--scheduler needs the library `distributed`; {_EXTRA}") from error
    _silence()
    security = _security(access)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions, of which ours is asked for
            client = Client(
                access.address, security=security, timeout=_CONNECTING, set_as_default=False, name="confgen"
            )
    except (OSError, ValueError, TypeError) as error:
        raise ClusterUnreachable(
            f"no scheduler at {access.address}: {reason(error)}; does it run, and are its certificate and yours of "
            "the same authority?"
        ) from error
    link = DaskLink(client)
    try:
        yield link
    finally:
        link.close()


def _silence() -> None:
    """What concerns the run is told by us, in fewer words than a library's traceback."""
    for name in ("asyncio", "tornado.application", "tornado.general", *logging.root.manager.loggerDict):
        if name.partition(".")[0] in {"asyncio", "distributed", "tornado"}:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _security(access: SchedulerAccess) -> Any:  # noqa: ANN401 -- distributed has no types for it
    """With what distributed's configuration says besides; encryption is demanded whatever it says."""
    from distributed import Security  # noqa: PLC0415 -- likewise

    told = {
        "tls_ca_file": access.authority, "tls_client_cert": access.certificate, "tls_client_key": access.key
    }  # fmt: skip
    given = {name: str(path) for name, path in told.items() if path is not None}
    try:
        security = Security(require_encryption=True, **given)
        missing = [
            words
            for words, path in (
                ("the authority (--cluster-ca, or distributed.comm.tls.ca-file)", security.tls_ca_file),
                ("a certificate (--cluster-cert, or distributed.comm.tls.client.cert)", security.tls_client_cert),
            )
            if not path
        ]
        if missing:
            raise ClusterUnusable(f"the cluster is reached over TLS only, and needs {' and '.join(missing)}")
        security.get_connection_args("client")
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ClusterUnusable(
            f"the certificates for the cluster cannot be used: {reason(error)}; give PEM files"
        ) from error
    return security
