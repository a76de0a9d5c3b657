"""There is one token at a time, used until it is refused; and a refused secret is tried once."""

from __future__ import annotations

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from confgen.model.api import ApiRequest
from confgen.model.host import HostError
from confgen.model.secret import MASK, Secret
from confgen.remote.api.blanking import blanking
from confgen.remote.api.errors import ClientRefused, NoApiThere, NotUnderstood, TlsRefused
from confgen.remote.api.host import PbxApi
from tests.remote.api.conftest import StartApi
from tests.remote.api.web_server import SECRET, Answer, Asked, WebServer, closing, json_answer, raw_answer
from tests.verify.wire.certificates import make_authority

GET = ApiRequest(method="GET", path="/xapi/v1/Users?$select=Id,Number")
PATCH = ApiRequest(method="PATCH", path="/xapi/v1/Users(101)", body={"SRTPMode": "SRTPEnforced"})


def test_one_token_and_one_connection_serve_many_requests(api: PbxApi, web: WebServer) -> None:
    for _ in range(5):
        assert api.request(GET).status == 200

    assert len(web.token_requests) == 1
    assert web.connections == 1
    assert {asked.token for asked in web.requests} == {"sentinel-token-1"}


def test_the_token_is_asked_for_as_the_client(api: PbxApi, web: WebServer) -> None:
    api.request(GET)

    (asked,) = web.token_requests
    assert asked.method == "POST"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.form == {
        "client_id": ["confgen"],
        "client_secret": [SECRET],
        "grant_type": ["client_credentials"],
    }


def test_the_line_end_of_a_secrets_file_is_none_of_the_secret(web: WebServer, start_api: StartApi) -> None:
    assert start_api(web, f"{SECRET}\r\n").request(GET).status == 200


@pytest.mark.parametrize("expires_in", [0, 1, 60, 3600, -1, "sixty", None])
def test_how_long_a_token_is_said_to_hold_is_not_believed(api: PbxApi, web: WebServer, expires_in: object) -> None:
    web.expires_in = expires_in

    for _ in range(3):
        api.request(GET)

    assert len(web.token_requests) == 1


@pytest.mark.parametrize("request_", [GET, PATCH], ids=["reads", "changes"])
def test_a_revoked_token_is_replaced_once_and_the_request_carried_out(
    api: PbxApi, web: WebServer, request_: ApiRequest
) -> None:
    api.request(GET)
    web.revoke()

    assert api.request(request_).status == 200

    assert len(web.token_requests) == 2
    assert [asked.token for asked in web.requests] == ["sentinel-token-1", "sentinel-token-1", "sentinel-token-2"]


def test_a_second_refusal_is_an_answer(api: PbxApi, web: WebServer) -> None:
    web.answers = [json_answer(401, {"error": {"code": "x"}})] * 2

    answer = api.request(PATCH)

    assert answer.status == 401
    assert answer.body == {"error": {"code": "x"}}
    assert len(web.requests) == 2
    assert len(web.token_requests) == 2


