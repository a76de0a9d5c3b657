"""How the PBX stands with a provider: it registers and asks for options anew, and tells what came of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import script
from confgen.drivers.asterisk.profiles import port_of
from confgen.drivers.asterisk.providers import registers, transport_of
from confgen.model.driver import ProviderAnswer, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.provider import ProviderTrunk

_REGISTRATION = re.compile(r"'(?P<status>\d{3})'.* on registration attempt to '(?P<client>[^']*)'")
_UNTRUSTED = re.compile(r"Transport '[^']*' to remote '(?P<domain>[^']*)' - (?:\S+ - )?(?P<reason>.*[Cc]ertificate.*)")
_FIRST_OF_PROVIDERS_OWN_FAULT = 500  # RFC 3261 §21.5: the server is at fault, not the request
_TIMED_OUT = 408


def ask_provider(host: Host, pbx: Pbx, trunk: ProviderTrunk) -> ProviderAnswer:
    """No call is made; a refusal is told from silence by what Asterisk logs meanwhile."""
    wanted = "yes" if registers(trunk) else "no"
    blocks = script.blocks(
        script.look(host, pbx, "provider", trunk.name, transport_of(pbx, trunk), wanted, timeout=180)
    )
    standing, said = _standing(trunk, blocks)
    return ProviderAnswer(
        domain=trunk.provider.domain,
        port=port_of(trunk.provider),
        authority=blocks.get("authority", ""),
        standing=standing,
        said=said,
    )


def _standing(trunk: ProviderTrunk, blocks: Mapping[str, str]) -> tuple[Standing, str]:
    log = blocks.get("log", "").splitlines()
    statuses = [match["status"] for line in log if (match := _REGISTRATION.search(line)) and _is_ours(trunk, match)]
    untrusted = [match["reason"] for line in log if (match := _UNTRUSTED.search(line)) and _is_its(trunk, match)]
    contact = " ".join(blocks.get("contact", "").split())
    has_answered = blocks.get("answered", "").strip() == "yes"
    if untrusted:
        return Standing.UNTRUSTED, untrusted[-1]
    if statuses:
        status = int(statuses[-1])
        is_at_fault = status == _TIMED_OUT or status >= _FIRST_OF_PROVIDERS_OWN_FAULT
        return (Standing.OUT_OF_ORDER if is_at_fault else Standing.REFUSED), f"REGISTER was answered {status}"
    if not contact:
        return Standing.UNTOLD, "Asterisk does not know the trunk"
    if has_answered and not registers(trunk):
        return Standing.ANSWERED, contact
    if has_answered and blocks.get("registered", "").strip() == "yes":
        return Standing.REGISTERED, contact
    registration = " ".join(blocks.get("registration", "").split())
    return Standing.UNANSWERED, f"{registration or contact}"


def _is_ours(trunk: ProviderTrunk, match: re.Match[str]) -> bool:
    account = trunk.account
    return account is not None and match["client"].partition(":")[2].startswith(f"{account.user}@")


def _is_its(trunk: ProviderTrunk, match: re.Match[str]) -> bool:
    return match["domain"] == trunk.provider.domain
