"""The page as text: what stands in it, what cannot get into it, and where the drawing puts things."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import combinations

import pytest

from confgen.model.check import Verdict
from confgen.model.finding import Severity
from confgen.model.inventory import Pbx
from confgen.model.result import Outcome
from confgen.report.answer import Answer
from confgen.report.html import page
from confgen.report.html.layout import Layout, layout
from confgen.report.html.markup import Markup, element, prose, together
from confgen.report.links import Kind, links
from tests.report.companies import (
    INVITE,
    ONE,
    ONE_PROVEN,
    THREE,
    THREE_WITH_TROUBLE,
    answer,
    failed,
    leg,
    proven,
    star,
    star_answer,
)
from tests.report.hostile import SCRIPTS, STEERING, hostile
from tests.report.samples import ERROR, PROVEN, check, pbx, trunk_end

MADE = datetime(2027, 1, 5, 9, 30, tzinfo=UTC)
_VOID = {"meta", "link", "rect", "path", "br"}


class Outline(HTMLParser):
    """What elements there are; it complains where they are not closed in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _VOID
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def having(self, attribute: str) -> list[str]:
        return [attributes[attribute] or "" for _, attributes in self.elements if attribute in attributes]


def legs_of(outline: Outline) -> list[str]:
    return [attributes["aria-label"] or "" for _, attributes in outline.elements if attributes.get("class") == "leg"]


def headline(told: Answer, pbxs: Sequence[Pbx] = ONE) -> str:
    found = re.search("<h1>(.*?)</h1>", page(told, pbxs, MADE))
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("told", "pbxs"),
    [
        (ONE_PROVEN, ONE),
        (THREE_WITH_TROUBLE, THREE),
        (hostile(), ONE),
        (hostile(THREE_WITH_TROUBLE), THREE),
        (star_answer(60, "branch-7"), star(60)),
        (replace(answer(exit_code=1), findings=(ERROR,)), ()),
        (answer(), ()),
        (replace(answer(replace(failed("[2001:db8::1]:5061"), outcome=Outcome.PROVEN_IN_PART)), inventory=""), ()),
    ],
    ids=["one", "three", "hostile", "hostile-three", "sixty", "refused", "nothing", "outside"],
)
def test_every_page_is_closed_leads_where_it_says_and_fetches_nothing(told: Answer, pbxs: Sequence[Pbx]) -> None:
    outline = Outline(page(told, pbxs, MADE))

    anchors = outline.having("id")
    assert len(anchors) == len(set(anchors))
    assert {target.removeprefix("#") for target in outline.having("href") if target.startswith("#")} <= set(anchors)
    assert all(target.startswith(("#", "data:")) for target in outline.having("href"))
    assert outline.having("src") == []
    assert not {"script", "img", "iframe", "object", "base", "form"} & {tag for tag, _ in outline.elements}
    assert not any(name.startswith("on") for _, attributes in outline.elements for name in attributes)
    assert all(reference in anchors for reference in outline.having("aria-labelledby"))


def test_nothing_that_a_pbx_says_becomes_markup_or_steers_and_much_of_it_is_cut_short() -> None:
    told = page(hostile(THREE_WITH_TROUBLE), THREE, MADE)

    assert not any(script in told for script in SCRIPTS)
    assert not set(STEERING) & set(told)
    assert "\\u202e" in told
    assert "more characters)" in told
    assert len(told) < 300_000


def test_a_policy_forbids_whatever_got_in_all_the_same() -> None:
    policy = re.search('Content-Security-Policy" content="(.*?)"', page(ONE_PROVEN, ONE, MADE))

    assert policy is not None
    assert policy[1].startswith("default-src &#x27;none&#x27;; style-src &#x27;unsafe-inline&#x27;; img-src data:;")


def test_each_leg_is_drawn_once_and_says_both_its_verdicts() -> None:
    found = legs_of(Outline(page(THREE_WITH_TROUBLE, THREE, MADE)))

    assert sorted(found) == [
        "hq-branch, headquarters to branch: signalling passed, media passed",
        "hq-carrier, headquarters to carrier: signalling passed, media not checked",
        "hq-warehouse, headquarters to warehouse: signalling pending, media pending",
        "phones of branch: signalling unknown, media failed",
        "phones of headquarters: signalling passed, media passed",
        "phones of warehouse: signalling unknown, media unknown",
    ]


def test_a_finding_has_its_evidence_and_its_mend() -> None:
    told = page(THREE_WITH_TROUBLE, THREE, MADE)

    assert "<code>confgen push --overwrite-drift</code>" in told
    assert INVITE.text.splitlines()[-1] in told


def test_a_waived_finding_says_until_when_and_by_whom() -> None:
    waived = replace(ERROR, severity=Severity.NOTE, waiver="waived until 2027-03-31 by Ann: it is replaced in March")
    told = page(replace(answer(), findings=(waived,)), THREE, MADE)

    assert "(waived until 2027-03-31 by Ann: it is replaced in March)" in told
    assert "</span> waived</span>" in told


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (ONE_PROVEN, "Every leg is proven"),
        (answer(failed("office"), exit_code=1), "Not proven: something is wrong"),
        (replace(ONE_PROVEN, not_begun=("annex",)), "Not proven: not everything could be told"),
        (answer(replace(PROVEN, pbx="office")), "Nothing is wrong, but not everything was asked"),
        (replace(answer(exit_code=1), findings=(ERROR,)), "Not proven: something is wrong"),
        (answer(), "Nothing is wrong, but not everything was asked"),
    ],
)
def test_the_headline_promises_no_more_than_what_was_seen(told: Answer, words: str) -> None:
    assert headline(told) == words


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.PASSED])
def test_a_single_check_that_did_not_pass_keeps_the_page_from_saying_that_all_is_proven(verdict: Verdict) -> None:
    office = proven("office")
    told = answer(replace(office, checks=(*office.checks, check(verdict))))

    assert headline(told) != "Every leg is proven"


