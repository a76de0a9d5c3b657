"""A 3CX, played by the contract fake, is asked through the real sshd of its host; no port of this machine is opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from confgen.drivers import threecx
from confgen.model.api import ApiAccess, ApiRequest
from confgen.model.host import HostError
from confgen.model.inventory import SshAccess
from confgen.model.secret import Secret, SecretReference, SecretSource
from confgen.remote.api.errors import ClientRefused, TlsRefused
from confgen.remote.api.host import PbxApi, directly, through_ssh
from confgen.remote.ssh import connect
from lab.host import HostSpec
from lab.instance import Instance
from lab.pki import Authority, make_authority
from lab.threecx.quirks import Cut, CutMoment, Quirks
from lab.threecx.service import ThreeCx
from tests.drivers.threecx.site import a_site
from tests.remote.memory_shelf import MemoryShelf

SECRET = "the-secret-of-the-client"
_NOWHERE = SecretReference(SecretSource.ENVIRONMENT, ("NOT_RESOLVED_HERE",))


@pytest.fixture(scope="module")
def lab() -> Iterator[Instance]:
    spec = HostSpec(name="site", domain="site.example.test", runs_asterisk=False)
    with Instance(f"threecx-{os.getpid()}", [spec]) as instance:
        yield instance


@pytest.fixture(scope="module")
def authority() -> Authority:
    return make_authority()


@pytest.fixture(scope="module")
def served_site(lab: Instance, authority: Authority) -> Iterator[ThreeCx]:
    with ThreeCx(host=lab.hosts["site"], authority=authority, secret=SECRET) as threecx:
        yield threecx


@pytest.fixture
def site(served_site: ThreeCx) -> ThreeCx:
    """A new PBX for every test."""
    served_site.renew()
    return served_site


def reached(lab: Instance, site: ThreeCx, trusted: Authority, secret: str = SECRET) -> PbxApi:
    ssh = SshAccess(
        address=site.host.address,
        user="root",
        port=None,
        host_key=site.host.fingerprint,
        known_hosts=None,
        identity_file=str(lab.client_key),
    )
    access = ApiAccess(name=site.host.domain, port=site.port, client=site.client, secret=_NOWHERE)
    with lab.inside():
        connected = connect(ssh, name="site", folder=Path("/"))
    return through_ssh(connected, access, secret=Secret(secret), authority=trusted.pem.decode(), shelf=MemoryShelf())


def test_objects_are_written_and_read_through_ssh(lab: Instance, site: ThreeCx, authority: Authority) -> None:
    with closing(reached(lab, site, authority)) as api:
        body = {"LocalCodecList": ["PCMA"]}
        assert api.request(ApiRequest(method="PATCH", path="/xapi/v1/CodecsSettings", body=body)).status == 204
        read = api.request(ApiRequest(method="GET", path="/xapi/v1/CodecsSettings"))

    assert read.body["LocalCodecList"] == ["PCMA"]
    assert "contract fake" in read.headers["x-contract-fake"]
    assert [one.path for one in site.log()] == ["/connect/token", "/xapi/v1/CodecsSettings", "/xapi/v1/CodecsSettings"]
    assert site.objects()["singletons"]["CodecsSettings"]["LocalCodecList"] == ["PCMA"]


@pytest.mark.full
def test_a_doctor_knocks_at_its_doors_from_its_host(lab: Instance, site: ThreeCx, authority: Authority) -> None:
    with closing(reached(lab, site, authority)) as api:
        examined = threecx.examine(api, a_site(domain=site.host.domain))

    assert [found for found in examined if found.is_ok is False] == []
    doors = [found.found for found in examined if found.subject == "doors"]
    assert f"{site.port} (TCP), the port of HTTPS, takes connections on the host itself" in doors
    assert "nothing listens on 5061 (TCP), the port of SIP over TLS, on the host itself" in doors
    assert SECRET not in str(examined)


@pytest.mark.full
def test_a_certificate_of_a_stranger_gets_no_secret(lab: Instance, site: ThreeCx) -> None:
    with closing(reached(lab, site, make_authority("stranger"))) as api, pytest.raises(TlsRefused):
        api.request(ApiRequest(method="GET", path="/xapi/v1/Defs"))

    assert site.log() == ()


@pytest.mark.full
def test_a_token_that_is_revoked_is_renewed(lab: Instance, site: ThreeCx, authority: Authority) -> None:
    site.misbehave(Quirks(requests_per_token=1))
    with closing(reached(lab, site, authority)) as api:
        statuses = [api.request(ApiRequest(method="GET", path="/xapi/v1/Defs")).status for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert site.token_tries == 3


def test_a_wrong_secret_is_tried_once(lab: Instance, site: ThreeCx, authority: Authority) -> None:
    for _ in range(2):
        with closing(reached(lab, site, authority, secret="wrong")) as api, pytest.raises(ClientRefused):
            api.request(ApiRequest(method="GET", path="/xapi/v1/Defs"))

    assert site.token_tries == 1


@pytest.mark.parametrize(
    "moment",
    [
        CutMoment.AFTER,
        pytest.param(CutMoment.BEFORE, marks=pytest.mark.full),
        pytest.param(CutMoment.MIDWAY, marks=pytest.mark.full),
    ],
)
def test_a_write_whose_answer_is_lost_is_not_sent_again(
    moment: CutMoment, lab: Instance, site: ThreeCx, authority: Authority
) -> None:
    with closing(reached(lab, site, authority)) as api:
        api.request(ApiRequest(method="GET", path="/xapi/v1/Defs"))
        site.misbehave(Quirks(cut=Cut(at=1, moment=moment)))
        with pytest.raises(HostError):
            api.request(ApiRequest(method="POST", path="/xapi/v1/Users", body={"Number": "100"}))
        with lab.inside():
            api.again()
        users = api.request(ApiRequest(method="GET", path="/xapi/v1/Users?%24select=Number")).body["value"]

    assert users == ([] if moment is CutMoment.BEFORE else [{"Number": "100"}])
    assert [one.method for one in site.log()] == ["POST", "GET", "POST", "GET"]


@pytest.mark.full
def test_it_outlives_a_power_cut_of_its_host(lab: Instance, site: ThreeCx, authority: Authority) -> None:
    with closing(reached(lab, site, authority)) as api:
        api.request(ApiRequest(method="POST", path="/xapi/v1/Users", body={"Number": "100"}))
    site.host.power_cut()
    site.host.start()

    with closing(reached(lab, site, authority)) as api:
        users = api.request(ApiRequest(method="GET", path="/xapi/v1/Users?%24select=Number")).body["value"]
    assert users == [{"Number": "100"}]


@pytest.mark.full
def test_a_hosted_pbx_is_asked_without_ssh(lab: Instance, site: ThreeCx, authority: Authority) -> None:
    access = ApiAccess(name=site.host.domain, port=site.port, client=site.client, secret=_NOWHERE, is_direct=True)
    trusted = authority.pem.decode()
    api = directly("site", site.host.address, access, secret=Secret(SECRET), authority=trusted, shelf=MemoryShelf())

    with lab.inside(), closing(api):
        assert api.request(ApiRequest(method="GET", path="/xapi/v1/Defs?%24select=Id")).status == 200
