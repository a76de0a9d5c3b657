"""Whether a change makes the PBX stronger or weaker is told from the options that decide it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.drivers.asterisk.security import security_delta, weaker
from confgen.model.document import Action, Change
from confgen.model.plan import SecurityDelta
from tests.drivers.asterisk.test_impact import change

STRONGER, SAME, WEAKER = SecurityDelta.STRONGER, SecurityDelta.SAME, SecurityDelta.WEAKER
ENDPOINT = "[101]\ntype = endpoint\nmedia_encryption = sdes\n"
TRANSPORT = "[tls]\ntype = transport\n"


def edited(text: str, before: str, after: str) -> Change:
    return change("pjsip.conf", before=f"{text}{before}\n", after=f"{text}{after}\n")


@pytest.mark.parametrize(
    ("text", "before", "after", "delta"),
    [
        (ENDPOINT, "media_encryption_optimistic = yes", "media_encryption_optimistic = no", STRONGER),
        (ENDPOINT, "media_encryption_optimistic = no", "media_encryption_optimistic = yes", WEAKER),
        (ENDPOINT, "srtp_tag_32 = no", "srtp_tag_32 = yes", WEAKER),
        (ENDPOINT, "direct_media = yes", "direct_media = no", STRONGER),
        (ENDPOINT, "t38_udptl = no", "t38_udptl = yes", WEAKER),
        (ENDPOINT, "allow_transfer = no", "", WEAKER),
        (ENDPOINT, "media_encryption = no", "", STRONGER),
        (ENDPOINT, "", "media_encryption = no", WEAKER),
        (ENDPOINT, "", "media_encryption = dtls", STRONGER),
        (ENDPOINT, "callerid = a", "callerid = b", SAME),
        (ENDPOINT, "permit = 192.0.2.0/24", "", WEAKER),
        (ENDPOINT, "", "permit = 192.0.2.0/24", STRONGER),
        (ENDPOINT, "permit = 192.0.2.0/24", "permit = 192.0.2.0/24\npermit = 198.51.100.0/24", WEAKER),
        (ENDPOINT, "permit = 192.0.2.0/24\npermit = 198.51.100.0/24", "permit = 192.0.2.0/24", STRONGER),
        (ENDPOINT, "permit = 192.0.2.0/24", "permit = 198.51.100.0/24", WEAKER),
        (ENDPOINT, "permit = 10.0.0.0/16", "permit = 10.0.7.0/24", STRONGER),
        (ENDPOINT, "permit = 10.0.7.0/24", "permit = 10.0.0.0/16", WEAKER),
        (ENDPOINT, "permit = 10.0.7.1", "permit = 10.0.7.1/32", SAME),
        (ENDPOINT, "permit = 0.0.0.0/0", "permit = fd00::/8", WEAKER),
        (ENDPOINT, "", "permit = 0.0.0.0/0\npermit = ::/0", SAME),
        (ENDPOINT, "permit = 192.0.2.0/24", "permit = a.example.com", WEAKER),
        (TRANSPORT, "method = sslv23", "method = tlsv1_2", STRONGER),
        (TRANSPORT, "method = tlsv1_3", "method = sslv23", WEAKER),
        (TRANSPORT, "method = tlsv1", "method = tlsv1_2", STRONGER),
        (TRANSPORT, "verify_server = yes", "verify_server = no", WEAKER),
        (TRANSPORT, "require_client_cert = no", "require_client_cert = yes", STRONGER),
    ],
)
def test_an_option_makes_it_stronger_or_weaker(text: str, before: str, after: str, delta: SecurityDelta) -> None:
    assert security_delta([edited(text, before, after)]) is delta


def test_weaker_wins() -> None:
    stronger = edited(ENDPOINT, "direct_media = yes", "direct_media = no")
    weaker = edited(TRANSPORT, "verify_client = yes", "verify_client = no")
    assert security_delta([stronger, weaker]) is WEAKER
    assert security_delta([stronger]) is STRONGER


def test_whatever_confgen_takes_over_gets_stronger() -> None:
    assert security_delta([change("sip.conf", Action.REMOVE, after=None, is_foreign=True)]) is STRONGER


def test_what_is_given_back_gets_weaker() -> None:
    assert security_delta([change("rtp.conf", Action.GIVE_BACK, before=None, after=None)]) is WEAKER


def test_other_files_and_no_change_leave_it_the_same() -> None:
    assert security_delta([change("cdr.conf", before="enable = yes", after="enable = no")]) is SAME
    assert security_delta([]) is SAME


MANAGER = "[general]\nenabled = no\n"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            edited(ENDPOINT, "media_encryption = dtls", "media_encryption = no"),
            "extension 101: media_encryption dtls -> no",
        ),
        (edited(ENDPOINT, "allow_transfer = no", ""), "extension 101: allow_transfer no -> not set"),
        (
            edited(ENDPOINT, "outbound_auth = a\nsrtp_tag_32 = no", "outbound_auth = a\nsrtp_tag_32 = yes"),
            "trunk 101: srtp_tag_32 no -> yes",
        ),
        (edited(TRANSPORT, "method = tlsv1_2", "method = sslv23"), "transport tls: method tlsv1_2 -> sslv23"),
        (
            edited(ENDPOINT, "permit = 192.0.2.0/24", "permit = 192.0.2.0/24\npermit = 198.51.100.0/24"),
            "extension 101: may come from 198.51.100.0/24 too",
        ),
        (edited(ENDPOINT, "permit = 192.0.2.0/24", ""), "extension 101: may come from any address too"),
        (
            change("manager.conf", before=MANAGER, after=f"{MANAGER}tlsenable = yes\n"),
            "manager.conf [general]: tlsenable not set -> yes",
        ),
        (
            change("http.conf", before=MANAGER, after="[general]\nenabled = yes\n"),
            "http.conf [general]: enabled no -> yes",
        ),
        (
            change("rtp.conf", Action.GIVE_BACK, before=None, after=None),
            "rtp.conf is given back: what was there before confgen comes into force, and nobody judges it",
        ),
    ],
)
def test_what_gets_weaker_is_told_in_words(changed: Change, words: str) -> None:
    assert words in weaker([changed])
    assert security_delta([changed]) is WEAKER


def test_what_gets_stronger_is_not_told_as_weaker() -> None:
    stronger = edited(ENDPOINT, "direct_media = yes", "direct_media = no")
    assert weaker([stronger, change("sip.conf", Action.REMOVE, after=None, is_foreign=True)]) == ()


_LINES = st.lists(
    st.sampled_from(
        [
            *("media_encryption = no", "media_encryption = dtls", "direct_media = no", "t38_udptl = yes"),
            *("permit = 192.0.2.0/24", "permit = 198.51.100.0/24", "dtls_verify = yes", "callerid = a"),
        ]
    ),
    max_size=4,
).map("\n".join)
_CHANGES = st.one_of(
    st.builds(edited, st.sampled_from([ENDPOINT, TRANSPORT, "[101]\ntype = aor\n"]), _LINES, _LINES),
    st.builds(
        lambda before, after: change("http.conf", before=f"[general]\n{before}", after=f"[general]\n{after}"),
        *(st.sampled_from(["enabled = yes", "enabled = no\ntlsenable = yes", "tlsenable = no", ""]) for _ in range(2)),
    ),
    st.sampled_from(
        [
            change("rtp.conf", Action.GIVE_BACK, before=None, after=None),
            change("sip.conf", Action.REMOVE, after=None, is_foreign=True),
            change("cdr.conf"),
        ]
    ),
)


@given(st.lists(_CHANGES, max_size=4))
def test_something_is_told_as_weaker_exactly_where_the_whole_gets_weaker(changes: list[Change]) -> None:
    assert bool(weaker(changes)) is (security_delta(changes) is WEAKER)
    assert all(weaker(changes))
