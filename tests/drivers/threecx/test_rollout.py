"""A phone that is not ready is asked for SRTP first, and SRTP is demanded once somebody takes it out of the list."""

from __future__ import annotations

import json
from datetime import date

import pytest

from confgen.drivers.threecx.rollout import ENABLED, ENFORCED, srtp_check, srtp_mode
from confgen.drivers.threecx.security import weaker
from confgen.drivers.threecx.silenced import silenced
from confgen.model.check import Level, Question, Vantage, Verdict
from confgen.model.document import Action, Change, Document
from confgen.model.driver import Contact, Observation
from confgen.model.inventory import Pbx
from confgen.model.migration import Migration
from confgen.model.secret import Secret
from tests.model.pbxs import PLACE, a_pbx, an_extension

QUESTION = Question(code="TCX-30", level=Level.STATE, subject="101", vantage=Vantage.INSIDE)


def site(*waived: str) -> Pbx:
    migration = Migration(extensions=waived, owner="Ann", until=date(2027, 3, 31), place=PLACE) if waived else None
    return a_pbx("site", kind="threecx", migration=migration)


def user(mode: str | None) -> str:
    return json.dumps({"Number": "101", **({} if mode is None else {"SRTPMode": mode})})


def change(before: str | None, after: str | None) -> Change:
    return Change(
        key="Users/101",
        action=Action.CHANGE,
        before=before,
        after=after,
        before_fingerprint=None,
        after_fingerprint=None,
    )


def registered(*numbers: str) -> Observation:
    return Observation(
        documents={},
        generation=1,
        is_confirmed=True,
        generations=(0, 1),
        fingerprint_key=Secret("00ff"),
        facts={},
        contacts=tuple(Contact(extension=number, transport="udp", address="192.0.2.7:5060") for number in numbers),
    )


def test_srtp_is_demanded_of_everybody_but_those_who_are_named() -> None:
    assert srtp_mode(site(), an_extension("101")) == ENFORCED
    assert srtp_mode(site("101"), an_extension("101")) == ENABLED
    assert srtp_mode(site("102"), an_extension("101")) == ENFORCED


@pytest.mark.parametrize(
    ("waived", "mode", "verdict"),
    [
        ((), "SRTPEnforced", Verdict.PASSED),
        ((), "SRTPEnabled", Verdict.FAILED),
        ((), "SRTPDisabled", Verdict.FAILED),
        (("102",), "SRTPEnabled", Verdict.FAILED),
        (("101",), "SRTPEnabled", Verdict.WAIVED),
        (("101",), "SRTPDisabled", Verdict.FAILED),  # the waiver is for the first step, not for none
        (("101",), "SRTPEnforced", Verdict.PASSED),
        ((), None, Verdict.UNKNOWN),
        (("101",), "something new", Verdict.FAILED),
    ],
)
def test_only_the_first_step_of_a_named_extension_is_waived(
    waived: tuple[str, ...], mode: str | None, verdict: Verdict
) -> None:
    assert srtp_check(site(*waived), QUESTION, "101", mode).verdict is verdict


def test_what_is_waived_names_the_day_and_who_answers() -> None:
    assert "waived until 2027-03-31 by Ann" in srtp_check(site("101"), QUESTION, "101", "SRTPEnabled").message


@pytest.mark.parametrize(
    ("before", "after", "is_weaker"),
    [
        (user("SRTPEnforced"), user("SRTPEnabled"), True),
        (user("SRTPEnforced"), user("SRTPDisabled"), True),
        (user("SRTPEnabled"), user("SRTPEnforced"), False),
        (user("SRTPEnabled"), user("SRTPEnabled"), False),
        (user("SRTPEnforced"), user("something new"), True),
        (None, user("SRTPEnabled"), False),
        (user("SRTPEnforced"), None, False),
    ],
)
def test_a_step_back_is_weaker(before: str | None, after: str | None, *, is_weaker: bool) -> None:
    assert bool(weaker([change(before, after)])) is is_weaker


@pytest.mark.parametrize(
    ("before", "after", "contacts", "is_cut_off"),
    [
        (user("SRTPDisabled"), user("SRTPEnforced"), ["101"], True),
        (user(None), user("SRTPEnforced"), ["101"], True),
        (json.dumps({"SRTPMode": None}), user("SRTPEnforced"), ["101"], True),
        (user("SRTPDisabled"), user("SRTPEnabled"), ["101"], False),
        (user("SRTPEnabled"), user("SRTPEnforced"), ["101"], False),
        (user("SRTPDisabled"), user("SRTPEnforced"), [], False),
        (user("SRTPDisabled"), user("SRTPEnforced"), ["102"], False),
    ],
)
def test_a_registered_phone_that_nobody_saw_encrypt_is_at_risk(
    before: str,
    after: str,
    contacts: list[str],
    *,
    is_cut_off: bool,
) -> None:
    documents = [Document(key="Users/101", content=Secret(after))]
    found = silenced(registered(*contacts), {"Users/101": before}, documents)
    assert bool(found) is is_cut_off
    assert all("goes silent" in cut.reason and "`migration`" in cut.reason for cut in found)


def _cut_off(before: dict[str, object], after: dict[str, object], contacts: tuple[str, ...] = ("101",)) -> list[str]:
    documents = [Document(key="Users/101", content=Secret(json.dumps(after)))]
    return [cut.reason for cut in silenced(registered(*contacts), {"Users/101": json.dumps(before)}, documents)]


@pytest.mark.parametrize(("name", "told"), [("AllowLanOnly", "from outside"), ("BlockTunnel", "tunnel")])
@pytest.mark.parametrize(
    ("before", "after", "contacts", "is_cut_off"),
    [
        (False, True, ("101",), True),
        (None, True, ("101",), True),  # nobody knows
        (True, True, ("101",), False),
        (False, False, ("101",), False),
        (True, False, ("101",), False),
        (False, True, (), False),
    ],
)
def test_a_registered_phone_that_may_be_refused_from_now_on_is_at_risk(
    name: str, told: str, before: object, after: object, contacts: tuple[str, ...], *, is_cut_off: bool
) -> None:
    reasons = _cut_off({name: before}, {name: after}, contacts)
    assert bool(reasons) is is_cut_off
    assert all(told in reason for reason in reasons)


def test_a_phone_with_two_reasons_is_one_phone() -> None:
    (reason,) = _cut_off(
        {"AllowLanOnly": False, "SRTPMode": "SRTPDisabled"}, {"AllowLanOnly": True, "SRTPMode": "SRTPEnforced"}
    )
    assert "goes silent" in reason
    assert "`lan_only: false`" in reason
