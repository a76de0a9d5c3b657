"""The same API over a channel of the SSH connection, which opens no port here, or over a connection of this machine."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from confgen.model.api import ApiHost, ApiRequest
from confgen.model.host import Command, HostError
from confgen.model.secret import Secret
from confgen.model.stream import Barred
from confgen.remote.api.errors import ApiConnectionLost, ApiUnreachable, ClientRefused, NoSsh
from confgen.remote.api.host import PbxApi, directly, through_ssh
from confgen.remote.ssh import SshHost, connect
from tests.remote.api.conftest import access
from tests.remote.api.web_server import SECRET, WebServer, closing, json_answer, raw_answer
from tests.remote.conftest import StartServer, access_to
from tests.remote.memory_shelf import MemoryShelf
from tests.remote.ssh_server import Behaviour, SshServer
from tests.verify.wire.certificates import Identity
from tests.verify.wire.servers import closed_port

GET = ApiRequest(method="GET", path="/xapi/v1/Users")
PATCH = ApiRequest(method="PATCH", path="/xapi/v1/Users(101)", body={"AuthPassword": "sentinel-password"})


@pytest.fixture
def tunnelled(host: SshHost, web: WebServer, authority: Identity) -> Iterator[PbxApi]:
    with ExitStack() as stack:
        yield _through(host, web.port, authority, stack)


def _through(host: SshHost, port: int, authority: Identity, stack: ExitStack, secret: str = SECRET) -> PbxApi:
    api = through_ssh(host, access(port), secret=Secret(secret), authority=authority.pem, shelf=MemoryShelf())
    stack.callback(api.close)
    return api


def _direct(port: int, authority: Identity, stack: ExitStack, secret: str = SECRET) -> PbxApi:
    api = directly(
        "site", "127.0.0.1", access(port), secret=Secret(secret), authority=authority.pem, shelf=MemoryShelf()
    )
    stack.callback(api.close)
    return api


def test_the_api_is_asked_through_ssh(tunnelled: PbxApi, web: WebServer) -> None:
    host: ApiHost = tunnelled

    assert isinstance(host, ApiHost)
    assert host.name == "headquarters"
    assert [host.request(request).status for request in (GET, PATCH, GET)] == [200] * 3
    assert web.connections == 1
    assert host.run(Command(argv=("echo", "there"))).stdout == b"there\n"


def test_a_connection_that_ended_while_idle_is_made_anew_through_ssh(tunnelled: PbxApi, web: WebServer) -> None:
    web.answers = [raw_answer(200, b"{}", "application/json", "Connection: close")]
    tunnelled.request(GET)

    assert tunnelled.request(PATCH).status == 200
    assert web.connections == 2


def test_a_lost_ssh_connection_is_told_and_made_anew_when_asked_for(
    tunnelled: PbxApi, web: WebServer, server: SshServer
) -> None:
    tunnelled.request(GET)
    server.drop_connections()

    with pytest.raises(HostError):
        tunnelled.request(PATCH)
    with pytest.raises(ApiUnreachable):
        tunnelled.request(PATCH)
    assert [asked.method for asked in web.requests] == ["GET"]

    tunnelled.again()

    assert tunnelled.request(PATCH).status == 200
    assert len(web.token_requests) == 1


def test_an_ssh_connection_that_is_lost_before_the_answer_leaves_it_open(
    tunnelled: PbxApi, web: WebServer, server: SshServer
) -> None:
    tunnelled.request(GET)

    def cut(*_: object) -> bool:
        server.drop_connections()
        return False

    web.answers = [cut]

    with pytest.raises(ApiConnectionLost, match="the SSH connection was lost before the answer to PATCH"):
        tunnelled.request(PATCH)

    assert [asked.method for asked in web.requests] == ["GET", "PATCH"]


def test_an_ssh_server_that_forwards_nothing_is_told_with_the_mend(
    start_server: StartServer, keys: Path, authority: Identity
) -> None:
    server = start_server(behaviour=Behaviour(forwards=False))
    with ExitStack() as stack:
        host = connect(access_to(server, keys), name="site", folder=keys)
        api = _through(host, 5001, authority, stack)

        with pytest.raises(ApiUnreachable, match=r'forwards no connections.*permitopen="127\.0\.0\.1:5001"') as error:
            api.request(GET)

        assert error.value.code == "API-02"


def test_a_port_on_which_nothing_listens_is_told(host: SshHost, authority: Identity) -> None:
    port = closed_port().port
    with ExitStack() as stack:
        for api in (_through(host, port, authority, stack), _direct(port, authority, stack)):
            with pytest.raises(ApiUnreachable, match="connection refused") as error:
                api.request(GET)
            assert error.value.code == "API-02"


def test_a_name_that_leads_nowhere_is_told(authority: Identity) -> None:
    for address in ("nowhere.invalid", f"{'a' * 64}.example.test"):
        api = directly(
            "site", address, access(5001), secret=Secret(SECRET), authority=authority.pem, shelf=MemoryShelf()
        )
        with pytest.raises(ApiUnreachable):
            api.request(GET)


def test_a_pbx_without_ssh_is_asked_directly_and_runs_nothing(web: WebServer, authority: Identity) -> None:
    with ExitStack() as stack:
        api = _direct(web.port, authority, stack)

        assert api.request(GET).status == 200
        api.again()
        assert api.request(GET).status == 200
        with pytest.raises(NoSsh, match="there is no SSH to run systemctl") as error:
            api.run(Command(argv=("systemctl", "status")))
        assert error.value.code == "API-11"
        with pytest.raises(Barred):
            api.dial("127.0.0.1", 5061, 1.0)


def test_a_refused_secret_is_refused_over_any_way_in_the_same_process(
    host: SshHost, web: WebServer, authority: Identity
) -> None:
    with ExitStack() as stack:
        with pytest.raises(ClientRefused):
            _through(host, web.port, authority, stack, "wrong").request(GET)
        with pytest.raises(ClientRefused):
            _direct(web.port, authority, stack, "wrong").request(GET)

    assert len(web.token_requests) == 1


def test_no_secret_is_in_what_is_told_of_anything_that_goes_wrong(
    api: PbxApi, web: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"error": {"message": "sentinel-password sentinel-token-1"}}
    told = [repr(api), repr(PATCH)]
    answer = api.request(PATCH)
    told += [repr(answer)]
    for wrong in (
        closing,
        raw_answer(200, b"sentinel-password", "application/json"),
        raw_answer(200, b"sentinel-password", "text/html"),
        raw_answer(302, b"", "text/html", "Location: /?token=sentinel-token-1"),
        raw_answer(503, b"sentinel-password"),
        raw_answer(200, b"", "sentinel-password", "sentinel-token-1"),
    ):
        web.answers = [wrong]
        try:
            answer = api.request(PATCH)
        except HostError as error:
            told += ["".join(traceback.format_exception(error)), repr(error)]
    web.answers = [json_answer(400, echo)]
    told += [repr(api.request(PATCH))]
    web.revoke()
    web.token_answers = [json_answer(400, {"error": SECRET, "error_description": SECRET})]
    with pytest.raises(ClientRefused) as refused:
        api.request(PATCH)
    told += ["".join(traceback.format_exception(refused.value))]

    assert len(told) >= 10
    assert "sentinel" not in "\n".join(told)
    assert "sentinel" not in caplog.text
