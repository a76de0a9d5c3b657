"""Trunks between two PBXs, each end as its PBX has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.secret_references import reference
from confgen.load.settings import given_at, managed_parts, usable_at, value_at
from confgen.model.inventory import Part, Peering, TrunkEnd

if TYPE_CHECKING:
    from confgen.load.drafts import Drafts, PbxDraft, TrunkDraft
    from confgen.model.secret import SecretReference


def peer_trunk(trunk: TrunkDraft, draft: PbxDraft, drafts: Drafts) -> TrunkEnd | None:
    """The trunk as this end has it; None where the other end, or the secret, is not whole."""
    if trunk.ends is None:
        return None
    one, other = trunk.ends
    peer = drafts.pbxs.get(other if draft.name == one else one)
    if peer is None:
        return None
    domain, address = usable_at(peer.settings, "sip", "domain"), usable_at(peer.settings, "address")
    secret = reference(trunk.written.get("secret"), trunk=trunk.name)
    if domain is None or address is None or secret is None:
        return None
    return TrunkEnd(
        name=trunk.name,
        peer=peer.name,
        peer_domain=domain,
        peer_port=usable_at(peer.settings, "sip", "port"),
        peer_address=address,
        peer_echo=usable_at(peer.settings, "echo_number"),
        secret=secret,
        codecs=usable_at({"trunk": trunk.written}, "trunk", "codecs"),
        peering=_peering(draft, peer),
        peer_authority=_peer_authority(draft, peer),
        context=None if _writes_dialplan(draft) else given_at(trunk.written, "context"),
        place=trunk.place,
    )


def _peering(draft: PbxDraft, peer: PbxDraft) -> Peering:
    """Who knows whose address; that both only register is refused."""
    if draft.traits.registers_with_peers:
        return Peering.REGISTERS
    return Peering.PEER_REGISTERS if peer.traits.registers_with_peers else Peering.BOTH


def _peer_authority(draft: PbxDraft, peer: PbxDraft) -> SecretReference | None:
    """A product that registers is told with each trunk what the other's certificate leads to."""
    if not draft.traits.registers_with_peers:
        return None
    return reference(value_at(peer.settings, "certificate", "authority"), pbx=peer.name)


def _writes_dialplan(draft: PbxDraft) -> bool:
    """Whether a trunk's context is not this end's: it may be that of the other end."""
    if Part.DIALPLAN not in draft.traits.parts:
        return True
    return Part.DIALPLAN in (managed_parts(draft.settings) or ())
