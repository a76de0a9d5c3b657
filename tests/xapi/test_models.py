"""What the contract and the fake say agrees with models of the same API that nobody here made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from confgen.drivers.threecx import contract
from confgen.drivers.threecx.described import differences
from lab.threecx import answers
from lab.threecx.xapi import LATEST, ContractFake
from tests.xapi.asking import TRUNK, USER, Api
from tests.xapi.models import description, generated, model

if TYPE_CHECKING:
    from pydantic import BaseModel

# The library has no models of what an action takes, of a token, or of an error.
_WITHOUT_MODEL = {
    "BackupBody",
    "ErrorDetails",
    "MainError",
    "ODataError",
    "RefreshRegistrationBody",
    "RegenerateBody",
    "ServicesBody",
    "TokenAnswer",
}
# Between 20.0.10 and the description that the library was made of.
_OF_A_LATER_VERSION = {
    "TrunkReport.Code = ErrProxyFqdnHasNoNAPTRorSRV: value: one, where the contract has none",
    "TrunkReport.Code = NoTargetResolved: value: one, where the contract has none",
    "TrunkReport.Code = RegistrationFailedNoResponse: value: one, where the contract has none",
}


def test_every_object_but_these_has_a_model() -> None:
    assert {name for name in contract.objects() if model(name) is None} == _WITHOUT_MODEL


def test_every_field_has_the_type_and_the_values_of_its_model() -> None:
    described = description(contract.objects())

    found = {
        str(one)
        for one in differences(described, LATEST)
        if one.what not in {"operation", "nullable"} and one.place.partition(".")[0] not in _WITHOUT_MODEL
    }

    assert found == _OF_A_LATER_VERSION


def strictly(answer: dict[str, Any], of: type[BaseModel]) -> BaseModel:
    """An answer as its model, with no field that the model has not, at any depth."""
    plain = {name: value for name, value in answer.items() if not name.startswith("@odata.")}
    read = of.model_validate_json(json.dumps(plain), strict=True)
    _no_more_than_the_model_has(read)
    return read


def _no_more_than_the_model_has(value: object) -> None:
    if isinstance(value, list):
        for one in value:
            _no_more_than_the_model_has(one)
    if isinstance(value, generated().BaseModel):
        assert not value.model_extra, f"{type(value).__name__} has no {', '.join(value.model_extra)}"
        for _, held in value:
            _no_more_than_the_model_has(held)


@pytest.fixture
def filled(api: Api, fake: ContractFake) -> Api:
    """A PBX that has one of everything."""
    api.made("Trunks", {**TRUNK, "Certificate": "a certificate", "CertificateName": "ca.pem"})
    api.made("Users", {**USER, "Groups": [{"GroupId": 7, "Rights": {"RoleName": "users"}}]})
    api.made("Blocklist", {"IPAddrMask": "198.51.100.7/32", "ExpiresAt": "2030-01-01T00:00:00Z"})
    api.made("Sbcs", {"Name": "sbc1", "DisplayName": "Branch", "Password": "sbc-password", "Security": "TLS"})
    api.patch("/SecureSipSettings", {"Certificate": {"Contents": "a"}, "PrivateKey": {"Contents": "b"}})
    api.post("/Backups/Pbx.Backup", {"description": {"Name": "before.zip"}})
    assert all(fake.state.collections.values())
    return api


@pytest.mark.parametrize(
    "operation",
    [one for one in contract.operations() if one.method == "GET" and "{" not in one.path],
    ids=lambda operation: operation.path,
)
def test_every_answer_is_one_that_the_models_read(operation: contract.Operation, filled: Api) -> None:
    of = model(operation.answers or "")
    answer = filled.get(operation.path)

    assert of is not None
    assert answer.status == 200
    for one in answer.body["value"] if operation.answers_many else [answer.body]:
        strictly(one, of)


@pytest.mark.parametrize(
    ("collection", "name"), [("Trunks", "Trunk"), ("Users", "User"), ("Blocklist", "BlocklistAddr"), ("Sbcs", "Sbc")]
)
def test_an_object_by_its_key_is_one_that_the_models_read(
    collection: str, name: str, filled: Api, fake: ContractFake
) -> None:
    of = model(name)
    ((key, _),) = fake.state.collections[collection].items()
    answer = filled.get(f"/{collection}({key!r})", **({"expand": "Groups($expand=Rights)"} if name == "User" else {}))

    assert of is not None
    strictly(answer.body, of)


def test_what_a_trunk_is_made_from_and_found_wrong_with_is_what_the_models_read(
    filled: Api, fake: ContractFake
) -> None:
    trunk, report = model("Trunk"), model("TrunkReport")
    ((key, _),) = fake.state.collections["Trunks"].items()

    assert trunk is not None
    assert report is not None
    strictly(filled.get("/Trunks/Pbx.InitTrunk(template='1cx.pv.xml')").body, trunk)
    for one in filled.post(f"/Trunks({key})/Pbx.RunAnalysis").body["value"]:
        strictly(one, report)


def test_the_reading_is_strict() -> None:
    of = model("Trunk")

    assert of is not None
    with pytest.raises(AssertionError, match="Gateway has no SrtpMode"):
        strictly({"Gateway": {"SrtpMode": "SRTPEnforced"}}, of)
    with pytest.raises(ValueError, match="SRTPMode"):
        strictly({"Gateway": {"SRTPMode": "Enforced"}}, of)


def test_every_warning_of_the_fake_is_one_that_the_models_know() -> None:
    told = {value for value in vars(answers).values() if isinstance(value, str) and value.startswith("WARNINGS.")}

    assert told
    assert told <= {one.value for one in generated().Warnings}
