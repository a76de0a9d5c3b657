"""The doctor's way to a 3CX as it is: inventory, secrets, HTTPS and the API's client, with the fake at its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from confgen import fleet
from confgen.model.finding import Severity
from confgen.model.result import Outcome, Result
from confgen.report import examinations, json_form
from confgen.report.answer import Answer
from lab.pki import make_authority
from lab.threecx.quirks import Quirks
from lab.threecx.server import serving
from lab.threecx.xapi import ContractFake
from tests.fleet.test_legs import Listening
from tests.xapi.host import CLIENT, SECRET

DOMAIN = "pbx.example.test"
INVENTORY = """\
version: 1
pbxs:
  site:
    kind: threecx
    product_version: "20.0.10"
    address: 127.0.0.1
    sip: {{domain: {domain}}}
    api:
      {{client: {client}, secret: {{env: SECRET_OF_CLIENT}}, port: {port}, direct: true, authority: {{file: ca.pem}}}}
    backup: {{secret: {{env: SECRET_OF_BACKUP}}}}
    extensions: {{"100": {{name: Reception}}}}
"""


@pytest.fixture
def inventory(fake: ContractFake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SECRET_OF_CLIENT", SECRET)
    authority = make_authority()
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    certificate, key = authority.issue(names=[DOMAIN]).write(tmp_path, "site")
    fake.state.domain = DOMAIN
    with serving(fake, certificate, key, ("127.0.0.1", 0)) as port:
        path = tmp_path / "inventory.yaml"
        path.write_text(INVENTORY.format(domain=DOMAIN, client=CLIENT, port=port), encoding="utf-8")
        yield path


def examined(path: Path) -> Result:
    loaded = fleet.load(path)
    assert [finding for finding in loaded.findings if finding.severity is Severity.ERROR] == []
    (result,) = fleet.examine(loaded.inventory, loaded.inventory.pbxs, Listening())
    return result


def test_a_3cx_is_examined_over_https(inventory: Path) -> None:
    result = examined(inventory)
    found = {one.subject: one for one in result.found}
    assert [one for one in result.found if one.is_ok is False] == []
    assert found["version"].found == "3CX 20.0.10.123"
    assert found["product"].found.startswith("what answers says that it is no 3CX: a contract fake")
    assert found["fields"].found == "this build has all that confgen uses"
    assert found["connection"].found == f"straight to the API of {DOMAIN}, without SSH"


def test_no_report_of_it_has_a_secret(inventory: Path) -> None:
    result = examined(inventory)
    told = Answer(command="doctor", inventory=str(inventory), findings=(), pbxs=(result,), exit_code=0)
    for text in (examinations.text(told), json_form.answer(told)):
        assert SECRET not in text
        assert "FAKE-NOT-A-LICENCE" not in text


def test_a_wrong_secret_is_tried_once_and_leaves_the_rest_untold(
    inventory: Path, fake: ContractFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_CLIENT", "not-the-secret")
    result = examined(inventory)
    assert result.outcome is Outcome.UNKNOWN
    assert len([asked for asked in fake.log if asked.path == "/connect/token"]) == 1
    assert "not-the-secret" not in str(result)


def test_a_client_without_rights_is_told_apart_from_a_pbx_that_is_away(inventory: Path, fake: ContractFake) -> None:
    fake.quirks = Quirks(has_system_role=False)
    result = examined(inventory)
    assert result.outcome is Outcome.FAULTY
    assert {one.subject for one in result.found if one.is_ok is False} == {"rights"}


def test_a_token_that_ends_at_every_second_request_hinders_nothing(inventory: Path, fake: ContractFake) -> None:
    fake.quirks = Quirks(requests_per_token=2)
    assert [one for one in examined(inventory).found if one.is_ok is False] == []
    assert fake.tokens.tries > 2


@pytest.mark.parametrize("in_minutes", [True, False])
def test_how_long_a_token_is_said_to_hold_is_not_believed(
    inventory: Path, fake: ContractFake, *, in_minutes: bool
) -> None:
    """60 or 3600, whatever the version: who took it for seconds or minutes would end the token of another program."""
    fake.quirks = Quirks(tells_expiry_in_minutes=in_minutes)
    assert [one for one in examined(inventory).found if one.is_ok is False] == []
    assert fake.tokens.tries == 1
