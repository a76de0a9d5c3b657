"""Fields of a key-value store, with a real OpenBao, and with servers that misbehave."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from confgen.model.finding import Finding, Place
from confgen.model.secret import SecretReference, SecretSource
from confgen.secrets import resolution
from confgen.secrets.resolution import Resolver, resolve
from tests.secrets.programs import ROOT_TOKEN, Server, running

SENTINEL = "s3ntinel-of-vault"
NAMES = ("ADDR", "TOKEN", "NAMESPACE", "CACERT", "CAPATH", "CLIENT_CERT", "CLIENT_KEY", "SKIP_VERIFY")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("bao"), has_tls=True) as server:
        server.ask("POST", "secret/data/pbx/hq", {"data": {"password": SENTINEL, "pin": 1234, "other": "another"}})
        server.ask("POST", "secret/data/pbx/gone", {"data": {"password": SENTINEL}})
        server.ask("DELETE", "secret/data/pbx/gone")
        server.ask("POST", "old/pbx/hq", {"password": f"{SENTINEL}-1"})
        server.ask(
            "PUT", "sys/policies/acl/none", {"policy": 'path "secret/data/pbx/branch" {capabilities = ["read"]}'}
        )
        server.ask("POST", "auth/token/create", {"policies": ["none"], "id": "s3ntinel-less"})
        yield server


@pytest.fixture(autouse=True)
def _nobody_is_logged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in (*(f"VAULT_{name}" for name in NAMES), "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def vault(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server, as the operator's variables name it."""
    monkeypatch.setenv("VAULT_ADDR", server.address)
    monkeypatch.setenv("VAULT_TOKEN", ROOT_TOKEN)
    monkeypatch.setenv("VAULT_CACERT", str(server.authority))
    return server


def at(path: str, field: str = "password", mount: str = "secret") -> SecretReference:
    return SecretReference(SecretSource.VAULT, (mount, path, field), Place("inventory.yaml", 7, 9))


def finding_of(reference: SecretReference) -> Finding:
    (finding,) = resolve([reference], folder=Path()).findings
    assert (finding.code, finding.place) == ("SEC-07", reference.place)
    assert "s3ntinel" not in repr(finding)
    return finding


@pytest.mark.usefixtures("vault")
def test_fields_are_found_in_both_versions_of_the_store() -> None:
    references = [at("pbx/hq"), at("pbx/hq", "other"), at("pbx/hq", mount="old")]

    resolved = resolve(references, folder=Path())

    assert resolved.findings == ()
    assert [resolved.secrets[reference].reveal() for reference in references] == [
        SENTINEL,
        "another",
        f"{SENTINEL}-1",
    ]


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (at("pbx/absent"), "there is no such secret"),
        (at("pbx/gone"), "its last version was deleted"),
        (at("pbx/absent", mount="old"), "there is no such secret"),
        (at("pbx/hq", "absent"), "the secret has no such field"),
        (at("pbx/hq", "pin"), "the field holds no text"),
        (at("a", mount="cubbyhole"), "no key-value store"),
        (at("a", mount="nowhere"), "nothing is mounted there"),
    ],
)
def test_what_leads_to_no_text_is_told(reference: SecretReference, said: str) -> None:
    assert said in finding_of(reference).message


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("token", ["s3ntinel-wrong", "s3ntinel-less"])
def test_a_token_that_may_not_read_it_is_told(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_TOKEN", token)

    assert "the token may not read it" in finding_of(at("pbx/hq")).message


@pytest.mark.usefixtures("vault")
def test_the_token_that_a_login_left_is_used_and_the_variable_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".vault-token").write_text(f"{ROOT_TOKEN}\n", encoding="utf-8")
    monkeypatch.delenv("VAULT_TOKEN")
    assert resolve([at("pbx/hq")], folder=Path()).findings == ()
    monkeypatch.setenv("VAULT_TOKEN", "s3ntinel-wrong")
    assert "the token may not read it" in finding_of(at("pbx/hq")).message


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("token", ["", "s3ntinel with spaces", "s3ntinel\r\nX-Other: header", "s3ntinel-é"])
def test_what_is_no_token_is_told_and_not_shown(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_TOKEN", token)

    assert "token" in finding_of(at("pbx/hq")).message


def test_a_namespace_is_asked_in(vault: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.ask("POST", "sys/namespaces/team")
    vault.ask("POST", "sys/mounts/secret", {"type": "kv", "options": {"version": "2"}}, namespace="team")
    _eventually(lambda: vault.ask("POST", "secret/data/pbx/hq", {"data": {"password": "of the team"}}, "team"))
    monkeypatch.setenv("VAULT_NAMESPACE", "team")

    resolved = resolve([at("pbx/hq")], folder=Path())

    assert [secret.reveal() for secret in resolved.secrets.values()] == ["of the team"]


def _eventually(work: Callable[[], None]) -> None:
    """A store of version 2 that was mounted just now is upgraded first."""
    for _ in range(50):
        try:
            work()
        except AssertionError:
            time.sleep(0.1)
        else:
            return
    work()


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("skip", ["", "true"])
def test_a_certificate_of_an_unknown_authority_is_refused_whatever_is_said(
    skip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VAULT_CACERT")
    monkeypatch.setenv("VAULT_SKIP_VERIFY", skip)

    finding = finding_of(at("pbx/hq"))

    assert "is of no known authority" in finding.message
    assert "VAULT_CACERT" in finding.mend


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://192.0.2.1:8200",
        "http://vault.example.test:8200",
        "http://localhost.example.test",
        "https://user:s3ntinel@127.0.0.1",
        "https://",
        "https://[::1",
        "unix:///run/vault.sock",
        "vault.example.test",
    ],
)
def test_no_token_leaves_this_machine_in_clear(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_ADDR", address)
    monkeypatch.setenv("VAULT_TOKEN", ROOT_TOKEN)

    assert "VAULT_ADDR is n" in finding_of(at("pbx/hq")).message


class StandIn(BaseHTTPRequestHandler):
    """Answers as the vault's API is documented, or as a test says; it notes what it was asked, with which token."""

    asked: ClassVar[list[tuple[str, str | None]]] = []
    answers: ClassVar[dict[str, tuple[int, object]]] = {}
    leads_to: ClassVar[str] = ""
    waits_for: ClassVar[threading.Event | None] = None

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["X-Vault-Token"]))
        if self.waits_for is not None:
            self.waits_for.wait(30)
        status, body = self.answers.get(self.path, (307 if self.leads_to else 404, {"errors": []}))
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        if self.leads_to:
            self.send_header("Location", self.leads_to)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        with suppress(BrokenPipeError):  # from whoever has not waited
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *_: object) -> None: ...


