"""A push to a 3CX: what is written, what is told, and what a PBX that misbehaves cannot bring it to."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace

import click
import pytest

from confgen.drivers import threecx
from confgen.drivers.threecx import requests
from confgen.drivers.threecx.backup import MOST
from confgen.drivers.threecx.lease import held
from confgen.model.api import ApiAnswer, ApiRequest
from confgen.model.api_fault import ApiForbidden
from confgen.model.bootstrap import Bootstrap
from confgen.model.check import Verdict
from confgen.model.document import Action, Impact
from confgen.model.driver import Observation, PushRefused
from confgen.model.host import HostError
from confgen.model.inventory import Certificate, ClientCertificates
from confgen.model.lease import Lease
from confgen.model.plan import Plan, SecurityDelta
from confgen.model.result import Outcome, Result
from confgen.model.version import ProductVersion
from confgen.plan import moved, savable
from confgen.push import look
from confgen.report import plans
from confgen.report.answer import Answer
from lab.threecx.quirks import Quirks
from lab.threecx.state import blank
from tests.drivers.threecx.site import SENTINEL, Site, a_peer_trunk, a_site
from tests.drivers.threecx.test_cut_push import GOOD, a_full_site
from tests.model.pbxs import a_provider_trunk, an_extension, reference
from tests.remote.memory_shelf import MemoryShelf
from tests.xapi.host import FakeHost, make_fake

CERTIFICATE = Certificate(
    chain=reference("CHAIN"),
    key=reference("KEY"),
    authority=reference("AUTHORITY"),
    client_certificates=ClientCertificates.NOT_REQUESTED,
)


pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def site() -> Site:
    return Site()


def codes(result: Result) -> set[str]:
    return {finding.code for finding in result.findings}


def plan_text(result: Result, *, with_diffs: bool) -> str:
    return click.unstyle(
        plans.text(
            Answer(command="plan", inventory="inventory.yaml", findings=(), pbxs=(result,), exit_code=0),
            with_diffs=with_diffs,
        )
    )


def writes(site: Site) -> list[str]:
    return [f"{one.method} {one.path}" for one in site.host.fake.log if one.method != "GET" and "token" not in one.path]


# What is written


def test_extensions_and_trunks_demand_srtp_and_trunks_tls(site: Site) -> None:
    assert site.push().outcome in GOOD
    assert site.is_secure()
    trunk = site.trunk("carrier")
    assert trunk is not None
    assert (trunk["AuthID"], trunk["AuthPassword"]["Value"]) == ("4930123", "sentinel-carrier-1")
    assert "BEGIN CERTIFICATE" in trunk["Certificate"]
    assert site.host.fake.state.singletons["NetworkSettings"]["DirectSIPAllowExternal"] is False


def test_what_costs_nothing_is_activated_without_a_word_of_it(site: Site) -> None:
    site.push()
    site.steps.clear()
    site.pbx = replace(site.pbx, extensions=tuple(replace(one, display_name="New") for one in site.pbx.extensions))
    site.push()
    assert "activating" in site.steps


def test_a_pbx_that_is_as_it_should_be_gets_nothing_written(site: Site) -> None:
    site.push()
    site.host.fake.log.clear()
    assert site.push().outcome is Outcome.UNCHANGED
    assert writes(site) == []


def test_a_trunk_that_is_there_keeps_what_the_inventory_does_not_speak_of(site: Site) -> None:
    site.host.fake.quirks = Quirks(replaces_gateway=True)
    there = site.add_trunk("carrier", DidNumbers=["4930123456"])
    there["Gateway"]["TimeBetweenReg"] = 77
    assert site.push(no_undo=("Trunks/carrier",)).outcome in GOOD
    trunk = site.trunk("carrier")
    assert trunk is not None
    assert (trunk["DidNumbers"], trunk["Gateway"]["TimeBetweenReg"]) == (["4930123456"], 77)
    assert len(site.objects["Trunks"]) == 1


def test_a_peer_trunk_registers_with_the_peer_by_the_trunks_name() -> None:
    site = Site(pbx=a_site(trunks=(a_peer_trunk(),), provider_trunks=()))
    assert site.push().outcome in GOOD
    trunk = site.trunk("hq-site")
    assert trunk is not None
    assert (trunk["AuthID"], trunk["Gateway"]["Host"], trunk["Gateway"]["Port"]) == ("hq-site", "hq.example.test", 5061)
    assert trunk["Gateway"]["RequireRegistrationFor"] == "InOutCalls"


def test_more_users_than_one_page_are_all_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST_AT_ONCE", 10)  # instead of a hundred, which the fake holds every push to
    numbers = [str(number) for number in range(1000, 1023)]
    for number in numbers:
        site.add_user(number)
    site.pbx = replace(site.pbx, extensions=tuple(an_extension(number, own_secret=None) for number in numbers))
    assert site.push().outcome in GOOD
    assert site.is_secure()


def test_what_came_with_a_later_version_is_neither_asked_for_nor_written() -> None:
    old = ProductVersion(20, 0, 7)
    product = {"extensions": {"100": {"block_tunnel": True}}, "sbcs": {"sbc1": {"secret": reference("SBC")}}}
    site = Site(pbx=a_site(product=product, product_version=old), host=FakeHost(fake=make_fake(old)))
    assert site.push().outcome in GOOD
    assert not any("BlockTunnel" in one.path or "Security" in one.path for one in site.host.fake.log)


def test_no_secret_is_ever_asked_for() -> None:
    site = a_full_site()
    site.pbx = replace(site.pbx, own_certificate=CERTIFICATE)
    site.push(no_undo=("Trunks/carrier", "SecureSipSettings"))
    for one in site.host.fake.log:
        is_told = any(word in one.path for word in ("Services", "InitTrunk", "(name='NOTALLOWED_COUNTRYCODES')"))
        assert one.method != "GET" or is_told or "$select=" in one.path
        assert one.method != "GET" or not any(word in one.path for word in ("Password", "PrivateKey", "VMPIN"))


def test_a_backup_that_is_encrypted_is_there_before_the_first_write(site: Site) -> None:
    site.push()
    assert writes(site)[0] == "POST /xapi/v1/Backups/Pbx.Backup"
    assert list(site.host.fake.state.backups_encrypted.values()) == [True]


def test_without_a_backup_nothing_is_written(site: Site) -> None:
    site.host.fake.quirks = Quirks(ignores={"/Backups/Pbx.Backup": ()})
    with pytest.raises(PushRefused, match="made no backup"):
        site.push()
    assert writes(site) == ["POST /xapi/v1/Backups/Pbx.Backup"]
    assert threecx.observe(site.host, site.pbx).is_confirmed


# What is refused before the switch


def test_what_confgen_did_not_write_is_taken_over_on_demand_only(site: Site) -> None:
    result = site.push(adopt=False)
    assert result.outcome is Outcome.REFUSED
    assert codes(result) == {"PUSH-13"}
    assert writes(site) == []


def test_what_was_changed_by_hand_is_written_over_on_demand_only(site: Site) -> None:
    site.push()
    site.user("100")["SRTPMode"] = "SRTPEnabled"
    result = site.push()
    assert codes(result) == {"PUSH-14"}
    assert result.plan is not None
    told = [(one.subject, one.option, one.before, one.after) for one in result.plan.edits]
    assert told == [("extension 100", "SRTPMode", "SRTPEnforced", "SRTPEnabled")]
    assert site.push(overwrite_drift=True).outcome in GOOD
    assert site.is_secure()


def test_a_secret_that_nobody_can_put_back_is_written_on_demand_only(site: Site) -> None:
    site.add_trunk("carrier")
    result = site.push()
    assert codes(result) == {"PUSH-80"}
    assert "--no-undo Trunks/carrier" in result.findings[0].mend
    assert writes(site) == []
    assert site.push(no_undo=("Trunks/carrier",)).outcome in GOOD
    assert site.push().outcome is Outcome.UNCHANGED
    site.salt = "2"
    assert codes(site.push()) == {"PUSH-80"}


def test_a_private_key_is_written_on_demand_only() -> None:
    site = Site(pbx=a_site(own_certificate=CERTIFICATE))
    assert codes(site.push()) == {"PUSH-80"}
    result = site.push(no_undo=("SecureSipSettings",))
    assert result.outcome in GOOD
    assert result.plan is not None
    assert result.plan.impact is Impact.PROCESS_RESTART
    assert site.host.fake.state.restarts == ["3CXPhoneSystem01"]


def test_an_extension_that_is_not_there_is_not_made(site: Site) -> None:
    site.pbx = replace(site.pbx, extensions=(*site.pbx.extensions, an_extension("199", own_secret=None)))
    result = site.push()
    assert codes(result) == {"TCX-21"}
    assert "extension 199" in result.findings[0].message


def test_another_version_than_the_inventory_says_is_refused(site: Site) -> None:
    site.pbx = replace(site.pbx, product_version=ProductVersion(20, 0, 9))
    assert codes(site.push()) == {"PUSH-12"}


def test_two_trunks_of_one_name_are_refused(site: Site) -> None:
    site.add_trunk("carrier")
    site.add_trunk("carrier")
    assert codes(site.push()) == {"TCX-23"}


@pytest.mark.parametrize(
    "product",
    [
        {"console": {"permit": ("192.0.2.0/24",)}},
        {"blocklist": {"127.0.0.0/8": {"reason": "everybody"}}},
    ],
)
def test_nobody_locks_himself_out(product: dict[str, object]) -> None:
    site = Site(pbx=a_site(product=product))
    site.host.fake.quirks = Quirks(restricts_api=True)
    with pytest.raises(PushRefused) as refused:
        site.push()
    assert {finding.code for finding in refused.value.findings} == {"TCX-22"}
    assert writes(site) == []
    assert threecx.observe(site.host, site.pbx).is_confirmed


def test_a_value_that_the_api_does_not_have_is_refused_before_anything_is_written(site: Site) -> None:
    site.pbx = replace(
        site.pbx, provider_trunks=(a_provider_trunk("carrier", most_calls="many"),)
    )  # as nobody's schema lets through
    with pytest.raises(PushRefused) as refused:
        site.push()
    assert {finding.code for finding in refused.value.findings} == {"TCX-25"}
    assert "many" not in refused.value.finding.message


@pytest.mark.parametrize("quirks", [Quirks(has_api_licence=False), Quirks(has_system_role=False)])
def test_a_client_without_licence_or_right_is_told(site: Site, quirks: Quirks) -> None:
    site.host.fake.quirks = quirks
    with pytest.raises(ApiForbidden):
        site.push()
    assert writes(site) == []


def test_calls_in_progress_are_waited_for_before_a_restart() -> None:
    site = Site(pbx=a_site(own_certificate=CERTIFICATE))
    site.host.fake.quirks = Quirks(calls=3)
    with pytest.raises(PushRefused, match="3 calls in progress"):
        site.push(no_undo=("SecureSipSettings",), max_calls=0)
    assert site.host.fake.state.restarts == []


# PBXs that misbehave while they are written to


@pytest.mark.parametrize("field", ["SRTPMode", "AllowLanOnly", "PbxDeliversAudio"])
def test_a_write_that_was_answered_well_and_ignored_is_told_and_undone(site: Site, field: str) -> None:
    site.user("101")["AllowLanOnly"] = False
    before = json.dumps(site.objects["Users"])
    number = site.user("101")["Id"]
    site.host.fake.quirks = Quirks(ignores={f"/Users({number})": (field,)})
    result = site.push()
    assert result.outcome is Outcome.UNDONE
    assert result.exit_code == 5
    assert f"Users/101: the API answered well, and the PBX did not take {field}" in result.message
    assert json.dumps(site.objects["Users"]) == before
    assert threecx.observe(site.host, site.pbx).is_confirmed


def test_a_gateway_whose_write_is_ignored_is_told(site: Site) -> None:
    site.add_trunk("carrier")
    site.host.fake.quirks = Quirks(ignores={"/Trunks(*)": ("Gateway.SRTPMode",)})
    result = site.push(no_undo=("Trunks/carrier",))
    assert "did not take Gateway.SRTPMode" in result.message


@pytest.mark.parametrize(
    ("quirks", "words"),
    [
        (Quirks(breaks={"PATCH /Users(*)": 500}), "the API refused it: 500"),
        (Quirks(forbids=("/Users(*)",)), "FORBIDDEN_CHANGE"),
    ],
)
def test_a_write_that_is_refused_is_undone_and_told_in_the_pbxs_words(site: Site, quirks: Quirks, words: str) -> None:
    before = json.dumps(site.host.fake.state.singletons)
    site.host.fake.quirks = quirks
    result = site.push()
    assert result.outcome is Outcome.UNDONE
    assert words in result.message
    assert json.dumps(site.host.fake.state.singletons) == before


def test_a_proof_that_fails_writes_the_old_values_back(site: Site) -> None:
    before = json.dumps([site.objects, site.host.fake.state.singletons])
    site.passes = False
    result = site.push()
    assert result.outcome is Outcome.UNDONE
    site.objects["Backups"].clear()
    assert json.dumps([site.objects, site.host.fake.state.singletons]) == before
    assert site.host.shelf.read("journal") is None
    assert held(site.host.shelf, 0) is None


def test_a_pbx_that_says_the_same_in_other_words_took_it() -> None:
    product = {
        "console": {"permit": ("127.0.0.1/32", "192.0.2.0/24")},
        "blocklist": {"198.51.100.7/32": {"reason": "scans", "until": "2099-12-31"}},
    }
    site = Site(pbx=a_site(product=product))
    site.host.fake.quirks = Quirks(writes_otherwise=True)
    assert site.push().outcome in GOOD
    assert site.push().outcome is Outcome.UNCHANGED
    site.host.fake.quirks = Quirks()
    assert site.push().outcome is Outcome.UNCHANGED  # nor did anybody change it by hand
    (listed,) = site.objects["Blocklist"].values()
    listed["ExpiresAt"] = "2031-01-01T00:00:00+00:00"
    assert codes(site.push()) == {"PUSH-14"}


def test_an_undo_that_is_refused_is_told_object_by_object_and_a_human_is_called(site: Site) -> None:
    number = site.user("101")["Id"]

    def on_step(words: str) -> None:
        if words.startswith("undoing"):
            site.host.fake.quirks = Quirks(forbids=(f"/Users({number})",))

    site.passes, site.on_step = False, on_step
    result = site.push()
    assert result.outcome is Outcome.UNDO_FAILED
    assert result.exit_code == 6
    assert "Users/101 is not as before" in result.message
    assert "Users/100" not in result.message
    assert site.user("100")["SRTPMode"] == "SRTPDisabled"  # what could be put back is
    (finding,) = [finding for finding in result.findings if finding.code == "PUSH-17"]
    assert "extension 101" in finding.mend
    assert "SRTPMode SRTPDisabled" in finding.mend
    observation = threecx.observe(site.host, site.pbx)
    (told,) = observation.findings
    assert told.code == "TCX-24"
    assert "Users/101 was written" in told.message
    assert "Users/100 was written back" in told.message
    assert not observation.is_confirmed
    site.host.fake.quirks, site.passes, site.on_step = Quirks(), True, lambda _words: None
    assert "confgen rollback --to 0" in finding.mend
    assert site.rollback(0).outcome is Outcome.RESTORED  # as the mend says, though no generation was ever confirmed
    assert site.user("101")["SRTPMode"] == "SRTPDisabled"
    assert site.push().outcome in GOOD


def test_a_service_that_is_long_away_is_waited_for(clock: list[float]) -> None:
    site = Site(pbx=a_site(own_certificate=CERTIFICATE))
    site.host.fake.clock = lambda: clock[0]
    site.host.fake.quirks = Quirks(restart_seconds=120)
    assert site.push(no_undo=("SecureSipSettings",)).outcome in GOOD
    assert clock[0] >= 1120


def test_a_service_that_does_not_come_back_is_a_complaint(clock: list[float]) -> None:
    site = Site(pbx=a_site(own_certificate=CERTIFICATE))
    site.host.fake.clock = lambda: clock[0]
    site.host.fake.quirks = Quirks(restart_seconds=1e9)
    result = site.push(no_undo=("SecureSipSettings",))
    assert result.outcome is Outcome.UNDO_FAILED
    assert "3CXPhoneSystem01 is" in result.message + str(result.findings)


def test_a_certificate_is_not_put_back_without_its_key() -> None:
    site = Site(pbx=a_site(own_certificate=CERTIFICATE), passes=False)
    settings = site.host.fake.state.singletons["SecureSipSettings"]
    settings["Certificate"] = {"Name": "old.pem", "Contents": "-----BEGIN CERTIFICATE-----\nOLD", "Concealed": False}
    settings["PrivateKey"] = {"Name": "old.key", "Contents": "sentinel-old-key", "Concealed": False}
    result = site.push(no_undo=("SecureSipSettings",))
    assert (result.outcome, result.exit_code) == (Outcome.UNDO_FAILED, 6)
    assert "SecureSipSettings has the new PrivateKey.Contents: nobody knows the old one" in result.message
    settings = site.host.fake.state.singletons["SecureSipSettings"]
    assert "CHAIN" in settings["Certificate"]["Contents"]
    assert settings["PrivateKey"]["Contents"].startswith("sentinel-key")
    assert site.host.fake.state.restarts == ["3CXPhoneSystem01"]  # calls are dropped once


def test_a_token_that_ends_at_every_third_request_hinders_nothing(site: Site) -> None:
    site.host.fake.quirks = Quirks(requests_per_token=3)
    assert site.push().outcome in GOOD


def test_the_registration_before_the_push_is_not_taken_for_the_new_one(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked for anew, and the PBX tells of the old one for a while; with the new password it is refused."""
    looks: list[float] = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:  # one look has seen the old one
            site.host.fake.quirks = Quirks(unregistered=("carrier",))

    monkeypatch.setattr(time, "sleep", sleep)
    result = site.push()
    assert result.outcome in GOOD
    (check,) = [one for one in result.checks if one.code == "TCX-36"]
    assert check.verdict is Verdict.PENDING
    assert sum(looks) == 20


