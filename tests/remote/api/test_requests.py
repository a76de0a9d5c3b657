"""A request is sent once, its answer is bounded in size and time, and what is no answer is told as what it is."""

from __future__ import annotations

import json
import socket
import time

import pytest

from confgen.model.api import ApiRequest
from confgen.model.host import HostError
from confgen.remote.api.errors import (
    ApiConnectionLost,
    ApiNotServing,
    ApiTooSlow,
    NoApiThere,
    NotUnderstood,
)
from confgen.remote.api.host import PbxApi
from tests.remote.api import web_server
from tests.remote.api.conftest import NAME, StartApi
from tests.remote.api.web_server import (
    Asked,
    WebServer,
    closing,
    closing_after,
    dripping,
    json_answer,
    raw_answer,
    silent,
)

GET = ApiRequest(method="GET", path="/xapi/v1/Users?$select=Id")
PATCH = ApiRequest(method="PATCH", path="/xapi/v1/Users(101)", body={"SRTPMode": "SRTPEnforced"})
SOON = 0.3  # seconds
LATE = 3.0  # seconds, on a loaded machine


def _soon(method: str = "GET") -> ApiRequest:
    return ApiRequest(method=method, path="/xapi/v1/Users?$select=Id", timeout=SOON)


def test_a_request_arrives_as_it_is_meant(api: PbxApi, web: WebServer) -> None:
    api.request(PATCH)

    (asked,) = web.requests
    assert (asked.method, asked.path) == ("PATCH", "/xapi/v1/Users(101)")
    assert asked.headers["host"] == f"{NAME}:{web.port}"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["accept"] == "application/json"
    assert json.loads(asked.content) == {"SRTPMode": "SRTPEnforced"}


@pytest.mark.parametrize(("method", "length"), [("GET", None), ("DELETE", "0"), ("POST", "0")])
def test_a_request_without_a_body_says_so(api: PbxApi, web: WebServer, method: str, length: str | None) -> None:
    api.request(ApiRequest(method=method, path="/xapi/v1/Users(101)"))

    (asked,) = web.requests
    assert asked.headers.get("content-length") == length
    assert "content-type" not in asked.headers


def test_an_answer_has_its_status_body_and_headers(api: PbxApi, web: WebServer) -> None:
    content = json.dumps({"value": [{"Number": "100"}]}).encode()
    more = ("X-3CX-Version: 20.0.10", "Set-Cookie: session=sentinel", "Vary: a", "Vary: b")
    web.answers = [raw_answer(201, content, "application/json", *more)]

    answer = api.request(GET)

    assert answer.status == 201
    assert answer.body == {"value": [{"Number": "100"}]}
    assert answer.headers["x-3cx-version"] == "20.0.10"
    assert answer.headers["vary"] == "a, b"
    assert "sentinel" not in str(answer.headers)


def test_an_answer_without_a_body_is_one(api: PbxApi, web: WebServer) -> None:
    web.answers = [raw_answer(204, b"", ""), raw_answer(500, b"", ""), raw_answer(404, b"", "")]

    answers = [api.request(PATCH), api.request(PATCH), api.request(GET)]

    assert [(answer.status, answer.body) for answer in answers] == [(204, None), (500, None), (404, None)]


def test_what_the_api_refuses_is_an_answer(api: PbxApi, web: WebServer) -> None:
    fault = {"error": {"code": "", "message": "WARNINGS.XAPI.NOT_FOUND"}}
    web.answers = [json_answer(404, fault), json_answer(503, fault), raw_answer(400, b"<html>", "text/html")]

    answers = [api.request(GET) for _ in range(3)]

    assert [(answer.status, answer.body) for answer in answers] == [(404, fault), (503, fault), (400, None)]


@pytest.mark.parametrize("status", [200, 201, 404])
def test_a_page_is_no_api(api: PbxApi, web: WebServer, status: int) -> None:
    web.answers = [raw_answer(status, b"<html>Welcome</html>", "text/html; charset=utf-8")]

    with pytest.raises(NoApiThere, match="text/html") as error:
        api.request(GET)

    assert error.value.code == "API-05"
    assert "Welcome" not in str(error.value)


