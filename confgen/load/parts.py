"""What does not go together with the parts of a PBX that confgen manages."""

from __future__ import annotations

import posixpath
from itertools import chain
from typing import TYPE_CHECKING

from confgen.load.faults import fault
from confgen.load.kinds import knows
from confgen.load.settings import is_reference, managed_parts, place_at, usable_at, value_at
from confgen.load.wording import extension_at
from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, marked_items, place_of
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.load.drafts import Drafts, PbxDraft
    from confgen.model.finding import Finding, Place

# What only has an effect through a file of this part.
_OF_PBX = {
    Part.DIALPLAN: ("routes", "ring_groups", "channels", "blocked", "emergency"),
    Part.MANAGEMENT: ("ami", "http"),
    Part.MODULES: ("modules",),
}
_OF_EXTENSION = ("forward", "outside_number", "ring_seconds")  # of the part dialplan, as the next ones
_OF_PROVIDER_TRUNK = ("dids", "caller_id", "max_calls")

# The names below the configuration folder that each part takes.
MANAGED_FILES = {
    Part.SIP: ("pjsip.conf", "pjproject.conf", "sip.conf", "iax.conf", "pjsip_wizard.conf", "users.conf"),
    Part.MEDIA: ("rtp.conf", "udptl.conf"),
    Part.DIALPLAN: (
        *("extensions.conf", "features.conf", "indications.conf", "ccss.conf"),
        *("extensions.ael", "extensions.lua"),
    ),
    Part.MODULES: ("modules.conf", "stasis.conf"),
    Part.MANAGEMENT: ("manager.conf", "http.conf", "logger.conf", "cdr.conf", "cel.conf", "acl.conf"),
    Part.CERTIFICATES: (),
}
_PART_OF_INCLUDE = {"pjsip.conf": Part.SIP, "extensions.conf": Part.DIALPLAN}
_CONFIGURATION = "/etc/asterisk"  # unless the inventory says another folder
_STATE = "/etc/confgen"

_LEVELS_WITH_CERTIFICATE = ("tls", "downgrade", "call")


def faults_of_parts(draft: PbxDraft, drafts: Drafts) -> Iterator[Finding]:
    """What is written for a part that is not managed, or lacks because it is not."""
    parts = managed_parts(draft.settings)
    if parts is None or not draft.is_complete or not knows(draft.kind, "manage"):
        return
    yield from chain(
        _manage_faults(draft, parts),
        _unmanaged_faults(draft, parts),
        _context_faults(draft, drafts, parts),
        _certificate_faults(draft, parts),
        _include_faults(draft, parts),
    )


def _manage_faults(draft: PbxDraft, parts: frozenset[Part]) -> Iterator[Finding]:
    if Part.SIP not in parts:
        wrong = f"`{draft.name}` does not manage `sip`, without which there is nothing to encrypt and nothing to prove"
        yield fault("REF-33", wrong, "add `sip` to `manage`", _place(draft, "manage"), draft.name)


def _unmanaged_faults(draft: PbxDraft, parts: frozenset[Part]) -> Iterator[Finding]:
    settings = draft.settings
    for part, keys in _OF_PBX.items():
        if part not in parts:
            for key in keys:
                if _is_said(settings, key) and not _is_waiver(settings[key]):
                    yield _without_effect(draft, key, part, place_of(settings.key_mark(key)))
    if Part.DIALPLAN in parts:
        return
    for written in (settings.get("extension_defaults"), *(extension.written for extension in draft.extensions)):
        yield from _words_of_dialplan(draft, written, _OF_EXTENSION)
    for trunk in draft.provider_trunks:
        yield from _words_of_dialplan(draft, trunk.written, _OF_PROVIDER_TRUNK)


def _words_of_dialplan(draft: PbxDraft, written: object, keys: tuple[str, ...]) -> Iterator[Finding]:
    if isinstance(written, YamlMapping):
        for key in keys:
            if _is_said(written, key):
                yield _without_effect(draft, key, Part.DIALPLAN, place_of(written.key_mark(key)))


def _is_said(mapping: YamlMapping, key: str) -> bool:
    """Whether something stands there that has no finding yet; an empty list or mapping says nothing."""
    value = mapping.get(key)
    return value is not REFUSED and value not in (None, [], {})


def _is_waiver(value: object) -> bool:
    """Whether this says of a dialplan of one's own that no emergency call goes through it."""
    return isinstance(value, YamlMapping) and list(value) == ["waived"]


def _without_effect(draft: PbxDraft, key: str, part: Part, place: Place) -> Finding:
    wrong = f"`{key}` has no effect: `{part.value}` is not in `manage` of `{draft.name}`"
    return fault("REF-32", wrong, f"remove it, or add `{part.value}` to `manage`", place, draft.name)


def _context_faults(draft: PbxDraft, drafts: Drafts, parts: frozenset[Part]) -> Iterator[Finding]:
    if Part.DIALPLAN in parts:
        yield from _needless_contexts(draft, drafts)
    else:
        yield from _missing_contexts(draft)