def test_a_trunk_that_comes_back_late_has_its_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.host.fake.quirks = Quirks(unregistered=("carrier",))
    looks: list[float] = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 7:
            site.host.fake.quirks = Quirks()

    monkeypatch.setattr(time, "sleep", sleep)
    result = site.push()
    (check,) = [one for one in result.checks if one.code == "TCX-36"]
    assert (check.verdict, len(looks)) == (Verdict.PASSED, 7)


def test_no_trunk_is_waited_for_that_was_not_written(site: Site, clock: list[float]) -> None:
    site.push()
    clock[0] = 0
    site.pbx = replace(site.pbx, extensions=tuple(replace(one, display_name="New") for one in site.pbx.extensions))
    assert site.push().outcome in GOOD
    assert clock[0] == 0


# Others, and what the inventory no longer has


def test_one_push_keeps_another_away_until_its_lease_has_ended(site: Site, clock: list[float]) -> None:
    observation = threecx.observe(site.host, site.pbx)
    threecx.lock(site.host, site.pbx, observation, Lease(push="f" * 16, owner="maria@laptop", undo_after=60))
    with pytest.raises(PushRefused, match="maria@laptop is at work"):
        site.push()
    clock[0] += 61
    result = site.push()
    assert result.outcome in GOOD
    assert codes(result) == {"PUSH-40"}
    assert "is there still" in next(one.mend for one in result.findings if one.code == "PUSH-40")


