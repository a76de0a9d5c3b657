"""REF: parts of an inventory that do not fit each other."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation
from confgen.model.codes.standards import ASTERISK

EXPLANATIONS: tuple[Explanation, ...] = (
    Explanation(
        code="REF-01",
        title="there is no such group",
        meaning=(
            "A PBX names a group that `groups` does not have. The settings that the group should give would be "
            "missing, so values that only it could give are not asked for until this is mended."
        ),
        mend="Write the name as it stands in `groups`, or add the group there.",
    ),
    Explanation(
        code="REF-02",
        title="a trunk ends at no PBX",
        meaning=(
            "`between` must name two PBXs of this inventory, because confgen renders the trunk on both ends with "
            "the same secret, and a trunk to a provider names one under `pbx`. One of the names is not in `pbxs`."
        ),
        mend="Write the names as they stand in `pbxs`.",
    ),
    Explanation(
        code="REF-03",
        title="a call leaves by no trunk of this PBX",
        meaning=(
            "A route or an emergency call leaves by a trunk that does not exist or that ends at other PBXs. Such a "
            "number could be dialled and would ring nowhere."
        ),
        mend="Name a trunk whose `between` or `pbx` has this PBX, or add one.",
    ),
    Explanation(
        code="REF-04",
        title="an extension stands twice",
        meaning=(
            "The number is written by itself and is also part of a range, or two ranges overlap. Which settings "
            'count would be left to chance. A range such as "110-119" has no exceptions.'
        ),
        mend="Divide the range around the number, or choose another number.",
    ),
    Explanation(
        code="REF-05",
        title="a range of extensions is not one",
        meaning=(
            "The first number is larger than the last, the two have different lengths, or the range is larger "
            "than 100,000 numbers. Leading zeros count: 0100-0199 has four digits throughout."
        ),
        mend="Write the smaller number first and both with the same count of digits.",
    ),
    Explanation(
        code="REF-06",
        title="two endpoints have one name",
        meaning=(
            "On a PBX the probe and every trunk are endpoints, known by their names. Two with one name would "
            "overwrite each other in the PBX's configuration, and so would one that is named like a section that "
            "confgen writes for itself: `global`, `system`, `tls` and all that begins with `tls-`."
        ),
        mend="Give the trunk or the probe another name.",
    ),
    Explanation(
        code="REF-07",
        title="the RTP ports are no range",
        meaning=(
            "The first port is larger than the last, a port is above 65535, or there are fewer than two. A call "
            "takes two ports, one for SRTP and one for SRTCP, so a range of 200 carries 100 calls or 50 with both"
            " legs on this PBX."
        ),
        mend='Write the range as "20000-20199", and open just these UDP ports in the firewall.',
        source="RFC 3550, section 11",
    ),
    Explanation(
        code="REF-08",
        title="the RTP ports meet another port",
        meaning=(
            "The port of SIP, of a transport to a provider, of AMI or of HTTP lies within the range of the RTP ports. "
            "One is TCP and the other UDP, but firewalls and packet captures that know them by number would take one "
            "for the other, and the proof that nothing undeclared listens would be blurred."
        ),
        mend="Move the RTP ports or the other port.",
    ),
    Explanation(
        code="REF-09",
        title="the RTP ports begin with an odd one",
        meaning=(
            "RTP takes an even port and RTCP the odd one above it, so that the first port of the range is never "
            "used. Nothing breaks; this is a warning."
        ),
        mend="Begin the range with an even port.",
        source="RFC 3550, section 11",
    ),
    Explanation(
        code="REF-10",
        title="two PBXs on one host",
        meaning=(
            "Two PBXs have the same address and the same SSH port, behind the same jump hosts. confgen would push both "
            "to one host, and the second push would undo the first."
        ),
        mend="Correct the address, or the port under `ssh` if the hosts share an address.",
    ),
    Explanation(
        code="REF-11",
        title="two PBXs with one SIP domain",
        meaning=(
            "Phones and peers tell PBXs apart by their domain, and it is the name that certificates are checked "
            "against. With one domain a peer could take one PBX for the other."
        ),
        mend="Give each PBX a domain of its own, under `sip`.",
        source="RFC 5922, section 7",
    ),
    Explanation(
        code="REF-12",
        title="two trunks between the same PBXs",
        meaning=(
            "Both ends of a trunk know the other by its address, so two trunks between the same PBXs could not be"
            " told apart when a call comes in."
        ),
        mend="Remove one of the trunks and let the routes name the other.",
    ),
    Explanation(
        code="REF-13",
        title="the echo number means something else too",
        meaning=(
            "The echo number is also an extension of this PBX, or among the numbers of one of its routes. "
            "`confgen verify` would ring a phone instead of reaching the echo, or people could no longer dial "
            "that phone."
        ),
        mend="Choose an echo number that no extension has and no route takes.",
    ),
    Explanation(
        code="REF-14",
        title="two routes for the same numbers",
        meaning=(
            "Two routes of a PBX have the same pattern. Only one of them would ever be taken, and which one is "
            "not visible in the inventory."
        ),
        mend="Remove one of the routes, or make the patterns differ.",
    ),
    Explanation(
        code="REF-15",
        title="no address, network or host name",
        meaning=(
            "The text looks like an address but is none, such as 10.0.0.300, or it is an address inside a network"
            " where the network itself belongs, such as 10.0.0.5/24. Asterisk would refuse it or permit other "
            "phones than you meant."
        ),
        mend="Write the network with its first address, such as 10.0.0.0/24, or one address without the slash.",
    ),
    Explanation(
        code="REF-16",
        title="the levels downgrade and call have nothing to call with",
        meaning=(
            "The level downgrade offers the PBX a call without encryption and expects a refusal, the level call sends "
            "audio and expects it back. For that they register as the probe and call the echo number; this PBX lacks "
            "one of them. Where its dialplan is not managed, the echo number is one of your own dialplan."
        ),
        mend="Add `probe` and `echo_number`, or declare the level away with `verify: {levels: [state, tls, clear]}`.",
    ),
    Explanation(
        code="REF-17",
        title="a placeholder is not known here",
        meaning=(
            "In references {pbx} is filled in with the name of the PBX, {extension} with the number of an "
            "extension, {user} with the name of a user of AMI, {trunk} with the name of a trunk. A trunk has one "
            "secret, for both of its ends, so that {pbx} means nothing there."
        ),
        mend=(
            "Use {pbx} for PBXs, providers and the probe, {pbx} and {extension} for extensions, {pbx} and {user} for "
            "users of AMI, {trunk} for trunks and their accounts."
        ),
    ),
    Explanation(
        code="REF-18",
        title="a set of digits runs backwards",
        meaning=("A set such as [5-3] takes no digit at all, so that the pattern would take no number."),
        mend="Write the smaller digit first: [3-5].",
    ),
    Explanation(
        code="REF-19",
        title="the ends of a trunk share no TLS version, or perhaps none",
        meaning=(
            "One end accepts only TLS 1.2 and the other only TLS 1.3. They could never connect, and no call would"
            " leave by this trunk. It is a warning where one end takes only TLS 1.3 and the other is a product that "
            "cannot be told which versions it speaks, and whose vendor does not say."
        ),
        mend="Give both ends one version in common in `sip.tls_versions`.",
    ),
    Explanation(
        code="REF-20",
        title="a call has no way to go, or several",
        meaning=(
            "A route leads to one of `trunk`, `channel` and `context`; an emergency call leaves by a `trunk` or a "
            "`channel`; a destination is one of `extension`, `ring_group`, `context` and `outside`. With none the call "
            "would end in silence, with several it would be left to chance. `number` is an extension of a `context`, "
            "and means nothing by itself."
        ),
        mend="Name exactly one.",
    ),
    Explanation(
        code="REF-21",
        title="there is no such channel",
        meaning=(
            "A route or an emergency call leaves by a line that `channels` of this PBX does not have. Each PBX has "
            "channels of its own, since they are lines that end at its host."
        ),
        mend="Write the name as it stands in `channels` of this PBX, or add the line there.",
    ),
    Explanation(
        code="REF-22",
        title="a call leads to no phone of this PBX",
        meaning=(
            "A ring group, a forward or a number from outside leads to an extension or a ring group that this PBX does "
            "not have. Whoever calls would hear nothing, or be cut off. Phones of other PBXs are reached as `outside`, "
            "through a route."
        ),
        mend="Name an extension or a ring group of this PBX, or write `outside` with the number as a phone dials it.",
    ),
    Explanation(
        code="REF-23",
        title="there is no such provider",
        meaning=(
            "A trunk leads to a provider that `providers` does not have, so that neither its domain nor its port nor "
            "the certificates that it must show are known."
        ),
        mend="Write the name as it stands in `providers`, or add it there.",
    ),
    Explanation(
        code="REF-24",
        title="a trunk and its provider would not know each other",
        meaning=(
            "A provider tells its customers apart by an account or by the address that they call from, and the PBX "
            "takes calls only through its registration or from addresses that it knows. This trunk has neither, or "
            "numbers from outside that no call could reach."
        ),
        mend="Write `account`, `addresses`, or both, as the provider's data sheet says.",
    ),
    Explanation(
        code="REF-25",
        title="a number means two things",
        meaning=(
            "The number of a ring group or an emergency number is an extension, the echo number or another ring group "
            "as well. Only one of them could be reached. That a route takes an emergency number too is no fault: "
            "emergency numbers come first."
        ),
        mend="Give one of the two another number. An emergency number is given by law, so that the other must move.",
    ),
    Explanation(
        code="REF-26",
        title="a blocked number that must be reachable",
        meaning=(
            "A pattern in `blocked` takes an emergency number, an extension of this PBX, or just the numbers of a "
            "route. No list may refuse an emergency call, phones of the house are not blocked, and a route whose "
            "numbers are blocked is one that somebody forgot."
        ),
        mend='Narrow the pattern, for example "0900." instead of "0.".',
    ),
    Explanation(
        code="REF-27",
        title="calls go round in a circle",
        meaning=(
            "Forwards and the `otherwise` of ring groups lead from one to the next and back to the first. Where nobody "
            "answers, the call would never end, and where all are busy or away the PBX would turn as fast as it can."
        ),
        mend="Let one of them lead to a voicemail of your own dialplan, to a number outside, or nowhere.",
    ),
    Explanation(
        code="REF-28",
        title="a call is sent outside and does not get there",
        meaning=(
            "`outside` is a number as a phone of this PBX would dial it. No route takes this one, or `blocked` refuses "
            "it, or it is an emergency number, which only a person may call."
        ),
        mend="Write the number with the digits that lead out, add a route for it, or name another destination.",
    ),
    Explanation(
        code="REF-29",
        title="emergency calls are half written",
        meaning=(
            "Emergency calls need `numbers` and, under `via`, the ways that they take. Or they are `waived`, with "
            "owner, reason and end, and then nothing else stands beside it. Where `defaults` has the one and a PBX the "
            "other, that of the PBX counts alone."
        ),
        mend="Write `numbers` and `via`, or only `waived`.",
    ),
    Explanation(
        code="REF-30",
        title="there is no such day",
        meaning=("The day does not exist, such as 2027-02-30, so that nobody could tell when the exception ends."),
        mend='Write year, month and day of the last day on which it holds: "2027-03-31".',
        source="ISO 8601",
    ),
    Explanation(
        code="REF-32",
        title="a setting of a part that is not managed",
        meaning=(
            "`manage` leaves this part of the PBX to you, so that confgen writes none of its files and the setting "
            "would have no effect. Routes, ring groups, forwards, emergency numbers and all else that says where calls "
            "lead belong to the part `dialplan`; AMI and HTTP to `management`."
        ),
        mend="Remove the setting, or add the part to `manage`. What only some PBXs manage belongs into a group.",
    ),
    Explanation(
        code="REF-33",
        title="SIP is not managed",
        meaning=(
            "Every other part may stay yours, but what encrypts signalling and media is written in the part `sip`. "
            "Without it confgen would have nothing to encrypt and nothing to prove."
        ),
        mend="Add `sip` to `manage`. Files of your own can be included beside ours with `include`.",
    ),
    Explanation(
        code="REF-34",
        title="a context is missing, or has no effect",
        meaning=(
            "Where the dialplan is your own, every extension, every trunk and the probe must name the context that "
            "their calls enter. Where confgen writes the dialplan it names them itself."
        ),
        mend=(
            "Write `context` at each, or once in `extension_defaults`; that of the probe must reach the echo number "
            "alone. Otherwise remove it."
        ),
    ),
    Explanation(
        code="REF-35",
        title="certificates that confgen would have to put on the host",
        meaning=(
            "`manage` leaves the certificates to you, so that confgen puts none on the host, and yet this one is "
            "referred to elsewhere. The PBX would be pointed at a file that nobody keeps up to date."
        ),
        mend="Write {on_host: PATH} with the path on the PBX's host, or add `certificates` to `manage`.",
    ),
    Explanation(
        code="REF-36",
        title="the probe has no certificate to show",
        meaning=(
            "This PBX lets in only those who show a certificate of its authority. `confgen verify` shows the PBX's "
            "own, but that lies on the host and never leaves it, so that some levels could not be proven."
        ),
        mend=(
            "Write client_certificates: not-requested, or refer to chain and key by file or command, or declare the "
            "levels tls, downgrade and call away under `verify`."
        ),
    ),
    Explanation(
        code="REF-37",
        title="a file that cannot be included",
        meaning=(
            "`include` is for files of your own. What confgen manages itself would be read twice or in a circle, and "
            "what lies outside the configuration folder by a relative path is not what was meant."
        ),
        mend="Move what is yours into a file of another name below the configuration folder, and include that.",
    ),
    Explanation(
        code="REF-38",
        title="sudo without a user who needs it",
        meaning=(
            "root needs no sudo, and the rule that lets another user run confgen's script names that user. Where the "
            "user is left to ~/.ssh/config it depends on who runs confgen whether a push works; that is a warning."
        ),
        mend="Name the user under `ssh`, or remove `sudo`. `confgen bootstrap` prints what the user needs.",
    ),
    Explanation(
        code="REF-39",
        title="AMI or HTTP on every address",
        meaning=(
            "Who gets into the manager interface or the HTTP server can steer the PBX. They listen only on addresses "
            "that are named, so that a new network card does not open them to another network."
        ),
        mend="Write the one address that its users reach it by; 127.0.0.1 if they are on the host itself.",
    ),
    Explanation(
        code="REF-40",
        title="a user of AMI who may do anything",
        meaning=(
            "With the classes system, command, config and originate a user of the manager interface can run "
            "commands, change the configuration, or start calls into any application. Whoever learns that secret has "
            "the PBX. This is a warning."
        ),
        mend="Leave the user the classes that its program needs: mostly call, reporting and cdr.",
        standards=(ASTERISK,),
    ),
    Explanation(
        code="REF-41",
        title="two services on one port",
        meaning=(
            "Two services of the PBX would listen on one TCP port of one address, and the second would not start. Each "
            "provider whose certificate leads to an authority of its own takes a port from `provider_port` on."
        ),
        mend="Give one of the two another port, or another address.",
    ),
    Explanation(
        code="REF-42",
        title="a jump host that leads nowhere new",
        meaning=(
            "A host on the way is the PBX's own host, or stands in the list twice. The connection would go out and "
            "come back, or not be made at all."
        ),
        mend="Name each host on the way once, in the order in which they are taken, without the PBX's own.",
    ),
    Explanation(
        code="REF-43",
        title="WebRTC is not supported yet",
        meaning=(
            "A browser speaks SIP over WebSockets and needs DTLS-SRTP with ICE. confgen does not prove such legs yet, "
            "and what it cannot prove it does not render."
        ),
        mend="Remove the setting, and register a SIP phone or soft client that speaks TLS and SRTP.",
        source="RFC 7118; RFC 8827",
    ),
    Explanation(
        code="REF-44",
        title="a route leaves nothing to dial",
        meaning=(
            "`strip` takes as many digits off as the numbers of the route have, or more, and `prepend` puts none "
            "there. A leading + counts as one."
        ),
        mend="Strip only the digits that lead out, mostly one, or write the whole number under `prepend`.",
    ),
    Explanation(
        code="REF-45",
        title="two trunks that take each other's calls",
        meaning=(
            "Two trunks of a PBX know their providers by the same addresses, so that a call that comes in could belong "
            "to either; or both have the same number from outside and lead it to different places."
        ),
        mend="Give each address to one trunk, and let a number lead to one place.",
    ),
    Explanation(
        code="REF-46",
        title="both ends of a trunk only register",
        meaning=(
            "A 3CX takes part in an encrypted trunk only as the one that registers: it knows its peer by a name, and "
            "has no setting for a peer that registers with it over TLS. Between two of them nobody would answer."
        ),
        mend=(
            "Join each of the two to an Asterisk of this inventory and let it lead the calls on, or make a bridge "
            "between them in their own consoles, which confgen neither writes nor proves."
        ),
    ),
    Explanation(
        code="REF-47",
        title="a peer is asked for a certificate that it cannot show",
        meaning=(
            "With `client_certificates: required` a PBX ends every connection on which no certificate of its authority "
            "is shown. A 3CX shows none on a trunk (its vendor supports no mutual TLS there), so that it would never "
            "register, and no call would come through."
        ),
        mend=(
            "Write `client_certificates: not-requested` for the PBX that asks. The trunk stays encrypted, and its ends "
            "know each other by the certificate of one and the digest of the other."
        ),
    ),
    Explanation(
        code="REF-48",
        title="a number of both ends of a trunk on which one registers",
        meaning=(
            "A PBX that registers sends calls with the caller's own number in From. Where the other end has an "
            "extension of that number, Asterisk takes the call for one of that phone before it looks for the trunk: it "
            "is refused where the phone may not come from there (403), or asked for the phone's password and digest."
        ),
        mend="Give the extensions of the two PBXs different numbers.",
    ),
)
