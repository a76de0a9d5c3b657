"""Where calls end: phones, ring groups and numbers outside that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.dialled import blocked, emergency_numbers, patterns_of_routes, ring_groups
from confgen.load.faults import fault, write_nearest
from confgen.load.ways import choice_faults, extension_faults
from confgen.load.yaml_tree import REFUSED, YamlMapping, place_of
from confgen.model.patterns import is_matched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confgen.load.drafts import PbxDraft
    from confgen.model.finding import Finding, Place

_DESTINATION = ("extension", "ring_group", "context", "outside")


def faults_of_destinations(draft: PbxDraft) -> Iterator[Finding]:
    """Destinations of DIDs, ring groups and forwards."""
    wrong_outside = _judge_of_outside(draft)
    known = draft.settings.get("ring_groups", {})
    for what, written, place in _destinations(draft):
        yield from _form_faults(draft, written, place, what)
        extension, ring_group, outside = (written.get(word) for word in ("extension", "ring_group", "outside"))
        if isinstance(extension, str):
            yield from extension_faults(draft, extension, place_of(written.value_mark("extension")))
        if isinstance(ring_group, str) and isinstance(known, dict) and ring_group not in known:
            mend = write_nearest(ring_group, known, f"add it to `ring_groups` of `{draft.name}`")
            wrong = f"`{draft.name}` has no ring group `{ring_group}`"
            yield fault("REF-22", wrong, mend, place_of(written.value_mark("ring_group")), draft.name)
        if isinstance(outside, str) and (fault_of_number := wrong_outside(outside)) is not None:
            yield fault("REF-28", *fault_of_number, place_of(written.value_mark("outside")), draft.name)


def _form_faults(draft: PbxDraft, written: YamlMapping, place: Place, what: str) -> Iterator[Finding]:
    if "number" in written and "context" not in written:
        wrong = f"{what} names `number` without the `context` that it is in"
        mend = "name the `context`; a phone is `extension`, a number outside is `outside`"
        yield fault("REF-20", wrong, mend, place_of(written.key_mark("number")), draft.name)
    else:
        yield from choice_faults(draft, written, place, _DESTINATION, what)


def _destinations(draft: PbxDraft) -> Iterator[tuple[str, YamlMapping, Place]]:
    """Every destination of this PBX, with words for what leads there."""
    for trunk in draft.provider_trunks:
        yield from _below(trunk.written.get("dids"), f"the DID {{}} of trunk `{trunk.name}`")
    for name, group in ring_groups(draft).items():
        if isinstance(otherwise := group.get("otherwise"), YamlMapping):
            yield f"`otherwise` of ring group `{name}`", otherwise, place_of(group.value_mark("otherwise"))
    for extension in draft.extensions:
        if isinstance(extension.written, YamlMapping) and "forward" in extension.written:
            yield from _below(extension.written["forward"], f"`{{}}` of extension {extension.key}")


def _below(written: object, words: str) -> Iterator[tuple[str, YamlMapping, Place]]:
    if isinstance(written, YamlMapping):
        for key, destination in written.items():
            if isinstance(destination, YamlMapping):
                yield words.format(key), destination, place_of(written.value_mark(key))


def _judge_of_outside(draft: PbxDraft) -> Callable[[str], tuple[str, str] | None]:
    """What tells of a number outside why no call gets there, and how to mend it."""
    emergency, refusing, taking = emergency_numbers(draft), blocked(draft), patterns_of_routes(draft)
    routes = draft.settings.get("routes")
    knows_routes = routes is not REFUSED and len(taking) == len(routes or ())

    def judge(number: str) -> tuple[str, str] | None:
        if number in emergency:
            return f"calls would be forwarded to the emergency number {number}", "name another destination"
        if any(is_matched(number, pattern.text) for pattern in refusing):
            mend = "name another destination, or narrow the pattern in `blocked`"
            return f"the number {number} is blocked at `{draft.name}`", mend
        if knows_routes and not any(is_matched(number, pattern.text) for pattern in taking):
            mend = "add it to `routes`, as a phone would dial it, or name a destination of this PBX"
            return f"no route of `{draft.name}` takes the number {number}", mend
        return None

    return judge
