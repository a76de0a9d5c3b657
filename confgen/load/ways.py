"""One way or destination as it is written: that it is one, and that it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.faults import fault, write_nearest
from confgen.load.tables import is_table
from confgen.load.yaml_tree import YamlMapping, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import Drafts, PbxDraft
    from confgen.model.finding import Finding, Place

WAY = ("trunk", "channel")


def choice_faults(
    draft: PbxDraft, written: YamlMapping, place: Place, words: tuple[str, ...], what: str
) -> Iterator[Finding]:
    given = [word for word in words if word in written]
    if len(given) == 1:
        return
    if given:
        wrong = f"{what} names {' and '.join(f'`{word}`' for word in given)}"
        yield fault("REF-20", wrong, "keep one of them", place_of(written.key_mark(given[1])), draft.name)
    else:
        wrong = f"{what} leads nowhere"
        yield fault("REF-20", wrong, f"name one of {', '.join(f'`{word}`' for word in words)}", place, draft.name)


def way_faults(draft: PbxDraft, drafts: Drafts, written: YamlMapping) -> Iterator[Finding]:
    trunk, channel = (written.get(word) for word in WAY)
    ending_here = [trunk.name for trunk in draft.all_trunks]
    if isinstance(trunk, str) and trunk not in ending_here and not drafts.may_end_anywhere(trunk):
        ends_elsewhere = trunk in drafts.trunks or trunk in drafts.provider_trunks
        wrong = f"trunk `{trunk}` does not end at `{draft.name}`" if ends_elsewhere else f"there is no trunk `{trunk}`"
        mend = write_nearest(trunk, ending_here, f"add a trunk that ends at `{draft.name}` to `trunks`")
        yield fault("REF-03", wrong, mend, place_of(written.value_mark("trunk")), draft.name)
    channels = draft.settings.get("channels", {})
    if isinstance(channel, str) and isinstance(channels, dict) and channel not in channels:
        wrong = f"`{draft.name}` has no channel `{channel}`"
        mend = write_nearest(channel, channels, f"add it to `channels` of `{draft.name}`")
        yield fault("REF-21", wrong, mend, place_of(written.value_mark("channel")), draft.name)


def extension_faults(draft: PbxDraft, number: str, place: Place) -> Iterator[Finding]:
    if number not in draft.numbers and draft.has_all_numbers:
        written_out = [known for known, extension in draft.numbers.items() if not is_table(extension.place.file)]
        mend = write_nearest(number, written_out, f"add it to `extensions` of `{draft.name}`")
        yield fault("REF-22", f"`{draft.name}` has no extension {number}", mend, place, draft.name)
