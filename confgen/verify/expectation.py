"""What a TLS port is measured against: an inventory's word, or a profile where no inventory speaks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from confgen.model.inventory import ClientCertificates
from confgen.verify.wire.cipher_suites import CipherSuite, TlsVersion

if TYPE_CHECKING:
    from confgen.model.driver import Material
    from confgen.model.inventory import Pbx

DAYS_LEFT = 14  # long enough to renew a certificate, and short enough for those that live 90 days


class Profile(Enum):
    """What is demanded of a host that no inventory describes."""

    BASELINE = "baseline"  # what RFC 9325 forbids is refused
    STRICT = "strict"  # and what it advises against: what confgen itself would push


def _is_strict(suite: CipherSuite) -> bool:
    if suite.is_for_tls_1_3:
        return "_CCM_" not in suite.name  # RFC 8446 §9.1 names the other three
    words = ("_AES_128_GCM_", "_AES_256_GCM_", "_POLY1305_")
    return suite.name.startswith("TLS_ECDHE_") and any(word in suite.name for word in words)


def _is_baseline(suite: CipherSuite) -> bool:
    """RFC 9325 §4.1 advises against DHE without forbidding it, and says nothing against CCM whose tag is whole."""
    if "_CCM_8" in suite.name:
        return False
    is_agreed_anew = suite.name.startswith(("TLS_ECDHE_", "TLS_DHE_RSA_"))
    is_authenticated = any(word in suite.name for word in ("_GCM_", "_CCM", "_POLY1305_"))
    return suite.is_for_tls_1_3 or (is_agreed_anew and is_authenticated)


# RFC 9325 §4.2: forward secrecy and authenticated encryption.
STRICT_SUITES = frozenset(filter(_is_strict, CipherSuite))
BASELINE_SUITES = frozenset(filter(_is_baseline, CipherSuite))


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsExpectation:
    """Each of `required` must be accepted, and what is not in `allowed` refused; sizes are in bits.

    An `authority` of None means those of this machine, a `pushed` of None that nobody knows what should be served, and
    `client_certificates` of None that both ways are fine.
    """

    required: frozenset[TlsVersion]
    allowed: frozenset[TlsVersion]
    names: tuple[str, ...]  # by which phones and trunks call the port; its certificate must carry each
    authority: str | None  # PEM
    pushed: str | None = None  # PEM, leaf first
    client_certificates: ClientCertificates | None
    suites: frozenset[CipherSuite] = STRICT_SUITES
    least_curve: int = 224  # RFC 9325 §4.5, of the key exchange
    least_prime: int = 2048  # RFC 9325 §4.5, of the key exchange
    least_rsa_key: int = 2048  # RFC 9325 §4.5, in certificates
    least_curve_key: int = 256  # in certificates
    days_left: int = DAYS_LEFT  # a certificate that ends sooner fails, or in the last third of its life

    @property
    def is_of_inventory(self) -> bool:
        """Whether somebody has pushed it, and can push again."""
        return self.pushed is not None

    def mend(self, by_push: str, by_hand: str) -> str:
        """What to do about a fault."""
        return by_push if self.is_of_inventory else by_hand


def of_pbx(pbx: Pbx, material: Material) -> TlsExpectation:
    """What the inventory says of a PBX's SIP ports.

    Phones, and the peers of its trunks, know it by its domain alone: an address is for SSH, and providers call back
    over what the PBX itself has opened or by an address that they do not verify.
    """
    declared = frozenset(TlsVersion(f"TLS {version.value}") for version in pbx.tls_versions)
    return TlsExpectation(
        required=declared,
        allowed=declared,
        names=(pbx.domain,),
        authority=material.authority,
        pushed=material.chain,
        client_certificates=pbx.certificate.client_certificates,
    )


def of_choosing_pbx(pbx: Pbx, material: Material) -> TlsExpectation:
    """The same of a product that chooses by itself what TLS it takes: it is measured as nobody's would be.

    No `authority` means that its certificate leads to those of this machine; no `chain` that it got one by itself.
    """
    profile = of_profile(Profile.BASELINE, (pbx.domain,), material.authority or None)
    return replace(profile, pushed=material.chain or None)


def of_management(pbx: Pbx, material: Material) -> TlsExpectation:
    """What it says of AMI and HTTPS, which cannot leave TLS 1.3 out and ask nobody for a certificate."""
    declared = {TlsVersion(f"TLS {version.value}") for version in pbx.tls_versions}
    return TlsExpectation(
        required=frozenset(),
        allowed=frozenset({TlsVersion.TLS_1_3, *declared}),
        names=(pbx.domain,),
        authority=material.authority,
        pushed=material.chain,
        client_certificates=ClientCertificates.NOT_REQUESTED,
    )


def of_profile(profile: Profile, names: tuple[str, ...], authority: str | None = None) -> TlsExpectation:
    """What is demanded of a host that no inventory describes; at least one of the versions must be spoken."""
    is_strict = profile is Profile.STRICT
    return TlsExpectation(
        required=frozenset(),
        allowed=frozenset({TlsVersion.TLS_1_2, TlsVersion.TLS_1_3}),
        names=names,
        authority=authority,
        client_certificates=None,
        suites=STRICT_SUITES if is_strict else BASELINE_SUITES,
        least_curve=256 if is_strict else 224,
        least_curve_key=256 if is_strict else 224,
    )
