"""Answers in the text format of Prometheus, for the textfile collector of its node_exporter.

    confgen_pbx_proven{pbx}                  1 where everything that was asked, and could be asked, is proven, else 0
    confgen_pbx_outcome{pbx,outcome}         1, for the outcome that it has
    confgen_leg_proven{leg}                  1 where the leg is proven, else 0; absent where nobody asked
    confgen_leg_outcome{leg,outcome}         1, for the outcome that it has
    confgen_checks{pbx,level,verdict}        how many checks of a level had a verdict
    confgen_certificate_ends_timestamp_seconds{pbx,subject}
                                             when the first certificate that was served there ends
    confgen_findings{severity}               of the inventory and the run
    confgen_verify_exit_code                 what the command ended with
    confgen_verify_timestamp_seconds         when it ended, in seconds since 1970

node_exporter reads a file that is whole, and a run that proves nothing ends with another code than 0, so in cron:

    confgen verify --format prometheus > confgen.new; mv confgen.new /var/lib/node_exporter/textfile/confgen.prom

and an alarm on `confgen_pbx_proven == 0`, `confgen_leg_proven == 0`, `confgen_verify_exit_code != 0`, and on
`time() - confgen_verify_timestamp_seconds` for the run that did not come. (The new file must lie on the same file
system, and may not end in .prom.)

A PBX or leg that is `proven in part` has 1 as well: what was not asked for (--level, or calls without --user), and what
its product cannot be made to do, is no reason for an alarm each day. Whoever wants one takes
`confgen_pbx_outcome{outcome="proven in part"}`, or `confgen_checks{verdict="not enforceable"} > 0`.

A PBX that the run did not come to has `confgen_pbx_proven` 0 and the outcome `not begun`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from confgen.model.check import Level, Verdict
from confgen.model.finding import Finding, Severity
from confgen.model.result import Outcome, Result
from confgen.report.answer import Answer
from confgen.report.visible import one_line

_PROVEN = frozenset({Outcome.PROVEN.value, Outcome.PROVEN_IN_PART.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    value: int
    labels: Mapping[str, str]


def answer(told: Answer, made_at: datetime) -> str:
    """The answer as described above, without the end of the last line."""
    outcomes = {result.pbx: result.outcome.value for result in told.pbxs} | dict.fromkeys(told.not_begun, "not begun")
    asked = [leg for leg in told.legs if leg.outcome is not Outcome.NOT_CHECKED]
    findings = Counter(finding.severity for finding in _findings(told))
    families = (
        _family(
            "confgen_pbx_proven",
            "Whether everything that was asked of the PBX, and could be asked, is proven.",
            [_Sample(value=int(outcome in _PROVEN), labels={"pbx": pbx}) for pbx, outcome in outcomes.items()],
        ),
        _family(
            "confgen_pbx_outcome",
            "The outcome that the PBX has.",
            [_Sample(value=1, labels={"pbx": pbx, "outcome": outcome}) for pbx, outcome in outcomes.items()],
        ),
        _family(
            "confgen_leg_proven",
            "Whether the leg is proven.",
            [_Sample(value=int(leg.outcome.value in _PROVEN), labels={"leg": leg.pbx}) for leg in asked],
        ),
        _family(
            "confgen_leg_outcome",
            "The outcome that the leg has.",
            [_Sample(value=1, labels={"leg": leg.pbx, "outcome": leg.outcome.value}) for leg in told.legs],
        ),
        _family(
            "confgen_checks",
            "How many checks of the level had the verdict.",
            [sample for result in told.pbxs for sample in _checks(result)],
        ),
        _family(
            "confgen_certificate_ends_timestamp_seconds",
            "When the first certificate that was served ends.",
            list(_certificates(told)),
        ),
        _family(
            "confgen_findings",
            "How many findings the inventory and the run have.",
            [_Sample(value=findings[severity], labels={"severity": severity.value}) for severity in Severity],
        ),
        _family("confgen_verify_exit_code", "What the command ended with.", [_Sample(value=told.exit_code, labels={})]),
        _family(
            "confgen_verify_timestamp_seconds",
            "When the command ended.",
            [_Sample(value=int(made_at.timestamp()), labels={})],
        ),
    )
    return "\n".join(line for family in families for line in family)


def _findings(told: Answer) -> Iterable[Finding]:
    yield from told.findings
    for result in (*told.pbxs, *told.legs):
        yield from result.findings


def _checks(result: Result) -> Iterable[_Sample]:
    """Each verdict of each level that was asked, so that a series does not come and go."""
    numbers = Counter((check.level, check.verdict) for check in result.checks)
    asked = {check.level for check in result.checks}
    for level in (level for level in Level if level in asked):
        for verdict in Verdict:
            yield _Sample(
                value=numbers[level, verdict],
                labels={"pbx": result.pbx, "level": level.value, "verdict": verdict.value},
            )


def _certificates(told: Answer) -> Iterable[_Sample]:
    """The first end of all that one subject has."""
    ends: dict[tuple[str, str], int] = {}
    for result in told.pbxs:
        for check in result.checks:
            if check.ends_at is not None:
                key, end = (result.pbx, check.subject), int(check.ends_at.timestamp())
                ends[key] = min(end, ends.get(key, end))
    for (pbx, subject), end in ends.items():
        yield _Sample(value=end, labels={"pbx": pbx, "subject": subject})


def _family(name: str, text: str, samples: list[_Sample]) -> Iterable[str]:
    if not samples:
        return
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} gauge"
    for sample in samples:
        labels = ",".join(f'{label}="{_escaped(value)}"' for label, value in sample.labels.items())
        yield f"{name}{{{labels}}} {sample.value}" if labels else f"{name} {sample.value}"


def _escaped(value: str) -> str:
    r"""A label's value: a backslash, a quotation mark and the end of a line are escaped with a backslash."""
    return one_line(value).replace("\\", "\\\\").replace('"', '\\"')
