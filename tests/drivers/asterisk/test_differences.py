"""Two configurations are compared by what Asterisk makes of them, and what differs is told in its own words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.drivers import asterisk
from confgen.drivers.asterisk.differences import differences
from confgen.model.secret import MASK
from tests.drivers.asterisk.asterisk_answers import documents_of
from tests.drivers.asterisk.made_configuration import texts as made_texts
from tests.model.pbxs import a_pbx

PHONE = """\
[101]
type = endpoint
context = phones
disallow = all
allow = alaw,ulaw
media_encryption = sdes
deny = 0.0.0.0/0
permit = 192.0.2.0/24
auth = 101
aors = 101
[101]
type = auth
username = 101
password = ******** (aaaaaaaaaa)
[101]
type = aor
max_contacts = 1
"""
TRUNK = """\
[carrier]
type = endpoint
outbound_auth = carrier
aors = carrier
[carrier]
type = auth
username = us
[carrier]
type = aor
contact = sip:carrier.example.test
[carrier]
type = registration
endpoint = carrier
server_uri = sip:carrier.example.test
retry_interval = 30
[carrier]
type = identify
endpoint = carrier
match = 198.51.100.1
"""
TRANSPORT = "[transport-tls]\ntype = transport\nprotocol = tls\nbind = 192.0.2.11:5061\n"
DENY, PERMIT = "deny 0.0.0.0/0", "permit 192.0.2.0/24"
SIP = f"[global]\ntype = global\n{TRANSPORT}{PHONE}{TRUNK}"
DIALPLAN = """\
[general]
static = yes
[globals]
COUNTRY = 49
[phones]
include => blocked
include => extensions
exten => 600,1,Answer()
 same => n,Echo()
 same => n(end),Hangup()
