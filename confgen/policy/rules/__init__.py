"""Every rule: one small module for each, named by its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.rules import path_01, path_02, path_03, path_04, path_05

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.policy.rule import Rule

_RULES: tuple[Rule, ...] = (path_01.RULE, path_02.RULE, path_03.RULE, path_04.RULE, path_05.RULE)

RULES: Mapping[str, Rule] = {rule.code: rule for rule in _RULES}
