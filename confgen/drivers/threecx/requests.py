"""Requests to the Configuration API of a 3CX, each with the answer of an API that did what it was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from confgen.drivers.threecx.contract import BASE_PATH, MOST_AT_ONCE
from confgen.model.api import ApiHost, ApiRequest
from confgen.model.api_fault import accepted
from confgen.model.host import HostError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.api import ApiAnswer
    from confgen.model.host import Host


def api_of(host: Host) -> ApiHost:
    """The host of a 3CX, which is asked by its API."""
    if not isinstance(host, ApiHost):
        raise TypeError("a 3CX is asked by its API, and this host has none")
    return host


def ask(host: Host, path: str) -> ApiAnswer:
    """Read an object; HostError where the API does not answer with one."""
    answer = _asked(host, ApiRequest(method="GET", path=BASE_PATH + path))
    if not isinstance(answer.body, dict):
        raise _another_answer(path)
    return answer


def pages(host: Host, path: str) -> list[Mapping[str, Any]]:
    """Every object of a collection; `path` has a query already."""
    found: list[Mapping[str, Any]] = []
    while True:
        page = ask(host, f"{path}&$top={MOST_AT_ONCE}&$skip={len(found)}").body.get("value")
        if not isinstance(page, list) or not all(isinstance(one, dict) for one in page):
            raise _another_answer(path)
        if page and page == found[-len(page) :]:  # it passes over `$skip`, and would never come to an end
            raise HostError(f"{BASE_PATH}{path.partition('?')[0]} of the PBX answers with the same page again")
        found += page
        if len(page) < MOST_AT_ONCE:
            return found


def change(host: Host, method: str, path: str, body: Mapping[str, Any] | None = None) -> ApiAnswer:
    """Make the PBX another one; that it answered well does not say that it did."""
    return _asked(host, ApiRequest(method=method, path=BASE_PATH + path, body=body))


def literal(text: str) -> str:
    """A string in a path, as OData has it."""
    return quote("'" + text.replace("'", "''") + "'", safe="'")


def _another_answer(path: str) -> HostError:
    return HostError(f"{BASE_PATH}{path.partition('?')[0]} of the PBX answered well, and with something else")


def _asked(host: Host, request: ApiRequest) -> ApiAnswer:
    return accepted(request, api_of(host).request(request))
