"""Codes of what proves a 3CX, and of what it cannot be made to prove."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

_ANALYSIS = "3CX's Configuration API, Pbx.RunAnalysis of a trunk"
_SEEN = "the message says what was found, and the evidence has all of the analysis."

EXPLANATIONS = (
    Explanation(
        code="TCX-30",
        title="whether the phones of a 3CX signal over TLS is up to them",
        meaning=(
            "No setting of a 3CX makes a phone register over TLS, and SIP in clear text is answered on 5060 whatever "
            "the inventory says. Who reads the signalling of such a phone has the keys of its SRTP. The leg of the "
            "phones is shown as not enforceable, never as passed, and the PBX as proven in part."
        ),
        mend=(
            "Nothing in the inventory. Use 3CX's apps or its SBC, whose tunnel is encrypted, and keep desk phones in a "
            "network of their own."
        ),
        source="https://www.3cx.com/docs/manual/secure-sip/",
    ),
    Explanation(
        code="TCX-31",
        title="whether a 3CX has what was pushed",
        meaning="Every property that the inventory speaks of was read back by the API and compared.",
        mend="Push again; with --overwrite-drift where somebody has changed it in the console.",
    ),
    Explanation(
        code="TCX-32",
        title="whether an extension of a 3CX takes SRTP and nothing else",
        meaning=(
            "The extension's SRTPMode as it was read back. Enforced takes SRTP only; Enabled offers both, and a call "
            "may be in clear without anybody noticing."
        ),
        mend="Push again. A phone that cannot encrypt yet is named in `migration`, with an owner and an end.",
        source="https://www.3cx.com/docs/manual/secure-sip/",
    ),
    Explanation(
        code="TCX-33",
        title="whether a trunk of a 3CX demands TLS and SRTP",
        meaning="TransportRestriction and the gateway's SRTPMode as they were read back.",
        mend="Push again.",
        source="https://www.3cx.com/docs/sip-trunk-tls-srtp/",
    ),
    Explanation(
        code="TCX-34",
        title="whether the secrets of a 3CX are those of the inventory",
        meaning=(
            "3CX tells no password and no private key. What is known is a fingerprint of those that confgen wrote last "
            "from this machine, which `confgen plan` and `confgen push` compare with the inventory's. Whether 3CX took "
            'them, and whether somebody has changed them since, is not seen: it reads "not checked" and never '
            '"passed". Of a trunk a registration after the push is the evidence.'
        ),
        mend="Push: what confgen has not written yet, or has written otherwise, is written.",
    ),
    Explanation(
        code="TCX-35",
        title="whether the services of a 3CX run",
        meaning="Without 3CXPhoneSystem01 there is no SIP, and without 3CXMediaServer no media that the PBX delivers.",
        mend="Start the service in the console, and read its event log.",
    ),
    Explanation(
        code="TCX-36",
        title="whether a trunk of a 3CX is registered",
        meaning=(
            "By 3CX's own word. That it is not may lie at the far end, which may not be pushed yet or be out of order: "
            "that is pending, undoes no push, and is judged with the leg."
        ),
        mend="The message says what 3CX found; push the far end, or ask the provider.",
        source=_ANALYSIS,
    ),
    Explanation(
        code="TCX-37",
        title="whether 3CX finds TLS on a trunk",
        meaning=(
            "3CX analyses each trunk by itself, without a call. A transport other than TLS fails; that no connection "
            f"comes about may lie at the far end, is pending, and is judged with the leg: {_SEEN}"
        ),
        mend="Push; let the far end speak TLS on the port that the trunk calls, with a certificate for that name.",
        source=_ANALYSIS,
    ),
    Explanation(
        code="TCX-38",
        title="whether 3CX finds SRTP on a trunk",
        meaning=(
            "3CX tells the suites that the far end supports, or that one end has SRTP and the other not: then calls "
            f"fail, none is in clear, and the leg is not proven. It undoes no push: {_SEEN}"
        ),
        mend="Let the far end take SRTP and nothing else; for a trunk to a provider, order it there.",
        source=_ANALYSIS,
    ),
    Explanation(
        code="TCX-39",
        title="3CX cannot use its certificate for SIP over TLS",
        meaning=f"It, its private key, or its time is wrong, so that nobody can signal over TLS: {_SEEN}",
        mend="Write `certificate` into the inventory and push; where 3CX gets its own, renew it in the console.",
        source=_ANALYSIS,
    ),
    Explanation(
        code="TCX-40",
        title="a trunk's ends have no codec in common",
        meaning=f"Calls by the trunk fail, which undoes no push: {_SEEN}",
        mend="Give both ends of the trunk a codec in common.",
        source=_ANALYSIS,
    ),
    Explanation(
        code="TCX-41",
        title="3CX reports what is not known here",
        meaning=(
            "3CX's analysis calls something an error whose meaning for encryption confgen does not know, or the trunk "
            "could not be analysed. It is unknown, and not passed."
        ),
        mend="Look at the trunk in the console of 3CX. Please report the code, so that confgen can tell what it means.",
        source=_ANALYSIS,
    ),
    Explanation(
        code="TCX-42",
        title="when the certificate of a trunk's authority ends",
        meaning=(
            "The far end's certificate must lead to it. Fourteen days before it ends the check fails; a 3CX before "
            "20.0.8 does not tell."
        ),
        mend="Write the authority's new certificate into the inventory, and push.",
    ),
    Explanation(
        code="TCX-43",
        title="a trunk goes to an address instead of a name",
        meaning="A certificate is verified for a name: that of an address nobody can hold to anything.",
        mend="Push again: confgen writes the name of the provider, or of the peer.",
        source="RFC 5922 §7.2",
    ),
    Explanation(
        code="TCX-44",
        title="which 3CX answers",
        meaning=(
            "The version decides which fields of the API there are, and so what was read back at all. What plays a 3CX "
            "for a test, and says so in its answers (X-Contract-Fake), is told as that: whatever else passes was seen "
            "of that, and of no 3CX."
        ),
        mend="Write the version that runs into product_version, and plan again.",
    ),
)
