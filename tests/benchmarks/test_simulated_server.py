"""The simulated server understands what a host's shell is asked."""

from __future__ import annotations

from benchmarks.files_driver import SCRIPT
from benchmarks.simulated_server import _REQUEST
from confgen.model.host import Command
from confgen.remote.answer import Answer


def test_a_request_is_told_from_the_next_with_the_script_and_without_it() -> None:
    known: dict[str, str] = {}
    requests = [
        Answer(Command(argv=("files-host", verb, "/", "a)"), script=SCRIPT, leaves_nothing=True), known).request
        for verb in ("observe", "lock")
    ]
    sent = b"".join(requests)

    first = _REQUEST.search(sent)
    assert first is not None
    assert first["asked"] == b"observe / 'a)'"
    second = _REQUEST.search(sent[first.end() :])
    assert second is not None
    assert second["asked"] == b"lock / 'a)'"
    assert first.end() + second.end() == len(sent)
