"""Values that a PBX needs and that nobody wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.by_kind import gets_its_certificate
from confgen.load.settings import value_at
from confgen.load.wording import extension_at
from confgen.load.yaml_tree import YamlMapping
from confgen.model.finding import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import PbxDraft

_NEEDED: tuple[tuple[str, ...], ...] = (("product_version",), ("sip", "domain"))
_NEEDED_OF_CERTIFICATE = (("certificate", "chain"), ("certificate", "key"), ("certificate", "authority"))
_NEEDED_BY = {
    "probe": (("probe", "secret"), ("probe", "permit")),
    "api": (("api", "client"), ("api", "secret")),
}


def missing_values(draft: PbxDraft) -> Iterator[Finding]:
    """What must be added before this PBX can be built."""
    if not draft.is_complete:  # the value may stand in what has a finding already
        return
    settings = draft.settings
    needed = [*_NEEDED, *(() if gets_its_certificate(draft) else _NEEDED_OF_CERTIFICATE)]
    for section, keys_there in _NEEDED_BY.items():
        if isinstance(settings.get(section), YamlMapping):
            needed += keys_there
    for keys in needed:
        if value_at(settings, *keys) is None:
            mend = f"write it in `{draft.name}`, in a group that it names, or in `defaults`"
            yield _missing(draft, f"`{draft.name}` has no `{'.'.join(keys)}`", mend, draft.place)
    common = settings.get("extension_defaults", {})
    if draft.traits.makes_passwords or not isinstance(common, dict) or "secret" in common:
        return
    for extension in draft.extensions:
        written = extension.written
        if written is None or (isinstance(written, YamlMapping) and "secret" not in written):
            mend = "write it there, or for all in `extension_defaults`"
            what = extension_at(extension.place, extension.key)
            yield _missing(draft, f"{what} has no `secret`", mend, extension.place)


def _missing(draft: PbxDraft, message: str, mend: str, place: Place) -> Finding:
    return Finding(code="LOAD-13", message=message, mend=mend, place=place, pbx=draft.name)
