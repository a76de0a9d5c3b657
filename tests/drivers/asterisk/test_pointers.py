"""A name that leads nowhere is found; one that is only known when a call comes is left alone."""

from __future__ import annotations

import pytest

from confgen.drivers.asterisk import pointers
from confgen.drivers.asterisk.configuration import parse

DIALPLAN = """\
[ Context 'phones' created by 'pbx_config' ]
  '101' =>          1. {line}  [extensions.conf:33]
  '_2xx' =>         1. Echo()                                     [extensions.conf:34]
  Include =>        '{included}'                                  [pbx_config]

[ Context 'services' created by 'pbx_config' ]
  '600' =>          1. Answer()                                   [extensions.conf:36]
     [echo]         2. Echo()                                     [extensions.conf:37]
  's' =>            1. Return()                                   [extensions.conf:38]

[ Context 'elsewhere' created by 'pbx_config' ]
  Alt. Switch =>    'DUNDi/e164'                                  [pbx_config]

-= 4 extensions (5 priorities) in 3 contexts. =-
"""
OBJECTS = """\
[tls]
type = transport
[101]
type = endpoint
context = phones
transport = tls
auth = 101
aors = 101,102
[101]
type = auth
[101]
type = aor
[102]
type = aor
[carrier]
type = identify
endpoint = 101
[carrier]
type = registration
outbound_auth = 101
transport = tls
"""


def told(line: str = "Echo()", included: str = "services") -> list[str]:
    return list(pointers.of_dialplan(DIALPLAN.format(line=line, included=included)))


@pytest.mark.parametrize(
    "line",
    [
        "Goto(services,600,1)",
        "Goto(phones,600,1)",  # through what the context includes
        "Goto(600,1)",
        "Goto(215,1)",
        "Goto(1)",
        "Goto(start)",
        "Goto(${WHERE},600,1)",
        "Goto(services,${EXTEN},1)",
        "Goto(elsewhere,4711,1)",
        "Gosub(services,s,1(${EXTEN},two))",
        'GotoIf($["${A}" = "1"]?services,600,1:phones,101,1)',
        'GotoIf($["${A}" = "1"]?secure)',
        "Dial(PJSIP/101,60,iU(services))",
        "Dial(${OUT}/${EXTEN:1}@nowhere,60)",
        "Playback(nothing,600,1)",
    ],
)
def test_what_leads_somewhere_or_nobody_can_tell_is_left_alone(line: str) -> None:
    assert told(line) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Goto(servises,600,1)", "phones, 101 1: leads to the context servises"),
        ("Goto(servises,${EXTEN},1)", "the context servises"),
        ("Goto(services,601,1)", "leads to 601 in services"),
        ("Goto(601,1)", "leads to 601 in phones"),
        ("Gosub(servises,s,1(${EXTEN}))", "the context servises"),
        ('GotoIf($["${A}" = "1"]?services,600,1:servises,600,1)', "the context servises"),
        ("GosubIf(${A}?services,t,1)", "leads to t in services"),
        ("Dial(PJSIP/101,60,iU(servises))", "the context servises"),
        ("Dial(PJSIP/101,60,U(servises^one))", "the context servises"),
    ],
)
def test_a_line_that_leads_nowhere_is_found(line: str, words: str) -> None:
    (message,) = told(line)
    assert words in message


def test_an_include_of_no_context_is_found() -> None:
    assert told(included="servises") == ["the context phones includes servises, which is not there"]


def test_an_include_at_some_times_only_is_one_of_that_context() -> None:
    assert told(included="services,9:00-17:00,mon-fri,*,*") == []


def test_objects_that_name_each_other_are_left_alone() -> None:
    assert list(pointers.of_objects(parse(OBJECTS), DIALPLAN)) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("context = phones", "context = fones", "the endpoint 101 is in the context fones"),
        ("context = phones\n", "", "the endpoint 101 is in the context default"),
        (
            "\ntransport = tls\nauth",
            "\ntransport = tsl\nauth",
            "the endpoint 101 of pjsip.conf names the transport tsl",
        ),
        ("\nauth = 101", "\nauth = 909", "the endpoint 101 of pjsip.conf names the auth 909"),
        ("aors = 101,102", "aors = 101, 909", "the endpoint 101 of pjsip.conf names the aor 909"),
        ("endpoint = 101", "endpoint = 909", "the identify carrier of pjsip.conf names the endpoint 909"),
        ("outbound_auth = 101", "outbound_auth = 909", "the registration carrier of pjsip.conf names the auth 909"),
    ],
)
def test_an_object_that_names_what_is_not_there_is_found(old: str, new: str, words: str) -> None:
    assert old in OBJECTS
    (message,) = pointers.of_objects(parse(OBJECTS.replace(old, new)), DIALPLAN)
    assert words in message


def test_every_application_is_told_once_with_its_first_place() -> None:
    assert pointers.applications(DIALPLAN.format(line="Ecco(x)", included="services")) == {
        "Ecco": "phones, 101 1:",
        "Echo": "phones, _2xx 1:",
        "Answer": "services, 600 1:",
        "Return": "services, s 1:",
    }
