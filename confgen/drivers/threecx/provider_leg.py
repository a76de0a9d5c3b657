"""How a 3CX stands with a provider: it registers anew, and tells what came of it. No call is made."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from confgen.drivers.threecx.analysis import contradictions, media_faults, registration_faults, transport_faults
from confgen.drivers.threecx.registering import settled
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
        said = f"3CX has no trunk {trunk.name}" if found is None else f"no one trunk is {trunk.name}: {found.issue}"
        standing = Standing.UNTOLD
    elif found.demands_tls is not True or found.demands_srtp is not True:
        standing, said = Standing.UNTOLD, f"the trunk does not demand TLS and SRTP: {found.words}"
    else:
        change(host, "POST", "/Trunks/Pbx.RefreshRegistration", {"id": found.number})
        found = settled(host, pbx.product_version, [trunk.name], pause).get(trunk.name, found)
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
