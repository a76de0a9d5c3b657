"""A change goes through real hosts canary first; what one of them does not take, the others are spared or give back."""

from __future__ import annotations

import json
import signal

import pytest

from tests.live.company import Company
from tests.live.test_push import listing, port_taken

_PORT = 5070
_NAMES = ("hq", "branch", "old")


def move_to_a_port_that_is_taken(company: Company, name: str) -> None:
    """What cannot come true on one PBX, and is a change for its peers too."""
    company.change_inventory(f"domain: {name}.example.test", f"domain: {name}.example.test, port: {_PORT}")


def generations(company: Company) -> list[str]:
    link = ["readlink", "/etc/confgen/asterisk/current"]
    return [company.lab.hosts[name].run(link).stdout.decode().strip() for name in _NAMES]


def test_a_canary_that_fails_stops_the_other_hosts_and_all_that_is_said_agrees(company: Company) -> None:
    others = [company.lab.hosts[name] for name in ("hq", "old")]
    before = [listing(host) for host in others]
    move_to_a_port_that_is_taken(company, "branch")
    words = ["push", "--canary", "branch", "--batch", "100%", "--max-failures", "9"]

    with port_taken(company.lab.hosts["branch"], _PORT):
        as_json = company.confgen(*words, "--format", "json")
        as_text = company.confgen(*words)
    told = company.confgen("history", "--last", "2", "--format", "json")

    assert [listing(host) for host in others] == before
    assert (as_json.code, as_json.answer["exit_code"], as_text.code) == (5, 5, 5), as_json.told
    assert {result["name"]: result["outcome"] for result in as_json.answer["pbxs"]} == {"branch": "undone"}
    assert as_json.answer["not_begun"] == ["hq", "old"]
    assert (as_json.answer["put_back"], as_json.answer["legs"]) == ([], [])
    assert as_text.out.splitlines()[-1] == "1 PBX: 1 undone; not begun: hq, old"
    runs = json.loads(told.out)["runs"]
    assert [(run["exit_code"], run["left"]) for run in runs] == [(5, ["hq", "branch", "old"])] * 2


@pytest.mark.full
def test_what_succeeded_is_put_back_and_what_is_left_is_resumed(company: Company) -> None:
    old = company.harm("old")
    company.harm("hq")
    company.harm("branch")
    before = generations(company)
    move_to_a_port_that_is_taken(company, "old")
    company.change_inventory("domain: branch.example.test", "domain: branch.example.test, port: 5071")

    with port_taken(old, _PORT):
        stopped = company.confgen("push", "--batch", "1", "--undo-succeeded", "--format", "json")
    put_back = generations(company)
    as_before = company.confgen("history", "--format", "json")
    resumed = company.confgen("push", "--resume", "--batch", "2", "--format", "json")
    again = company.confgen("push", "--resume")

    assert stopped.code == 5, stopped.told
    outcomes = {result["name"]: result["outcome"] for result in stopped.answer["pbxs"]}
    assert outcomes == {"hq": "proven", "branch": "proven", "old": "undone"}, stopped.told
    assert {result["name"]: result["outcome"] for result in stopped.answer["put_back"]} == {
        "hq": "proven",
        "branch": "proven",
    }
    assert put_back == before
    assert json.loads(as_before.out)["runs"][0]["left"] == list(_NAMES)
    assert resumed.code == 0, resumed.told
    assert {result["outcome"] for result in resumed.answer["pbxs"]} == {"proven"}
    assert {leg["outcome"] for leg in resumed.answer["legs"]} == {"proven"}
    assert again.code == 1
    assert "PUSH-61" in again.out


@pytest.mark.full
@pytest.mark.parametrize(("words", "outcome"), [("hq: staging", "interrupted"), ("hq: proving", "proven")])
def test_ctrl_c_stops_what_was_not_switched_and_confirms_what_was(company: Company, words: str, outcome: str) -> None:
    company.harm("hq")
    others = [company.lab.hosts[name] for name in ("branch", "old")]
    before, active = [listing(host) for host in others], generations(company)
    company.change_inventory("domain: hq.example.test", "domain: hq.example.test, port: 5071")

    with company.begun("push", "--format", "json") as push:
        assert push.stderr is not None
        next(line for line in push.stderr if line.decode().startswith(words))
        push.send_signal(signal.SIGINT)
        out, err = push.communicate(timeout=60)
    after, active_after = [listing(host) for host in others], generations(company)

    told = json.loads(out)
    assert (push.returncode, told["exit_code"]) == (130, 130), err.decode()
    assert {result["name"]: result["outcome"] for result in told["pbxs"]} == {"hq": outcome}
    assert told["not_begun"] == ["branch", "old"]
    assert b"nothing new is begun" in err
    assert after == before
    assert (active_after == active) == (outcome == "interrupted")
    assert company.confgen("push", "--resume").code == 0
    company.harm("branch")
    company.harm("old")
