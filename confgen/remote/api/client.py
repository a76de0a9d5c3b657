"""A client of an API: OAuth 2.0 client credentials (RFC 6749, section 4.4), one token at a time, used until refused."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from confgen.model.api import ApiAnswer, ApiRequest
from confgen.model.host import HostError
from confgen.model.secret import Secret
from confgen.remote.api.answers import answer_of
from confgen.remote.api.blanking import blanked, blanking
from confgen.remote.api.errors import ApiNotServing, ApiUnreachable, ClientRefused, NotUnderstood, TlsRefused
from confgen.remote.api.exchange import Exchange, RawAnswer
from confgen.remote.api.refusals import REFUSALS, Refusals

if TYPE_CHECKING:
    from collections.abc import Callable

    from confgen.model.api import ApiAccess
    from confgen.remote.api.place import ApiPlace

LONGEST_ANSWER = 16 * 1024 * 1024  # bytes
_LONGEST_TOKEN = 64 * 1024  # bytes of the answer that has it
_TOKEN_TIMEOUT = 30.0  # seconds
_OK = 200
_UNAUTHORIZED = 401  # RFC 9110 §15.5.2: not carried out, for want of credentials that hold
_REFUSED = frozenset({400, 401, 403})
_NOT_AGAIN = "its secret is not tried again in this run: a PBX bans an address after a few wrong tries"
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750 §2.1
# RFC 6749 §5.2; another word may be the secret said again
_KNOWN_ERRORS = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)


class ApiClient:
    """Asks in the name of one client; any thread may, one is answered after the other.

    How long a token holds is not believed: `expires_in` was minutes before 20.0.9 and is seconds since. A token is used
    until the API refuses it, and then there is another one, once.
    """

    def __init__(
        self,
        place: ApiPlace,
        access: ApiAccess,
        *,
        secret: Secret,
        authority: str | None,
        refusals: Refusals = REFUSALS,
    ) -> None:
        """Nothing is asked yet; `authority` is PEM, None means the authorities of this machine."""
        self._place = place
        self._access = access
        self._secret = secret
        self._refusals = refusals
        self._exchange = Exchange(place, authority)
        self._token: Secret | None = None
        self._lock = threading.Lock()

    def ask(self, request: ApiRequest) -> ApiAnswer:
        """What the API answers; HostError where it does not.

        A request may be sent again where its token was refused, for then it was not carried out; and never otherwise.
        """
        with self._lock:
            answer = self._ask(request, self._token or self._authenticated())
            if answer.status == _UNAUTHORIZED:
                answer = self._ask(request, self._authenticated())
            return answer

    def disconnect(self) -> None:
        """End the connection; whoever asks next makes another one, with the same token."""
        with self._lock:
            self._exchange.close()

    def _ask(self, request: ApiRequest, token: Secret) -> ApiAnswer:
        headers = {"Authorization": f"Bearer {token.reveal()}"}
        content = b"" if request.changes else None  # RFC 9110 §8.6: a method that may have a body says if it has none
        if request.body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(dict(request.body)).encode()
        raw = self._exchange.ask(
            request.method,
            request.path,
            headers=headers,
            content=content,
            timeout=request.timeout,
            limit=LONGEST_ANSWER,
        )
        blank = blanking((token, self._secret))
        answer = answer_of(_without(raw, blank), self._place)
        return replace(answer, body=blanked(answer.body, blank))

    def _authenticated(self) -> Secret:
        """Another token in the place of the one there is; HostError where there is none, or was none before.

        Once a secret was sent and brought nothing, it is not sent again: what a PBX answers to a wrong one is not
        always a refusal. One that has brought a token before is not wrong, whatever a PBX says that starts its API.
        """
        self._token = None
        place, access = self._place, self._access
        whose = (place.name, place.port, access.client)
        with self._refusals.turn(*whose):
            told = self._refusals.of(*whose, self._secret)
            if told is not None:
                raise told
            try:
                self._token = self._given()
            except (ApiUnreachable, TlsRefused):  # it was not sent
                raise
            except ClientRefused as error:
                self._refusals.remember(*whose, self._secret, error)
                raise
            except HostError as error:
                if not self._refusals.is_good(*whose, self._secret):
                    self._refusals.remember(*whose, self._secret, type(error)(f"{error}; {_NOT_AGAIN}"))
                raise
            self._refusals.accept(*whose, self._secret)
        return self._token

    def _given(self) -> Secret:
        """What the API answers to the secret, which is sent once."""
        place, access = self._place, self._access
        form = {
            "client_id": access.client,
            "client_secret": self._secret.reveal().removesuffix("\n").removesuffix("\r"),
            "grant_type": "client_credentials",
        }
        raw = self._exchange.ask(
            "POST",
            access.token_path,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            content=urlencode(form).encode(),
            timeout=_TOKEN_TIMEOUT,
            limit=_LONGEST_TOKEN,
        )
        raw = _without(raw, blanking((self._secret,)))
        if raw.status in _REFUSED:
            raise ClientRefused(self._refusal(raw.status, answer_of(raw, place).body))
        answer = answer_of(raw, place)
        if answer.status != _OK:
            raise ApiNotServing(f"{place}: it gives no token now ({answer.status})")
        token = _token_in(answer.body)
        if token is None:
            raise NotUnderstood(f"{place}: the answer to {raw.asked} has no token of the type Bearer")
        return token

    def _refusal(self, status: int, body: Any) -> str:  # noqa: ANN401 -- JSON
        error = body.get("error") if isinstance(body, dict) else None
        word = f", {error}" if isinstance(error, str) and error in _KNOWN_ERRORS else ""
        return (
            f"{self._place}: the client {self._access.client!r} is refused ({status}{word}); mend `api: {{client: …, "
            f"secret: …}}` in the inventory, or the client in the PBX's console; {_NOT_AGAIN}"
        )


def _without(raw: RawAnswer, blank: Callable[[str], str]) -> RawAnswer:
    """The same with nothing in its headers that must not be said again: errors may name some of them."""
    return replace(raw, headers={name: blank(value) for name, value in raw.headers.items()})


def _token_in(body: Any) -> Secret | None:  # noqa: ANN401 -- JSON
    """RFC 6749 §5.1; the case of the type does not matter."""
    if not isinstance(body, dict):
        return None
    token, kind = body.get("access_token"), body.get("token_type")
    if not isinstance(token, str) or not isinstance(kind, str):
        return None
    return Secret(token) if kind.lower() == "bearer" and _TOKEN.fullmatch(token) else None