def test_a_push_that_lost_its_hold_writes_nothing_more(site: Site, clock: list[float]) -> None:
    def on_step(words: str) -> None:
        if words.startswith("switching"):
            clock[0] += 3600
            threecx.lock(
                site.host,
                site.pbx,
                threecx.observe(site.host, site.pbx),
                Lease(push="f" * 16, owner="m", undo_after=60),
            )

    site.on_step = on_step
    with pytest.raises(PushRefused, match="lost its hold"):
        site.push()
    assert [one for one in writes(site) if "Backup" not in one] == []


def test_what_confgen_made_and_the_inventory_no_longer_has_is_removed() -> None:
    product = {
        "blocklist": {"198.51.100.7/32": {"reason": "scans"}},
        "sbcs": {"sbc1": {"secret": reference("SBC")}},
    }
    site = Site(pbx=a_site(product=product))
    site.push()
    site.pbx = a_site(extensions=site.pbx.extensions[:1], provider_trunks=())
    result = site.push()
    assert codes(result) == {"PUSH-80", "PUSH-44"}  # a trunk and an SBC cannot be made again; an address may come again
    assert result.plan is not None
    actions = {change.key: change.action for change in result.plan.changes}
    assert actions == dict.fromkeys(("Blocklist/198.51.100.7/32", "Sbcs/sbc1", "Trunks/carrier"), Action.REMOVE)
    result = site.push(no_undo=("Sbcs/sbc1", "Trunks/carrier"), allow_weaker="moved")
    assert result.outcome in GOOD
    assert site.trunk("carrier") is None
    assert not site.objects["Sbcs"]
    assert not site.objects["Blocklist"]
    assert site.user("101")["SRTPMode"] == "SRTPEnforced"  # nobody's phone gets weaker by leaving the inventory
    assert site.push().outcome is Outcome.UNCHANGED


