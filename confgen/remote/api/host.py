"""A PBX that is asked through its API: over its SSH connection, or without one where it is hosted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.host import Command, Completed
from confgen.model.stream import Barred, Stream
from confgen.remote.api.client import ApiClient
from confgen.remote.api.errors import NoSsh
from confgen.remote.api.place import ApiPlace
from confgen.streams import tcp

if TYPE_CHECKING:
    from confgen.model.api import ApiAccess, ApiAnswer, ApiRequest
    from confgen.model.secret import Secret
    from confgen.model.shelf import Shelf
    from confgen.remote.ssh import SshHost

_LOOPBACK = "127.0.0.1"


class PbxApi:
    """Fulfils ApiHost."""

    def __init__(self, name: str, client: ApiClient, shelf: Shelf, ssh: SshHost | None) -> None:
        self._name = name
        self._client = client
        self._shelf = shelf
        self._ssh = ssh

    @property
    def name(self) -> str:
        """The PBX's name in the inventory."""
        return self._name

    @property
    def shelf(self) -> Shelf:
        """What the operator keeps of this PBX."""
        return self._shelf

    def request(self, request: ApiRequest, /) -> ApiAnswer:
        """Ask the API as the client that the inventory names; HostError where it could not be asked or told."""
        return self._client.ask(request)

    def run(self, command: Command, /) -> Completed:
        """Run a command to its end; HostError when it could not be run or told."""
        if self._ssh is None:
            raise NoSsh(f"{self._name}: there is no SSH to run {command.argv[0]} through; {_ONLY_API}")
        return self._ssh.run(command)

    def dial(self, address: str, port: int, timeout: float, /) -> Stream:
        """A TCP connection made by the host itself, seen from inside its network."""
        if self._ssh is None:
            raise Barred(f"there is no SSH to connect through; {_ONLY_API}")
        return self._ssh.dial(address, port, timeout)

    def again(self) -> None:
        """Connect anew where the connection has broken; HostError where the host cannot be reached."""
        self._client.disconnect()
        if self._ssh is not None:
            self._ssh.again()

    def close(self) -> None:
        """End the connection at once; twice is fine."""
        self._client.disconnect()
        if self._ssh is not None:
            self._ssh.close()

    def __repr__(self) -> str:
        return f"PbxApi({self._name})"


_ONLY_API = "`api: {direct: true}` says that its API is all there is"


def through_ssh(ssh: SshHost, access: ApiAccess, *, secret: Secret, authority: str | None, shelf: Shelf) -> PbxApi:
    """The API of a PBX, over channels of the SSH connection to its host; `authority` is PEM."""
    place = ApiPlace(
        pbx=ssh.name,
        name=access.name,
        port=access.port,
        way="through SSH",
        mend=f"is port {access.port} the HTTPS port of the PBX's console, does it run, and may the user of SSH connect "
        f'there (AllowTcpForwarding, permitopen="{_LOOPBACK}:{access.port}")?',
        dial=lambda timeout: ssh.dial(_LOOPBACK, access.port, timeout),
    )
    return PbxApi(ssh.name, ApiClient(place, access, secret=secret, authority=authority), shelf, ssh)


def directly(
    pbx: str, address: str, access: ApiAccess, *, secret: Secret, authority: str | None, shelf: Shelf
) -> PbxApi:
    """The API of a PBX that has no SSH, over connections of this machine; `authority` is PEM."""
    place = ApiPlace(
        pbx=pbx,
        name=access.name,
        port=access.port,
        way="directly",
        mend=f"is {address} the PBX's address, and does its console take connections from here on port {access.port}?",
        dial=lambda timeout: tcp.connect(address, access.port, timeout),
    )
    return PbxApi(pbx, ApiClient(place, access, secret=secret, authority=authority), shelf, None)
