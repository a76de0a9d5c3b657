"""Every rule: one small module for each that looks by itself, named by its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.rules import (
    auth_30,
    auth_31,
    auth_33,
    auth_34,
    auth_35,
    auth_36,
    auth_37,
    dial_10,
    dial_11,
    dial_12,
    dial_13,
    dial_14,
    dial_40,
    dial_41,
    dial_42,
    dial_43,
    dial_44,
    dial_45,
    dial_46,
    dial_47,
    dial_48,
    dial_49,
    dial_50,
    dial_51,
    dial_53,
    dial_54,
    dial_55,
    dial_58,
    elsewhere,
    mgmt_20,
    mgmt_21,
    mgmt_23,
    mgmt_24,
    mgmt_25,
    mgmt_26,
    mgmt_28,
    mgmt_29,
    mgmt_30,
    mgmt_31,
    mgmt_33,
    mgmt_34,
    mig_01,
    mig_02,
    mig_10,
    net_01,
    net_02,
    net_03,
    net_04,
    net_05,
    path_01,
    path_02,
    path_03,
    path_04,
    path_05,
    pol_07,
    srtp_30,
    tls_30,
    tls_31,
    tls_32,
    tls_33,
    ver_21,
    ver_22,
    ver_23,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.policy.rule import Rule

_MODULES = (
    auth_30, auth_31, auth_33, auth_34, auth_35, auth_36, auth_37,
    dial_10, dial_11, dial_12, dial_13, dial_14, dial_40, dial_41, dial_42, dial_43, dial_44, dial_45, dial_46,
    dial_47, dial_48, dial_49, dial_50, dial_51, dial_53, dial_54, dial_55, dial_58,
    mgmt_20, mgmt_21, mgmt_23, mgmt_24, mgmt_25, mgmt_26, mgmt_28, mgmt_29, mgmt_30, mgmt_31, mgmt_33, mgmt_34,
    mig_01, mig_02, mig_10,
    net_01, net_02, net_03, net_04, net_05,
    path_01, path_02, path_03, path_04, path_05,
    pol_07,
    srtp_30,
    tls_30, tls_31, tls_32, tls_33,
    ver_21, ver_22, ver_23,
)  # fmt: skip

RULES: Mapping[str, Rule] = {rule.code: rule for rule in (*(module.RULE for module in _MODULES), *elsewhere.RULES)}
