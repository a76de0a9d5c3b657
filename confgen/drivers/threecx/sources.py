"""From one PBX to the objects of 3CX. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx import contract
from confgen.drivers.threecx.artefacts import FIRST_VERSION, artefacts
from confgen.drivers.threecx.backup import KEY as BACKUP
from confgen.drivers.threecx.layout import laid_out
from confgen.drivers.threecx.material import AUTHORITY, CONTENTS
from confgen.drivers.threecx.objects import (
    ANTI_HACKING,
    BLOCKLIST,
    CODECS,
    CONSOLE,
    COUNTRIES,
    NETWORK,
    SBCS,
    SECURE_SIP,
    TRUNKS,
    USERS,
)
from confgen.drivers.threecx.present import network_name
from confgen.drivers.threecx.rollout import srtp_mode
from confgen.drivers.threecx.settings import codec_names, settings_of, today
from confgen.drivers.threecx.texts import leaves

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from confgen.drivers.threecx.objects import ObjectType, Path
    from confgen.drivers.threecx.settings import ListedAddress, Sbc, ThreeCxSettings
    from confgen.model.document import TemplateSource
    from confgen.model.inventory import Extension, Pbx, TrunkEnd
    from confgen.model.provider import ProviderTrunk
    from confgen.model.secret import SecretReference

_SIPS = 5061  # RFC 3261, section 19.1.2


def sources(pbx: Pbx) -> tuple[TemplateSource, ...]:
    """Every object of the inventory by its key, or its import files; secrets and files are still references."""
    if pbx.product_version.branch < FIRST_VERSION:
        return artefacts(pbx)
    objects = (laid_out(key, fields) for key, fields in _objects(pbx).items())
    return (*objects, *_backup(pbx), *_authority(pbx))


def desired_paths(pbx: Pbx) -> Mapping[str, Collection[Path]]:
    """Which properties the inventory speaks of, by key."""
    return {key: tuple(path for path, _ in leaves(fields)) for key, fields in _objects(pbx).items()}


def _objects(pbx: Pbx) -> Mapping[str, Mapping[str, Any]]:
    if pbx.product_version.branch < FIRST_VERSION:
        return {}
    return dict(sorted(_all(pbx, settings_of(pbx))))


def _backup(pbx: Pbx) -> tuple[TemplateSource, ...]:
    password = settings_of(pbx).backup_secret
    if password is None:
        return ()
    return (replace(laid_out(BACKUP, {"Password": password}), is_for_push=True),)


def _authority(pbx: Pbx) -> tuple[TemplateSource, ...]:
    """What a proof holds the PBX's certificate to: that of a given one, or of the API, which has the same name."""
    own, api = pbx.own_certificate, pbx.api
    authority = own.authority if own is not None else None if api is None else api.authority
    if authority is None:
        return ()
    return (replace(laid_out(AUTHORITY, {CONTENTS: authority}), is_for_push=True),)


def _all(pbx: Pbx, settings: ThreeCxSettings) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from _singletons(pbx, settings)
    for listed in settings.listed:
        if listed.is_over(today()):  # 3CX forgets it by itself; it is told at validate
            continue
        yield f"{BLOCKLIST.name}/{network_name(listed.network)}", _listed(listed)
    for sbc in settings.sbcs:
        yield f"{SBCS.name}/{sbc.name}", _known(pbx, SBCS, _sbc(sbc))
    for extension in pbx.extensions:
        yield f"{USERS.name}/{extension.number}", _known(pbx, USERS, _user(pbx, settings, extension))
    for trunk in pbx.trunks:
        yield f"{TRUNKS.name}/{trunk.name}", _peer(trunk)
    for provider_trunk in pbx.provider_trunks:
        yield f"{TRUNKS.name}/{provider_trunk.name}", _provider(pbx, provider_trunk)


