"""The host's script is called with the right verbs, and secrets go through stdin alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk import script
from confgen.model.document import Action, Impact
from confgen.model.driver import Activation, Observation, Staged
from confgen.model.host import HostError
from confgen.model.inventory import Pbx
from confgen.model.secret import Secret
from tests.drivers.asterisk.asterisk_answers import documents_of
from tests.drivers.asterisk.scripted_host import ScriptedHost, broken
from tests.drivers.asterisk.test_impact import change

OBSERVATION = Observation(
    documents={}, generation=4, is_confirmed=True, generations=(0, 4), fingerprint_key=Secret("00"), facts={}
)
STAGED = Staged(generation=5, previous=4, impact=Impact.RELOAD, changed=("pjsip.conf", "rtp.conf", "keys/00ff.crt"))
CHANGES = [change("rtp.conf"), change("keys/00ff.crt", Action.ADD, before=None)]


def test_a_generation_is_staged_whole_with_its_secrets_in_stdin_only(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"stage": b"staged 5 4\n"})
    staged = asterisk.stage(host, pbx, OBSERVATION, documents_of(pbx), CHANGES)
    assert staged == Staged(generation=5, previous=4, impact=Impact.RELOAD, changed=("rtp.conf", "keys/00ff.crt"))
    assert host.verbs == ["stage"]
    texts = script.unpack(host.commands[0].stdin)
    assert texts.keys() == {
        document.key if document.key.startswith("keys/") else f"etc/{document.key}" for document in documents_of(pbx)
    }
    assert "sentinel" in str(texts)
    assert "sentinel" not in repr(host.commands) + str(host.commands[0].argv)


def test_the_script_is_installed_only_where_it_is_not_there_in_this_version(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"stage": b"staged 1 0\n", "stage_kept": b"staged 0 4\n"})
    asterisk.stage(host, pbx, replace(OBSERVATION, has_hands=False), documents_of(pbx), CHANGES)
    asterisk.stage_kept(host, pbx, replace(OBSERVATION, has_hands=False), 0)
    assert host.verbs == ["install", "stage", "install", "stage_kept"]
    assert host.commands[0].stdin == script.text()


def test_a_script_that_cannot_be_installed_is_an_error_of_the_host(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"install": broken("No space left on device")})
    with pytest.raises(HostError, match="No space left on device"):
        asterisk.stage(host, pbx, replace(OBSERVATION, has_hands=False), documents_of(pbx), CHANGES)
    assert host.verbs == ["install"]


def test_over_a_push_that_was_cut_off_the_process_restarts(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"stage": b"staged 5 3\n"})
    staged = asterisk.stage(host, pbx, replace(OBSERVATION, is_confirmed=False), documents_of(pbx), [])
    assert staged.impact is Impact.PROCESS_RESTART


def test_back_to_a_kept_generation_the_process_restarts(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"stage_kept": b"staged 3 4\n"})
    staged = asterisk.stage_kept(host, pbx, OBSERVATION, 3)
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


def test_switch_discard_and_confirm_name_the_generation(pbx: Pbx) -> None:
    host = ScriptedHost(answers={})
    asterisk.switch(host, pbx, STAGED)
    asterisk.discard(host, pbx, STAGED)
    asterisk.confirm(host, pbx, STAGED)
    assert host.asked == [["switch", "5", "4"], ["discard", "5"], ["confirm", "5"]]


def test_confirming_generation_0_gives_the_files_back(pbx: Pbx) -> None:
    host = ScriptedHost(answers={})
    asterisk.confirm(host, pbx, replace(STAGED, generation=0))
    assert host.verbs == ["confirm", "release"]


@pytest.mark.parametrize(
    ("generation", "previous", "verbs"),
    [
        (5, 4, ["undo", "activate", "discard"]),
        (1, 0, ["undo", "activate", "release", "discard"]),
        (3, 4, ["undo", "activate"]),  # a rollback that went wrong: what was kept stays kept
    ],
)
def test_an_undo_flips_back_activates_and_tidies_up(pbx: Pbx, generation: int, previous: int, verbs: list[str]) -> None:
    host = ScriptedHost(answers={"activate": b"activated\n"})
    assert asterisk.undo(host, pbx, replace(STAGED, generation=generation, previous=previous)) == Activation()
    assert host.verbs == verbs
    assert host.asked[0] == ["undo", str(generation), str(previous)]


def test_an_undo_that_asterisk_complains_of_leaves_what_another_try_needs(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"activate": b"complaint it hurts\n"})
    activation = asterisk.undo(host, pbx, replace(STAGED, generation=1, previous=0))
    assert host.verbs == ["undo", "activate", "release"]
    assert activation.complaints == ("it hurts",)
