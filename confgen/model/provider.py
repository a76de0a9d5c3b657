"""Providers, and the trunks to them: SIP systems that no inventory of ours renders."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from confgen.model.dialling import NumberForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.dialling import Carries, Destination
    from confgen.model.finding import Place
    from confgen.model.secret import SecretReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A carrier, a foreign PBX or an SBC that takes TLS and SRTP; `beyond` is what lies behind it."""

    name: str
    domain: str  # in SIP URIs and in its certificate
    port: int | None  # None means the profile's
    profile: str  # how it names things; the product's driver knows the profiles
    authority: SecretReference | None  # that its certificate leads to; None means the PBX's own authority
    beyond: Carries
    number_form: NumberForm | None = None  # None means the profile's
    place: Place


# Of the profiles, only where the provider's own documents say what digits without a `+` are; Telnyx takes both forms,
# and Twilio says nothing of numbers without one.
FORM_OF_PROFILE: Mapping[str, NumberForm] = MappingProxyType({
    "didww": NumberForm.E164,  # https://doc.didww.com/voice/outbound-trunks/routing-dialing/outbound-dialing.html
})  # fmt: skip


def form_of(provider: Provider) -> NumberForm | None:
    """What the provider takes digits without a `+` for; None where nobody says."""
    return provider.number_form or FORM_OF_PROFILE.get(provider.profile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who we are at a provider."""

    user: str
    secret: SecretReference
    registers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """A number from outside, as the provider sends it, and where it leads."""

    number: str
    destination: Destination
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderTrunk:
    """A trunk to a provider: by an account, by the addresses it calls from, or both."""

    name: str
    provider: Provider
    account: Account | None
    addresses: tuple[str, ...]  # networks that the provider calls from
    dids: tuple[Did, ...]
    caller_id: str | None  # shown for extensions that have no number of their own outside
    hides_caller_id: bool
    most_calls: int | None  # at once, out and in; emergency calls do not count
    codecs: tuple[str, ...]
    context: str | None  # the user's own, where the dialplan is not managed
    test_number: str | None = None  # called by `confgen verify`, which costs money; never without it
    place: Place
