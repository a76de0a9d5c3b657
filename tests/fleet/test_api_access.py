"""A PBX with an API is reached through it, with its client's secret resolved late and shown nowhere."""

from __future__ import annotations

import pickle
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest

from confgen.fleet.api_access import NotResolved, reach
from confgen.fleet.connections import Connections
from confgen.fleet.job import Silent, Site
from confgen.fleet.stop import Stop
from confgen.model.api import ApiAccess, ApiHost
from confgen.model.inventory import Inventory, Pbx
from confgen.model.secret import SecretReference, SecretSource
from confgen.remote.api.host import PbxApi
from confgen.remote.ssh import SshHost
from tests.model.pbxs import a_pbx, reference

SECRET = "sentinel-client-secret"


class Dialled:
    """An SSH connection that is only open or closed."""

    def __init__(self) -> None:
        self.made = 0
        self.name = "site"
        self.is_open = False

    def dial(self, _access: object, **_settings: Any) -> SshHost:  # noqa: ANN401 -- whatever is asked
        self.made += 1
        self.is_open = True
        return cast("SshHost", self)

    def close(self) -> None:
        self.is_open = False


def _access(**changes: Any) -> ApiAccess:  # noqa: ANN401 -- any field of it
    parts: dict[str, Any] = {
        "name": "site.example.test",
        "port": 5001,
        "client": "confgen",
        "secret": reference("API_SECRET"),
        **changes,
    }
    return ApiAccess(**parts)


def _pbx(**changes: Any) -> Pbx:  # noqa: ANN401 -- any field of its API
    return a_pbx(name="site", api=_access(**changes))


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("API_SECRET", SECRET)
    return tmp_path / "state"


def test_a_pbx_with_an_api_is_reached_through_ssh_and_its_api(tmp_path: Path) -> None:
    ssh = Dialled()
    with ExitStack() as stack:
        connections = Connections(Inventory(pbxs=(), folder=str(tmp_path)), stack, dial=ssh.dial)
        host = connections.to(_pbx())

        assert isinstance(host, ApiHost)
        assert connections.to(_pbx()) is host
        assert host.name == "site"
        assert ssh.made == 1
    assert not ssh.is_open


def test_a_hosted_pbx_is_reached_without_ssh(tmp_path: Path) -> None:
    ssh = Dialled()
    with ExitStack() as stack:
        connections = Connections(Inventory(pbxs=(), folder=str(tmp_path)), stack, dial=ssh.dial)

        assert isinstance(connections.to(_pbx(is_direct=True)), ApiHost)

    assert ssh.made == 0


def test_a_pbx_without_an_api_is_its_host_alone(tmp_path: Path) -> None:
    ssh = Dialled()
    with ExitStack() as stack:
        connections = Connections(Inventory(pbxs=(), folder=str(tmp_path)), stack, dial=ssh.dial)

        assert connections.to(a_pbx()) is cast("object", ssh)


def test_what_is_kept_of_it_lies_under_its_apis_name(tmp_path: Path, state: Path) -> None:
    api = reach(_pbx(), _access(), folder=tmp_path, dial=Dialled().dial)
    api.shelf.write("generations/1", "{}\n")

    assert (state / "confgen" / "pbx" / "site.example.test+5001" / "generations.1").read_text() == "{}\n"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"secret": reference("NOT_SET")}, "SEC-01"),
        ({"authority": SecretReference(SecretSource.FILE, ("absent.pem",))}, "SEC-02"),
    ],
)
def test_what_cannot_be_resolved_is_told_before_anybody_is_reached(
    tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    ssh = Dialled()

    with pytest.raises(NotResolved, match=r"^site: secret ") as error:
        reach(_pbx(**changes), _access(**changes), folder=tmp_path, dial=ssh.dial)

    assert error.value.code == code
    assert ssh.made == 0


def test_paths_start_at_the_folder_of_the_inventory(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    access = _access(secret=SecretReference(SecretSource.FILE, ("secret",)))

    assert isinstance(reach(_pbx(), access, folder=tmp_path, dial=Dialled().dial), PbxApi)


def test_no_secret_goes_to_another_process_or_into_a_repr(tmp_path: Path) -> None:
    with ExitStack() as stack:
        connections = Connections(Inventory(pbxs=(_pbx(),), folder=str(tmp_path)), stack, dial=Dialled().dial)
        host = connections.to(_pbx())
        site = pickle.dumps(Site(connections, Silent(), Stop()))

        assert SECRET.encode() not in site
        assert SECRET not in repr(host) + repr(vars(host))
        with pytest.raises((TypeError, AttributeError)):
            pickle.dumps(host)
        assert pickle.loads(site).connections.folder == str(tmp_path)  # noqa: S301 -- our own, of a line above


def test_nobody_waits_for_http_to_load_who_has_no_api() -> None:
    look = "import sys, confgen.fleet.work; print(sorted({'h11', 'httpcore'} & set(sys.modules)))"

    told = subprocess.run([sys.executable, "-c", look], check=True, capture_output=True, text=True)

    assert told.stdout == "[]\n"
