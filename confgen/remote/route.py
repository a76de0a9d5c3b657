"""The way to a PBX's host: the inventory's word before `~/.ssh/config`, that before what ssh does anyway."""

from __future__ import annotations

import getpass
import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from confgen.remote.client_config import ClientConfig, HostSettings, of_home
from confgen.remote.hop import Hop
from confgen.remote.known_hosts import SSH_PORT, known_as

if TYPE_CHECKING:
    from confgen.model.inventory import JumpHost, SshAccess

_JUMP = re.compile(r"(?:ssh://)?(?:(?P<user>[^@]+)@)?(?P<host>\[[^]]+]|[^:\[\]]+)(?::(?P<port>\d+))?/?")
_JUMP_DEPTH = 8

_FAMILIES = {"any": socket.AF_UNSPEC, "inet": socket.AF_INET, "inet6": socket.AF_INET6}
_KNOWN_HOSTS = ("~/.ssh/known_hosts", "~/.ssh/known_hosts2")
_GLOBAL_KNOWN_HOSTS = ("/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2")
_IDENTITY_FILES = ("~/.ssh/id_rsa", "~/.ssh/id_ecdsa", "~/.ssh/id_ed25519")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Jump:
    """A jump host as a ProxyJump line names it."""

    host: str
    user: str | None
    port: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The hops in the order in which they are taken."""

    jumps: tuple[Hop, ...]
    host: Hop  # the PBX's own


def route(config: ClientConfig, access: SshAccess, *, name: str, folder: Path, timeout: float) -> Route:
    """The way to a PBX's host, nothing of it tried yet."""
    # As in ssh, jump hosts that are named beforehand stand above a ProxyCommand of the configuration.
    way = {} if access.jump_hosts is None else {"ProxyCommand": "none"}
    settings = config.settings(access.address, {**_given(access), **way})
    if access.jump_hosts is None:
        jumps = _jumps(config, settings, timeout, depth=0)
    else:
        jumps = _named_jumps(config, access.jump_hosts, folder, timeout)
    return Route(
        jumps=jumps,
        host=_hop(settings, label=name, timeout=timeout, named=_Named.by_inventory(access, folder)),
    )


def _given(named: SshAccess | JumpHost) -> dict[str, str | None]:
    return {"User": named.user, "Port": None if named.port is None else str(named.port)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """What the inventory says of keys; of a jump host that `~/.ssh/config` names it says nothing."""

    identity_file: Path | None = None
    known_hosts: Path | None = None
    host_key: str | None = None

    @classmethod
    def by_inventory(cls, access: SshAccess | JumpHost, folder: Path) -> _Named:
        return cls(
            identity_file=_beside(folder, access.identity_file),
            known_hosts=_beside(folder, access.known_hosts),
            host_key=access.host_key,
        )


def _beside(folder: Path, path: str | None) -> Path | None:
    return None if path is None else folder / of_home(path)


def _jumps(config: ClientConfig, settings: HostSettings, timeout: float, *, depth: int) -> tuple[Hop, ...]:
    """As ssh does it: the first jump host may have jump hosts of its own, each other is reached from the one before."""
    line = settings.text("proxyjump")
    if line is None:
        return ()
    if depth == _JUMP_DEPTH:
        raise settings.unsupported("ProxyJump that leads round in a circle")
    jumps = [_parse_jump(settings, word.strip()) for word in line.split(",")]
    hops: list[Hop] = []
    for jump in jumps:
        jump_settings = config.settings(jump.host, {"User": jump.user, "Port": jump.port})
        if not hops:
            hops.extend(_jumps(config, jump_settings, timeout, depth=depth + 1))
        hops.append(_hop(jump_settings, label=f"jump host {jump.host}", timeout=timeout, named=_Named()))
    return tuple(hops)


def _named_jumps(
    config: ClientConfig, jump_hosts: tuple[JumpHost, ...], folder: Path, timeout: float
) -> tuple[Hop, ...]:
    """Those of the inventory, of which again only the first may have jump hosts of its own in the configuration."""
    hops: list[Hop] = []
    for jump in jump_hosts:
        settings = config.settings(jump.address, _given(jump))
        if not hops:
            hops.extend(_jumps(config, settings, timeout, depth=1))
        named = _Named.by_inventory(jump, folder)
        hops.append(_hop(settings, label=f"jump host {jump.address}", timeout=timeout, named=named))
    return tuple(hops)


def _parse_jump(settings: HostSettings, word: str) -> _Jump:
    match = _JUMP.fullmatch(word)
    if match is None:
        raise settings.unsupported(f"ProxyJump {word}")
    return _Jump(host=match["host"].strip("[]"), user=match["user"], port=match["port"])


def _hop(settings: HostSettings, *, label: str, timeout: float, named: _Named) -> Hop:
    address = settings.text("hostname") or settings.host
    port = settings.number("port") or SSH_PORT
    identity_files = settings.paths("identityfile")
    if named.identity_file is not None:
        identity_files = (named.identity_file,)
    return Hop(
        label=label,
        address=address,
        port=port,
        user=settings.text("user") or getpass.getuser(),
        known_as=settings.text("hostkeyalias") or known_as(address, port),
        known_hosts=_known_hosts(settings, named),
        host_key=named.host_key,
        identity_files=_expanded(_IDENTITY_FILES) if identity_files is None else identity_files,
        identity_is_named=identity_files is not None,
        other_keys_of_agent=named.identity_file is None and not settings.is_set("identitiesonly"),
        agent_socket=_agent_socket(settings),
        timeout=settings.number("connecttimeout") or timeout,
        family=_family(settings),
    )


def _known_hosts(settings: HostSettings, named: _Named) -> tuple[Path, ...]:
    if named.known_hosts is not None:
        return (named.known_hosts,)
    of_user = settings.paths("userknownhostsfile")
    of_machine = settings.paths("globalknownhostsfile")
    return (
        *(_expanded(_KNOWN_HOSTS) if of_user is None else of_user),
        *(_expanded(_GLOBAL_KNOWN_HOSTS) if of_machine is None else of_machine),
    )


def _agent_socket(settings: HostSettings) -> Path | None:
    """Where the agent listens; IdentityAgent may name a variable of the environment, or no agent at all."""
    word = settings.values.get("identityagent") or "SSH_AUTH_SOCK"
    if not isinstance(word, str) or word.lower() == "none":
        return None
    if word == "SSH_AUTH_SOCK" or word.startswith("$"):
        path = os.environ.get(word.strip("${}"))
        return Path(path) if path else None
    return settings.path(word)


def _family(settings: HostSettings) -> socket.AddressFamily:
    word = (settings.text("addressfamily") or "any").lower()
    if word not in _FAMILIES:
        raise settings.unsupported(f"AddressFamily {word}")
    return _FAMILIES[word]


def _expanded(paths: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(of_home(path) for path in paths)
