"""The simulated server understands what a host's shell is asked."""

from __future__ import annotations

from benchmarks.files_driver import SCRIPT
from benchmarks.simulated_server import _REQUEST
from confgen.model.host import Command
from confgen.remote.answer import Answer


def test_a_request_is_told_from_the_next_with_the_script_and_without_it() -> None:
    known: dict[str, str] = {}
    requests = [
        Answer(
            Command(argv=("files-host", verb, "/", "a)"), script=SCRIPT, stdin=stdin, leaves_nothing=True), known
        ).request
        for verb, stdin in (("observe", b""), ("stage", b"a tar"), ("lock", b""))
    ]
    sent = b"".join(requests)

    for asked, length in ((b"observe / 'a)'", None), (b"stage / 'a)'", b"5"), (b"lock / 'a)'", None)):
        found = _REQUEST.search(sent)
        assert found is not None
        assert (found["asked"], found["length"]) == (asked, length)
        sent = sent[found.end() :]
    assert sent == b""
