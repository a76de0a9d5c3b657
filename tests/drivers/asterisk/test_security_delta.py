"""Whether a change makes the PBX stronger or weaker is told from the options that decide it."""

from __future__ import annotations

import pytest

from confgen.drivers.asterisk.security import security_delta
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
