"""The page: the verdict, every leg, what is wrong with its evidence and its mend, and what was proven."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from confgen.model.check import GRAVEST_FIRST, Verdict
from confgen.model.finding import Finding, Severity
from confgen.model.halves import Half
from confgen.model.inventory import Pbx
from confgen.model.result import Result
from confgen.model.words import count
from confgen.report import paint
from confgen.report.answer import Answer
from confgen.report.html.frame import document, facts, footer, heading
from confgen.report.html.legs import MOST_DRAWN, Anchors, legs
from confgen.report.html.looks import look
from confgen.report.html.markup import Markup, element
from confgen.report.html.told import findings, has_trouble, other, verdict_of, wrong
from confgen.report.links import Link, links
from confgen.report.outcomes import tally

_HEADLINES: Mapping[Verdict, str] = {
    Verdict.PASSED: "Every leg is proven",
    Verdict.FAILED: "Not proven: something is wrong",
    Verdict.UNKNOWN: "Not proven: not everything could be told",
    Verdict.WAIVED: "Proven, but for what is waived",
    Verdict.NOT_ENFORCEABLE: "Proven, but for what the product cannot be made to do",
    Verdict.PENDING: "Proven as far as it could be asked",
    Verdict.NOT_CHECKED: "Nothing is wrong, but not everything was asked",
}
_FOOT = (
    "Each check says from where it looked. What could not be asked is unknown, and unknown is not passed. "
    "A half of a leg counts as passed where it was seen on the wire: signalling in a handshake or a call, media in "
    "a call. It says what was so when this page was made, and no more."
)


def page(answer: Answer, pbxs: Iterable[Pbx], made_at: datetime) -> str:
    """The whole document; `pbxs` are those of the inventory that the answer is about."""
    found = links(answer, pbxs)
    verdict = _verdict(answer, found)
    anchors = Anchors(
        pbxs={result.pbx: f"pbx-{number}" for number, result in enumerate(answer.pbxs, 1)},
        legs={leg.pbx: f"leg-{number}" for number, leg in enumerate(answer.legs, 1)},
    )
    return document(
        verdict,
        _HEADLINES[verdict],
        answer.inventory,
        element("a", "To what is wrong, and what was proven", href="#told", class_="skip"),
        element(
            "div",
            element("header", heading(verdict, _HEADLINES[verdict], _lead(answer)), _facts(answer, made_at)),
            element("main", legs(answer, found, anchors), _told(answer, anchors)),
            footer(_FOOT),
            class_="page",
        ),
    )


def _verdict(answer: Answer, found: Sequence[Link]) -> Verdict:
    """The gravest of all; where no PBX was looked at, the inventory was refused."""
    results = (*answer.pbxs, *answer.put_back, *answer.legs)
    verdicts = {verdict_of(result) for result in results} | {link.verdicts[half] for link in found for half in Half}
    if any(has_trouble(result) for result in results) or answer.not_begun:
        verdicts.add(Verdict.UNKNOWN)
    if not results and answer.exit_code:
        verdicts.add(Verdict.FAILED)
    return next((verdict for verdict in GRAVEST_FIRST if verdict in verdicts), Verdict.NOT_CHECKED)


def _lead(answer: Answer) -> str:
    told = [tally(answer.pbxs, "PBX") if answer.pbxs else "no PBX was looked at"]
    if answer.put_back:
        told.append(f"put back: {tally(answer.put_back, 'PBX')}")
    if answer.legs:
        told.append(tally(answer.legs, "trunk"))
    if answer.not_begun:
        told.append(f"not begun: {count(len(answer.not_begun), 'PBX')}")
    return paint.plain("; ".join(told))


def _facts(answer: Answer, made_at: datetime) -> Markup:
    return facts(
        {
            "Inventory": answer.inventory,
            "Command": f"confgen {answer.command}",
            "Made": f"{made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
            "Exit code": str(answer.exit_code),
        }
    )


def _told(answer: Answer, anchors: Anchors) -> Markup:
    told = [
        *((result, anchors.pbxs[result.pbx]) for result in answer.pbxs),
        *((result, f"back-{number}") for number, result in enumerate(answer.put_back, 1)),
        *((leg, anchors.legs[leg.pbx]) for leg in answer.legs),
    ]
    troubles = [(result, anchor) for result, anchor in told if has_trouble(result)]
    troubles.sort(key=lambda pair: GRAVEST_FIRST.index(verdict_of(pair[0])))
    others = [(result, anchor) for result, anchor in told if not has_trouble(result)]
    errors = [finding for finding in answer.findings if finding.severity is Severity.ERROR]
    remarks = [finding for finding in answer.findings if finding.severity is not Severity.ERROR]
    if troubles or errors:
        parts = [element("h2", "What is wrong, and how to mend it"), _inventory(answer, errors)]
        parts += [wrong(result, anchor) for result, anchor in troubles]
    else:
        parts = [element("h2", "What is wrong"), element("p", "Nothing that was looked at.")]
    if answer.not_begun:
        names = (element("li", name) for name in answer.not_begun)
        parts += [element("h2", "Not begun"), element("ul", *names, class_="names")]
    if others:
        parts += [element("h2", "What was proven, and what was not asked"), _others(others)]
    if remarks:
        parts += [element("h2", "Remarks"), _inventory(answer, remarks)]
    return element("div", *parts, id="told")


def _inventory(answer: Answer, told: Sequence[Finding]) -> Markup:
    if not told:
        return Markup()
    look_of_it = look(Verdict.FAILED if told[0].severity is Severity.ERROR else Verdict.NOT_CHECKED)
    return element("section", element("h3", answer.inventory), findings(told), class_=f"result {look_of_it}")


def _others(told: Sequence[tuple[Result, str]]) -> Markup:
    """Everything of each; of many their names alone, so that the page stays small."""
    if len(told) <= 2 * MOST_DRAWN:
        return element("div", *(other(result, anchor) for result, anchor in told), class_="others")
    items = (element("li", f"{result.pbx}: {result.outcome.value}", id=anchor) for result, anchor in told)
    return element("ul", *items, class_="names")