def test_what_the_client_may_not_do_is_an_answer_and_no_reason_for_another_token(api: PbxApi, web: WebServer) -> None:
    web.answers = [json_answer(403, {"error": {"message": "no"}})]

    assert api.request(PATCH).status == 403

    assert len(web.token_requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_secret_is_tried_exactly_once(web: WebServer, start_api: StartApi, status: int) -> None:
    web.token_answers = [json_answer(status, {"error": "invalid_client", "error_description": SECRET})] * 9
    told = set()

    for _ in range(3):  # a host that was given back is connected anew
        api = start_api(web)
        for request in (GET, PATCH, GET):
            with pytest.raises(ClientRefused) as refused:
                api.request(request)
            told.add(str(refused.value))
            assert refused.value.code == "API-01"

    assert len(web.token_requests) == 1
    assert len(web.asked) == 1
    (message,) = told
    assert f"({status}, invalid_client)" in message
    assert SECRET not in message


def test_a_wrong_secret_is_refused_and_another_one_is_not_held_responsible(web: WebServer, start_api: StartApi) -> None:
    with pytest.raises(ClientRefused):
        start_api(web, "wrong").request(GET)

    assert start_api(web).request(GET).status == 200


def test_a_secret_that_was_refused_when_the_token_was_replaced_is_not_tried_again(api: PbxApi, web: WebServer) -> None:
    api.request(GET)
    web.revoke()
    web.token_answers = [json_answer(401, {"error": "invalid_client"})] * 9

    for _ in range(3):
        with pytest.raises(ClientRefused):
            api.request(PATCH)

    assert len(web.token_requests) == 2
    assert len(web.requests) == 2


def test_a_page_that_refuses_is_a_refusal_too(api: PbxApi, web: WebServer) -> None:
    web.token_answers = [raw_answer(403, b"<html>banned</html>")] * 9

    for _ in range(2):
        with pytest.raises(ClientRefused, match=r"refused \(403\)"):
            api.request(GET)

    assert len(web.token_requests) == 1


_NO_TOKEN = [json_answer(status, {"error": "locked"}) for status in (404, 423, 429, 500, 503)]
_NO_TOKEN += [raw_answer(200, b"<html>"), json_answer(200, {}), closing]


@pytest.mark.parametrize("answer", _NO_TOKEN)
def test_a_secret_that_brought_no_token_is_sent_once_whatever_was_answered(
    web: WebServer, start_api: StartApi, answer: Answer
) -> None:
    web.token_answers = [answer] * 9
    codes = set()

    for _ in range(3):
        api = start_api(web)
        for request in (GET, PATCH):
            with pytest.raises(HostError) as error:
                api.request(request)
            codes.add(error.value.code)

    assert len(codes) == 1
    assert "not tried again in this run" in str(error.value)
    assert len(web.token_requests) == 1


@pytest.mark.parametrize("answer", [json_answer(503, {}), closing])
def test_a_secret_that_brought_a_token_before_outlives_an_api_that_is_away(
    api: PbxApi, web: WebServer, answer: Answer
) -> None:
    """While its service starts anew, for one: nothing could be undone then."""
    api.request(GET)
    web.revoke()
    web.token_answers = [answer] * 3

    for _ in range(3):
        with pytest.raises(HostError):
            api.request(GET)

    assert api.request(GET).status == 200


def test_a_secret_that_was_not_sent_is_not_held_responsible(web: WebServer, start_api: StartApi) -> None:
    with pytest.raises(TlsRefused):
        start_api(web, trusted=make_authority().pem).request(GET)

    assert start_api(web).request(GET).status == 200


def test_two_connections_at_once_send_a_wrong_secret_once(web: WebServer, start_api: StartApi) -> None:
    asked, told = threading.Event(), threading.Event()

    def slow(connection: socket.socket, request: Asked) -> bool:
        asked.set()
        told.wait(10)
        return json_answer(400, {"error": "invalid_client"})(connection, request)

    web.token_answers = [slow, slow]
    with ThreadPoolExecutor(max_workers=2) as threads:
        answers = [threads.submit(start_api(web, "wrong").request, GET) for _ in range(2)]
        asked.wait(10)
        time.sleep(0.1)  # in which the other one would have asked
        told.set()
        assert all(isinstance(answer.exception(), ClientRefused) for answer in answers)

    assert len(web.token_requests) == 1


def test_an_answer_says_neither_the_token_nor_the_secret_again(api: PbxApi, web: WebServer) -> None:
    def echo(connection: socket.socket, request: Asked) -> bool:
        words = f"the token {request.token} of {SECRET}"
        body = {"error": {"message": words, "details": [{"target": request.token, "message": words}]}, words: 1}
        content = json.dumps(body).encode()
        return raw_answer(403, content, "application/json", f"X-Told: {words}")(connection, request)

    web.answers = [echo]

    answer = api.request(PATCH)

    told = f"{answer.body} {answer.headers}"
    assert "sentinel" not in told
    assert f"the token {MASK} of {MASK}" in told


def test_what_answers_the_secret_does_not_bring_it_into_an_error(api: PbxApi, web: WebServer) -> None:
    web.token_answers = [raw_answer(200, b"<html>", f"text/{SECRET}")]

    with pytest.raises(NoApiThere) as error:
        api.request(GET)

    assert SECRET.lower() not in str(error.value)


def test_what_a_form_makes_of_a_secret_is_blanked_too_and_a_short_word_is_not() -> None:
    blank = blanking((Secret("a/long secret\n"), Secret("short")))

    assert blank("a/long secret, a%2Flong+secret, short") == f"{MASK}, {MASK}, short"


@pytest.mark.parametrize(
    "body",
    [[], {}, {"access_token": "x"}, {"token_type": "Bearer"}, {"token_type": "mac", "access_token": "x"},
     {"token_type": "Bearer", "access_token": 7}, {"token_type": "Bearer", "access_token": ""},
     {"token_type": "Bearer", "access_token": "x\r\nX-Injected: sentinel"},
     {"token_type": "Bearer", "access_token": "x sentinel"}],
)  # fmt: skip
def test_a_token_that_is_none_is_not_used(api: PbxApi, web: WebServer, body: object) -> None:
    web.token_answers = [json_answer(200, body)]

    with pytest.raises(NotUnderstood) as error:
        api.request(GET)

    assert error.value.code == "API-06"
    assert "sentinel" not in str(error.value)
    assert web.requests == []


def test_threads_share_one_token(api: PbxApi, web: WebServer) -> None:
    with ThreadPoolExecutor(max_workers=8) as threads:
        answers = list(threads.map(api.request, [GET] * 40))

    assert {answer.status for answer in answers} == {200}
    assert len(web.token_requests) == 1
