"""Codes of a push to a 3CX: why it is not begun, and what came of one."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="TCX-13",
        title="the countries that a 3CX may call, whose list has no known meaning",
        meaning="The console calls the list of countries allowed, and the parameter behind it is named "
        "NOTALLOWED_COUNTRYCODES; no description says which of the two the list in the API (CountryCodes) is. Written "
        "in the wrong sense it would let calls to all the other countries through. So the PBX is asked for both, for "
        "its own country and for all that there are: a list of less than half of them that has the own one allows, one "
        "of more than half that lacks it refuses, and what does not fit this is not written. What was told once holds "
        "for that build of 3CX.",
        mend="Look at the list in the console. Allow a few countries there, the PBX's own among them, and set its own "
        "country (E164); then run it again. Or take `countries` out of the inventory.",
    ),
    Explanation(
        code="TCX-20",
        title="a 3CX that is rendered for and nothing else",
        meaning=(
            "3CX 18 and older have no API with fields for TLS and SRTP. `confgen render` writes what their consoles "
            "import: the extensions as CSV, each trunk as a template of a provider, and a text that says what to do "
            "with them and what cannot be had. plan, push, verify, rollback refuse: nothing could be read back, and so "
            "nothing proven or undone. What the import files mean for TLS and SRTP is inferred where no document of "
            "the vendor says it; the files say where."
        ),
        mend="Import what `confgen render` writes by hand, or install 3CX 20.",
    ),
    Explanation(
        code="TCX-21",
        title="an extension is not on the PBX",
        meaning="confgen secures the users of a 3CX and makes none: the department, the rights and the licence that a"
        " new user needs are not in the inventory, and a wrong guess would give somebody rights. It bars a push and "
        "no rollback: that goes back without, and says so.",
        mend="Make the user in the console, or import it there, with the same number; then push.",
    ),
    Explanation(
        code="TCX-22",
        title="the push would lock out whoever pushes it",
        meaning="The PBX tells from which address it sees the client of its API. With what the inventory says, the "
        "console and the API would let in nobody from there, and so nobody could undo it.",
        mend="Let that address in, or take it out of the blocklist. Through SSH it is an address of the PBX itself.",
    ),
    Explanation(
        code="TCX-23",
        title="two objects have one name",
        meaning="Trunks are known by the name of their gateway, users by their number: the identifiers in the API are"
        " others on every PBX. Where two have the same, nobody knows which one is meant, and neither is "
        "written.",
        mend="Rename or remove one of them in the console.",
    ),
    Explanation(
        code="TCX-24",
        title="a push came to no end",
        meaning="It was cut off, or its undo failed: some objects are written and never proven, some are as before. A"
        " 3CX undoes nothing by itself. The message tells how each object stands now, by what was read just "
        "now.",
        mend="`confgen push` writes and proves all of them; `confgen rollback` writes the old values back.",
    ),
    Explanation(
        code="TCX-25",
        title="an object does not fit the API of this version",
        meaning="Before anything is written, every object is compared with what confgen knows of the API of this "
        "version: names, types and words. The API itself might pass over what it does not know without a "
        "word.",
        mend="Mend the setting that the message names; or product_version, if the PBX runs another one.",
    ),
    Explanation(
        code="TCX-26",
        title="the PBX made no backup",
        meaning="Before the first write the PBX makes an encrypted backup of itself. It did not, so nothing was "
        "written; or, before a rollback, the secret that encrypts it was not known: one can go back without.",
        mend="See in the console (Backup and Restore) why it makes none: room on the disk, the place where they go.",
    ),
    Explanation(
        code="TCX-27",
        title="what was removed cannot be made again",
        meaning="A trunk or an SBC of that generation is not on the PBX any more. confgen keeps no secrets, and "
        "without its password it would be another one. Users are made by nobody but people.",
        mend="Put it back into the inventory, and push that.",
    ),
    Explanation(
        code="TCX-28",
        title="a secret does not come back with a generation",
        meaning="confgen keeps fingerprints of secrets and no secrets. Where a secret was changed since that "
        "generation, the PBX keeps the newer one.",
        mend="If the old one is wanted, put it into the inventory and push that.",
    ),
    Explanation(
        code="TCX-29",
        title="nothing is installed on the host of a 3CX",
        meaning="The vendor supports no host on which anything else is installed, and confgen needs nothing there: it"
        " asks the API of the PBX through SSH.",
        mend="Make a client of the API in the console, and an SSH user who may forward to the port of the API alone.",
    ),
)
