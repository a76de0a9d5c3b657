"""No secret of a file is shown, whoever wrote the file; that it changed is."""

from __future__ import annotations

import hashlib
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from confgen.drivers import asterisk
from confgen.drivers.asterisk.configuration import Append, Header, Option, objects, parse, read
from confgen.drivers.asterisk.impact import impact
from confgen.drivers.asterisk.masking import mask
from confgen.drivers.asterisk.security import security_delta
from confgen.model.document import Action, Change, Impact
from confgen.model.plan import SecurityDelta
from confgen.render import render
from tests.drivers.asterisk.configuration_cases import CASES
from tests.drivers.asterisk.made_configuration import texts
from tests.model.pbxs import a_pbx, secrets_of

SENTINEL = "Tr0ub4dor&3"


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


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
        ("boxes.conf", "101 => {},Alice,alice@example.test"),
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


PLAIN = "Tr0ub4dor3"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("pjsip.conf", "password += {}"),
        ("pjsip.conf", "password+={}"),
        ("pjsip.conf", ";-- password = {} --;"),
        ("pjsip.conf", ";-- c --; password = {}"),
        ("pjsip.conf", "--; password = {}"),
        ("pjsip.conf", "a;--\n--; password = {}"),
        ("pjsip.conf", ";-- a\npassword = {}\n--;"),
        ("pjsip.conf", "\\password = {}"),
        ("pjsip.conf", "\x01password = {}"),
        ("pjsip.conf", "password\x02=\x03{}"),
        ("pjsip.conf", ";\x01password\x01=\x01{}"),
        ("pjsip.conf", "\ufeffpassword = {}"),
        ("pjsip.conf", "\ufeff;-- c --;password = {}"),
        ("pjsip.conf", "[a]\n\ufeffpassword = {}"),
        ("pjsip.conf", "\xa0password\x7f = {}"),
        ("pjsip.conf", "pass;-- c --;word = {}"),
        ("pjsip.conf", "pass;-- c --;word ;-- d --;=;-- e --;> {} ; f"),
        ("pjsip.conf", ";-- pass;-- c --;word = {} --;"),
        ("pjsip.conf", ";-- a\npass;-- c --;word = {}\n--;"),
        ("pjsip.conf", "password = Tr0u;-- c --;b4dor3"),
        ("pjsip.conf", "password = a;-- password = {} --;b"),
        ("pjsip.conf", "--;\n;-- password;-- c --;={}"),
        ("pjsip.conf", ";--\n\\ p;-- c --;assword={}"),
        ("pjsip.conf", "password = abc;{}"),
        ("pjsip.conf", "password = abc--;{}"),
        ("pjsip.conf", "password == {}"),
        ("pjsip.conf", "password = > {}"),
        ("pjsip.conf", "password {}"),
        ("pjsip.conf", "=password = {}"),
        ("pjsip.conf", "my password = {}"),
        ("pjsip.conf", '"password" = {}'),
        ("pjsip.conf", '["password"] = {}'),
        ("pjsip.conf", "[a] password = {}"),
        ("pjsip.conf", "[a](+type=auth&password={})"),
        ("pjsip.conf", "; the password: {}"),
        ("pjsip.conf", "; set password = {} on the phone"),
        ("pjsip.conf", "password\0 = {}"),
        ("pjsip.conf", "password = x\0{}"),
        ("pjsip.conf", "x = 1\0 password = {}"),
        ("pjsip.conf", "; c\0 password = {}"),
        ("pjsip.conf", f"password = {'x' * 9000}{{}}"),
        ("pjsip.conf", f"{';-- ' * 129}password = {{}}"),
        ("pjsip.conf", "#exec /bin/token --password={}"),
        ("pjsip.conf", "#exec /bin/curl https://alice:{}@example.test/"),
        ("pjsip.conf", "set_var = TRUNK_PASSWORD={}"),
        ("pjsip.conf", "contact = sip:alice:{}&a,b(c)/d@example.test"),
        ("pjsip.conf", "contact = sip:alice:\ncontact += {}@example.test"),
        ("pjsip.conf", "contact = sip:alice:{}\ncontact += @example.test"),
        ("pjsip.conf", "set_var = PASSWORD=\nset_var += {}"),
        ("pjsip_wizard.conf", "outbound_auth/pass;-- c --;word = {}"),
        ("sip.conf", "auth = alice:\nauth += {}"),
        ("sip.conf", "auth = alice#{}@realm"),
        ("sip.conf", "mwi => 1234:{}@example.test/1234"),
        ("sip.conf", ";register => 1234:{}@example.test"),
        ("iax.conf", "inkeys = {}"),
        ("iax.conf", "dbsecret = {}/b"),
        ("extensions.conf", "[globals]\nTRUNK = IAX2/${{USER}}:{}@example.test"),
        ("extensions.conf", "exten => 1,1,Dial(SIP/alice:p@{}@example.test)"),
        ("extensions.conf", "exten => 1,1,Set(ADMINPASSWORD={})"),
        ("extensions.conf", "switch => IAX2/alice:{}@example.test/local"),
        ("extensions.ael", 'globals {{ TRUNK_PASSWORD="{}"; }}'),
        ("extensions.lua", '-- password = "{}"'),
        ("dundi.conf", "e164 => e164,100,IAX2,dundi:{}@example.test/x"),
        ("voicemail.conf", "[default]\nalice => {},Alice"),
        ("voicemail.conf", "[default]\n101 = {}"),
        ("voicemail.conf", "[default]\n101 += {},Alice"),
        ("voicemail.conf", ";101 => {},Alice"),
        ("voicemail.d/team.conf", "alice => {}"),
        ("voicemail.conf", "[default]\n101 => 1,Alice,,,imapuser=a|imappassword={}|tz=x"),
        ("meetme.conf", "conf => 1234,1,{}"),
        ("meetme.conf", ";conf => 1234,{}"),
        ("res_ldap.conf", "pass={}"),
        ("res_odbc.conf", "password => {}"),
        ("res_pgsql.conf", "dbpass={}"),
        ("res_odbc.conf", "dsn = Driver=x\\;UID=y\\;PWD={}"),
        ("res_curl.conf", "proxyuserpwd=alice:{}"),
        ("confbridge.conf", "admin_pin = {}"),
        ("confbridge.conf", "pin={}"),
        ("ari.conf", "adminpassword = {}"),
        ("pjsip.conf", "password2 = {}"),
    ],
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_is_masked_however_it_is_written(key: str, text: str, end: str) -> None:
    text = text.format(PLAIN).replace("\n", end or "\n") + end
    masked = mask(key, text, fingerprint)
    assert PLAIN not in masked
    assert "b4dor3" not in masked
    assert "********" in masked
    assert masked.endswith(end)
    assert skeleton(masked) == skeleton(text)
    assert mask(key, masked, fingerprint) == masked


