"""Which legs there are, and what is known of the halves of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.model.check import Verdict
from confgen.model.halves import Half
from confgen.model.result import Outcome
from confgen.report.links import Kind, Link, links
from tests.report.companies import ONE, ONE_PROVEN, THREE, THREE_WITH_TROUBLE, answer, proven
from tests.report.samples import pbx


def halves(link: Link) -> tuple[Verdict, Verdict]:
    return link.verdicts[Half.SIGNALLING], link.verdicts[Half.MEDIA]


def test_a_company_has_the_phones_of_each_pbx_each_trunk_once_and_its_providers() -> None:
    found = {link.key: (link.near, link.far, *halves(link)) for link in links(THREE_WITH_TROUBLE, THREE)}

    passed, failed, unknown = Verdict.PASSED, Verdict.FAILED, Verdict.UNKNOWN
    assert found == {
        (Kind.PHONES, "headquarters"): ("phones", "headquarters", passed, passed),
        (Kind.PHONES, "branch"): ("phones", "branch", unknown, failed),
        (Kind.PHONES, "warehouse"): ("phones", "warehouse", unknown, unknown),
        (Kind.PBX, "hq-branch"): ("headquarters", "branch", passed, passed),
        (Kind.PBX, "hq-warehouse"): ("headquarters", "warehouse", Verdict.PENDING, Verdict.PENDING),
        (Kind.PROVIDER, "hq-carrier"): ("headquarters", "carrier", passed, Verdict.NOT_CHECKED),
    }


def test_a_pbx_without_phones_has_no_leg_of_phones() -> None:
    assert links(ONE_PROVEN, (pbx("office"),)) == ()


def test_a_pbx_that_no_inventory_describes_has_phones_of_which_nobody_knows_how_many() -> None:
    (link,) = links(ONE_PROVEN, ())

    assert (link.far, link.phones) == ("office", None)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_without_a_check_no_half_passes_whatever_the_outcome(outcome: Outcome) -> None:
    (link,) = links(answer(replace(proven("office"), outcome=outcome, checks=())), ONE)

    assert Verdict.PASSED not in halves(link)


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.REFUSED, Outcome.UNDO_FAILED, Outcome.INTERRUPTED])
def test_what_could_not_be_asked_is_unknown(outcome: Outcome) -> None:
    (link,) = links(answer(replace(proven("office"), outcome=outcome, checks=())), ONE)

    assert halves(link) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
    assert link.is_wrong


def test_what_the_run_did_not_come_to_is_not_checked() -> None:
    (link,) = links(replace(answer(), not_begun=("office",)), ONE)

    assert halves(link) == (Verdict.NOT_CHECKED, Verdict.NOT_CHECKED)
