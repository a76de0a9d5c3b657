"""One look at a host tells what a push must know."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace

import pytest

from confgen.archives import pack, unpack
from confgen.drivers import asterisk
from confgen.drivers.asterisk import script
from confgen.model.document import Observed
from confgen.model.driver import PushRefused
from confgen.model.host import HostError
from confgen.model.inventory import Part, Pbx
from tests.drivers.asterisk.scripted_host import ScriptedHost, broken, refused

LOOK = f"""boot 00000000-0000-0000-0000-000000000000
running yes
systemd yes
fact version Asterisk 22.10.1~dfsg built by someone
fact configuration /etc/asterisk
fact calls 3
script {script.digest()}
current 4
confirmed yes
generation 0
generation 3
generation 4
key 00ff
manifest aaaa 640 root:asterisk pjsip.conf
manifest bbbb 640 root:asterisk rtp.conf
manifest cccc 640 root:asterisk acl.conf
file pjsip.conf ours aaaa
file rtp.conf ours b0b0
file acl.conf foreign cccc
file iax.conf foreign dddd
file keys/1234.key ours eeee
"""


def look(text: str) -> ScriptedHost:
    return ScriptedHost(answers={"observe": text.encode()})


def codes(pbx: Pbx, text: str) -> list[str]:
    return [finding.code for finding in asterisk.observe(look(text), pbx).findings]


def test_what_is_there_is_told_in_one_round_trip_that_changes_nothing(pbx: Pbx) -> None:
    host = look(LOOK)
    found = asterisk.observe(host, pbx)
    assert (found.generation, found.is_confirmed, found.generations) == (4, True, (0, 3, 4))
    assert found.facts == {
        "version": "Asterisk 22.10.1~dfsg built by someone",
        "configuration": "/etc/asterisk",
        "calls": "3",
    }
    assert found.fingerprint_key.reveal() == "00ff"
    assert found.has_hands
    assert found.findings == ()
    assert host.verbs == ["observe"]
    assert {"pjsip.conf", "modules.conf", "iax.conf", "pjsip_wizard.conf"} <= set(host.asked[0])


@pytest.mark.parametrize(
    ("key", "observed"),
    [
        ("pjsip.conf", Observed(digest="aaaa", is_ours=True)),
        ("rtp.conf", Observed(digest="b0b0", is_ours=True, is_drifted=True)),  # written through the link
        ("acl.conf", Observed(digest="cccc", is_ours=True, is_drifted=True)),  # a file where the link was
        ("iax.conf", Observed(digest="dddd", is_ours=False)),
        ("keys/1234.key", Observed(digest="eeee", is_ours=True)),
    ],
)
def test_a_file_is_ours_foreign_or_drifted(pbx: Pbx, key: str, observed: Observed) -> None:
    assert asterisk.observe(look(LOOK), pbx).documents[key] == observed


def test_only_names_of_managed_parts_are_asked_for(pbx: Pbx) -> None:
    host = look(LOOK)
    asterisk.observe(host, replace(pbx, manages=frozenset({Part.SIP, Part.MEDIA, Part.CERTIFICATES})))
    assert sorted(host.asked[0][1:]) == [
        "iax.conf",
        "pjproject.conf",
        "pjsip.conf",
        "pjsip_wizard.conf",
        "rtp.conf",
        "sip.conf",
        "udptl.conf",
        "users.conf",
    ]


def test_a_name_that_is_no_longer_managed_is_one_to_give_back(pbx: Pbx) -> None:
    found = asterisk.observe(look(f"{LOOK}released rtp.conf\nreleased extensions.ael\n"), pbx).documents
    assert found["rtp.conf"] == Observed(digest="bbbb", is_ours=True, is_released=True)
    assert found["extensions.ael"] == Observed(digest="", is_ours=True, is_released=True)


def test_a_host_that_confgen_has_not_pushed_to_has_no_generation_and_no_key(pbx: Pbx) -> None:
    text = (
        "running yes\nfact version Asterisk 22.10.1\nscript \ncurrent \nconfirmed yes\nfile pjsip.conf foreign aaaa\n"
    )
    found = asterisk.observe(look(text), pbx)
    assert (found.generation, found.is_confirmed, found.generations) == (None, True, ())
    assert found.fingerprint_key.reveal() == ""
    assert not found.has_hands
    assert found.documents == {"pjsip.conf": Observed(digest="aaaa", is_ours=False)}


def test_a_push_that_was_cut_off_is_seen(pbx: Pbx) -> None:
    assert not asterisk.observe(look(LOOK.replace("confirmed yes", "confirmed no")), pbx).is_confirmed


def test_another_version_of_the_script_is_seen(pbx: Pbx) -> None:
    assert not asterisk.observe(look(LOOK.replace(script.digest(), "0" * 64)), pbx).has_hands


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("Asterisk 22.10.1 built by x", []),
        ("Asterisk 22.11.0 built by x", []),  # a later release has every option of the declared one
        ("Asterisk 22.10.0 built by x", ["PUSH-12"]),
        ("Asterisk 23.4.1 built by x", ["PUSH-12"]),
        ("Asterisk 16.28.0~dfsg-0", ["PUSH-12"]),
        ("Asterisk certified/22.8-cert1", ["PUSH-12"]),
        ("Asterisk GIT-master-123", ["PUSH-12"]),
        ("", ["PUSH-12"]),
    ],
)
def test_another_version_than_declared_is_a_finding(pbx: Pbx, version: str, expected: list[str]) -> None:
    assert codes(pbx, f"running yes\nfact version {version}\n") == expected


def test_a_pbx_that_does_not_run_is_a_finding(pbx: Pbx) -> None:
    assert codes(pbx, "running no\nfact version \n") == ["PUSH-11"]
    assert codes(pbx, "") == ["PUSH-11"]


def test_a_host_without_systemd_is_a_finding_for_nothing_would_undo_there(pbx: Pbx) -> None:
    running = "running yes\nfact version Asterisk 22.10.1\n"
    assert codes(pbx, f"{running}systemd no\n") == ["PUSH-06"]
    assert codes(pbx, f"{running}systemd yes\n") == []


def test_a_service_that_does_not_run_is_said_by_its_name(pbx: Pbx) -> None:
    (finding,) = asterisk.observe(look("running no\nfact service exchange\n"), pbx).findings
    assert (finding.code, "the service exchange does not run" in finding.message) == ("PUSH-11", True)


def test_each_generator_is_named_once_with_a_sign_of_it(pbx: Pbx) -> None:
    text = f"{LOOK}generator Issabel by /etc/issabel.conf\ngenerator FreePBX by /etc/a\ngenerator FreePBX by /etc/b\n"
    found = asterisk.observe(look(text), pbx).findings
    assert [finding.code for finding in found] == ["PUSH-31", "PUSH-31"]
    assert [("Issabel" in found[0].message, "/etc/issabel.conf" in found[0].message)] == [(True, True)]
    assert ("FreePBX" in found[1].message, "/etc/a" in found[1].message) == (True, True)


def test_a_refusal_of_the_script_carries_its_code_and_words(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"observe": refused("PUSH-01 there is no asterisk program on this host")})
    with pytest.raises(PushRefused) as refusal:
        asterisk.observe(host, pbx)
    assert refusal.value.finding.code == "PUSH-01"
    assert refusal.value.finding.message == "there is no asterisk program on this host"
    assert refusal.value.finding.pbx == "headquarters"


def test_a_script_that_breaks_leaves_it_unknown_what_it_did(pbx: Pbx) -> None:
    host = ScriptedHost(answers={"observe": broken("sh: out of memory")})
    with pytest.raises(HostError, match=r"headquarters: `observe` ended with status 1: sh: out of memory"):
        asterisk.observe(host, pbx)


def test_only_managed_names_are_read_and_only_as_plain_files(pbx: Pbx) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in (("pjsip.conf", tarfile.REGTYPE), ("rtp.conf", tarfile.SYMTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.size = kind, 2 if kind == tarfile.REGTYPE else 0
            archive.addfile(entry, io.BytesIO(b"\xffx"))
    host = ScriptedHost(answers={"read": buffer.getvalue()})
    texts = asterisk.read(host, pbx, ["pjsip.conf", "keys/1234.key", "../shadow"])
    assert host.asked == [["read", "pjsip.conf"]]
    assert texts == {"pjsip.conf": "\ufffdx"}


def test_nothing_is_asked_where_nothing_is_to_be_read(pbx: Pbx) -> None:
    host = ScriptedHost(answers={})
    assert asterisk.read(host, pbx, ["keys/1234.key"]) == {}
    assert host.commands == []


def test_what_is_packed_comes_out_the_same_and_the_same_again() -> None:
    texts = {"etc/pjsip.conf": "[101]\nx = é\n", "keys/00ff.key": "-----BEGIN\n"}
    archive = pack(texts.items())
    assert unpack(archive) == texts
    assert pack(texts.items()) == archive
