"""The API of a product of API objects: how it is reached, what is asked, what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from confgen.model.host import Host

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.secret import SecretReference
    from confgen.model.shelf import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiAccess:
    """How an API is reached and who asks: OAuth 2.0 client credentials (RFC 6749, section 4.4) over HTTPS."""

    name: str  # the certificate's, and the one that is asked for
    port: int
    client: str  # its identifier; the API has one token for each at a time
    secret: SecretReference
    authority: SecretReference | None = None  # what the certificate leads to; None: the authorities of this machine
    is_direct: bool = False  # without SSH, where the PBX is hosted and offers none
    token_path: str = "/connect/token"  # noqa: S105 -- where it is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest:
    """One request; `path` begins with a slash and is encoded already, `body` is JSON and may hold secrets."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    timeout: float = 30.0  # seconds, from the first byte to the last

    @property
    def changes(self) -> bool:
        """Whether the PBX is another one after it: such a request is never sent a second time by itself."""
        return self.method != "GET"

    def __repr__(self) -> str:
        return f"ApiRequest({self.method} {self.path})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiAnswer:
    """What came back, whatever its status; `body` is JSON, None where there was none. It may hold secrets."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)  # names in small letters

    def __repr__(self) -> str:
        return f"ApiAnswer({self.status})"


@runtime_checkable
class ApiHost(Host, Protocol):
    """The host of a product of API objects, which keeps nothing for us: the operator does."""

    def request(self, request: ApiRequest, /) -> ApiAnswer:
        """Ask the API as the client that the inventory names; HostError where it could not be asked or told.

        Whatever the API answers is an answer. A client that the API does not let in is not tried again in this run.
        """

    @property
    def shelf(self) -> Shelf:
        """What the operator keeps of this PBX."""
