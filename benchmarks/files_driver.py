"""A product of plain files, for benchmarks: the real transaction, with nothing to activate and nothing to try apart.

A PBX of `kind` "files" has documents of 5 KB below the folder `installation.configuration` of its host: `etc/NAME`.
What stands in them changes with its `domain`. `benchmarks.files_fleet` makes such PBXs and tells a process of them.

All that is asked of the host is one command each, `files_host.sh VERB FOLDER WORD…`. It
ends with 0, with 3 after a line `refused CODE MESSAGE`, or otherwise when it broke. Answers are lines `WORD REST`:

    observe NAME…                   current N, confirmed yes|no, generation N (each that was confirmed), key HEX,
                                    written DIGEST NAME (what confgen wrote), lease PUSH SECONDS OWNER,
                                    undone WORD REST, ours NAME, and for each name that is there `DIGEST  etc/NAME`,
                                    which ends with a NUL
    digests NAME…                   the last of these lines alone
    read NAME…                      a tar of what is read under the names
    kept N                          a tar of a generation
    lock PUSH OWNER SECONDS NAME…   taken_over PUSH OWNER, or nothing; then as `observe`; makes the folder
    unlock PUSH
    stage PUSH NAME…                a tar on stdin, with `.manifest` (lines `DIGEST NAME`) as its last member;
                                    staged N PREVIOUS (0: what was there before confgen)
    stage_kept PUSH N               likewise
    discard PUSH N
    switch PUSH N PREVIOUS SECONDS  arms a timer on the host that goes back to PREVIOUS, then flips one link
    confirm PUSH N                  nothing, or undone WORD REST where the timer was first; gives the lease back
    undo PUSH N PREVIOUS            nothing, or was_confirmed, overtaken, undone WORD REST

A push of new documents is six of them: observe, lock, stage, switch, digests (what is read is what was pushed),
confirm. One where nothing differs is one: observe.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from confgen.archives import pack, unpack
from confgen.model.check import Level, Question, Vantage
from confgen.model.document import Document, Impact, Observed, TemplateSource
from confgen.model.driver import (
    Activation,
    Guarantees,
    Lock,
    Locked,
    Material,
    Observation,
    OnHost,
    ProviderAnswer,
    PushRefused,
    Staged,
    Standing,
    Traits,
)
from confgen.model.finding import Finding
from confgen.model.host import Command, HostError
from confgen.model.lease import Held, Undone
from confgen.model.leg import NotCalled
from confgen.model.limits import Limits
from confgen.model.plan import Difference, SecurityDelta
from confgen.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from confgen.model.bootstrap import Bootstrap
    from confgen.model.check import Check
    from confgen.model.document import Change, Source
    from confgen.model.found import Found
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx, TrunkEnd
    from confgen.model.lease import Lease
    from confgen.model.plan import CutOff
    from confgen.model.provider import ProviderTrunk

kind = "files"
guarantees = Guarantees(atomic=True, undo_without_link=True, lock=Lock.HOST)
traits = Traits()

DOCUMENTS = tuple(f"document-{number}.conf" for number in range(1, 9))
SCRIPT = (Path(__file__).parent / "files_host.sh").read_text(encoding="utf-8")

_REFUSED = 3
_LOOKS = frozenset({"observe", "digests", "read", "kept"})
_TIMEOUT = 60.0  # seconds
_NOT_TELEPHONY = NotCalled(reason="this product has no calls")


class VerbFailed(HostError):
    """The host's script ended in a way it should not: what it did is not known."""


def not_enforceable(_pbx: Pbx, /) -> Limits:
    return Limits()


def findings(_pbx: Pbx, /) -> Sequence[Finding]:
    return ()


def render_only(_pbx: Pbx, /) -> Finding | None:
    return None


def sources(pbx: Pbx, /) -> Sequence[Source]:
    """Of one template, which is layout for the most part."""
    return [
        TemplateSource(
            key=name,
            template="files/document.j2",
            values={"name": name, "edition": pbx.domain},
            escape=str,
        )
        for name in DOCUMENTS
    ]


def absent(_pbx: Pbx, /) -> Collection[str]:
    return ()


def mask(_key: str, text: str, _fingerprint: Callable[[str], str], /) -> str:
    """Nothing in these documents is secret."""
    return text


def impact(changes: Collection[Change], /) -> Impact:
    return Impact.RELOAD if changes else Impact.NONE


def security_delta(_changes: Collection[Change], /) -> SecurityDelta:
    return SecurityDelta.SAME


def weaker(_changes: Collection[Change], /) -> Sequence[str]:
    return ()


def irreversible(_changes: Collection[Change], /) -> Mapping[str, str]:
    return {}


