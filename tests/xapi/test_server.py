"""The fake by HTTPS, on loopback."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from lab.pki import make_authority
from lab.threecx.quirks import Cut, CutMoment, Quirks
from lab.threecx.server import command, controlled, serving
from lab.threecx.tokens import TOKEN_PATH
from lab.threecx.xapi import ContractFake
from tests.xapi.host import CLIENT, FORM, SECRET


class Served:
    """Asks over one connection, as long as it lasts."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        self.connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=10)
        form = {"client_id": CLIENT, "client_secret": SECRET, "grant_type": "client_credentials"}
        status, body = self.ask("POST", TOKEN_PATH, urlencode(form), {"content-type": FORM})
        assert status == 200
        self.headers = {"authorization": f"Bearer {body['access_token']}", "content-type": "application/json"}

    def ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> tuple[int, Any]:
        self.connection.request(method, path, body.encode() or None, self.headers if headers is None else headers)
        answer = self.connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else None


@pytest.fixture
def served(fake: ContractFake, tmp_path: Path) -> Iterator[Served]:
    authority = make_authority()
    certificate, key = authority.issue(names=["localhost"]).write(tmp_path, "site")
    context = ssl.create_default_context(cadata=authority.pem.decode())
    with serving(fake, certificate, key, ("127.0.0.1", 0)) as port:
        asking = Served(port, context)
        yield asking
        asking.connection.close()


def test_it_answers_over_one_connection(served: Served) -> None:
    assert served.ask("POST", "/xapi/v1/Users", '{"Number": "100"}')[0] == 201
    assert served.ask("PATCH", "/xapi/v1/CodecsSettings", '{"LocalCodecList": ["PCMA"]}') == (204, None)
    status, body = served.ask("GET", "/xapi/v1/Users?%24select=Number")
    assert (status, body["value"]) == (200, [{"Number": "100"}])
    assert served.ask("GET", "/nothing")[0] == 404


def test_it_describes_itself(served: Served) -> None:
    status, description = served.ask("GET", "/xapi/v1/swagger.yaml")

    assert status == 200
    assert "SRTPMode" in description["components"]["schemas"]["Pbx.User"]["properties"]


@pytest.mark.parametrize(
    ("moment", "error"),
    [
        (CutMoment.BEFORE, http.client.RemoteDisconnected),
        (CutMoment.AFTER, http.client.RemoteDisconnected),
        (CutMoment.MIDWAY, http.client.IncompleteRead),
    ],
)
def test_a_link_that_is_cut_is_a_connection_that_ends(
    moment: CutMoment, error: type[Exception], served: Served, fake: ContractFake
) -> None:
    fake.quirks = Quirks(cut=Cut(at=1, moment=moment))

    with pytest.raises(error):
        served.ask("GET", "/xapi/v1/Users")
    served.connection.close()
    assert served.ask("GET", "/xapi/v1/Users")[0] == 200


def test_it_is_controlled_where_no_network_reaches(fake: ContractFake, served: Served, tmp_path: Path) -> None:
    control = tmp_path / "control"
    with controlled(fake, control):
        command(control, {"set": json.loads(Quirks(breaks={"GET /Users": 500}).to_json())})

        assert served.ask("GET", "/xapi/v1/Users") == (500, None)
        told = command(control, {"tell": "log"})
        assert told["tries"] == 1
        assert [one["status"] for one in told["requests"]] == [200, 500]
        assert (
            command(control, {"tell": "objects"})["singletons"]["NetworkSettings"]["PbxPublicFQDN"] == fake.state.domain
        )
        command(control, {"renew": True})
        assert command(control, {"tell": "log"}) == {"tries": 0, "requests": []}
