"""No secret of a file is shown, whoever wrote the file; that it changed is."""

from __future__ import annotations

import hashlib

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk.configuration import objects, parse
from confgen.drivers.asterisk.masking import mask
from confgen.render import render
from tests.model.pbxs import a_pbx, secrets_of

SENTINEL = "Tr0ub4dor&3"


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("pjsip.conf", "password = {}"),
        ("pjsip.conf", "password={}"),
        ("pjsip.conf", "  PASSWORD  =  {} ; since May"),
        ("pjsip.conf", ";password = {}"),
        ("pjsip.conf", " ;; password = {}"),
        ("pjsip.conf", "password_digest = SHA-256:{}"),
        ("pjsip.conf", "md5_cred = {}"),
        ("pjsip.conf", "oauth_secret = {}"),
        ("pjsip.conf", "refresh_token = {}"),
        ("pjsip_wizard.conf", "inbound_auth/password = {}"),
        ("pjsip_wizard.conf", "outbound_auth/password = {}"),
        ("sip.conf", "secret = {}"),
        ("sip.conf", "secret => {}"),
        ("sip.conf", "md5secret = {}"),
        ("sip.conf", "remotesecret = {}"),
        ("sip.conf", "register => 2345:{}@provider.example.test/1234"),
        ("sip.conf", "auth = alice:{}@realm"),
        ("iax.conf", "register => alice:{}@provider.example.test"),
        ("iax.conf", "secret = {}"),
        ("manager.conf", "secret = {}"),
        ("users.conf", "vmsecret = {}"),
        ("rtp.conf", "turnpassword = {}"),
        ("voicemail.conf", "101 => {},Alice,alice@example.test"),
        ("voicemail.conf", "101 = {}"),
        ("extensions.conf", "exten => 9,1,Dial(IAX2/alice:{}@provider.example.test/123)"),
        ("pjsip.conf", "server_uri = sip:alice:{}@provider.example.test"),
    ],
)
def test_a_secret_is_masked_by_the_field_it_stands_in(key: str, line: str) -> None:
    secret = SENTINEL.replace("&", "") if "@" in line or "," in line else SENTINEL
    text = f"[alice]\ntype = x\n{line.format(secret)}\nlast = 1\n"
    masked = mask(key, text, fingerprint)
    assert secret not in masked
    assert "********" in masked
    assert masked.startswith("[alice]\ntype = x\n")
    assert masked.endswith("\nlast = 1\n")


def test_another_secret_has_another_fingerprint_and_the_same_one_the_same() -> None:
    first, second, again = (mask("pjsip.conf", f"password = {secret}\n", fingerprint) for secret in ("a", "b", "a"))
    assert first != second
    assert first == again


def test_a_secret_without_a_value_takes_nothing_of_the_next_line_with_it() -> None:
    text = "secret =\n[bob]\ntype = friend\n"
    assert mask("sip.conf", text, fingerprint) == text


@pytest.mark.parametrize(
    "text",
    [
        "auth = alice\noutbound_auth = bob\nauth_type = digest\n",
        "contact = sip:branch.example.test:5061\\;transport=tls\n",
        "exten => 101,1,Dial(PJSIP/${EXTEN}@to-branch,60,U(confgen-called))\n",
        'secretary = Alice\ncallerid = "Password" <101>\n',
        "bind = [2001:db8::11]:5061\nrtpstart = 20000\n",
    ],
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert mask("pjsip.conf", text, fingerprint) == text


def test_a_key_shows_its_kind_alone() -> None:
    assert mask("keys/00ff.key", f"-----BEGIN {SENTINEL}", fingerprint).startswith("(private key, ")
    assert mask("keys/00ff.crt", f"-----BEGIN {SENTINEL}", fingerprint).startswith("(certificate, ")
    assert SENTINEL not in mask("keys/00ff.key", SENTINEL, fingerprint)


def test_everything_that_confgen_writes_is_masked_and_keeps_its_sections() -> None:
    pbx = a_pbx()
    for document in render(asterisk.sources(pbx), secrets_of(pbx)):
        text = document.reveal()
        masked = mask(document.key, text, fingerprint)
        assert "sentinel" not in masked
        if not document.key.startswith("keys/"):
            assert [section.name for section in parse(masked)] == [section.name for section in parse(text)]
            assert objects(parse(masked)).keys() == objects(parse(text)).keys()
