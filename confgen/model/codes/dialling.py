"""Codes of what is dialled: emergency calls, and what the dialplan cannot take."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="DIAL-10",
        title="phones without an emergency route",
        meaning="Whoever picks up one of these phones and dials the emergency number hears nothing. A way counts if it "
        "ends at a provider's trunk or at a line of the PBX's own, or at another PBX of the inventory whose own "
        "`emergency` has the number and such a way; PBXs that only name each other have none.",
        mend='Write `emergency: {numbers: ["112"], via: [{trunk: carrier}, {channel: isdn}]}`: the ways are tried in '
        "this order, and no guard, limit or list refuses the call. Where these phones are said to need none, write "
        "`emergency: {waived: {owner: …, reason: …, until: …}}`.",
        standards=("RFC 6881",),
    ),
    Explanation(
        code="DIAL-11",
        title="the emergency route was not checked",
        meaning="The dialplan of this PBX, or of the one that its way leads to, is the user's own: confgen does not "
        "know where the emergency number leads there. Not checked is not the same as right.",
        mend="Make sure of it by a call, as your emergency services ask you to, after each change of that dialplan.",
        standards=("RFC 6881",),
    ),
    Explanation(
        code="DIAL-12",
        title="the emergency route is waived",
        meaning="Somebody has said in writing that these phones need to reach no emergency service through this PBX. "
        "The waiver is shown each time, and ends.",
        mend="Give the phones a route before the day on which the waiver ends.",
        standards=("RFC 6881",),
    ),
    Explanation(
        code="DIAL-13",
        title="the waiver of the emergency route has ended",
        meaning="The last day of the waiver is over: the PBX counts as one whose phones have no emergency route.",
        mend="Give the phones a route, or let whoever answers for it waive it anew, with a new day.",
        standards=("RFC 6881",),
    ),
    Explanation(
        code="DIAL-14",
        title="an emergency call leaves by a leg that is not said to be encrypted",
        meaning="Behind a provider or a line of the PBX's own the call is clear, or nobody has said what it is. For "
        "emergency calls that is shown and never blocks anything: to be heard comes first.",
        mend="Nothing. If you know more, say so: `beyond` of the provider, `signalling` and `media` of the channel.",
        standards=("RFC 6881", "BSI NET.4.2.A14, A15"),
    ),
    Explanation(
        code="DIAL-15",
        title="a context of the user's own has a name that confgen renders",
        meaning="A route, a forward or a DID leads into a context that confgen writes itself. Calls could run in a "
        "circle, or a caller from outside could reach what only phones may.",
        mend="Give your own context another name; phones and ring groups are named as `extension` and `ring_group`.",
    ),
    Explanation(
        code="DIAL-16",
        title="more phones in a ring group than can ring together",
        meaning="Asterisk takes one line for all that ring together, and cuts it where it is too long: some phones "
        "would never ring.",
        mend="Divide the group, let it ring in turn, or use a queue in your own dialplan.",
    ),
)
