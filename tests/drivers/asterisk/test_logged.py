"""What Asterisk logged of its configuration since it was activated fails where nobody else can have written it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from confgen.drivers.asterisk import logged
from confgen.model.check import Check, Verdict
from confgen.model.inventory import Part
from tests.model.pbxs import a_pbx

PBX = a_pbx()
AT = "[2026-11-23 07:12:28.305]"
REFUSED = f"{AT} ERROR[569] res_sorcery_config.c: Could not create an object of type 'endpoint' with id '101'"
LATER = REFUSED.replace("07:12:28", "08:15:00").replace("[569]", "[777]")
PHONE = f"{AT} NOTICE[601] res_pjsip_session.c:  101: Call (TLS:192.0.2.50:5061) to extension '9"


def judged(*lines: str, manages: frozenset[Part] = PBX.manages) -> Check:
    (check,) = logged.checks(replace(PBX, manages=manages), {"logged": "\n".join(lines)})
    return check


def test_what_asterisk_certainly_said_fails_and_is_shown() -> None:
    check = judged("known restart", f"new {REFUSED}")
    assert (check.code, check.verdict) == ("STATE-10", Verdict.FAILED)
    assert REFUSED in check.message
    assert check.evidence[0].text == REFUSED


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (["known restart"], Verdict.PASSED),
        (["known reload", f"old {REFUSED}", f"new {LATER}"], Verdict.PASSED),
        (["known restart", f"new {AT} ERROR[1] loader.c: Error loading module 'nosuch.so'"], Verdict.PASSED),
        (["known restart", "started since", f"new {REFUSED}"], Verdict.FAILED),
        (["known restart", f"doubtful {REFUSED}"], Verdict.NOT_CHECKED),
        (["known reload", "started since", f"new {REFUSED}"], Verdict.NOT_CHECKED),
        (["known reload", "cut messages.log"], Verdict.NOT_CHECKED),
        (["known reload", "cut messages.log", f"new {REFUSED}"], Verdict.FAILED),
        ([], Verdict.NOT_CHECKED),
        ([f"new {REFUSED}"], Verdict.NOT_CHECKED),
    ],
)
def test_only_what_is_certain_is_judged(lines: list[str], verdict: Verdict) -> None:
    assert judged(*lines).verdict is verdict


def test_what_files_of_the_users_own_may_have_caused_is_not_judged() -> None:
    own = frozenset(Part) - {Part.DIALPLAN}
    assert judged("known restart", f"new {REFUSED}", manages=own).verdict is Verdict.NOT_CHECKED


def test_a_secret_that_asterisk_quotes_is_masked() -> None:
    check = judged("known restart", f"new {AT} ERROR[569] config_options.c: Error parsing password=4711 at line 3 of x")
    assert "4711" not in check.message + check.evidence[0].text


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """A state folder and a log, as an activation leaves them."""
    (tmp_path / "state" / "generations" / "1").mkdir(parents=True)
    for path in ("generations/1/names", "complaints.names"):
        (tmp_path / "state" / path).write_text("pjsip.conf\n")
    (tmp_path / "state" / "complaints.restart").write_text("")
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "messages.log").write_text(f"{REFUSED}\n")
    ran(tmp_path, "remember_logs")
    return tmp_path


def ran(folder: Path, function: str, process: str = "1 100") -> list[str]:
    """What a function of the host's script says, on a host where everything lies in one folder."""
    part = files("confgen.drivers.asterisk").joinpath("host", "80-switching.sh").read_text(encoding="utf-8")
    around = f"""
        set -eu
        as_asterisk() {{ "$@"; }}
        current() {{ echo 1; }}
        meet_process() {{ :; }}
        process_now() {{ echo {process}; }}
        STATE={folder}/state LOG={folder}/log LOG_LIMIT=4096
        {function}
    """
    done = subprocess.run(["sh", "-c", part + around], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_the_host_tells_nothing_of_what_was_logged_before(host: Path) -> None:
    assert ran(host, "logged_since_activation") == ["known restart"]


def test_the_host_tells_complaints_since_and_no_others(host: Path) -> None:
    with (host / "log" / "messages.log").open("a") as log:
        log.write(f"{LATER}\n{PHONE}\n{AT} WARNING[9] app_dial.c: no\n{REFUSED}\n")
    assert ran(host, "logged_since_activation") == ["known restart", f"new {LATER}", f"doubtful {REFUSED}"]


def test_the_host_reads_a_log_that_was_begun_anew_from_its_start(host: Path) -> None:
    (host / "log" / "messages.log").rename(host / "log" / "messages.log.1")
    (host / "log" / "messages.log").write_text(f"{LATER}\n{LATER}\n")
    assert ran(host, "logged_since_activation") == ["known restart", f"new {LATER}", f"new {LATER}"]


def test_the_host_reads_no_more_than_some_of_a_huge_log_and_says_so(host: Path) -> None:
    with (host / "log" / "messages.log").open("a") as log:
        log.write(f"{AT} NOTICE[9] loader.c: well\n" * 100 + f"{LATER}\n")
    assert ran(host, "logged_since_activation") == ["known restart", "cut messages.log"]


def test_the_host_tells_that_asterisk_was_started_since(host: Path) -> None:
    assert "started since" in ran(host, "logged_since_activation", process="2 100")


def test_the_host_knows_nothing_of_what_other_names_caused(host: Path) -> None:
    (host / "state" / "complaints.names").write_text("pjsip.conf\nrtp.conf\n")
    assert ran(host, "logged_since_activation") == []


def test_the_complaints_of_a_push_that_is_not_confirmed_are_known(host: Path) -> None:
    (host / "state" / "complaints.names").unlink()
    (host / "state" / "complaints.reload.new").write_text(f"{REFUSED}\n")
    assert ran(host, "logged_since_activation") == ["known reload", f"old {REFUSED}"]
