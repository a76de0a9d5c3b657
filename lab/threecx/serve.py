"""The process of a contract fake: what it is to be comes on stdin, `ready` goes out once it serves."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

from confgen.model.version import ProductVersion
from lab.threecx.server import controlled, serving
from lab.threecx.xapi import ContractFake


def main() -> None:
    """Serve until it is told to end."""
    said = json.load(sys.stdin)
    fake = ContractFake(
        client=said["client"],
        secret=said["secret"],
        domain=said["domain"],
        version=ProductVersion.parse(said["version"]),
        seed=said["seed"],
        users=tuple(said["users"]),
    )
    fake.state.https_port = said["port"]
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _, __: ended.set())
    certificate, key = Path(said["certificate"]), Path(said["key"])
    with serving(fake, certificate, key, ("0.0.0.0", said["port"])), controlled(fake, Path(said["control"])):  # noqa: S104 -- as a 3CX does
        print("ready", flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
