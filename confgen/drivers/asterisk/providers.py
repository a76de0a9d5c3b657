"""What pjsip.conf says of trunks to providers: transports, endpoints, registrations. Pure.

Who calls in through such a trunk has no password of ours to prove itself with, so its endpoint has no `auth`. It is
identified in one of two ways, and by nothing else (`identify_by = ip`: a stranger who writes the trunk's name into From
is nobody):

- by the registration's `line`: 7 random letters in the Contact that we register, which only the provider reads, since
  it travels inside TLS to a server whose certificate was verified. Where `addresses` are given they bind these calls;
- by the addresses that the provider calls from: the handshakes of TCP and TLS need every packet back, so nobody but who
  sits at the address, or on the way to it, gets a word in. With `client_certificates: required` not even they do, as
  the transport wants a certificate of the provider's authority.

What is gained by who gets in all the same is a call to one of the DIDs, over SRTP: the context holds no way out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confgen.drivers.asterisk.addresses import carries_ipv6
from confgen.drivers.asterisk.calls import provider_context
from confgen.drivers.asterisk.digests import algorithms_of_providers
from confgen.drivers.asterisk.escape import SectionName, SipUri
from confgen.drivers.asterisk.layout import KEYS
from confgen.drivers.asterisk.on_host import path_of
from confgen.drivers.asterisk.options import has_option
from confgen.drivers.asterisk.profiles import CallerNumber, host_of, port_of, profile_of
from confgen.model.document import ReferencedFile
from confgen.model.inventory import MediaEncryption, Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.inventory import Pbx
    from confgen.model.provider import Provider, ProviderTrunk
    from confgen.model.secret import SecretReference

FIRST_TRANSPORT = "tls"  # of the PBX's own: where phones register and peers call


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderTransport:
    """A TLS transport that trusts one provider's authority and no other."""

    name: str
    port: int
    authority: ReferencedFile | str  # a path of the user's own where certificates are not managed


def provider_transports(pbx: Pbx) -> Mapping[SecretReference, ProviderTransport]:
    """Authority to its transport. Authorities are never merged: a provider's must not vouch for peers or phones."""
    found: dict[SecretReference, ProviderTransport] = {}
    for trunk in pbx.provider_trunks:
        authority = _own_authority(pbx, trunk.provider)
        if authority is not None and authority not in found:
            found[authority] = ProviderTransport(
                name=f"tls-{trunk.provider.name}",
                port=pbx.provider_port + len(found),
                authority=ReferencedFile(reference=authority, folder=KEYS, suffix=".provider.crt")
                if Part.CERTIFICATES in pbx.manages
                else path_of(authority),
            )
    return found


def transport_of(pbx: Pbx, trunk: ProviderTrunk) -> str:
    """The name of the transport that trusts the provider's authority."""
    authority = trunk.provider.authority
    transport = None if authority is None else provider_transports(pbx).get(authority)
    return FIRST_TRANSPORT if transport is None else transport.name


def registers(trunk: ProviderTrunk) -> bool:
    """Whether the PBX registers with the provider."""
    return trunk.account is not None and trunk.account.registers


def is_identified_by_address(pbx: Pbx) -> bool:
    """Whether any trunk is known by the addresses that its provider calls from."""
    return any(trunk.addresses and not registers(trunk) for trunk in pbx.provider_trunks)


def context_of(pbx: Pbx, trunk: ProviderTrunk) -> str:
    """Where calls from the provider arrive in the dialplan."""
    if Part.DIALPLAN not in pbx.manages and trunk.context is not None:
        return trunk.context
    return provider_context(trunk.name)


def provider_trunk_values(pbx: Pbx) -> list[Mapping[str, Any]]:
    """What the template writes down of each trunk to a provider."""
    return [_trunk(pbx, trunk) for trunk in pbx.provider_trunks]


def _trunk(pbx: Pbx, trunk: ProviderTrunk) -> Mapping[str, Any]:
    provider, profile, account = trunk.provider, profile_of(trunk.provider), trunk.account
    host = host_of(provider)
    server = f"sip:{host}:{port_of(provider)};transport=tls"
    is_asserted = profile.caller_number is CallerNumber.ASSERTED
    return {
        "name": SectionName(trunk.name),
        "provider": provider.name,
        "transport": transport_of(pbx, trunk),
        "context": context_of(pbx, trunk),
        "codecs": ",".join(trunk.codecs),
        "media_encryption": MediaEncryption.SDES.value,
        "is_dtls": False,
        "is_ipv6": carries_ipv6(pbx, trunk.addresses),
        "algorithms": algorithms_of_providers(pbx),
        "from_user": account.user if account is not None and profile.has_account_in_from else "",
        "from_domain": provider.domain,
        "believes_asserted": is_asserted,
        "asserts": is_asserted,
        "account": None if account is None else {"user": account.user, "secret": account.secret},
        "server": SipUri(server),
        "client": None if account is None else SipUri(f"sip:{account.user}@{host}"),
        "registers": registers(trunk),
        # the request URI of a call from outside begins with it where the called number is in To
        "contact_user": trunk.name if account is None or profile.has_did_in_to else account.user,
        "has_random_delay": has_option(pbx.product_version, "pjsip.conf", "registration", "max_random_initial_delay"),
        # of one that registers the addresses guard what the line has identified; of another they are who it is
        "guards": [] if not registers(trunk) else list(trunk.addresses),
        "matches": [] if registers(trunk) else list(trunk.addresses),
    }


def _own_authority(pbx: Pbx, provider: Provider) -> SecretReference | None:
    return None if provider.authority == pbx.certificate.authority else provider.authority
