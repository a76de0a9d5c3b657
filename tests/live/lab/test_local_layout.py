"""An Asterisk under /usr/local lives like a packaged one, and of the package's places none is left."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.layout import LOCAL
from lab.root_folder import Root

pytestmark = pytest.mark.full

_SPECS = (
    HostSpec(name="new", domain="new.example.test", layout=LOCAL),
    HostSpec(name="old", domain="old.example.test", root=Root.ASTERISK_16, layout=LOCAL),
)


@pytest.fixture(scope="module")
def local_lab() -> Iterator[Instance]:
    with Instance(f"local-{os.getpid()}", _SPECS) as instance:
        yield instance


@pytest.fixture(params=[spec.name for spec in _SPECS])
def host(request: pytest.FixtureRequest, local_lab: Instance) -> Host:
    return local_lab.hosts[request.param]


def said(host: Host, *argv: str) -> str:
    return host.run(argv).stdout.decode().strip()


def test_it_runs_as_its_own_user_from_its_own_service(host: Host) -> None:
    pid = said(host, "systemctl", "show", "--property=MainPID", "--value", "pbx.service")

    assert said(host, "readlink", f"/proc/{pid}/exe") == "/usr/local/sbin/asterisk"
    assert said(host, "ps", "-o", "user=", "-p", pid) == "pbx"
    assert said(host, "stat", "--format=%U:%G", "/usr/local/sbin/asterisk") == "root:root"
    assert said(host, "systemctl", "is-active", "pbx.service") == "active"


def test_it_reads_and_keeps_everything_under_usr_local(host: Host) -> None:
    settings = host.asterisk("core show settings")
    directories = [line.partition(":")[2].strip() for line in settings.splitlines() if " directory:" in line]

    assert len(directories) >= 8
    assert {directory for directory in directories if not directory.startswith("/usr/local/")} == set()
    assert host.asterisk("module show like res_srtp").splitlines()[-1] == "1 modules loaded"


def test_its_sounds_are_found(host: Host) -> None:
    host.run(["test", "-s", "/usr/local/share/asterisk/sounds/en/hello-world.gsm"], check=True)
    dangling = said(host, "find", "/usr/local", "-xtype", "l", "-not", "-path", "/usr/local/man")

    assert dangling == ""


def test_the_packages_own_places_are_gone(host: Host) -> None:
    for path in ("/etc/asterisk", "/usr/sbin/asterisk", "/var/lib/asterisk", "/run/asterisk", "/usr/share/asterisk"):
        assert host.run(["test", "-e", path]).returncode == 1, path
    assert said(host, "systemctl", "show", "--property=LoadState", "--value", "asterisk.service") == "not-found"
    assert host.run(["id", "asterisk"]).returncode == 1
    assert said(host, "find", "/usr/local", "/etc", "-nouser") == ""


def test_it_survives_restart_power_cut_and_reset(host: Host) -> None:
    host.run(["systemctl", "restart", "pbx"], check=True)
    assert "fully booted" in host.asterisk("core waitfullybooted")

    host.write("/usr/local/etc/asterisk/pjsip.conf", b"; ours\n")
    host.power_cut()
    host.start()
    assert host.read("/usr/local/etc/asterisk/pjsip.conf") == b"; ours\n"
    assert host.asterisk("core show version").startswith("Asterisk ")

    host.reset()
    assert host.read("/usr/local/etc/asterisk/pjsip.conf") != b"; ours\n"
    assert host.asterisk("core show version").startswith("Asterisk ")
