"""Calls go on in the user's own contexts, where no guard of confgen's stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import ToContext
from confgen.model.finding import Severity
from confgen.model.inventory import Part
from confgen.policy.outside import ends_of
from confgen.policy.rule import Rule
from confgen.policy.telling import told
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding, Place
    from confgen.model.inventory import Pbx
    from confgen.policy.company import Company


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        if Part.DIALPLAN not in pbx.manages:
            continue
        places: dict[str, Place] = {}
        for end, place in _ends(pbx):
            if isinstance(end, ToContext):
                places[end.context] = min(place, places.get(end.context, place))
        for context, place in places.items():
            yield told(
                "DIAL-50",
                pbx,
                f"what is dialled in your own context {context} of `{pbx.name}` was not checked: no guard against "
                "costs stands there",
                "let it dial outside by `Goto(phones,NUMBER,1)`, where the guard stands, or not at all",
                place=place,
                subject=context,
            )


def _ends(pbx: Pbx) -> Iterator[tuple[object, Place]]:
    yield from ((route.way, route.place) for route in pbx.routes)
    for extension in pbx.extensions:
        yield from ((end, extension.place) for end in ends_of(extension.forwards))
    yield from ((group.otherwise, group.place) for group in pbx.ring_groups)
    yield from ((did.destination, did.place) for trunk in pbx.provider_trunks for did in trunk.dids)


RULE = Rule(code="DIAL-50", severity=Severity.NOTE, profiles=WARNED_WHERE_STRICT, check=_check)
