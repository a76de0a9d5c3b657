"""A named, independent set of hosts on a network of its own, with a guardian that outlives its owner."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from lab import guardian, namespace, network, state
from lab.host import Host, HostSpec
from lab.keeper import Keeper
from lab.machine import environment, require_machine
from lab.network import CLIENT_ADDRESSES, CONTROL_ADDRESS, CONTROL_ADDRESS_6
from lab.owner import this_process
from lab.root_folder import Report, Root, build
from lab.seed import Seed, lay_seed
from lab.ssh_keys import SshKey, make_ssh_key

__all__ = ["CLIENT_ADDRESSES", "CONTROL_ADDRESS", "CONTROL_ADDRESS_6", "Instance"]


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
        self._name_servers: list[subprocess.Popen[bytes]] = []
        names = [state.check_name(spec.name) for spec in self._specs]
        if len(set(names)) != len(names) or len(names) > network.MOST_HOSTS:
            raise ValueError(f"hosts need names of their own, and are at most {network.MOST_HOSTS}: {names}")
        self._places = network.places({spec.name: spec.behind for spec in self._specs})

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
            network.lay(self.name, self._places)
            host_keys = {spec.name: make_ssh_key() for spec in self._specs}
            layers = self._lay_seeds(host_keys, roots)
            self._keeper = Keeper(self.name, layers, CONTROL_ADDRESS)
            self._start_name_servers(self._keeper)
            for spec in self._specs:
                self.hosts[spec.name] = Host(
                    spec,
                    instance=self.name,
                    place=self._places[spec.name],
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
        for name_server in self._name_servers:
            name_server.wait()
        self._name_servers = []
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

    def filtered(
        self, host: Host, ports: Sequence[int], protocols: Sequence[str] = ("tcp", "udp")
    ) -> AbstractContextManager[None]:
        """What the clients send to these ports of the host vanishes until the block ends, as at a firewall."""
        return network.dropped(self.name, host.name, ports, protocols)

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

    def _lay_seeds(self, host_keys: Mapping[str, SshKey], roots: Mapping[Root, Path]) -> dict[str, str]:
        """Write keys and names; give each host's read-only layers."""
        client = make_ssh_key()
        self.client_key.parent.mkdir(mode=0o700)
        self.client_key.touch(mode=0o600)
        self.client_key.write_bytes(client.private)
        known = []
        lines = ["127.0.0.1 localhost\n"]
        for spec in self._specs:
            place = self._places[spec.name]
            known.append(
                f"{place.address},{place.address6},{spec.domain},{spec.domain6} {host_keys[spec.name].public}\n"
            )
            lines.append(f"{place.address} {spec.domain} {spec.name}\n")
            lines.append(f"{place.address6} {spec.domain6}\n")
        self.known_hosts.write_text("".join(known), encoding="ascii")
        table = "".join(lines)
        (self.folder / "hosts").write_text(table, encoding="ascii")
        layers = {}
        for spec in self._specs:
            layer = self.folder / "seeds" / spec.name
            layer.mkdir(parents=True)
            seed = Seed(
                host_name=spec.name,
                hosts_table=table,
                name_server=self._places[spec.name].name_server,
                host_key=host_keys[spec.name],
                authorized_key=client.public,
                masked_units=() if spec.runs_asterisk else (spec.layout.service,),
            )
            lay_seed(seed, roots[spec.root], layer)
            layers[spec.name] = f"{layer}:{roots[spec.root]}"
        return layers

    def _start_name_servers(self, keeper: Keeper) -> None:
        """One among the clients, and one on each bastion for those behind it."""
        self._start_name_server(keeper, self.namespace, (CONTROL_ADDRESS, "127.0.0.1"))
        for name, place in self._places.items():
            if place.inner_address is not None:
                self._start_name_server(keeper, state.host_namespace(self.name, name), (place.inner_address,))

    def _start_name_server(self, keeper: Keeper, inside: str, addresses: Sequence[str]) -> None:
        # Asterisk resolves SIP names by DNS only, never by /etc/hosts.
        argv = ["dnsmasq", "--conf-file=", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--user=root"]
        argv += ["--pid-file=", "--bind-interfaces", "--local=/test/", "--log-facility=-"]
        argv += [f"--listen-address={','.join(addresses)}", f"--addn-hosts={self.folder / 'hosts'}"]
        with (self.folder / f"{inside}.dnsmasq.log").open("wb") as log, namespace.entered(inside):
            self._name_servers.append(
                subprocess.Popen(
                    keeper.with_mounts(argv), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment()
                )
            )
