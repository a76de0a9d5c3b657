"""Trunks to providers that end nowhere, or whose calls cannot be told apart."""

from __future__ import annotations

from ipaddress import ip_network
from itertools import combinations
from typing import TYPE_CHECKING

from confgen.load.dialled import blocked, emergency_numbers, routes
from confgen.load.faults import fault, write_nearest
from confgen.load.settings import is_reference, managed_parts, value_at
from confgen.load.wording import as_seen_from
from confgen.load.yaml_tree import YamlMapping, YamlSequence, marked_items, place_of
from confgen.model.emergency import emergency_fault
from confgen.model.inventory import Part
from confgen.model.patterns import is_matched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Network, IPv6Network

    from confgen.load.drafts import Drafts, PbxDraft, ProviderTrunkDraft
    from confgen.model.finding import Finding, Place


def faults_of_provider_trunks(drafts: Drafts) -> Iterator[Finding]:
    """What each trunk to a provider lacks by itself."""
    for trunk in drafts.provider_trunks.values():
        yield from _end_faults(trunk, drafts)
        yield from _incoming_faults(trunk)
        yield from _authority_faults(trunk, drafts)
        yield from _test_number_faults(trunk, drafts)


def _authority_faults(trunk: ProviderTrunkDraft, drafts: Drafts) -> Iterator[Finding]:
    """Where certificates are not managed, nothing puts a provider's authority on the host either."""
    pbx, provider = drafts.pbxs.get(trunk.pbx or ""), drafts.providers.get(trunk.provider or "")
    if pbx is None or provider is None or Part.CERTIFICATES in (managed_parts(pbx.settings) or Part):
        return
    authority = value_at(provider.written, "authority")
    if is_reference(authority) and "on_host" not in authority:
        wrong = (
            f"the `authority` of `{provider.name}` would be put on the host of `{pbx.name}`, whose certificates are "
            f"not managed"
        )
        mend = "write {on_host: PATH} with the path there, or add `certificates` to `manage`"
        yield fault("REF-35", wrong, mend, place_of(provider.written.value_mark("authority")), pbx.name)


def faults_between_provider_trunks(draft: PbxDraft) -> Iterator[Finding]:
    """What the trunks of one PBX take from each other."""
    for one, other in combinations(draft.provider_trunks, 2):
        for network, place in _networks(other):
            for same, there in _networks(one):
                if network.version == same.version and network.overlaps(same):
                    wrong = (
                        f"calls from {network} come in by trunk `{other.name}` and by trunk `{one.name}`, "
                        f"{as_seen_from(place, there)}"
                    )
                    mend = "give each network to one trunk; a trunk that registers needs no addresses"
                    yield fault("REF-45", wrong, mend, place, draft.name)
        dids, others = (value_at(trunk.written, "dids") for trunk in (other, one))
        if isinstance(dids, YamlMapping) and isinstance(others, YamlMapping):
            for number in dids:
                if number in others and dids[number] != others[number]:
                    place, there = place_of(dids.key_mark(number)), place_of(others.key_mark(number))
                    wrong = (
                        f"the number {number} leads to two places: by trunk `{other.name}`, and by trunk "
                        f"`{one.name}` {as_seen_from(place, there)}"
                    )
                    yield fault("REF-45", wrong, "let it lead to one, whichever way it comes in", place, draft.name)


def _end_faults(trunk: ProviderTrunkDraft, drafts: Drafts) -> Iterator[Finding]:
    if trunk.pbx is not None and trunk.pbx not in drafts.pbx_names and "pbxs" not in drafts.refused:
        mend = write_nearest(trunk.pbx, drafts.pbx_names, "name a PBX of `pbxs`")
        wrong = f"trunk `{trunk.name}` ends at `{trunk.pbx}`, which is no PBX here"
        yield fault("REF-02", wrong, mend, place_of(trunk.written.value_mark("pbx")))
    if trunk.provider is not None and trunk.provider not in drafts.providers and "providers" not in drafts.refused:
        mend = write_nearest(trunk.provider, drafts.providers, "add it to `providers`")
        wrong = f"there is no provider `{trunk.provider}`"
        yield fault("REF-23", wrong, mend, place_of(trunk.written.value_mark("provider")), trunk.pbx)


def _incoming_faults(trunk: ProviderTrunkDraft) -> Iterator[Finding]:
    written = trunk.written
    if "account" not in written and "addresses" not in written:
        wrong = f"trunk `{trunk.name}` has neither an account nor addresses, by which the two would know each other"
        mend = "write `account` if you log in, `addresses` if the provider knows you by yours"
        yield fault("REF-24", wrong, mend, trunk.place, trunk.pbx)
    elif "addresses" not in written and "dids" in written and value_at(written, "account", "register") is False:
        wrong = f"no call can come in by trunk `{trunk.name}`: it does not register, and has no addresses"
        mend = "write the `addresses` that the provider calls from, or let it register"
        yield fault("REF-24", wrong, mend, place_of(written.key_mark("dids")), trunk.pbx)


def _test_number_faults(trunk: ProviderTrunkDraft, drafts: Drafts) -> Iterator[Finding]:
    """A number that is called by every verify must be nobody's whom no one may call without need."""
    number, pbx = trunk.written.get("test_number"), drafts.pbxs.get(trunk.pbx or "")
    if pbx is None or not isinstance(number, str):
        return
    dialled = {number.removeprefix("+"), *(route for route in _dialled(pbx, trunk.name, number))}
    mend = "name an echo, an announcement or a telephone of your own"
    place = place_of(trunk.written.value_mark("test_number"))
    if (wrong := emergency_fault(number, dialled, emergency_numbers(pbx))) is not None:
        yield fault("CALL-08", f"the test number {number} may ring a control room: {wrong}", mend, place, pbx.name)
    refusing = (refused for refused in blocked(pbx) for one in dialled if is_matched(one, refused.text))
    if (refused := next(refusing, None)) is not None:
        wrong = f"the test number {number} is refused to the phones: {refused.text} is in `blocked` of `{pbx.name}`"
        yield fault("CALL-08", wrong, mend, place, pbx.name)


def _dialled(pbx: PbxDraft, trunk: str, number: str) -> Iterator[str]:
    """What a phone would dial for the number to go out by the trunk, as far as its routes tell."""
    for route, _ in routes(pbx):
        pattern, strip, prepend = route.get("numbers"), route.get("strip", 0), route.get("prepend", "")
        if route.get("trunk") != trunk or not (isinstance(pattern, str) and isinstance(strip, int)):
            continue
        stripped = pattern[:strip]
        if stripped.isdigit() or not stripped:
            for said in dict.fromkeys((number, number.removeprefix("+"))):
                yield stripped + said.removeprefix(prepend if isinstance(prepend, str) else "")


def _networks(trunk: ProviderTrunkDraft) -> Iterator[tuple[IPv4Network | IPv6Network, Place]]:
    addresses = trunk.written.get("addresses")
    if isinstance(addresses, YamlSequence):
        for text, place in marked_items(addresses):
            try:
                yield ip_network(text), place
            except ValueError:  # it has a finding of its own
                continue
