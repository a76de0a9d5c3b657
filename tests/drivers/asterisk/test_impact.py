"""Each change costs the smallest activation after which it is in force."""

from __future__ import annotations

import pytest

from confgen.drivers.asterisk.impact import impact, reloads
from confgen.model.document import Action, Change, Impact

NONE, RELOAD = Impact.NONE, Impact.RELOAD
TRANSPORT_RESTART, PROCESS_RESTART = Impact.TRANSPORT_RESTART, Impact.PROCESS_RESTART

PJSIP = """[global]
type = global
[tls]
type = transport
protocol = tls
bind = 192.0.2.11:5061
verify_server = yes
method = tlsv1_2
allow_reload = yes
[tls-2]
type = transport
protocol = tls
bind = [2001:db8::11]:5061
[101]
type = endpoint
media_encryption = sdes
[101]
type = auth
password = ******** (aaaa)
"""


def change(
    key: str,
    action: Action = Action.CHANGE,
    before: str | None = "x",
    after: str | None = "y",
    *,
    is_foreign: bool = False,
    written: str | None = None,
) -> Change:
    return Change(
        key=key,
        action=action,
        before=before,
        after=after,
        before_fingerprint=None,
        after_fingerprint=None,
        is_foreign=is_foreign,
        written=written,
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("media_encryption = sdes", "media_encryption = dtls", RELOAD),
        ("(aaaa)", "(bbbb)", RELOAD),
        ("[101]\ntype = endpoint", "[102]\ntype = endpoint", RELOAD),
        ("type = global", "type = global\nuser_agent = PBX", RELOAD),
        ("method = tlsv1_2", "method = sslv23", TRANSPORT_RESTART),
        ("tlsv1_2\nallow_reload = yes", "sslv23\nallow_reload = no", PROCESS_RESTART),
        ("tlsv1_2\nallow_reload = yes", "tlsv1_2", PROCESS_RESTART),
        ("[tls-2]\ntype = transport", "[tls-2]\ntype = transport\nmethod = tlsv1_2", PROCESS_RESTART),
        ("protocol = tls\nbind = 192", "protocol = wss\nbind = 192", PROCESS_RESTART),
        ("[101]\ntype = endpoint", "[tls-3]\ntype = transport\n[101]\ntype = endpoint", TRANSPORT_RESTART),
        ("bind = 192.0.2.11:5061", "bind = 192.0.2.11:5062", PROCESS_RESTART),
        ("verify_server = yes", "verify_server = no", PROCESS_RESTART),
        ("[tls-2]\ntype = transport\nprotocol = tls\nbind = [2001:db8::11]:5061\n", "", PROCESS_RESTART),
        ("[tls-2]", "[tls-3]", PROCESS_RESTART),
        ("type = global", "type = global\n[system]\ntype = system", PROCESS_RESTART),
        ("type = global", "type = global\ndefault_auth_algorithms_uas = SHA-256", PROCESS_RESTART),
        ("type = global", "type = global\ndefault_auth_algorithms_uac = SHA-256", PROCESS_RESTART),
        ("type = global", "type = global\nendpoint_identifier_order = ip,username", PROCESS_RESTART),
        ("; nothing", '#include "phones.conf"', RELOAD),
        ("(aaaa)", "(aaaa)\nsupported_algorithms_uas = SHA-256", RELOAD),
        ("; nothing", "; nothing", RELOAD),
    ],
)  # fmt: skip
def test_a_change_of_sip_costs_what_it_touches(old: str, new: str, expected: Impact) -> None:
    before = PJSIP + "; nothing\n"
    assert old in before
    assert impact([change("pjsip.conf", before=before, after=before.replace(old, new, 1))]) is expected


def test_a_file_that_is_included_no_more_may_take_a_transport_with_it() -> None:
    before = PJSIP + '#include "phones.conf"\n'
    assert impact([change("pjsip.conf", before=before, after=PJSIP)]) is PROCESS_RESTART


def test_of_a_file_that_was_changed_by_hand_either_text_may_be_loaded() -> None:
    moved = PJSIP.replace("192.0.2.11:5061", "192.0.2.11:5062")
    assert impact([change("pjsip.conf", before=moved, after=moved, written=PJSIP)]) is PROCESS_RESTART
    assert impact([change("pjsip.conf", before=moved, after=PJSIP, written=PJSIP)]) is PROCESS_RESTART
    louder = PJSIP.replace("sdes", "dtls")
    assert impact([change("pjsip.conf", before=louder, after=PJSIP, written=PJSIP)]) is RELOAD


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (change("extensions.conf"), RELOAD),
        (change("rtp.conf"), RELOAD),
        (change("logger.conf"), RELOAD),
        (change("manager.conf"), RELOAD),
        (change("http.conf"), RELOAD),
        (change("modules.conf"), PROCESS_RESTART),
        (change("pjproject.conf"), PROCESS_RESTART),
        (change("ccss.conf"), PROCESS_RESTART),
        (change("keys/0011.key", Action.ADD, before=None), NONE),
        (change("keys/0011.key", Action.CHANGE), PROCESS_RESTART),
        (change("extensions.conf", Action.ADD, before=None), PROCESS_RESTART),
        (change("iax.conf", Action.REMOVE, after=None), PROCESS_RESTART),
        (change("rtp.conf", Action.GIVE_BACK, before=None, after=None), PROCESS_RESTART),
        (change("extensions.conf", is_foreign=True), PROCESS_RESTART),
        (change("pjsip.conf", before=PJSIP, after=PJSIP, is_foreign=True), PROCESS_RESTART),
    ],
)
def test_a_change_of_another_file_costs_what_reads_it(changed: Change, expected: Impact) -> None:
    assert impact([changed]) is expected


def test_the_gravest_change_counts() -> None:
    changes = [change("rtp.conf"), change("modules.conf"), change("keys/0011.crt", Action.ADD, before=None)]
    assert impact(changes) is PROCESS_RESTART
    assert impact(changes[:1]) is RELOAD
    assert impact([]) is NONE


def test_sip_is_reloaded_last_so_that_what_it_refers_to_is_there() -> None:
    keys = ["pjsip.conf", "rtp.conf", "extensions.conf", "keys/0011.crt", "modules.conf", "acl.conf"]
    assert reloads(keys) == ("acl", "dialplan", "res_rtp_asterisk.so", "res_pjsip.so")
    assert reloads([]) == ()