exten => 601,hint,PJSIP/101
[extensions]
exten => 101,1,Dial(PJSIP/101,60)
"""


def told(before: Mapping[str, str], after: Mapping[str, str], own: Mapping[str, str] | None = None) -> Sequence[str]:
    """Each as `subject: option before -> after`, with `.` for what is not there."""
    return [
        f"{found.subject}: {found.option} {'.' if found.before is None else found.before} -> "
        f"{'.' if found.after is None else found.after}".replace(":  ", ": ")
        for found in differences(before, after, own or {})
    ]


def in_sip(before: str, after: str) -> Sequence[str]:
    assert before in SIP
    return told({"pjsip.conf": SIP}, {"pjsip.conf": SIP.replace(before, after, 1)})


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("= sdes", "= dtls", ["extension 101: media_encryption sdes -> dtls"]),
        ("media_encryption = sdes\n", "", ["extension 101: media_encryption sdes -> ."]),
        ("(aaaaaaaaaa)", "(bbbb)", [f"extension 101: auth password {MASK} (aaaaaaaaaa) -> {MASK} (bbbb)"]),
        ("max_contacts = 1", "max_contacts = 3", ["extension 101: aor max_contacts 1 -> 3"]),
        ("alaw,ulaw", "ulaw,alaw", ["extension 101: allow alaw,ulaw -> ulaw,alaw"]),
        ("permit = 192.0.2.0/24", "permit = 192.0.2.0/24\npermit = 198.51.100.0/24",
         ["extension 101: permit . -> 198.51.100.0/24"]),
        ("deny = 0.0.0.0/0\npermit = 192.0.2.0/24", "permit = 192.0.2.0/24\ndeny = 0.0.0.0/0",
         [f"extension 101: order of permit and deny {DENY}; {PERMIT} -> {PERMIT}; {DENY}"]),
        ("5061", "5062", ["transport transport-tls: bind 192.0.2.11:5061 -> 192.0.2.11:5062"]),
        (TRANSPORT, "", ["transport transport-tls:  -> ."]),
        (PHONE, "", ["extension 101:  -> ."]),
        (TRUNK, "", ["trunk carrier:  -> ."]),
        (PHONE, PHONE + PHONE.replace("101", "102"), ["extension 102: . -> "]),
        ("retry_interval = 30", "retry_interval = 60", ["trunk carrier: registration retry_interval 30 -> 60"]),
        ("198.51.100.1", "198.51.100.1,198.51.100.2", ["trunk carrier: identify match . -> 198.51.100.2"]),
        ("[carrier]\ntype = identify\nendpoint = carrier\nmatch = 198.51.100.1\n", "",
         ["trunk carrier: its identify carrier -> ."]),
        ("auth = 101\naors = 101\n[101]\ntype = auth", "auth = desk\naors = 101\n[desk]\ntype = auth",
         ["extension 101: auth 101 -> desk"]),
        ("type = global", "type = global\nuser_agent = PBX", ["global: user_agent . -> PBX"]),
        ("[global]", "[office]\ntype = acl\n[global]", ["acl office: . -> "]),
    ],
)  # fmt: skip
def test_a_difference_of_sip_is_told_of_the_phone_trunk_or_transport(
    before: str, after: str, words: Sequence[str]
) -> None:
    assert in_sip(before, after) == words


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("media_encryption = sdes", "MEDIA_ENCRYPTION=>sdes ; as phones want it"),
        ("disallow = all\nallow = alaw,ulaw", "allow = alaw\nallow = ulaw"),
        ("disallow = all\nallow = alaw,ulaw", "allow = all\ndisallow = all\nallow = gsm,alaw\nallow = ulaw,!gsm"),
        ("media_encryption = sdes", "media_encryption = no\nmedia_encryption = sdes"),
        ("permit = 192.0.2.0/24", "permit = 192.0.2.0/24\n;--\npermit = 198.51.100.0/24\n--;"),
        ("[101]\ntype = endpoint\n", "[phone](!)\ntype = endpoint\n[101](phone)\n"),
        ("media_encryption = sdes\n", ""),
        (PHONE, ""),
    ],
)
def test_templates_additions_includes_and_other_ways_to_write_it_are_no_difference(before: str, after: str) -> None:
    own = {
        "phones.conf": PHONE if after == "" and before == PHONE else "",
        "more.conf": "[101](+)\nmedia_encryption = sdes\n" if before == "media_encryption = sdes\n" else "",
    }
    text = f'#include "phones.conf"\n{SIP.replace(before, after, 1)}#include "more.conf"\n'

    assert text != SIP
    assert told({"pjsip.conf": SIP}, {"pjsip.conf": text}, own) == []


def test_what_an_included_file_holds_is_told_where_it_is_included_no_more() -> None:
    own = {"phones.conf": PHONE.replace("101", "901")}

    words = told({"pjsip.conf": f'{SIP}#include "phones.conf"\n'}, {"pjsip.conf": SIP}, own)

    assert words == ["extension 901:  -> ."]


def test_a_document_that_another_one_includes_is_told_with_it() -> None:
    after = {"pjsip.conf": f'{SIP}#include "moving.conf"\n', "moving.conf": PHONE.replace("101", "901")}

    assert told({"pjsip.conf": SIP}, after) == ["extension 901: . -> "]
    assert told(after, after | {"moving.conf": PHONE.replace("101", "902")}) == [
        "extension 901:  -> .",
        "extension 902: . -> ",
    ]


def test_files_that_include_each_other_hide_nothing() -> None:
    circle = f'{SIP}#include "extensions.conf"\n', f'{DIALPLAN}#include "pjsip.conf"\n'
    before = {"pjsip.conf": circle[0], "extensions.conf": circle[1]}
    after = before | {"pjsip.conf": circle[0].replace("= sdes", "= dtls")}

    assert "extension 101: media_encryption sdes -> dtls" in told(before, after)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Echo()", "Milliwatt()", ["dialplan context phones, 600: priority 2 Echo() -> Milliwatt()"]),
        (" same => n,Echo()", " same => n,Wait(1)\n same => n,Echo()",
         ["dialplan context phones, 600: priority 2 . -> Wait(1)"]),
        (" same => n,Echo()\n", "", ["dialplan context phones, 600: priority 2 Echo() -> ."]),
        ("n(end)", "n(done)", ["dialplan context phones, 600: priority 3 (end) Hangup() -> (done) Hangup()"]),
        (" same => n,Echo()", " same => n+5,Echo()", ["dialplan context phones, 600: priorities 1, 2, 3 -> 1, 7, 8"]),
        ("PJSIP/101\n", "PJSIP/102\n", ["dialplan context phones, 601: priority hint PJSIP/101 -> PJSIP/102"]),
        ("exten => 101,1,Dial(PJSIP/101,60)\n", "exten => 102,1,Dial(PJSIP/102,60)\n",
         ["dialplan context extensions, 101:  -> .", "dialplan context extensions, 102: . -> "]),
        ("include => blocked\n", "", ["dialplan context phones: include blocked -> ."]),
        ("include => blocked\ninclude => extensions", "include => extensions\ninclude => blocked",
         ["dialplan context phones: order of includes blocked, extensions -> extensions, blocked"]),
        ("[extensions]\n", "[night]\n[extensions]\n", ["dialplan context night: . -> "]),
        ("COUNTRY = 49", "COUNTRY = 43", ["extensions.conf [globals]: COUNTRY 49 -> 43"]),
    ],
)  # fmt: skip
def test_a_difference_of_the_dialplan_is_told_by_context_extension_and_priority(
    before: str, after: str, words: Sequence[str]
) -> None:
    assert before in DIALPLAN
    changed = DIALPLAN.replace(before, after, 1)

    assert told({"extensions.conf": DIALPLAN}, {"extensions.conf": changed}) == words


def test_the_same_steps_numbered_otherwise_are_no_difference() -> None:
    numbered = DIALPLAN.replace(" same => n,Echo()\n same => n(end),", "exten=600,2,Echo()\nexten=>600,3(end),")

    assert told({"extensions.conf": DIALPLAN}, {"extensions.conf": numbered}) == []


def test_an_extension_of_very_many_steps_is_not_compared_for_ever() -> None:
    long = "[a]\n" + "".join(f"exten => 1,{number},NoOp({number % 3})\n" for number in range(1, 5000))

    words = told({"extensions.conf": long}, {"extensions.conf": long.replace("NoOp(1)", "Wait(1)")})

    assert words == ["dialplan context a, 1: its steps 4999 of them -> 4999 others"]


@pytest.mark.parametrize(
    ("key", "before", "after", "words"),
    [
        ("rtp.conf", "[general]\nrtpend = 20199\n", "[general]\nrtpend = 30000\n",
         ["rtp.conf [general]: rtpend 20199 -> 30000"]),
        ("rtp.conf", "[general]\nstrictrtp = true\n", "[general]\nstrictrtp=yes\n", []),
        ("manager.conf", "[general]\n[fraud]\nsecret = ******** (aa)\n", "[general]\n",
         ["manager.conf [fraud]:  -> ."]),
        ("modules.conf", "[modules]\nload = a.so\nload = b.so\n", "[modules]\nload = b.so\nload = c.so\nload = a.so\n",
         ["modules.conf [modules]: load . -> c.so"]),
        ("sip.conf", "[general]\n", None, ["sip.conf:  -> ."]),
        ("rtp.conf", None, "[general]\n", ["rtp.conf: . -> "]),
        ("extensions.ael", "context a {}", None, ["extensions.ael:  -> ."]),
        ("keys/0a.crt", None, "(certificate, 11)\n", ["certificate keys/0a.crt: . -> "]),
        ("keys/0a.key", "(private key, 11)\n", "(private key, 22)\n",
         ["private key keys/0a.key: content (private key, 11) -> (private key, 22)"]),
    ],
)  # fmt: skip
def test_other_files_are_told_by_section_and_option(
    key: str, before: str | None, after: str | None, words: Sequence[str]
) -> None:
    assert told({} if before is None else {key: before}, {} if after is None else {key: after}) == words


def test_sip_comes_first_then_the_dialplan() -> None:
    before = {"acl.conf": "[a]\n", "extensions.conf": DIALPLAN, "pjsip.conf": SIP, "rtp.conf": "[general]\n"}

    subjects = [found.subject for found in differences(before, {}, {})]

    assert subjects[0] == "global"
    assert subjects.index("extension 101") < subjects.index("dialplan context phones") < subjects.index("acl.conf")


def test_no_secret_is_in_what_differs_between_masked_texts() -> None:
    def masked(change: str) -> Mapping[str, str]:
        return {
            document.key: asterisk.mask(
                document.key,
                document.reveal().replace("sentinel", change),
                lambda text: hashlib.sha256(text.encode()).hexdigest()[:10],
            )
            for document in documents_of(a_pbx())
        }

    found = told(masked("sentinel"), masked("sentinel-new"))

    assert any(words.startswith(f"extension 101: auth password {MASK} (") for words in found)
    assert any(words.startswith(f"trunk to-branch: auth password {MASK} (") for words in found)
    assert "sentinel" not in str(found)


def sections(text: str) -> Sequence[str]:
    head, *others = text.split("\n[")
    return [head, *(f"[{other}" for other in others)]


@given(data=st.data())
def test_order_white_space_and_comments_are_never_a_difference(data: st.DataObject) -> None:
    """Whatever the order of sections and of options with names of their own, and however it is laid out."""
    layouts = st.sampled_from(
        ["{}", "  {}", "{} ", "{} ; a word", "; before\n{}", ";-- over\nlines --;\n{}", "{}\n\n\t"]
    )

    def shuffled(section: str) -> str:
        header, *options = section.strip().splitlines()
        rules = [option for option in options if option.startswith(("deny", "permit", "allow", "disallow"))]
        others = data.draw(st.permutations([option for option in options if option not in rules]))
        at = data.draw(st.integers(0, len(others)))
        return "\n".join(data.draw(layouts).format(line) for line in (header, *others[:at], *rules, *others[at:]))

    parts = [shuffled(section) for section in data.draw(st.permutations(sections(SIP)))]

    assert told({"pjsip.conf": SIP}, {"pjsip.conf": "\n".join(parts)}) == []


@given(before=made_texts(), after=made_texts(), key=st.sampled_from(["pjsip.conf", "extensions.conf", "rtp.conf"]))
def test_whatever_a_file_says_it_differs_from_itself_in_nothing_and_from_others_in_words(
    before: str, after: str, key: str
) -> None:
    own = {"made/b.conf": "[a](+)\nx = 1\n", "made/c.conf": after}

    assert told({key: before}, {key: f"{before}\n"}, own) == []
    assert all(found.subject for found in differences({key: before}, {key: after}, own))
