"""What the parts of an inventory say of each other."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from confgen.load.access import faults_of_access
from confgen.load.by_kind import tls_versions
from confgen.load.calls import faults_of_calls
from confgen.load.faults import doubt, fault, write_nearest
from confgen.load.kinds import knows
from confgen.load.migration import faults_of_migration
from confgen.load.parts import faults_of_parts
from confgen.load.provider_references import faults_between_provider_trunks, faults_of_provider_trunks
from confgen.load.services import faults_of_services
from confgen.load.settings import place_at, usable_at, value_at
from confgen.load.tables import is_table
from confgen.load.wording import as_seen_from
from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, marked_items
from confgen.model.inventory import TlsVersion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confgen.load.drafts import Drafts, PbxDraft, TrunkDraft
    from confgen.model.finding import Finding, Place


def faults_of_references(drafts: Drafts, root: YamlMapping) -> Iterator[Finding]:
    """Names that lead nowhere, and values that do not go together."""
    yield from _trunk_faults(drafts)
    yield from faults_of_provider_trunks(drafts)
    yield from _shared_faults(drafts)
    groups = root.get("groups")
    for draft in drafts.pbxs.values():
        yield from chain(
            _group_faults(draft, groups if isinstance(groups, YamlMapping) else YamlMapping()),
            faults_of_access(draft),
            faults_of_parts(draft, drafts),
            faults_of_services(draft, drafts),
            faults_between_provider_trunks(draft),
            faults_of_calls(draft, drafts),
            faults_of_migration(draft),
            _level_faults(draft),
        )


def _trunk_faults(drafts: Drafts) -> Iterator[Finding]:
    joined: dict[frozenset[str], Place] = {}
    for trunk in drafts.trunks.values():
        if trunk.ends is None:
            continue
        unknown = [(end, place) for end, place in marked_items(trunk.written["between"]) if end not in drafts.pbx_names]
        for end, place in unknown:
            mend = write_nearest(end, drafts.pbx_names, "name two PBXs of `pbxs`")
            yield fault("REF-02", f"trunk `{trunk.name}` ends at `{end}`, which is no PBX here", mend, place)
        if unknown:
            continue
        between = frozenset(trunk.ends)
        if between in joined:
            wrong = f"the PBXs of trunk `{trunk.name}` are joined already, {as_seen_from(trunk.place, joined[between])}"
            yield fault("REF-12", wrong, "remove one of the two trunks", trunk.place)
            continue
        joined[between] = trunk.place
        ends = [drafts.pbxs[end] for end in trunk.ends if end in drafts.pbxs]
        if len(ends) == len(trunk.ends):
            yield from _peering_faults(trunk, ends)
        offers = [_tls_versions(end) for end in ends]
        if len(offers) == len(trunk.ends) and not set.intersection(*offers):
            wrong = f"the ends of trunk `{trunk.name}` have no TLS version in common"
            yield fault("REF-19", wrong, "give both one in `sip.tls_versions`", trunk.place)
        elif len(ends) == len(trunk.ends):
            yield from _version_doubts(trunk, ends)


def _peering_faults(trunk: TrunkDraft, ends: Sequence[PbxDraft]) -> Iterator[Finding]:
    """Ends that cannot come together, whatever is written."""
    if all(end.traits.registers_with_peers for end in ends):
        wrong = f"both ends of trunk `{trunk.name}` only register, and neither takes the other's registration"
        mend = "join each of them to an Asterisk of this inventory, or bridge the two in their own consoles"
        yield fault("REF-46", wrong, mend, trunk.place)
    for registering, other in (ends, ends[::-1]):
        both = sorted(registering.numbers.keys() & other.numbers.keys(), key=lambda number: (len(number), number))
        if both and registering.traits.registers_with_peers:
            which = "this" if any(is_table(end.numbers[both[0]].place.file) for end in ends) else both[0]
            wrong = (
                f"{which} is an extension of `{registering.name}` and of `{other.name}`, with which it registers: "
                f"its calls by trunk `{trunk.name}` come as those of the phone there, and may be refused"
            )
            mend = f"give the extensions of `{registering.name}` other numbers ({len(both)} in common)"
            yield doubt("REF-48", wrong, mend, registering.numbers[both[0]].place, registering.name)
    for asking, asked in (ends, ends[::-1]):
        is_asked = usable_at(asking.settings, "certificate", "client_certificates") == "required"
        if is_asked and not asked.traits.shows_certificates:
            wrong = f"`{asking.name}` asks its peers for a certificate, and `{asked.name}` can show none"
            mend = f"write client_certificates: not-requested in `{asking.name}`: the two know each other by digest"
            yield fault("REF-47", wrong, mend, trunk.place, asking.name)


def _version_doubts(trunk: TrunkDraft, ends: Sequence[PbxDraft]) -> Iterator[Finding]:
    """An end that takes the newest version only, where nobody knows whether the other speaks it."""
    for strict, other in (ends, ends[::-1]):
        if _tls_versions(strict) == {TlsVersion.TLS_1_3} and not knows(other.kind, "sip", "tls_versions"):
            wrong = f"`{strict.name}` takes TLS 1.3 only, and nobody has said which versions `{other.name}` speaks"
            mend = f'give `{strict.name}` tls_versions: ["1.2", "1.3"], until the trunk is seen to register with 1.3'
            yield doubt("REF-19", wrong, mend, trunk.place, strict.name)


def _tls_versions(draft: PbxDraft) -> set[TlsVersion]:
    if value_at(draft.settings, "sip", "tls_versions") is REFUSED or not draft.is_complete:
        return set(TlsVersion)
    return set(tls_versions(draft))


def _shared_faults(drafts: Drafts) -> Iterator[Finding]:
    hosts: dict[tuple[object, ...], PbxDraft] = {}
    domains: dict[str, PbxDraft] = {}
    for draft in drafts.pbxs.values():
        address, domain = value_at(draft.settings, "address"), value_at(draft.settings, "sip", "domain")
        port = value_at(draft.settings, "ssh", "port") or 22
        if isinstance(address, str) and isinstance(port, int):
            # Behind different jump hosts one private address is two hosts.
            other = hosts.setdefault((*_jump_addresses(draft), address.lower(), port), draft)
            if other is not draft:
                place = place_at(draft.settings, "address") or draft.place
                where = as_seen_from(place, other.place)
                wrong = f"`{draft.name}` has the address and SSH port of `{other.name}` {where}"
                yield fault("REF-10", wrong, "give each PBX a host of its own", place, draft.name)
        if isinstance(domain, str):
            other = domains.setdefault(domain.lower(), draft)
            if other is not draft:
                place = place_at(draft.settings, "sip", "domain") or draft.place
                where = as_seen_from(place, other.place)
                wrong = f"`{draft.name}` has the SIP domain of `{other.name}` {where}"
                yield fault("REF-11", wrong, "give each PBX a domain of its own", place, draft.name)


def _jump_addresses(draft: PbxDraft) -> list[str]:
    jumps = value_at(draft.settings, "ssh", "jump_hosts")
    addresses = [value_at(jump, "address") for jump in jumps] if isinstance(jumps, YamlSequence) else []
    return [address.lower() for address in addresses if isinstance(address, str)]


def _group_faults(draft: PbxDraft, groups: YamlMapping) -> Iterator[Finding]:
    written = draft.settings.get("groups")
    if not isinstance(written, YamlSequence):
        return
    for group, place in marked_items(written):
        if isinstance(group, str) and group not in groups:
            mend = write_nearest(group, groups, f"add it to `groups`, or take it out of `{draft.name}`")
            yield fault("REF-01", f"there is no group `{group}`", mend, place, draft.name)


def _level_faults(draft: PbxDraft) -> Iterator[Finding]:
    settings = draft.settings
    if not draft.is_complete or value_at(settings, "verify", "levels") is REFUSED or not knows(draft.kind, "probe"):
        return
    lacking = [key for key in ("probe", "echo_number") if value_at(settings, key) is None]
    levels = [level for level in ("downgrade", "call") if level in usable_at(settings, "verify", "levels")]
    if lacking and levels:
        nothing = " and no ".join(f"`{key}`" for key in lacking)
        needing = f"the level {levels[0]} needs" if len(levels) == 1 else f"the levels {' and '.join(levels)} need"
        wrong = f"`{draft.name}` has no {nothing}, which {needing}"
        mend = "give it one, or declare what needs it away: `verify: {levels: [state, tls, clear]}`"
        yield fault("REF-16", wrong, mend, place_at(settings, "verify", "levels") or draft.place, draft.name)