def test_a_page_instead_of_a_token_is_no_api(api: PbxApi, web: WebServer) -> None:
    web.token_answers = [raw_answer(404, b"<html>")]

    with pytest.raises(NoApiThere, match="POST /connect/token"):
        api.request(GET)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(api: PbxApi, web: WebServer, start_api: StartApi, status: int) -> None:
    web.answers = [raw_answer(status, b"", "text/html", f"Location: https://{NAME}:{web.port}/elsewhere")]

    with pytest.raises(NoApiThere, match="leads elsewhere") as error:
        api.request(PATCH)

    assert error.value.code == "API-05"
    assert [asked.path for asked in web.requests] == [PATCH.path]
    web.token_answers = [raw_answer(status, b"", "text/html", "Location: /elsewhere")]
    with pytest.raises(NoApiThere):
        start_api(web).request(GET)


@pytest.mark.parametrize(
    "content",
    [b"{", b'{"value": NaN}', b"\xff{}", b"[" * 200_000, b'{"a": 1} x'],
    ids=["half", "no number", "no text", "deep", "more"],
)
def test_what_is_no_json_is_not_understood(api: PbxApi, web: WebServer, content: bytes) -> None:
    web.answers = [raw_answer(200, content, "application/json")]

    with pytest.raises(NotUnderstood, match="is no JSON") as error:
        api.request(GET)

    assert error.value.code == "API-06"


def test_an_empty_answer_to_a_question_is_not_understood(api: PbxApi, web: WebServer) -> None:
    web.answers = [raw_answer(200, b"", "application/json"), raw_answer(200, b"", "application/json")]

    with pytest.raises(NotUnderstood, match="is empty"):
        api.request(GET)
    assert api.request(PATCH).body is None


def test_an_answer_in_a_coding_that_nobody_asked_for_is_not_understood(api: PbxApi, web: WebServer) -> None:
    web.answers = [raw_answer(200, b"\x1f\x8b", "application/json", "Content-Encoding: gzip")]

    with pytest.raises(NoApiThere):
        api.request(GET)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_gateway_with_nobody_behind_it_is_told_as_such(api: PbxApi, web: WebServer, status: int) -> None:
    web.answers = [raw_answer(status, b"<html>nginx</html>"), raw_answer(status, b"")]

    for _ in range(2):
        with pytest.raises(ApiNotServing, match=r"PATCH /xapi/v1/Users\(101\)") as error:
            api.request(PATCH)
        assert error.value.code == "API-09"


def test_what_is_no_http_is_not_understood(api: PbxApi, web: WebServer) -> None:
    web.answers = [_sending(b"220 mail.example.test ESMTP\r\n\r\n")]

    with pytest.raises(NotUnderstood, match="is no HTTP"):
        api.request(GET)


@pytest.mark.parametrize("is_chunked", [False, True])
def test_an_answer_that_does_not_end_is_not_held(
    api: PbxApi, web: WebServer, monkeypatch: pytest.MonkeyPatch, *, is_chunked: bool
) -> None:
    monkeypatch.setattr("confgen.remote.api.client.LONGEST_ANSWER", 65536)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    if is_chunked:
        web.answers = [
            _sending(head + b"Transfer-Encoding: chunked\r\n\r\n" + (b"fffe\r\n" + b" " * 65534 + b"\r\n") * 9)
        ]
    else:
        web.answers = [_sending(head + b"Content-Length: 999999999999\r\n\r\n" + b" " * 600_000)]

    with pytest.raises(NotUnderstood, match="longer than 64 KiB"):
        api.request(GET)


def test_headers_that_do_not_end_are_not_held(api: PbxApi, web: WebServer) -> None:
    web.answers = [_sending(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000)]

    with pytest.raises(NotUnderstood):
        api.request(GET)


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 1000,
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n" + b" " * 900,
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"1\r\n \r\n" * 200,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 100,
    ],
    ids=["head", "body", "chunks", "continue"],
)
def test_a_server_that_drips_is_not_waited_for(api: PbxApi, web: WebServer, sent: bytes) -> None:
    api.request(GET)
    web.answers = [dripping(sent)]
    started = time.monotonic()

    with pytest.raises(ApiTooSlow, match=r"no whole answer to GET /xapi/v1/Users within 0\.3 s") as error:
        api.request(_soon())

    assert time.monotonic() - started < LATE
    assert error.value.code == "API-07"


