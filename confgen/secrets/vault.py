"""Secrets in the key-value store of HashiCorp Vault, or of OpenBao, through the library hvac."""

from __future__ import annotations

import ipaddress
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from confgen.model.secret import SecretReference
from confgen.secrets.once import Once
from confgen.secrets.outcome import Outcome, failed, found
from confgen.secrets.patience import GaveUp, Patience, in_time

_CODE = "SEC-07"
_TIMEOUT = 20.0  # seconds of silence
_TOKEN_FILE = ".vault-token"  # noqa: S105 -- where `vault login` keeps it, in the home
_REDIRECTIONS = range(300, 400)  # statuses
_STRANGE = "the answer is not that of a key-value store"
_ASK = "try `vault kv get -mount={mount} {path}` with the same variables"
# By the names of hvac's exceptions and requests', which are only there where a vault is asked.
_REFUSALS = {
    "Forbidden": (
        "the token may not read it, or has ended, or nothing is mounted there",
        "look with `vault token lookup`, and let its policy read the path (and sys/internal/ui/mounts/{mount})",
    ),
    "Unauthorized": ("the token is not accepted", "`vault login`, or export another VAULT_TOKEN"),
    "InvalidPath": (
        "there is no such secret, or its last version was deleted",
        "`vault kv put` it there, or name where it is",
    ),
    "VaultDown": ("the vault is sealed, or in maintenance", "unseal it"),
    "VaultNotInitialized": ("the vault was never initialised", "initialise it, or correct VAULT_ADDR"),
    "RateLimitExceeded": ("the vault limits how much it is asked", "try again later, or raise the quota"),
    "SSLError": (
        "TLS with VAULT_ADDR fails: its certificate is of no known authority or for another name, or it demands yours",
        "name its authority in VAULT_CACERT, and yours in VAULT_CLIENT_CERT; VAULT_SKIP_VERIFY is not heeded here",
    ),
    "ConnectTimeout": ("VAULT_ADDR does not answer", "is the vault up, and the way to it open?"),
    "ReadTimeout": ("VAULT_ADDR does not answer", "is the vault up, and the way to it open?"),
    "ConnectionError": ("VAULT_ADDR cannot be reached", "is the vault up, and the way to it open?"),
    "RequestException": ("the vault could not be asked", _ASK),
    "OSError": (
        "a file cannot be read that VAULT_CACERT, VAULT_CAPATH, VAULT_CLIENT_CERT or VAULT_CLIENT_KEY names",
        "look at these variables, and at the rights of the files",
    ),
}


class _Refused(Exception):
    """Why a vault gave nothing, and what mends it."""

    def __init__(self, cause: str, mend: str) -> None:
        super().__init__(cause)
        self.mend = mend


