"""Secrets that somebody would guess, and those that nobody does."""

from __future__ import annotations

import base64
import math
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.policy.guessable import bits, is_told_by, is_weak, is_well_known

NAMES = ("101", "Ann Bee", "Ann", "Bee", "hq", "hq.example.test", "")


@pytest.mark.parametrize(
    "secret",
    [
        "password", "Password1", "P4ssw0rd!", "pa$$word", "!!changeme!!", "asterisk", "Asterisk2024", "3cx", "1234",
        "12345678", "0000", "admin", "adminadmin", "secretsecret", "eLaStIx.2oo7", "amp111", "Willkommen1", "letmein99",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_known(secret: str) -> None:
    assert is_well_known(secret)


@pytest.mark.parametrize(
    "secret", ["101", "101101", "ann", "Ann2024!", "beE", "nna", "AnnBee", "ann-bee", "hq1", "hq.example.test", "101!"]
)
def test_what_can_be_read_off_the_holder_is_known(secret: str) -> None:
    assert is_told_by(secret, NAMES)


@pytest.mark.parametrize(
    "secret",
    ["", "short", "a" * 40, "abcdefghijklmnop", "1234567890123456", "ab" * 20, "739104628519", "3141592653589793238"],
)
def test_what_is_short_or_simple_is_weak(secret: str) -> None:
    assert is_weak(secret)


@given(st.binary(min_size=18, max_size=18).filter(lambda random: len(set(random)) > 12))
def test_eighteen_random_bytes_are_none_of_it(random: bytes) -> None:
    secret = base64.b64encode(random).decode()
    assert not is_well_known(secret)
    assert not is_told_by(secret, NAMES)


def test_what_generators_make_is_strong() -> None:
    for secret in ("q8Rv-Jd4h-Hs6N-c1Pz", "tC5v2Wmq8Zr7", "fortunate-zebra-quilt-57-lamp"):
        assert not is_weak(secret)
    assert not any(is_weak(secrets.token_urlsafe(18)) for _ in range(200))


def test_the_first_sign_goes_on_from_nothing_and_64_bits_are_enough() -> None:
    assert bits("za") == pytest.approx(2 * math.log2(26))
    assert bits("ab") == pytest.approx(math.log2(26) + 1)
    assert bits("ac") == pytest.approx(2 * math.log2(26))


@given(st.text(max_size=60), st.lists(st.text(max_size=10), max_size=4))
def test_any_text_can_be_judged(secret: str, names: list[str]) -> None:
    assert bits(secret) >= 0
    assert isinstance(is_weak(secret) or is_well_known(secret) or is_told_by(secret, names), bool)
