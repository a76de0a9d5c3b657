"""A secret that went to the PBX is told as there, whatever of the rest the PBX took."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.drivers import threecx
from confgen.model.api import ApiAnswer, ApiRequest
from confgen.model.host import HostError
from confgen.model.result import Outcome
from confgen.remote.api.errors import ApiConnectionLost, ApiUnreachable
from lab.threecx.quirks import Quirks
from tests.drivers.threecx.site import Site, a_site
from tests.drivers.threecx.test_hold import CERTIFICATE
from tests.model.pbxs import a_provider_trunk

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def site() -> Site:
    """A PBX with a trunk, whose new inventory has another password and another number of calls for it."""
    site = Site()
    site.push()
    site.salt = "2"
    site.pbx = replace(site.pbx, provider_trunks=(a_provider_trunk("carrier", most_calls=7),))
    return site


def password(site: Site) -> str:
    trunk = site.trunk("carrier")
    assert trunk is not None
    told: str = trunk["AuthPassword"]["Value"]
    return told


def test_a_password_that_was_taken_with_a_field_ignored_is_told(site: Site) -> None:
    site.host.fake.quirks = Quirks(ignores={"/Trunks(*)": ("SimultaneousCalls",)})
    result = site.push(no_undo=("*",))
    assert password(site) == "sentinel-carrier-2"
    assert (result.outcome, result.exit_code) == (Outcome.UNDO_FAILED, 6)
    assert "Trunks/carrier has the new AuthPassword.Value: nobody knows the old one" in result.message
    assert not threecx.observe(site.host, site.pbx).is_confirmed
    site.host.fake.quirks, site.salt = Quirks(), "1"
    assert site.push(no_undo=("*",)).exit_code == 0  # the old inventory writes the old password back
    assert password(site) == "sentinel-carrier-1"


def test_a_key_that_was_taken_with_its_certificate_ignored_is_told() -> None:
    site = Site(pbx=a_site(own_certificate=CERTIFICATE))
    settings = site.host.fake.state.singletons["SecureSipSettings"]
    settings["Certificate"] = {"Name": "old.pem", "Contents": "-----BEGIN CERTIFICATE-----\nOLD", "Concealed": False}
    settings["PrivateKey"] = {"Name": "old.key", "Contents": "sentinel-old-key", "Concealed": False}
    site.host.fake.quirks = Quirks(ignores={"/SecureSipSettings": ("Certificate",)})
    result = site.push(no_undo=("*",))
    settings = site.host.fake.state.singletons["SecureSipSettings"]
    assert settings["PrivateKey"]["Contents"].startswith("sentinel-key")
    assert (result.outcome, result.exit_code) == (Outcome.UNDO_FAILED, 6)
    assert "SecureSipSettings has the new PrivateKey.Contents: nobody knows the old one" in result.message


def test_a_secret_is_told_where_the_rest_cannot_be_written_back(site: Site) -> None:
    def on_step(words: str) -> None:
        if words.startswith("undoing"):
            site.host.fake.quirks = Quirks(forbids=("/Trunks(*)",))

    site.passes, site.on_step = False, on_step
    result = site.push(no_undo=("*",))
    assert "Trunks/carrier is not as before" in result.message
    assert "Trunks/carrier has the new AuthPassword.Value" in result.message


@pytest.mark.parametrize("quirks", [Quirks(breaks={"PATCH /Trunks(*)": 400}), Quirks(forbids=("/Trunks(*)",))])
def test_a_password_that_was_refused_did_not_go(site: Site, quirks: Quirks) -> None:
    site.host.fake.quirks = quirks
    assert site.push(no_undo=("*",)).outcome is Outcome.UNDONE
    assert password(site) == "sentinel-carrier-1"
    assert threecx.observe(site.host, site.pbx).is_confirmed


def test_of_a_server_that_broke_nobody_knows_what_it_took(site: Site) -> None:
    site.host.fake.quirks = Quirks(breaks={"PATCH /Trunks(*)": 500})
    result = site.push(no_undo=("*",))
    assert result.exit_code == 6
    assert "Trunks/carrier may have the new AuthPassword.Value" in result.message


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(ApiUnreachable("gone"), Outcome.UNDONE), (ApiConnectionLost("gone"), Outcome.UNDO_FAILED)],
)
def test_a_password_that_was_never_sent_did_not_go(site: Site, error: HostError, outcome: Outcome) -> None:
    answered, is_first = site.host.request, [True]

    def request(asked: ApiRequest) -> ApiAnswer:
        if asked.method == "PATCH" and is_first[0]:
            is_first[0] = False
            raise error
        return answered(asked)

    site.host.request = request  # type: ignore[method-assign]
    assert site.push(no_undo=("*",)).outcome is outcome
    assert password(site) == "sentinel-carrier-1"


def test_a_password_that_an_earlier_push_left_there_is_told_of_the_next_one(site: Site, clock: list[float]) -> None:
    def on_step(words: str) -> None:
        if words.startswith("activating"):
            raise SystemExit

    site.on_step = on_step
    with pytest.raises(SystemExit):
        site.push(no_undo=("*",))
    clock[0] += 3600
    site.on_step, site.salt = lambda _words: None, "1"
    site.host.fake.quirks = Quirks(breaks={"PATCH /Trunks(*)": 500})
    result = site.push(no_undo=("*",))
    assert password(site) == "sentinel-carrier-2"
    assert "Trunks/carrier has the new AuthPassword.Value" in result.message
