"""Emergency numbers that are half written or mean something else, and lists that would refuse what must get through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.dialled import blocked, emergency_numbers, owners, patterns_of_routes, ring_groups
from confgen.load.faults import fault
from confgen.load.settings import place_at
from confgen.load.tables import is_table
from confgen.load.ways import WAY, choice_faults, way_faults
from confgen.load.wording import as_seen_from
from confgen.load.yaml_tree import YamlMapping, YamlSequence, marked_items, place_of
from confgen.model.patterns import is_matched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import Drafts, PbxDraft
    from confgen.model.finding import Finding


def faults_of_emergency(draft: PbxDraft, drafts: Drafts) -> Iterator[Finding]:
    """What keeps emergency calls from their way; that a route takes their numbers too does not, they come first."""
    written = draft.settings.get("emergency")
    if isinstance(written, YamlMapping):
        yield from _waiver_faults(draft, written)
        yield from _via_faults(draft, drafts, written)
        yield from _number_faults(draft)


def _waiver_faults(draft: PbxDraft, written: YamlMapping) -> Iterator[Finding]:
    if "waived" in written:
        for key in ("numbers", "via", "caller_id"):
            if key in written:
                wrong = f"emergency calls of `{draft.name}` are waived, and have `{key}`"
                mend = "remove `waived`, or all beside it"
                yield fault("REF-29", wrong, mend, place_of(written.key_mark(key)), draft.name)
    elif lacking := [key for key in ("numbers", "via") if key not in written]:
        wrong = f"the emergency calls of `{draft.name}` have no {' and no '.join(f'`{key}`' for key in lacking)}"
        place = place_at(draft.settings, "emergency") or draft.place
        yield fault("REF-29", wrong, "write both `numbers` and `via`", place, draft.name)


def _via_faults(draft: PbxDraft, drafts: Drafts, written: YamlMapping) -> Iterator[Finding]:
    via = written.get("via")
    if isinstance(via, YamlSequence):
        for way, place in marked_items(via):
            if isinstance(way, YamlMapping):
                yield from choice_faults(draft, way, place, WAY, "the way of emergency calls")
                yield from way_faults(draft, drafts, way)


def _number_faults(draft: PbxDraft) -> Iterator[Finding]:
    groups = {
        number: place_of(group.value_mark("number"))
        for group in ring_groups(draft).values()
        if isinstance(number := group.get("number"), str)
    }
    for number in emergency_numbers(draft).values():
        for what, other in owners(draft, number.text, groups):
            where = as_seen_from(number.place, other)
            wrong = f"the emergency number {number.text} of `{draft.name}` is {what} too, {where}"
            yield fault("REF-25", wrong, "give that another number", number.place, draft.name)


def faults_of_blocked(draft: PbxDraft) -> Iterator[Finding]:
    """Blocked patterns that take what must stay within reach."""
    routes = {route.text: route.place for route in patterns_of_routes(draft)}
    for refused in blocked(draft):
        for number in emergency_numbers(draft):
            if is_matched(number, refused.text):
                wrong = f"the pattern {refused.text} in `blocked` takes the emergency number {number} of `{draft.name}`"
                mend = "narrow the pattern: no list may refuse an emergency call"
                yield fault("REF-26", wrong, mend, refused.place, draft.name)
        if refused.text in routes:
            where = as_seen_from(refused.place, routes[refused.text])
            wrong = f"the pattern {refused.text} in `blocked` has the numbers of a route, {where}"
            yield fault("REF-26", wrong, "remove the one that is not meant", refused.place, draft.name)
        inside = next((number for number in draft.numbers if is_matched(number, refused.text)), None)
        if inside is not None:
            which = "an extension" if is_table(draft.numbers[inside].place.file) else f"the extension {inside}"
            wrong = f"the pattern {refused.text} in `blocked` takes {which} of `{draft.name}`"
            yield fault("REF-26", wrong, "narrow the pattern", refused.place, draft.name)
