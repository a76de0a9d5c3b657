"""A plan of a real host: the inventory's changes, somebody's hand and what runs, each told apart."""

from __future__ import annotations

from typing import Any

import pytest

from lab.host import Host
from tests.live.company import Company

_ON_22 = pytest.mark.parametrize(
    ("name", "number"), [("branch", "202"), pytest.param("old", "302", marks=pytest.mark.full)], ids=["22", "16"]
)


_DTLS_PROBE = "extension confgen-probe-dtls"
_RECORD = "/etc/confgen/asterisk.undone"
_UNDONE = b"""\
push 0123456789abcdef
owner maria@laptop
reason not confirmed within 60 s
at 2026-11-25T16:31:21+00:00
generation 2
previous 1
"""


def told(plan: dict[str, Any], key: str) -> list[tuple[str, str, str | None, str | None]]:
    return [(found["subject"], found["option"], found["before"], found["after"]) for found in plan[key]]


def edit(host: Host, script: str, key: str) -> None:
    """As an editor writes: through the link, into the generation itself."""
    host.run(["sed", "-i", "--follow-symlinks", script, f"/etc/asterisk/{key}"], check=True)


@_ON_22
def test_a_hand_edit_stands_beside_a_change_of_the_inventory_and_what_runs_beside_both(
    company: Company, name: str, number: str
) -> None:
    host = company.harm(name)
    edit(host, "s/^rtpend = .*/rtpend = 20111/", "rtp.conf")
    edit(host, f"0,/^\\[{number}\\]/!{{0,/^media_encryption = .*/s//media_encryption = no/}}", "pjsip.conf")
    assert "Loaded" in host.asterisk("module load app_milliwatt.so")
    company.change_inventory(f'"{number}": {{}}', f'"{number}": {{media_encryption: dtls}}')

    planned = company.confgen("plan", "--limit", name, "--format", "json")
    refused = company.confgen("push", "--limit", name)
    shown = company.confgen("plan", "--limit", name)

    assert planned.code == 3, planned.told
    (pbx,) = planned.answer["pbxs"]
    plan = pbx["plan"]
    differences = told(plan, "differences")
    assert (f"extension {number}", "media_encryption", "sdes", "dtls") in differences
    subjects = {subject for subject, *_ in differences}
    assert subjects - {_DTLS_PROBE} == {f"extension {number}"}
    assert (_DTLS_PROBE in subjects) == (name == "branch")  # which had no phone with DTLS before
    assert sorted(told(plan, "edits")) == [
        (f"extension {number}", "media_encryption", "sdes", "no"),
        ("rtp.conf [general]", "rtpend", "20199", "20111"),
    ]
    assert any("app_milliwatt" in check["message"] for check in plan["running"])
    assert not any("media_encryption" in check["message"] for check in plan["running"]), "nobody has loaded that"
    assert "PUSH-70" in {finding["code"] for finding in pbx["findings"]}
    assert plan["calls"] == 0
    assert (refused.code, "PUSH-14" in refused.out) == (1, True), refused.told
    assert f"by hand       extension {number}: media_encryption sdes -> no" in shown.out
    assert "@@" not in shown.out


@pytest.mark.full
def test_what_a_host_undid_by_itself_is_told_by_plan_and_verify(company: Company) -> None:
    host = company.lab.hosts["branch"]
    host.write(_RECORD, _UNDONE)

    try:
        planned = company.confgen("plan", "--limit", "branch", "--format", "json")
        verified = company.verify("branch")
    finally:
        host.run(["rm", _RECORD], check=True)

    for ran in (planned, verified):
        (finding,) = ran.answer["pbxs"][0]["findings"]
        assert ran.code == 0, ran.told
        assert (finding["code"], finding["severity"]) == ("PUSH-43", "warning")
        assert "maria@laptop had pushed: not confirmed within 60 s" in finding["message"]


@pytest.mark.full
def test_files_of_the_users_own_that_the_old_configuration_includes_are_read_and_told(company: Company) -> None:
    host = company.harm("branch")
    host.reset()
    host.run(["mkdir", "-p", "/etc/asterisk/phones.d"], check=True)
    host.write("/etc/asterisk/phones.d/own.conf", b"[901]\ntype=endpoint\n[901]\ntype=auth\npassword=sentinel-4f1d\n")
    host.write("/etc/asterisk/pjsip.conf", b'#include "phones.d/*.conf"\n#include "not there.conf"\n')

    planned = company.confgen("plan", "--limit", "branch", "--format", "json")

    assert planned.code == 3, planned.told
    plan = planned.answer["pbxs"][0]["plan"]
    assert ("extension 901", "", "", None) in told(plan, "differences")
    assert ("extension 201", "", None, "") in told(plan, "differences")
    assert "sentinel-4f1d" not in planned.told
