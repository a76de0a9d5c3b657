"""A driver for a product of API objects: as little as goes through plan and push."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from confgen.model.bootstrap import Bootstrap
from confgen.model.check import Check, Level, Question, Vantage
from confgen.model.document import Change, Document, Impact, Observed, Source
from confgen.model.driver import (
    Activation,
    Contact,
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
from confgen.model.finding import Finding, Severity
from confgen.model.found import Found, asked
from confgen.model.host import Command, Host
from confgen.model.inventory import Pbx, TrunkEnd
from confgen.model.lease import Held, Lease, Undone
from confgen.model.leg import Called, NotCalled, Witness
from confgen.model.limits import Limits
from confgen.model.plan import CutOff, Difference, SecurityDelta
from confgen.model.provider import ProviderTrunk
from confgen.model.secret import MASK, Secret

kind = "toy"
guarantees = Guarantees(atomic=False, undo_without_link=False, lock=Lock.OPERATOR)
traits = Traits()

TRANSPORT = "Transports/udp"  # managed by not being there


PASSWORD = "sentinel-4f1d"


def documents(*extensions: str, password: str = PASSWORD, srtp: str = "enforced") -> tuple[Document, ...]:
    """What a PBX with these extensions should have."""
    return tuple(
        Document(
            key=f"Extensions/{number}",
            content=Secret(json.dumps({"number": number, "password": password, "srtp": srtp}, indent=1)),
        )
        for number in extensions
    )


def not_enforceable(_pbx: Pbx, /) -> Limits:
    return Limits()


def findings(_pbx: Pbx, /) -> Sequence[Finding]:
    return ()


def render_only(_pbx: Pbx, /) -> Finding | None:
    return None


def sources(_pbx: Pbx, /) -> Sequence[Source]:
    return ()


def absent(_pbx: Pbx, /) -> Collection[str]:
    return (TRANSPORT,)


def mask(_key: str, text: str, fingerprint: Callable[[str], str], /) -> str:
    fields = json.loads(text)
    fields["password"] = f"{MASK} ({fingerprint(fields['password'])})"
    return json.dumps(fields, indent=1)


RESTARTS = False  # whether a change drops calls


def impact(changes: Collection[Change], /) -> Impact:
    if RESTARTS:
        return Impact.PROCESS_RESTART
    return Impact.RELOAD if changes else Impact.NONE


def security_delta(changes: Collection[Change], /) -> SecurityDelta:
    return SecurityDelta.WEAKER if weaker(changes) else SecurityDelta.SAME


def weaker(changes: Collection[Change], /) -> Sequence[str]:
    return [f"{change.key} is no longer enforced" for change in changes if '"optional"' in (change.after or "")]


IRREVERSIBLE: dict[str, str] = {}  # reasons by key


def irreversible(changes: Collection[Change], /) -> Mapping[str, str]:
    return {change.key: IRREVERSIBLE[change.key] for change in changes if change.key in IRREVERSIBLE}


def differences(
    before: Mapping[str, str], after: Mapping[str, str], _own: Mapping[str, str], /
) -> Sequence[Difference]:
    return [
        Difference(subject=key, before=before.get(key), after=after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def cut_off(
    _pbx: Pbx, observation: Observation, _texts: Mapping[str, str], documents: Collection[Document], /
) -> Sequence[CutOff]:
    there = {document.key for document in documents}
    return [
        CutOff(extension=contact.extension, contact=contact.address, reason="has no extension any more")
        for contact in observation.contacts
        if f"Extensions/{contact.extension}" not in there
    ]


def lock(host: Host, pbx: Pbx, _observation: Observation, lease: Lease, /) -> Locked:
    told = _api(host, "lock", lease.push, lease.owner)
    if "holds" in told:
        raise PushRefused(Finding(code="PUSH-39", message=f"{told['holds']} holds this PBX", mend="wait"))
    taken_over = None if "took" not in told else Held(push="0" * 16, owner=told["took"], seconds=0)
    return Locked(observation=observe(host, pbx), taken_over=taken_over)


def unlock(host: Host, _pbx: Pbx, lease: Lease, /) -> None:
    _api(host, "unlock", lease.push)


def go_on(host: Host, _pbx: Pbx, lease: Lease, /) -> None:
    _api(host, "go_on", lease.push)


def calls(host: Host, _pbx: Pbx, _lease: Lease, /) -> int | None:
    count: int | None = _api(host, "calls")
    return count


def preflight(host: Host, _pbx: Pbx, staged: Staged, _step: Callable[[str], None], /) -> Sequence[Finding]:
    said = _api(host, "preflight", str(staged.generation))
    return [Finding(code="PUSH-47", message=message, mend="mend it") for message in said]


def material(_host: Host, _pbx: Pbx, _documents: Collection[Document], /) -> Material:
    return Material(chain="", key=None, authority="", probe_secret=None)


def as_kept(pbx: Pbx, documents: Collection[Document], /) -> Pbx:
    if not documents:
        raise KeyError("what was there before confgen tells nothing of the PBX")
    return pbx


def bootstrap(_pbx: Pbx, _wanted: Bootstrap, /) -> str:
    return "api allow me\n"


def prepare(host: Host, _pbx: Pbx, _wanted: Bootstrap, /) -> Sequence[str]:
    _api(host, "allow", "me")
    return ["allowed"]


def examine(host: Host, _pbx: Pbx, /) -> Sequence[Found]:
    return tuple(asked("objects", lambda: [Found(subject="objects", found=f"{len(_api(host, 'observe')['digests'])}")]))


def on_host(_host: Host, _pbx: Pbx, /) -> OnHost:
    return OnHost(files={})


def kept(host: Host, _pbx: Pbx, generation: int, /) -> Sequence[Document]:
    found = _api(host, "kept", str(generation))
    return tuple(Document(key=key, content=Secret(content)) for key, content in found.items())


def observe(host: Host, pbx: Pbx, /) -> Observation:
    found = _api(host, "observe")
    return Observation(
        documents={
            key: Observed(
                digest=digest,
                is_ours=key in found["written"],
                is_drifted=key in found["written"] and found["written"][key] != digest,
                is_leftover=key in found["leftovers"],
            )
            for key, digest in found["digests"].items()
        },
        generation=found["generation"],
        is_confirmed=found["is_confirmed"],
        generations=tuple(found["generations"]),
        fingerprint_key=Secret(found["key"]),
        facts={"version": "toy 1"},
        calls=found["calls"],
        undone=_undone(found),
        contacts=tuple(
            Contact(extension=extension, transport="tls", address="192.0.2.7:5061") for extension in found["contacts"]
        ),
        findings=(
            *(Finding(code="PUSH-11", message=message, mend="start it", pbx=pbx.name) for message in found["findings"]),
            *(
                Finding(code="PUSH-10", message=message, mend="none", severity=Severity.WARNING, pbx=pbx.name)
                for message in found["warnings"]
            ),
        ),
        lacking=tuple(
            Finding(code="PUSH-11", message=message, mend="make it", pbx=pbx.name) for message in found["lacking"]
        ),
    )


def undone(host: Host, _pbx: Pbx, /) -> Undone | None:
    return _undone(_api(host, "observe"))


def _undone(found: Mapping[str, Any]) -> Undone | None:
    return None if found["undone_before"] is None else Undone(**found["undone_before"])


def read(host: Host, _pbx: Pbx, keys: Collection[str], /) -> Mapping[str, str]:
    texts: Mapping[str, str] = _api(host, "read", *keys)
    return texts


def written(host: Host, _pbx: Pbx, generation: int, /) -> Mapping[str, str]:
    texts: Mapping[str, str] = _api(host, "kept", str(generation))
    return texts


def own(host: Host, _pbx: Pbx, texts: Collection[str], /) -> Mapping[str, str]:
    """A document that says `include` refers to what the host has of the user's own."""
    found: Mapping[str, str] = _api(host, "own") if any('"include"' in text for text in texts) else {}
    return found


