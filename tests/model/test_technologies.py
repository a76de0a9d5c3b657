"""What is believed of a line is what its technology can keep."""

from __future__ import annotations

import pytest

from confgen.model.dialling import Carries, Media, Signalling
from confgen.model.technologies import carried, why_not_as_said
from tests.model.pbxs import a_channel

ENCRYPTED = Carries(signalling=Signalling.TLS, media=Media.SRTP)
CLEAR = Carries(signalling=Signalling.CLEAR, media=Media.CLEAR)
UNKNOWN = Carries()


@pytest.mark.parametrize(
    ("dial", "said", "believed"),
    [
        ("PJSIP/{number}@isdn", ENCRYPTED, ENCRYPTED),
        ("pjsip/{number}@isdn", ENCRYPTED, ENCRYPTED),
        ("PJSIP/{number}@isdn", UNKNOWN, UNKNOWN),
        ("PJSIP/{number}@isdn", CLEAR, CLEAR),
        ("DAHDI/g1/{number}", ENCRYPTED, CLEAR),
        ("dahdi/g1/{number}", UNKNOWN, CLEAR),
        ("IAX2/branch/{number}", ENCRYPTED, CLEAR),
        ("SIP/branch/{number}", ENCRYPTED, CLEAR),
        ("Local/{number}@own", ENCRYPTED, UNKNOWN),
        ("Local/{number}@own", CLEAR, CLEAR),
        ("Local/{number}@own", Carries(signalling=Signalling.TLS, media=Media.CLEAR), Carries(media=Media.CLEAR)),
        ("Unheard/{number}", ENCRYPTED, UNKNOWN),
        ("PJSIPX/{number}", ENCRYPTED, UNKNOWN),
    ],
)
def test_no_technology_is_taken_for_better_than_it_is(dial: str, said: Carries, believed: Carries) -> None:
    line = a_channel("line", dial, said)

    assert carried(line) == believed
    assert (why_not_as_said(line) is None) is (said == believed)