@contextmanager
def standing_in(tls: ssl.SSLContext | None = None, **attributes: object) -> Iterator[tuple[str, type[StandIn]]]:
    """Its address, and what was asked."""
    handler = type("Handler", (StandIn,), {"asked": [], **attributes})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        if tls is not None:
            httpd.socket = tls.wrap_socket(httpd.socket, server_side=True)
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"{'http' if tls is None else 'https'}://127.0.0.1:{httpd.server_port}", handler
        finally:
            httpd.shutdown()
            thread.join()


MOUNT = "/v1/sys/internal/ui/mounts/secret"
KV_1 = (200, {"data": {"type": "kv", "options": None, "path": "secret/"}})


def test_a_secret_is_asked_for_once_in_a_run_however_many_fields_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {MOUNT: KV_1, "/v1/secret/pbx/hq": (200, {"data": {"a": "1", "b": "2"}})}
    with standing_in(answers=answers) as (address, stand_in):
        monkeypatch.setenv("VAULT_ADDR", address)
        monkeypatch.setenv("VAULT_TOKEN", "token")
        resolver = Resolver()
        assert resolver.resolve([at("pbx/hq", "a"), at("pbx/hq", "b")], folder=Path()).findings == ()
        assert resolver.resolve([at("pbx/hq", "a")], folder=Path()).findings == ()

    assert sorted(path for path, _ in stand_in.asked) == ["/v1/secret/pbx/hq", MOUNT]


def test_a_vault_that_demands_a_certificate_is_shown_the_operators(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server.authority is not None
    authority, leaf, key = (server.authority.with_name(f"vault-{name}.pem") for name in ("ca", "cert", "key"))
    both = tmp_path / "both.pem"
    both.write_text(leaf.read_text(encoding="utf-8") + key.read_text(encoding="utf-8"), encoding="utf-8")
    demanding = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(authority))
    demanding.verify_mode = ssl.CERT_REQUIRED
    demanding.load_cert_chain(leaf, key)
    answers = {MOUNT: KV_1, "/v1/secret/pbx/hq": (200, {"data": {"password": SENTINEL}})}
    with standing_in(tls=demanding, answers=answers) as (address, _):
        monkeypatch.setenv("VAULT_ADDR", address)
        monkeypatch.setenv("VAULT_TOKEN", ROOT_TOKEN)
        monkeypatch.setenv("VAULT_CACERT", str(authority))
        refused = finding_of(at("pbx/hq"))
        monkeypatch.setenv("VAULT_CLIENT_CERT", str(both))
        assert resolve([at("pbx/hq")], folder=Path()).findings == ()
        monkeypatch.setenv("VAULT_CLIENT_CERT", str(leaf))
        monkeypatch.setenv("VAULT_CLIENT_KEY", str(key))
        assert resolve([at("pbx/hq")], folder=Path()).findings == ()
        monkeypatch.setenv("VAULT_CLIENT_KEY", str(tmp_path / "absent"))
        absent = finding_of(at("pbx/hq"))

    assert "or it demands yours" in refused.message
    assert "VAULT_CLIENT_KEY names" in absent.message


