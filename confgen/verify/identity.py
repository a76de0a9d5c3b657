"""The client certificate that confgen shows: the PBX's own, which its authority has signed."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from confgen.model.inventory import ClientCertificates
from confgen.verify.wire.handshake import ClientCertificate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.driver import Material
    from confgen.model.inventory import Pbx


@contextmanager
def identity(pbx: Pbx, material: Material) -> Iterator[ClientCertificate | None]:
    """What to show to the PBX; None where it demands nothing, or where there is nothing to show."""
    demanded = pbx.certificate.client_certificates is ClientCertificates.REQUIRED
    if not demanded or material.key is None or not hasattr(os, "memfd_create"):
        yield None
        return
    with ExitStack() as stack:
        yield ClientCertificate(
            certificate=_in_memory(stack, "certificate", material.chain),
            key=_in_memory(stack, "key", material.key.reveal()),
        )


def _in_memory(stack: ExitStack, name: str, text: str) -> Path:
    """A file that OpenSSL can open by name and that no disk ever holds."""
    descriptor = os.memfd_create(name)
    stack.callback(os.close, descriptor)
    os.write(descriptor, text.encode())
    return Path(f"/proc/self/fd/{descriptor}")
