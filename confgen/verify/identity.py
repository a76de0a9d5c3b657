"""The client certificates that confgen shows: the PBX's own, which its authority has signed, and a stranger's."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from confgen.model.inventory import ClientCertificates
from confgen.model.secret import Secret
from confgen.streams.tls import ClientCertificate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.driver import Material
    from confgen.model.inventory import Pbx

_LONGEST_COMMON_NAME = 64  # RFC 5280 §A.1


@contextmanager
def identity(pbx: Pbx, material: Material) -> Iterator[ClientCertificate | None]:
    """What to show to the PBX; None where it demands nothing, or where there is nothing to show."""
    own = pbx.own_certificate
    demanded = own is not None and own.client_certificates is ClientCertificates.REQUIRED
    if not demanded or material.key is None:
        yield None
        return
    with in_memory(material.chain, material.key) as shown:
        yield shown


@contextmanager
def stranger(name: str) -> Iterator[ClientCertificate | None]:
    """A certificate for this name that was made just now and signed by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:_LONGEST_COMMON_NAME])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = Secret(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
    with in_memory(certificate.public_bytes(Encoding.PEM).decode(), private) as shown:
        yield shown


@contextmanager
def in_memory(chain: str, key: Secret) -> Iterator[ClientCertificate | None]:
    """Both, in PEM, as files that OpenSSL can open by name and that no disk ever holds; None where there are none."""
    if not hasattr(os, "memfd_create"):
        yield None
        return
    with ExitStack() as stack:
        yield ClientCertificate(
            certificate=_in_memory(stack, "certificate", chain), key=_in_memory(stack, "key", key.reveal())
        )


def _in_memory(stack: ExitStack, name: str, text: str) -> Path:
    descriptor = os.memfd_create(name)
    stack.callback(os.close, descriptor)
    os.write(descriptor, text.encode())
    return Path(f"/proc/self/fd/{descriptor}")
