"""Digest answers against the examples of the standards."""

from __future__ import annotations

import pytest

from confgen.model.secret import Secret
from confgen.verify.wire.digest import (
    Algorithm,
    Challenge,
    Credentials,
    NonceUse,
    answer,
    parse_challenge,
    strongest_challenge,
)
from confgen.verify.wire.sip import Header, MalformedSip, Request, Response

MUFASA = Credentials(username="Mufasa", password=Secret("Circle of Life"))


def challenged(value: str, header: str = "WWW-Authenticate") -> Challenge:
    challenge = parse_challenge(header, value)
    assert challenge is not None
    return challenge


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_first_example_of_rfc_7616(algorithm: str, response: str) -> None:
    challenge = challenged(
        f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    nonce_use = NonceUse(count=1, client_nonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
    name, value = answer(challenge, MUFASA, "GET", "/dir/index.html", nonce_use)
    assert name == "Authorization"
    assert f'response="{response}"' in value
    assert 'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"' in value
    assert f"algorithm={algorithm}," in value
    assert "nc=00000001, qop=auth," in value


def test_the_second_example_of_rfc_7616_as_its_erratum_4897_has_it() -> None:
    credentials = Credentials(username="J\u00e4s\u00f8n Doe", password=Secret("Secret, or not?"))
    challenge = challenged(
        'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, '
        'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK"'
    )
    nonce_use = NonceUse(count=1, client_nonce="NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v")
    _, value = answer(challenge, credentials, "GET", "/doe.json", nonce_use)
    assert 'response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"' in value


def test_a_challenge_without_qop_is_answered_as_of_old() -> None:
    # RFC 2617 §3.5 with the qop left out, as RFC 2069 computes it.
    challenge = challenged('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"')
    credentials = Credentials(username="Mufasa", password=Secret("Circle Of Life"))
    _, value = answer(challenge, credentials, "GET", "/dir/index.html", NonceUse(count=1, client_nonce="x"))
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in value
    assert "nc=" not in value
    assert "qop" not in value


def unauthorized(*headers: Header) -> Response:
    return Response(status=401, reason="Unauthorized", headers=headers)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (("MD5", "SHA-256"), Algorithm.SHA_256),
        (("SHA-256", "SHA-512-256", "MD5"), Algorithm.SHA_512_256),
        (("MD5",), Algorithm.MD5),
        (("SHA-1024", "MD5-sess"), None),
    ],
)
def test_the_strongest_algorithm_that_is_known_is_chosen(offered: tuple[str, ...], chosen: Algorithm | None) -> None:
    headers = [("WWW-Authenticate", f'Digest realm="r",nonce="n",qop="auth",algorithm={name}') for name in offered]
    challenge = strongest_challenge(unauthorized(*headers))
    assert (challenge.algorithm if challenge else None) is chosen


@pytest.mark.parametrize(
    "value",
    [
        'Basic realm="r"',
        'Digest realm="r",nonce="n",qop="auth-int"',
        'Digest realm="r",qop="auth"',
        'Digest nonce="n",qop="auth"',
        "",
    ],
)
def test_a_challenge_that_cannot_be_answered_is_passed_over(value: str) -> None:
    assert parse_challenge("WWW-Authenticate", value) is None


def test_a_proxy_is_answered_in_its_own_header() -> None:
    challenge = strongest_challenge(
        Response(status=407, reason="", headers=(("Proxy-Authenticate", 'Digest realm="r", nonce="n", stale=TRUE'),))
    )
    assert challenge is not None
    assert challenge.answer_header == "Proxy-Authorization"
    assert challenge.is_stale


def test_quotes_in_names_are_escaped_and_line_ends_refused() -> None:
    challenge = challenged(r'Digest realm="a \"quoted\" realm", nonce="n", qop="auth"')
    assert challenge.realm == 'a "quoted" realm'
    name, value = answer(
        challenge,
        Credentials(username='x", realm="y', password=Secret("p")),
        "OPTIONS",
        "sip:a",
        NonceUse(count=1, client_nonce="c"),
    )
    assert r'username="x\", realm=\"y"' in value
    assert r'realm="a \"quoted\" realm"' in value
    evil = answer(
        challenge,
        Credentials(username="x\r\nVia: y", password=Secret("p")),
        "OPTIONS",
        "sip:a",
        NonceUse(count=1, client_nonce="c"),
    )
    with pytest.raises(MalformedSip):
        Request(method="OPTIONS", uri="sip:a", headers=(evil,))
    assert name == "Authorization"


def test_a_password_shows_in_no_repr() -> None:
    assert "Circle" not in repr(MUFASA)
    assert "Circle" not in str(MUFASA)
