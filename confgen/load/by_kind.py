"""What stands where nothing is said depends on what a kind of PBX can be told."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from confgen.load.kinds import knows, schema_of
from confgen.load.settings import given_at, usable_at, value_at
from confgen.model.check import Level
from confgen.model.inventory import TlsVersion

if TYPE_CHECKING:
    from confgen.load.drafts import PbxDraft


def tls_versions(draft: PbxDraft) -> frozenset[TlsVersion]:
    """Those that it accepts; any of those that are good, where it cannot be told."""
    if not knows(draft.kind, "sip", "tls_versions"):
        return frozenset(TlsVersion)
    return _versions(tuple(usable_at(draft.settings, "sip", "tls_versions")))


def levels(draft: PbxDraft) -> frozenset[Level]:
    """What must be proven: where nothing is said, all that its kind can be asked to prove."""
    known = schema_of(draft.kind)["properties"]["verify"]["properties"]["levels"]["items"]["enum"]
    return _levels(tuple(given_at(draft.settings, "verify", "levels") or known))


def gets_its_certificate(draft: PbxDraft) -> bool:
    """Whether the PBX gets its certificate by itself: so it may, and nobody gives it one."""
    if not draft.traits.gets_certificates:
        return False
    written = value_at(draft.settings, "certificate")
    is_given = isinstance(written, dict) and ("chain" in written or "key" in written)
    return not is_given or value_at(written, "automatic") is True


@cache  # thousands of PBXs share these sets, each of them of the size of a whole extension
def _versions(names: tuple[str, ...]) -> frozenset[TlsVersion]:
    return frozenset(map(TlsVersion, names))


@cache
def _levels(names: tuple[str, ...]) -> frozenset[Level]:
    return frozenset(map(Level, names))
