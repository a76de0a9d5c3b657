"""A bastion alone reaches what stands behind it, and a filtered port answers nobody of the operator's side."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator

import paramiko
import pytest

from lab.host import Host, HostSpec
from lab.instance import CONTROL_ADDRESS_6, Instance
from lab.network import BadNetwork

_SIP_PORT = 5061
_SERVE = """\
import socket, threading
def tcp(listener):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection,)).start()
def answer(connection):
    while received := connection.recv(100):
        connection.sendall(received)
def udp(waiting):
    while True:
        waiting.sendto(*waiting.recvfrom(100))
waiting = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
waiting.bind(("0.0.0.0", 5061))
listeners = socket.create_server(("0.0.0.0", 5061)), socket.create_server(("::", 5061), family=socket.AF_INET6)
for target, bound in (udp, waiting), *((tcp, listener) for listener in listeners):
    threading.Thread(target=target, args=(bound,)).start()
print("ready", flush=True)
"""


@pytest.fixture(scope="module")
def walled_lab() -> Iterator[Instance]:
    """A bastion, a host behind it and a host beside the clients."""
    specs = (
        HostSpec(name="bastion", domain="bastion.example.test", runs_asterisk=False),
        HostSpec(name="inner", domain="inner.example.test", behind="bastion"),
        HostSpec(name="open", domain="open.example.test", runs_asterisk=False),
    )
    with Instance(f"walled-{os.getpid()}", specs) as instance:
        yield instance


@pytest.fixture
def served(walled_lab: Instance) -> Iterator[Host]:
    """The host beside the clients, with something that answers at 5061 over TCP and UDP, IPv4 and IPv6."""
    host = walled_lab.hosts["open"]
    argv = ["ip", "netns", "exec", f"{walled_lab.namespace}.open", "python3", "-c", _SERVE]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield host
        process.kill()


_SILENCE = 0.5  # seconds without an answer


def connects(lab: Instance, address: str, port: int, within: float = 10) -> bool:
    with lab.inside():
        try:
            socket.create_connection((address, port), timeout=within).close()
        except TimeoutError:
            return False
    return True


def echoes_over_udp(lab: Instance, address: str, within: float = 10) -> bool:
    with lab.inside(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(within)
        sender.sendto(b"hello", (address, _SIP_PORT))
        try:
            return sender.recv(100) == b"hello"
        except TimeoutError:
            return False


def test_the_operator_reaches_the_bastion_and_nothing_behind_it(walled_lab: Instance) -> None:
    inner = walled_lab.hosts["inner"]

    assert connects(walled_lab, walled_lab.hosts["bastion"].address, 22)
    for address in (inner.address, inner.address6):
        with walled_lab.inside(), pytest.raises(OSError, match="unreachable"):
            socket.create_connection((address, 22), timeout=1)


def test_ssh_gets_through_the_bastion_as_deploy(walled_lab: Instance) -> None:
    bastion, inner = walled_lab.hosts["bastion"], walled_lab.hosts["inner"]
    key = paramiko.Ed25519Key.from_private_key_file(str(walled_lab.client_key))

    with paramiko.SSHClient() as jump, paramiko.SSHClient() as session:
        for client in (jump, session):
            client.load_host_keys(str(walled_lab.known_hosts))
        with walled_lab.inside():
            jump.connect(bastion.address, username="deploy", pkey=key)
        transport = jump.get_transport()
        assert transport is not None
        channel = transport.open_channel("direct-tcpip", (inner.address, 22), ("", 0))
        session.connect(inner.address, username="deploy", pkey=key, sock=channel)
        _, output, _ = session.exec_command("hostname")
        assert output.read() == b"inner\n"


def test_a_host_behind_the_bastion_finds_names_and_has_no_way_out(walled_lab: Instance) -> None:
    inner = walled_lab.hosts["inner"]

    assert inner.run(["getent", "hosts", "open.example.test"]).returncode == 0
    assert inner.read("/etc/resolv.conf") == f"nameserver {walled_lab.hosts['bastion'].inner_address}\n".encode()
    assert inner.run(["ip", "route"]).stdout.strip() == (
        f"10.78.0.0/24 dev eth0 proto kernel scope link src {inner.address}".encode()
    )


def test_a_host_behind_the_bastion_can_be_reset(walled_lab: Instance) -> None:
    walled_lab.hosts["inner"].reset()

    assert "fully booted" in walled_lab.hosts["inner"].asterisk("core waitfullybooted")


def test_a_filtered_port_is_silent_to_the_operator(walled_lab: Instance, served: Host) -> None:
    assert connects(walled_lab, served.address, _SIP_PORT)
    assert echoes_over_udp(walled_lab, served.address)

    with walled_lab.filtered(served, [_SIP_PORT]):
        assert not connects(walled_lab, served.address, _SIP_PORT, _SILENCE)
        assert not connects(walled_lab, served.address6, _SIP_PORT, _SILENCE)
        assert not echoes_over_udp(walled_lab, served.address, _SILENCE)

    assert connects(walled_lab, served.address, _SIP_PORT)
    assert connects(walled_lab, served.address6, _SIP_PORT)
    assert echoes_over_udp(walled_lab, served.address)


def test_a_filter_stops_an_open_connection_too(walled_lab: Instance, served: Host) -> None:
    with walled_lab.inside(), socket.create_connection((served.address, _SIP_PORT), timeout=0.5) as connection:
        with walled_lab.filtered(served, [_SIP_PORT]):
            connection.sendall(b"hello")
            with pytest.raises(TimeoutError):
                connection.recv(100)

        connection.settimeout(10)
        assert connection.recv(100) == b"hello"


def test_a_host_starts_again_while_its_ssh_is_filtered(walled_lab: Instance) -> None:
    host = walled_lab.hosts["open"]

    with walled_lab.filtered(host, [22]):
        host.power_cut()
        host.start()
        assert not connects(walled_lab, host.address, 22, _SILENCE)

    assert connects(walled_lab, host.address, 22)


def test_a_filter_leaves_everything_else_alone(walled_lab: Instance, served: Host) -> None:
    bastion = walled_lab.hosts["bastion"]

    with walled_lab.filtered(served, [_SIP_PORT], ["tcp"]):
        assert connects(walled_lab, served.address, 22)
        assert echoes_over_udp(walled_lab, served.address)
        for near in (served, bastion):  # the host itself and its neighbours
            argv = ["timeout", "5", "bash", "-c", f"exec 3<>/dev/tcp/{served.address}/{_SIP_PORT}"]
            assert near.run(argv).returncode == 0


def test_hosts_and_clients_have_ipv6_addresses_with_names_of_their_own(walled_lab: Instance) -> None:
    host = walled_lab.hosts["open"]

    assert (host.address6, host.domain6) == ("fd77::13", "open6.example.test")
    assert walled_lab.run(["getent", "ahostsv6", host.domain6]).stdout.split()[0] == b"fd77::13"
    assert walled_lab.run(["getent", "ahosts", host.domain]).stdout.split()[0] == host.address.encode()
    with walled_lab.inside(), socket.create_connection((host.address6, 22), timeout=5) as connection:
        assert connection.getsockname()[0] == CONTROL_ADDRESS_6
        assert connection.recv(8) == b"SSH-2.0-"


@pytest.mark.parametrize("behind", ["nowhere", "itself", "inner"])
def test_a_host_stands_behind_no_host_but_one_beside_the_clients(behind: str) -> None:
    specs = (
        HostSpec(name="bastion", domain="bastion.example.test"),
        HostSpec(name="inner", domain="inner.example.test", behind="bastion"),
        HostSpec(name="itself", domain="itself.example.test", behind=behind),
    )

    with pytest.raises(BadNetwork, match="itself cannot stand behind"):
        Instance("refused", specs)
