"""What the parts of an inventory say of each other."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from confgen.load.numbers import is_matched
from confgen.load.settings import place_at, usable_at, value_at
from confgen.load.wording import as_seen_from, nearest
from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, marked_items, place_of
from confgen.model.finding import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import Drafts, PbxDraft


def faults_of_references(drafts: Drafts, root: YamlMapping) -> Iterator[Finding]:
    """Names that lead nowhere, and values that do not go together."""
    yield from _trunk_faults(drafts)
    yield from _shared_faults(drafts)
    groups = root.get("groups")
    for draft in drafts.pbxs.values():
        yield from chain(
            _group_faults(draft, groups if isinstance(groups, YamlMapping) else YamlMapping()),
            _route_faults(draft, drafts),
            _echo_faults(draft),
            _name_faults(draft),
            _port_faults(draft),
            _level_faults(draft),
        )


def _found(code: str, message: str, mend: str, place: Place, pbx: str | None = None) -> Finding:
    return Finding(code=code, message=message, mend=mend, place=place, pbx=pbx)


def _write(name: str | None, otherwise: str) -> str:
    return f"write `{name}`" if name else otherwise


def _trunk_faults(drafts: Drafts) -> Iterator[Finding]:
    joined: dict[frozenset[str], Place] = {}
    for trunk in drafts.trunks.values():
        if trunk.ends is None:
            continue
        unknown = [(end, place) for end, place in marked_items(trunk.written["between"]) if end not in drafts.pbx_names]
        for end, place in unknown:
            mend = _write(nearest(end, drafts.pbx_names), "name two PBXs of `pbxs`")
            yield _found("REF-02", f"trunk `{trunk.name}` ends at `{end}`, which is no PBX here", mend, place)
        if unknown:
            continue
        between = frozenset(trunk.ends)
        if between in joined:
            wrong = f"the PBXs of trunk `{trunk.name}` are joined already, {as_seen_from(trunk.place, joined[between])}"
            yield _found("REF-12", wrong, "remove one of the two trunks", trunk.place)
            continue
        joined[between] = trunk.place
        offers = [_tls_versions(drafts.pbxs[end]) for end in trunk.ends if end in drafts.pbxs]
        if len(offers) == len(trunk.ends) and not set.intersection(*offers):
            wrong = f"the ends of trunk `{trunk.name}` have no TLS version in common"
            yield _found("REF-19", wrong, "give both one in `sip.tls_versions`", trunk.place)


def _tls_versions(draft: PbxDraft) -> set[str]:
    if value_at(draft.settings, "sip", "tls_versions") is REFUSED or not draft.is_complete:
        return {"1.2", "1.3"}
    return set(usable_at(draft.settings, "sip", "tls_versions"))


def _shared_faults(drafts: Drafts) -> Iterator[Finding]:
    hosts: dict[tuple[str, int], PbxDraft] = {}
    domains: dict[str, PbxDraft] = {}
    for draft in drafts.pbxs.values():
        address, domain = value_at(draft.settings, "address"), value_at(draft.settings, "sip", "domain")
        port = value_at(draft.settings, "ssh", "port") or 22
        if isinstance(address, str) and isinstance(port, int):
            other = hosts.setdefault((address.lower(), port), draft)
            if other is not draft:
                place = place_at(draft.settings, "address") or draft.place
                where = as_seen_from(place, other.place)
                wrong = f"`{draft.name}` has the address and SSH port of `{other.name}` {where}"
                yield _found("REF-10", wrong, "give each PBX a host of its own", place, draft.name)
        if isinstance(domain, str):
            other = domains.setdefault(domain.lower(), draft)
            if other is not draft:
                place = place_at(draft.settings, "sip", "domain") or draft.place
                where = as_seen_from(place, other.place)
                wrong = f"`{draft.name}` has the SIP domain of `{other.name}` {where}"
                yield _found("REF-11", wrong, "give each PBX a domain of its own", place, draft.name)


def _group_faults(draft: PbxDraft, groups: YamlMapping) -> Iterator[Finding]:
    written = draft.settings.get("groups")
    if not isinstance(written, YamlSequence):
        return
    for group, place in marked_items(written):
        if isinstance(group, str) and group not in groups:
            mend = _write(nearest(group, groups), f"add it to `groups`, or take it out of `{draft.name}`")
            yield _found("REF-01", f"there is no group `{group}`", mend, place, draft.name)


def _route_faults(draft: PbxDraft, drafts: Drafts) -> Iterator[Finding]:
    ending_here = {trunk.name for trunk in (*draft.trunks, *draft.provider_trunks)}
    patterns: dict[str, Place] = {}
    for route in _routes(draft):
        trunk, pattern = route.get("trunk"), route.get("numbers")
        if isinstance(trunk, str) and trunk not in ending_here and not _may_end_anywhere(trunk, drafts):
            wrong = f"there is no trunk `{trunk}`"
            if trunk in drafts.trunks:
                wrong = f"trunk `{trunk}` does not end at `{draft.name}`"
            mend = _write(nearest(trunk, ending_here), f"add a trunk between `{draft.name}` and the peer to `trunks`")
            yield _found("REF-03", wrong, mend, place_of(route.value_mark("trunk")), draft.name)
        if isinstance(pattern, str):
            place = place_of(route.value_mark("numbers"))
            if pattern in patterns:
                wrong = f"the numbers {pattern} have a route already, {as_seen_from(place, patterns[pattern])}"
                yield _found("REF-14", wrong, "remove one of the two routes", place, draft.name)
            patterns.setdefault(pattern, place)


def _may_end_anywhere(trunk: str, drafts: Drafts) -> bool:
    return trunk in drafts.trunks and drafts.trunks[trunk].ends is None


def _routes(draft: PbxDraft) -> list[YamlMapping]:
    routes = draft.settings.get("routes")
    return [route for route in routes if isinstance(route, YamlMapping)] if isinstance(routes, YamlSequence) else []


def _echo_faults(draft: PbxDraft) -> Iterator[Finding]:
    echo = value_at(draft.settings, "echo_number")
    if not isinstance(echo, str):
        return
    place = place_at(draft.settings, "echo_number") or draft.place
    mend = "choose an echo number that nothing else has"
    if (extension := draft.numbers.get(echo)) is not None:
        wrong = f"the echo number {echo} of `{draft.name}` is an extension too, {as_seen_from(place, extension.place)}"
        yield _found("REF-13", wrong, mend, place, draft.name)
    for route in _routes(draft):
        pattern = route.get("numbers")
        if isinstance(pattern, str) and is_matched(echo, pattern):
            where = as_seen_from(place, place_of(route.value_mark("numbers")))
            wrong = f"the echo number {echo} of `{draft.name}` is among the numbers {pattern} of a route, {where}"
            yield _found("REF-13", wrong, mend, place, draft.name)


def _name_faults(draft: PbxDraft) -> Iterator[Finding]:
    if not isinstance(draft.settings.get("probe"), YamlMapping):
        return
    name = usable_at(draft.settings, "probe", "name")
    for trunk in draft.trunks:
        if trunk.name == name:
            place = place_at(draft.settings, "probe", "name") or draft.place
            wrong = f"the probe of `{draft.name}` has the name of a trunk, `{name}` {as_seen_from(place, trunk.place)}"
            yield _found("REF-06", wrong, "give one of the two another name", place, draft.name)


def _port_faults(draft: PbxDraft) -> Iterator[Finding]:
    settings = draft.settings
    if REFUSED in (value_at(settings, "sip", "port"), value_at(settings, "rtp", "ports")):
        return
    port, ports = usable_at(settings, "sip", "port"), usable_at(settings, "rtp", "ports")
    first, last = map(int, ports.split("-"))
    if first <= port <= last:
        place = place_at(settings, "rtp", "ports") or place_at(settings, "sip", "port") or draft.place
        wrong = f"the RTP ports {ports} meet the SIP port {port}"
        yield _found("REF-08", wrong, "keep the two apart", place, draft.name)


def _level_faults(draft: PbxDraft) -> Iterator[Finding]:
    settings = draft.settings
    if not draft.is_complete or value_at(settings, "verify", "levels") is REFUSED:
        return
    lacking = [key for key in ("probe", "echo_number") if value_at(settings, key) is None]
    if lacking and "downgrade" in usable_at(settings, "verify", "levels"):
        nothing = " and no ".join(f"`{key}`" for key in lacking)
        wrong = f"`{draft.name}` has no {nothing}, which the level downgrade needs"
        mend = "give it one, or declare the level away: `verify: {levels: [state, tls, clear]}`"
        yield _found("REF-16", wrong, mend, place_at(settings, "verify", "levels") or draft.place, draft.name)
