"""How a 3CX stands with a provider: it registers anew, and tells what came of it. No call is made."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from confgen.drivers.threecx.analysis import contradictions, media_faults, registration_faults, transport_faults
from confgen.drivers.threecx.requests import change
from confgen.drivers.threecx.trunks import analysed, trunks
from confgen.model.driver import ProviderAnswer, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confgen.drivers.threecx.analysis import Report
    from confgen.drivers.threecx.trunks import Trunk
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.provider import ProviderTrunk

_PORT = 5061  # RFC 3261 §19.1.2: of SIP over TLS
_TRIES = 10  # until it counts as not registered
_PAUSE = 2.0  # seconds
_IN_A_ROW = 2  # looks, for the first may still tell of the registration before
_REFUSED = frozenset({"RegistrationFailed", "RegistrationIsBlocked", "ResponseCodeFail", "ResponseTextFail"})
_OWN_FAULTS = frozenset({"ErrNoAuthID", "ErrNoAuthPwd", "ErrNoAuth3way", "TrunkIsDisabled", "RegistrarIsNotSet"})


def ask_provider(host: Host, pbx: Pbx, trunk: ProviderTrunk) -> ProviderAnswer:
    """Registered is what is registered, demands TLS, and has nothing against it in 3CX's own analysis."""
    return asked(host, pbx, trunk, time.sleep)


def asked(host: Host, pbx: Pbx, trunk: ProviderTrunk, pause: Callable[[float], None]) -> ProviderAnswer:
    """The same, with the clock that is waited by."""
    found = trunks(host, pbx.product_version).get(trunk.name)
    reports: Sequence[Report] = ()
    if found is None or found.number is None:
        standing, said = Standing.UNTOLD, f"3CX has no trunk {trunk.name}"
    elif found.demands_tls is not True or found.demands_srtp is not True:
        standing, said = Standing.UNTOLD, f"the trunk does not demand TLS and SRTP: {found.words}"
    else:
        change(host, "POST", "/Trunks/Pbx.RefreshRegistration", {"id": found.number})
        found = _settled(host, pbx, found, pause)
        reports = analysed(host, found)
        standing, said = _standing(found, reports)
    return ProviderAnswer(
        domain=trunk.provider.domain,
        port=trunk.provider.port or _PORT,
        authority=None if found is None or not found.authority else found.authority,
        standing=standing,
        said=said,
        reservation="nothing shows that 3CX verifies it",
    )


def _settled(host: Host, pbx: Pbx, before: Trunk, pause: Callable[[float], None]) -> Trunk:
    """The trunk as it stands once it is registered anew, or has had its time.

    Right after it was asked for, a PBX may still tell of the old registration: it counts as registered where it was
    seen to be off in between, or for some looks in a row.
    """
    found, in_a_row, was_off = before, 0, False
    for _ in range(_TRIES):
        pause(_PAUSE)
        found = trunks(host, pbx.product_version).get(before.name, before)
        in_a_row = in_a_row + 1 if found.is_online else 0
        was_off |= found.is_online is False
        if found.is_online and (was_off or in_a_row >= _IN_A_ROW):
            break
    return found


def _standing(trunk: Trunk, reports: Sequence[Report]) -> tuple[Standing, str]:
    transport = transport_faults(reports)
    if trunk.is_online is None:
        return Standing.UNTOLD, "3CX does not tell whether it is registered"
    against = (*contradictions(reports), *transport, *media_faults(reports))
    if trunk.is_online and against:
        return Standing.UNTOLD, f"3CX says that it is registered, and its analysis: {'; '.join(against)}"
    if trunk.is_online:
        return Standing.REGISTERED, trunk.words
    codes = {report.code for report in reports}
    said = "; ".join((*registration_faults(reports), *transport)) or "not registered, and 3CX does not tell why"
    if codes & _OWN_FAULTS:
        return Standing.UNTOLD, said
    return (Standing.REFUSED if codes & _REFUSED and not transport else Standing.UNANSWERED), said
