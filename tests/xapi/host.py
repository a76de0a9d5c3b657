"""A 3CX that is a contract fake, as a driver is handed it: without sockets, with a shelf in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from confgen.model.api import ApiAnswer, ApiRequest
from confgen.model.host import Command, Completed, HostError
from confgen.model.stream import Refused, Stream
from confgen.model.version import ProductVersion
from lab.threecx.answers import Asked
from lab.threecx.tokens import TOKEN_PATH
from lab.threecx.xapi import LATEST, ContractFake, LinkCut
from tests.remote.memory_shelf import MemoryShelf

CLIENT = "confgen"
SECRET = "the-secret-of-the-client"
FORM = "application/x-www-form-urlencoded"


@dataclass(kw_only=True)
class Clock:
    """Seconds that pass when they are told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def make_fake(
    version: ProductVersion = LATEST, seed: int = 1, clock: Clock | None = None, users: tuple[str, ...] = ()
) -> ContractFake:
    return ContractFake(
        client=CLIENT,
        secret=SECRET,
        domain="site.example.test",
        version=version,
        seed=seed,
        users=users,
        clock=clock or Clock(),
    )


@dataclass(kw_only=True)
class FakeHost:
    """An ApiHost; a token that ends is renewed once, as who asks a real PBX does."""

    name: str = "site"
    fake: ContractFake = field(default_factory=make_fake)
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    reconnections: int = 0
    is_reachable: bool = True  # anew
    _token: str | None = None

    def request(self, request: ApiRequest, /) -> ApiAnswer:
        if self._token is None:
            self._token = self.new_token()
        answer = self._ask(request)
        if answer.status == 401:
            self._token = self.new_token()
            answer = self._ask(request)
        return answer

    def run(self, command: Command, /) -> Completed:
        raise HostError(f"nothing is run on a 3CX: {command}")

    def dial(self, _address: str, _port: int, _timeout: float, /) -> Stream:
        raise Refused("nothing listens")

    def again(self) -> None:
        if not self.is_reachable:
            raise HostError("nobody answers")
        self.reconnections += 1

    def new_token(self) -> str:
        form = {"client_id": CLIENT, "client_secret": SECRET, "grant_type": "client_credentials"}
        answer = self._answer("POST", TOKEN_PATH, {"content-type": FORM}, urlencode(form).encode())
        if answer.status != 200:
            raise HostError(f"no token: status {answer.status}")
        token: str = answer.body["access_token"]
        return token

    def _ask(self, request: ApiRequest) -> ApiAnswer:
        headers = {"authorization": f"Bearer {self._token}"}
        if request.body is None:
            return self._answer(request.method, request.path, headers, b"")
        headers["content-type"] = "application/json"
        return self._answer(request.method, request.path, headers, json.dumps(request.body).encode())

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> ApiAnswer:
        try:
            answer = self.fake.answer(Asked(method=method, target=target, headers=headers, body=body))
        except LinkCut as error:
            raise HostError("the link was cut") from error
        copied: Any = json.loads(json.dumps(answer.body))  # as if it had gone through a wire
        return ApiAnswer(status=answer.status, body=copied, headers=answer.headers)
