"""How hosts are reached, where what is written of it contradicts itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.faults import doubt, fault
from confgen.load.settings import place_at, value_at
from confgen.load.yaml_tree import YamlMapping, YamlSequence, marked_items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import PbxDraft
    from confgen.model.finding import Finding

_SSH_PORT = 22


def faults_of_access(draft: PbxDraft) -> Iterator[Finding]:
    """A user that needs no sudo or is not named, and jump hosts that lead nowhere new."""
    yield from _sudo_faults(draft)
    yield from _jump_faults(draft)


def _sudo_faults(draft: PbxDraft) -> Iterator[Finding]:
    if value_at(draft.settings, "ssh", "sudo") is not True or not draft.is_complete:
        return
    user = value_at(draft.settings, "ssh", "user")
    place = place_at(draft.settings, "ssh", "sudo") or draft.place
    if user == "root":
        wrong = f"`{draft.name}` is reached as root, who needs no sudo"
        yield fault("REF-38", wrong, "name another `user`, or write sudo: false", place, draft.name)
    elif user is None:
        wrong = f"`{draft.name}` uses sudo, and which user may is left to the ~/.ssh/config of whoever runs confgen"
        yield doubt("REF-38", wrong, "name the `user`, whom `confgen bootstrap` lets do it", place, draft.name)


def _jump_faults(draft: PbxDraft) -> Iterator[Finding]:
    jumps = value_at(draft.settings, "ssh", "jump_hosts")
    address, port = value_at(draft.settings, "address"), value_at(draft.settings, "ssh", "port")
    if not isinstance(jumps, YamlSequence):
        return
    met = {_server(address, port): f"`{draft.name}` itself"}
    for jump, place in marked_items(jumps):
        if not isinstance(jump, YamlMapping):
            continue
        server = _server(jump.get("address"), jump.get("port"))
        if server in met:
            wrong = f"a jump host of `{draft.name}` is {met[server]}"
            yield fault(
                "REF-42", wrong, "name each host on the way once, and the PBX's own not at all", place, draft.name
            )
        if server is not None:
            met.setdefault(server, "named twice")


def _server(address: object, port: object) -> tuple[str, int] | None:
    if not isinstance(address, str):
        return None
    return (address.lower(), port if isinstance(port, int) else _SSH_PORT)