def _needless_contexts(draft: PbxDraft, drafts: Drafts) -> Iterator[Finding]:
    of_pbx = f"`{draft.name}`"
    settings = draft.settings
    holders = [(settings.get(key), of_pbx) for key in ("probe", "extension_defaults")]
    holders += [(extension.written, of_pbx) for extension in draft.extensions]
    holders += [(trunk.written, of_pbx) for trunk in draft.provider_trunks]
    holders += [
        (trunk.written, "both of its ends") for trunk in draft.trunks if not _has_other_dialplan(trunk.ends, drafts)
    ]
    for written, whose in holders:
        if isinstance(written, YamlMapping) and "context" in written and written["context"] is not REFUSED:
            wrong = f"`context` has no effect: confgen writes the dialplan of {whose}"
            mend = "remove it, or take `dialplan` out of `manage`"
            yield fault("REF-34", wrong, mend, place_of(written.key_mark("context")), draft.name)


def _has_other_dialplan(ends: tuple[str, str] | None, drafts: Drafts) -> bool:
    """Whether an end of a trunk may need a context: its dialplan is not managed, or not known to be."""
    for end in ends or ():
        peer = drafts.pbxs.get(end)
        if peer is not None and Part.DIALPLAN not in peer.traits.parts:
            continue
        parts = None if peer is None else managed_parts(peer.settings)
        if parts is None or Part.DIALPLAN not in parts:
            return True
    return ends is None


def _missing_contexts(draft: PbxDraft) -> Iterator[Finding]:
    mend = "write `context`: the context of your own dialplan that its calls enter"
    lacking: list[tuple[str, Place]] = []
    probe, common = (draft.settings.get(key) for key in ("probe", "extension_defaults"))
    if isinstance(probe, YamlMapping) and "context" not in probe:
        lacking.append(("the probe", _place(draft, "probe")))
    if common is not REFUSED and value_at(common, "context") is None:
        lacking += [
            (extension_at(extension.place, extension.key), extension.place)
            for extension in draft.extensions
            if extension.written is None or _lacks_context(extension.written)
        ]
    lacking += [(f"trunk `{trunk.name}`", trunk.place) for trunk in draft.all_trunks if _lacks_context(trunk.written)]
    for what, place in lacking:
        wrong = f"{what} has no `context`, and `dialplan` is not in `manage` of `{draft.name}`"
        yield fault("REF-34", wrong, mend, place, draft.name)


def _lacks_context(written: object) -> bool:
    return isinstance(written, YamlMapping) and "context" not in written


def _certificate_faults(draft: PbxDraft, parts: frozenset[Part]) -> Iterator[Finding]:
    settings = draft.settings
    if Part.CERTIFICATES not in parts:
        for key in ("chain", "key", "authority"):
            written = value_at(settings, "certificate", key)
            if is_reference(written) and "on_host" not in written:
                wrong = f"the `{key}` of `{draft.name}` would be put on its host, and its certificates are not managed"
                mend = "write {on_host: PATH} with the path there, or add `certificates` to `manage`"
                yield fault("REF-35", wrong, mend, _place(draft, "certificate", key), draft.name)
    own = {key: value_at(settings, "certificate", key) for key in ("chain", "key")}
    on_host = [key for key, written in own.items() if is_reference(written) and "on_host" in written]
    levels = [level for level in _LEVELS_WITH_CERTIFICATE if level in usable_at(settings, "verify", "levels")]
    if on_host and levels and usable_at(settings, "certificate", "client_certificates") == "required":
        wrong = (
            f"`{draft.name}` asks for client certificates, and the {on_host[-1]} that `confgen verify` would show "
            f"never leaves its host"
        )
        mend = (
            f"write client_certificates: not-requested, refer to {' and '.join(on_host)} by file or command, or "
            f"declare {', '.join(levels)} away under `verify`"
        )
        yield fault("REF-36", wrong, mend, _place(draft, "certificate", "client_certificates"), draft.name)


def _include_faults(draft: PbxDraft, parts: frozenset[Part]) -> Iterator[Finding]:
    written = draft.settings.get("include")
    if not isinstance(written, YamlMapping):
        return
    folder = usable_at(draft.settings, "installation", "configuration") or _CONFIGURATION
    for key, files in written.items():
        if key not in _PART_OF_INCLUDE or not isinstance(files, YamlSequence):
            continue
        part = _PART_OF_INCLUDE[key]
        if part not in parts:
            yield _without_effect(draft, key, part, place_of(written.key_mark(key)))
            continue
        for file, place in marked_items(files):
            if isinstance(file, str) and (wrong := _fault_of_include(file, folder, parts)) is not None:
                mend = "move what is yours into a file of another name, below the configuration folder"
                yield fault("REF-37", f"{key} cannot include {file}: {wrong}", mend, place, draft.name)


def _fault_of_include(file: str, folder: str, parts: frozenset[Part]) -> str | None:
    path = posixpath.normpath(posixpath.join(folder, file))
    if path.startswith(f"{_STATE}/"):
        return f"what lies in {_STATE} is written by confgen"
    if not file.startswith("/") and not path.startswith(f"{posixpath.normpath(folder)}/"):
        return "it lies outside the configuration folder"
    if posixpath.dirname(path) == posixpath.normpath(folder):
        name = posixpath.basename(path)
        if any(name in MANAGED_FILES[part] for part in parts):
            return "confgen manages it"
    return None


def _place(draft: PbxDraft, *keys: str) -> Place:
    return place_at(draft.settings, *keys) or draft.place