def test_what_others_made_is_never_removed(site: Site) -> None:
    site.add_trunk("other")
    site.add_trunk("carrier")
    site.push(no_undo=("Trunks/carrier",))
    site.pbx = replace(site.pbx, provider_trunks=())
    site.push()
    assert site.trunk("other") is not None
    assert site.trunk("carrier") is not None


# Back again


def test_a_rollback_to_what_was_there_before_gives_everything_back(site: Site) -> None:
    before = json.dumps([site.objects["Users"], site.host.fake.state.singletons])
    site.push()
    site.terms = replace(site.terms, no_undo=("Trunks/carrier",))
    result = site.rollback(0)
    assert result.outcome is Outcome.RESTORED
    assert json.dumps([site.objects["Users"], site.host.fake.state.singletons]) == before
    assert site.trunk("carrier") is None
    observation = threecx.observe(site.host, site.pbx)
    assert (observation.generation, observation.is_confirmed) == (None, True)
    assert not any(found.is_ours for found in observation.documents.values())


def test_a_rollback_goes_to_the_generation_before_and_the_next_push_comes_back(site: Site) -> None:
    site.push()
    site.pbx = replace(site.pbx, provider_trunks=(a_provider_trunk("carrier", codecs=("ulaw", "alaw")),))
    assert site.push().generation == 2
    result = site.rollback()
    assert (result.outcome in GOOD, result.generation) == (True, 1)
    trunk = site.trunk("carrier")
    assert trunk is not None
    assert trunk["Gateway"]["Codecs"] == ["PCMA"]
    assert trunk["AuthPassword"]["Value"] == "sentinel-carrier-1"
    assert site.push().outcome in GOOD
    trunk = site.trunk("carrier")
    assert trunk is not None
    assert trunk["Gateway"]["Codecs"] == ["PCMU", "PCMA"]


