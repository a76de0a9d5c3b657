"""Numbers leave, and nobody says what digits without a `+` are taken for there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import ByChannel
from confgen.model.finding import Severity
from confgen.model.readings import Judged
from confgen.model.toll import form_of_numbers, guard_of
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.tolls import guarded_pbxs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding, Place
    from confgen.model.inventory import Pbx
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in guarded_pbxs(company):
        for (who, subject), place in _unknown(pbx).items():
            yield told(
                "DIAL-59",
                pbx,
                f"nothing says what {who} takes digits without a + for: a number that is dialled in the country and "
                "begins as another country's code does is refused there",
                "write `number_form: national` or `number_form: e164` beside it, whichever its own documents name; "
                "or let every route there send a +",
                place=place,
                subject=subject,
            )


def _unknown(pbx: Pbx) -> dict[tuple[str, str], Place]:
    """Whoever takes numbers in a form that is not known: in words and by name, and where this is written."""
    trunks = {trunk.name: trunk for trunk in pbx.provider_trunks}
    found: dict[tuple[str, str], Place] = {}
    for route, (_, ways_to_read) in guard_of(pbx).routes.items():
        is_said = form_of_numbers(route, pbx) is not None
        if not is_said and any(reading.judged is Judged.PERHAPS_E164 for reading in ways_to_read):
            if isinstance(route.way, ByChannel):
                line = route.way.channel
                found[f"the line {line.name}", line.name] = line.place
            elif (trunk := trunks.get(getattr(route.way, "trunk", ""))) is not None:
                found[f"the provider {trunk.provider.name}", trunk.provider.name] = trunk.provider.place
    return found


RULE = Rule(code="DIAL-59", severity=Severity.WARNING, check=_check)
