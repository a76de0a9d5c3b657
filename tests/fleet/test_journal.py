"""Each run is written down as it goes on, for its user alone, and what one has left can be taken up."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from confgen.fleet import Journal, PastRun, history, left
from confgen.fleet.journal import state_folder
from confgen.fleet.rollout import roll_out
from confgen.model.driver import PushRefused
from confgen.model.result import Outcome
from confgen.model.terms import Strategy, Terms
from tests.fleet.fakes import Hands, jobs_of
from tests.model.pbxs import a_pbx

INVENTORY = Path("/somewhere/inventory.yaml")
DIGEST = "d1" * 32
Roll = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "confgen"


def a_journal(folder: Path, *, inventory: Path = INVENTORY, digest: str = DIGEST) -> Journal:
    return Journal(folder, command="push", inventory=inventory, inventory_digest=digest)


def roll(
    folder: Path,
    names: Sequence[str],
    *,
    strategy: Strategy | None = None,
    terms: Terms | None = None,
    digest: str = DIGEST,
    inventory: Path = INVENTORY,
    ends: bool = True,
    **outcomes: Outcome,
) -> Journal:
    """A push whose PBXs end as it is said; one that is killed writes no end."""
    journal = a_journal(folder, digest=digest, inventory=inventory)
    with Hands(journal=journal, outcomes=outcomes).crew() as crew:
        roll_out(crew, jobs_of(*names, terms=terms), strategy or Strategy())
    if ends:
        journal.end(exit_code=0, not_begun=[])
    return journal


def runs(folder: Path) -> tuple[PastRun, ...]:
    return history(None, folder=folder).runs


def lines(folder: Path) -> Iterator[dict[str, Any]]:
    (path,) = folder.iterdir()
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def test_a_run_is_told_with_who_what_and_what_became_of_each_pbx(folder: Path) -> None:
    roll(folder, "abc", terms=Terms(allow_weaker="the lab has no other phones"), b=Outcome.UNDONE)

    (run,) = runs(folder)
    assert (run.command, run.inventory, run.inventory_digest) == ("push", str(INVENTORY), DIGEST)
    assert "@" in run.who
    assert run.at.endswith("+00:00")
    assert run.terms["allow_weaker"] == "the lab has no other phones"
    assert [(work.pbx, work.outcome, work.generation) for work in run.work] == [("a", "proven", 5), ("b", "undone", 5)]
    assert (run.exit_code, run.is_under_way, run.left) == (0, False, ("b", "c"))


def test_only_its_user_can_read_it(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o755)

    roll(folder, "a")

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_each_line_is_there_before_the_next_step_begins(folder: Path) -> None:
    seen: list[list[str]] = []
    hands = Hands(journal=a_journal(folder), before=lambda *_: seen.append([line["line"] for line in lines(folder)]))

    with hands.crew() as crew:
        roll_out(crew, jobs_of("a", "b"), Strategy())

    assert seen == [["run", "begun"], ["run", "begun", "ended", "begun"]]


def test_a_run_that_goes_on_is_told_from_one_that_was_killed(folder: Path) -> None:
    seen: list[bool] = []
    hands = Hands(journal=a_journal(folder), before=lambda *_: seen.append(runs(folder)[0].is_under_way))
    with hands.crew() as crew:
        roll_out(crew, jobs_of("a"), Strategy())
    hands.journal.abandon()

    (killed,) = runs(folder)
    assert seen == [True]
    assert (killed.is_under_way, killed.exit_code) == (False, None)


def test_half_a_line_of_a_run_that_was_killed_is_no_line(folder: Path) -> None:
    roll(folder, "ab", ends=False).abandon()
    (path,) = folder.iterdir()
    whole = path.read_bytes()

    for length in range(whole.index(b"\n") + 1, len(whole)):
        path.write_bytes(whole[:length])
        (run,) = runs(folder)
        assert run.exit_code is None
        assert set(run.pbxs) == {"a", "b"}


def test_the_newest_run_comes_first_and_inventories_and_pbxs_are_told_apart(folder: Path) -> None:
    roll(folder, "ab")
    roll(folder, "cd")
    roll(folder, "ad", inventory=Path("/elsewhere.yaml"))

    assert [list(run.pbxs) for run in runs(folder)] == [["a", "d"], ["c", "d"], ["a", "b"]]
    assert [list(run.pbxs) for run in history(INVENTORY, folder=folder).runs] == [["c", "d"], ["a", "b"]]
    assert [list(run.pbxs) for run in history(INVENTORY, ["a"], folder=folder).runs] == [["a", "b"]]
    assert len(history(None, ["off*"], folder=folder).runs) == 3  # the group of them all
    assert history(None, ["nosuch"], folder=folder).runs == ()


@pytest.mark.parametrize("content", ["", "{}\n", "[]\n", "not json\n", '{"line": "run", "format_version": 99}\n'])
def test_what_is_no_journal_is_named_and_hides_no_other(folder: Path, content: str) -> None:
    roll(folder, "a")
    (folder / "0.jsonl").write_text(content, encoding="utf-8")

    found = history(None, folder=folder)

    assert len(found.runs) == 1
    assert found.unreadable == (str(folder / "0.jsonl"),)


@pytest.mark.parametrize("edit", [{"pbxs": ["a"]}, {"pbxs": {"a": 1}}, {"terms": None}, {"strategy": "none"}])
def test_a_journal_that_somebody_edited_hides_no_other(folder: Path, edit: dict[str, Any]) -> None:
    roll(folder, "a")
    first, *others = lines(folder)
    (folder / "0.jsonl").write_text(
        "".join(json.dumps(line) + "\n" for line in (first | edit, *others)), encoding="utf-8"
    )

    found = history(INVENTORY, ["a"], folder=folder)

    assert len(found.runs) == 1
    assert found.unreadable == (str(folder / "0.jsonl"),)


def test_without_a_folder_there_is_no_history(folder: Path) -> None:
    assert history(None, folder=folder).runs == ()


def test_a_folder_that_cannot_be_written_is_a_warning_and_the_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    journal = roll(tmp_path / "file" / "confgen", "ab")

    assert journal.warning is not None
    assert (journal.warning.code, journal.warning.severity.value) == ("PUSH-60", "warning")
    assert str(tmp_path / "file") in journal.warning.message


def test_a_disk_that_takes_no_more_is_a_warning_and_the_run_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("confgen.fleet.journal.os.fsync", full)

    journal = roll(folder, "ab")

    assert journal.warning is not None
    assert "No space left on device" in journal.warning.message


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"XDG_STATE_HOME": "/state", "HOME": "/home/maria"}, "/state/confgen"),
        ({"XDG_STATE_HOME": "", "HOME": "/home/maria"}, "/home/maria/.local/state/confgen"),
        ({"XDG_STATE_HOME": "relative", "HOME": "/home/maria"}, "/home/maria/.local/state/confgen"),
        ({"HOME": "/home/maria"}, "/home/maria/.local/state/confgen"),
    ],
)
def test_the_state_folder_is_where_the_users_system_wants_it(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert state_folder() == Path(expected)


def names_left(folder: Path, *names: str, digest: str = DIGEST) -> list[str]:
    pbxs = [a_pbx(name) for name in names or "abcd"]
    return [pbx.name for pbx in left(INVENTORY, digest, pbxs, folder=folder)]


def test_what_failed_and_what_was_not_begun_is_left(folder: Path) -> None:
    roll(folder, "abcd", b=Outcome.REFUSED)

    assert names_left(folder) == ["b", "c", "d"]
    assert names_left(folder, "a", "d") == ["d"]


def test_what_was_put_back_is_left_again(folder: Path) -> None:
    roll(folder, "abcd", strategy=Strategy(undo_succeeded=True), c=Outcome.UNDONE)

    assert names_left(folder) == ["a", "b", "c", "d"]


def test_what_was_being_done_when_the_run_was_killed_is_left(folder: Path) -> None:
    journal = a_journal(folder)
    journal.begin(jobs_of("a", "b"), Strategy())
    journal.begun("a")
    journal.abandon()

    assert names_left(folder) == ["a", "b"]


def test_what_was_resumed_and_done_is_not_left(folder: Path) -> None:
    roll(folder, "abcd", b=Outcome.UNDONE)
    roll(folder, "bcd", c=Outcome.UNDONE)
    assert names_left(folder) == ["c", "d"]
    roll(folder, "cd")

    with pytest.raises(PushRefused) as refusal:
        names_left(folder)
    assert refusal.value.finding.code == "PUSH-61"


def test_a_push_of_others_in_between_leaves_what_was_left(folder: Path) -> None:
    roll(folder, "abcd", b=Outcome.UNDONE)
    roll(folder, "c")

    assert names_left(folder) == ["b", "d"]


@pytest.mark.parametrize("before", [(), ("ab",)])
def test_where_nothing_is_left_there_is_nothing_to_resume(folder: Path, before: tuple[str, ...]) -> None:
    for names in before:
        roll(folder, names)

    with pytest.raises(PushRefused) as refusal:
        names_left(folder)
    assert (refusal.value.finding.code, refusal.value.exit_code) == ("PUSH-61", 1)


def test_an_inventory_that_has_changed_is_not_resumed(folder: Path) -> None:
    roll(folder, "ab", a=Outcome.UNDONE)

    with pytest.raises(PushRefused) as refusal:
        names_left(folder, digest="00" * 32)
    assert refusal.value.finding.code == "PUSH-62"


def test_a_run_that_goes_on_is_not_resumed(folder: Path) -> None:
    journal = a_journal(folder)
    journal.begin(jobs_of("a"), Strategy())

    with pytest.raises(PushRefused) as refusal:
        names_left(folder)
    journal.end(exit_code=0, not_begun=["a"])
    assert refusal.value.finding.code == "PUSH-63"
    assert names_left(folder) == ["a"]
