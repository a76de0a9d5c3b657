"""References to secrets, and what becomes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from confgen.model.finding import Finding, Place, Severity
from confgen.model.secret import SecretReference, SecretSource
from confgen.secrets import resolution
from confgen.secrets.outcome import SIZE_LIMIT
from confgen.secrets.resolution import Resolver, resolve

SENTINEL = "s3ntinel-of-this-test"


def env(name: str) -> SecretReference:
    return SecretReference(SecretSource.ENVIRONMENT, (name,))


def file(path: str) -> SecretReference:
    return SecretReference(SecretSource.FILE, (path,))


def command(*argv: str) -> SecretReference:
    return SecretReference(SecretSource.COMMAND, argv)


def python(code: str) -> SecretReference:
    return command(sys.executable, "-S", "-c", code)


def text_of(reference: SecretReference, folder: Path) -> str:
    resolved = resolve([reference], folder=folder)
    assert resolved.findings == ()
    return resolved.secrets[reference].reveal()


def finding_of(reference: SecretReference, folder: Path) -> Finding:
    resolved = resolve([reference], folder=folder)
    assert resolved.secrets == {}
    (finding,) = resolved.findings
    return finding


def write(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_each_kind_of_reference_is_kept_as_it_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFGEN_TEST", " from the environment\n")
    write(tmp_path / "secret", b" from a f\xc3\xafle\r\n\n")

    assert text_of(env("CONFGEN_TEST"), tmp_path) == " from the environment\n"
    assert text_of(file("secret"), tmp_path) == " from a fïle\r\n\n"
    assert text_of(command("printf", " from %s\n\n", "a $command"), tmp_path) == " from a $command\n\n"


def test_a_path_may_be_absolute_or_of_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write(tmp_path / "secret", b"x")

    assert text_of(file(str(tmp_path / "secret")), Path("/nowhere")) == "x"
    assert text_of(file("~/secret"), Path("/nowhere")) == "x"


def test_a_command_runs_in_the_folder_of_the_inventory_and_finds_its_stdin_empty(tmp_path: Path) -> None:
    write(tmp_path / "give", b"#!/bin/sh\npwd; cat\n", 0o700)

    assert text_of(command("./give"), tmp_path) == f"{tmp_path}\n"


def test_variables_that_hold_secrets_are_kept_from_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFGEN_ITS_OWN", "CONFGEN_ANOTHERS", "CONFGEN_PLAIN"):
        monkeypatch.setenv(name, f"of {name}")
    reference = command("sh", "-c", "env | grep ^CONFGEN_")

    resolved = resolve([reference, env("CONFGEN_ITS_OWN")], folder=tmp_path, others=[env("CONFGEN_ANOTHERS")])

    assert resolved.secrets[reference].reveal() == "CONFGEN_PLAIN=of CONFGEN_PLAIN\n"
    assert resolved.secrets[env("CONFGEN_ITS_OWN")].reveal() == "of CONFGEN_ITS_OWN"


def test_a_reference_that_stands_often_is_resolved_once(tmp_path: Path) -> None:
    reference = command("sh", "-c", "echo called >> calls; echo secret")

    resolved = resolve([reference, reference, reference], folder=tmp_path)

    assert list(resolved.secrets) == [reference]
    assert (tmp_path / "calls").read_text(encoding="utf-8") == "called\n"


def test_a_reference_of_several_pbxs_is_resolved_once_in_a_run(tmp_path: Path) -> None:
    reference = command("sh", "-c", "echo called >> calls; sleep 0.05; echo secret")
    resolver = Resolver()

    with ThreadPoolExecutor(4) as pbxs:
        resolved = list(pbxs.map(lambda _: resolver.resolve([reference], folder=tmp_path), range(4)))

    assert {known.secrets[reference].reveal() for known in resolved} == {"secret\n"}
    assert (tmp_path / "calls").read_text(encoding="utf-8") == "called\n"


def test_what_is_forgotten_is_looked_up_anew_and_what_several_pbxs_share_is_not_forgotten(tmp_path: Path) -> None:
    own, shared = (command("sh", "-c", f"echo {name} >> calls; echo secret") for name in ("own", "shared"))
    resolver = Resolver(shared=frozenset({shared}))

    for _ in range(2):
        resolver.resolve([own, shared], folder=tmp_path)
        resolver.forget([own, shared, env("NEVER_ASKED_FOR")], folder=tmp_path)

    assert sorted((tmp_path / "calls").read_text(encoding="utf-8").split()) == ["own", "own", "shared"]


def test_a_reference_that_fails_is_told_where_each_of_those_that_say_so_stands(tmp_path: Path) -> None:
    one, other = (replace(env("CONFGEN_ABSENT"), place=Place("inventory.yaml", line, 5)) for line in (7, 9))
    resolver = Resolver()

    findings = [resolver.resolve([reference], folder=tmp_path).findings for reference in (one, other)]

    assert [[finding.place for finding in found] for found in findings] == [[one.place], [other.place]]


def test_a_word_to_stop_ends_commands(tmp_path: Path) -> None:
    asked = threading.Event()
    resolver = Resolver(is_stopped=asked.is_set)
    begun = time.monotonic()
    threading.Timer(0.1, asked.set).start()

    (finding,) = resolver.resolve([command("sleep", "30")], folder=tmp_path).findings

    assert finding.message.endswith(": interrupted")
    assert time.monotonic() - begun < 5.0


def test_commands_run_side_by_side(tmp_path: Path) -> None:
    def waits_for_the_other(own: str, other: str) -> SecretReference:
        return command("sh", "-c", f"touch {own}; until [ -e {other} ]; do sleep 0.01; done; echo {own}")

    resolved = resolve([waits_for_the_other("a", "b"), waits_for_the_other("b", "a")], folder=tmp_path)

    assert sorted(secret.reveal() for secret in resolved.secrets.values()) == ["a\n", "b\n"]


@pytest.mark.parametrize("value", [None, "", "\n", "\udcff"])
def test_a_variable_without_a_secret_is_a_finding(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv("CONFGEN_TEST", raising=False)
    else:
        monkeypatch.setenv("CONFGEN_TEST", value)

    finding = finding_of(env("CONFGEN_TEST"), tmp_path)

    assert finding.code == "SEC-01"
    assert "env:CONFGEN_TEST" in finding.message
    assert "export CONFGEN_TEST" in finding.mend


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\r\n", "is empty"),
        (b"\xff\xfe", "not UTF-8"),
        (b"x" * (SIZE_LIMIT + 1), "longer than 1 MiB"),
    ],
    ids=["empty", "a line end", "binary", "too long"],
)
def test_a_file_without_a_secret_is_a_finding(content: bytes, said: str, tmp_path: Path) -> None:
    write(tmp_path / "secret", content)

    finding = finding_of(file("secret"), tmp_path)

    assert (finding.code, finding.severity) == ("SEC-02", Severity.ERROR)
    assert "file:secret" in finding.message
    assert said in finding.message


def test_a_file_as_long_as_is_allowed_is_read(tmp_path: Path) -> None:
    write(tmp_path / "secret", b"x" * SIZE_LIMIT)

    assert len(text_of(file("secret"), tmp_path)) == SIZE_LIMIT


def test_what_is_no_file_is_a_finding(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert "No such file" in finding_of(file("missing"), tmp_path).message
    assert "not a regular file" in finding_of(file("."), tmp_path).message
    assert "not a regular file" in finding_of(file("pipe"), tmp_path).message
    assert finding_of(file("a\0b"), tmp_path).code == "SEC-02"


def test_a_file_that_everyone_can_read_is_a_warning_unless_it_is_public(tmp_path: Path) -> None:
    write(tmp_path / "secret", b"x", 0o644)
    write(tmp_path / "chain.pem", b"x", 0o644)
    write(tmp_path / "group", b"x", 0o640)

    resolved = resolve(
        [file("secret"), file("chain.pem"), file("group")], folder=tmp_path, public=frozenset({file("chain.pem")})
    )

    assert len(resolved.secrets) == 3
    assert [(finding.code, finding.severity, finding.message) for finding in resolved.findings] == [
        ("SEC-04", Severity.WARNING, "secret file:secret can be read by every user of this machine")
    ]


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (command("/nonexistent/program"), "not started: No such file or directory"),
        (command("a\0b"), "not started"),
        (command("sh", "-c", f"echo {SENTINEL}; echo {SENTINEL} >&2; exit 3"), "ended with exit status 3"),
        (command("sh", "-c", f"echo {SENTINEL}; kill -9 $$"), "ended by signal 9"),
        (command("true"), "is empty"),
        (command("echo"), "is empty"),
        (command("printf", "\\377"), "not UTF-8"),
        (command("cat", "/dev/zero"), "longer than 1 MiB"),
    ],
    ids=["missing", "nul", "status", "signal", "nothing", "a line end", "binary", "endless"],
)
def test_a_command_that_gives_no_secret_is_a_finding(reference: SecretReference, said: str, tmp_path: Path) -> None:
    finding = finding_of(reference, tmp_path)

    assert finding.code == "SEC-03"
    assert str(reference) in finding.message
    assert said in finding.message.replace(str(reference), "")


def test_nothing_that_a_failing_command_wrote_is_shown(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "secret", SENTINEL.encode())

    finding = finding_of(command("sh", "-c", "cat secret; cat secret >&2; exit 1"), tmp_path)

    assert SENTINEL not in repr(finding)
    assert capfd.readouterr() == ("", "")


def test_a_command_that_does_not_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolution, "_PATIENCE", 0.2)
    begun = time.monotonic()

    findings = [
        finding_of(command("sh", "-c", "echo secret; exec sleep 30"), tmp_path),
        finding_of(command("sh", "-c", "echo secret; exec sleep 30 >&-"), tmp_path),
        finding_of(command("sh", "-c", "sleep 30; true"), tmp_path),
    ]

    assert [finding.message.rpartition(": ")[2] for finding in findings] == ["did not end within 0.2 s"] * 3
    assert time.monotonic() - begun < 5.0


def test_one_reference_that_fails_does_not_hide_the_others(tmp_path: Path) -> None:
    write(tmp_path / "secret", b"x")

    resolved = resolve([file("b"), file("secret"), command("false"), file("a")], folder=tmp_path)

    assert list(resolved.secrets) == [file("secret")]
    assert [finding.code for finding in resolved.findings] == ["SEC-02", "SEC-02", "SEC-03"]
    assert [finding.message.split()[1] for finding in resolved.findings] == ["file:a:", "file:b:", "command:false:"]


def test_an_interruption_ends_the_command_and_all_it_started(tmp_path: Path) -> None:
    program_text = f"""
from pathlib import Path
from confgen.model.secret import SecretReference, SecretSource
from confgen.secrets.resolution import Resolver, resolve
argv = ("sh", "-c", "sleep 30 & echo $! > started; wait")
resolve([SecretReference(SecretSource.COMMAND, argv)], folder=Path({str(tmp_path)!r}))
"""
    with subprocess.Popen(
        [sys.executable, "-c", program_text],
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as confgen:
        started = tmp_path / "started"
        while not (started.exists() and started.read_text(encoding="utf-8").endswith("\n")):
            time.sleep(0.01)
        begun = time.monotonic()
        confgen.send_signal(signal.SIGINT)
        confgen.wait(10)

    assert time.monotonic() - begun < 3.0
    assert not is_running(int(started.read_text(encoding="utf-8")))


def is_running(pid: int) -> bool:
    """Whether a process lives; one that ended and that nobody waited for does not."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