def test_a_secret_does_not_come_back_with_a_generation_and_that_is_said(site: Site) -> None:
    site.push()
    site.salt = "2"
    assert site.push(no_undo=("Trunks/carrier",)).outcome in GOOD
    result = site.rollback()
    assert "TCX-28" in codes(result)
    trunk = site.trunk("carrier")
    assert trunk is not None
    assert trunk["AuthPassword"]["Value"] == "sentinel-carrier-2"


def test_a_rollback_after_a_cut_push_goes_back_to_the_last_that_was_proven(site: Site, clock: list[float]) -> None:
    site.push()
    site.pbx = replace(site.pbx, extensions=tuple(replace(one, display_name="New") for one in site.pbx.extensions))
    site.on_step = _dying_at("activating")
    with pytest.raises(SystemExit):
        site.push()
    site.on_step = lambda _words: None
    clock[0] += 3600
    assert not threecx.observe(site.host, site.pbx).is_confirmed
    result = site.rollback()
    assert (result.outcome in GOOD, result.generation) == (True, 1)
    assert site.user("100")["FirstName"] == "Desk 100"
    assert threecx.observe(site.host, site.pbx).is_confirmed


def _dying_at(step: str) -> Callable[[str], None]:
    def on_step(words: str) -> None:
        if words.startswith(step):
            raise SystemExit

    return on_step