def skeleton(text: str) -> list[object]:
    """All that a text says but its values: what must be the same when they are masked."""
    file = read(text, "a.conf")
    lines: list[object] = [file.depth, file.open_since and file.open_since.line]
    for line in file.lines:
        said = line.statement
        name = said.name if isinstance(said, Header | Option | Append) else None
        lines.append((type(said), name, bool(line.comments), line.raw.endswith("\r\n"), line.raw.endswith("\n")))
    return lines


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("\tPassword =>\t{} \t; since May\r\n", "\tPassword =>\t{} \t; since May\r\n"),
        (";-- password = {} --; x = 1\n", ";-- password = {} --; x = 1\n"),
        (";password = {} ; since May ; password = {}\n", ";password = {} ; since May ; password = {}\n"),
        ("password = Tr0u;-- a --;b4dor3 ;-- b\n", "password = {};-- a --; ;-- b\n"),
        ("exten => 1,1,Dial(IAX2/a:{}@b/1,60)\n", "exten => 1,1,Dial(IAX2/a:{}@b/1,60)\n"),
        ("[a](+password={},!)\n", "[a](+password={},!)\n"),
        ("101 => {} , Alice\n", "101 => {} , Alice\n"),
        ("\ufeff; password = {}\n", "\ufeff; password = {}\n"),
        (";-- password = {} --; x = 1 ;-- c --;\n", ";-- password = {} --; x = 1 ;-- c --;\n"),
        ("exten => 1,1,Set(A=b) ;-- c --;\n", "exten => 1,1,Set(A=b) ;-- c --;\n"),
    ],
)
def test_nothing_but_the_secret_changes(text: str, masked: str) -> None:
    assert mask("x.conf", text.format(PLAIN, PLAIN), fingerprint) == masked.format(*2 * [hidden(PLAIN)])


