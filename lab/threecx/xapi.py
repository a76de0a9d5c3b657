"""The contract fake itself: one request in, one answer out."""

from __future__ import annotations

import ipaddress
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from confgen.drivers.threecx.contract import BASE_PATH, FAKE_HEADER, PRODUCT_VERSION_HEADER
from confgen.model.api import ApiAnswer
from confgen.model.version import ProductVersion
from lab.threecx import actions, objects
from lab.threecx.answers import (
    FORBIDDEN_CHANGE,
    INVALID,
    INVALID_LICENSE_TYPE,
    Asked,
    Refused,
    refuse,
    refuse_one,
    say_nothing,
)
from lab.threecx.description import openapi
from lab.threecx.quirks import CutMoment, Quirks
from lab.threecx.routes import Route, route
from lab.threecx.state import API_SERVICE, SINGLETONS, State
from lab.threecx.strict import blanked, complaints
from lab.threecx.telling import full_version, is_away
from lab.threecx.tokens import TOKEN_PATH, Tokens

LATEST = ProductVersion(20, 0, 10)  # whose description the contract was taken from
BANNER = "a contract fake of 3CX's API, held to its published description; no 3CX, no telephony"
DESCRIPTION_PATHS = (f"{BASE_PATH}/swagger.json", f"{BASE_PATH}/swagger.yaml")  # JSON is YAML too
# Seen to end in 500 with a partial object; whoever changes users one by one never comes here.
_BULK_PATHS = frozenset({"/Users/Pbx.MultiUserUpdate", "/Users/Pbx.BulkUpdate"})
_OPEN_TO_ANY_ROLE = ("/Defs", "/Users")