# What is told


def test_no_secret_is_in_any_output_or_on_the_shelf() -> None:
    site = a_full_site()
    site.pbx = replace(
        site.pbx,
        own_certificate=CERTIFICATE,
        extensions=(an_extension("100"), an_extension("101", own_secret=None)),
    )
    keys = ("SecureSipSettings", "Trunks/carrier", "Users/100")
    results = [site.push(), site.push(no_undo=keys)]
    site.terms = replace(site.terms, no_undo=("Trunks/*", "Sbcs/*"))
    site.salt = "2"
    results += [
        site.push(),
        site.push(no_undo=(*keys, "Trunks/hq-site", "Sbcs/sbc1")),
        site.rollback(1),
        site.rollback(0),
    ]
    assert [result.outcome in GOOD for result in results] == [False, True, False, True, True, False]
    told = [text for result in results for text in (repr(result), plan_text(result, with_diffs=True))]
    told += site.host.shelf.texts.values()
    told += site.steps
    assert not [text for text in told if SENTINEL in text]


def test_nothing_on_the_shelf_lets_anybody_try_out_guesses_of_a_secret(site: Site) -> None:
    site.push()
    site.salt = "2"
    on_step = _dying_at("activating")
    site.on_step = on_step
    with pytest.raises(SystemExit):
        site.push(no_undo=("*",))
    kept = "".join(site.host.shelf.texts.values())
    for salt in ("1", "2"):
        site.salt = salt
        assert not [document.key for document in site.documents() if document.digest in kept]
    (key,) = [name for name, text in site.host.shelf.texts.items() if site.host.shelf.texts["key"].strip() in text]
    assert key == "key"


