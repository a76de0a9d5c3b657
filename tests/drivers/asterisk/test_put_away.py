"""What of the user's own goes with a foreign file is named first; what Asterisk's samples hold is nobody's."""

from __future__ import annotations

import json

import pytest

from confgen.drivers.asterisk.put_away import put_away
from confgen.model.finding import Severity
from tests.model.pbxs import a_pbx

_SAMPLES = {
    "iax.conf": """\
[general]
bandwidth=low
[guest]
type=user
context=public
callerid="Guest IAX User"
[iaxtel]
type=user
context=default
auth=rsa
inkeys=iaxtel
[iaxfwd]
type=user
context=default
auth=rsa
inkeys=freeworlddialup
""",
    "sip.conf": "[general]\ncontext=public\n[authentication]\n[basic-options](!)\ntype=friend\n",
    "users.conf": "[general]\nfullname = New User\nhassip = yes\n",
    "pjsip.conf": ";[transport-udp]\n;type=transport\n",
    "pjsip_wizard.conf": ";[my-itsp]\n;type = wizard\n",
    "udptl.conf": "[general]\nudptlstart=4000\n",
}


def told(**texts: str) -> list[str]:
    findings = put_away(a_pbx(), {f"{name}.conf": text for name, text in texts.items()})
    assert {finding.severity for finding in findings} <= {Severity.WARNING}
    assert {finding.code for finding in findings} <= {"PUSH-20"}
    return [f"{finding.place} {finding.message}" for finding in findings]


def test_untouched_samples_are_no_reason_to_cry() -> None:
    assert put_away(a_pbx(), _SAMPLES) == ()


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("sip", "[desk]\nhost=dynamic\nsecret=s\n", "sip.conf:1:1 sip.conf has the phone desk, which goes"),
        ("sip", "[carrier]\nhost=sip.example.net\n", "sip.conf:1:1 sip.conf has the trunk carrier, which goes"),
        (
            "sip",
            "[general]\nregister => me:s3cret@sip.example.net/100\n",
            "sip.conf:2:1 sip.conf has the registration sip.example.net/100, which goes",
        ),
        ("sip", "[one](!)\nhost=dynamic\n[a](one)\n[b](one)\n", "sip.conf:3:1 sip.conf has the phones a, b, which go"),
        ("iax", "[branch]\ntype=friend\nhost=192.0.2.9\n", "iax.conf:1:1 iax.conf has the trunk branch, which goes"),
        ("iax", "[guest]\ntype=user\ncontext=office\n", "iax.conf:1:1 iax.conf has the phone guest, which goes"),
        ("users", "[6001]\nhassip=yes\n", "users.conf:1:1 users.conf has the phone 6001, which goes"),
        ("pjsip", "[desk]\ntype=endpoint\naors=desk\n", "pjsip.conf:1:1 pjsip.conf has the phone desk, which goes"),
        (
            "pjsip",
            "[itsp]\ntype=endpoint\noutbound_auth=itsp\n",
            "pjsip.conf:1:1 pjsip.conf has the trunk itsp, which goes",
        ),
        (
            "pjsip",
            "[itsp]\ntype=identify\nendpoint=lan\nmatch=192.0.2.9\n[lan]\ntype=endpoint\n",
            "pjsip.conf:5:1 pjsip.conf has the trunk lan, which goes",
        ),
        (
            "pjsip",
            "[itsp]\ntype=registration\nserver_uri=sip:sip.example.net\n",
            "pjsip.conf:1:1 pjsip.conf has the registration itsp, which goes",
        ),
        (
            "pjsip_wizard",
            "[itsp]\ntype = wizard\nremote_hosts = sip.example.net\n",
            "pjsip_wizard.conf:1:1 pjsip_wizard.conf has the trunk itsp, which goes",
        ),
        (
            "pjsip",
            '#include "pjsip.d/*.conf"\n',
            "pjsip.conf:1:1 pjsip.conf has the file pjsip.d/*.conf, which goes",
        ),
    ],
)
def test_phones_trunks_and_registrations_are_named_with_their_place(file: str, text: str, expected: str) -> None:
    assert told(**{file: text}) == [expected]


def test_what_the_inventory_has_under_its_name_does_not_go() -> None:
    text = "[101]\ntype=endpoint\n[to-branch]\ntype=endpoint\n[109]\ntype=endpoint\n"

    assert told(pjsip=text) == ["pjsip.conf:5:1 pjsip.conf has the phone 109, which goes"]


def test_many_phones_are_one_warning() -> None:
    text = "".join(f"[{number}]\nhost=dynamic\n" for number in range(200, 300))

    assert told(sip=text) == ["sip.conf:1:1 sip.conf has the phones 200, 201, 202, 203, 204, 205 and 94 more, which go"]


def test_no_password_of_the_users_is_told() -> None:
    text = (
        "[general]\nregister => me:s3cr@t@sip.example.net\nregister => me:s3cret\n[desk]\nhost=dynamic\nsecret=s3cr@t\n"
    )

    assert "s3cr" not in json.dumps(told(sip=text, iax=text))
