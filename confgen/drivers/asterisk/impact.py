"""What a set of changes costs the PBX: the smallest activation after which all of them are in force. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration import includes, objects, parse
from confgen.drivers.asterisk.layout import MIGRATION
from confgen.model.document import Action, Impact

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from confgen.drivers.asterisk.configuration import Section
    from confgen.model.document import Change

# What each file's reload is called; a file that is not named here is read at the start of the process only.
_RELOADS = {
    "acl.conf": "acl",
    "cdr.conf": "cdr",
    "cel.conf": "cel",
    "extensions.conf": "dialplan",
    "features.conf": "features",
    "http.conf": "http",
    "indications.conf": "indications",
    "logger.conf": "logger",
    "manager.conf": "manager",
    "pjsip.conf": "res_pjsip.so",
    MIGRATION: "res_pjsip.so",
    "rtp.conf": "res_rtp_asterisk.so",
    "udptl.conf": "udptl",
}


def impact(changes: Collection[Change]) -> Impact:
    """The gravest impact among the changes."""
    return max((_impact(change) for change in changes), default=Impact.NONE)


def reloads(keys: Collection[str]) -> tuple[str, ...]:
    """The modules to reload after the files of these keys changed, SIP last so that what it refers to is there."""
    names = {_RELOADS[key] for key in keys if key in _RELOADS}
    return tuple(sorted(names, key=lambda name: (name == "res_pjsip.so", name)))


def _impact(change: Change) -> Impact:
    if change.key.startswith("keys/"):
        # A new key lies under a new name, and what names it counts. One that was altered under its name may be in use.
        return Impact.NONE if change.action is Action.ADD else Impact.PROCESS_RESTART
    if change.is_foreign or change.action is not Action.CHANGE or change.key not in _RELOADS:
        return Impact.PROCESS_RESTART
    if change.key in {"pjsip.conf", MIGRATION}:
        # Of a file that was changed by hand nobody knows whether Asterisk has read it since.
        loaded = [text for text in (change.before, change.written) if text is not None]
        return max(_pjsip_impact(text, change.after or "") for text in loaded or [""])
    return Impact.RELOAD


def _pjsip_impact(before: str, after: str) -> Impact:
    if {entry.name for entry in includes(before)} - {entry.name for entry in includes(after)}:
        return Impact.PROCESS_RESTART  # a transport may have gone with it
    old, new = objects(parse(before)), objects(parse(after))
    if _of_type("system", old) != _of_type("system", new):
        return Impact.PROCESS_RESTART  # these are read once
    if _once(old) != _once(new):
        return Impact.PROCESS_RESTART
    was, becomes = _of_type("transport", old), _of_type("transport", new)
    if any(name not in becomes or _needs_a_start(was[name], becomes[name]) for name in was):
        return Impact.PROCESS_RESTART  # a listener that goes keeps its socket until the process ends
    changed = [(was[name], becomes[name]) for name in was if was[name] != becomes[name]]
    if any(_is_fixed(section) for pair in changed for section in pair):
        return Impact.PROCESS_RESTART
    return Impact.TRANSPORT_RESTART if was != becomes else Impact.RELOAD


def _once(sections: Mapping[tuple[str, str], Section]) -> tuple[str | None, ...]:
    """Global options that count as they were when something else was loaded."""
    options = (
        "default_auth_algorithms_uas",  # what is authenticated already keeps the default that it was loaded with
        "default_auth_algorithms_uac",
        "endpoint_identifier_order",  # each way to identify takes its place in the order when its module is loaded
    )
    return tuple(section.value(option) for section in _of_type("global", sections).values() for option in options)


def _needs_a_start(before: Section, after: Section) -> bool:
    """Its socket would stay, or `verify_server`, which a reload leaves alone when nothing else changed (16 and 22)."""
    return any(before.value(option) != after.value(option) for option in ("bind", "protocol", "verify_server"))


def _is_fixed(transport: Section) -> bool:
    """Without `allow_reload`, a reload leaves a transport as it is, or shows what it does not serve."""
    return (transport.value("allow_reload") or "no").lower() not in {"yes", "true", "1", "y", "t", "on"}


def _of_type(kind: str, sections: Mapping[tuple[str, str], Section]) -> Mapping[str, Section]:
    return {name: section for (its_kind, name), section in sections.items() if its_kind == kind}
