"""The countries that a 3CX lets be called: written in the sense that its list has, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.drivers import threecx
from confgen.drivers.threecx.country_meaning import CountryEvidence, Meaning, codes_in
from confgen.model.check import Verdict
from confgen.model.driver import PushRefused
from confgen.model.result import Outcome, Result
from confgen.model.version import ProductVersion
from lab.threecx.countries import CODES, CountryMeaning
from lab.threecx.quirks import Quirks
from tests.drivers.threecx.site import Site, a_site
from tests.drivers.threecx.test_cut_push import GOOD
from tests.remote.memory_shelf import MemoryShelf

pytestmark = pytest.mark.usefixtures("clock")

KNOWN = frozenset(CODES)
EVERY_MEANING = pytest.mark.parametrize("meaning", list(CountryMeaning), ids=lambda meaning: meaning.name)
PARAMETER = "GET /Parameters/Pbx.GetParameterByName(*)"


def a_site_with(*allowed: str, meaning: CountryMeaning = CountryMeaning.REST, now: tuple[str, ...] = ("49",)) -> Site:
    """One whose inventory lets these be called, and that lets others be called now."""
    site = Site(pbx=a_site(product={"countries": {"allow": allowed}}))
    site.host.fake.quirks = Quirks(countries=meaning)
    site.host.fake.state.singletons["CountryCodes"]["CountryCodes"] = list(now)
    return site


def allow(site: Site, *allowed: str) -> None:
    site.pbx = a_site(product={"countries": {"allow": allowed}})


def callable_now(site: Site) -> set[str]:
    return set(site.host.fake.state.callable_countries)


def codes(result: Result) -> set[str]:
    return {finding.code for finding in result.findings}


def writes(site: Site) -> list[str]:
    return [one.path for one in site.host.fake.log if one.method == "PATCH"]


@EVERY_MEANING
def test_whatever_the_list_means_these_can_be_called_and_no_others(meaning: CountryMeaning) -> None:
    site = a_site_with("49", "43", meaning=meaning, now=("1", "43", "49"))
    result = site.push()
    assert result.outcome in GOOD, result.findings
    assert callable_now(site) == {"49", "43"}
    assert site.push().outcome is Outcome.UNCHANGED
    (check,) = [one for one in threecx.state(site.host, site.pbx, site.documents()) if one.code == "TCX-31"]
    assert check.verdict is Verdict.PASSED


@EVERY_MEANING
def test_whatever_the_list_means_an_undo_and_a_rollback_give_it_back(meaning: CountryMeaning) -> None:
    site = a_site_with("49", meaning=meaning, now=("1", "43", "49"))
    site.passes = False
    assert site.push().outcome is Outcome.UNDONE
    assert callable_now(site) == {"1", "43", "49"}
    site.passes = True
    assert site.push().outcome in GOOD
    assert callable_now(site) == {"49"}
    site.terms = replace(site.terms, no_undo=("Trunks/carrier",))
    assert site.rollback(0).outcome is Outcome.RESTORED
    assert callable_now(site) == {"1", "43", "49"}


@EVERY_MEANING
def test_a_country_more_is_weaker_whatever_the_list_means(meaning: CountryMeaning) -> None:
    site = a_site_with("49", "43", meaning=meaning)
    result = site.push()
    assert codes(result) == {"PUSH-44"}
    assert result.plan is not None
    assert "countries that may be called: CountryCodes 49 -> 43, 49" in result.plan.weaker
    assert site.push(allow_weaker="we call Austria").outcome in GOOD
    assert callable_now(site) == {"49", "43"}


@EVERY_MEANING
def test_what_was_changed_by_hand_is_seen_whatever_the_list_means(meaning: CountryMeaning) -> None:
    site = a_site_with("49", meaning=meaning)
    assert site.push().outcome in GOOD
    site.host.fake.state.singletons["CountryCodes"]["CountryCodes"] = ["49", "371"]
    assert codes(site.push()) == {"PUSH-14"}
    (check,) = [one for one in threecx.state(site.host, site.pbx, site.documents()) if one.code == "TCX-31"]
    assert (check.verdict, "371" in check.message) == (Verdict.FAILED, True)


@pytest.mark.parametrize(
    ("now", "quirks", "own"),
    [
        (("49",), Quirks(breaks={PARAMETER: 404}), "49"),  # there is no such parameter
        (("49",), Quirks(), None),  # it does not know where it is
        (("49",), Quirks(), "399"),  # nor does its list of countries
        ((), Quirks(), "49"),  # nobody may be called, or everybody
        (("43",), Quirks(), "49"),
        (("43",), Quirks(countries=CountryMeaning.BOTH_ALLOW), "49"),
        (CODES, Quirks(), "49"),
        (CODES, Quirks(countries=CountryMeaning.BOTH_REFUSE), "49"),
        ((), Quirks(countries=CountryMeaning.BOTH_REFUSE), "49"),
        (tuple(code for code in CODES if code != "49"), Quirks(), "49"),  # both of the vendor's words were wrong
    ],
)
def test_a_list_whose_meaning_is_not_to_be_told_is_not_written(
    now: tuple[str, ...], quirks: Quirks, own: str | None
) -> None:
    site = a_site_with("49", "43", now=now)
    site.host.fake.quirks = quirks
    site.host.fake.state.singletons["E164Settings"] |= {"CountryCode": own, "CountryName": None}
    result = site.push()
    assert codes(result) == {"TCX-13"}
    assert "CountryCodes has" in result.findings[0].message
    assert writes(site) == []
    assert callable_now(site) == set(now)
    (check,) = [one for one in threecx.state(site.host, site.pbx, site.documents()) if one.code == "TCX-31"]
    assert check.verdict is Verdict.UNKNOWN


def test_what_a_list_meant_once_holds_for_that_build_and_no_other() -> None:
    site = a_site_with("43", now=("43", "49"))
    result = site.push()
    assert result.outcome in GOOD
    assert codes(result) == {"TCX-14"}  # its own country cannot be called any more, so that nothing tells what it means
    allow(site, "43", "1")
    assert site.push(allow_weaker="both").outcome in GOOD
    assert callable_now(site) == {"43", "1"}
    site.host.fake.version = ProductVersion(20, 0, 11)
    site.pbx = replace(site.pbx, product_version=ProductVersion(20, 0, 11))
    assert codes(site.push()) == {"TCX-13"}
    site.host.fake.version = ProductVersion(20, 0, 10)
    allow(site, "43", "1")
    assert site.push().outcome is Outcome.UNCHANGED
    site.host.shelf = MemoryShelf()
    assert codes(site.push()) == {"TCX-13"}


def test_a_meaning_that_changes_on_one_build_is_none() -> None:
    site = a_site_with("49", meaning=CountryMeaning.BOTH_ALLOW)
    assert site.push().outcome in GOOD
    site.host.fake.quirks = Quirks(countries=CountryMeaning.BOTH_REFUSE)
    result = site.push()
    assert codes(result) == {"TCX-13"}
    assert "on this build it named those that are allowed before" in result.findings[0].message


def test_no_parameter_is_not_an_empty_one() -> None:
    site = a_site_with("49")
    assert site.push().outcome in GOOD  # from now on it is known what the list means
    site.host.fake.state.singletons["CountryCodes"]["CountryCodes"] = []
    site.host.fake.quirks = Quirks(breaks={PARAMETER: 404})
    assert codes(site.push()) == {"TCX-13"}


def test_a_country_that_the_pbx_does_not_know_is_refused_before_anything_is_written() -> None:
    site = a_site_with("49", "4999", now=("49", "43"))
    with pytest.raises(PushRefused) as refused:
        site.push(allow_weaker="a typing error")
    assert [(one.code, "4999 is no country" in one.message) for one in refused.value.findings] == [("TCX-25", True)]
    assert callable_now(site) == {"49", "43"}


def test_a_list_that_was_answered_well_and_not_taken_is_told_and_undone() -> None:
    site = a_site_with("49", now=("49", "43"))
    site.host.fake.quirks = Quirks(ignores={"/CountryCodes": ()})
    result = site.push()
    assert result.outcome is Outcome.UNDONE
    assert "CountryCodes: the API answered well, and the PBX did not take CountryCodes" in result.message


def test_an_undo_that_cannot_tell_what_the_list_means_calls_a_human() -> None:
    site = a_site_with("49", now=("49", "43"))
    site.passes = False

    def on_step(words: str) -> None:
        if words.startswith("undoing"):
            site.host.fake.quirks = Quirks(breaks={PARAMETER: 404})

    site.on_step = on_step
    result = site.push()
    assert (result.outcome, result.exit_code) == (Outcome.UNDO_FAILED, 6)
    assert "CountryCodes is not as before: nobody can tell" in result.message
    (help_wanted,) = [one.mend for one in result.findings if one.code == "PUSH-17"]
    assert "countries that may be called: CountryCodes 43, 49" in help_wanted
    assert site.user("100")["SRTPMode"] == "SRTPDisabled"  # what can be put back is


def test_countries_that_nobody_names_are_not_asked_for() -> None:
    site = Site()
    site.push()
    assert not [one.path for one in site.host.fake.log if "Countr" in one.path or "Parameters" in one.path]


def evidence(
    listed: frozenset[str], parameter: frozenset[str] | None = None, *, own: str = "49", known: frozenset[str] = KNOWN
) -> CountryEvidence:
    return CountryEvidence(
        build="20.0.10.123", listed=listed, parameter=parameter, own=frozenset([own] if own else []), known=known
    )


FEW, MANY = frozenset(["49", "43"]), KNOWN - {"49", "43"}


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (evidence(FEW, FEW), Meaning.ALLOWED),
        (evidence(FEW, MANY), Meaning.ALLOWED),
        (evidence(MANY, MANY), Meaning.REFUSED),
        (evidence(MANY, FEW), None),
        (evidence(FEW, None), None),
        (evidence(FEW, frozenset(["43"])), None),  # neither the same nor the rest
        (evidence(FEW, MANY - {"1"}), None),
        (evidence(FEW | {"1"}, MANY), None),
        (evidence(FEW, FEW, own=""), None),
        (evidence(FEW, FEW, own="1"), None),
        (evidence(MANY, MANY, own="1"), None),
        (evidence(FEW, FEW, known=frozenset(["49", "43", "1", "7", "44"])), None),
        (evidence(frozenset(), frozenset()), None),
        (evidence(frozenset(), KNOWN), None),
        (evidence(KNOWN, KNOWN), None),
        (evidence(KNOWN, frozenset()), None),
    ],
)
def test_a_list_means_what_the_own_country_and_its_length_agree_on(
    seen: CountryEvidence, expected: Meaning | None
) -> None:
    assert seen.meaning is expected


def test_the_evidence_shows_what_the_codes_look_like() -> None:
    told = str(evidence(frozenset(["DE\x1b[31m", "AT", "CH"]), None))
    assert told.startswith("CountryCodes has 3 codes (AT, CH, DE[31m), of ")
    assert "NOTALLOWED_COUNTRYCODES not told in a form that is known; its own country is 49" in told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("49,43", {"49", "43"}),
        ("49; 43\n", {"49", "43"}),
        ("", set()),
        (None, None),
        (["49"], None),
        ("DE,AT", None),
        ("0049", None),
        ("49,+43", None),
    ],
)
def test_a_parameter_of_another_form_tells_nothing(text: object, expected: set[str] | None) -> None:
    assert codes_in(text) == expected
