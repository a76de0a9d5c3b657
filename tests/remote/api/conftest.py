"""A web server with the API's name, and whoever asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from confgen.model.api import ApiAccess
from confgen.model.secret import Secret, SecretReference, SecretSource
from confgen.remote.api.client import ApiClient
from confgen.remote.api.host import PbxApi
from confgen.remote.api.place import ApiPlace
from confgen.remote.api.refusals import Refusals
from confgen.streams import tcp
from tests.remote.api.web_server import SECRET, WebServer, web_server
from tests.remote.memory_shelf import MemoryShelf
from tests.verify.wire.certificates import Identity, make_authority, make_identity

NAME = "site.example.test"
StartApi = Callable[..., PbxApi]


def access(port: int, **changes: Any) -> ApiAccess:  # noqa: ANN401 -- any field of it
    parts: dict[str, Any] = {
        "name": NAME,
        "port": port,
        "client": "confgen",
        "secret": SecretReference(SecretSource.ENVIRONMENT, ("API_SECRET",)),
        **changes,
    }
    return ApiAccess(**parts)


@pytest.fixture(scope="session")
def authority() -> Identity:
    return make_authority()


@pytest.fixture(scope="session")
def certificate(authority: Identity, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_identity(authority, NAME).write(tmp_path_factory.mktemp("site"), "site")


@pytest.fixture
def web(certificate: tuple[Path, Path]) -> Iterator[WebServer]:
    with web_server(certificate) as server:
        yield server


@pytest.fixture
def start_api(authority: Identity) -> Iterator[StartApi]:
    """Whoever asks a server, over connections of this machine; what was refused is known to this test alone."""
    refusals = Refusals()
    with ExitStack() as stack:

        def start(server: WebServer, secret: str = SECRET, trusted: str | None = authority.pem) -> PbxApi:
            place = ApiPlace(
                pbx="site",
                name=NAME,
                port=server.port,
                way="directly",
                mend="is it up?",
                dial=lambda timeout: tcp.connect("127.0.0.1", server.port, timeout),
            )
            client = ApiClient(
                place,
                access(server.port),
                secret=Secret(secret),
                authority=trusted,
                refusals=refusals,
            )
            api = PbxApi("site", client, MemoryShelf(), None)
            stack.callback(api.close)
            return api

        yield start


@pytest.fixture
def api(web: WebServer, start_api: StartApi) -> PbxApi:
    return start_api(web)
