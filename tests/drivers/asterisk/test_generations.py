"""The host's script is called with the right verbs, and secrets go through stdin alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.archives import unpack
from confgen.drivers import asterisk
from confgen.drivers.asterisk import script
from confgen.drivers.asterisk.lease import take
from confgen.model.document import Action, Impact
from confgen.model.driver import Activation, Observation, PushRefused, Staged
from confgen.model.host import HostError
from confgen.model.inventory import Pbx
from confgen.model.lease import Held, Lease, Undone
from confgen.model.secret import Secret
from tests.drivers.asterisk.asterisk_answers import documents_of
from tests.drivers.asterisk.scripted_host import ScriptedHost, broken
from tests.drivers.asterisk.test_impact import change

OBSERVATION = Observation(
    documents={}, generation=4, is_confirmed=True, generations=(0, 4), fingerprint_key=Secret("00"), facts={}
)
LEASE = Lease(push="00112233445566aa", owner="maria@laptop", undo_after=60)
STAGED = Staged(
    generation=5,
    previous=4,
    impact=Impact.RELOAD,
    changed=("pjsip.conf", "rtp.conf", "keys/00ff.crt"),
    lease=LEASE,
)
CHANGES = [change("rtp.conf"), change("keys/00ff.crt", Action.ADD, before=None)]


def test_a_generation_is_staged_whole_with_its_secrets_in_stdin_only(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"stage": b"staged 5 4\n"})
    staged = asterisk.stage(host, pbx, OBSERVATION, documents_of(pbx), CHANGES, LEASE)
    assert staged == replace(STAGED, changed=("rtp.conf", "keys/00ff.crt"))
    assert host.verbs == ["stage"]
    texts = unpack(host.commands[0].stdin)
    assert texts.keys() == {
        document.key if document.key.startswith("keys/") else f"etc/{document.key}" for document in documents_of(pbx)
    }
    assert "sentinel" in str(texts)
    assert "sentinel" not in repr(host.commands) + str(host.commands[0].argv)


def test_the_script_is_installed_only_where_it_is_not_there_in_this_version(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"lock": b"locked\n"})
    take(host, pbx, replace(OBSERVATION, has_hands=False), LEASE)
    take(host, pbx, OBSERVATION, LEASE)
    assert host.verbs == ["install", "lock", "lock"]
    assert host.commands[0].stdin == script.text()
    assert host.asked[-1] == ["lock", "00112233445566aa", "maria@laptop", "60"]


def test_a_script_that_cannot_be_installed_is_an_error_of_the_host(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"install": broken("No space left on device")})
    with pytest.raises(HostError, match="No space left on device"):
        take(host, pbx, replace(OBSERVATION, has_hands=False), LEASE)
    assert host.verbs == ["install"]


def test_the_script_of_another_version_is_not_put_under_a_push_that_is_under_way(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"lock": b"locked\n"})
    held = Held(push="00112233445566bb", owner="tom@desk", seconds=12)
    with pytest.raises(PushRefused, match="tom@desk is at work"):
        take(host, pbx, replace(OBSERVATION, has_hands=False, held=held), LEASE)
    assert host.verbs == []
    take(host, pbx, replace(OBSERVATION, has_hands=False, held=replace(held, seconds=0)), LEASE)
    assert host.verbs == ["install", "lock"]


def test_whose_lease_was_taken_over_is_told(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"lock": b"taken_over 00112233445566bb tom@desk\nlocked\n"})
    assert take(host, pbx, OBSERVATION, LEASE) == Held(push="00112233445566bb", owner="tom@desk", seconds=0)


@pytest.mark.parametrize(("told", "calls"), [("fact calls 3", 3), ("fact calls ", None), ("", None)])
def test_calls_that_asterisk_does_not_tell_are_not_none_at_all(pbx: Pbx, told: str, calls: int | None) -> None:
    assert asterisk.calls(ScriptedHost(answers={"calls": told.encode()}), pbx, LEASE) == calls


def test_over_a_push_that_was_cut_off_the_process_restarts(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"stage": b"staged 5 3\n"})
    staged = asterisk.stage(host, pbx, replace(OBSERVATION, is_confirmed=False), documents_of(pbx), [], LEASE)
    assert staged.impact is Impact.PROCESS_RESTART


def test_back_to_a_kept_generation_the_process_restarts(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"stage_kept": b"staged 3 4\n"})
    staged = asterisk.stage_kept(host, pbx, OBSERVATION, 3, LEASE)
    assert (staged.generation, staged.previous, staged.impact) == (3, 4, Impact.PROCESS_RESTART)
    assert host.asked == [["stage_kept", "3"]]


@pytest.mark.parametrize(
    ("impact", "words"),
    [
        (Impact.RELOAD, ["activate", "reload", "res_rtp_asterisk.so", "res_pjsip.so"]),
        (Impact.TRANSPORT_RESTART, ["activate", "reload", "res_rtp_asterisk.so", "res_pjsip.so"]),
        (Impact.PROCESS_RESTART, ["activate", "restart"]),
    ],
)
def test_a_generation_is_activated_by_the_means_of_its_impact(pbx: Pbx, impact: Impact, words: list[str]) -> None:
    host = ScriptedHost(answers={"activate": b"baseline\nactivated\n"})
    assert asterisk.activate(host, pbx, replace(STAGED, impact=impact)) == Activation()
    assert host.asked == [words]


def test_switch_arms_the_undo_with_its_time_and_the_way_back(pbx: Pbx) -> None:
    host = ScriptedHost(answers={})
    asterisk.switch(host, pbx, STAGED)
    asterisk.discard(host, pbx, STAGED)
    assert host.asked == [["switch", "5", "4", "60", "reload", "res_rtp_asterisk.so", "res_pjsip.so"], ["discard", "5"]]


def test_every_verb_that_changes_something_says_which_push_it_belongs_to(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"undo": b"undone 4\n"})
    for act in (asterisk.switch, asterisk.activate, asterisk.confirm, asterisk.undo, asterisk.discard):
        act(host, pbx, STAGED)
    assert all(command.argv[1:3] == ("--push", LEASE.push) for command in host.commands)


def test_a_confirmation_that_came_too_late_tells_what_the_host_did(pbx: Pbx) -> None:
    told = {"push": LEASE.push, "owner": "maria@laptop", "reason": "not confirmed within 60 s"}
    rows = [*(f"{word} {rest}" for word, rest in told.items()), "at 2026-11-25T16:00:00+0000", "generation 5"]
    answer = "".join(f"undone_by_host {row}\n" for row in [*rows, "previous 4", "fault nothing listens"])
    host = ScriptedHost(answers={"confirm": answer.encode()})
    assert asterisk.confirm(host, pbx, STAGED) == Undone(
        **told, at="2026-11-25T16:00:00+0000", generation=5, previous=4, faults=("nothing listens",)
    )
    assert asterisk.confirm(ScriptedHost(answers={"confirm": b"confirmed 5\n"}), pbx, STAGED) is None


@pytest.mark.parametrize(("generation", "previous"), [(5, 4), (1, 0), (3, 4)])
def test_an_undo_is_one_verb_that_a_lost_link_cannot_cut(pbx: Pbx, generation: int, previous: int) -> None:
    host = ScriptedHost(answers={"undo": b"activated restart\nundone 4\n"})
    staged = replace(STAGED, generation=generation, previous=previous, impact=Impact.PROCESS_RESTART)
    assert asterisk.undo(host, pbx, staged) == Activation()
    assert host.asked == [["undo", str(generation), str(previous), "restart"]]


def test_what_an_undo_complains_of_and_what_was_confirmed_before_is_told(pbx: Pbx) -> None:
    hurt = ScriptedHost(answers={"undo": b"complaint it hurts\nundone 4\n"})
    assert asterisk.undo(hurt, pbx, STAGED).complaints == ("it hurts",)
    late = ScriptedHost(answers={"undo": b"was_confirmed 5\n"})
    assert asterisk.undo(late, pbx, STAGED).was_confirmed