def test_of_many_pbxs_those_in_trouble_are_drawn_and_the_others_counted() -> None:
    told = page(star_answer(300, "branch-7", "branch-211"), star(300), MADE)

    assert legs_of(Outline(told)) == [
        "phones of branch-7: signalling unknown, media failed",
        "phones of branch-211: signalling unknown, media failed",
    ]
    assert "Of 300 PBXs the 2 that are in trouble are drawn" in told
    assert "597 legs without trouble" in told
    assert len(told) < 500_000


def test_of_many_checks_of_one_pbx_the_first_of_each_kind_are_told() -> None:
    office = failed("office")
    checks = tuple(each for verdict in (Verdict.PASSED, Verdict.FAILED) for each in (check(verdict),) * 5000)

    told = page(answer(replace(office, checks=checks), exit_code=1), ONE, MADE)

    assert "And 4900 more" in told
    assert "And 4000 more" in told
    assert len(told) < 1_000_000


def test_of_many_pbxs_in_trouble_the_first_are_drawn() -> None:
    told = page(star_answer(300, *(pbx.name for pbx in star(300))), star(300), MADE)

    assert "the first 40 of 300 that are in trouble" in told
    assert sum(leg.startswith("phones of") for leg in legs_of(Outline(told))) == 40


def test_of_many_pbxs_without_trouble_none_is_drawn() -> None:
    told = page(star_answer(60), star(60), MADE)

    assert "None of the 60 PBXs is in trouble" in told
    assert legs_of(Outline(told)) == []


def test_a_leg_to_a_pbx_that_had_no_part_is_drawn_to_its_end() -> None:
    told = answer(proven("headquarters"), legs=(leg("hq-branch", "headquarters", "branch", verdict=Verdict.PENDING),))
    pbxs = (pbx("headquarters", extensions=("1",), trunks=(trunk_end("hq-branch", "branch"),)),)

    assert ">not in this run<" in page(told, pbxs, MADE)


def mesh(size: int) -> tuple[Pbx, ...]:
    names = [f"pbx-{number:02}" for number in range(size)]
    ends = {name: [other for other in names if other != name] for name in names}
    return tuple(
        pbx(name, trunks=tuple(trunk_end("-".join(sorted((name, other))), other) for other in ends[name]))
        for name in names
    )


def laid_out(pbxs: Sequence[Pbx]) -> Layout:
    return layout([each.name for each in pbxs], links(answer(*(proven(each.name) for each in pbxs)), pbxs))


@pytest.mark.parametrize(
    "pbxs", [ONE, THREE, star(8), star(40), mesh(5), mesh(12)], ids=["1", "3", "star8", "star40", "mesh5", "mesh12"]
)
def test_nothing_of_the_drawing_lies_over_another_thing(pbxs: Sequence[Pbx]) -> None:
    places = laid_out(pbxs)

    for upper, lower in combinations(places.nodes, 2):
        assert upper.top + upper.height < lower.top or lower.top + lower.height < upper.top
    for one, other in combinations(places.rails, 2):
        if one.lane == other.lane:
            assert one.lower < other.upper or other.lower < one.upper
    ports = [port for rail in places.rails for port in (rail.upper, rail.lower)]
    ports += [stub.middle for stub in places.stubs]
    assert all(abs(one - other) >= 20 for one, other in combinations(ports, 2))
    assert all(0 <= rail.lane < places.width for rail in places.rails)
    trunks = {trunk.name for each in pbxs for trunk in each.trunks}
    providers = {trunk.name for each in pbxs for trunk in each.provider_trunks}
    assert len(places.rails) + len(places.stubs) == len(trunks | providers)


@pytest.mark.parametrize("pbxs", [ONE, THREE, star(40), mesh(12)], ids=["1", "3", "star40", "mesh12"])
def test_the_drawing_stays_narrow_enough_for_a_phone(pbxs: Sequence[Pbx]) -> None:
    assert laid_out(pbxs).width < 480


def test_a_provider_that_is_called_like_a_pbx_is_another_box() -> None:
    (office,) = ONE
    trunk = replace(THREE[0].provider_trunks[0], name="out")
    named = replace(office, provider_trunks=(replace(trunk, provider=replace(trunk.provider, name="office")),))

    places = laid_out((named,))

    assert [node.name for node in places.nodes] == ["office", "office"]
    assert {link.kind for link in (rail.link for rail in places.rails)} == {Kind.PROVIDER}


def test_whatever_is_not_markup_is_escaped() -> None:
    assert element("p", "<b>", Markup("<i></i>"), title='"') == '<p title="&quot;">&lt;b&gt;<i></i></p>'
    assert together("a ", "<", " b") == "a &lt; b"


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("run `a < b` now", "run <code>a &lt; b</code> now"),
        ("one ` alone", "one ` alone"),
    ],
)
def test_what_is_to_be_typed_is_code(text: str, markup: str) -> None:
    assert prose(text) == markup
