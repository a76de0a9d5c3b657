"""The legs to other PBXs: a 3CX is made to call by nobody, and tells what its settings hold it to in every call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.threecx.analysis import media_faults, transport_faults
from confgen.drivers.threecx.trunks import analysed, trunks
from confgen.model.leg import Bound, NotCalled

if TYPE_CHECKING:
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx, TrunkEnd
    from confgen.model.provider import ProviderTrunk

# Pbx.TestOutboundCall of its API rings a phone, which calls then.
_NO_CALLS = "a 3CX can be made to call by ringing one of its phones only, which confgen does not do"


def call_peer(_host: Host, _pbx: Pbx, _trunk: TrunkEnd) -> NotCalled:
    """Nobody is called."""
    return NotCalled(reason=_NO_CALLS, is_by_nature=True)


def call_outside(_host: Host, _pbx: Pbx, _trunk: ProviderTrunk) -> NotCalled:
    """Nobody is called."""
    return NotCalled(reason=_NO_CALLS, is_by_nature=True)


def heard_of_peer(host: Host, pbx: Pbx, trunk: TrunkEnd) -> Bound | NotCalled:
    """What the trunk demands of every call, read back just now, and what 3CX's own analysis has against it."""
    found = trunks(host, pbx.product_version).get(trunk.name)
    if found is None:
        return NotCalled(reason=f"3CX has no trunk {trunk.name}", mend="`confgen push`")
    reports = analysed(host, found)
    of_signalling, of_media = transport_faults(reports), media_faults(reports)
    return Bound(
        is_signalling_secure=False if of_signalling else found.demands_tls,
        is_media_secure=False if of_media else found.demands_srtp,
        said="; ".join((found.words, *of_signalling, *of_media)),
    )
