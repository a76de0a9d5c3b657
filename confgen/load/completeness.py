"""Values that a PBX needs and that nobody wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.settings import value_at
from confgen.load.yaml_tree import YamlMapping
from confgen.model.finding import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import PbxDraft

_NEEDED = (
    ("product_version",),
    ("sip", "domain"),
    ("certificate", "chain"),
    ("certificate", "key"),
    ("certificate", "authority"),
)
_NEEDED_BY_PROBE = (("probe", "secret"), ("probe", "permit"))


def missing_values(draft: PbxDraft) -> Iterator[Finding]:
    """What must be added before this PBX can be built."""
    if not draft.is_complete:  # the value may stand in what has a finding already
        return
    settings = draft.settings
    needed = _NEEDED + (_NEEDED_BY_PROBE if isinstance(settings.get("probe"), YamlMapping) else ())
    for keys in needed:
        if value_at(settings, *keys) is None:
            mend = f"write it in `{draft.name}`, in a group that it names, or in `defaults`"
            yield _missing(draft, f"`{draft.name}` has no `{'.'.join(keys)}`", mend, draft.place)
    common = settings.get("extension_defaults", {})
    if not isinstance(common, dict) or "secret" in common:
        return
    for extension in draft.extensions:
        written = extension.written
        if written is None or (isinstance(written, YamlMapping) and "secret" not in written):
            mend = "write it there, or for all in `extension_defaults`"
            yield _missing(draft, f"extension {extension.key} has no `secret`", mend, extension.place)


def _missing(draft: PbxDraft, message: str, mend: str, place: Place) -> Finding:
    return Finding(code="LOAD-13", message=message, mend=mend, place=place, pbx=draft.name)
