"""A module that lets others run programs or steer calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.modules import own_modules
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company

_MIGHTY = {
    "app_system": "runs programs on the host at the word of the dialplan",
    "func_shell": "runs programs on the host at the word of the dialplan",
    "app_externalivr": "runs programs on the host, or asks others over the network in clear",
    "res_agi": "runs programs on the host, or asks others over the network in clear (FastAGI)",
    "app_mixmonitor": "records calls, and can run a program behind each recording",
    "app_chanspy": "lets whoever dials it listen to the calls of others",
    "app_originate": "starts calls at the word of the dialplan",
    "app_audiosocket": "sends the audio of calls over the network in clear",
    "pbx_lua": "runs programs in Lua as the dialplan",
    "pbx_spool": "starts calls from files that anybody may drop who can write to its folder",
    "func_curl": "asks whatever address the dialplan names",
}


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        for module, place in own_modules(pbx):
            if (does := _does(module)) is not None:
                yield told(
                    "MGMT-29",
                    pbx,
                    f"`{pbx.name}` loads {module}, which {does}",
                    "take it out unless nothing else will do",
                    place=place,
                    subject=module,
                )


def _does(module: str) -> str | None:
    return _MIGHTY.get(
        module, "steers calls at the word of another program (ARI)" if module.startswith("res_ari") else None
    )


RULE = Rule(code="MGMT-29", severity=None, profiles=WARNED_WHERE_STRICT, check=_check)
