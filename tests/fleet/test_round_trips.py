"""A proof asks the PBX's host few questions: each is a round trip, and a program there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.fleet import Stop
from confgen.fleet.job import Job, Site, Task
from confgen.fleet.work import perform
from confgen.model.check import Level, Vantage
from confgen.model.inventory import Pbx, Verification
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.fleet.test_legs import FakeConnections, Listening
from tests.fleet.test_preparation import authority, environment, inventory_of  # noqa: F401  fixtures


@pytest.mark.usefixtures("environment")
def test_all_levels_of_an_unchanged_pbx_take_three_commands_on_its_host(pbx: Pbx) -> None:
    everything = Verification(vantage=Vantage.HOST, levels=frozenset(Level))  # nothing goes over our own network
    alone = replace(pbx, trunks=(), verification=everything)
    host = ScriptedHost(answers={}, name=alone.name)
    job = Job(task=Task.VERIFY, inventory=inventory_of(alone))

    result = perform(job, Site(FakeConnections({alone.name: host}), Listening(), Stop()))

    asked = [words[0] if len(words) > 1 or words[0] == "undone" else "sockets" for words in host.asked]
    assert sorted(asked) == ["sockets", "state", "undone"]
    assert {check.level for check in result.checks} >= {Level.STATE, Level.TLS, Level.CLEAR, Level.DOWNGRADE}
