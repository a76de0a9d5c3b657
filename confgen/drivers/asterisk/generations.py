"""Generations on an Asterisk host: staged, switched to, activated, confirmed or undone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.archives import pack
from confgen.drivers.asterisk import complaints, script
from confgen.drivers.asterisk.impact import impact, reloads
from confgen.drivers.asterisk.layout import KEYS
from confgen.drivers.asterisk.observe import managed_names, undone_by_host
from confgen.model.document import Impact
from confgen.model.driver import Activation, Staged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from confgen.model.document import Change, Document
    from confgen.model.driver import Observation
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Lease, Undone

_ACTIVATION_TIMEOUT = 90.0  # seconds, more than the host's script gives itself


def stage(
    host: Host,
    pbx: Pbx,
    observation: Observation,
    documents: Collection[Document],
    changes: Collection[Change],
    lease: Lease,
) -> Staged:
    """Lay a complete new generation on the host, read by nobody yet."""
    archive = pack(_members(documents))
    answer = dict(script.lines(script.act(host, pbx, "stage", *managed_names(pbx), stdin=archive, push=lease.push)))
    generation, previous = answer["staged"].split(" ")
    return Staged(
        generation=int(generation),
        previous=int(previous),
        impact=impact(changes) if observation.is_confirmed else Impact.PROCESS_RESTART,
        changed=tuple(change.key for change in changes),
        lease=lease,
    )


def _members(documents: Collection[Document]) -> Iterator[tuple[str, str]]:
    for document in documents:
        if document.content is not None:
            yield (document.key if document.key.startswith(f"{KEYS}/") else f"etc/{document.key}"), document.reveal()
    copies = [document.on_host for document in documents if document.content is None and document.on_host is not None]
    if copies:
        yield "copies", "".join(f"{file.digest} {file.path}\n" for file in copies)


def stage_kept(host: Host, pbx: Pbx, _observation: Observation, generation: int, lease: Lease) -> Staged:
    """Make ready to go back to a generation that the host kept; the process restarts, whatever differs."""
    answer = dict(script.lines(script.act(host, pbx, "stage_kept", str(generation), push=lease.push)))
    chosen, previous = answer["staged"].split(" ")
    return Staged(
        generation=int(chosen),
        previous=int(previous),
        impact=Impact.PROCESS_RESTART,
        changed=managed_names(pbx),
        lease=lease,
    )


def discard(host: Host, pbx: Pbx, staged: Staged) -> None:
    """Remove what was staged and not switched to."""
    script.act(host, pbx, "discard", str(staged.generation), push=staged.lease.push)


def switch(host: Host, pbx: Pbx, staged: Staged) -> None:
    """Arm the undo on the host; from then on Asterisk's names lead to the new generation."""
    seconds = str(staged.lease.undo_after)
    script.act(host, pbx, "switch", *_both(staged), seconds, *_how(staged), push=staged.lease.push)


def activate(host: Host, pbx: Pbx, staged: Staged) -> Activation:
    """Reload what changed, or restart the process where a reload does not take effect."""
    answer = script.act(host, pbx, "activate", *_how(staged), push=staged.lease.push, timeout=_ACTIVATION_TIMEOUT)
    return complaints.judge(script.lines(answer))


def confirm(host: Host, pbx: Pbx, staged: Staged) -> Undone | None:
    """Keep the new generation, disarm, and tidy up: old generations, keys nobody names, links that lead nowhere."""
    answer = script.act(
        host, pbx, "confirm", str(staged.generation), push=staged.lease.push, timeout=2 * _ACTIVATION_TIMEOUT
    )
    return undone_by_host(script.lines(answer))


def undo(host: Host, pbx: Pbx, staged: Staged) -> Activation:
    """Go back to the previous generation; from a first push, to plain files as they were.

    The host does it in one go, the restart included: who called for it may die meanwhile.
    """
    answer = script.lines(
        script.act(
            host, pbx, "undo", *_both(staged), *_how(staged), push=staged.lease.push, timeout=2 * _ACTIVATION_TIMEOUT
        )
    )
    was_confirmed = any(word == "was_confirmed" for word, _ in answer)
    return replace(complaints.judge(answer), was_confirmed=was_confirmed, undone=undone_by_host(answer))


def by_hand(staged: Staged) -> str:
    """The undo, as root types it on the host; of this push alone, whoever may have switched since."""
    hands = f"env -u SUDO_UID {script.INSTALLED} --push {staged.lease.push}"  # root's own, however one became root
    return f"on the host, as root: {hands} undo {' '.join(_both(staged))} restart"


def _both(staged: Staged) -> tuple[str, str]:
    return str(staged.generation), str(staged.previous)


def _how(staged: Staged) -> tuple[str, ...]:
    """How the script makes Asterisk take what it reads, forwards and backwards."""
    if staged.impact is Impact.PROCESS_RESTART:
        return ("restart",)
    return ("reload", *reloads(staged.changed))
