"""Codes of legs to providers."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="CALL-03",
        title="how a PBX stands with a provider",
        meaning="The PBX registered anew and asked the provider for options; its host shook hands with it and verified "
        "the certificate. No call was made: that costs money and rings somewhere. A provider that cannot be reached "
        "or does not answer is pending and undoes nothing.",
        mend="Where it is pending: wait, then `confgen verify`. Where it is unknown: the Asterisk log tells more.",
    ),
    Explanation(
        code="CALL-04",
        title="a provider refuses the PBX",
        meaning="The provider answered the registration, and not with a success.",
        mend="Are user and secret of the trunk's account those that the provider gave, and is the account enabled?",
        source="RFC 3261 §21.4",
    ),
    Explanation(
        code="CALL-07",
        title="a provider takes no registrations",
        meaning="By its profile the provider calls an address that it was given, and is known by its own addresses.",
        mend="Write `register: false` into the trunk's account, and the provider's networks into `addresses`.",
    ),
    Explanation(
        code="CALL-08",
        title="a test number that must not be called",
        meaning="`test_number` is called by every `confgen verify`. This one is an emergency number, or one that "
        "`blocked` refuses to the phones of the PBX, dialled as it stands or by a route through the trunk.",
        mend="Name an echo, an announcement or a telephone of your own.",
    ),
    Explanation(
        code="CALL-09",
        title="a provider's profile is not known",
        meaning="A profile says how a provider names things where providers differ; all of them have TLS, on port 5061 "
        "where nothing is said, and SRTP with keys in SDP. generic: the account in From, the caller's number in "
        "P-Asserted-Identity, the called number in the request URI; it fits most. generic-did-in-to: the same, with "
        "the called number in To. twilio: takes no registration, the caller's number in From, numbers as +E.164. "
        "telnyx: the caller's number in From, numbers as +E.164. didww: the caller's number in From, numbers as "
        "E.164 with or without a +.",
        mend="Use one of them. Port, account, addresses and caller id of the trunk are the inventory's own.",
    ),
    Explanation(
        code="TLS-09",
        title="a provider's certificate does not hold",
        meaning="It must be for the provider's domain, be in time, and lead to the authority that the inventory names "
        "for this provider. Asterisk knows no other authorities, not even the system's.",
        mend="Give the provider's `authority` in the inventory, and its `domain` as its certificate has it.",
        source="RFC 5922 §7.2",
    ),
    Explanation(
        code="TLS-10",
        title="a provider speaks no TLS",
        meaning="What listens at the provider's port did not shake hands, or answers SIP in clear text. A leg in clear "
        "text is never rendered.",
        mend="Order TLS and SRTP from the provider, or name its TLS port.",
        source="RFC 3261 §26.2",
    ),
)