class Vault:
    """The vault of one run, as the variables of its own command line name it.

    VAULT_ADDR, VAULT_TOKEN or what `vault login` left, VAULT_NAMESPACE, VAULT_CACERT, VAULT_CAPATH, VAULT_CLIENT_CERT
    and VAULT_CLIENT_KEY. The token is only sent over TLS, or to this machine itself, and follows no redirection.
    """

    def __init__(self, asking: threading.BoundedSemaphore, patience: Patience) -> None:
        """`asking` bounds how many requests are under way at once."""
        self._asking = asking
        self._patience = patience
        self._versions: Once[str, int] = Once()  # by mount
        self._secrets: Once[tuple[str, str], Mapping[str, Any]] = Once()  # by mount and path
        self._idle: SimpleQueue[Any] = SimpleQueue()  # clients, each used by one thread at a time

    def field(self, reference: SecretReference) -> Outcome:
        """What stands in a field of a secret; secrets of several fields are asked for once."""
        mount, path, name = reference.words
        try:
            secret = self._secrets.answer((mount, path), lambda: self._read(mount, path))
        except _Refused as error:
            return failed(reference, _CODE, str(error), error.mend.format(mount=mount, path=path))
        if name not in secret:
            return failed(
                reference, _CODE, "the secret has no such field", f"`vault kv patch -mount={mount} {path}` it"
            )
        if not isinstance(secret[name], str):
            return failed(reference, _CODE, "the field holds no text", "store it as text")
        return found(
            reference,
            secret[name].encode(errors="surrogatepass"),
            code=_CODE,
            mend=f"`vault kv patch -mount={mount} {path}` it",
        )

    def _read(self, mount: str, path: str) -> Mapping[str, Any]:
        if self._versions.answer(mount, lambda: self._version(mount)) == 1:
            answer = self._asked(lambda client: client.secrets.kv.v1.read_secret(path=path, mount_point=mount))
            secret = _mapping_at(answer, "data")
        else:
            answer = self._asked(
                lambda client: client.secrets.kv.v2.read_secret_version(
                    path=path, mount_point=mount, raise_on_deleted_version=True
                )
            )
            secret = _mapping_at(answer, "data", "data")
        if secret is None:
            raise _Refused(_STRANGE, _ASK)
        return secret

    def _version(self, mount: str) -> int:
        """1 or 2; asked as the vault's own command line does."""
        answer = self._asked(lambda client: client.adapter.get(f"/v1/sys/internal/ui/mounts/{mount}"))
        kind = _mapping_at(answer, "data") or {}
        if kind.get("type") not in {"kv", "generic"}:
            raise _Refused("what is mounted there is no key-value store", "name the mount of one: `vault secrets list`")
        return 2 if (kind.get("options") or {}).get("version") == "2" else 1

    def _asked(self, question: Any) -> Any:  # noqa: ANN401 -- of and from a library without types
        """What the vault answers; _Refused where that is nothing to go by, and with nothing of what it said."""
        cause, mend = "", ""
        try:
            with self._asking:
                return in_time(lambda: self._answer(question), self._patience)
        except _Refused:
            raise
        except ModuleNotFoundError as error:
            if error.name != "hvac":
                raise
            cause, mend = "the library hvac is not installed", 'pip install "pbx-confgen[vault]"'
        except GaveUp as gave_up:
            cause, mend = f"the vault {gave_up}", "is the vault up, and the way to it open?"
        except Exception as error:  # noqa: BLE001 -- hvac's and requests', whose texts may hold the token
            kinds = [kind.__name__ for kind in type(error).__mro__]
            known = next((kind for kind in kinds if kind in _REFUSALS), None)
            cause, mend = _REFUSALS.get(known or "", (f"the vault could not be asked ({kinds[0]})", _ASK))
        raise _Refused(cause, mend)  # outside, so that no traceback leads to what was said

    def _answer(self, question: Any) -> Any:  # noqa: ANN401 -- likewise
        with self._client() as client:
            answer = question(client)
        if not isinstance(answer, dict):  # a response that hvac makes nothing of
            status = getattr(answer, "status_code", 0)
            if status in _REDIRECTIONS:
                raise _Refused(
                    f"VAULT_ADDR answers with status {status}, and a token follows no redirection",
                    "let VAULT_ADDR name the active vault itself",
                )
            raise _Refused(_STRANGE, _ASK)
        return answer

    @contextmanager
    def _client(self) -> Iterator[Any]:
        """A client for one question; one that has failed is not used again."""
        try:
            client = self._idle.get_nowait()
        except Empty:
            client = _new_client()
        yield client
        self._idle.put(client)


def _new_client() -> Any:  # noqa: ANN401 -- the library has no types
    import hvac  # noqa: PLC0415 -- who refers to no vault does not wait for it, and need not have it
    import requests  # noqa: PLC0415

    address = os.environ.get("VAULT_ADDR", "")
    is_encrypted = _is_encrypted(address)
    session = requests.Session()
    session.trust_env = is_encrypted  # a proxy would see what is said to this machine in the clear
    certificate, key = (os.environ.get(name) for name in ("VAULT_CLIENT_CERT", "VAULT_CLIENT_KEY"))
    session.verify = os.environ.get("VAULT_CACERT") or os.environ.get("VAULT_CAPATH") or True
    if certificate:
        session.cert = (certificate, key) if key else certificate
    return hvac.Client(
        url=address,
        token=_token(),
        namespace=os.environ.get("VAULT_NAMESPACE") or None,
        timeout=_TIMEOUT,
        allow_redirects=False,
        session=session,
    )


def _is_encrypted(address: str) -> bool:
    """Whether the way to the vault is; _Refused where it is not and leads out of this machine."""
    if not address:
        raise _Refused("VAULT_ADDR is not set", "export VAULT_ADDR, such as https://vault.example.com:8200")
    try:
        parts = urlsplit(address)
        scheme, host = parts.scheme, parts.hostname or ""
        is_plain_url = bool(host) and not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError:
        scheme, host, is_plain_url = "", "", False
    if scheme == "https" and is_plain_url:
        return True
    if scheme == "http" and is_plain_url and _is_this_machine(host):
        return False
    raise _Refused(
        "VAULT_ADDR is no https address",
        "write https://HOST:PORT; http only leads to this machine, as to a vault agent",
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token() -> str:
    token = os.environ.get("VAULT_TOKEN", "")
    if not token:
        try:
            token = (Path.home() / _TOKEN_FILE).read_text(encoding="utf-8")
        except (OSError, ValueError):
            token = ""
    token = token.strip()
    if not token:
        raise _Refused("there is no token", "export VAULT_TOKEN, or `vault login`")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise _Refused("VAULT_TOKEN is no token", "export it again, without spaces and line ends in it")
    return token


def _mapping_at(answer: object, *keys: str) -> Mapping[str, Any] | None:
    for key in keys:
        answer = answer.get(key) if isinstance(answer, dict) else None
    return answer if isinstance(answer, dict) else None
