"""Codes of the policy itself: waivers that have ended or that nothing needs, and settings that cannot be."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

_WAIVER = """policy:
  waivers:
    - {rule: VER-03, pbx: hq, owner: Ann, reason: this host is replaced in March, until: "2027-03-31"}
"""
_SETTING = """policy:
  profile: strict
  rules:
    VER-03: {severity: note, reason: these hosts are replaced in March}
"""
_STANDARD = ("ISO/IEC 27001:2022 A.5.36",)

EXPLANATIONS = (
    Explanation(
        code="POL-01",
        title="a waiver has ended",
        meaning="The last day of the waiver is over in every time zone, and what it covered is still there: it counts "
        "again as much as its rule weighs. An exception that nobody renews must not become the rule.",
        mend="Mend what the rule finds and remove the waiver, or let its owner waive it anew: a later `until`.",
        standards=_STANDARD,
        example=_WAIVER,
    ),
    Explanation(
        code="POL-02",
        title="a waiver that nothing needs",
        meaning="Nothing that was found is covered by this waiver: the fault is mended, the PBX or the trunk has "
        "another name, the rule is off, another waiver covers the same, or its last day is over. Left there it would "
        "cover the next fault that looks alike, unseen.",
        mend="Remove it, or correct `rule`, `pbx` or `subject`; `pbx` and `subject` may be patterns with * and "
        "?, in which `[*]` and `[?]` are the signs themselves.",
        example=_WAIVER,
    ),
    Explanation(
        code="POL-03",
        title="no such rule",
        meaning="`policy` names a code that confgen does not know, so that nothing would come of it.",
        mend="Write the code that the finding names; `confgen explain --list` has them all.",
    ),
    Explanation(
        code="POL-04",
        title="this cannot be weighed otherwise or waived",
        meaning="Rules can be weighed and waived. What says that the inventory itself is broken cannot: a key that is "
        "not known, a reference to nothing, a certificate that does not fit its key. Nothing that stands on it could "
        "be relied upon. Some rules have a waiver of their own form (`emergency: {waived: …}`, `migration`), and those "
        "about waivers have none.",
        mend="Remove the line, and mend what the code says; `confgen explain CODE` tells how.",
    ),
    Explanation(
        code="POL-05",
        title="a rule weighs less than in its profile, without a reason",
        meaning="To be stricter than the profile needs no words. To be less strict does: whoever reads the inventory "
        "later must be able to judge whether the reason still holds. Until then the rule weighs what the profile says.",
        mend="Write the reason beside the severity, on one line.",
        example=_SETTING,
    ),
    Explanation(
        code="POL-06",
        title="a rule weighs less than in its profile",
        meaning="In the whole inventory this rule weighs less than the profile says, or is not asked at all. It is "
        "told each time and in every profile, so that a clean answer is not taken for more than it is.",
        mend="Nothing. A waiver says which PBX it is about and ends; prefer it where the rule is right in general.",
        example=_WAIVER,
    ),
    Explanation(
        code="POL-07",
        title="a waiver that lasts longer than a year",
        meaning="An exception is looked at again before it is forgotten why it was made: a waiver is written for a "
        "year at most.",
        mend="Give it a day within a year, and renew it then if the reason still holds.",
        standards=_STANDARD,
        example=_WAIVER,
    ),
    Explanation(
        code="POL-08",
        title="a waiver that lasts longer than two years",
        meaning="After two years whoever answers for it may be gone, and the version that it was written for has no "
        "security fixes any more: an exception that nobody will ever look at again is a rule. Such a waiver is "
        "refused, whatever the profile, and waives nothing. Of `migration` and `emergency: {waived: …}` every run "
        "tells, and MIG-10 and DIAL-58 where they last longer than a year.",
        mend="Give it a day within a year, and renew it then if the reason still holds.",
        standards=_STANDARD,
        example=_WAIVER,
    ),
    Explanation(
        code="POL-09",
        title="a waiver whose subject is a name and a pattern",
        meaning="What it names is there, such as a route for `*X.`, and the same signs are a pattern of other names "
        "too. It covers the name alone; were that gone, it would cover whatever else the pattern fits, unseen.",
        mend="Write a sign that stands for itself in brackets: `[*]X.` is the pattern of `*X.` alone.",
        example="""policy:
  waivers:
    - {rule: DIAL-40, pbx: hq, subject: "[*]X.", owner: Ann, reason: codes of the provider, until: "2027-03-31"}
""",
    ),
)
