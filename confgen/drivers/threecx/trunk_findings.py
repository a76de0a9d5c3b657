"""Trunks that 3CX cannot encrypt: it registers by name over TLS, and that is the only way. Pure."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from confgen.drivers.threecx.words import finding
from confgen.model.secret import SecretSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.model.inventory import Pbx, TrunkEnd
    from confgen.model.provider import ProviderTrunk
    from confgen.model.secret import SecretReference


def trunk_findings(pbx: Pbx) -> Iterator[Finding]:
    """Of trunks to providers, and of ends of trunks to peers."""
    for trunk in pbx.provider_trunks:
        yield from _ways(pbx, trunk)
        yield from _calls(pbx, trunk)
        authority = authority_of_provider(pbx, trunk)
        yield from _name(pbx, trunk, f"the provider `{trunk.provider.name}`", trunk.provider.domain)
        yield from _authority(pbx, trunk, authority, f"`authority` of `{trunk.provider.name}`")
    for end in pbx.trunks:
        yield from _name(pbx, end, f"`{end.peer}`", end.peer_domain)
        yield from _authority(pbx, end, end.peer_authority, f"`certificate.authority` of `{end.peer}`")


def authority_of_provider(pbx: Pbx, trunk: ProviderTrunk) -> SecretReference | None:
    """What Trunk.Certificate holds: the provider's own authority, else that of the PBX's certificate."""
    own = pbx.own_certificate
    return trunk.provider.authority or (None if own is None else own.authority)


def _ways(pbx: Pbx, trunk: ProviderTrunk) -> Iterator[Finding]:
    """3CX's vendor supports TLS on trunks that register, and on no other."""
    mend = "let it register with an `account`, or lead the provider's calls through an Asterisk of this inventory"
    if trunk.addresses:
        wrong = f"trunk `{trunk.name}` knows its provider by addresses, and 3CX encrypts only trunks that register"
        yield finding(pbx, "TCX-06", wrong, mend, trunk.place)
    elif trunk.account is None or not trunk.account.registers:
        wrong = f"trunk `{trunk.name}` does not register, and 3CX encrypts only trunks that do"
        yield finding(pbx, "TCX-06", wrong, mend, trunk.place)


def _calls(pbx: Pbx, trunk: ProviderTrunk) -> Iterator[Finding]:
    """Where its calls lead is the console's; how many there are at once, and as whom, is not."""
    written = {
        "dids": trunk.dids,
        "caller_id.hide": trunk.hides_caller_id,
        "test_number": trunk.test_number is not None,
        "context": trunk.context is not None,
    }
    for key, is_written in written.items():
        if is_written:
            wrong = f"`{key}` of trunk `{trunk.name}` has no effect: calls of `{pbx.name}` are led in its own console"
            yield finding(pbx, "TCX-07", wrong, "remove it, and set it up in the console of the PBX", trunk.place)


def _name(pbx: Pbx, trunk: ProviderTrunk | TrunkEnd, whom: str, domain: str) -> Iterator[Finding]:
    if _is_address(domain):
        wrong = f"{whom} is known by its address {domain}, and 3CX encrypts only trunks to a host name"
        mend = "give it a name that its certificate carries, and write that under `domain`"
        yield finding(pbx, "TCX-06", wrong, mend, trunk.place)


def _authority(
    pbx: Pbx, trunk: ProviderTrunk | TrunkEnd, authority: SecretReference | None, where: str
) -> Iterator[Finding]:
    if authority is None:
        wrong = f"nothing says what the certificate at the far end of trunk `{trunk.name}` must lead to"
        yield finding(pbx, "TCX-08", wrong, f"write the {where}: 3CX is told it with the trunk", trunk.place)
    elif authority.source is SecretSource.ON_HOST:
        wrong = f"the {where} lies on a host, and 3CX is told it with the trunk `{trunk.name}` through its API"
        yield finding(pbx, "TCX-08", wrong, "refer to it by `file` or `command`", trunk.place)


def _is_address(domain: str) -> bool:
    try:
        ip_address(domain)
    except ValueError:
        return False
    return True
