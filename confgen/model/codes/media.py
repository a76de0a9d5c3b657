"""Codes of calls whose media is proven packet by packet."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="CALL-10",
        title="whether a call with SDES is encrypted",
        meaning="The probe called the echo number over TLS and sent audio that nobody can guess. Enough of it must "
        "come back exactly, authentic under the key of the answer, which is not the probe's own; a single packet in "
        "clear, not authentic, or from another port than answered fails it. Lost and doubled packets do not, nor what "
        "somebody else sends here. Nothing at all proves nothing: a firewall may swallow media. Other sound proves "
        "nothing either: the number may say something before it echoes. The verdict speaks of this call; SRTP-06 "
        "and SRTP-07 say that others are refused.",
        mend="Push again. Where nothing came back: let this machine reach the PBX's RTP ports by UDP.",
        source="RFC 3711, RFC 4568",
    ),
    Explanation(
        code="CALL-11",
        title="whether what is slipped into an encrypted call is played",
        meaning="Into the running stream confgen sent packets in clear and packets with a wrong tag, as somebody "
        "without the key would. Played, they would have come back as echo.",
        mend="Update the PBX: it takes media that it must drop.",
        source="RFC 3711 §3.3",
    ),
    Explanation(
        code="CALL-12",
        title="whether a new key replaces the old one",
        meaning="Within the call the probe offered another key. What is sent under it must be played, and what is sent "
        "under the old one must not. Silence afterwards is unknown.",
        mend="Update the PBX. A PBX that refuses to change the key of a call is unknown: the call kept its key.",
        source="RFC 4568 §7.1.4",
    ),
    Explanation(
        code="CALL-13",
        title="whether a call with DTLS is encrypted",
        meaning="As CALL-10, with keys from a DTLS handshake. No key is used before the PBX has shown the certificate "
        "whose fingerprint its answer announced.",
        mend="Push again. Where the handshake got no answer: let this machine reach the PBX's RTP ports by UDP.",
        source="RFC 5763, RFC 5764",
    ),
    Explanation(
        code="CALL-14",
        title="whether a caller with another certificate than announced is heard",
        meaning="The probe announced a fingerprint and showed another certificate, as somebody does who stands in the "
        "way of the media. Nothing may come back, for several times as long as it took with the right certificate; "
        "it is asked only where that was heard. A handshake without answer, or that fails without alert, is unknown. "
        "Asterisk takes a fingerprint whose first byte is zero for none at all: a phone whose certificate has such a "
        "one, as one in 256 has, is not told from another.",
        mend="Push again: `dtls_verify = fingerprint` is what makes the difference. Give a phone whose fingerprint "
        "begins with 00 another certificate.",
        source="RFC 5763 §5; res_rtp_asterisk.c, dtls_srtp_setup",
    ),
    Explanation(
        code="CALL-15",
        title="whether RTCP is protected",
        meaning="RTCP tells who speaks, when and how well. It must be encrypted and authentic like the media. It first "
        "comes after five seconds, so only a long verification waits for it.",
        mend="Push again.",
        source="RFC 3711 §3.4",
    ),
)