def test_a_token_follows_no_redirection(monkeypatch: pytest.MonkeyPatch) -> None:
    with standing_in() as (elsewhere, other), standing_in(leads_to=f"{elsewhere}/v1/x") as (address, _):
        monkeypatch.setenv("VAULT_ADDR", address)
        monkeypatch.setenv("VAULT_TOKEN", ROOT_TOKEN)

        assert "a token follows no redirection" in finding_of(at("pbx/hq")).message

    assert other.asked == []


def test_no_proxy_sees_what_is_said_to_this_machine_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {MOUNT: KV_1, "/v1/secret/pbx/hq": (200, {"data": {"password": SENTINEL}})}
    with standing_in() as (proxy, seen), standing_in(answers=answers) as (address, _):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        monkeypatch.setenv("VAULT_ADDR", address)
        monkeypatch.setenv("VAULT_TOKEN", ROOT_TOKEN)

        assert resolve([at("pbx/hq")], folder=Path()).findings == ()

    assert seen.asked == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((503, {"errors": [SENTINEL]}), "sealed"),
        ((429, {"errors": [SENTINEL]}), "limits how much"),
        ((500, {"errors": [SENTINEL]}), "could not be asked"),
        ((418, {"errors": [SENTINEL]}), "could not be asked"),
        ((400, SENTINEL.encode()), "could not be asked"),
        ((200, SENTINEL.encode()), "not that of a key-value store"),
        ((200, [SENTINEL]), "not that of a key-value store"),
        ((200, {"data": [SENTINEL]}), "not that of a key-value store"),
        ((204, b""), "not that of a key-value store"),
    ],
)
def test_nothing_that_a_vault_says_is_told(
    answer: tuple[int, object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing_in(answers={MOUNT: KV_1, "/v1/secret/pbx/hq": answer}) as (address, _):
        monkeypatch.setenv("VAULT_ADDR", address)
        monkeypatch.setenv("VAULT_TOKEN", ROOT_TOKEN)

        assert said in finding_of(at("pbx/hq")).message


def test_a_vault_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    said_at_last = threading.Event()
    monkeypatch.setattr(resolution, "_PATIENCE", 0.3)
    with standing_in(waits_for=said_at_last) as (address, _):
        monkeypatch.setenv("VAULT_ADDR", address)
        monkeypatch.setenv("VAULT_TOKEN", ROOT_TOKEN)
        begun = time.monotonic()

        assert "the vault did not end within 0.3 s" in finding_of(at("pbx/hq")).message
        assert time.monotonic() - begun < 5.0
        said_at_last.set()


def test_an_interruption_does_not_wait_for_a_vault() -> None:
    code = f"""
from pathlib import Path
from confgen.secrets.resolution import resolve
from tests.secrets.test_vault import at
resolve([at("pbx/hq")], folder=Path({str(Path.cwd())!r}))
"""
    said_at_last = threading.Event()
    with standing_in(waits_for=said_at_last) as (address, stand_in):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "VAULT_ADDR": address}
        environment["VAULT_TOKEN"] = ROOT_TOKEN
        with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, env=environment) as confgen:
            while not stand_in.asked:
                time.sleep(0.01)
            begun = time.monotonic()
            confgen.send_signal(signal.SIGINT)
            _, said = confgen.communicate(timeout=10)
        assert time.monotonic() - begun < 3.0
        said_at_last.set()
    assert ROOT_TOKEN.encode() not in said


def test_an_address_at_which_nobody_listens_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with standing_in() as (address, _):
        pass
    monkeypatch.setenv("VAULT_ADDR", address)
    monkeypatch.setenv("VAULT_TOKEN", ROOT_TOKEN)

    assert "VAULT_ADDR cannot be reached" in finding_of(at("pbx/hq")).message


@pytest.mark.usefixtures("vault")
def test_a_library_that_is_not_installed_is_told_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hvac", None)

    assert 'pip install "pbx-confgen[vault]"' in finding_of(at("pbx/hq")).mend


def test_nothing_is_imported_before_it_is_needed() -> None:
    code = """
import sys
from pathlib import Path
from confgen.model.secret import SecretReference, SecretSource
from confgen.secrets.resolution import resolve
resolve([SecretReference(SecretSource.ENVIRONMENT, ("PATH",))], folder=Path())
print(sorted({"hvac", "keyring", "requests", "urllib3"} & sys.modules.keys()))
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)

    assert run.stdout == "[]\n"
