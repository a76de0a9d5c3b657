"""Codes of level *downgrade*: offers that must be refused, and what somebody without a password is told."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="SRTP-13",
        title="a key on plain RTP",
        meaning="The offer says RTP/AVP and carries a key. Asterisk takes it where the extension has SDES, says "
        "RTP/AVP in its answer too, and encrypts: that is passed, and so is a refusal. An answer without a key would "
        "be a call in clear.",
        mend="`confgen push`.",
        source="RFC 4568 §3, RFC 8643",
    ),
    Explanation(
        code="SRTP-14",
        title="a key that must not be used as offered",
        meaning="Of an unknown suite, too short, for no packet at all, with a lifetime that is no number, or with an "
        "identifier that Asterisk would neither send nor expect. Whoever takes these does not read what a key comes "
        "with. A lifetime beyond what SRTP allows is taken by Asterisk, encrypted: no call lasts that long.",
        mend="`confgen push`; a patched res_srtp may take what the released one refuses.",
        source="RFC 4568 §6.1, RFC 3711 §9.2",
    ),
    Explanation(
        code="SRTP-15",
        title="32-bit tags only",
        meaning="Encrypted like any SRTP, but one forged packet in 2^32 passes for genuine. confgen sets "
        "srtp_tag_32=no, which is about what Asterisk offers: an offer of nothing else it takes all the same, and no "
        "option changes that. So the call must be refused or encrypted.",
        mend="`confgen push`; do not set phones to AES_CM_128_HMAC_SHA1_32.",
        source="RFC 3711 §9.5, RFC 4568 §6.2.2",
    ),
    Explanation(
        code="SRTP-16",
        title="another kind of encryption than the extension's is taken",
        meaning="An extension has SDES or DTLS, never both; who could choose could choose the weaker one.",
        mend="`confgen push`.",
        source="RFC 4568, RFC 5763",
    ),
    Explanation(
        code="SRTP-17",
        title="a plain stream beside an encrypted one",
        meaning="Of two streams in one offer the plain one must be refused, with 488 or by port 0 in the answer, in "
        "whichever order they stand.",
        mend="`confgen push`.",
        source="RFC 3264 §6, RFC 4568 §7.1",
    ),
    Explanation(
        code="SRTP-18",
        title="a call without an offer",
        meaning="Who leaves the offer to the PBX could ask for clear media in the ACK. Here the guard of the "
        "dialplan ends such a call before it is answered; where it is answered, the PBX's own offer must be "
        "encrypted.",
        mend="`confgen push`.",
        source="RFC 3264 §4, RFC 3261 §13.2.1",
    ),
    Explanation(
        code="SRTP-19",
        title="DTLS without a fingerprint that counts",
        meaning="The fingerprint ties the handshake to the signalling. Asterisk answers an offer without one, or "
        "with one of MD5, encrypted, and cannot know with whom: its caller gave that away. The answer must have a "
        "fingerprint of its own.",
        mend="`confgen push`.",
        source="RFC 5763 §5, RFC 8122 §5",
    ),
    Explanation(
        code="AUTH-11",
        title="a call outside without a password",
        meaning="An INVITE to a number that a route takes, by somebody without a password, must be refused before "
        "any leg begins: this is how toll fraud works. The offer that goes with it can be taken by nobody, so "
        "nothing rings. Emergency numbers are never tried.",
        mend="`confgen push`.",
        source="RFC 3261 §22",
    ),
    Explanation(
        code="AUTH-12",
        title="the probe reaches a number outside",
        meaning="The probe's password lies where confgen runs, so it must be worth nothing: its context has the echo "
        "number and no other. The offer can be taken by nobody, so nothing rings even where this fails.",
        mend="`confgen push`; with a dialplan of your own, the probe's context must have the echo number alone.",
        source="RFC 3261 §26.3",
    ),
    Explanation(
        code="AUTH-13",
        title="a stranger can tell which names there are",
        meaning="REGISTER, INVITE and OPTIONS without a password are answered alike for a name that is there and for "
        "one that nobody has: status, headers, challenge. confgen asks three times as `confgen-nobody-…`, which "
        "intrusion detection counts as three attempts. A name whose `permit` leaves the caller out is answered as "
        "one that nobody has. One difference remains that is told beforehand: algorithms, as AUTH-10.",
        mend="`confgen push`.",
        source="RFC 3261 §26.3.2.4, RFC 8760",
    ),
    Explanation(
        code="AUTH-14",
        title="a line break in a name makes a header",
        meaning="OPTIONS with a line break, a part of one or a NUL in the caller's name must be refused, dropped or "
        "taken as one value, and the next request answered. Record-Route stands behind the break, which answers "
        "carry back: what was taken for a header is seen.",
        mend="Update the PBX.",
        source="RFC 3261 §7.3, §25.1",
    ),
)
