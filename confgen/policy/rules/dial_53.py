"""A number shown outside that is none of the company's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.inventory import Part
from confgen.policy.rule import Rule, Together
from confgen.policy.telling import told_of_extensions
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company

_LEAST = 5  # digits at the end that two ways to write a number have in common


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if Part.DIALPLAN not in pbx.manages or not pbx.provider_trunks:
            continue
        known = {_bare(did.number) for trunk in pbx.provider_trunks for did in trunk.dids}
        known |= {_bare(trunk.caller_id) for trunk in pbx.provider_trunks if trunk.caller_id is not None}
        endings = {number[-length:] for number in known for length in range(_LEAST, len(number) + 1)}
        yield from told_of_extensions(
            "DIAL-53",
            pbx,
            [
                extension
                for extension in pbx.extensions
                if extension.outside_number is not None
                and not _is_known(_bare(extension.outside_number), known, endings)
            ],
            f"{{who}} of `{pbx.name}` shows a number outside that no trunk of this PBX has",
            "write a number of `dids`, or the one of the trunk: nobody can call back another one, and some providers "
            "refuse it",
        )


def _bare(number: str) -> str:
    return number.lstrip("+0")


def _is_known(number: str, known: set[str], endings: set[str]) -> bool:
    """Whether they are one number, written with or without the codes of country and area."""
    return number in endings or any(number[-length:] in known for length in range(_LEAST, len(number) + 1))


_TOGETHER = Together(message="the extensions {who} of `{pbx}` show numbers outside that no trunk of this PBX has")

RULE = Rule(code="DIAL-53", severity=None, profiles=WARNED_WHERE_STRICT, check=_check, together=_TOGETHER)