def judge(pbx: Pbx, documents: Collection[Document], _own: Mapping[str, str], /) -> Sequence[Finding]:
    """A document that refers to the user's own is one of clear text."""
    own = [document.key for document in documents if document.key.startswith("Own/")]
    return [Finding(code="CLEAR-05", message=f"{key} is in clear", mend="remove it", pbx=pbx.name) for key in own]


def put_away(pbx: Pbx, texts: Mapping[str, str], /) -> Sequence[Finding]:
    return [
        Finding(code="PUSH-20", message=f"{key} goes", mend="keep it", severity=Severity.WARNING, pbx=pbx.name)
        for key in texts
        if key == TRANSPORT
    ]


def stage(
    host: Host,
    _pbx: Pbx,
    _observation: Observation,
    documents: Collection[Document],
    changes: Collection[Change],
    lease: Lease,
    /,
) -> Staged:
    staged = _api(host, "stage", sent={document.key: document.reveal() for document in documents})
    return Staged(
        generation=staged["generation"],
        previous=staged["previous"],
        impact=impact(changes),
        changed=tuple(change.key for change in changes),
        lease=lease,
    )


def stage_kept(host: Host, _pbx: Pbx, observation: Observation, generation: int, lease: Lease, /) -> Staged:
    staged = _api(host, "stage_kept", str(generation))
    there = _api(host, "kept", str(generation))
    return Staged(
        generation=staged["generation"],
        previous=staged["previous"],
        impact=Impact.RELOAD,
        changed=tuple(sorted(there.keys() | observation.documents.keys())),
        lease=lease,
    )


