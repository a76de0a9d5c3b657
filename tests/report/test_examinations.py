"""What a doctor found, for people, for programs and for strangers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import jsonschema
import pytest

from confgen.model.finding import Finding
from confgen.model.found import Found
from confgen.model.migration import Migration
from confgen.model.result import Outcome, Result
from confgen.report import examinations, json_form, paint
from confgen.report.anonymous import anonymous
from confgen.report.answer import Answer
from tests.model.pbxs import PLACE, a_pbx
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


def shown(text: str, subject: str = "doors") -> str:
    pbx = a_pbx(
        "headquarters",
        ssh=replace(a_pbx().ssh, user="maria"),
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
