"""Emergency calls whose last leg is not said to be encrypted: shown, and never in their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import ByChannel, Emergency, Media, Signalling
from confgen.model.finding import Severity
from confgen.model.inventory import Part
from confgen.model.technologies import carried
from confgen.policy.emergency import emergency_finding
from confgen.policy.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confgen.model.dialling import Carries, EmergencyWay
    from confgen.model.finding import Finding
    from confgen.model.inventory import Pbx
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if isinstance(pbx.emergency, Emergency) and Part.DIALPLAN in pbx.manages:
            yield from _last_legs(pbx, pbx.emergency)


def _last_legs(pbx: Pbx, emergency: Emergency) -> Iterator[Finding]:
    *others, last = emergency.numbers
    numbers = f"{', '.join(others)} and {last} leave" if others else f"{last} leaves"
    for name, end, carries in _ends(pbx, emergency.ways):
        if not carries.is_encrypted:
            what = "clear" if carries.signalling is Signalling.CLEAR or carries.media is Media.CLEAR else "unknown"
            yield emergency_finding(
                "DIAL-14",
                pbx,
                f"{numbers} `{pbx.name}` by {end}: {what} from there; shown, not blocked",
                "nothing: an emergency call goes out whatever the last leg is",
                subject=name,
            )


def _ends(pbx: Pbx, ways: Iterable[EmergencyWay]) -> Iterator[tuple[str, str, Carries]]:
    """Name, words and encryption of each last leg."""
    providers = {trunk.name: trunk.provider for trunk in pbx.provider_trunks}
    for way in ways:
        if isinstance(way.way, ByChannel):
            line = way.way.channel
            yield line.name, f"the line {line.name}", carried(line)
        elif way.way.trunk in providers:
            trunk, provider = way.way.trunk, providers[way.way.trunk]
            yield trunk, f"the trunk {trunk} to {provider.name}", provider.beyond


RULE = Rule(code="DIAL-14", severity=Severity.NOTE, check=_check)
