"""There is one token at a time, used until it is refused; and a refused secret is tried once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from confgen.model.api import ApiRequest
from confgen.remote.api.errors import ApiNotServing, ClientRefused, NotUnderstood
from confgen.remote.api.host import PbxApi
from tests.remote.api.conftest import StartApi
from tests.remote.api.web_server import SECRET, WebServer, json_answer, raw_answer

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


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_gives_no_token_now_has_refused_nothing(api: PbxApi, web: WebServer, status: int) -> None:
    web.token_answers = [raw_answer(status, b"")]

    with pytest.raises(ApiNotServing) as error:
        api.request(GET)
    assert error.value.code == "API-09"

    assert api.request(GET).status == 200


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
