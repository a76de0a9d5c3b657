"""How providers name things, by profile: only what their own documents say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.provider import Provider


class CallerNumber(Enum):
    """Where a provider looks for the number of who calls, and tells us that of who calls in."""

    FROM = "From"
    ASSERTED = "P-Asserted-Identity"  # RFC 3325


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One provider's manner, or that of most; TLS, and SRTP with keys in SDP, are what all of them have."""

    name: str
    port: int = 5061  # of SIP over TLS
    caller_number: CallerNumber
    has_account_in_from: bool  # the user of From is the account's; otherwise it is the caller's number
    has_did_in_to: bool = False  # the called number stands in To; the request URI has the registered user
    takes_registrations: bool = True
    source: str  # where the provider says so


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            Profile(
                name="generic",
                caller_number=CallerNumber.ASSERTED,
                has_account_in_from=True,
                source="RFC 3261, RFC 3325, RFC 4568",
            ),
            Profile(
                name="generic-did-in-to",
                caller_number=CallerNumber.ASSERTED,
                has_account_in_from=True,
                has_did_in_to=True,
                source="RFC 3261 §16.6: the registered contact takes the place of the request URI",
            ),
            Profile(
                name="twilio",
                caller_number=CallerNumber.FROM,
                has_account_in_from=False,
                takes_registrations=False,
                source="https://www.twilio.com/docs/sip-trunking",
            ),
            Profile(
                name="telnyx",
                caller_number=CallerNumber.FROM,
                has_account_in_from=False,
                source="https://developers.telnyx.com/docs/voice/sip-trunking/get-started",
            ),
            Profile(
                name="didww",
                caller_number=CallerNumber.FROM,
                has_account_in_from=False,
                source="https://doc.didww.com/voice/outbound-trunks/outbound-sip-information.html",
            ),
        )
    }
)


def profile_of(provider: Provider) -> Profile:
    """Its profile; an unknown one has a finding and is taken for the generic one."""
    return PROFILES.get(provider.profile, PROFILES["generic"])


def port_of(provider: Provider) -> int:
    """Its TLS port."""
    return provider.port or profile_of(provider).port


def host_of(provider: Provider) -> str:
    """Its host as a SIP URI has it."""
    return f"[{provider.domain}]" if ":" in provider.domain else provider.domain
