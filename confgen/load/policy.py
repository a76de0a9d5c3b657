"""`policy:` of an inventory, from what is written to the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.dialling import day_of
from confgen.load.settings import given_at, value_at
from confgen.load.yaml_tree import YamlMapping, YamlSequence, marked_items, place_of
from confgen.model.finding import Severity
from confgen.model.policy import OFF, Policy, Profile, RuleSetting, Waiver

if TYPE_CHECKING:
    from collections.abc import Iterator

_EVERYTHING = "*"  # as a pattern


def policy(root: YamlMapping) -> Policy:
    """The profile, and those of the settings and waivers that are whole; what is not has a finding already."""
    profile = given_at(root, "policy", "profile")
    return Policy(
        profile=Profile.BASELINE if profile is None else Profile(profile),
        settings={setting.code: setting for setting in _settings(root)},
        waivers=tuple(_waivers(root)),
    )


def _settings(root: YamlMapping) -> Iterator[RuleSetting]:
    written = value_at(root, "policy", "rules")
    if isinstance(written, YamlMapping):
        for code, setting in written.items():
            severity = given_at(setting, "severity")
            if isinstance(severity, str):
                yield RuleSetting(
                    code=code,
                    severity=None if severity == OFF else Severity(severity),
                    reason=given_at(setting, "reason") or "",
                    place=place_of(written.key_mark(code)),
                )


def _waivers(root: YamlMapping) -> Iterator[Waiver]:
    written = value_at(root, "policy", "waivers")
    if isinstance(written, YamlSequence):
        for waiver, place in marked_items(written):
            code, pbx, owner, reason, until = (
                given_at(waiver, key) for key in ("rule", "pbx", "owner", "reason", "until")
            )
            day = None if until is None else day_of(until)
            subject = _EVERYTHING if value_at(waiver, "subject") is None else given_at(waiver, "subject")
            if None not in (code, pbx, subject, owner, reason) and day is not None:
                yield Waiver(
                    code=code,
                    pbx=pbx,
                    subject=subject,
                    owner=owner,
                    reason=reason,
                    until=day,
                    place=place,
                )