def test_the_plan_names_what_it_costs_and_cannot_promise(site: Site) -> None:
    site.add_trunk("carrier")
    text = plan_text(site.push(), with_diffs=False)
    assert "NOT atomic, a mixture is possible; undone from here, over the link; locked on this machine only" in text
    assert "extension 100, extension 101: SRTPMode SRTPDisabled -> SRTPEnforced" in text
    assert "no undo       Trunks/carrier: the old AuthPassword.Value is not known" in text
    assert "security      stronger" in text


def test_a_weaker_setting_is_told_as_that(site: Site) -> None:
    site.push()
    site.pbx = a_site(product={"extensions": {"100": {"lan_only": False}}})
    result = site.push()
    assert codes(result) == {"PUSH-44"}
    assert result.plan is not None
    assert result.plan.delta is SecurityDelta.WEAKER
    assert result.plan.weaker == ("extension 100: AllowLanOnly true -> false",)


def test_nothing_is_prepared_on_the_host_of_a_3cx(site: Site) -> None:
    with pytest.raises(PushRefused, match="nothing is installed"):
        threecx.bootstrap(site.pbx, Bootstrap(creates_user=False, public_key=None))


def test_what_is_on_the_shelf_of_another_confgen_is_left_alone(site: Site) -> None:
    site.host.shelf.write("state", json.dumps({"format": 99}))
    with pytest.raises(HostError, match="is not what this confgen writes"):
        site.push()


def test_a_trunk_that_was_removed_does_not_come_back_without_its_password(site: Site) -> None:
    site.push()
    site.pbx = replace(site.pbx, provider_trunks=())
    assert site.push(no_undo=("Trunks/*",)).outcome in GOOD
    with pytest.raises(PushRefused, match="Trunks/carrier was removed since"):
        site.rollback()


def test_the_service_that_a_certificate_restarts_is_named_in_the_plan() -> None:
    text = plan_text(Site(pbx=a_site(own_certificate=CERTIFICATE)).push(), with_diffs=False)
    assert "process restart: no call is in progress" in text
    assert "restarted     3CXPhoneSystem01 for a new certificate: nothing else is" in text


@pytest.mark.parametrize("body", [None, [], {}, {"value": None}, {"value": ["no object"]}])
def test_an_answer_of_another_form_is_told_and_changes_nothing(site: Site, body: object) -> None:
    answered = site.host.request

    def request(asked: ApiRequest) -> ApiAnswer:
        answer = answered(asked)
        return replace(answer, body=body) if "/Users?" in asked.path else answer

    site.host.request = request  # type: ignore[method-assign]
    with pytest.raises(HostError, match="answered well, and with something else"):
        site.push()
    assert writes(site) == []


def test_a_pbx_that_passes_over_skip_is_told_and_not_asked_for_ever(site: Site) -> None:
    for number in range(1000, 1100):
        site.add_user(str(number))
    answered = site.host.request

    def request(asked: ApiRequest) -> ApiAnswer:
        skipped = "&$skip="
        path, _, _ = asked.path.partition(skipped)
        return answered(replace(asked, path=f"{path}{skipped}0") if skipped in asked.path else asked)

    site.host.request = request  # type: ignore[method-assign]
    with pytest.raises(HostError, match="answers with the same page again"):
        site.push()
    assert writes(site) == []


def test_a_rollback_forwards_tells_of_lost_secrets_too(site: Site) -> None:
    site.push()
    site.salt = "2"
    site.push(no_undo=("Trunks/carrier",))
    site.salt = "3"
    site.push(no_undo=("Trunks/carrier",))
    site.rollback(1)
    assert "TCX-28" in codes(site.rollback(2))