def _singletons(pbx: Pbx, settings: ThreeCxSettings) -> Iterator[tuple[str, Mapping[str, Any]]]:
    # Calls from anybody's SIP URI are authenticated by nobody and encrypted by chance.
    yield NETWORK.name, {"DirectSIPAllowExternal": False}
    if settings.codecs is not None:
        orders = {"LocalCodecList": settings.codecs.local, "ExternalCodecList": settings.codecs.external}
        yield CODECS.name, {name: list(order) for name, order in orders.items() if order}
    if settings.anti_hacking:
        yield ANTI_HACKING.name, settings.anti_hacking
    if settings.console_permit:
        permitted = [network_name(network) for network in settings.console_permit]
        yield CONSOLE.name, {"AccessRestricted": True, "IpWhitelist": permitted}
    if settings.allowed_countries:
        yield COUNTRIES.name, {"CountryCodes": list(settings.allowed_countries)}
    if pbx.own_certificate is not None:
        yield SECURE_SIP.name, _certificate(pbx, pbx.own_certificate.chain, pbx.own_certificate.key)


def _known(pbx: Pbx, kind: ObjectType, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without what this version does not have yet."""
    known = contract.fields(kind.described_as, pbx.product_version)
    return {name: value for name, value in fields.items() if name in known}


def _user(pbx: Pbx, settings: ThreeCxSettings, extension: Extension) -> Mapping[str, Any]:
    user = settings.user(extension.number)
    fields: dict[str, Any] = {
        "AllowLanOnly": user.lan_only,
        "PbxDeliversAudio": True,  # what goes by the PBX is decrypted by nobody else
        "SRTPMode": srtp_mode(pbx, extension),
    }
    if user.block_tunnel is not None:
        fields["BlockTunnel"] = user.block_tunnel
    if extension.display_name is not None:
        fields |= {"FirstName": extension.display_name, "LastName": ""}
    if extension.own_secret is not None:
        fields["AuthPassword"] = extension.own_secret
    return fields


def _peer(trunk: TrunkEnd) -> Mapping[str, Any]:
    return _trunk(
        host=trunk.peer_domain,
        port=trunk.peer_port,
        user=trunk.name,
        secret=trunk.secret,
        authority=trunk.peer_authority,
        codecs=trunk.codecs,
    )


def _provider(pbx: Pbx, trunk: ProviderTrunk) -> Mapping[str, Any]:
    provider = trunk.provider
    authority = provider.authority
    if authority is None and pbx.own_certificate is not None:
        authority = pbx.own_certificate.authority
    fields = _trunk(
        host=provider.domain,
        port=provider.port or _SIPS,
        user=None if trunk.account is None else trunk.account.user,
        secret=None if trunk.account is None else trunk.account.secret,
        authority=authority,
        codecs=trunk.codecs,
    )
    if trunk.most_calls is not None:
        fields["SimultaneousCalls"] = trunk.most_calls
    if trunk.caller_id is not None:
        fields["OutboundCallerID"] = trunk.caller_id
    return fields


def _trunk(
    *,
    host: str,
    port: int,
    user: str | None,
    secret: SecretReference | None,
    authority: SecretReference | None,
    codecs: Collection[str],
) -> dict[str, Any]:
    """A trunk on which 3CX registers over TLS, and on which there is SRTP or no call."""
    fields: dict[str, Any] = {
        "DisableVideo": True,
        "Gateway": {
            "Codecs": list(codec_names(codecs)),
            "DeliverAudio": True,
            "Host": host,
            "Port": port,
            "RequireRegistrationFor": "InOutCalls",
            "SRTPMode": "SRTPEnforced",
            "SupportReinvite": False,
        },
        "TransportRestriction": "TLS",
    }
    if user is not None:
        fields["AuthID"] = user
    if secret is not None:
        fields["AuthPassword"] = {"Value": secret}
    if authority is not None:
        fields |= {"Certificate": authority, "CertificateName": f"{host}.pem"}
    return fields


def _certificate(pbx: Pbx, chain: SecretReference, key: SecretReference) -> Mapping[str, Any]:
    return {
        "Certificate": {"Contents": chain, "Name": f"{pbx.domain}.pem"},
        "PrivateKey": {"Contents": key, "Name": f"{pbx.domain}.key"},
    }


def _listed(listed: ListedAddress) -> Mapping[str, Any]:
    fields: dict[str, Any] = {
        "BlockType": "Allow" if listed.is_allowed else "Block",
        "Description": listed.reason,
        "IPAddrMask": network_name(listed.network),
    }
    if listed.until is not None:
        fields["ExpiresAt"] = f"{listed.until + timedelta(days=1)}T00:00:00Z"
    return fields


def _sbc(sbc: Sbc) -> Mapping[str, Any]:
    return {"DisplayName": sbc.display_name, "Password": sbc.secret, "Security": "TLS"}
