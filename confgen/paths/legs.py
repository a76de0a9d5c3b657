"""What the inventory says of each leg that ends at a PBX."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.model.dialling import Media, Signalling
from confgen.model.inventory import Part
from confgen.model.technologies import can_be_encrypted, carried, why_not_as_said
from confgen.paths.leg import Keying, Kind, Leg, effective_media
from confgen.paths.strength import Strength

if TYPE_CHECKING:
    from datetime import date

    from confgen.model.dialling import Carries, Channel
    from confgen.model.finding import Place
    from confgen.model.inventory import MediaEncryption, Pbx, TrunkEnd
    from confgen.model.provider import ProviderTrunk

_SIGNALLING = {
    Signalling.TLS: Strength.ENCRYPTED,
    Signalling.CLEAR: Strength.CLEAR,
    Signalling.UNKNOWN: Strength.UNKNOWN,
}
_MEDIA = {Media.SRTP: Strength.ENCRYPTED, Media.CLEAR: Strength.CLEAR, Media.UNKNOWN: Strength.UNKNOWN}


def leads_unseen(pbx: Pbx) -> bool:
    """Whether calls of this PBX are led by what confgen neither writes nor sees: a dialplan, a console."""
    return Part.DIALPLAN not in pbx.manages


def phones(pbx: Pbx, name: str, encryption: MediaEncryption, *, is_kept: bool, today: date) -> Leg:
    """The leg of phones that are alike; `is_kept` are those of a migration."""
    keying = Keying(encryption.value)
    signalling = media = Strength.ENCRYPTED
    why, mend, place = "", "", pbx.place
    if not pbx.demands_tls_of_phones:
        signalling = Strength.NOT_ENFORCEABLE
        why = "no setting of its product makes a phone signal over TLS, and there stand the keys of its media"
        mend = "prefer the product's own apps and SBCs, whose tunnel is encrypted, and keep others in their own network"
    if is_kept and pbx.migration is not None:
        has_ended = today > pbx.migration.until
        loosened = Strength.CLEAR if has_ended else Strength.WAIVED
        signalling = loosened if pbx.demands_tls_of_phones else signalling
        media, place = loosened, pbx.migration.place
        words = f"the waiver of {pbx.migration.owner} ended on {pbx.migration.until}" if has_ended else None
        why = f"not moved to encryption yet: {words or pbx.migration.words}"
        mend = "move them to encryption one by one, take each out of `migration`, and push"
    return Leg(
        kind=Kind.PHONES,
        name=name,
        near=f"phones {name}",
        far=pbx.name,
        signalling=signalling,
        media=effective_media(signalling, media, keying),
        keying=keying,
        why=why,
        mend=mend,
        pbx=pbx.name,
        subject=name,
        place=place,
    )


def peer(pbx: Pbx, trunk: TrunkEnd) -> Leg:
    """A trunk between two PBXs, which confgen renders at both ends: TLS and SDES, or no call."""
    return Leg(
        kind=Kind.PEER,
        name=trunk.name,
        near=pbx.name,
        far=trunk.peer,
        signalling=Strength.ENCRYPTED,
        media=Strength.ENCRYPTED,
        keying=Keying.SDES,
        why="",
        mend="",
        pbx=pbx.name,
        subject=trunk.name,
        place=trunk.place,
    )


def provider(pbx: Pbx, trunk: ProviderTrunk) -> Leg:
    """A trunk up to the provider, which takes TLS and SRTP or gets no call."""
    return Leg(
        kind=Kind.PROVIDER,
        name=trunk.name,
        near=pbx.name,
        far=trunk.provider.name,
        signalling=Strength.ENCRYPTED,
        media=Strength.ENCRYPTED,
        keying=Keying.SDES,
        why="",
        mend="",
        pbx=pbx.name,
        subject=trunk.name,
        place=trunk.place,
    )


def beyond(pbx: Pbx, trunk: ProviderTrunk) -> Leg:
    """What is behind a provider, as far as `beyond` says it."""
    name = trunk.provider.name
    return _said(
        trunk.provider.beyond,
        kind=Kind.BEYOND,
        name=name,
        ends=(name, f"whoever is behind {name}"),
        pbx=pbx.name,
        subject=trunk.name,
        place=trunk.provider.place,
        mend=f"order encryption from {name} up to the far end and say so in its `beyond`, or let somebody answer for "
        "it in a waiver",
    )


def line(pbx: Pbx, channel: Channel) -> Leg:
    """A line of the PBX's own, which is no better than its technology."""
    mend = "lead these calls by a trunk, which is encrypted"
    if can_be_encrypted(channel):
        mend += f"; where the line is, write `signalling: tls` and `media: srtp` into `channels` at {channel.name}"
    else:
        mend += "; where the line must stay, let somebody answer for it in a waiver"
    leg = _said(
        carried(channel),
        kind=Kind.LINE,
        name=channel.name,
        ends=(pbx.name, f"the line {channel.name}"),
        pbx=pbx.name,
        subject=channel.name,
        place=channel.place,
        mend=mend,
    )
    return replace(leg, why=why_not_as_said(channel) or leg.why)


def unseen(pbx: Pbx, what: str, place: Place, *, subject: str, why: str, mend: str) -> Leg:
    """What the user's own dialplan, or console, leads to besides."""
    return Leg(
        kind=Kind.UNSEEN,
        name=subject or pbx.name,
        near=pbx.name,
        far=what,
        signalling=Strength.UNKNOWN,
        media=Strength.UNKNOWN,
        keying=Keying.NOT_SAID,
        why=why,
        mend=mend,
        pbx=pbx.name,
        subject=subject,
        place=place,
    )


def _said(
    carries: Carries, *, kind: Kind, name: str, ends: tuple[str, str], pbx: str, subject: str, place: Place, mend: str
) -> Leg:
    signalling, media = _SIGNALLING[carries.signalling], _MEDIA[carries.media]
    effective = effective_media(signalling, media, Keying.NOT_SAID)
    told = {Strength.ENCRYPTED: "encrypted", Strength.CLEAR: "in clear"}
    why = f"its signalling is {told.get(signalling, 'unknown')} and its media {told.get(media, 'unknown')}"
    if effective is not media:
        why += ", of which nobody says how the keys get there"
    is_encrypted = signalling is media is Strength.ENCRYPTED
    return Leg(
        kind=kind,
        name=name,
        near=ends[0],
        far=ends[1],
        signalling=signalling,
        media=effective,
        keying=Keying.NOT_SAID,
        why="" if is_encrypted else why,
        mend="" if is_encrypted else mend,
        pbx=pbx,
        subject=subject,
        place=place,
    )
