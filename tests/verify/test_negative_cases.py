"""Each case is a file that is read strictly, and says in its offer what its title says."""

from __future__ import annotations

import re

import pytest

from confgen.model.codes import EXPLANATIONS
from confgen.model.inventory import MediaEncryption
from confgen.verify.negative_cases import (
    CalledBy,
    Expected,
    MalformedCase,
    OfferCase,
    name_cases,
    offer_cases,
    parse_name_case,
    parse_offer_case,
)

OFFER = """\
title: plain RTP
code: SRTP-06
rfc: RFC 3711
expected: {sdes: refused}
offer: |
  v=0
  m=audio {port} RTP/AVP 0
"""
NAME = 'title: a name\ncode: AUTH-14\nrfc: RFC 3261 §7.3\nname: "a\\n{header}"\n'


@pytest.mark.parametrize("case", offer_cases(), ids=lambda case: case.name)
def test_an_offer_is_filled_in_whole(case: OfferCase) -> None:
    offer = case.to("192.0.2.1", 4000)
    body = offer.body().decode()
    assert not re.search(r"[{}]|(?<!\r)\n", body)
    assert body == "" or (body.startswith("v=0\r\no=- ") and body.endswith("\r\n"))
    assert body == "" or "c=IN IP4 192.0.2.1\r\n" in body
    assert re.findall(r"m=audio (\d+)", body) == ["4000", "4002"][: body.count("m=")]
    assert ("inline" not in body and "sha-256" not in body) or offer.body().decode() != body  # keys are fresh


def test_an_ipv6_address_is_named_as_such() -> None:
    bodies = [case.to("2001:db8::1", 4000).body() for case in offer_cases()]
    assert all(not body or b"c=IN IP6 2001:db8::1\r\n" in body for body in bodies)


def test_every_case_has_an_explained_code_and_a_title_of_its_own() -> None:
    codes = {case.code for case in offer_cases()} | {case.code for case in name_cases()}
    titles = [case.title for case in offer_cases()] + [case.title for case in name_cases()]
    assert codes <= EXPLANATIONS.keys()
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("encryption", MediaEncryption)
def test_each_kind_of_extension_is_offered_plain_rtp_and_the_other_kind(encryption: MediaEncryption) -> None:
    asked = {case.name: case.expected.get(encryption) for case in offer_cases()}
    other = {MediaEncryption.SDES: "dtls", MediaEncryption.DTLS: "sdes"}[encryption]
    assert asked["plain"] is asked[other] is asked["savp-without-key"] is Expected.REFUSED
    assert asked["outside-with-the-probe"] is Expected.REFUSED_BEFORE_ANY_LEG


def test_who_calls_outside_offers_what_nobody_can_take() -> None:
    outside = [case for case in offer_cases() if Expected.REFUSED_BEFORE_ANY_LEG in case.expected.values()]
    assert {case.caller for case in outside} == set(CalledBy)
    for case in outside:
        body = case.to("192.0.2.1", 4000).body().decode()
        assert "RTP/SAVP 96\r\na=rtpmap:96 X-CONFGEN/8000\r\n" in body
        assert "a=crypto" not in body
        assert "a=fingerprint" not in body


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title: [", "not YAML"),
        ("plain RTP", "not a mapping"),
        (OFFER.replace("title: plain RTP\n", ""), "`title` is missing"),
        (OFFER + "titel: x\n", "`titel` is no word of a case"),
        (OFFER + "title: x\n", "`title` stands there twice"),
        (OFFER.replace("plain RTP", "''", 1), "`title` is empty"),
        (OFFER.replace("plain RTP", "7", 1), "`title` is not a text"),
        (OFFER.replace("SRTP-06", "SRTP-6"), "`SRTP-6` is no code"),
        (OFFER.replace("RFC 3711", "§ 7"), "`rfc` names no RFC"),
        (OFFER.replace("{sdes: refused}", "refused"), "`expected` is a word for each kind"),
        (OFFER.replace("{sdes: refused}", "{}"), "`expected` is a word for each kind"),
        (OFFER.replace("sdes:", "zrtp:"), "`zrtp` is none of: sdes, dtls"),
        (OFFER.replace("refused", "taken"), "`taken` is none of: refused, refused-or-encrypted"),
        (OFFER.replace("{port}", "{prot}"), "`{prot}` is no placeholder"),
        (OFFER.replace("v=0", "s=-"), "`offer` is a whole session description"),
        (OFFER + "caller: somebody\n", "`somebody` is none of: probe, stranger"),
        (OFFER + "number: '112'\n", "`112` is none of: echo, outside"),
        (OFFER.replace("sdes: refused", "dtls: refused") + "caller: stranger\n", "a stranger is of no kind"),
    ],
)
def test_a_case_that_is_not_as_it_must_be_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(MalformedCase, match=f"case mine: {re.escape(reason)}"):
        parse_offer_case("mine", text)


@pytest.mark.parametrize("name", ["a", "{header}{header}", "{header} {port}"])
def test_a_name_has_one_place_for_the_header(name: str) -> None:
    assert parse_name_case("mine", NAME).name == "a\n{header}"
    with pytest.raises(MalformedCase, match="once, and no other placeholder"):
        parse_name_case("mine", NAME.replace("a\\n{header}", name))
