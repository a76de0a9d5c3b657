"""Codes of the ways that calls take, from the inventory alone."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation
from confgen.model.codes.standards import NSA

_END_TO_END = ("BSI NET.4.2.A14", "BSI NET.4.2.A15", NSA)
_HOW_TO_LOOK = "`confgen paths --to NAME` shows every path that leads there."

EXPLANATIONS = (
    Explanation(
        code="PATH-01",
        title="a path has a leg in clear",
        meaning="A call can take this path, and on one leg of it, by a line of the PBX's own, whoever is on the line "
        "reads the signalling or hears the call; that all other legs are encrypted does not help. ISDN, analogue and "
        "mobile lines, IAX2 and their like have neither TLS nor SRTP, whatever is said of them. The message names the "
        "whole path. What only emergency calls take is DIAL-14, which blocks nothing.",
        mend="Lead these calls by a trunk. Where the line must stay, say who answers for it: a waiver of PATH-01 for "
        f"the line. {_HOW_TO_LOOK}",
        standards=_END_TO_END,
    ),
    Explanation(
        code="PATH-02",
        title="nobody knows whether a path is encrypted to its end",
        meaning="A call leaves by a provider or a line of which nothing, or not everything, is said: `beyond` of a "
        "provider, `signalling` and `media` of a line. SRTP behind signalling that is not encrypted counts as unknown "
        "too, for its keys may stand in that signalling (RFC 4568). Of a line, TLS and SRTP are believed where it is "
        "called by PJSIP/; Local/ leads through a dialplan that is not seen. Unknown is not encrypted.",
        mend="Ask the provider, and write what it answers: `beyond: {signalling: tls, media: srtp}`, or clear. "
        f"{_HOW_TO_LOOK}",
        source="RFC 4568 §7",
        standards=("RFC 4568", *_END_TO_END),
        example="providers:\n  carrier: {domain: sip.carrier.example, beyond: {signalling: tls, media: srtp}}",
    ),
    Explanation(
        code="PATH-03",
        title="a path leads where confgen does not see",
        meaning="A stated limit, and no fault: the user's own context or file, a dialplan that is not managed, or the "
        "console of a product leads the call, and the inventory alone cannot tell where. Each trunk of such a PBX is "
        "taken for a way of each of its calls. What cannot be seen is never taken for encrypted.",
        mend="Look there yourself after each change. `confgen plan` reads included files on the host and judges them, "
        "and `confgen verify` proves the legs themselves.",
    ),
    Explanation(
        code="PATH-04",
        title="calls with phones that are not moved yet may be heard",
        meaning="A migration lets these phones speak in clear up to a day (MIG-01 tells who answers for it). Each call "
        "with one of them may be heard by others there, however well the other legs are encrypted; the message names "
        "such calls.",
        mend="Move the phones to encryption one by one, take each out of `migration`, and push.",
        standards=_END_TO_END,
    ),
    Explanation(
        code="PATH-05",
        title="calls go on in clear behind a provider",
        meaning="The leg up to the provider is encrypted, and the inventory says of the provider that behind it the "
        "call is not, as in the public telephone network. Whoever is there can listen. It is a note, for nobody "
        "calls the public network otherwise, a warning in the profile bsi and an error in strict.",
        mend="Where the provider can encrypt up to the far end, order it, and say so in `beyond`. Else let somebody "
        f"answer for it in a waiver. {_HOW_TO_LOOK}",
        standards=_END_TO_END,
    ),
)
