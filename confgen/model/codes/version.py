"""VER: what a version of a product can and cannot do."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation
from confgen.model.codes.standards import NSA

EXPLANATIONS: tuple[Explanation, ...] = (
    Explanation(
        code="VER-01",
        title="the product version is not supported",
        meaning=(
            "confgen knows what Asterisk 16, 18, 20, 21, 22 and 23 can do and how they want it written. For "
            "another branch it would have to guess, and a guess about encryption is not good enough."
        ),
        mend=(
            "Correct `product_version`, or install a supported version; `asterisk -V` on the host tells what runs"
            " there."
        ),
    ),
    Explanation(
        code="VER-02",
        title="the product version lacks what is asked for",
        meaning=(
            "The inventory asks for an option or a value that this version of the product does not have, such as "
            "TLS 1.3 alone on Asterisk 16. A bare 22 counts as 22.0.0, so that nothing is assumed which came in a"
            " later release."
        ),
        mend="Say the whole version, ask for less, or install the version that the finding names.",
    ),
    Explanation(
        code="VER-03",
        title="the product version gets no more corrections",
        meaning=(
            "The makers of the product no longer mend security faults in this branch. The calls are encrypted all"
            " the same, but a known fault in the PBX stays open; this is a warning."
        ),
        mend="Plan to move to a branch that is maintained, and keep this PBX away from networks that you do not trust.",
        source="https://docs.asterisk.org/About-the-Project/Asterisk-Versions/",
        standards=(NSA, "BSI OPS.1.1.3"),
    ),
    Explanation(
        code="VER-04",
        title="the release has security faults that later ones do not have",
        meaning=(
            "Security advisories concern this release; the message counts them and names the gravest. What confgen "
            "knows of them is a table with a date: advisories that came after it are not among them. A bare 22 counts "
            "as 22.0.0; this is a warning."
        ),
        mend="Install the release that the finding names, or a later one; then say the whole version.",
        source="https://github.com/asterisk/asterisk/security/advisories",
        standards=(NSA, "BSI OPS.1.1.3"),
    ),
    Explanation(
        code="VER-10",
        title="this version of 3CX is rendered for, and not pushed to",
        meaning=(
            "3CX 18 and 16 have no API by which TLS on trunks or mandatory SRTP could be set, and their vendor has "
            "given them up. `confgen render` writes the files that their console imports; nothing is pushed and "
            "nothing proven."
        ),
        mend="Update the PBX to 3CX 20. Until then import the rendered files by hand.",
        standards=(NSA,),
    ),
    Explanation(
        code="VER-11",
        title="this version of 3CX is not known",
        meaning=(
            "confgen knows the Configuration API of 3CX 20, and the import files of 18 and 16. For another version it "
            "would have to guess, and a guess about encryption is not good enough."
        ),
        mend="Correct `product_version` (a version in `defaults` may be that of another product), or install 3CX 20.",
    ),
    Explanation(
        code="VER-12",
        title="this version of 3CX is older than what is known of its API",
        meaning=(
            "The vendor's descriptions of the API begin with 20.0.4, and fields that confgen writes may be missing "
            "before. A bare 20 counts as 20.0.0, so that nothing is assumed which came in a later release."
        ),
        mend="Say the whole version, or update the PBX.",
        source="https://github.com/3cx/xapi-tutorial",
        standards=(NSA,),
    ),
    Explanation(
        code="VER-20",
        title="known faults in what the inventory uses",
        meaning="Some faults are open only where a certain interface or module is on: AMI, HTTP, ARI, DTLS, a module "
        "of your own. Here it is on, and the release has the fault. What confgen knows is a table with a "
        "date.",
        mend="Install the release that the finding names. Until then do without what opens the fault.",
        source="https://github.com/asterisk/asterisk/security/advisories",
        standards=(NSA, "BSI NET.4.2.A5"),
    ),
    Explanation(
        code="VER-21",
        title="the table of faults has grown old",
        meaning="Advisories that came after its day are not in it: VER-04 and VER-20 are silent about them.",
        mend="Install a newer confgen, and look at the advisories yourself meanwhile.",
        source="https://github.com/asterisk/asterisk/security/advisories",
        standards=(NSA,),
    ),
    Explanation(
        code="VER-22",
        title="a version that is said in part only",
        meaning="A bare 22 counts as 22.0.0: options and faults are those of the first release, whatever runs.",
        mend="Write the whole version, and again after each update.",
        standards=("BSI NET.4.2.A5",),
    ),
    Explanation(
        code="VER-23",
        title="a version that gets no more corrections soon",
        meaning="Its makers mend security faults up to a day that is near, or past. Moving a PBX takes time.",
        mend="Plan its way to a later version before that day.",
        source="https://docs.asterisk.org/About-the-Project/Asterisk-Versions/",
        standards=(NSA, "BSI OPS.1.1.3"),
    ),
)
