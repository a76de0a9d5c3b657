"""How a 3CX is reached, and settings that would shut out whoever sets them. Pure."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_address, ip_network
from itertools import chain
from typing import TYPE_CHECKING

from confgen.drivers.threecx.settings import place_at, settings_of, today
from confgen.drivers.threecx.words import finding
from confgen.model.check import Vantage
from confgen.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confgen.drivers.threecx.settings import ListedAddress, ThreeCxSettings
    from confgen.model.finding import Finding
    from confgen.model.inventory import Pbx

_LOOPBACK = ip_address("127.0.0.1")  # where what comes through SSH comes from


def access_findings(pbx: Pbx) -> Iterator[Finding]:
    """Without an API nothing can be pushed; and a list must not keep confgen, or a peer, from the PBX."""
    settings = settings_of(pbx)
    yield from chain(_api(pbx, settings), _console(pbx, settings), _blocklist(pbx, settings))


def _api(pbx: Pbx, settings: ThreeCxSettings) -> Iterator[Finding]:
    if pbx.api is None:
        wrong = f"nothing says how the API of `{pbx.name}` is asked"
        mend = "make an API client in its console (Integrations, API; role system owner), and write `api: {client: …}`"
        yield finding(pbx, "TCX-01", wrong, mend)
    elif pbx.api.is_direct:
        if pbx.ssh.jump_hosts:
            wrong = f"`{pbx.name}` is reached without SSH (`direct`), and has jump hosts"
            yield finding(pbx, "TCX-01", wrong, "remove one of the two")
        if pbx.verification.vantage is Vantage.HOST:
            wrong = f"`{pbx.name}` is reached without SSH (`direct`), and would be looked at from its host"
            yield finding(pbx, "TCX-01", wrong, "write `verify: {from: operator}`")
    if settings.backup_secret is None:
        wrong = f"nothing says what the backup of `{pbx.name}` is encrypted with"
        mend = "write `backup: {secret: …}`: a backup is made before the first write, and holds every password"
        yield finding(pbx, "TCX-02", wrong, mend)


def _console(pbx: Pbx, settings: ThreeCxSettings) -> Iterator[Finding]:
    permitted = list(_networks(settings.console_permit))
    place = place_at(pbx, "console", "permit")
    if _families_taken(permitted):
        wrong = f"the console of `{pbx.name}` would be restricted to everybody"
        yield finding(pbx, "TCX-10", wrong, "name the networks of those who work there, or remove `console`", place)
    elif permitted and all(network.is_loopback for network in permitted):
        wrong = f"the console of `{pbx.name}` would let in its own host only, and nobody who works there"
        mend = "add the networks of those who do, unless they come through SSH to the PBX itself"
        yield finding(pbx, "TCX-10", wrong, mend, place, severity=Severity.WARNING)
    elif permitted and pbx.api is not None and not pbx.api.is_direct and not _holds(permitted, _LOOPBACK):
        wrong = f"the console of `{pbx.name}` would refuse 127.0.0.1, from where confgen comes to it through SSH"
        mend = "add 127.0.0.1; a push asks the PBX beforehand from where it is seen, and stops if that is shut out"
        yield finding(pbx, "TCX-10", wrong, mend, place, severity=Severity.WARNING)


def _blocklist(pbx: Pbx, settings: ThreeCxSettings) -> Iterator[Finding]:
    needed = {f"its peer `{end.peer}`": end.peer_address for end in pbx.trunks} | {
        "the PBX itself": pbx.ssh.address,
        "whoever comes through SSH": str(_LOOPBACK),
    }
    permitted = list(_networks(settings.console_permit))
    yield from _everybody(pbx, settings.listed)
    for entry in settings.listed:
        try:
            network = ip_network(entry.network)
        except ValueError:
            wrong = f"{entry.network} is not a network"
            mend = "write a network such as 198.51.100.0/24 without bits behind its length, or one address"
            yield finding(pbx, "TCX-11", wrong, mend, entry.place)
            continue
        if entry.is_over(today()):
            wrong = f"{entry.network} in the blocklist of `{pbx.name}` ended on {entry.until}, and is not written"
            mend = "remove it, or give it a later day; what confgen wrote of it is removed from the PBX"
            yield finding(pbx, "TCX-11", wrong, mend, entry.place, severity=Severity.WARNING)
            continue
        if entry.is_allowed or network.prefixlen == 0:  # everybody has a finding already
            continue
        shut_out = [whom for whom, address in needed.items() if _holds([network], address)]
        shut_out += [f"{one} of `console.permit`" for one in permitted if _overlap(network, one)]
        if shut_out:
            wrong = f"the blocklist of `{pbx.name}` would shut out {shut_out[0]} by {entry.network}"
            yield finding(pbx, "TCX-11", wrong, "narrow it, or remove it", entry.place)


def _everybody(pbx: Pbx, listed: Iterable[ListedAddress]) -> Iterator[Finding]:
    """Entries that take every address there is, alone or together."""
    for is_allowed, does in ((True, "let everybody in, whatever they did"), (False, "shut out everybody")):
        entries = [entry for entry in listed if entry.is_allowed is is_allowed and not entry.is_over(today())]
        networks = {entry.network: list(_networks([entry.network])) for entry in entries}
        for version in _families_taken(chain.from_iterable(networks.values())):
            of_it = [entry for entry in entries if any(one.version == version for one in networks[entry.network])]
            last = next((entry for entry in of_it if entry.network.endswith("/0")), of_it[-1])
            wrong = f"the blocklist of `{pbx.name}` would {does} (IPv{version})"
            yield finding(pbx, "TCX-11", wrong, "name the few addresses that it is meant for", last.place)


def _families_taken(networks: Iterable[IPv4Network | IPv6Network]) -> list[int]:
    """The versions of IP of which they take every address, in one piece or in several."""
    known = list(networks)
    v4 = collapse_addresses(one for one in known if isinstance(one, IPv4Network))
    v6 = collapse_addresses(one for one in known if isinstance(one, IPv6Network))
    return [one.version for one in chain[IPv4Network | IPv6Network](v4, v6) if one.prefixlen == 0]


def _networks(texts: Iterable[str]) -> Iterator[IPv4Network | IPv6Network]:
    for text in texts:
        try:
            yield ip_network(text)
        except ValueError:  # it has a finding of its own
            continue


def _holds(networks: Iterable[IPv4Network | IPv6Network], address: object) -> bool:
    """Whether an address is in one of them; of a name nothing is known."""
    try:
        one = ip_address(str(address))
    except ValueError:
        return False
    return any(one in network for network in networks)


def _overlap(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    return one.version == other.version and one.overlaps(other)
