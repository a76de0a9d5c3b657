"""What a set of changes costs the PBX: the smallest activation after which all of them are in force. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration import objects, parse
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
        return _pjsip_impact(change.before or "", change.after or "")
    return Impact.RELOAD


def _pjsip_impact(before: str, after: str) -> Impact:
    old, new = objects(parse(before)), objects(parse(after))
    if _of_type("system", old) != _of_type("system", new):
        return Impact.PROCESS_RESTART  # these are read once
    if _default_algorithms(old) != _default_algorithms(new):
        return Impact.PROCESS_RESTART  # what is authenticated already keeps the default that it was loaded with
    was, becomes = _of_type("transport", old), _of_type("transport", new)
    if any(name not in becomes or becomes[name].value("bind") != was[name].value("bind") for name in was):
        return Impact.PROCESS_RESTART  # a listener that goes keeps its socket until the process ends
    return Impact.TRANSPORT_RESTART if was != becomes else Impact.RELOAD


def _default_algorithms(sections: Mapping[tuple[str, str], Section]) -> tuple[str | None, ...]:
    options = ("default_auth_algorithms_uas", "default_auth_algorithms_uac")
    return tuple(section.value(option) for section in _of_type("global", sections).values() for option in options)


def _of_type(kind: str, sections: Mapping[tuple[str, str], Section]) -> Mapping[str, Section]:
    return {name: section for (its_kind, name), section in sections.items() if its_kind == kind}
