"""REF: parts of an inventory that do not fit each other."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

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
            "the same secret. One of the names is not in `pbxs`."
        ),
        mend="Write the names as they stand in `pbxs`.",
    ),
    Explanation(
        code="REF-03",
        title="a route leads to no trunk of this PBX",
        meaning=(
            "The route sends calls to a trunk that does not exist or that joins two other PBXs. Such a number "
            "could be dialled and would ring nowhere."
        ),
        mend="Name a trunk whose `between` has this PBX, or add one.",
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
            "overwrite each other in the PBX's configuration."
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
        title="the RTP ports meet the SIP port",
        meaning=(
            "The SIP port lies within the range of the RTP ports. One is TCP and the other UDP, but firewalls and"
            " packet captures that know them by number would take one for the other, and the proof that nothing "
            "undeclared listens would be blurred."
        ),
        mend="Move the RTP ports or the SIP port.",
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
            "Two PBXs have the same address and the same SSH port. confgen would push both to one host, and the "
            "second push would undo the first."
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
        title="the level downgrade has nothing to call with",
        meaning=(
            "The level downgrade offers the PBX a call without encryption and expects a refusal. For that it "
            "registers as the probe and calls the echo number; this PBX lacks one of them."
        ),
        mend="Add `probe` and `echo_number`, or declare the level away with `verify: {levels: [state, tls, clear]}`.",
    ),
    Explanation(
        code="REF-17",
        title="a placeholder is not known here",
        meaning=(
            "In references {pbx} is filled in with the name of the PBX, {extension} with the number of an "
            "extension, {trunk} with the name of a trunk. A trunk has one secret for both of its ends, so that "
            "{pbx} means nothing there."
        ),
        mend="Use {pbx} for PBXs and the probe, {pbx} and {extension} for extensions, {trunk} for trunks.",
    ),
    Explanation(
        code="REF-18",
        title="a set of digits runs backwards",
        meaning=("A set such as [5-3] takes no digit at all, so that the route would never be taken."),
        mend="Write the smaller digit first: [3-5].",
    ),
    Explanation(
        code="REF-19",
        title="the ends of a trunk share no TLS version",
        meaning=(
            "One end accepts only TLS 1.2 and the other only TLS 1.3. They could never connect, and no call would"
            " leave by this trunk."
        ),
        mend="Give both ends one version in common in `sip.tls_versions`.",
    ),
)
