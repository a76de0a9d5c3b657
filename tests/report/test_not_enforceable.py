"""What no setting of a product can bring about is shown as that everywhere, and nowhere as passed."""

from __future__ import annotations

import json
from dataclasses import replace

import click

from confgen.model.check import Check, Level, Verdict
from confgen.model.halves import Half
from confgen.model.result import Outcome, Result
from confgen.report import json_form, prometheus_form, results, sarif_form
from confgen.report.html import page
from confgen.report.links import Kind, links
from tests.report.companies import ONE, answer, measured, proven
from tests.report.samples import CHECKOUT, pbx, trunk_end
from tests.report.test_html import MADE
from tests.report.test_junit_form import read

REASON = "a 3CX takes SIP in clear from any phone"
LIMIT: Check = replace(
    measured("CLEAR-04", Level.CLEAR, "udp 192.0.2.1:5060", f"{REASON}: open"), verdict=Verdict.NOT_ENFORCEABLE
)
SITE: Result = replace(
    proven("office"),
    outcome=Outcome.PROVEN_IN_PART,
    message="proven in part; not enforceable: udp 192.0.2.1:5060",
    checks=(*(check for check in proven("office").checks if check.code != "CLEAR-04"), LIMIT),
)
TOLD = answer(SITE)


def test_the_phones_leg_is_not_enforceable_for_signalling_and_may_pass_for_media() -> None:
    (link,) = links(TOLD, ONE)
    assert link.kind is Kind.PHONES
    assert link.verdicts == {Half.SIGNALLING: Verdict.NOT_ENFORCEABLE, Half.MEDIA: Verdict.PASSED}
    assert not link.is_wrong


def test_a_trunk_to_a_product_with_limits_may_pass() -> None:
    passed = (
        measured("CALL-01", Level.CALL, "hq to site", "TLS"),
        measured("CALL-02", Level.CALL, "hq to site", "SRTP"),
    )
    one_way = replace(measured("LEG-04", Level.CALL, "site to hq", "it calls nobody"), verdict=Verdict.NOT_CHECKED)
    leg = Result(pbx="hq-site", outcome=Outcome.PROVEN_IN_PART, message="", checks=(*passed, one_way))
    site = pbx("office", extensions=("100",), trunks=(trunk_end("hq-site", "hq"),))
    found = {link.kind: link.verdicts for link in links(answer(SITE, legs=(leg,)), (site,))}
    assert found[Kind.PBX] == {Half.SIGNALLING: Verdict.PASSED, Half.MEDIA: Verdict.PASSED}
    assert found[Kind.PHONES][Half.SIGNALLING] is Verdict.NOT_ENFORCEABLE


def test_text_says_why_and_does_not_call_the_pbx_proven() -> None:
    told = click.unstyle(results.text(TOLD))
    assert f"office: CLEAR-04 not enforceable udp 192.0.2.1:5060: {REASON}: open" in told
    assert "1 PBX: 1 proven in part" in told


def test_json_has_its_verdict() -> None:
    (told,) = json.loads(json_form.answer(TOLD))["pbxs"]
    assert (told["outcome"], told["exit_code"]) == ("proven in part", 0)
    assert [check["verdict"] for check in told["checks"] if check["code"] == "CLEAR-04"] == ["not enforceable"]


def test_the_page_draws_it_as_that() -> None:
    drawn = page(TOLD, ONE, MADE)
    assert "phones of office: signalling not enforceable, media passed" in drawn
    assert "<h1>Proven, but for what the product cannot be made to do</h1>" in drawn
    assert "not enforceable: the product has no setting for it" in drawn
    assert 'class="node is-not-enforceable"' in drawn
    assert 'class="node is-passed"' not in drawn


def test_junit_skips_it_and_says_why() -> None:
    skipped = [case.attrib["message"] for case in read(TOLD).iter("skipped")]
    assert skipped == [f"not enforceable: {REASON}: open"]


def test_sarif_notes_it() -> None:
    (run,) = json.loads(sarif_form.answer(TOLD, ONE, MADE, CHECKOUT))["runs"]
    (result,) = run["results"]
    assert (result["level"], result["properties"]["verdict"]) == ("note", "not enforceable")


def test_prometheus_counts_it_and_alarms_nobody() -> None:
    told = prometheus_form.answer(TOLD, MADE)
    assert 'confgen_checks{pbx="office",level="clear",verdict="not enforceable"} 1' in told
    assert 'confgen_pbx_proven{pbx="office"} 1' in told
    assert 'confgen_pbx_outcome{pbx="office",outcome="proven in part"} 1' in told