def discard(host: Host, _pbx: Pbx, staged: Staged, /) -> None:
    _api(host, "discard", str(staged.generation))


def switch(host: Host, _pbx: Pbx, staged: Staged, /) -> None:
    """One object after the other: this product has no way to change them at once."""
    for key in staged.changed:
        _api(host, "apply", str(staged.generation), key)
    _api(host, "switched", str(staged.generation))


def activate(host: Host, _pbx: Pbx, staged: Staged, /) -> Activation:
    said = _api(host, "activate", staged.impact.words)
    return Activation(complaints=tuple(said["complaints"]), unknown=tuple(said["unknown"]))


def confirm(host: Host, _pbx: Pbx, staged: Staged, /) -> Undone | None:
    told = _api(host, "confirm", str(staged.generation))
    return None if told is None else Undone(**told)


def undo(host: Host, pbx: Pbx, staged: Staged, /) -> Activation:
    if _api(host, "undo", str(staged.generation), str(staged.previous)) == "confirmed":
        return Activation(was_confirmed=True)
    return activate(host, pbx, staged)


def by_hand(staged: Staged, /) -> str:
    return f"api undo {staged.generation} {staged.previous}"


def state(host: Host, pbx: Pbx, documents: Collection[Document], /) -> Sequence[Check]:
    there = _api(host, "read", *(key for key in observe(host, pbx).documents))
    return tuple(
        _question(document.key).passed("as pushed")
        if there.get(document.key) == document.reveal()
        else _question(document.key).failed(f"{document.key} is not as pushed", "push again")
        for document in documents
    )


def call_peer(_host: Host, _pbx: Pbx, _trunk: TrunkEnd, /) -> Called | NotCalled:
    return NotCalled(reason="this product cannot call")


def heard_of_peer(_host: Host, _pbx: Pbx, _trunk: TrunkEnd, /) -> Witness | NotCalled | None:
    return NotCalled(reason="this product cannot call")


def call_outside(_host: Host, _pbx: Pbx, _trunk: ProviderTrunk, /) -> Called | NotCalled:
    return NotCalled(reason="this product cannot call")


def ask_provider(_host: Host, _pbx: Pbx, trunk: ProviderTrunk, /) -> ProviderAnswer:
    return ProviderAnswer(
        domain=trunk.provider.domain, port=5061, authority="", standing=Standing.UNTOLD, said="this product cannot tell"
    )


def _question(subject: str) -> Question:
    return Question(code="STATE-03", level=Level.STATE, subject=subject, vantage=Vantage.INSIDE)


def _api(host: Host, verb: str, *words: str, sent: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 -- JSON
    stdin = b"" if sent is None else json.dumps(sent).encode()
    return json.loads(host.run(Command(argv=("api", verb, *words), stdin=stdin)).stdout)
