"""Codes of saved plans: why one cannot be saved, or not be carried out any more."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="PUSH-49",
        title="the plan of this PBX cannot be saved yet",
        meaning="A saved plan tells by fingerprints whether the host and the secrets are as they were. They are made "
        "with a key of the host's own, so that whoever has the plan cannot try out guesses. This host has none yet.",
        mend="`confgen bootstrap --install --limit PBX` makes the key and changes nothing else of the PBX.",
    ),
    Explanation(
        code="PUSH-50",
        title="the plan was saved by another version of confgen",
        meaning="Another version may render other documents, and judge them otherwise.",
        mend="Save the plan anew with this version, or carry it out with the one that made it.",
    ),
    Explanation(
        code="PUSH-51",
        title="the inventory moved since the plan was saved",
        meaning="`push --plan` carries out what was read and agreed to. The texts of the inventory are not the same "
        "any more; even a comment counts.",
        mend="`confgen plan --out FILE` again, and read it.",
    ),
    Explanation(
        code="PUSH-52",
        title="another host answers than the one that was planned for",
        meaning="Its own key is not the one that made the plan's fingerprints: another machine has the address, or the "
        "host was made anew. Of a 3CX, which keeps nothing of ours, the key lies with the operator: a plan is carried "
        "out on the machine, and by the user, that made it.",
        mend="Look at which host it is, or where the plan was made, then `confgen plan --out FILE` again.",
    ),
    Explanation(
        code="PUSH-53",
        title="the host moved since the plan was saved",
        meaning="Documents were changed by hand, or another push or rollback came between. What is active, what is "
        "there, or the release that runs is not what the plan was made from.",
        mend="`confgen plan` shows what is there now; save a plan of it.",
    ),
    Explanation(
        code="PUSH-54",
        title="secrets or referenced files moved since the plan was saved",
        meaning="A password, a certificate or a key that the inventory refers to has another content, so the PBX would "
        "get other documents than those that were agreed to.",
        mend="`confgen plan --out FILE` again; it shows by fingerprints which secrets differ.",
    ),
    Explanation(
        code="PUSH-55",
        title="the plan in the file is another one",
        meaning="All it depends on is as it was, and yet confgen makes another plan of it: the file was edited, or "
        "this is another build of the same version.",
        mend="`confgen plan --out FILE` again, and keep the file where nobody else can write it.",
    ),
    Explanation(
        code="PUSH-56",
        title="the saved plan does not hold this PBX",
        meaning="`push --plan` touches no PBX whose plan nobody has seen.",
        mend="Choose PBXs of the plan with --limit, or save a plan that holds it.",
    ),
)