def differences(
    before: Mapping[str, str], after: Mapping[str, str], _own: Mapping[str, str], /
) -> Sequence[Difference]:
    """By whole documents."""
    return [
        Difference(
            subject=key, before=None if key not in before else "as was", after=None if key not in after else "as is"
        )
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def cut_off(
    _pbx: Pbx, _observation: Observation, _texts: Mapping[str, str], _documents: Collection[Document], /
) -> Sequence[CutOff]:
    return ()


def material(_host: Host, _pbx: Pbx, _documents: Collection[Document], /) -> Material:
    return Material(chain="", key=None, authority="", probe_secret=None)


def as_kept(pbx: Pbx, _documents: Collection[Document], /) -> Pbx:
    return pbx


def bootstrap(_pbx: Pbx, _wanted: Bootstrap, /) -> str:
    return ""


def prepare(_host: Host, _pbx: Pbx, _wanted: Bootstrap, /) -> Sequence[str]:
    return ()


def examine(_host: Host, _pbx: Pbx, /) -> Sequence[Found]:
    return ()


def on_host(_host: Host, _pbx: Pbx, /) -> OnHost:
    return OnHost(files={})


def observe(host: Host, pbx: Pbx, /) -> Observation:
    return _observation(_lines(_asked(host, pbx, "observe", *DOCUMENTS)))


def _observation(answer: Sequence[tuple[str, str]]) -> Observation:
    told = dict(answer)
    written = {name: digest for digest, name in _pairs(answer, "written")}
    ours = {rest for word, rest in answer if word == "ours"}
    current = told.get("current")
    return Observation(
        documents={
            name: Observed(
                digest=digest,
                is_ours=name in ours or name in written,
                is_drifted=name in written and (name not in ours or written[name] != digest),
            )
            for name, digest in _digests(answer).items()
        },
        generation=None if current is None else int(current),
        is_confirmed=told.get("confirmed") != "no",
        generations=tuple(sorted(int(rest) for word, rest in answer if word == "generation")),
        fingerprint_key=Secret(told.get("key", "")),
        facts={},
        held=_held(told.get("lease")),
        undone=_undone(answer),
        calls=0,
    )


def undone(host: Host, pbx: Pbx, /) -> Undone | None:
    return _undone(_lines(_asked(host, pbx, "observe")))


def read(host: Host, pbx: Pbx, keys: Collection[str], /) -> Mapping[str, str]:
    return unpack(_asked(host, pbx, "read", *keys))


def written(host: Host, pbx: Pbx, generation: int, /) -> Mapping[str, str]:
    return unpack(_asked(host, pbx, "kept", str(generation)))


def kept(host: Host, pbx: Pbx, generation: int, /) -> Sequence[Document]:
    return [Document(key=key, content=Secret(text)) for key, text in written(host, pbx, generation).items()]


def own(_host: Host, _pbx: Pbx, _texts: Collection[str], /) -> Mapping[str, str]:
    return {}


def judge(_pbx: Pbx, _documents: Collection[Document], _own: Mapping[str, str], /) -> Sequence[Finding]:
    return ()


def put_away(_pbx: Pbx, _texts: Mapping[str, str], /) -> Sequence[Finding]:
    return ()


def lock(host: Host, pbx: Pbx, _before: Observation, lease: Lease, /) -> Locked:
    answer = _lines(_asked(host, pbx, "lock", lease.push, lease.owner, str(lease.undo_after), *DOCUMENTS))
    push, _, owner = dict(answer).get("taken_over", "").partition(" ")
    taken_over = Held(push=push, owner=owner, seconds=0) if push else None
    return Locked(observation=_observation(answer), taken_over=taken_over)


def unlock(host: Host, pbx: Pbx, lease: Lease, /) -> None:
    _asked(host, pbx, "unlock", lease.push)


def go_on(_host: Host, _pbx: Pbx, _lease: Lease, /) -> None:
    """Nothing: from the switch on the host counts by itself."""


def calls(_host: Host, _pbx: Pbx, _lease: Lease, /) -> int | None:
    return 0


def stage(
    host: Host,
    pbx: Pbx,
    _observation: Observation,
    documents: Collection[Document],
    changes: Collection[Change],
    lease: Lease,
    /,
) -> Staged:
    manifest = "".join(f"{document.digest} {document.key}\n" for document in documents)
    members = [(document.key, document.reveal()) for document in documents]
    archive = pack((*members, (".manifest", manifest)))
    names = [document.key for document in documents]
    staged = _staged(_asked(host, pbx, "stage", lease.push, *names, stdin=archive))
    return Staged(
        generation=staged[0],
        previous=staged[1],
        impact=impact(changes),
        changed=tuple(change.key for change in changes),
        lease=lease,
    )


def stage_kept(host: Host, pbx: Pbx, _observation: Observation, generation: int, lease: Lease, /) -> Staged:
    staged = _staged(_asked(host, pbx, "stage_kept", lease.push, str(generation)))
    return Staged(generation=staged[0], previous=staged[1], impact=Impact.RELOAD, changed=DOCUMENTS, lease=lease)


def preflight(_host: Host, _pbx: Pbx, _staged: Staged, _step: Callable[[str], None], /) -> Sequence[Finding]:
    """Nothing runs there that could try it."""
    return ()


def discard(host: Host, pbx: Pbx, staged: Staged, /) -> None:
    _asked(host, pbx, "discard", staged.lease.push, str(staged.generation))


def switch(host: Host, pbx: Pbx, staged: Staged, /) -> None:
    seconds = str(staged.lease.undo_after)
    _asked(host, pbx, "switch", staged.lease.push, str(staged.generation), str(staged.previous), seconds)


def activate(_host: Host, _pbx: Pbx, _staged: Staged, /) -> Activation:
    """Nothing runs there that reads the documents."""
    return Activation()


def confirm(host: Host, pbx: Pbx, staged: Staged, /) -> Undone | None:
    return _undone(_lines(_asked(host, pbx, "confirm", staged.lease.push, str(staged.generation))))


def undo(host: Host, pbx: Pbx, staged: Staged, /) -> Activation:
    answer = _lines(
        _asked(host, pbx, "undo", staged.lease.push, str(staged.generation), str(staged.previous)),
    )
    words = {word for word, _ in answer}
    return Activation(was_confirmed="was_confirmed" in words, is_overtaken="overtaken" in words, undone=_undone(answer))


def by_hand(staged: Staged, /) -> str:
    return f"on the host: flip `current` to generations/{staged.previous}"


def state(host: Host, pbx: Pbx, documents: Collection[Document], /) -> Sequence[Check]:
    """What is read under each name is what was pushed."""
    there = _digests(_lines(_asked(host, pbx, "digests", *(document.key for document in documents))))
    return [
        _question(document.key).passed("as pushed")
        if there.get(document.key) == document.digest
        else _question(document.key).failed(f"{document.key} is not as pushed", "push again")
        for document in documents
    ]


def call_peer(_host: Host, _pbx: Pbx, _trunk: TrunkEnd, /) -> NotCalled:
    return _NOT_TELEPHONY


def heard_of_peer(_host: Host, _pbx: Pbx, _trunk: TrunkEnd, /) -> NotCalled:
    return _NOT_TELEPHONY


def call_outside(_host: Host, _pbx: Pbx, _trunk: ProviderTrunk, /) -> NotCalled:
    return _NOT_TELEPHONY


def ask_provider(_host: Host, _pbx: Pbx, trunk: ProviderTrunk, /) -> ProviderAnswer:
    return ProviderAnswer(
        domain=trunk.provider.domain, port=5061, authority="", standing=Standing.UNTOLD, said=_NOT_TELEPHONY.reason
    )


def _asked(host: Host, pbx: Pbx, verb: str, *words: str, stdin: bytes = b"") -> bytes:
    folder = pbx.installation.configuration
    if folder is None:
        raise ValueError(f"{pbx.name} has no folder: installation.configuration")
    argv = ("files-host", verb, folder, *words)
    looks = verb in _LOOKS
    completed = host.run(
        Command(argv=argv, script=SCRIPT, stdin=stdin, timeout=_TIMEOUT, leaves_nothing=True, only_looks=looks)
    )
    if completed.exit_status == 0:
        return completed.stdout
    refused = dict(_lines(completed.stdout)).get("refused")
    if completed.exit_status == _REFUSED and refused is not None:
        code, _, message = refused.partition(" ")
        raise PushRefused(Finding(code=code, message=message, mend="look at it", place=pbx.place, pbx=pbx.name))
    said = completed.stderr.decode(errors="replace").strip() or "no word"
    raise VerbFailed(f"{host.name}: `{verb}` ended with status {completed.exit_status}: {said.splitlines()[-1]}")


def _lines(answer: bytes) -> Sequence[tuple[str, str]]:
    lines = answer.decode(errors="replace").replace("\0", "\n").removesuffix("\n").split("\n")
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def _pairs(answer: Sequence[tuple[str, str]], word: str) -> list[tuple[str, str]]:
    return [(first, rest) for each, line in answer if each == word for first, _, rest in [line.partition(" ")]]


def _digests(answer: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """By name, of the lines of sha256sum."""
    return {rest.removeprefix(" etc/"): word for word, rest in answer if rest.startswith(" etc/")}


def _held(lease: str | None) -> Held | None:
    if lease is None:
        return None
    push, seconds, owner = lease.split(" ", 2)
    return Held(push=push, owner=owner, seconds=int(seconds))


def _undone(answer: Sequence[tuple[str, str]]) -> Undone | None:
    told = dict(_pairs(answer, "undone"))
    if not told:
        return None
    return Undone(
        push=told["push"],
        owner=told["owner"],
        reason=told["reason"],
        at=told["at"],
        generation=int(told["generation"]),
        previous=int(told["previous"]),
    )


def _staged(answer: bytes) -> tuple[int, int]:
    generation, previous = dict(_lines(answer))["staged"].split(" ")
    return int(generation), int(previous)


def _question(subject: str) -> Question:
    return Question(code="STATE-03", level=Level.STATE, subject=subject, vantage=Vantage.INSIDE)
