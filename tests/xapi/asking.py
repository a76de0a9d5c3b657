"""Asks a host's API in few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from confgen.drivers.threecx.contract import BASE_PATH
from confgen.model.api import ApiAnswer, ApiHost, ApiRequest

TRUNK: Mapping[str, Any] = {
    "Number": "10000",
    "AuthID": "site",
    "AuthPassword": {"Value": "the-trunk-password"},
    "TransportRestriction": "TLS",
    "DidNumbers": ["+49301", "+49302"],
    "Gateway": {"Name": "hq", "Host": "hq.example.test", "Port": 5061, "SRTPMode": "SRTPEnforced", "Lines": 7},
}
USER: Mapping[str, Any] = {"Number": "100", "FirstName": "Reception"}


@dataclass(frozen=True, slots=True)
class Api:
    """Paths stand below /xapi/v1, as one reads them."""

    host: ApiHost

    def get(self, path: str, **options: str) -> ApiAnswer:
        query = "&".join(f"${name}={quote(value, safe='')}" for name, value in options.items())
        return self._ask("GET", path, None, query)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> ApiAnswer:
        return self._ask("POST", path, body)

    def patch(self, path: str, body: Mapping[str, Any]) -> ApiAnswer:
        return self._ask("PATCH", path, body)

    def delete(self, path: str) -> ApiAnswer:
        return self._ask("DELETE", path, None)

    def made(self, collection: str, body: Mapping[str, Any]) -> str:
        """The path of a new object."""
        answer = self.post(f"/{collection}", body)
        assert answer.status == 201, answer.body
        key = answer.body["Id"] if "Id" in answer.body else f"'{answer.body['Name']}'"
        return f"/{collection}({key})"

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None, query: str = "") -> ApiAnswer:
        target = f"{BASE_PATH}{quote(path, safe='/()=')}" + (f"?{query}" if query else "")
        return self.host.request(ApiRequest(method=method, path=target, body=body))


def warnings(answer: ApiAnswer) -> dict[str, str]:
    """What is complained of, by field."""
    return {one["target"]: one["message"] for one in answer.body["error"]["details"]}
