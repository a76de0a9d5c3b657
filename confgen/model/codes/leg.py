"""Codes of calls that prove a leg."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="CALL-01",
        title="whether a leg between two PBXs signals over TLS",
        meaning="The PBX called its peer's echo number through the trunk. Both ends tell of this very call, which they "
        "know by its Call-ID, whether its signalling was encrypted; the end that called also tells that it verifies "
        "the peer's certificate. Each end calls the other once. A peer that registers is called by the connection "
        "on which it has proven its password, and cannot be called before: after a push that is pending, for it may "
        "come later. An end that tells of no single call tells what its settings hold it to in all of them.",
        mend="Is the peer up and pushed, does its domain resolve on this PBX, does its certificate carry that name? Of "
        "a peer that registers: does it reach this PBX, and trust its certificate?",
        source="RFC 3261 §26.3.1; RFC 5922",
    ),
    Explanation(
        code="CALL-02",
        title="whether a leg between two PBXs carries SRTP",
        meaning="Both ends of the call of CALL-01 tell whether its audio was SRTP.",
        mend="Push both ends again.",
        source="RFC 3711",
    ),
    Explanation(
        code="CALL-05",
        title="whether a test call to a provider signals over TLS",
        meaning="The trunk has a `test_number`, which `confgen verify` called; `confgen push` never calls it. The call "
        "ends a second after it is answered. A call that nobody answers proves nothing.",
        mend="Order TLS from the provider; where nobody answered, name a number that is always answered.",
    ),
    Explanation(
        code="CALL-06",
        title="whether a test call to a provider carries SRTP",
        meaning="The PBX tells whether the audio of the call of CALL-05 was SRTP: up to the provider, for what it does "
        "beyond nobody here can see.",
        mend="Order SRTP from the provider.",
    ),
    Explanation(
        code="LEG-01",
        title="one end of a leg does not tell of the call",
        meaning="A leg is proven by two witnesses. One of them was silent, or told of another call: it could not be "
        "reached, was pushed by an older confgen, or has a dialplan of its own that leaves nothing of such calls.",
        mend="The message names the end. Push it; `confgen explain DIAL-31` prints what your own dialplan needs.",
    ),
    Explanation(
        code="LEG-02",
        title="the two ends of a leg do not see the same",
        meaning="One end tells of encryption, and the other of the same call in clear. Something between them, such as "
        "a border controller, ends the encryption and begins another call.",
        mend="Let the two reach each other without it, or let it speak TLS and SRTP on both sides.",
    ),
    Explanation(
        code="LEG-03",
        title="a PBX does not verify whom it calls",
        meaning="The call was encrypted, and the transport that made it takes any certificate: whoever sits in between "
        "could have answered.",
        mend="verify_server = yes: `confgen push`.",
        source="RFC 5922 §7.2",
    ),
    Explanation(
        code="LEG-04",
        title="a direction of a leg in which nobody can call",
        meaning="The PBX at this end cannot be made to call but by ringing a phone. The call the other way is "
        "what proves the leg, by what its one end saw and by what this end's settings hold it to.",
        mend="Nothing, where this PBX has an `echo_number`: that is what the other end calls. Else give it one.",
    ),
)