class LinkCut(Exception):
    """No answer arrives, or half of one."""

    def __init__(self, half: ApiAnswer | None) -> None:
        super().__init__("the link is cut")
        self.half = half


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A request that was made; secrets are masked."""

    method: str
    path: str  # decoded, with its query
    sent: Any = None
    status: int | None = None  # None: no answer arrived


class ContractFake:
    """One PBX; who asks it in several threads holds `turn` meanwhile."""

    def __init__(
        self,
        *,
        client: str,
        secret: str,
        domain: str,
        version: ProductVersion = LATEST,
        seed: int = 1,
        users: tuple[str, ...] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start with a new PBX that lets this one client in."""
        self.version = version
        self.clock = clock
        self.turn = threading.Lock()
        self.state = State(seed=seed, domain=domain, users=users)
        self.tokens = Tokens(client=client, secret=secret, version=version, clock=clock)
        self.log: list[Logged] = []
        self._quirks = Quirks()
        self._counted = 0

    def renew(self) -> None:
        """Be a new PBX again: nothing is left of what was written and asked, and nothing misbehaves."""
        before = self.state
        self.state = State(seed=before.seed, domain=before.domain, https_port=before.https_port, users=before.users)
        self.tokens = Tokens(
            client=self.tokens.client, secret=self.tokens.secret, version=self.version, clock=self.clock
        )
        self.log = []
        self.quirks = Quirks()

    @property
    def quirks(self) -> Quirks:
        """How it misbehaves; setting them begins to count requests anew."""
        return self._quirks

    @quirks.setter
    def quirks(self, quirks: Quirks) -> None:
        self._quirks = quirks
        self._counted = 0

    def answer(self, asked: Asked) -> ApiAnswer:
        """Carry a request out; LinkCut where its answer does not arrive."""
        self._counted += 1
        cut = self._quirks.cut
        is_cut = cut is not None and cut.applies_to(self._counted)
        logged = self._logged(asked)
        self.log.append(logged)
        if is_cut and cut is not None and cut.moment is CutMoment.BEFORE:
            raise LinkCut(None)
        try:
            answer = self._carry_out(asked)
        except Refused as refused:
            answer = refused.answer
        headers = {PRODUCT_VERSION_HEADER: full_version(self.version), FAKE_HEADER: BANNER, **answer.headers}
        answer = replace(answer, headers=headers)
        if is_cut and cut is not None:
            raise LinkCut(answer if cut.moment is CutMoment.MIDWAY else None)
        self.log[-1] = replace(logged, status=answer.status)
        return answer

    def _carry_out(self, asked: Asked) -> ApiAnswer:
        target = urlsplit(asked.target)
        if target.path == TOKEN_PATH:
            if asked.method != "POST":
                say_nothing(405)
            content_type = asked.headers.get("content-type", "")
            return self.tokens.issue(content_type, asked.body, in_minutes=self._quirks.tells_expiry_in_minutes)
        if not target.path.startswith(f"{BASE_PATH}/"):
            say_nothing(404)
        self._let_in(asked)
        if target.path in DESCRIPTION_PATHS:
            if asked.method != "GET":
                say_nothing(405)
            return ApiAnswer(status=200, body=openapi(self.version))
        path = unquote(target.path).removeprefix(BASE_PATH)
        if path in _BULK_PATHS:
            say_nothing(500)
        found = route(asked.method, target.path)
        self._as_quirks_have_it(found)
        sent = self._taken(asked, found)
        if found.collection in {*SINGLETONS, *objects.COLLECTIONS} and "/Pbx." not in found.path:
            return objects.carry_out(self, found, target.query, sent)
        return actions.carry_out(self, found, target.query, sent)

    def _let_in(self, asked: Asked) -> None:
        if self.tokens.is_banned:
            say_nothing(403)
        if is_away(API_SERVICE, self.state, self.clock()):
            say_nothing(503)
        authorization = asked.headers.get("authorization", "")
        if not self.tokens.lets_in(authorization, most_requests=self._quirks.requests_per_token):
            say_nothing(401)
        if not self._quirks.has_api_licence:
            refuse_one(403, "License", INVALID_LICENSE_TYPE)
        if self._quirks.restricts_api and not self._may_use_the_console():
            say_nothing(403)

    def _may_use_the_console(self) -> bool:
        restrictions = self.state.singletons["ConsoleRestrictions"]
        address = ipaddress.ip_address(restrictions["MyIpAddress"])
        networks = map(ipaddress.ip_network, restrictions["IpWhitelist"])
        return not restrictions["AccessRestricted"] or any(address in network for network in networks)

    def _as_quirks_have_it(self, found: Route) -> None:
        method = found.operation.method
        if not self._quirks.has_system_role and not found.path.startswith(_OPEN_TO_ANY_ROLE):
            say_nothing(403)
        status = self._quirks.broken_status(method, found.path)
        if status is not None:
            say_nothing(status)
        if method != "GET" and self._quirks.is_forbidden(found.path):
            refuse_one(400, found.collection, FORBIDDEN_CHANGE)

    def _taken(self, asked: Asked, found: Route) -> Mapping[str, Any]:
        """The body, once nothing is wrong with it."""
        takes = found.operation.takes
        if takes is None:
            if asked.body not in {b"", b"{}"}:
                refuse_one(400, "body", INVALID)
            return {}
        if asked.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            say_nothing(415)
        sent = _parsed(asked.body)
        wrong = complaints(takes, sent, self.version, is_new=asked.method == "POST")
        if wrong or not isinstance(sent, Mapping):
            refuse(400, wrong)
        return sent

    def _logged(self, asked: Asked) -> Logged:
        path = unquote(asked.target)
        try:
            takes = route(asked.method, urlsplit(asked.target).path).operation.takes
        except Refused:
            takes = None
        sent = None
        if takes is not None:
            try:
                sent = blanked(takes, json.loads(asked.body))
            except ValueError:
                sent = "no JSON"
        return Logged(method=asked.method, path=path, sent=sent)


def _parsed(body: bytes) -> Any:  # noqa: ANN401, any JSON
    try:
        return json.loads(body)
    except ValueError:
        refuse_one(400, "body", INVALID)
