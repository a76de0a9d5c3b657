"""Who can read the keys of media, and who holds them."""

from __future__ import annotations

import pytest

from confgen.model.dialling import Carries, Media, Signalling
from confgen.model.inventory import MediaEncryption
from confgen.paths import Keying, Network, Strength
from confgen.paths.chosen import Ends, chosen
from confgen.paths.leg import effective_media
from tests.model.pbxs import a_pbx, a_provider, a_provider_trunk, a_route, an_extension
from tests.paths.companies import TODAY


@pytest.mark.parametrize(
    ("signalling", "media", "keying", "expected"),
    [
        (Strength.CLEAR, Strength.ENCRYPTED, Keying.SDES, Strength.CLEAR),
        (Strength.NOT_ENFORCEABLE, Strength.ENCRYPTED, Keying.SDES, Strength.NOT_ENFORCEABLE),
        (Strength.CLEAR, Strength.ENCRYPTED, Keying.DTLS, Strength.ENCRYPTED),
        (Strength.CLEAR, Strength.ENCRYPTED, Keying.NOT_SAID, Strength.UNKNOWN),
        (Strength.ENCRYPTED, Strength.ENCRYPTED, Keying.NOT_SAID, Strength.ENCRYPTED),
        (Strength.ENCRYPTED, Strength.CLEAR, Keying.SDES, Strength.CLEAR),
        (Strength.UNKNOWN, Strength.CLEAR, Keying.NOT_SAID, Strength.CLEAR),
    ],
)
def test_media_is_no_better_than_the_signalling_that_carries_its_keys(
    signalling: Strength, media: Strength, keying: Keying, expected: Strength
) -> None:
    assert effective_media(signalling, media, keying) is expected


def test_every_pbx_on_the_way_holds_keys_and_nobody_knows_who_does_behind_a_provider() -> None:
    carries = Carries(signalling=Signalling.TLS, media=Media.SRTP)
    pbx = a_pbx(
        "north",
        extensions=(an_extension("10", media_encryption=MediaEncryption.DTLS),),
        provider_trunks=(a_provider_trunk("out", provider=a_provider(beyond=carries)),),
        routes=(a_route("0.", "out"),),
        trunks=(),
    )
    (path,) = chosen(Network((pbx,), today=TODAY), Ends(start="north/10", end="0123"))

    assert [leg.keying for leg in path.legs] == [Keying.DTLS, Keying.SDES, Keying.NOT_SAID]
    assert path.key_holders == ("north", "carrier")
    assert path.not_known == ("whoever is behind carrier",)
    assert path.weakest is Strength.ENCRYPTED
