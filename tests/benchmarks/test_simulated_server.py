"""The simulated server understands what a host's shell is asked."""

from __future__ import annotations

import pytest

from benchmarks.simulated_server import _END_OF_REQUEST, asked
from confgen.model.host import Command
from confgen.remote.answer import Answer


@pytest.mark.parametrize("leaves_nothing", [False, True])
def test_each_kind_of_request_is_told_from_the_next(leaves_nothing: bool) -> None:  # noqa: FBT001 -- a case
    script = "printf '%s)\\n' \"$(cat)\"; (echo 1); exit\n"
    requests = [
        Answer(Command(argv=("sh", "-c", script, name), leaves_nothing=leaves_nothing)).request
        for name in ("one", "two")
    ]
    end = _END_OF_REQUEST.search(b"".join(requests))
    assert end is not None
    assert end.end() == len(requests[0])

    mark, command = asked(requests[0])

    assert requests[0].decode().startswith(f"echo {mark} || exit")
    assert command.endswith(" one")
    assert command.startswith("sh -c ")
