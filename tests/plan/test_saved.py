"""A saved plan tells what moved since it was made, and gives no secret away."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.drivers import asterisk
from confgen.model.document import Document, Impact, Observed
from confgen.model.driver import Contact, Observation
from confgen.model.finding import Finding
from confgen.model.inventory import Pbx
from confgen.model.lease import Held
from confgen.model.plan import CutOff, Plan, SecurityDelta
from confgen.model.saved import Origin, SavedPbx, SavedPlan
from confgen.model.secret import Secret
from confgen.plan import moved, needed, origin_moved, plan, savable
from confgen.report import saved_form
from tests.drivers.asterisk.asterisk_answers import documents_of
from tests.model.pbxs import a_pbx
from tests.plan.test_plan import digest, foreign, ours, seen
from tests.toy import driver as toy

NOW = Origin(version="1.2.3", inventory="ab" * 32)
TWO = toy.documents("101", "102")
BEFORE = seen({"Extensions/101": ours(TWO[0].reveal()), "Own/1": foreign("{}")})


def planned(observation: Observation, documents: tuple[Document, ...] = TWO) -> Plan:
    return plan(toy, a_pbx(), documents, observation, {})


def saved(observation: Observation = BEFORE, documents: tuple[Document, ...] = TWO) -> SavedPbx:
    found = savable(a_pbx(), documents, observation, planned(observation, documents))
    assert found is not None
    return found


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def since(observation: Observation, documents: tuple[Document, ...] = TWO) -> tuple[Finding, ...]:
    return moved(saved(), a_pbx(), documents, observation, planned(observation, documents))


def text_of(*pbxs: SavedPbx) -> str:
    return saved_form.written(SavedPlan(origin=NOW, made_at="2026-01-02T03:04:05+00:00", pbxs=pbxs))


def test_nothing_has_moved_where_everything_is_as_it_was() -> None:
    assert since(BEFORE) == ()
    assert moved(None, a_pbx(), TWO, BEFORE, planned(BEFORE)) == ()


def test_calls_phones_and_leases_come_and_go_and_make_no_plan_stale() -> None:
    busy = replace(
        BEFORE,
        calls=7,
        contacts=(Contact(extension="999", transport="tls", address="192.0.2.7:5061"),),
        facts={**BEFORE.facts, "calls": "7"},
        held=Held(push="0" * 16, owner="maria@laptop", seconds=0),
    )
    assert since(busy) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda seen: replace(seen, documents={}), "Extensions/101, Own/1"),
        (lambda seen: with_document(seen, "Extensions/101", ours("by hand")), "Extensions/101"),
        (lambda seen: with_document(seen, "Own/1", foreign('{"edited": 1}')), "Own/1"),
        (lambda seen: with_document(seen, "Own/2", foreign("{}")), "Own/2"),
        (lambda seen: with_document(seen, "Own/1", ours("{}")), "Own/1"),
        (
            lambda seen: with_document(seen, "Extensions/101", replace(ours(TWO[0].reveal()), is_drifted=True)),
            "Extensions/101",
        ),
        (lambda seen: replace(seen, generation=4), "generation 3 was active, 4 is"),
        (lambda seen: replace(seen, is_confirmed=False), "what is active was never confirmed"),
        (lambda seen: replace(seen, facts={"version": "toy 2"}), "toy 2"),
    ],
)
def test_what_moved_on_the_host_is_named(change: Callable[[Observation], Observation], said: str) -> None:
    (finding,) = since(change(BEFORE))
    assert finding.code == "PUSH-53"
    assert said in finding.message


def with_document(observation: Observation, key: str, found: Observed) -> Observation:
    return replace(observation, documents={**observation.documents, key: found})


def test_a_secret_that_moved_is_told_by_the_document_it_stands_in() -> None:
    (finding,) = since(BEFORE, toy.documents("101", "102", password="sentinel-new"))
    assert finding.code == "PUSH-54"
    assert "Extensions/101, Extensions/102" in finding.message
    assert "sentinel" not in repr(finding)


def test_a_document_more_or_less_has_moved_too() -> None:
    assert codes(since(BEFORE, TWO[:1])) == codes(since(BEFORE, toy.documents("101", "102", "103"))) == ["PUSH-54"]


def test_everything_that_moved_is_told_at_once() -> None:
    assert codes(since(replace(BEFORE, generation=9), TWO[:1])) == ["PUSH-53", "PUSH-54"]


@pytest.mark.parametrize("key", [Secret("44556677"), Secret("")], ids=["another key", "no key"])
def test_another_host_is_told_as_that_and_nothing_else(key: Secret) -> None:
    assert codes(since(replace(BEFORE, fingerprint_key=key))) == ["PUSH-52"]


def test_another_address_is_another_host() -> None:
    pbx = a_pbx()
    elsewhere = replace(pbx, ssh=replace(pbx.ssh, address="192.0.2.99"))
    assert codes(moved(saved(), elsewhere, TWO, BEFORE, planned(BEFORE))) == ["PUSH-52"]


def test_a_plan_of_one_pbx_is_none_of_another() -> None:
    assert codes(moved(replace(saved(), name="branch"), a_pbx(), TWO, BEFORE, planned(BEFORE))) == ["PUSH-52"]


@pytest.mark.parametrize(
    "edited",
    [
        {"differences": ()},
        {"delta": SecurityDelta.STRONGER},
        {"changes": ()},
        {"weaker": ("nothing",)},
        {"impact": Impact.NONE},
    ],
)
def test_a_file_that_tells_another_plan_than_this_one_is_refused(edited: dict[str, object]) -> None:
    agreed = saved()
    told = replace(agreed, plan=replace(agreed.plan, **edited))  # type: ignore[arg-type]
    assert codes(moved(told, a_pbx(), TWO, BEFORE, planned(BEFORE))) == ["PUSH-55"]


def test_another_version_another_inventory_and_a_pbx_that_was_not_planned_need_no_look_at_a_host() -> None:
    agreed = SavedPlan(origin=NOW, made_at="", pbxs=(saved(),))
    assert origin_moved(agreed, NOW, a_pbx()) == ()
    assert codes(origin_moved(agreed, replace(NOW, version="1.2.4"), a_pbx())) == ["PUSH-50"]
    assert codes(origin_moved(agreed, replace(NOW, inventory="cd" * 32), a_pbx())) == ["PUSH-51"]
    assert codes(origin_moved(agreed, Origin(version="", inventory=""), a_pbx())) == ["PUSH-50", "PUSH-51"]
    assert codes(origin_moved(agreed, NOW, a_pbx("branch"))) == ["PUSH-56"]


def test_what_the_operator_would_have_to_agree_to_is_listed() -> None:
    drifted = replace(ours("by hand"), is_drifted=True)
    observation = seen({"Extensions/101": foreign("{}"), "Extensions/102": drifted})
    optional = toy.documents("101", "102", srtp="optional")
    asked = needed(replace(planned(observation, optional), cut_off=(CutOff(extension="9", contact="", reason=""),)))
    assert (asked.adopt, asked.overwrite_drift, asked.max_cut_off) == (("Extensions/101",), ("Extensions/102",), 1)
    assert asked.allow_weaker == ("Extensions/101 is no longer enforced", "Extensions/102 is no longer enforced")
    assert needed(planned(BEFORE)).allow_weaker == ()


def test_a_host_without_a_key_of_its_own_gives_nothing_that_can_be_saved() -> None:
    observation = replace(BEFORE, fingerprint_key=Secret(""))
    assert savable(a_pbx(), TWO, observation, planned(observation)) is None


def test_every_fingerprint_needs_the_hosts_key() -> None:
    one, other = saved(), saved(replace(BEFORE, fingerprint_key=Secret("44556677")))
    assert one == saved()
    prints = {one.host, *one.observed.values(), *one.desired.values()}
    assert not prints & {other.host, *other.observed.values(), *other.desired.values()}
    assert one.host == hmac.new(bytes.fromhex("00112233"), b"host", hashlib.sha256).hexdigest()


@given(
    old=st.text(min_size=6, max_size=40).filter(str.strip),
    new=st.text(min_size=6, max_size=40).filter(str.strip),
    key=st.binary(min_size=16, max_size=32),
)
def test_a_plan_file_holds_no_secret_and_no_plain_digest_of_one(old: str, new: str, key: bytes) -> None:
    old, new = f"sentinel{old}", f"sentinel{new}"
    before, after = toy.documents("101", password=old), toy.documents("101", "102", password=new)
    observation = seen(
        {before[0].key: ours(before[0].reveal()), toy.TRANSPORT: foreign(before[0].reveal())}, Secret(key.hex())
    )
    texts = {before[0].key: before[0].reveal(), toy.TRANSPORT: before[0].reveal()}
    found = savable(a_pbx(), after, observation, plan(toy, a_pbx(), after, observation, texts))
    assert found is not None
    text = text_of(found)
    told = text + json.dumps(json.loads(text), ensure_ascii=False)
    assert "sentinel" not in told
    assert key.hex() not in told
    for content in (old, new, *(document.reveal() for document in (*before, *after))):
        assert digest(content)[:10] not in told


def test_a_plan_file_of_asterisk_holds_no_secret(pbx: Pbx) -> None:
    documents = documents_of(pbx)
    texts = {document.key: document.reveal().replace("sentinel", "sentinel-old") for document in documents}
    observation = seen({key: foreign(text) for key, text in texts.items()})
    found = savable(pbx, documents, observation, plan(asterisk, pbx, documents, observation, texts))
    assert found is not None
    text = text_of(found)
    assert len(found.plan.changes) == len(documents)
    assert "sentinel" not in text
    assert "PRIVATE KEY" not in text
    for content in (*texts.values(), *(document.reveal() for document in documents)):
        assert digest(content)[32:] not in text  # the first half is a certificate's or a key's name on the host
