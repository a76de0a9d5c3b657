"""What a PBX refers to: secrets, certificates, authorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confgen.model.inventory import Pbx
    from confgen.model.secret import SecretReference


def all_references(pbx: Pbx) -> frozenset[SecretReference]:
    """All that is resolved for a PBX, whatever for."""
    found = {*of_certificate(pbx), *of_api(pbx), *of_authorities(pbx)}
    found.update(extension.own_secret for extension in pbx.extensions if extension.own_secret is not None)
    found.update(trunk.secret for trunk in pbx.trunks)
    found.update(trunk.account.secret for trunk in pbx.provider_trunks if trunk.account is not None)
    if pbx.probe is not None:
        found.add(pbx.probe.secret)
    if pbx.ami is not None:
        found.update(user.secret for user in pbx.ami.users)
    if pbx.product is not None:
        found.update(pbx.product.references)
    return frozenset(found)


def public_references(pbx: Pbx) -> frozenset[SecretReference]:
    """Certificates, which everyone may read."""
    own, api = pbx.own_certificate, pbx.api
    certificates = () if own is None else (own.chain, own.authority)
    of_api = () if api is None or api.authority is None else (api.authority,)
    return frozenset({*certificates, *of_api, *of_authorities(pbx)})


def of_certificate(pbx: Pbx) -> frozenset[SecretReference]:
    """Its own, with the key and the authority."""
    own = pbx.own_certificate
    return frozenset(() if own is None else (own.chain, own.key, own.authority))


def of_api(pbx: Pbx) -> frozenset[SecretReference]:
    """What its API is asked with."""
    if pbx.api is None:
        return frozenset()
    return frozenset(reference for reference in (pbx.api.secret, pbx.api.authority) if reference is not None)


def of_authorities(pbx: Pbx) -> frozenset[SecretReference]:
    """Those of providers, and of peers where the PBX is told them with the trunk."""
    of_providers = (trunk.provider.authority for trunk in pbx.provider_trunks)
    of_peers = (trunk.peer_authority for trunk in pbx.trunks)
    return frozenset(authority for authority in (*of_providers, *of_peers) if authority is not None)


def shared_references(pbxs: Iterable[Pbx]) -> frozenset[SecretReference]:
    """Those that more than one of the PBXs has."""
    once: set[SecretReference] = set()
    again: set[SecretReference] = set()
    for pbx in pbxs:
        references = all_references(pbx)
        again |= references & once
        once |= references
    return frozenset(again)
