"""Lets clients in: OAuth 2.0 client credentials, one token for each at a time, and a ban after three wrong secrets."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from confgen.model.api import ApiAnswer
from confgen.model.version import ProductVersion

TOKEN_PATH = "/connect/token"  # noqa: S105 -- where one is asked for
WRONG_SECRETS_BEFORE_BAN = 3
_LIFETIME = 3600.0  # seconds
_SECONDS_SINCE = ProductVersion(20, 0, 9)
_FORM = "application/x-www-form-urlencoded"


@dataclass(kw_only=True)
class Tokens:
    """The one client of a PBX and its token."""

    client: str
    secret: str = field(repr=False)
    version: ProductVersion
    clock: Callable[[], float]  # seconds
    tries: int = 0  # requests for a token, good ones and bad ones
    wrong_secrets: int = 0
    _token: str | None = field(default=None, repr=False)
    _ends: float = 0.0
    _requests: int = 0  # that the token has let in

    @property
    def is_banned(self) -> bool:
        """Whether the address is let in no more, whatever it says."""
        return self.wrong_secrets >= WRONG_SECRETS_BEFORE_BAN

    def issue(self, content_type: str, form: bytes, *, in_minutes: bool | None) -> ApiAnswer:
        """Answer a request for a token; the client's earlier one is worth nothing from then on."""
        self.tries += 1
        if self.is_banned:
            return ApiAnswer(status=403)
        said = {name: values[0] for name, values in parse_qs(form.decode(), keep_blank_values=True).items()}
        if content_type.partition(";")[0].strip() != _FORM or set(said) != {"client_id", "client_secret", "grant_type"}:
            return ApiAnswer(status=400, body={"error": "invalid_request"})
        if said["grant_type"] != "client_credentials":
            return ApiAnswer(status=400, body={"error": "unsupported_grant_type"})
        is_right = hmac.compare_digest(said["client_secret"].encode(), self.secret.encode())
        if said["client_id"] != self.client or not is_right:
            self.wrong_secrets += 1
            return ApiAnswer(status=401, body={"error": "invalid_client"})
        self.wrong_secrets = 0
        self._token = secrets.token_urlsafe(32)
        self._ends = self.clock() + _LIFETIME
        self._requests = 0
        in_minutes = self.version < _SECONDS_SINCE if in_minutes is None else in_minutes
        return ApiAnswer(
            status=200,
            body={
                "token_type": "Bearer",
                "expires_in": int(_LIFETIME / 60 if in_minutes else _LIFETIME),
                "access_token": self._token,
                "refresh_token": None,
            },
        )

    def lets_in(self, authorization: str, *, most_requests: int | None) -> bool:
        """Whether a request with this header is let in; it is counted where it is."""
        is_ours = self._token is not None and hmac.compare_digest(authorization, f"Bearer {self._token}")
        if not is_ours or self.clock() >= self._ends:
            return False
        if most_requests is not None and self._requests >= most_requests:
            self._token = None
            return False
        self._requests += 1
        return True
