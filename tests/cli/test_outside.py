"""`verify --host`: what it asks of the fleet, and what it refuses to be asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from confgen.cli.outside import host_and_port
from confgen.model.check import CALLED_OFF, Check, Level, Vantage, Verdict
from confgen.model.inventory import MediaEncryption
from confgen.model.outside import Login, Outsider
from confgen.model.result import Outcome, Result
from confgen.model.secret import Secret
from confgen.verify.expectation import Profile
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
CALLING = ("verify", "--host", "sip.example.net", "--user", "199", "--number", "600")


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("sip.example.net", "sip.example.net", 5061),
        ("sip.example.net:443", "sip.example.net", 443),
        ("192.0.2.10:5061", "192.0.2.10", 5061),
        ("[::1]:5061", "::1", 5061),
        ("[2001:db8::1]", "2001:db8::1", 5061),
        ("2001:db8::1", "2001:db8::1", 5061),
        ("fe80::1%eth0", "fe80::1%eth0", 5061),
        ("sip.example.net.", "sip.example.net.", 5061),
    ],
)
def test_a_host_is_a_name_or_an_address_with_a_port_or_without(text: str, host: str, port: int) -> None:
    assert host_and_port(text) == (host, port)


@pytest.mark.parametrize(
    "text",
    [
        *("-a.test", ".a.test", "a..b", "a.test:٥٠٦١", "a.test:" + "5" * 5000, "::1:5061"),
        *(
            "",
            "sip.example.net:",
            "sip.example.net:0",
            "host:65536",
            "[::1",
            "[sip.example.net]:5061",
            "sips:a@b",
            "a b",
        ),
    ],
)
def test_what_is_no_host_is_a_mistake_of_usage_that_says_how_to_write_one(text: str, run: Run) -> None:
    answer = run("verify", "--host", text)

    assert answer.exit_code == 2
    told = " ".join(answer.stderr.split())
    assert any(words in told for words in ("write sip.example.net", "ports go from 1 to 65535", "write [::1]:5061"))


def test_each_host_is_asked_for_once_and_no_inventory_is_read(run: Run) -> None:
    work = FakeWork()

    answer = run("verify", "--host", "a.test", "--host", "[::1]:5062", "--host", "a.test:5061", work=work)

    assert answer.exit_code == 0
    assert work.asked == []
    assert work.outsiders == (Outsider(host="a.test", name="a.test"), Outsider(host="::1", port=5062, name="::1"))
    assert [str(outsider) for outsider in work.outsiders] == ["a.test:5061", "[::1]:5062"]
    assert work.outside_wanted is not None
    assert (work.outside_wanted.profile, work.outside_wanted.authority, work.outside_wanted.login) == (
        "baseline",
        None,
        None,
    )


def test_what_is_expected_of_it_is_what_the_command_line_says(tmp_path: Path, run: Run) -> None:
    work = FakeWork()
    (tmp_path / "ca.crt").write_text(PEM)
    words = ("--profile", "strict", "--authority", str(tmp_path / "ca.crt"), "--name", "pbx.test", "--long")

    run("verify", "--host", "192.0.2.1", *words, work=work)

    assert work.outsiders == (Outsider(host="192.0.2.1", name="pbx.test"),)
    assert work.outside_wanted is not None
    assert (work.outside_wanted.profile, work.outside_wanted.authority) == ("strict", PEM)
    assert work.outside_wanted.depth.is_long


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_what_stands_beside_the_authority_is_written_in_any_way(encoding: str, tmp_path: Path, run: Run) -> None:
    work = FakeWork()
    (tmp_path / "ca.crt").write_text(f"# Prüfstelle\n{PEM}", encoding=encoding)

    answer = run("verify", "--host", "192.0.2.1", "--authority", str(tmp_path / "ca.crt"), work=work)

    assert answer.exit_code == 0, answer.output
    assert work.outside_wanted is not None
    assert (work.outside_wanted.authority or "").endswith(PEM)


@pytest.mark.parametrize("profile", [profile.value for profile in Profile])
def test_every_profile_can_be_asked_for(profile: str, run: Run) -> None:
    assert run("verify", "--host", "a.test", "--profile", profile).exit_code == 0


@pytest.mark.parametrize("source", ["file", "env"])
def test_a_login_is_looked_up_where_the_command_line_says(
    source: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = FakeWork()
    (tmp_path / "secret").write_text("correct horse\n")
    (tmp_path / "secret").chmod(0o600)
    monkeypatch.setenv("PROBE", "correct horse")
    where = {"file": ("--secret-file", str(tmp_path / "secret")), "env": ("--secret-env", "PROBE")}[source]

    answer = run(*CALLING, *where, "--media-encryption", "dtls", work=work)

    assert answer.exit_code == 0, answer.output
    assert work.outside_wanted is not None
    assert work.outside_wanted.login == Login(
        user="199", secret=Secret("correct horse"), number="600", media_encryption=MediaEncryption.DTLS
    )
    assert "horse" not in answer.output


def test_a_password_of_two_lines_is_refused_and_not_shown(tmp_path: Path, run: Run) -> None:
    (tmp_path / "secret").write_text("correct horse\nbattery\n")

    answer = run(*CALLING, "--secret-file", str(tmp_path / "secret"))

    assert answer.exit_code == 2
    assert "more than one line" in answer.stderr
    assert "horse" not in answer.output


def test_what_may_be_the_password_itself_is_not_repeated(run: Run) -> None:
    assert "s3cr3t" not in run(*CALLING, "--secret-env", "s3cr3t!").output


def test_the_scope_of_an_address_is_no_part_of_the_name_in_its_certificate(run: Run) -> None:
    work = FakeWork()

    run("verify", "--host", "fe80::1%eth0", work=work)

    assert work.outsiders == (Outsider(host="fe80::1%eth0", name="fe80::1"),)


def test_a_secret_that_everybody_can_read_is_a_warning(tmp_path: Path, run: Run) -> None:
    (tmp_path / "secret").write_text("correct horse\n")
    (tmp_path / "secret").chmod(0o644)

    answer = run(*CALLING, "--secret-file", str(tmp_path / "secret"))

    assert answer.exit_code == 0
    assert "SEC-04" in answer.stderr


def test_programs_find_that_warning_in_the_answer(tmp_path: Path, run: Run) -> None:
    (tmp_path / "secret").write_text("correct horse\n")
    (tmp_path / "secret").chmod(0o644)

    answer = run(*CALLING, "--secret-file", str(tmp_path / "secret"), "--format", "json")

    assert [finding["code"] for finding in json.loads(answer.stdout)["findings"]] == ["SEC-04"]
    assert "SEC-04" not in answer.stderr


def test_a_password_is_asked_for_at_a_terminal_and_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    work = FakeWork()

    monkeypatch.setattr("confgen.cli.login_secret._is_terminal", lambda: True)
    answer = run(*CALLING, work=work, input="correct horse\n")

    assert work.outside_wanted is not None
    assert work.outside_wanted.login == Login(user="199", secret=Secret("correct horse"), number="600")
    assert "horse" not in answer.output
    assert "Password of 199" in answer.stderr


def test_a_password_that_is_empty_is_asked_for_again_and_why(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    work = FakeWork()

    monkeypatch.setattr("confgen.cli.login_secret._is_terminal", lambda: True)
    answer = run(*CALLING, work=work, input="\ncorrect horse\n")

    assert "nothing was typed" in answer.stderr
    assert work.outside_wanted is not None
    assert work.outside_wanted.login == Login(user="199", secret=Secret("correct horse"), number="600")


def test_a_password_of_another_encoding_is_a_mistake_of_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def prompt(*_: object, **_more: object) -> str:
        return b"\xff".decode()

    monkeypatch.setattr("confgen.cli.login_secret._is_terminal", lambda: True)
    monkeypatch.setattr("click.prompt", prompt)
    answer = run(*CALLING)

    assert answer.exit_code == 2
    assert "no UTF-8" in answer.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("inventory.yaml --host a.test", "leave one of them out"),
        ("--host a.test --limit branch", "leave one of them out"),
        ("--host a.test --parallel 100", "leave --parallel out"),
        ("--profile strict", "name it with --host"),
        ("--authority ca.crt", "name it with --host"),
        ("--user 199", "name it with --host"),
        ("--host a.test --number 600", "--user NAME"),
        ("--host a.test --secret-env NAME", "--user NAME"),
        ("--host a.test --media-encryption dtls", "--user NAME"),
        ("--host a.test --user 199 --secret-env PATH", "--number"),
        ("--host a.test --user 199 --number 600", "--secret-file FILE or --secret-env NAME"),
        ("--host a.test --user 199 --number 600 --secret-env PATH --secret-file x", "leave one of them out"),
        ("--host a.test --user 199 --number 600 --secret-env NOBODY_HAS_THIS", "NOBODY_HAS_THIS"),
        ("--host a.test --user 199 --number 600 --secret-file /nowhere/secret", "/nowhere/secret"),
        ("--host a.test --user 199 --number 112 --secret-env PATH", "112 is an emergency number in some countries"),
        ("--host a.test --user 199 --number 00112 --secret-env PATH", "112 is an emergency number"),
        ("--host a.test --user 199 --number 0049112 --secret-env PATH", "112 is an emergency number"),
        ("--host a.test --user 199 --number +49112 --secret-env PATH", "112 is an emergency number"),
        ('--host a.test --user 1"9 --number 600 --secret-env PATH', "cannot be written in SIP"),
        ("--host a.test --name a..b", "is no name that a certificate could carry"),
        ("--host a.test --name .b", "is no name that a certificate could carry"),
        (f"--host a.test --name {'a' * 64}.test", "is no name that a certificate could carry"),
        ("--host a.test --name a/b", "is no name that a certificate could carry"),
        ("--host a.test --authority /nowhere/ca.crt", "No such file"),
        ("--host a.test --authority /dev/null", "no certificate in PEM"),
        ("--host a.test --level state", "needs an inventory"),
        ("--host a.test --level call", "needs --user and --number"),
        ("--host a.test --level tls,clear --user 199 --number 600 --secret-env PATH", "makes none"),
        ("--host a.test --user 199 --number 600 --secret-file /dev/null", "in its one line and nothing else"),
        ("--host a.test --user 199 --number 600 --secret-env NOBODY_HAS_THIS", "export NOBODY_HAS_THIS"),
        ("--host a.test --user 199 --number 600 --secret-env s3cr3t!", "no name of a variable"),
    ],
)
def test_what_makes_no_sense_is_a_mistake_of_usage_that_teaches(words: str, told: str, run: Run) -> None:
    work = FakeWork()

    answer = run("verify", *words.split(" "), work=work)

    assert answer.exit_code == 2, answer.output
    assert told in " ".join(answer.stderr.split())
    assert work.asked == []
    assert work.outsiders == ()


def test_the_answer_has_the_shape_of_every_other(run: Run) -> None:
    result = Result(pbx="a.test:5061", outcome=Outcome.UNKNOWN, message="a.test does not resolve: no such name")
    work = FakeWork(results=(result,))

    answer = run("verify", "--host", "a.test", "--format", "json", work=work)
    told = json.loads(answer.stdout)

    assert (answer.exit_code, told["exit_code"], told["inventory"], told["legs"]) == (4, 4, "", [])
    assert [(pbx["name"], pbx["outcome"]) for pbx in told["pbxs"]] == [("a.test:5061", "unknown")]


def test_what_is_proven_in_part_says_which_part(run: Run) -> None:
    words = "proven: tls, clear; not checked: calls; absent: state"
    result = Result(pbx="a.test:5061", outcome=Outcome.PROVEN_IN_PART, message=words)

    answer = run("verify", "--host", "a.test", work=FakeWork(results=(result,)))

    assert answer.exit_code == 0
    assert f"a.test:5061: {words}" in answer.stdout.splitlines()
    assert answer.stdout.splitlines()[-1] == "1 PBX: 1 proven in part; measured against baseline"


def test_hosts_that_were_not_begun_are_named(run: Run) -> None:
    answer = run("verify", "--host", "a.test", work=FakeWork(is_stopped=True))

    assert answer.exit_code == 130
    assert "not begun: a.test:5061" in answer.stdout


def test_a_run_that_was_interrupted_between_two_calls_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    check = Check(
        code="SRTP-06",
        level=Level.DOWNGRADE,
        subject="RTP/AVP",
        verdict=Verdict.UNKNOWN,
        vantage=Vantage.OPERATOR,
        message=CALLED_OFF,
    )
    result = Result(pbx="a.test:5061", outcome=Outcome.UNKNOWN, message="some of it could not be told", checks=(check,))
    monkeypatch.setattr("confgen.fleet.Stop.is_asked", True)

    assert run("verify", "--host", "a.test", work=FakeWork(results=(result,))).exit_code == 130


def test_the_answer_says_what_was_measured_against(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ca.crt").write_text(PEM)
    authority = str(tmp_path / "ca.crt")
    monkeypatch.setenv("PROBE", "correct horse")
    words = (*CALLING, "--secret-env", "PROBE", "--profile", "strict", "--authority", authority, "--name", "pbx.test")

    told = json.loads(run(*words, "--format", "json").stdout)
    text = run(*words).stdout.splitlines()[-1]

    assert told["measured_against"] == {
        "profile": "strict",
        "authority": authority,
        "name": "pbx.test",
        "user": "199",
        "number": "600",
    }
    assert text.endswith(f"measured against strict, authority {authority}, name pbx.test; 600 called as 199")
