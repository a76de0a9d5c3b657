"""What a PBX might say that wishes us ill."""

from __future__ import annotations

from dataclasses import replace

from confgen.model.check import Evidence, Level, Verdict
from confgen.model.finding import Finding, Place
from confgen.report.answer import Answer
from tests.report.companies import ONE_PROVEN
from tests.report.samples import check

WORDS = "</pre><script>alert(1)</script><img src=x onerror=alert(2)> \"'&\\ ]]>"
WORDS += "\x00\x1b[2J\x9b\u202e\u2028\ufffe\ud800\r\n}\n"
SCRIPTS = ("<script", "<img", "alert(2)>")
STEERING = "\x00\x1b\x9b\u202e\u2028\ufffe\ud800"


def hostile(answer: Answer = ONE_PROVEN) -> Answer:
    """Its first PBX has said all of it wherever a PBX or an inventory can say something."""
    wrong = tuple(
        replace(
            check(verdict, Level.CALL, code="SRTP-06", subject=WORDS, message=WORDS, mend=WORDS),
            evidence=(Evidence(title=WORDS, text=WORDS), Evidence(title="much", text="A" * 1_000_000)),
        )
        for verdict in Verdict
    )
    finding = Finding(code="LOAD-01", message=WORDS, mend=WORDS, place=Place(f"a b/{WORDS}", 1, 1), pbx=WORDS)
    first, *others = answer.pbxs
    first = replace(first, message=WORDS, checks=(*first.checks, *wrong), findings=(finding,))
    return replace(
        answer, inventory=WORDS, findings=(finding,), pbxs=(first, *others), legs=(replace(first, pbx=WORDS),),
        not_begun=(WORDS,), exit_code=1,
    )  # fmt: skip
