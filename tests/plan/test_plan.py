"""A plan tells what differs, whose it is, and that a secret changed, but never the secret."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace

from confgen.drivers import asterisk
from confgen.model.document import Action, Change, Document, HostFile, Impact, Observed
from confgen.model.driver import Driver, Observation
from confgen.model.inventory import Pbx
from confgen.model.plan import Plan, SecurityDelta
from confgen.model.secret import Secret
from confgen.plan import changed_keys, plan
from tests.drivers.asterisk.asterisk_answers import documents_of
from tests.toy import driver as toy

KEY, OTHER_KEY = Secret("00112233"), Secret("44556677")
ONE, TWO = toy.documents("101", "102")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def ours(text: str) -> Observed:
    return Observed(digest=digest(text), is_ours=True)


def foreign(text: str) -> Observed:
    return Observed(digest=digest(text), is_ours=False)


def seen(documents: Mapping[str, Observed], key: Secret = KEY) -> Observation:
    return Observation(
        documents=documents, generation=3, is_confirmed=True, generations=(0, 3), fingerprint_key=key, facts={"a": "b"}
    )


def planned(pbx: Pbx, observation: Observation, texts: Mapping[str, str], *documents: Document) -> Plan:
    return plan(toy, pbx, documents, observation, texts)


def only(found: Plan) -> Change:
    (change,) = found.changes
    return change


def text_of(document: Document) -> str:
    return document.reveal()


def test_what_is_as_it_should_be_is_no_change(pbx: Pbx) -> None:
    found = planned(pbx, seen({ONE.key: ours(text_of(ONE))}), {}, ONE)
    assert (found.changes, found.impact, found.delta) == ((), Impact.NONE, SecurityDelta.SAME)


def test_what_is_not_there_is_added(pbx: Pbx) -> None:
    change = only(planned(pbx, seen({}), {}, ONE))
    assert (change.key, change.action, change.before, change.before_fingerprint) == (ONE.key, Action.ADD, None, None)
    assert change.after is not None
    assert change.after_fingerprint is not None


def test_what_differs_is_changed(pbx: Pbx) -> None:
    old = json.dumps({"number": "101", "password": "old"})
    change = only(planned(pbx, seen({ONE.key: ours(old)}), {ONE.key: old}, ONE))
    assert (change.action, change.is_foreign, change.is_drifted) == (Action.CHANGE, False, False)
    assert change.before_fingerprint != change.after_fingerprint


def test_what_is_managed_by_not_being_there_is_removed(pbx: Pbx) -> None:
    text = json.dumps({"password": "x"})
    change = only(planned(pbx, seen({toy.TRANSPORT: foreign(text)}), {toy.TRANSPORT: text}))
    assert (change.action, change.after, change.after_fingerprint) == (Action.REMOVE, None, None)
    assert change.is_foreign


def test_what_is_no_longer_managed_is_given_back(pbx: Pbx) -> None:
    released = Observed(digest="00", is_ours=True, is_released=True)
    change = only(planned(pbx, seen({ONE.key: ours(text_of(ONE)), "Own/1": released}), {}, ONE))
    assert (change.key, change.action, change.before, change.after) == ("Own/1", Action.GIVE_BACK, None, None)
    assert not change.is_foreign


def test_what_nobody_manages_is_left_alone(pbx: Pbx) -> None:
    assert planned(pbx, seen({"Extensions/999": foreign("{}"), "keys/old": ours("x")}), {}).changes == ()


def test_what_confgen_did_not_write_is_a_change_even_if_it_says_the_same(pbx: Pbx) -> None:
    change = only(planned(pbx, seen({ONE.key: foreign(text_of(ONE))}), {ONE.key: text_of(ONE)}, ONE))
    assert (change.action, change.is_foreign, change.is_drifted) == (Action.CHANGE, True, False)
    assert change.before == change.after


def test_what_was_changed_by_hand_is_told_as_drift(pbx: Pbx) -> None:
    old = json.dumps({"password": "by hand"})
    drifted = replace(ours(old), is_drifted=True)
    change = only(planned(pbx, seen({ONE.key: drifted}), {ONE.key: old}, ONE))
    assert (change.is_foreign, change.is_drifted) == (False, True)


def test_what_was_put_in_the_place_of_ours_is_drift_even_if_it_says_the_same(pbx: Pbx) -> None:
    observed = replace(ours(text_of(ONE)), is_drifted=True)
    assert only(planned(pbx, seen({ONE.key: observed}), {ONE.key: text_of(ONE)}, ONE)).is_drifted


def test_what_could_not_be_read_is_a_change_without_a_text(pbx: Pbx) -> None:
    change = only(planned(pbx, seen({ONE.key: Observed(digest="unreadable", is_ours=False)}), {}, ONE))
    assert (change.action, change.before) == (Action.CHANGE, None)
    assert change.before_fingerprint is not None


def test_changes_come_in_the_order_of_their_keys(pbx: Pbx) -> None:
    text = json.dumps({"password": "x"})
    observation = seen({toy.TRANSPORT: foreign(text)})
    found = planned(pbx, observation, {toy.TRANSPORT: text}, TWO, ONE)
    assert [change.key for change in found.changes] == ["Extensions/101", "Extensions/102", toy.TRANSPORT]
    assert changed_keys([TWO, ONE], [toy.TRANSPORT], observation) == tuple(change.key for change in found.changes)


def test_secrets_are_masked_on_both_sides_and_a_changed_one_is_seen(pbx: Pbx) -> None:
    old = text_of(ONE).replace("sentinel-4f1d", "sentinel-old")
    found = planned(pbx, seen({ONE.key: ours(old)}), {ONE.key: old}, ONE)
    change = only(found)
    assert "sentinel" not in repr(found)
    assert "00112233" not in repr(found)
    assert change.before != change.after


def test_fingerprints_are_keyed_so_that_a_plan_is_no_oracle(pbx: Pbx) -> None:
    def fingerprints(key: Secret) -> tuple[str | None, ...]:
        change = only(planned(pbx, seen({ONE.key: foreign(text_of(ONE))}, key), {ONE.key: text_of(ONE)}, ONE))
        return (change.before_fingerprint, change.after_fingerprint, change.after)

    assert fingerprints(KEY) == fingerprints(Secret("00112233"))
    assert not set(fingerprints(KEY)) & set(fingerprints(OTHER_KEY))
    assert digest(text_of(ONE))[:8] not in str(fingerprints(KEY))


def test_without_a_key_of_the_host_there_is_no_fingerprint_to_guess_by(pbx: Pbx) -> None:
    def fingerprints(document: Document) -> tuple[str | None, str | None]:
        change = only(planned(pbx, seen({ONE.key: foreign("{}")}, Secret("")), {}, document))
        return (change.before_fingerprint, change.after_fingerprint)

    other = toy.documents("101", password="another")[0]
    assert fingerprints(ONE) == fingerprints(other) == ("no fingerprint yet", "no fingerprint yet")


def test_a_plan_carries_what_people_must_know(pbx: Pbx) -> None:
    found = planned(pbx, seen({}), {}, ONE)
    assert (found.guarantees, found.facts, found.generation) == (toy.guarantees, {"a": "b"}, 3)
    assert found.impact is Impact.RELOAD


def test_a_plan_of_asterisk_masks_every_file_and_key(pbx: Pbx) -> None:
    driver: Driver = asterisk
    documents = documents_of(pbx)
    texts = {document.key: text_of(document).replace("sentinel", "sentinel-old") for document in documents}
    observation = seen({key: foreign(text) for key, text in texts.items()})
    found = plan(driver, pbx, documents, observation, texts)
    assert len(found.changes) == len(documents)
    assert "sentinel" not in repr(found)
    assert found.impact is Impact.PROCESS_RESTART
    assert found.delta is SecurityDelta.STRONGER


def test_a_new_password_alone_costs_a_reload_and_shows_as_one_changed_line(pbx: Pbx) -> None:
    documents = documents_of(pbx)
    old = {document.key: text_of(document) for document in documents}
    old["pjsip.conf"] = old["pjsip.conf"].replace("sentinel-extension_101-4f1d", "sentinel-before")
    found = plan(asterisk, pbx, documents, seen({key: ours(text) for key, text in old.items()}), old)
    change = only(found)
    assert (change.key, found.impact, found.delta) == ("pjsip.conf", Impact.RELOAD, SecurityDelta.SAME)
    before, after = (change.before or "").splitlines(), (change.after or "").splitlines()
    differing = [line for line, other in zip(before, after, strict=True) if line != other]
    assert len(differing) == 1
    assert differing[0].startswith("password = ********")


def test_a_key_that_stays_on_the_host_is_planned_by_its_digest_and_its_path(pbx: Pbx) -> None:
    file = HostFile(path="/etc/letsencrypt/live/pbx/privkey.pem", digest="ab" * 32)
    key = Document(key="Keys/1", content=None, on_host=file)
    change = only(planned(pbx, seen({}), {}, key))
    assert (change.key, change.action) == ("Keys/1", Action.ADD)
    assert change.after is not None
    assert change.after.startswith("(/etc/letsencrypt/live/pbx/privkey.pem on the host, ")
    assert planned(pbx, seen({"Keys/1": Observed(digest="ab" * 32, is_ours=True)}), {}, key).changes == ()


def old_of(*, password: str) -> str:
    return json.dumps({"number": "101", "password": password}, indent=1)


def test_what_was_changed_by_hand_is_told_apart_from_what_the_inventory_changes(pbx: Pbx) -> None:
    kept, by_hand = old_of(password="kept"), old_of(password="by hand")
    drifted = replace(ours(by_hand), is_drifted=True)

    found = plan(toy, pbx, [ONE], seen({ONE.key: drifted}), {ONE.key: by_hand}, written={ONE.key: kept})

    (edit,), (difference,), change = found.edits, found.differences, only(found)
    assert (edit.before, edit.after) == (change.written, change.before)
    assert (difference.before, difference.after) == (change.written, change.after)
    assert len({change.written, change.before, change.after}) == 3
    assert "kept" not in repr(found)
    assert "by hand" not in repr(found)


def test_a_hand_edit_that_the_inventory_says_nothing_of_is_no_difference_of_its(pbx: Pbx) -> None:
    by_hand = old_of(password="by hand")
    drifted = replace(ours(by_hand), is_drifted=True)

    found = plan(toy, pbx, [ONE], seen({ONE.key: drifted}), {ONE.key: by_hand}, written={ONE.key: text_of(ONE)})

    assert (len(found.edits), found.differences) == (1, ())


def test_what_was_removed_by_hand_is_an_edit_too(pbx: Pbx) -> None:
    found = plan(toy, pbx, [ONE], seen({}), {}, written={ONE.key: text_of(ONE)})

    (edit,) = found.edits
    assert (edit.subject, edit.after) == (ONE.key, None)
    assert found.differences == ()


def test_what_nobody_touched_is_no_edit(pbx: Pbx) -> None:
    old = old_of(password="old")
    found = planned(pbx, seen({ONE.key: ours(old)}), {ONE.key: old}, ONE)

    assert found.edits == ()
    assert len(found.differences) == 1


def test_a_plan_of_asterisk_tells_the_change_in_the_fields_words_without_a_secret(pbx: Pbx) -> None:
    documents = documents_of(pbx)
    old = {document.key: text_of(document) for document in documents}
    old["pjsip.conf"] = old["pjsip.conf"].replace("media_encryption = sdes", "media_encryption = dtls", 1)
    old["pjsip.conf"] += '#include "phones.conf"\n'
    own = {"phones.conf": "[901]\ntype = auth\n[101](+type=auth)\npassword = sentinel-own\n"}

    found = plan(asterisk, pbx, documents, seen({key: ours(text) for key, text in old.items()}), old, own=own)

    assert [(told.subject, told.option) for told in found.differences] == [
        ("extension 101", "media_encryption"),
        ("extension 101", "auth password"),
        ("auth 901", ""),
    ]
    media, password, _ = found.differences
    assert (media.before, media.after) == ("dtls", "sdes")
    assert password.before != password.after
    assert found.weaker == ("extension 101: media_encryption dtls -> sdes",)
    assert "sentinel" not in repr(found)


def test_a_digest_that_is_kept_keyed_meets_the_documents(pbx: Pbx) -> None:
    def keyed(key: Secret, text: str) -> Observed:
        octets = bytes.fromhex(key.reveal())
        kept = hmac.new(octets, digest(text).encode(), hashlib.sha256).hexdigest()
        return Observed(digest=kept, is_ours=True, is_keyed=True)

    same, other = keyed(KEY, text_of(ONE)), keyed(OTHER_KEY, text_of(ONE))
    assert changed_keys([ONE], (), seen({ONE.key: same})) == ()
    assert changed_keys([ONE], (), seen({ONE.key: other})) == (ONE.key,)
    change = only(planned(pbx, seen({ONE.key: replace(same, is_drifted=True)}), {ONE.key: text_of(ONE)}, ONE))
    assert change.before_fingerprint == change.after_fingerprint
