"""What makes a 3CX weaker is never read as the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from confgen.drivers.threecx.security import security_delta, weaker
from confgen.model.document import Action, Change
from confgen.model.plan import SecurityDelta

SAME, STRONGER, WEAKER = SecurityDelta.SAME, SecurityDelta.STRONGER, SecurityDelta.WEAKER


def delta(key: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> SecurityDelta:
    change = Change(
        key=key,
        action=Action.CHANGE,
        before=None if before is None else json.dumps(before),
        after=None if after is None else json.dumps(after),
        before_fingerprint=None,
        after_fingerprint=None,
    )
    found = security_delta([change])
    assert bool(weaker([change])) is (found is WEAKER)
    return found


@pytest.mark.parametrize(
    "name",
    [
        *("HackAuthRequests", "HackChallengeRequests", "MaxRequestPerPeriod"),
        *("HackBarrierGreen", "HackBarrierAmber", "HackBarrierRed"),
    ],
)
@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        (100, 50, STRONGER),
        (50, 100, WEAKER),
        (100, 0, WEAKER),  # nobody is ever taken for an attacker
        (100, None, WEAKER),
        (0, 100, STRONGER),
        (None, 100, STRONGER),
        (None, 0, SAME),
        (100, "many", WEAKER),
        ("many", 100, WEAKER),
    ],
)
def test_a_barrier_that_is_never_reached_is_the_weakest(
    name: str, was: object, becomes: object, expected: SecurityDelta
) -> None:
    assert delta("AntiHackingSettings", {name: was}, {name: becomes}) is expected


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        (["10.0.0.0/8"], [], WEAKER),
        (["10.0.0.0/8"], None, WEAKER),
        (["10.0.0.0/8"], ["10.1.0.0/16"], STRONGER),
        (["10.1.0.0/16"], ["10.0.0.0/8"], WEAKER),
        (["10.0.0.1-10.0.0.2"], ["10.0.0.0/8"], WEAKER),
        (["10.0.0.0/8"], ["10.0.0.1-10.0.0.2"], WEAKER),
        ([], ["10.0.0.0/8"], SAME),
    ],
)
def test_a_list_that_lets_in_more_or_cannot_be_read_is_weaker(
    was: object, becomes: object, expected: SecurityDelta
) -> None:
    assert delta("ConsoleRestrictions", {"IpWhitelist": was}, {"IpWhitelist": becomes}) is expected


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        ({"Certificate": "A"}, {"Certificate": None}, WEAKER),
        ({"Certificate": "A"}, {"Certificate": ""}, WEAKER),
        ({"Certificate": None}, {"Certificate": "A"}, STRONGER),
        ({"Certificate": "A"}, {"Certificate": "B"}, SAME),
        (
            {"Gateway": {"RequireRegistrationFor": "InOutCalls"}},
            {"Gateway": {"RequireRegistrationFor": "Nothing"}},
            WEAKER,
        ),
        (
            {"Gateway": {"RequireRegistrationFor": "IncomingCalls"}},
            {"Gateway": {"RequireRegistrationFor": "OutgoingCalls"}},
            WEAKER,
        ),
        (
            {"Gateway": {"RequireRegistrationFor": "Nothing"}},
            {"Gateway": {"RequireRegistrationFor": "InOutCalls"}},
            STRONGER,
        ),
        ({"TransportRestriction": "new"}, {"TransportRestriction": "newer"}, WEAKER),
        ({"TransportRestriction": "new"}, {"TransportRestriction": "TCP"}, WEAKER),
        ({"TransportRestriction": "new"}, {"TransportRestriction": "TLS"}, STRONGER),
        ({"TransportRestriction": None}, {"TransportRestriction": "TLS"}, STRONGER),
    ],
)
def test_a_trunk_that_is_held_to_less_is_weaker(
    was: dict[str, Any], becomes: dict[str, Any], expected: SecurityDelta
) -> None:
    assert delta("Trunks/carrier", was, becomes) is expected


SOON, LATER = "2030-01-01T00:00:00Z", "2031-01-01T00:00:00"


@pytest.mark.parametrize(
    ("was", "becomes", "of_block", "of_allow"),
    [
        (None, SOON, WEAKER, STRONGER),
        (SOON, None, STRONGER, WEAKER),
        (SOON, LATER, STRONGER, WEAKER),
        (LATER, SOON, WEAKER, STRONGER),
        (SOON, "some day", WEAKER, WEAKER),
        ("some day", SOON, WEAKER, WEAKER),
    ],
)
def test_how_long_an_entry_of_the_blocklist_holds_counts(
    was: str | None, becomes: str | None, of_block: SecurityDelta, of_allow: SecurityDelta
) -> None:
    for kind, expected in (("Block", of_block), ("Allow", of_allow)):
        before, after = ({"BlockType": kind, "ExpiresAt": ends} for ends in (was, becomes))
        assert delta("Blocklist/198.51.100.7/32", before, after) is expected


def test_a_block_that_goes_is_weaker_unless_it_was_over() -> None:
    key = "Blocklist/198.51.100.7/32"
    assert delta(key, {"BlockType": "Block"}, None) is WEAKER
    assert delta(key, {"BlockType": "Block", "ExpiresAt": "2020-01-01T00:00:00Z"}, None) is SAME
    assert delta(key, {"BlockType": "Block", "ExpiresAt": "2099-01-01T00:00:00Z"}, None) is WEAKER
    assert delta(key, None, {"BlockType": "Block"}) is STRONGER
