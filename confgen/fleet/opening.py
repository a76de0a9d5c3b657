"""The files and secrets that an inventory refers to, opened for whoever judges it; no PBX is asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from confgen.fleet.references import all_references, public_references
from confgen.load.reach import Reach
from confgen.model.finding import Finding, Severity
from confgen.model.secret import SecretReference, SecretSource
from confgen.model.words import listed
from confgen.policy.opened import Opened
from confgen.secrets.plain import is_absent, path_of
from confgen.secrets.resolution import Resolver

if TYPE_CHECKING:
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.secret import Secret

_MOST = 4  # references that are named
_ABSENT = "is not there"
_UNRESOLVED = "is not resolved"
_OUTSIDE = "lies outside of the inventory's folder or git repository"
_ON_HOST = "lies on the PBX's host"
_MENDS = {
    _ABSENT: "put it there to have it checked; `--with-secrets` demands it",
    _UNRESOLVED: "`confgen validate --with-secrets` looks at it",
    _OUTSIDE: "`confgen validate --with-secrets` looks at it, where the inventory is trusted",
    _ON_HOST: "`confgen plan` looks at it",
}
_OF_SECRETS = ("SEC-10", "SEC-11", "SEC-12", "SEC-13")
# Codes that come up only where something is opened: nobody can say of their waivers that none is needed.
_OF_CERTIFICATES = ("CERT-03", "CERT-05", "CERT-06", "CERT-07", "CERT-08", "CERT-09", "CERT-12")
_OF_CONTENTS = frozenset({*_OF_SECRETS, *_OF_CERTIFICATES, "CERT-04", "SEC-04"})
_OF_OPENING = _OF_CONTENTS | {"CERT-23", "SEC-09"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was opened, why the rest could not be, and notes of what was left alone; `unseen` are codes."""

    opened: Opened = field(default_factory=Opened)
    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Finding, ...] = ()
    unseen: frozenset[str] = _OF_OPENING


Opening = Callable[["Inventory"], Looked]


def look_nowhere(_inventory: Inventory) -> Looked:
    """Open nothing: whoever pushes looks at what concerns the PBXs that are pushed to, and later."""
    return Looked()


def look_at_files(inventory: Inventory) -> Looked:
    """Open certificates that lie in plain files within the inventory's reach, and resolve no secret."""
    folder = Path(inventory.folder)
    reach = Reach(folder)
    users = _users(inventory, public_references)
    left = {reference: why for reference in users if (why := _why_not(reference, folder, reach)) is not None}
    opened, findings = _opened(inventory, [reference for reference in users if reference not in left], users)
    unchecked = (*_without_secrets(inventory), *_not_looked_at(left, users))
    return Looked(
        opened=Opened(texts=opened),
        findings=findings,
        unchecked=unchecked,
        unseen=_OF_CONTENTS if left else frozenset({*_OF_SECRETS, "CERT-04", "SEC-04"}),
    )


def look_at_secrets(inventory: Inventory) -> Looked:
    """Resolve every reference but those to files of the PBXs' own hosts."""
    users = _users(inventory, all_references)
    left = {reference: _ON_HOST for reference in users if reference.source is SecretSource.ON_HOST}
    opened, findings = _opened(inventory, [reference for reference in users if reference not in left], users)
    return Looked(
        opened=Opened(texts=opened, has_secrets=True),
        findings=findings,
        unchecked=tuple(_not_looked_at(left, users)),
        unseen=_OF_CONTENTS if left or findings else frozenset(),
    )


_Users = Mapping[SecretReference, "Pbx"]  # the first PBX that has it


def _users(inventory: Inventory, references: Callable[[Pbx], Iterable[SecretReference]]) -> _Users:
    users: dict[SecretReference, Pbx] = {}
    for pbx in inventory.pbxs:
        for reference in references(pbx):
            users.setdefault(reference, pbx)
    return users


def _opened(
    inventory: Inventory, wanted: Collection[SecretReference], users: _Users
) -> tuple[Mapping[SecretReference, Secret], tuple[Finding, ...]]:
    public = frozenset(reference for pbx in inventory.pbxs for reference in public_references(pbx))
    resolved = Resolver().resolve(wanted, folder=Path(inventory.folder), public=public)
    found = (
        replace(finding, pbx=users[reference].name, place=finding.place or users[reference].place)
        for reference, finding in resolved.told.items()
    )
    return resolved.secrets, tuple(found)


def _why_not(reference: SecretReference, folder: Path, reach: Reach) -> str | None:
    """Why a certificate is not looked at without secrets; None where it is."""
    if reference.source is SecretSource.ON_HOST:
        return _ON_HOST
    if reference.source is not SecretSource.FILE:
        return _UNRESOLVED
    if not _is_within(reference.words[0], folder, reach):  # whoever wrote it must not learn whether it is there
        return _OUTSIDE
    return _ABSENT if is_absent(reference, folder) else None


def _is_within(written: str, folder: Path, reach: Reach) -> bool:
    below_folder = not written.startswith(("~/", "/"))
    try:
        return reach.holds(folder, written) if below_folder else reach.holds(path_of(written, folder))
    except (OSError, ValueError):  # no file can have this name
        return False


def _without_secrets(inventory: Inventory) -> Iterator[Finding]:
    if any(not public_references(pbx).issuperset(all_references(pbx)) for pbx in inventory.pbxs):
        yield Finding(
            code="SEC-09",
            message=f"no secret was resolved, so these were not looked for: {', '.join(_OF_SECRETS)}, and whether keys "
            "fit their certificates (CERT-04)",
            mend="`confgen validate --with-secrets`, where they can be had",
            severity=Severity.NOTE,
        )


def _not_looked_at(left: Mapping[SecretReference, str], users: _Users) -> Iterator[Finding]:
    """A note for each place and reason; one place may refer to a file for each of many PBXs."""
    grouped: dict[tuple[object, str], list[SecretReference]] = {}
    for reference, why in left.items():
        grouped.setdefault((reference.place or users[reference].place, why), []).append(reference)
    for (_, why), references in grouped.items():
        first, names = references[0], [str(reference) for reference in references]
        pbxs = {users[reference].name for reference in references}
        yield Finding(
            code="CERT-23",
            message=f"not checked: {listed(sorted(names), _MOST)} {why if len(names) == 1 else _PLURALS[why]}",
            mend=_MENDS[why],
            severity=Severity.NOTE,
            place=first.place or users[first].place,
            pbx=users[first].name if len(pbxs) == 1 else None,
        )


_PLURALS = {
    _ABSENT: "are not there",
    _UNRESOLVED: "are not resolved",
    _OUTSIDE: "lie outside of the inventory's folder or git repository",
    _ON_HOST: "lie on the PBXs' hosts",
}
