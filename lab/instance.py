"""A named, independent set of hosts on a network of its own, with a guardian that outlives its owner."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from lab import guardian, namespace, state
from lab.host import Host, HostSpec
from lab.keeper import Keeper
from lab.machine import environment, require_machine
from lab.owner import this_process
from lab.root_folder import Report, Root, build
from lab.seed import Seed, lay_seed
from lab.ssh_keys import SshKey, make_ssh_key

CONTROL_ADDRESS = "10.77.0.1"
# More addresses of the clients' side, for who must come from an address of its own.
CLIENT_ADDRESSES = (CONTROL_ADDRESS, "10.77.0.2", "10.77.0.3")
_FIRST_HOST = 11
_MOST_HOSTS = 200


class Instance:
    """Hosts that are up from `up()` to `down()`, or for the length of a `with` block."""

    def __init__(self, name: str, hosts: Sequence[HostSpec], report: Report = lambda _: None) -> None:
        """Say what is wanted; `report` hears how the root folders are built."""
        self.name = state.check_name(name)
        self.folder = state.instance_folder(name)
        self.hosts: dict[str, Host] = {}
        self.namespace = state.control_namespace(name)
        self._specs = tuple(hosts)
        self._report = report
        self._guardian: subprocess.Popen[bytes] | None = None
        self._keeper: Keeper | None = None
        self._name_server: subprocess.Popen[bytes] | None = None
        names = [state.check_name(spec.name) for spec in self._specs]
        if len(set(names)) != len(names) or len(names) > _MOST_HOSTS:
            raise ValueError(f"hosts need names of their own, and are at most {_MOST_HOSTS}: {names}")

    @property
    def client_key(self) -> Path:
        """The private key that root and deploy of every host accept."""
        return self.folder / "ssh" / "id_ed25519"

    @property
    def known_hosts(self) -> Path:
        """The hosts' keys as OpenSSH's known_hosts, by address and by name."""
        return self.folder / "ssh" / "known_hosts"

    def __enter__(self) -> Self:
        """Bring the instance up."""
        self.up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Bring the instance down."""
        self.down()

    def up(self) -> None:
        """Build what lacks, then boot all hosts at once; whatever fails, nothing stays behind."""
        require_machine()
        roots = {spec.root: build(spec.root, self._report).folder for spec in self._specs}
        state.claim(self.name)
        try:
            self._guardian = guardian.start(self.name, this_process())
            addresses = {spec.name: f"10.77.0.{_FIRST_HOST + number}" for number, spec in enumerate(self._specs)}
            self._make_network(addresses)
            host_keys = {spec.name: make_ssh_key() for spec in self._specs}
            layers = self._lay_seeds(addresses, host_keys, roots)
            self._keeper = Keeper(self.name, layers, CONTROL_ADDRESS)
            self._name_server = self._start_name_server()
            for spec in self._specs:
                self.hosts[spec.name] = Host(
                    spec,
                    instance=self.name,
                    address=addresses[spec.name],
                    fingerprint=host_keys[spec.name].fingerprint,
                    keeper=self._keeper,
                )
            with ThreadPoolExecutor(max_workers=max(1, len(self.hosts))) as executor:
                list(executor.map(Host.start, self.hosts.values()))
        except BaseException:
            self.down()
            raise

    def down(self) -> None:
        """Kill and remove everything of the instance."""
        state.tear_down(self.name, this_process())
        for host in self.hosts.values():
            host.power_cut()
        self.hosts = {}
        if self._name_server is not None:
            self._name_server.wait()
            self._name_server = None
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None
        if self._guardian is not None:
            self._guardian.kill()
            self._guardian.wait()
            self._guardian = None

    def inside(self) -> AbstractContextManager[None]:
        """The calling thread is in the clients' network until the block ends; what it starts there inherits it."""
        return namespace.entered(self.namespace)

    def popen(
        self,
        argv: Sequence[str],
        *,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        stdout: int | IO[bytes] | None = None,
        stderr: int | IO[bytes] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a process in the clients' network that finds the hosts by name and ends with the instance."""
        if self._keeper is None:
            raise RuntimeError(f"the lab instance {self.name!r} is not up")
        return subprocess.Popen(
            self._keeper.entering(argv),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env=env,
        )

    def run(
        self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a process as `popen` does and wait for its end."""
        with self.popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            try:
                output, errors = process.communicate(stdin, timeout)
            except BaseException:
                process.kill()
                raise
        return subprocess.CompletedProcess(list(argv), process.returncode, output, errors)

    def _make_network(self, addresses: Mapping[str, str]) -> None:
        host_namespaces = {name: state.host_namespace(self.name, name) for name in addresses}
        namespace.add([self.namespace, *host_namespaces.values()])
        commands = ["link add bridge type bridge", "link set bridge up"]
        commands += [f"addr add {address}/24 dev bridge" for address in CLIENT_ADDRESSES]
        for number, in_host in enumerate(host_namespaces.values()):
            commands.append(f"link add host{number} type veth peer name eth0 netns {in_host}")
            commands.append(f"link set host{number} master bridge up")
        namespace.configure(self.namespace, commands)
        for name, in_host in host_namespaces.items():
            namespace.configure(in_host, [f"addr add {addresses[name]}/24 dev eth0", "link set eth0 up"])

    def _lay_seeds(
        self, addresses: Mapping[str, str], host_keys: Mapping[str, SshKey], roots: Mapping[Root, Path]
    ) -> dict[str, str]:
        """Write keys and names; give each host's read-only layers."""
        client = make_ssh_key()
        self.client_key.parent.mkdir(mode=0o700)
        self.client_key.touch(mode=0o600)
        self.client_key.write_bytes(client.private)
        known = [f"{addresses[spec.name]},{spec.domain} {host_keys[spec.name].public}\n" for spec in self._specs]
        self.known_hosts.write_text("".join(known), encoding="ascii")
        lines = [f"{addresses[spec.name]} {spec.domain} {spec.name}\n" for spec in self._specs]
        table = "".join(["127.0.0.1 localhost\n", *lines])
        (self.folder / "hosts").write_text(table, encoding="ascii")
        layers = {}
        for spec in self._specs:
            layer = self.folder / "seeds" / spec.name
            layer.mkdir(parents=True)
            seed = Seed(
                host_name=spec.name,
                hosts_table=table,
                name_server=CONTROL_ADDRESS,
                host_key=host_keys[spec.name],
                authorized_key=client.public,
                runs_asterisk=spec.runs_asterisk,
            )
            lay_seed(seed, roots[spec.root], layer)
            layers[spec.name] = f"{layer}:{roots[spec.root]}"
        return layers

    def _start_name_server(self) -> subprocess.Popen[bytes]:
        # Asterisk resolves SIP names by DNS only, never by /etc/hosts.
        argv = ["dnsmasq", "--conf-file=", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--user=root"]
        argv += ["--pid-file=", "--bind-interfaces", f"--listen-address={CONTROL_ADDRESS},127.0.0.1", "--local=/test/"]
        argv += [f"--addn-hosts={self.folder / 'hosts'}", "--log-facility=-"]
        with (self.folder / "dnsmasq.log").open("wb") as log:
            return self.popen(argv, stdout=log, stderr=log, env=environment())
