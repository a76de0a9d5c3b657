"""The program as a whole: its help, its speed, and one line for whatever stops it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from confgen import __version__
from confgen.cli import main
from confgen.load import Unreadable
from confgen.model.driver import PushRefused
from confgen.model.host import HostError
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import ERROR, PLANNED, PROVEN

COMMANDS = (
    "init", "validate", "paths", "show", "render", "plan", "push", "verify", "rollback", "history", "bootstrap",
    "doctor", "schema", "explain",
)  # fmt: skip
_OF_CHANGES = ("What you agree to:", "Calls in progress:", "Several PBXs:", "The undo:", "A cluster:")
IN_SECTIONS = {
    "plan": ("Several PBXs:", "A cluster:"),
    "push": _OF_CHANGES,
    "rollback": _OF_CHANGES,
    "verify": ("Several PBXs:", "A PBX without an inventory:", "Calls to it:", "A cluster:"),
}
HEAVY = {"confgen.fleet", "cryptography", "jinja2", "jsonschema", "paramiko", "rich", "yaml"}


def test_the_commands_are_listed_in_the_order_of_the_work(run: Run) -> None:
    answer = run("--help")

    assert answer.exit_code == 0
    assert tuple(main.commands) == COMMANDS
    assert [
        line.split()[0] for line in answer.stdout.splitlines() if line.startswith("  ") and line.split()[0] in COMMANDS
    ] == [*COMMANDS]
    assert "_CONFGEN_COMPLETE=bash_source" in answer.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_is_short_and_gives_an_example(command: str, run: Run) -> None:
    answer = run(command, "--help")

    assert answer.exit_code == 0
    assert f"  Example:\n    confgen {command}" in answer.stdout
    assert "plan &&" not in answer.stdout, "a plan that has something to change ends with 3"
    assert len(answer.stdout.splitlines()) < (76 if command in IN_SECTIONS else 35)
    assert "..." not in run("--help").stdout.split("Commands:")[1]


@pytest.mark.parametrize("command", sorted(IN_SECTIONS))
def test_many_options_stand_under_headings_of_what_they_are_for(command: str, run: Run) -> None:
    lines = run(command, "--help").stdout.splitlines()

    headings = [line for line in lines if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["Options:", *IN_SECTIONS[command]]


def test_an_option_stands_under_its_heading(run: Run) -> None:
    lines = run("push", "--help").stdout.splitlines()

    assert lines.index("Several PBXs:") < next(i for i, line in enumerate(lines) if "--batch SIZES" in line)


def test_every_example_of_the_help_is_a_command_line_that_the_program_takes() -> None:
    examples = [
        shlex.split(part.split("#")[0].split(">")[0].split("(")[0])
        for command in main.commands.values()
        for line in (command.epilog or "").splitlines()
        if line.startswith("  confgen")
        for part in line.strip().split("&&")
    ]

    assert len(examples) >= len(COMMANDS)
    for words in examples:
        name, *rest = words[1:]
        main.commands[name].make_context(name, rest)  # UsageError where it does not


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").stdout == f"confgen {__version__}\n"


def test_help_loads_nothing_that_only_work_needs() -> None:
    program = (
        "import sys; from confgen.cli import main; main(['--help'], standalone_mode=False);"
        "print('loaded', *sys.modules, file=sys.stderr)"
    )

    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(answer.stderr.split())

    assert "Usage: " in answer.stdout
    assert "click" in loaded
    assert loaded & HEAVY == set()


def test_help_answers_in_less_than_a_quarter_of_a_second() -> None:
    def seconds() -> float:
        """All but those in which it was ready and others had the processors."""
        started = time.perf_counter()
        with subprocess.Popen([sys.executable, "-m", "confgen", "--help"], stdout=subprocess.PIPE) as program:
            assert program.stdout is not None
            assert b"Usage: " in program.stdout.read()
            os.waitid(os.P_PID, program.pid, os.WEXITED | os.WNOWAIT)
            ended = time.perf_counter()
            queued = int(Path(f"/proc/{program.pid}/schedstat").read_text(encoding="ascii").split()[1])  # nanoseconds
        assert program.returncode == 0
        return ended - started - queued / 1e9

    assert any(seconds() < 0.25 for _ in range(5))


@pytest.mark.parametrize(
    ("error", "exit_code", "line"),
    [
        (HostError("headquarters: nothing answers at 192.0.2.1"), 4, "headquarters: nothing answers at 192.0.2.1"),
        (PushRefused(ERROR), 1, "inventory.yaml:12:9: REF-02 the route leads to the trunk"),
        (Unreadable("LOAD-01", "x.yaml", "there is no such file", "check the path"), 2, "x.yaml: LOAD-01 there is no"),
        (PermissionError(13, "Permission denied", "/etc/shadow"), 4, "/etc/shadow: Permission denied"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_what_stops_the_work_is_told_in_a_line(error: BaseException, exit_code: int, line: str, run: Run) -> None:
    answer = run("push", work=FakeWork(stops_with=error))

    assert answer.exit_code == exit_code
    assert answer.stderr.startswith(line)
    assert "Traceback" not in answer.output


def test_a_bug_is_called_one_and_its_message_kept_back_since_it_may_hold_a_secret(run: Run) -> None:
    answer = run("push", work=FakeWork(stops_with=KeyError("hunter2")))

    assert answer.exit_code == 4
    assert answer.stderr.startswith("this is a bug in confgen: KeyError at fakes.py:")
    assert len(answer.stderr.splitlines()) == 1
    assert "CONFGEN_DEBUG=1" in answer.stderr
    assert "hunter2" not in answer.output


def test_a_bug_shows_its_traceback_to_who_asks_for_it(run: Run) -> None:
    answer = run("push", work=FakeWork(stops_with=KeyError("here")), env={"CONFGEN_DEBUG": "1"})

    assert answer.exit_code == 4
    assert "Traceback" in answer.stderr
    assert "KeyError: 'here'" in answer.stderr


def test_an_error_cannot_steer_the_terminal(run: Run) -> None:
    answer = run("push", work=FakeWork(stops_with=HostError("hq: \x1b[2J\nfine")), color=True)

    assert answer.stderr == "hq: \\x1b[2J fine\n"


def test_a_reader_who_goes_away_changes_nothing_about_the_exit_code() -> None:
    program = (
        "import sys; from confgen.cli import main; from tests.cli.fakes import FakeWork;"
        "from tests.report.samples import PLANNED; main(['plan'], obj=FakeWork(results=(PLANNED,) * 300))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()

    assert process.returncode == 3
    assert "Error" not in complaint
    assert "Broken" not in complaint


def test_a_terminal_that_lacks_a_sign_gets_it_spelt_out() -> None:
    program = (
        "from dataclasses import replace; from confgen.cli import main; from tests.cli.fakes import FakeWork;"
        "from tests.report.samples import WARNING;"
        "main(['validate'], obj=FakeWork(findings=(replace(WARNING, message='\\u0416'),)))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONIOENCODING": "latin-1"}
    )

    assert b"\\u0416" in answer.stdout


def test_a_full_disk_on_stdout_is_told_in_a_line() -> None:
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(
            [sys.executable, "-m", "confgen", "schema"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert (answer.returncode, answer.stderr) == (4, "stdout: No space left on device\n")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=lambda found: next(iter(found)))
def test_colours_stay_away_where_they_are_not_wanted(environment: dict[str, str], run: Run) -> None:
    work = FakeWork(results=(PROVEN,))

    coloured = run("verify", work=work, color=True, env={"NO_COLOR": None, "TERM": "xterm"})
    plain = run("verify", work=work, color=True, env={"NO_COLOR": None, "TERM": "xterm"} | environment)

    assert "\x1b[" in coloured.stdout
    assert "\x1b[" not in plain.output
    assert click.unstyle(coloured.stdout) == plain.stdout


def test_colours_stay_away_from_what_is_no_terminal(run: Run) -> None:
    assert "\x1b[" not in run("plan", work=FakeWork(results=(PLANNED,))).output


def test_ctrl_c_while_the_program_is_still_being_read_ends_it_quietly() -> None:
    program = (
        "import sys, types\n"
        "class Reading(types.ModuleType):\n"
        "    def __getattr__(self, name):\n"
        "        raise KeyboardInterrupt\n"
        "import confgen.__main__ as entry\n"
        "sys.modules['confgen.cli'] = Reading('confgen.cli')\n"
        "entry.start()\n"
    )

    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (answer.returncode, answer.stderr) == (130, "interrupted\n")


def test_a_closed_stdout_is_told_before_anything_is_done() -> None:
    words = f"exec '{sys.executable}' -m confgen schema >&-"

    answer = subprocess.run(["sh", "-c", words], stderr=subprocess.PIPE, text=True, check=False)

    assert answer.returncode == 2
    assert answer.stderr.startswith("stdout is closed")


def test_with_a_closed_stderr_the_work_is_done_and_nothing_takes_its_place() -> None:
    program = (
        "import os; from confgen.cli import main; from tests.cli.fakes import FakeWork; "
        "from tests.report.samples import PROVEN\n"
        "class Work(FakeWork):\n"
        "    def _work(self, *given):\n"
        "        assert os.open('/dev/zero', os.O_RDONLY) != 2\n"
        "        return super()._work(*given)\n"
        "main(['verify'], obj=Work(results=(PROVEN,)))"
    )

    words = f"exec '{sys.executable}' -c \"$PROGRAM\" 2>&-"
    answer = subprocess.run(
        ["sh", "-c", words], stdout=subprocess.PIPE, text=True, check=False, env={**os.environ, "PROGRAM": program}
    )

    assert answer.returncode == 0
    assert "1 PBX: 1 proven" in answer.stdout
