"""PBXs as an inventory gives them, with what a test wants to be different."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from confgen.model.check import Level, Vantage
from confgen.model.dialling import ByTrunk, Carries, Channel, Emergency, EmergencyWay, Route, Way
from confgen.model.finding import Place
from confgen.model.inventory import (
    Ami,
    AmiUser,
    Certificate,
    ClientCertificates,
    Extension,
    MediaEncryption,
    Pbx,
    PortRange,
    Probe,
    SshAccess,
    TlsVersion,
    TrunkEnd,
    Verification,
)
from confgen.model.provider import Account, Provider, ProviderTrunk
from confgen.model.secret import Secret, SecretReference, SecretSource
from confgen.model.version import ProductVersion

PLACE = Place("inventory.yaml", 7, 3)


def reference(name: str) -> SecretReference:
    return SecretReference(SecretSource.ENVIRONMENT, (name,))


def an_extension(number: str, **changes: Any) -> Extension:  # noqa: ANN401 -- any field of it
    extension = Extension(
        number=number,
        display_name=f"Desk {number}",
        own_secret=reference(f"EXTENSION_{number}"),
        media_encryption=MediaEncryption.SDES,
        codecs=("alaw", "ulaw"),
        permit=("192.0.2.0/24",),
        contacts=1,
        place=PLACE,
    )
    return replace(extension, **changes)


def a_trunk_end(name: str, peer: str, **changes: Any) -> TrunkEnd:  # noqa: ANN401 -- any field of it
    end = TrunkEnd(
        name=name,
        peer=peer,
        peer_domain=f"{peer}.example.test",
        peer_port=5061,
        peer_address="192.0.2.12",
        peer_echo="600",
        secret=reference("TRUNK"),
        codecs=("alaw",),
        place=PLACE,
    )
    return replace(end, **changes)


def an_ami(**changes: Any) -> Ami:  # noqa: ANN401 -- any field of its user
    """The manager interface with one user, who may see calls and start none."""
    user = AmiUser(
        name="crm",
        secret=reference("CRM"),
        permit=("192.0.2.40", "2001:db8:40::/64"),
        read=("call", "cdr"),
        write=(),
        place=PLACE,
    )
    return Ami(bind="192.0.2.11", port=5039, users=(replace(user, **changes),))


def a_provider(name: str = "carrier", **changes: Any) -> Provider:  # noqa: ANN401 -- any field of it
    provider = Provider(
        name=name,
        domain=f"{name}.example.test",
        port=None,
        profile="generic",
        authority=reference("CARRIERS_AUTHORITY"),
        beyond=Carries(),
        place=PLACE,
    )
    return replace(provider, **changes)


def a_provider_trunk(name: str = "to-carrier", **changes: Any) -> ProviderTrunk:  # noqa: ANN401 -- any field of it
    """One that registers with a provider that has an authority of its own."""
    trunk = ProviderTrunk(
        name=name,
        provider=a_provider(),
        account=Account(user="4930123", secret=reference("CARRIER"), registers=True),
        addresses=(),
        dids=(),
        caller_id=None,
        hides_caller_id=False,
        most_calls=None,
        codecs=("alaw",),
        context=None,
        place=PLACE,
    )
    return replace(trunk, **changes)


def a_route(numbers: str, trunk: str) -> Route:
    return Route(numbers=numbers, way=ByTrunk(trunk=trunk), place=PLACE)


def a_channel(name: str, dial: str = "DAHDI/g1/{number}", carries: Carries | None = None) -> Channel:
    return Channel(name=name, dial=dial, modules=("chan_dahdi",), carries=carries or Carries(), place=PLACE)


def an_emergency(*ways: Way, **changes: Any) -> Emergency:  # noqa: ANN401 -- any field of it
    emergency = Emergency(
        numbers=("112",),
        ways=tuple(EmergencyWay(way=way, number=None) for way in ways),
        caller_id=None,
        place=PLACE,
    )
    return replace(emergency, **changes)


def a_pbx(name: str = "headquarters", **changes: Any) -> Pbx:  # noqa: ANN401 -- any field of it
    """An Asterisk 22 with two extensions, one of them DTLS, a trunk, a route, an echo number and a probe."""
    pbx = Pbx(
        name=name,
        kind="asterisk",
        groups=("offices",),
        product_version=ProductVersion(22, 10, 1),
        ssh=SshAccess(address="192.0.2.11", user=None, port=None, host_key=None, known_hosts=None, identity_file=None),
        domain=f"{name}.example.test",
        bind=("192.0.2.11",),
        sip_port=5061,
        tls_versions=frozenset({TlsVersion.TLS_1_2, TlsVersion.TLS_1_3}),
        rtp_ports=PortRange(first=20000, last=20199),
        own_certificate=Certificate(
            chain=reference("CHAIN"),
            key=reference("KEY"),
            authority=reference("AUTHORITY"),
            client_certificates=ClientCertificates.NOT_REQUESTED,
        ),
        extensions=(an_extension("101"), an_extension("102", media_encryption=MediaEncryption.DTLS)),
        trunks=(a_trunk_end("to-branch", "branch"),),
        routes=(a_route("2XX", "to-branch"),),
        echo_number="600",
        probe=Probe(name="confgen-probe", secret=reference("PROBE"), permit=("192.0.2.1",), place=PLACE),
        verification=Verification(
            vantage=Vantage.OPERATOR,
            levels=frozenset({Level.STATE, Level.TLS, Level.CLEAR, Level.DOWNGRADE, Level.CALL}),
        ),
        place=PLACE,
    )
    return replace(pbx, **changes)


def secrets_of(pbx: Pbx) -> dict[SecretReference, Secret]:
    """A secret of its own for everything that the PBX refers to."""
    certificate = pbx.certificate
    references = [certificate.chain, certificate.key, certificate.authority]
    references += [extension.secret for extension in pbx.extensions]
    references += [trunk.secret for trunk in pbx.trunks]
    references += [trunk.account.secret for trunk in pbx.provider_trunks if trunk.account is not None]
    references += [trunk.provider.authority for trunk in pbx.provider_trunks if trunk.provider.authority is not None]
    references += [] if pbx.probe is None else [pbx.probe.secret]
    references += [] if pbx.ami is None else [user.secret for user in pbx.ami.users]
    return {known: Secret(f"sentinel-{known.words[0].lower()}-4f1d\n") for known in references}
