"""Codes of what is the user's own: parts that are not managed, files that managed ones include, what is taken over."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

_SEEN = "${EPOCH}:${CHANNEL(pjsip,secure)}:${CHANNEL(rtp,secure,audio)}:${CHANNEL(pjsip,call-id)}"
_ECHO = """\
[confgen-probe]
exten => 600,1,Progress()
 same => n,GotoIf($["${CHANNEL(rtp,secure,audio)}" = "1"]?secure)
 same => n,Hangup(58)
 same => n(secure),Answer()
 same => n,Echo()
 same => n,Hangup()

; for each trunk to another PBX, with its own name, `-` written as `_` and in capitals in the variable:
[confgen-leg]
exten => hq-branch,1,Set(GLOBAL(CONFGEN_LEG_HQ_BRANCH)={SEEN})
 same => n,Wait(1)
 same => n,Hangup()

; in the trunk's own context, before its echo number answers:
exten => 600,1,Progress()
 same => n,Set(GLOBAL(CONFGEN_HEARD_${CHANNEL(endpoint)})={SEEN})
 same => n,Goto(confgen-probe,600,1)
""".replace("{SEEN}", _SEEN)

EXPLANATIONS = (
    Explanation(
        code="PUSH-20",
        title="something of your own goes when this file is taken over",
        meaning="confgen writes these files whole, or leaves them out: what stands in them and not in the inventory "
        "is no longer there after the push. Generation 0 keeps it. Calls of your own dialplan by SIP/… or IAX2/… lead "
        "nowhere afterwards.",
        mend="Describe it in the inventory, or put it into a file that pjsip.conf includes (`include`); call PJSIP/… "
        "in your dialplan.",
    ),
    Explanation(
        code="PUSH-21",
        title="a file of your own runs a program while it is read",
        meaning="`#exec` puts the output of a program into the configuration. What it prints cannot be judged, and may "
        "be another thing at each start.",
        mend="Write down what the program prints.",
    ),
    Explanation(
        code="PUSH-22",
        title="a file that is included is not there",
        meaning="Asterisk refuses the whole file that includes one that is missing, or that it cannot read.",
        mend="Put it there, readable for Asterisk's user, or take it out of `include`.",
    ),
    Explanation(
        code="PUSH-23",
        title="a file of your own is not read as it was meant",
        meaning="Asterisk stops reading such a file, passes over the line, or reads something that cannot be known "
        "from the file alone.",
        mend="Mend the line that the finding names.",
    ),
    Explanation(
        code="CLEAR-05",
        title="a SIP transport in clear text in a file of your own",
        meaning="A transport over UDP, TCP or WS lets any phone register and call without TLS, those that confgen "
        "renders too: an endpoint's `transport` does not stop them.",
        mend="Remove it; phones of your own use confgen's TLS transport.",
        source="RFC 3261 §26",
    ),
    Explanation(
        code="CLEAR-06",
        title="a transport in a file of your own is weaker than confgen's",
        meaning="Without `method` Asterisk speaks TLS 1.0 only, its own list of ciphers holds old ones, and without "
        "verify_server anybody can stand in for the far end of a trunk.",
        mend="method = tlsv1_2, confgen's `cipher` (see `confgen render`), verify_server = yes; or remove it.",
        source="RFC 9325 §3.1 and §4.2",
    ),
    Explanation(
        code="CLEAR-07",
        title="the dialplan calls by a channel that has no encryption",
        meaning="SIP/ is the old chan_sip, IAX2/ the protocol between Asterisks, MGCP/, Skinny/ and Unistim/ are "
        "phones' protocols of their own: confgen closes their doors, and none of them carries SRTP over TLS. "
        "UnicastRTP/, MulticastRTP/, AudioSocket/ and WebSocket/ send a call's audio to an address as it is.",
        mend="Dial(PJSIP/…), with an extension or a trunk of the inventory.",
    ),
    Explanation(
        code="SRTP-08",
        title="an endpoint of your own takes calls without SRTP",
        meaning="media_encryption is `no` where nothing is said.",
        mend="media_encryption = sdes (or dtls) and media_encryption_optimistic = no.",
        source="RFC 3711, RFC 4568",
    ),
    Explanation(
        code="SRTP-09",
        title="strict RTP is off",
        meaning="Without it Asterisk takes media from any address that sends to the port of a call.",
        mend="strictrtp = yes in [general] of rtp.conf.",
    ),
    Explanation(
        code="SRTP-10",
        title="SRTP's protection against replay is off",
        meaning="Packets that were recorded could be played into the call again.",
        mend="srtpreplayprotection = yes in [general] of rtp.conf, or leave it out: it is on where nothing is said.",
        source="RFC 3711 §3.3.2",
    ),
    Explanation(
        code="SRTP-11",
        title="media encryption of an endpoint of your own is optimistic",
        meaning="It takes a call without SRTP when the other side offers none.",
        mend="media_encryption_optimistic = no.",
        source="RFC 8643",
    ),
    Explanation(
        code="SRTP-12",
        title="an endpoint of your own has a way around SRTP",
        meaning="direct_media (on where nothing is said) sends media past the PBX, T.38 has no encryption, short tags "
        "are weak, dtls_verify = no takes any certificate, and webrtc is not yet judged.",
        mend="direct_media = no, t38_udptl = no, srtp_tag_32 = no, dtls_verify = fingerprint, no webrtc.",
        source="RFC 3711 §9.5, RFC 5763",
    ),
    Explanation(
        code="AUTH-04",
        title="an endpoint of your own takes calls from whoever knows its name",
        meaning="Without `auth` an endpoint that is told by its user name is not asked for a password.",
        mend="Give it an `auth`, or identify_by = ip with an `identify` that names the addresses.",
        source="RFC 3261 §22",
    ),
    Explanation(
        code="AUTH-05",
        title="calls from anybody are taken",
        meaning="An endpoint called `anonymous`, or an identify that matches every address, takes calls from anybody.",
        mend="Remove it.",
        source="RFC 3261 §22",
    ),
    Explanation(
        code="AUTH-06",
        title="requests without a password are answered",
        meaning="allow_unauthenticated_options answers OPTIONS to whoever asks, which tells names that exist.",
        mend="allow_unauthenticated_options = no.",
    ),
    Explanation(
        code="AUTH-07",
        title="a password of your own is none",
        meaning="It is missing, empty, or the user's own name.",
        mend="Give the `auth` a long random password.",
    ),
    Explanation(
        code="AUTH-08",
        title="a file of your own changes what confgen renders",
        meaning="A section with the name of one of confgen's adds to it or stands beside it, so that what was judged "
        "is not what counts.",
        mend="Give it another name, or change the inventory.",
    ),
    Explanation(
        code="MGMT-04",
        title="your manager interface (AMI) can be reached without TLS",
        meaning="Who may send AMI commands can start calls and read secrets; without TLS its password is heard.",
        mend="bindaddr = 127.0.0.1 in manager.conf, or only its TLS on other addresses.",
        source="Asterisk's best practices",
    ),
    Explanation(
        code="MGMT-05",
        title="your HTTP server can be reached without TLS",
        meaning="AMI and ARI go over it, with their passwords.",
        mend="bindaddr = 127.0.0.1 in http.conf, or only its TLS on other addresses.",
    ),
    Explanation(
        code="STATE-09",
        title="a TLS transport of your own is not tried on the wire",
        meaning="The levels tls, clear and downgrade look at confgen's transports. One in a file of your own is judged "
        "by what it says, and by what Asterisk shows of it.",
        mend="Do without it: phones of your own can use confgen's transport.",
    ),
    Explanation(
        code="DIAL-30",
        title="an endpoint's context is not in your dialplan",
        meaning="Calls of that endpoint would lead nowhere. The dialplan is not managed, so confgen adds none.",
        mend="Add the context to extensions.conf, or name one that is there in `context`.",
    ),
    Explanation(
        code="DIAL-31",
        title="the probe's context does not keep to the echo number",
        meaning="`confgen verify` calls as the probe. Its context must answer the echo number with Echo(), and must "
        "hold nothing that dials, goes to another extension or runs a program: only then can no probe ring a "
        "phone, and whoever learns its password can call nobody. The first lines below end a call without SRTP as "
        "confgen's own dialplan does; the last ones tell what came of a call that proves a trunk.",
        mend="Add these lines to your extensions.conf, with your echo_number and the probe's `context`, then "
        "`dialplan reload`; or declare the levels downgrade and call away.",
        example=_ECHO,
    ),
    Explanation(
        code="DIAL-32",
        title="the emergency route is in your own dialplan",
        meaning="confgen does not follow it, so nothing is said of whether an emergency number reaches its route.",
        mend="Call it together with the emergency services' test number, if they have one, after each push.",
    ),
    Explanation(
        code="DIAL-33",
        title="a file of your own adds to a context that confgen renders",
        meaning="An extension beside ours could pass by the guard that ends calls without SRTP, the list of blocked "
        "numbers, or the emergency route.",
        mend="Put the lines into a context of your own, and name it in a route, a ring group or a forward.",
    ),
)
