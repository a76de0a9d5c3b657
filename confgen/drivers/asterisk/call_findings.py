"""What a dialplan of confgen's cannot take. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk.calls import is_own_context
from confgen.model.dialling import RingOrder, ToContext
from confgen.model.finding import Finding
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Place
    from confgen.model.inventory import Pbx

# `dialplan show` cuts a line at 1,024 octets; a number has up to 15 digits.
MOST_TOGETHER = 40


def call_findings(pbx: Pbx) -> Iterator[Finding]:
    """Contexts that are confgen's own, and ring groups that are too large."""
    if Part.DIALPLAN not in pbx.manages:
        return
    for end, place in _destinations(pbx):
        if isinstance(end, ToContext) and is_own_context(end.context, pbx):
            yield Finding(
                code="DIAL-15",
                message=f"the context `{end.context}` of `{pbx.name}` is one that confgen renders, not one of your own",
                mend="name a context of your own files; for phones and ring groups write `extension` or `ring_group`",
                place=place,
                pbx=pbx.name,
            )
    for group in pbx.ring_groups:
        if group.order is RingOrder.TOGETHER and len(group.members) > MOST_TOGETHER:
            yield Finding(
                code="DIAL-16",
                message=f"the ring group `{group.name}` of `{pbx.name}` has {len(group.members)} phones, and "
                f"{MOST_TOGETHER} can ring together",
                mend="divide it, write `order: in-turn`, or use a queue in a context of your own",
                place=group.place,
                pbx=pbx.name,
            )


def _destinations(pbx: Pbx) -> Iterator[tuple[object, Place]]:
    for route in pbx.routes:
        yield route.way, route.place
    for extension in pbx.extensions:
        if (forwards := extension.forwards) is not None:
            for end in (forwards.always, forwards.busy, forwards.no_answer, forwards.unavailable):
                yield end, extension.place
    for group in pbx.ring_groups:
        yield group.otherwise, group.place
    for trunk in pbx.provider_trunks:
        for did in trunk.dids:
            yield did.destination, did.place
