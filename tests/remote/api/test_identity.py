"""Nothing is said to whoever cannot prove to be the PBX."""

from __future__ import annotations

import ssl
import warnings
from pathlib import Path

import pytest

from confgen.model.api import ApiRequest
from confgen.remote.api.errors import TlsRefused
from tests.remote.api.conftest import NAME, StartApi
from tests.remote.api.web_server import WebServer, web_server
from tests.verify.wire.certificates import Identity, make_authority, make_identity
from tests.verify.wire.servers import answering, server_context, serving, shaking_hands

GET = ApiRequest(method="GET", path="/xapi/v1/Users")


def _written(identity: Identity, folder: Path) -> tuple[Path, Path]:
    return identity.write(folder, "served")


@pytest.mark.parametrize(
    ("host", "days", "words"),
    [
        ("other.example.test", 30, "Hostname mismatch"),
        ("127.0.0.1", 30, "Hostname mismatch"),
        (NAME, -1, "certificate has expired"),
    ],
    ids=["another name", "an address", "out of time"],
)
def test_a_certificate_that_is_not_the_pbxs_is_refused(
    authority: Identity, start_api: StartApi, tmp_path: Path, host: str, days: int, words: str
) -> None:
    with web_server(_written(make_identity(authority, host, days), tmp_path)) as web:
        with pytest.raises(TlsRefused, match=words) as error:
            start_api(web).request(GET)

        assert error.value.code == "API-04"
        assert web.asked == []


@pytest.mark.parametrize("is_known_to_this_machine", [True, False])
def test_an_authority_that_nobody_trusts_is_refused(
    web: WebServer, start_api: StartApi, *, is_known_to_this_machine: bool
) -> None:
    trusted = None if is_known_to_this_machine else make_authority("Another").pem

    with pytest.raises(TlsRefused, match=r"certificate|self.signed") as error:
        start_api(web, trusted=trusted).request(GET)

    assert error.value.code == "API-04"
    assert web.asked == []


def test_the_authorities_of_this_machine_are_taken_where_none_is_given(
    web: WebServer, start_api: StartApi, authority: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "authorities.pem").write_text(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authorities.pem"))

    assert start_api(web, trusted=None).request(GET).status == 200


@pytest.mark.parametrize(
    "trusted", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"]
)
def test_an_authority_that_is_none_trusts_nobody(web: WebServer, start_api: StartApi, trusted: str) -> None:
    with pytest.raises(TlsRefused, match="authority"):
        start_api(web, trusted=trusted).request(GET)

    assert web.connections == 0


def test_tls_1_1_is_not_spoken(certificate: tuple[Path, Path], start_api: StartApi) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old = server_context(certificate, ssl.TLSVersion.TLSv1_1)
    with serving(shaking_hands(old)) as address, pytest.raises(TlsRefused):
        start_api(WebServer(port=address.port)).request(GET)


def test_tls_1_2_is_spoken(certificate: tuple[Path, Path], start_api: StartApi) -> None:
    with web_server(certificate, ssl.TLSVersion.TLSv1_2) as web:
        api = start_api(web)
        assert api.request(GET).status == 200
        api.close()


def test_nothing_is_said_in_clear(start_api: StartApi) -> None:
    in_clear = answering(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    with serving(in_clear) as address, pytest.raises(TlsRefused, match="HTTPS port"):
        start_api(WebServer(port=address.port)).request(GET)