def hidden(secret: str) -> str:
    return f"******** ({fingerprint(secret)})"


NAMES = (
    *("password", "password_digest", "md5_cred", "oauth_secret", "refresh_token", "outbound_auth/password", "secret"),
    *("remotesecret", "md5secret", "dbsecret", "register", "mwi", "inkeys", "outkey", "dbpass", "pass", "vmsecret"),
    *("turnpassword", "adminpw", "pin", "adminpin", "auth_password", "capture_password", "userpwd", "accounts"),
    *("sipsecret", "private_key_password", "outbound_auth_secret", "imappassword", "TRUNK_PASSWORD", "ssl_keypasswd"),
)
BLANKS = st.text(st.sampled_from(" \t\x01"), max_size=2)
COMMENTED = st.sampled_from(["", ";-- c --;", ";-- c ;-- d --; --;"])


@st.composite
def written(draw: st.DrawFn) -> str:
    """A line that gives a secret, in any way the dialect has for it."""
    name = "".join(draw(st.sampled_from([sign, sign.upper()])) for sign in draw(st.sampled_from(NAMES)))
    cut = draw(st.integers(0, len(name)))
    begin = draw(
        st.sampled_from(["", "\ufeff", "\\", ";", "; ", ";;;", ";-- ", ";-- c\n", ";-- c --; ", "--; ", "x --;"])
    )
    sign = draw(st.sampled_from(["=", "=>", "+=", "+=>", "=="]))
    after = draw(st.sampled_from(["", " ", " ; since May", ";", " ;-- c --;", ";-- c --;", " --;", "--;", "\n--;"]))
    parts = [begin, draw(BLANKS), name[:cut], draw(COMMENTED), name[cut:], draw(BLANKS), sign, draw(BLANKS), PLAIN]
    return "".join((*parts, after))


@given(
    before=texts(),
    line=written(),
    after=texts(),
    end=st.sampled_from(["\n", "\r\n"]),
    key=st.sampled_from(["pjsip.conf", "sip.d/a.conf", "voicemail.conf"]),
)
def test_no_way_of_writing_shows_a_secret(before: str, line: str, after: str, end: str, key: str) -> None:
    text = f"{before}\n{line}\n{after}".replace("\n", end)
    masked = mask(key, text, fingerprint)
    assert PLAIN not in masked
    assert mask(key, masked, fingerprint) == masked
    assert skeleton(masked) == skeleton(text)


@given(before=texts(), line=written(), after=texts())
def test_no_way_of_writing_changes_what_stands_around_a_secret(before: str, line: str, after: str) -> None:
    others = "\n".join((before, line.partition(PLAIN)[0], line.partition(PLAIN)[2], after))
    assume(mask("pjsip.conf", others, fingerprint) == others)
    masked = mask("pjsip.conf", f"{before}\n{line}\n{after}", fingerprint).split("\n")
    assert masked[: before.count("\n") + 1] == before.split("\n")
    assert masked[len(masked) - after.count("\n") - 1 :] == after.split("\n")


