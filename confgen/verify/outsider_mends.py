"""How to mend a PBX that nobody pushes to: what the checks advise of an inventory is said in another way here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.model.check import Verdict
from confgen.verify.tls_asking import OUT_OF_REACH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.check import Check

_DEMAND_SRTP = (
    "let every extension demand SRTP (chan_pjsip: media_encryption=sdes or dtls, media_encryption_optimistic=no)"
)
_NO_KEY = "let the PBX refuse such an offer with 488: update it, and let the extension demand SRTP"
_MEDIA = "let the extension demand SRTP for its media too, and update the PBX: is res_srtp, or its like, loaded?"
_TLS_VERSIONS = "let the port speak TLS 1.2 and 1.3 alone (Asterisk: method=tlsv1_2)"
_CIPHERS = "let the port take suites with forward secrecy and AEAD alone (ECDHE with AES-GCM or CHACHA20-POLY1305)"
_CLIENTS = "demand client certificates, and name the authority that signs them (Asterisk: verify_client, ca_list_file)"
_ASK_WHO_CALLS = "demand a password of whoever calls or registers (chan_pjsip: `auth`; no `anonymous`, no allowguest)"
_ALIKE = "answer every name alike, with a challenge (chan_sip: alwaysauthreject=yes), by one digest algorithm"

# Of checks that failed. Codes that are not here advise nothing that takes an inventory.
MENDS: Mapping[str, str] = {
    "CLEAR-03": "let that port speak TLS and nothing else: SIP in clear text is answered there",
    "CLEAR-04": "remove the transport that listens there, or close the port, and restart the PBX",
    "AUTH-02": _ASK_WHO_CALLS,
    "AUTH-03": _ASK_WHO_CALLS,
    "AUTH-11": _ASK_WHO_CALLS,
    "AUTH-13": _ALIKE,
    "SRTP-05": "let the extension take SRTP as offered (chan_pjsip: media_encryption=sdes or dtls, res_srtp loaded)",
    "SRTP-06": _DEMAND_SRTP,
    "SRTP-07": _DEMAND_SRTP,
    "SRTP-13": _DEMAND_SRTP,
    "SRTP-14": _NO_KEY,
    "SRTP-15": "let the extension take keys with tags of 80 bits alone (chan_pjsip: srtp_tag_32=no)",
    "SRTP-16": "let the extension take one kind of media encryption alone: SDES or DTLS",
    "SRTP-17": "let the PBX refuse a stream in clear text beside an encrypted one: " + _DEMAND_SRTP,
    "SRTP-18": _DEMAND_SRTP,
    "SRTP-19": "let the PBX refuse DTLS without a fingerprint by SHA-256 (chan_pjsip: dtls_verify=fingerprint)",
    "CALL-10": _MEDIA,
    "CALL-11": _MEDIA,
    "CALL-12": "let the PBX take the new key of a second offer, and drop the old one: update it",
    "CALL-13": "does somebody stand in the way? let the PBX show the certificate that its answer announces",
    "CALL-14": "let the PBX compare certificate and fingerprint (chan_pjsip: dtls_verify=fingerprint)",
    "CALL-15": "let RTCP be encrypted as the media is (SRTCP): update the PBX",
    "TLS-04": _TLS_VERSIONS,
    "TLS-05": _TLS_VERSIONS,
    "TLS-06": _CIPHERS,
    "TLS-08": _CLIENTS,
    "TLS-13": _CLIENTS,
    "TLS-14": _CLIENTS,
    "TLS-15": "demand no client certificate, or give phones and this machine one that the PBX takes",
    "CERT-11": "serve the certificate that was meant; a PBX may have to be restarted to read it",
}
# Of checks that could not tell, where they advise something of an inventory.
_UNKNOWN: Mapping[str, str] = dict.fromkeys(
    ("AUTH-02", "AUTH-03"), "may this machine call it at all? whoever may must be asked for a password"
)


def for_outsiders(check: Check) -> Check:
    """The same, with advice that takes neither an inventory nor a push."""
    if check.mend == OUT_OF_REACH:
        return replace(check, mend="can this machine reach the port, and is it that of SIP over TLS?")
    mends = {Verdict.FAILED: MENDS, Verdict.UNKNOWN: _UNKNOWN}.get(check.verdict, {})
    return replace(check, mend=mends.get(check.code, check.mend))
