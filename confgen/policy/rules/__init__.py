"""Every rule: one small module for each, named by its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.policy.rule import Rule

_RULES: tuple[Rule, ...] = ()

RULES: Mapping[str, Rule] = {rule.code: rule for rule in _RULES}