# The backup


def test_a_rollback_has_a_backup_before_its_first_write_too(site: Site) -> None:
    site.push()
    site.host.fake.log.clear()
    site.rollback(0)
    assert writes(site)[0] == "POST /xapi/v1/Backups/Pbx.Backup"


def test_a_rollback_without_the_backups_secret_goes_on_and_points_at_no_backup(site: Site) -> None:
    site.push()
    site.host.fake.log.clear()

    def on_step(words: str) -> None:
        if words.startswith("activating"):
            site.host.fake.quirks = Quirks(forbids=("/Users(*)",))
            raise ValueError

    site.has_tools, site.on_step = False, on_step
    result = site.rollback(0)
    assert not [one for one in writes(site) if "Backup" in one]
    assert codes(result) == {"TCX-26", "PUSH-17"}
    (help_wanted,) = [finding.mend for finding in result.findings if finding.code == "PUSH-17"]
    assert "no backup was made" in help_wanted
    assert ".zip" not in help_wanted


def test_a_backup_that_was_made_is_pointed_at(site: Site) -> None:
    def on_step(words: str) -> None:
        if words.startswith("activating"):
            site.host.fake.quirks = Quirks(forbids=("/Users(*)",))
            raise ValueError

    site.on_step = on_step
    (help_wanted,) = [finding.mend for finding in site.push().findings if finding.code == "PUSH-17"]
    (name,) = site.host.fake.state.backups_encrypted
    assert name in help_wanted


def test_the_last_backups_of_this_machine_stay_and_no_other_is_removed(site: Site) -> None:
    others = ("confgen-0123456789abcdef.zip", "monday.zip")
    for name in others:
        site.objects["Backups"][name] = {**blank("Backups"), "FileName": name, "CreationTime": "2026-01-01T00:00:00Z"}
    for number in range(MOST + 3):
        site.pbx = replace(
            site.pbx, extensions=tuple(replace(one, display_name=f"Desk {number}") for one in site.pbx.extensions)
        )
        assert site.push().outcome in GOOD
    made = list(site.host.fake.state.backups_encrypted)
    assert list(site.objects["Backups"]) == [*others, *made[-MOST:]]


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_backup_that_cannot_be_removed_hinders_nothing(site: Site, status: int) -> None:
    ours = [f"confgen-{number:016x}.zip" for number in range(MOST + 2)]
    site.host.shelf.write("backups", json.dumps([*ours, "../other.zip", 7]))
    site.host.fake.quirks = Quirks(breaks={"DELETE /Backups(*)": status})
    result = site.push()
    assert result.outcome in GOOD
    assert "confirmed, then" not in result.message  # no word of it
    left = json.loads(site.host.shelf.texts["backups"])
    assert len(left) == (MOST if status == 404 else MOST + 3)
    assert "../other.zip" not in left


def test_who_stops_while_the_backup_is_awaited_has_changed_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupted)
    site.host.fake.quirks = Quirks(ignores={"/Backups/Pbx.Backup": ()})
    with pytest.raises(KeyboardInterrupt):
        site.push()
    assert writes(site) == ["POST /xapi/v1/Backups/Pbx.Backup"]
    assert held(site.host.shelf, 0) is None
    assert site.host.shelf.read("journal") is None


# A plan that was saved


def test_a_plan_is_carried_out_where_it_was_made_and_on_the_pbx_it_was_made_of(site: Site) -> None:
    documents = site.documents()

    def looked() -> tuple[Observation, Plan]:
        return look(site.host, site.pbx, threecx, documents)

    saved = savable(site.pbx, documents, *looked())
    assert moved(saved, site.pbx, documents, *looked()) == ()
    site.host.fake.state.domain = "other.example.test"
    (finding,) = moved(saved, site.pbx, documents, *looked())
    assert (finding.code, "another PBX answers as site.example.test" in finding.message) == ("PUSH-52", True)
    site.host.fake.state.domain = "site.example.test"
    site.host.shelf = MemoryShelf()
    (finding,) = moved(saved, site.pbx, documents, *looked())
    assert (finding.code, "made on another machine" in finding.message) == ("PUSH-52", True)
