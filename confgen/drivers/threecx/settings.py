"""What only 3CX knows of a PBX, from the inventory's words to values of its API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from confgen.model.secret import SecretReference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from confgen.model.finding import Place
    from confgen.model.inventory import Pbx

# How 3CX names the codecs: as RFC 3551 and the like do.
CODECS: Mapping[str, str] = {
    "alaw": "PCMA",
    "ulaw": "PCMU",
    "g722": "G722",
    "gsm": "GSM",
    "g729": "G729",
    "opus": "OPUS",
}

# Fields of AntiHackingSettings by their words in the inventory.
ANTI_HACKING: Mapping[str, str] = {
    "security_defense_program": "SecurityDefenseProgram",
    "hack_auth_requests": "HackAuthRequests",
    "hack_challenge_requests": "HackChallengeRequests",
    "hack_barrier_green": "HackBarrierGreen",
    "hack_barrier_amber": "HackBarrierAmber",
    "hack_barrier_red": "HackBarrierRed",
    "hack_blacklist_duration": "HackBlacklistDuration",
    "max_request_per_period": "MaxRequestPerPeriod",
    "throttle_period_length": "ThrottlePeriodLength",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CodecOrder:
    """CodecsSettings: what is offered, best first, in 3CX's names; an empty one is left as it is."""

    local: tuple[str, ...]
    external: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAddress:
    """An entry of Blocklist: an address or a network that is refused, or let in whatever it did."""

    network: str  # IPAddrMask, always with its length: 198.51.100.7/32
    is_allowed: bool
    reason: str
    until: date | None  # the last day on which it holds
    place: Place

    def is_over(self, day: date) -> bool:
        """Whether its last day was before."""
        return self.until is not None and self.until < day


@dataclass(frozen=True, slots=True, kw_only=True)
class Sbc:
    """A 3CX SBC, which brings the phones of a branch through an encrypted tunnel."""

    name: str
    display_name: str
    secret: SecretReference
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSettings:
    """What a User has besides what every kind of extension has."""

    lan_only: bool = True  # AllowLanOnly: no connection from outside, unless through the tunnel
    block_tunnel: bool | None = None  # BlockTunnel; None leaves it as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeCxSettings:
    """Everything that only 3CX knows; what is None or empty is not managed and stays as it is."""

    backup_secret: SecretReference | None  # encrypts the backup before the first write
    codecs: CodecOrder | None
    anti_hacking: Mapping[str, bool | int]  # by the names of the API
    console_permit: tuple[str, ...]  # networks that the console lets in, and no other
    allowed_countries: tuple[str, ...]  # country codes as they are dialled, without + or zeros; empty: not managed
    listed: tuple[ListedAddress, ...]
    sbcs: tuple[Sbc, ...]
    users: Mapping[str, UserSettings]  # by the number of the extension; whoever is not there has the usual

    def user(self, number: str) -> UserSettings:
        """What this extension has."""
        return self.users.get(number, _USUAL)


_USUAL = UserSettings()


def codec_names(codecs: Iterable[str]) -> tuple[str, ...]:
    """The codecs of the inventory in 3CX's names, in the same order."""
    return tuple(CODECS[codec] for codec in codecs)


def settings_of(pbx: Pbx) -> ThreeCxSettings:
    """Pure. The inventory's schema has accepted what stands there; what was refused is not there."""
    values: Mapping[str, Any] = {} if pbx.product is None else pbx.product.values
    codecs = values.get("codecs")
    return ThreeCxSettings(
        backup_secret=_at(values, "backup", "secret"),
        codecs=None
        if codecs is None
        else CodecOrder(
            local=codec_names(codecs.get("local", ())),
            external=codec_names(codecs.get("external", ())),
        ),
        anti_hacking={
            field: values["anti_hacking"][word]
            for word, field in ANTI_HACKING.items()
            if word in values.get("anti_hacking", {})
        },
        console_permit=tuple(_at(values, "console", "permit") or ()),
        allowed_countries=tuple(_at(values, "countries", "allow") or ()),
        listed=tuple(_listed(pbx, values.get("blocklist", {}))),
        sbcs=tuple(_sbcs(pbx, values.get("sbcs", {}))),
        users={number: UserSettings(**user) for number, user in values.get("extensions", {}).items()},
    )


def today() -> date:
    """By UTC, in which ExpiresAt is written."""
    return datetime.now(UTC).date()


def place_at(pbx: Pbx, *keys: str | int) -> Place:
    """Where a setting of the product stands; the PBX's own place where nobody wrote it."""
    return pbx.place if pbx.product is None else pbx.product.places.get(keys, pbx.place)


def _at(values: Mapping[str, Any], *keys: str) -> Any:  # noqa: ANN401, any value of YAML
    found: Any = values
    for key in keys:
        found = found.get(key) if found is not None else None
    return found


def _listed(pbx: Pbx, written: Mapping[str, Mapping[str, Any]]) -> Iterator[ListedAddress]:
    for network, entry in written.items():
        until = entry.get("until")
        yield ListedAddress(
            network=network if "/" in network else f"{network}/{128 if ':' in network else 32}",
            is_allowed=entry.get("action") == "allow",
            reason=entry.get("reason", ""),  # a refused one is not there
            until=None if until is None else _day(until),
            place=place_at(pbx, "blocklist", network),
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:  # it has a finding of its own
        return None


def _sbcs(pbx: Pbx, written: Mapping[str, Mapping[str, Any]]) -> Iterator[Sbc]:
    for name, sbc in written.items():
        secret = sbc.get("secret")
        if isinstance(secret, SecretReference):
            yield Sbc(
                name=name,
                display_name=sbc.get("display_name", name),
                secret=secret,
                place=place_at(pbx, "sbcs", name),
            )