@given(text=st.one_of(st.text(), texts(), st.binary().map(lambda octets: octets.decode("utf-8", "surrogateescape"))))
def test_any_text_keeps_its_form(text: str) -> None:
    masked = mask("a.conf", text, fingerprint)
    assert skeleton(masked) == skeleton(text)
    assert mask("a.conf", masked, fingerprint) == masked


@pytest.mark.parametrize("case", CASES)
def test_files_without_secrets_come_back_unchanged(case: str) -> None:
    for text in CASES[case].values():
        assert mask("a.conf", text, fingerprint) == text


def test_an_equal_secret_has_an_equal_fingerprint_however_it_is_written() -> None:
    ways = ["secret = a\\;b", "SECRET=>a\\;b ; c", ";-- c --;sec;-- c --;ret = a;-- c --;\\;b"]
    assert {parse(mask("sip.conf", f"[a]\n{way}\n", fingerprint))[0].options[0].value for way in ways} == {
        hidden("a;b")
    }


def test_impact_and_security_are_told_from_masked_texts() -> None:
    def of(before: str, after: str) -> tuple[Impact, SecurityDelta]:
        masked = [mask("pjsip.conf", text, fingerprint) for text in (before, after)]
        change = Change(
            key="pjsip.conf",
            action=Action.CHANGE,
            before=masked[0],
            after=masked[1],
            before_fingerprint="a",
            after_fingerprint="b",
        )
        return impact([change]), security_delta([change])

    head = "[t]\ntype = transport\nbind = 0.0.0.0\nallow_reload = yes\n"
    old = f"{head}password = a\nmethod = tlsv1_2\n"
    same_otherwise_written = f"{head};-- c --;PASSWORD=>a\nmethod = tlsv1_2\n"
    assert of(old, old.replace("= a", ";-- c --;=> a")) == (Impact.RELOAD, SecurityDelta.SAME)
    assert of(old, same_otherwise_written.replace("PASSWORD", "password")) == (Impact.RELOAD, SecurityDelta.SAME)
    assert of(old, old.replace("= a", "= b")) == (Impact.TRANSPORT_RESTART, SecurityDelta.SAME)
    assert of(old, old.replace("v1_2", "v1_3")) == (Impact.TRANSPORT_RESTART, SecurityDelta.STRONGER)
    assert of(f"--; password = {PLAIN}\n{old}", old)[1] is SecurityDelta.SAME


# What regular expressions might take long for.
_SLOW = (
    *("sip:a:", "a:", "-", "password", "auth=a ", "0", "password ", "[", "@", "${a:", "a@", "secret=a,", ";--", "a;"),
    *("--;", "\\;", " ", "=", "pass;-- c --;word = a ", "a=b:c", "101 => 1,"),
)


def _full(text: str) -> object:
    return pytest.param(text, marks=pytest.mark.full)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"[{n}](t)\ntype = auth\nusername = {n}\npassword = a{n}\ncontext = a ; b\n" for n in range(14_000)),
        *(_full(sign * (200_000 // len(sign))) for sign in _SLOW),
        *(_full((sign * (8_000 // len(sign)) + "\n") * 25) for sign in _SLOW),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_megabyte_is_masked_at_once(text: str) -> None:
    began = time.process_time()
    mask("pjsip.conf", text, fingerprint)
    assert time.process_time() - began < 2  # half a second on a quiet machine


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
        "contact = sip:alice@[2001:db8::1]:5061\nclient_uri = sip:alice@example.test:5061\n",
        "[default_menu]\n1 = toggle_mute\n",
        "minpassword = 4\nrequirecalltoken = no\npassword_format = crypt\n",
        "exten => _41X,1,Dial(PJSIP/${FILTER(0-9,${EXTEN:2})}@provider&PJSIP/${EXTEN:2}@provider)\n",
        "; The password of Alice is hers; so is her secret.\n",
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
