"""Every rule: one small module for each that looks by itself, named by its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.rules import (
    dial_10,
    dial_11,
    dial_12,
    dial_13,
    dial_14,
    elsewhere,
    mig_01,
    mig_02,
    pol_07,
    sec_10,
    sec_11,
    sec_12,
    sec_13,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.policy.rule import Rule

_MODULES = (
    dial_10, dial_11, dial_12, dial_13, dial_14,
    mig_01, mig_02,
    pol_07,
    sec_10, sec_11, sec_12, sec_13,
)  # fmt: skip

RULES: Mapping[str, Rule] = {rule.code: rule for rule in (*(module.RULE for module in _MODULES), *elsewhere.RULES)}
