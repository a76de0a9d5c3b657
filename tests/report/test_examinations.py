"""What a doctor found, for people, for programs and for strangers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import jsonschema
import pytest

from confgen.model.codes import EXPLANATIONS
from confgen.model.finding import Finding
from confgen.model.found import Found
from confgen.model.inventory import JumpHost
from confgen.model.migration import Migration
from confgen.model.result import Outcome, Result
from confgen.report import examinations, json_form, paint
from confgen.report.anonymous import anonymous
from confgen.report.answer import Answer
from tests.model.pbxs import PLACE, a_pbx, a_provider_trunk, a_trunk_end
from tests.report.test_json_form import SCHEMA

FOUND = (
    Found(subject="version", found="Asterisk 22.10.1 built by pbuilder @ builder.example.net"),
    Found(subject="rights", found="maria is not root", advice="ssh: {user: root}", is_ok=False, code="PUSH-38"),
    Found(subject="doors", found="tcp 192.0.2.11:5061, udp [2001:db8::1]:53, tcp 0.0.0.0:22", is_ok=None),
)


def told(*found: Found, pbx: str = "headquarters") -> Answer:
    result = Result(pbx=pbx, outcome=Outcome.FAULTY, message="1 thing wrong, 1 not told", found=found or FOUND)
    return Answer(
        command="doctor",
        inventory="/home/maria/inventory.yaml",
        findings=(),
        pbxs=(result,),
        about={"confgen": "1.0", "Python": "3.13"},
        exit_code=1,
    )


def test_each_thing_has_a_line_with_its_sign_and_what_to_do() -> None:
    lines = paint.plain(examinations.text(told())).splitlines()
    assert lines[0] == "confgen 1.0 · Python 3.13"
    assert lines[2] == "headquarters: faulty: 1 thing wrong, 1 not told"
    assert [line.split()[0] for line in lines[4:8]] == ["ok", "WRONG", "->", "not"]
    assert "PUSH-38" in lines[5]
    assert "--anonymous" in lines[-1]


def test_nothing_that_a_host_says_steers_the_terminal() -> None:
    text = examinations.text(told(Found(subject="version", found="a\x1b]0;title\x07\nb\u202e")))
    assert "\x1b]" not in text
    assert "\u202e" not in text


def test_programs_get_the_same() -> None:
    answer = json.loads(json_form.answer(told()))
    jsonschema.validate(answer, SCHEMA)
    assert [found["is_ok"] for found in answer["pbxs"][0]["found"]] == [True, False, None]
    assert answer["about"]["confgen"] == "1.0"


def _hop(address: str, user: str) -> JumpHost:
    return JumpHost(address=address, user=user, port=None, host_key=None, known_hosts=None, identity_file=None)


def shown(text: str, subject: str = "doors") -> str:
    pbx = a_pbx(
        "headquarters",
        ssh=replace(
            a_pbx().ssh,
            user="maria",
            known_hosts="/srv/acme/known_hosts",
            jump_hosts=(_hop("bastion.acme.example", "jumper"), _hop("gate", "root")),
        ),
        provider_trunks=(
            replace(a_provider_trunk(), provider=replace(a_provider_trunk().provider, name="Dial-Tone Ltd")),
        ),
        migration=Migration(extensions=("101",), owner="Ann Onym", until=date(2027, 3, 31), place=PLACE),
    )
    hidden = anonymous(told(Found(subject=subject, found=text)), [pbx])
    return hidden.pbxs[0].found[0].found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("headquarters.example.test answers", "host-1 answers"),
        ("Headquarters says", "pbx-1 says"),
        ("quartermaster of headquarters-2", "quartermaster of headquarters-2"),
        ("tcp 192.0.2.11:5061", "tcp address-1:5061"),
        ("192.0.2.11, 192.0.2.12 and 192.0.2.11.", "address-1, address-2 and address-1."),
        ("udp [2001:db8::1]:5060", "udp [address-1]:5060"),
        ("tcp 127.0.0.1:5038, tcp 0.0.0.0:22, tcp [::1]:80", "tcp 127.0.0.1:5038, tcp 0.0.0.0:22, tcp [::1]:80"),
        ("a push of ann@laptop", "a push of somebody@somewhere"),
        ("built by pbuilder @ builder.example.net on", "built by somebody@somewhere on"),
        ("maria is not root", "user-1 is not root"),
        ("/home/maria/.ssh/known_hosts", "/home/somebody/.ssh/known_hosts"),
        ("waived until 2027-03-31 by Ann Onym", "waived until 2027-03-31 by owner-1"),
        ("SHA-256 of 5061 at 12:30:45", "SHA-256 of 5061 at 12:30:45"),
        ("trunk to-branch", "trunk trunk-1"),
        ("the trunk to Dial-Tone Ltd has its address", "the trunk to provider-1 has its address"),
        ("bastion.acme.example did not answer, nor did gate", "host-4 did not answer, nor did host-5"),
        ("jumper at the first one", "user-2 at the first one"),
        ("not in /srv/acme/known_hosts", "not in path-1"),
        (
            "by pbx.acme.example and www.acme.example, pbx.acme.example",
            "by other-host-1 and other-host-2, other-host-1",
        ),
        ("https://pbx.acme.example:5001/xapi/v1/swagger.yaml", "https://other-host-1:5001/xapi/v1/swagger.yaml"),
        ("see https://www.3cx.com/docs/ and pjsip.conf", "see https://www.3cx.com/docs/ and pjsip.conf"),
        ("User.SRTPMode, res_pjsip.so, e.g. 20.0.10", "User.SRTPMode, res_pjsip.so, e.g. 20.0.10"),
    ],
)
def test_names_and_addresses_are_others_and_the_same_for_the_same(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_a_version_that_looks_like_an_address_stays() -> None:
    assert shown("3CX 20.0.10.376", "version") == "3CX 20.0.10.376"


def test_nothing_of_an_anonymous_answer_tells_whose_it_is() -> None:
    finding = Finding(
        code="VER-03", message="headquarters is old", mend="at 192.0.2.11", place=PLACE, pbx="headquarters"
    )
    pbx = a_pbx("headquarters", ssh=replace(a_pbx().ssh, user="maria"))
    answer = anonymous(replace(told(), findings=(finding,), not_begun=("headquarters",)), [pbx])
    for text in (json_form.answer(answer), examinations.text(answer, is_anonymous=True)):
        for word in ("headquarters", "maria", "192.0.2.11", "2001:db8", "pbuilder", "example"):
            assert word not in text


@pytest.mark.parametrize("code", ["POL-01", "POL-06", "DIAL-12", "MIG-02"])
def test_who_answers_for_what_and_why_is_nobodys_business(code: str) -> None:
    finding = Finding(code=code, message="the waiver of Maria: lifts", mend="let Maria renew it", place=PLACE)
    (hidden,) = anonymous(replace(told(), findings=(finding,)), [a_pbx()]).findings
    assert "Maria" not in f"{hidden}"
    assert hidden.message == EXPLANATIONS[code].title


def test_of_a_waived_finding_only_that_it_is_waived_is_told() -> None:
    finding = Finding(
        code="VER-03", message="old", mend="", place=PLACE, subject="hq-branch", waiver="waived until … by Maria: x"
    )
    pbx = a_pbx(trunks=(a_trunk_end("hq-branch", "branch"),))
    (hidden,) = anonymous(replace(told(), findings=(finding,)), [pbx]).findings
    assert (hidden.waiver, hidden.subject) == ("waived", "trunk-1")


@pytest.mark.parametrize(
    ("inventory", "expected"),
    [
        ("inventory.yaml", "inventory.yaml"),
        ("/srv/acme/inventory.yaml", "…/inventory.yaml"),
        ("/srv/acme/acme-berlin.yml", "…/file-1.yml"),
        ("acme.yaml", "file-1.yaml"),
    ],
)
def test_where_the_inventory_lies_and_what_its_files_are_called_is_nobodys_business(
    inventory: str, expected: str
) -> None:
    file = replace(PLACE, file="/srv/acme/sites/munich.yaml")
    finding = Finding(code="VER-03", message="of /srv/acme: old", mend="", place=file, pbx=None)
    hidden = anonymous(replace(told(), inventory=inventory, findings=(finding,)), [a_pbx()])
    assert hidden.inventory == expected
    (told_of,) = hidden.findings
    assert told_of.place is not None
    assert "munich" not in told_of.place.file
    assert ("acme" in told_of.message) is not inventory.startswith("/srv")


def test_what_a_pbx_calls_itself_is_hidden_wherever_it_stands() -> None:
    named = Found(subject="name", found="Telefon.Acme.example, one of yours", advice="", is_ok=False)
    asked = Found(subject="doors", found="telefon.acme.example answers, and TELEFON.ACME.EXAMPLE")
    hidden = anonymous(told(named, asked), [a_pbx()])
    assert "acme" not in f"{hidden}".lower()
