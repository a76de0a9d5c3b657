"""Codes of a PBX that no inventory describes."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

_MEND_OF_CALLS = (
    "Of `verify --host`: `--user NAME --secret-file FILE --number ECHO`, of an extension made for this. Of a 3CX in an "
    "inventory: nothing; confgen has no probe there, and the legs to other PBXs are proven by themselves."
)

EXPLANATIONS = (
    Explanation(
        code="OUT-01",
        title="what a PBX runs cannot be seen from outside",
        meaning="Level state compares Asterisk's own words with an inventory. `verify --host` has neither: the level "
        "is absent, which proves nothing of it.",
        mend="Describe the PBX in an inventory: `confgen init`, then `confgen verify`.",
    ),
    Explanation(
        code="OUT-02",
        title="an address of the host that this machine has no way to",
        meaning="The name leads to several addresses, and this machine has no route to one of them (most often it has "
        "no IPv6). What listens there was not looked at.",
        mend="Run it from a machine that has IPv4 and IPv6.",
    ),
    Explanation(
        code="OUT-03",
        title="a name that nobody has is answered otherwise than a real one",
        meaning="A registration by a name made up just now must be asked for a password, as that of a real extension "
        "is. Where it is answered `not found`, whoever tries names learns which ones there are.",
        mend="Asterisk's chan_pjsip does so by itself; chan_sip with alwaysauthreject=yes.",
    ),
    Explanation(
        code="OUT-04",
        title="whether calls without encryption are refused was not checked",
        meaning="Only a known extension is asked for its offer; a stranger is refused before that. Nor is it checked "
        "where the login is not taken, or the number does not answer; and a PBX that answers too slowly is not "
        "asked for all of them.",
        mend=_MEND_OF_CALLS,
    ),
    Explanation(
        code="OUT-06",
        title="whether the login is taken",
        meaning="Before anything is asked with it the password is tried once. Where it is refused nothing more is said "
        "with it, since intrusion detection counts refusals; and it is told only to a PBX whose certificate holds. "
        "Where OPTIONS needs no password, whether it is taken is seen of the calls.",
        mend="See whether user and password are those of the extension, and whether it may be used from here.",
    ),
    Explanation(
        code="OUT-05",
        title="whether an encrypted call comes about was not checked",
        meaning="A call takes an extension that may call, and a number that answers and echoes; where the login is not "
        "taken, or the number does not answer, none is made.",
        mend=_MEND_OF_CALLS,
    ),
)