def test_a_silent_server_is_not_waited_for_and_a_change_not_sent_again(api: PbxApi, web: WebServer) -> None:
    api.request(GET)
    web.answers = [silent]

    with pytest.raises(ApiTooSlow, match="whether it was carried out is not known"):
        api.request(_soon("PATCH"))

    assert [asked.method for asked in web.requests] == ["GET", "PATCH"]


def test_a_token_that_drips_is_not_waited_for(api: PbxApi, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confgen.remote.api.client._TOKEN_TIMEOUT", SOON)
    web.token_answers = [dripping(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 1000)]

    with pytest.raises(ApiTooSlow):
        api.request(GET)


@pytest.mark.parametrize(
    "sent",
    [b"", b"HTTP/1.1 20", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"],
    ids=["nothing", "half a head", "half a body"],
)
@pytest.mark.parametrize("method", ["PATCH", "POST", "DELETE"])
def test_a_change_whose_answer_is_lost_is_not_sent_again(api: PbxApi, web: WebServer, method: str, sent: bytes) -> None:
    api.request(GET)
    web.answers = [closing_after(_sending(sent))]

    with pytest.raises(ApiConnectionLost, match="whether it was carried out is not known") as error:
        api.request(ApiRequest(method=method, path="/xapi/v1/Users(101)"))

    assert error.value.code == "API-08"
    assert [asked.method for asked in web.requests] == ["GET", method]


def test_a_change_on_a_new_connection_is_not_sent_again_either(api: PbxApi, web: WebServer) -> None:
    web.answers = [closing]

    with pytest.raises(ApiConnectionLost):
        api.request(PATCH)

    assert len(web.requests) == 1


def test_a_connection_that_was_reset_is_lost(api: PbxApi, web: WebServer) -> None:
    def resetting(connection: socket.socket, _asked: Asked) -> bool:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        return False

    web.answers = [resetting]

    with pytest.raises(ApiConnectionLost):
        api.request(PATCH)

    assert len(web.requests) == 1


def test_after_a_lost_connection_the_token_goes_on_over_another_one(api: PbxApi, web: WebServer) -> None:
    web.answers = [closing]
    with pytest.raises(HostError):
        api.request(PATCH)

    assert api.request(GET).status == 200
    assert len(web.token_requests) == 1
    assert web.connections == 2


@pytest.mark.parametrize("says_so", [True, False])
def test_a_connection_that_ended_while_it_was_idle_is_made_anew(api: PbxApi, web: WebServer, *, says_so: bool) -> None:
    last = raw_answer(200, b"{}", "application/json", "Connection: close") if says_so else json_answer(200, {})
    web.answers = [closing_after(last)]
    api.request(GET)
    _until_closed(web)

    assert api.request(PATCH).status == 200

    assert [asked.method for asked in web.requests] == ["GET", "PATCH"]
    assert web.connections == 2
    assert len(web.token_requests) == 1


@pytest.mark.parametrize("path", ["", "xapi", "/a b", "/a\r\nX: y", "/ä", "/a\n"])
def test_a_path_that_is_not_encoded_is_not_sent(api: PbxApi, web: WebServer, path: str) -> None:
    api.request(GET)

    with pytest.raises(ValueError, match="encoded already"):
        api.request(ApiRequest(method="GET", path=path))

    assert len(web.requests) == 1


def _sending(content: bytes) -> web_server.Answer:
    def answer(connection: socket.socket, _asked: Asked) -> bool:
        connection.sendall(content)
        return True

    return answer


def _until_closed(web: WebServer) -> None:
    deadline = time.monotonic() + 10
    while web.open and time.monotonic() < deadline:
        time.sleep(0.005)
