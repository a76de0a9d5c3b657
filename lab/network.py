"""The networks of an instance: who has which address on them, and which packets the operator's side may not send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from lab import namespace, state

CONTROL_ADDRESS = "10.77.0.1"
# More addresses of the clients' side, for who must come from an address of its own.
CLIENT_ADDRESSES = (CONTROL_ADDRESS, "10.77.0.2", "10.77.0.3")
CONTROL_ADDRESS_6 = "fd77::1"
_CLIENT_NETWORK = {"inet": "10.77.0.0/29", "inet6": "fd77::/125"}
_FAMILIES: tuple[namespace.Family, ...] = ("inet", "inet6")
_FIRST_HOST = 11
MOST_HOSTS = 200


class BadNetwork(ValueError):
    """A host behind another one that cannot stand before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a host stands: in the network of the clients, or behind a bastion."""

    address: str
    address6: str
    inner_address: str | None  # a bastion's own, in the network behind it
    is_inner: bool
    name_server: str


def places(bastions: Mapping[str, str | None]) -> dict[str, Place]:
    """Give every host its place; `bastions` says behind which host it stands, if behind any."""
    for name, bastion in bastions.items():
        if bastion is not None and bastions.get(bastion, name) is not None:
            raise BadNetwork(f"{name} cannot stand behind {bastion!r}, which is no host beside the clients")
    numbers = {name: _FIRST_HOST + number for number, name in enumerate(bastions)}
    found = {}
    for name, bastion in bastions.items():
        network = 77 if bastion is None else 78
        found[name] = Place(
            address=f"10.{network}.0.{numbers[name]}",
            address6=f"fd{network}::{numbers[name]}",
            inner_address=f"10.78.0.{numbers[name]}" if name in bastions.values() else None,
            is_inner=bastion is not None,
            name_server=CONTROL_ADDRESS if bastion is None else f"10.78.0.{numbers[bastion]}",
        )
    return found


def lay(instance: str, placed: Mapping[str, Place]) -> None:
    """Make the namespaces of the clients and of every host, and join them."""
    control = state.control_namespace(instance)
    namespaces = {name: state.host_namespace(instance, name) for name in placed}
    namespace.add([control, *namespaces.values()])
    commands = ["link add bridge type bridge", "link set bridge up"]
    commands += [f"addr add {address}/24 dev bridge" for address in CLIENT_ADDRESSES]
    commands.append(f"addr add {CONTROL_ADDRESS_6}/64 dev bridge nodad")
    # The clients have no address there, not even one that the kernel makes up, so they reach nothing behind a bastion.
    commands += ["link add inner type bridge", "link set inner addrgenmode none", "link set inner up"]
    for number, (name, place) in enumerate(placed.items()):
        commands.append(f"link add host{number} type veth peer name eth0 netns {namespaces[name]}")
        commands.append(f"link set host{number} master {'inner' if place.is_inner else 'bridge'} up")
        if place.inner_address is not None:
            commands.append(f"link add inner{number} type veth peer name eth1 netns {namespaces[name]}")
            commands.append(f"link set inner{number} master inner up")
    namespace.configure(control, commands)
    for name, place in placed.items():
        _configure_host(namespaces[name], place)


@contextmanager
def dropped(instance: str, host: str, ports: Sequence[int], protocols: Sequence[str]) -> Iterator[None]:
    """The host's network loses what the clients send to these ports, until the block ends; nobody is told."""
    inside = state.host_namespace(instance, host)
    made: list[tuple[namespace.Family, str]] = []
    try:
        for family in _FAMILIES:
            for protocol in protocols:
                for port in ports:
                    # A rule that ends in a black hole drops what arrives, an open connection's packets too.
                    rule = f"from {_CLIENT_NETWORK[family]} ipproto {protocol} dport {port} blackhole pref 1"
                    namespace.configure(inside, [f"rule add {rule}"], family)
                    made.append((family, rule))
        yield
    finally:
        for family, rule in made:
            namespace.configure(inside, [f"rule del {rule}"], family)


def _configure_host(inside: str, place: Place) -> None:
    commands = [f"addr add {place.address}/24 dev eth0", f"addr add {place.address6}/64 dev eth0 nodad"]
    commands.append("link set eth0 up")
    if place.inner_address is not None:
        commands += [f"addr add {place.inner_address}/24 dev eth1", "link set eth1 up"]
    namespace.configure(inside, commands)
    for family in _FAMILIES:
        # Leaves room before it for the rules of `dropped`, which would otherwise never be asked.
        namespace.configure(inside, ["rule add lookup local pref 100", "rule del lookup local pref 0"], family)
