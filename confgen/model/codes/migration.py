"""Codes of phones that are not moved yet, and of those that a change would cut off."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

_WAIVER = 'migration: {extensions: ["101", "102"], owner: Ann, until: "2027-03-31"}'

EXPLANATIONS = (
    Explanation(
        code="CLEAR-08",
        title="a phone registers in clear without a waiver",
        meaning="A migration keeps a port in clear open for its phones; Asterisk cannot keep others from registering "
        "there, with a password that is hashed. The guard of confgen's dialplan ends their calls; a dialplan of your "
        "own has none. Calls to them go over TLS or not at all. It reads pending: the phone is not moved yet.",
        mend="Set the phone to TLS, or name it in `migration` too where it was served in clear before.",
    ),
    Explanation(
        code="MIG-01",
        title="phones may speak in clear, and somebody answers for it",
        meaning="On Asterisk a migration keeps what served these phones before confgen, unchanged, in a file of its "
        "own: their endpoints, and the UDP and TCP transports that they register by. On 3CX it asks these extensions "
        "for SRTP (SRTPEnabled) and does not demand it yet (SRTPEnforced), because a phone that cannot encrypt would "
        "go silent. What is in clear by it reads `waived until`, never passed. Whatever else is in clear is refused as "
        "ever.",
        mend="Move the phones to encryption one by one, take each out of `migration`, and push.",
        example=_WAIVER,
        standards=("BSI NET.4.2.A14, A15",),
    ),
    Explanation(
        code="MIG-02",
        title="the waiver of a migration has ended",
        meaning="After its last day nothing is pushed with it any more, and the guard of confgen's dialplan ends the "
        "clear calls of its phones on an Asterisk by itself; a 3CX takes them until it is pushed to.",
        mend="Move the phones and remove `migration`, or let its owner waive it anew: a later `until`.",
        example=_WAIVER,
        standards=("BSI NET.4.2.A14, A15", "ISO/IEC 27001:2022 A.5.36"),
    ),
    Explanation(
        code="MIG-03",
        title="a phone of a migration was not there before",
        meaning="A migration keeps what served a phone before confgen. In the pjsip.conf that was there, with the "
        "files that it includes, no endpoint has the extension's number for its name.",
        mend="Take the extension out of `migration`: confgen renders it. An endpoint of another name cannot be kept.",
    ),
    Explanation(
        code="MIG-04",
        title="a phone of chan_sip or of the wizard cannot be kept",
        meaning="chan_sip is not run beside confgen's SIP, and its peers have no objects that could be copied; what "
        "pjsip_wizard.conf makes has no lines of its own either.",
        mend="Move the phone before the push, or write its endpoint, auth and aor into pjsip.conf first.",
    ),
    Explanation(
        code="MIG-05",
        title="a phone of a migration cannot be kept as it stands",
        meaning="Its lines would not mean the same in a file of their own, or something that they need is not there "
        "any more: an access list of acl.conf, a transport that is neither UDP nor TCP or whose port confgen's own "
        "takes, a name that confgen renders something else under. Nor can any be kept while `bind` has several "
        "addresses: Asterisk holds a phone to one transport or to none, and would call the others by the port in clear "
        "too, with the keys of their media, where they register there.",
        mend="Move the phone before the push, or mend what the message names on the host.",
    ),
    Explanation(
        code="MIG-10",
        title="a migration that lasts longer than a year",
        meaning="An exception that nobody looks at for years becomes the rule: these phones go on in clear.",
        mend="Give it a day within a year, and move the phones by then.",
        standards=("ISO/IEC 27001:2022 A.5.36", "BSI NET.4.2.A14, A15"),
    ),
)
