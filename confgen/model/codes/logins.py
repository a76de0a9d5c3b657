"""Codes of who may log in, from where and with what proof."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation
from confgen.model.codes.standards import ASTERISK, DISA, ITSPA

EXPLANATIONS = (
    Explanation(
        code="AUTH-30",
        title="extensions that may come from anywhere",
        meaning="A password that is guessed or stolen can be used from every place in the world. With `permit`, "
        "Asterisk takes an extension only from the networks of its phones.",
        mend="Write `permit` at the extension or in `extension_defaults`. Those who travel come through a VPN, or "
        "have extensions of their own.",
        standards=(ITSPA, ASTERISK),
        example="extension_defaults: {permit: [192.0.2.0/24]}\n",
    ),
    Explanation(
        code="AUTH-31",
        title="a list of networks that lets in everybody",
        meaning="`permit` holds a network wider than any company's (wider than /8 in IPv4, /7 in IPv6): the list "
        "looks like a guard and is none.",
        mend="Write the networks that the phones are in.",
        standards=(ITSPA, ASTERISK),
    ),
    Explanation(
        code="AUTH-32",
        title="passwords go through MD5 where SHA-256 can be had",
        meaning="The answer to a challenge is a hash of the password. MD5 is quick to try out: whoever sees one "
        "answer guesses weak passwords at billions a second. This release can ask for SHA-256, and then keeps "
        "no password in clear in its files either.",
        mend="Write `digest: sha-256`, for all extensions of the PBX at once, when their phones can.",
        standards=("RFC 8760", "BSI NET.4.2.A14", "BSI TR-02102-1"),
        example="extension_defaults: {digest: sha-256}\n",
    ),
    Explanation(
        code="AUTH-33",
        title="extensions with many devices at once",
        meaning="Where many devices may register as one extension, a stranger's device among them is not noticed, and "
        "it rings with the others.",
        mend="Give each person an extension, and ring them together by a ring group.",
        standards=(ASTERISK,),
    ),
    Explanation(
        code="AUTH-34",
        title="a probe that may come from anywhere",
        meaning="The probe calls the echo number only, but its password lies on the machine that runs confgen. From "
        "everywhere, it is one more login to guess.",
        mend="Write the addresses of the machines that run confgen under `permit` of `probe`.",
        standards=(ASTERISK,),
    ),
    Explanation(
        code="AUTH-35",
        title="a provider that is known by its addresses alone",
        meaning="Without a registration of ours and without a certificate of the provider, whoever has one of its "
        "addresses, or sits on the way to it, may call in. What they reach are your DIDs, and nothing else.",
        mend="Let the PBX register, or ask for the provider's certificate by `client_certificates: required`.",
        standards=("RFC 5922", DISA, "BSI NET.4.2.A14"),
    ),
    Explanation(
        code="AUTH-36",
        title="addresses of a provider that are half the world",
        meaning="`addresses` of a trunk say who calls in as the provider. This network is wider than any provider's.",
        mend="Write the networks that the provider's documents name.",
        standards=(ITSPA, DISA),
    ),
    Explanation(
        code="AUTH-37",
        title="one account of a provider on several trunks",
        meaning="The provider sends calls to whoever registered last, so PBXs take each other's. When the password "
        "leaks, nobody can tell where, and changing it stops all of them.",
        mend="Ask the provider for an account for each PBX.",
        standards=(ITSPA,),
    ),
    Explanation(
        code="AUTH-38",
        title="an extension of a 3CX that comes past the tunnel",
        meaning="With `lan_only: false` a 3CX takes this extension from every network, without the encrypted tunnel "
        "of its apps and SBCs: its password can be tried out from everywhere, and its signalling may be in "
        "clear (TCX-09).",
        mend="Remove `lan_only`, and let the phone come by an app or an SBC.",
        standards=(ITSPA, "BSI NET.4.2.A14"),
    ),
)
