"""Codes of what a PBX could do better: TLS, keys, addresses and ports."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation
from confgen.model.codes.standards import DISA, NSA

EXPLANATIONS = (
    Explanation(
        code="TLS-30",
        title="TLS 1.2 alone",
        meaning="TLS 1.3 hides more of the handshake and has no weak ciphers to choose. With both, each phone takes "
        "the best that it knows.",
        mend="Write both versions. TLS 1.0 and 1.1 stay off, whatever is written.",
        standards=("RFC 9325 §3.1.1", "BSI TR-02102-2"),
        example='sip: {tls_versions: ["1.2", "1.3"]}\n',
    ),
    Explanation(
        code="TLS-31",
        title="nobody is asked for a certificate",
        meaning="A password proves who registers. With certificates of your own authority a stranger does not even "
        "come to be asked for one.",
        mend="Give the phones certificates, then write `client_certificates: required`.",
        standards=("RFC 8446 §4.4.2", "BSI NET.4.2.A14"),
        example="certificate: {client_certificates: required}\n",
    ),
    Explanation(
        code="TLS-32",
        title="a push that is not wholly proven",
        meaning="`verify` leaves out levels, so a push is kept although nobody has tried what they try: whether clear "
        "text is refused, whether an encrypted call comes about.",
        mend="Take `levels` out, and give the PBX a `probe` and an `echo_number`.",
        standards=("BSI NET.4.2.A5", NSA),
    ),
    Explanation(
        code="TLS-33",
        title="only the host itself looks at its ports",
        meaning="From the host, a firewall or a NAT before it is not seen: what strangers reach, and whether phones "
        "get through, stays unknown.",
        mend="Write `from: operator`, or look from outside, once and after each change of the firewall.",
        standards=("BSI NET.4.2.A5",),
    ),
    Explanation(
        code="SRTP-30",
        title="keys of calls that pass through signalling",
        meaning="With SDES the key of a call stands in SIP. TLS hides it on the way, and every PBX, SBC and provider "
        "that the call passes reads it. With DTLS the two ends agree on keys by themselves, and fingerprints "
        "prove who they are.",
        mend="Nothing where all that it passes is your own. Soft clients that can DTLS get `media_encryption: dtls`.",
        standards=("RFC 4568", "RFC 5764", "RFC 8862", "BSI NET.4.2.A15"),
        example='extensions:\n  "101": {media_encryption: dtls}\n',
    ),
    Explanation(
        code="NET-01",
        title="SIP on every address of the host",
        meaning="Phones and providers need the PBX in their networks. On every address it is reached in those of "
        "management and backup too, where nobody watches for SIP.",
        mend="Write the addresses under `bind` of `sip`.",
        standards=("BSI NET.4.2.A16", NSA),
    ),
    Explanation(
        code="NET-02",
        title="local networks that are half the world",
        meaning="Whom the PBX takes for local it tells its inner address; those outside send their media there, and "
        "nothing is heard.",
        mend="Write the networks behind the NAT.",
        standards=("BSI NET.4.2.A16",),
    ),
    Explanation(
        code="NET-03",
        title="more ports for media than calls can need",
        meaning="The firewall must let in all of them from everywhere. What no call uses stands open for nothing.",
        mend="Write a range of four ports for each call at once.",
        standards=(DISA,),
    ),
    Explanation(
        code="NET-04",
        title="a PBX whose name is an address",
        meaning="Few authorities put an address into a certificate, and many phones look for names only: they then "
        "check nothing, or refuse.",
        mend="Give the PBX a name and a certificate for it.",
        standards=("RFC 5922", "RFC 9525"),
    ),
    Explanation(
        code="NET-05",
        title="a provider whose name is an address",
        meaning="The certificate has to carry what `domain` says. A name belongs to the provider; an address belongs "
        "to whoever has it today.",
        mend="Write the name that the provider's documents give.",
        standards=("RFC 5922", "RFC 9525"),
    ),
)
