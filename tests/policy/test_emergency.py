"""Where phones are, an emergency number leads somewhere, or somebody has answered for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from confgen.model.dialling import ByChannel, ByTrunk, Carries, Emergency, Media, NoEmergency, Signalling
from confgen.model.finding import Finding, Severity
from confgen.model.inventory import Part, Pbx
from tests.model.pbxs import PLACE, a_channel, a_pbx, a_provider_trunk, a_trunk_end, an_emergency
from tests.policy.judged import judged

TODAY = date(2026, 6, 1)
EMERGENCY = {"DIAL-10", "DIAL-11", "DIAL-12", "DIAL-13", "DIAL-14"}
WHOLE = Carries(signalling=Signalling.TLS, media=Media.SRTP)
LINE = ByChannel(channel=a_channel("isdn", "PJSIP/{number}@isdn", WHOLE))


def emergency_findings(pbxs: Sequence[Pbx], *, today: date) -> tuple[Finding, ...]:
    return judged(EMERGENCY, pbxs, today=today)


def codes(*pbxs: Pbx) -> list[tuple[str, str]]:
    return [(finding.code, str(finding.pbx)) for finding in emergency_findings(pbxs, today=TODAY)]


def peers(**emergencies: Emergency | NoEmergency | None) -> list[Pbx]:
    """PBXs that all have a trunk to each other, named after both in the order of the alphabet."""
    return [
        a_pbx(
            name,
            trunks=tuple(a_trunk_end("-".join(sorted((name, peer))), peer) for peer in emergencies if peer != name),
            routes=(),
            emergency=emergency,
        )
        for name, emergency in emergencies.items()
    ]


def waived(until: date) -> NoEmergency:
    return NoEmergency(owner="facilities", reason="lift phones only", until=until, place=PLACE)


def test_phones_without_an_emergency_route_are_an_error_that_says_what_to_write() -> None:
    (finding,) = emergency_findings([a_pbx()], today=TODAY)

    assert (finding.code, finding.severity) == ("DIAL-10", Severity.ERROR)
    assert "emergency: {numbers:" in finding.mend
    assert "waived:" in finding.mend


def test_a_pbx_without_phones_needs_none() -> None:
    assert codes(a_pbx(extensions=())) == []


def test_a_line_or_a_providers_trunk_is_an_end() -> None:
    provider = replace(a_provider_trunk("carrier").provider, beyond=WHOLE)
    trunk = a_provider_trunk("carrier", provider=provider)

    assert codes(a_pbx(emergency=an_emergency(LINE))) == []
    assert codes(a_pbx(provider_trunks=(trunk,), emergency=an_emergency(ByTrunk(trunk="carrier")))) == []


def test_a_peer_is_an_end_if_it_has_one_itself_however_far() -> None:
    first, second = ByTrunk(trunk="a-b"), ByTrunk(trunk="b-c")

    assert codes(*peers(a=an_emergency(first), b=an_emergency(second), c=an_emergency(LINE))) == []
    assert codes(*peers(a=an_emergency(first), b=an_emergency(second), c=None)) == [
        ("DIAL-10", "a"),
        ("DIAL-10", "b"),
        ("DIAL-10", "c"),
    ]


def test_pbxs_that_only_name_each_other_have_no_end() -> None:
    both = ByTrunk(trunk="a-b")
    circle = peers(a=an_emergency(both), b=an_emergency(ByTrunk(trunk="b-c")), c=an_emergency(ByTrunk(trunk="a-c")))

    assert codes(*peers(a=an_emergency(both), b=an_emergency(both))) == [("DIAL-10", "a"), ("DIAL-10", "b")]
    assert codes(*circle) == [("DIAL-10", "a"), ("DIAL-10", "b"), ("DIAL-10", "c")]
    assert codes(*peers(a=an_emergency(both), b=an_emergency(both, LINE))) == []


def test_a_peer_must_have_the_number_that_is_sent_to_it() -> None:
    both = ByTrunk(trunk="a-b")
    asks = an_emergency(both, numbers=("112", "110"))
    rewrites = replace(asks, ways=tuple(replace(way, number="112") for way in asks.ways))

    (finding,) = emergency_findings(peers(a=asks, b=an_emergency(LINE)), today=TODAY)
    assert (finding.code, finding.message.startswith("110 leads from `a`")) == ("DIAL-10", True)
    assert codes(*peers(a=rewrites, b=an_emergency(LINE))) == []


def test_a_waiver_is_shown_until_its_last_day_and_an_error_after_it() -> None:
    (shown,) = emergency_findings([a_pbx(emergency=waived(TODAY))], today=TODAY)
    (ended,) = emergency_findings([a_pbx(emergency=waived(date(2026, 5, 31)))], today=TODAY)

    assert (shown.code, shown.severity) == ("DIAL-12", Severity.WARNING)
    assert "waived until 2026-06-01 by facilities: lift phones only" in shown.message
    assert (ended.code, ended.severity) == ("DIAL-13", Severity.ERROR)


def test_a_waived_peer_is_no_end() -> None:
    ways = peers(a=an_emergency(ByTrunk(trunk="a-b")), b=waived(TODAY))

    assert codes(*ways) == [("DIAL-10", "a"), ("DIAL-12", "b")]


def test_what_the_users_own_dialplan_does_was_not_checked() -> None:
    managed = frozenset({Part.SIP})
    own = replace(a_pbx(), manages=managed)
    first, second = peers(a=an_emergency(ByTrunk(trunk="a-b")), b=None)

    (finding,) = emergency_findings([own], today=TODAY)
    assert (finding.code, finding.severity) == ("DIAL-11", Severity.NOTE)
    assert "not checked" in finding.message
    assert codes(first, replace(second, manages=managed)) == [("DIAL-11", "a"), ("DIAL-11", "b")]


@pytest.mark.parametrize(
    ("carries", "word"),
    [
        (Carries(signalling=Signalling.CLEAR, media=Media.CLEAR), "clear"),
        (Carries(signalling=Signalling.TLS, media=Media.CLEAR), "clear"),
        (Carries(signalling=Signalling.TLS), "unknown"),
        (Carries(), "unknown"),
    ],
)
def test_a_last_leg_that_is_not_encrypted_is_shown_and_blocks_nothing(carries: Carries, word: str) -> None:
    line = ByChannel(channel=a_channel("isdn", "PJSIP/{number}@isdn", carries))
    trunk = a_provider_trunk("carrier")
    trunk = replace(trunk, provider=replace(trunk.provider, beyond=carries))
    emergency = an_emergency(line, ByTrunk(trunk="carrier"), numbers=("112", "110"))

    found = emergency_findings([a_pbx(provider_trunks=(trunk,), emergency=emergency)], today=TODAY)

    assert {(finding.code, finding.severity) for finding in found} == {("DIAL-14", Severity.NOTE)}
    assert [finding.message for finding in found] == [
        f"112 and 110 leave `headquarters` by {way}: {word} from there; shown, not blocked"
        for way in ("the line isdn", "the trunk carrier to carrier")
    ]
