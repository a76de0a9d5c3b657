"""A connection to a PBX that is asked through its API, with what its inventory refers to resolved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from confgen.fleet.references import all_references
from confgen.fleet.shelf import DiskShelf
from confgen.model.api import ApiAccess
from confgen.model.host import HostError
from confgen.model.inventory import Pbx
from confgen.model.secret import Secret, SecretReference
from confgen.remote.api.host import PbxApi, directly, through_ssh
from confgen.remote.ssh import SshHost
from confgen.secrets.resolution import Resolver

Dial = Callable[..., SshHost]


class NotResolved(HostError):
    """What the API is asked with could not be had; `code` is that of the secret's finding."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def reach(pbx: Pbx, access: ApiAccess, *, folder: Path, dial: Dial, resolver: Resolver | None = None) -> PbxApi:
    """Through the SSH connection that `dial` makes, or directly; the API itself is asked for nothing yet.

    Paths and commands of the inventory start at its `folder`. HostError where the host cannot be reached, or a secret
    not resolved.
    """
    resolver = resolver or Resolver()
    secret = _resolved(pbx, access.secret, folder, resolver)
    authority = None if access.authority is None else _resolved(pbx, access.authority, folder, resolver).reveal()
    shelf = DiskShelf(access.name, access.port)
    if access.is_direct:
        return directly(pbx.name, pbx.ssh.address, access, secret=secret, authority=authority, shelf=shelf)
    ssh = dial(pbx.ssh, name=pbx.name, folder=folder)
    return through_ssh(ssh, access, secret=secret, authority=authority, shelf=shelf)


def _resolved(pbx: Pbx, reference: SecretReference, folder: Path, resolver: Resolver) -> Secret:
    resolved = resolver.resolve({reference}, folder=folder, others=all_references(pbx))
    if reference not in resolved.secrets:
        (missing,) = resolved.findings
        raise NotResolved(f"{pbx.name}: {missing.message}; {missing.mend}", missing.code)
    return resolved.secrets[reference]
