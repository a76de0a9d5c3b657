"""The contract is compared with a description of the API, field by field."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from confgen.drivers.threecx.described import differences
from confgen.model.version import ProductVersion
from lab.threecx import compare
from lab.threecx.description import openapi
from lab.threecx.xapi import LATEST

Description = dict[str, Any]


@pytest.fixture
def description() -> Description:
    """One that says what the contract says."""
    return copy.deepcopy(openapi(LATEST))


def properties(description: Description, name: str) -> dict[str, Any]:
    found: dict[str, Any] = description["components"]["schemas"][f"Pbx.{name}"]["properties"]
    return found


@pytest.mark.parametrize("patch", [4, 8, 9, 10])
def test_a_description_of_the_same_differs_in_nothing(patch: int) -> None:
    version = ProductVersion(20, 0, patch)

    assert differences(openapi(version), version) == ()


def _lose_a_field(description: Description) -> None:
    del properties(description, "Gateway")["SRTPMode"]


def _change_a_type(description: Description) -> None:
    properties(description, "Gateway")["Port"]["type"] = "string"


def _be_of_no_type_of_ours(description: Description) -> None:
    properties(description, "Gateway")["Port"]["type"] = "number"


def _forbid_null(description: Description) -> None:
    properties(description, "User")["AllowLanOnly"]["nullable"] = False


def _lose_a_value(description: Description) -> None:
    properties(description, "User")["SRTPMode"]["enum"].remove("SRTPEnforced")


def _gain_a_value(description: Description) -> None:
    properties(description, "Trunk")["TransportRestriction"]["enum"].append("DTLS")


def _let_any_value_in(description: Description) -> None:
    del properties(description, "Sbc")["Security"]["enum"]


def _make_a_list_of_it(description: Description) -> None:
    properties(description, "ConsoleRestrictions")["IpWhitelist"] = {"type": "string"}


def _hold_another_object(description: Description) -> None:
    properties(description, "Trunk")["Gateway"]["allOf"] = [{"$ref": "#/components/schemas/Pbx.Choice"}]


def _lose_an_object(description: Description) -> None:
    del description["components"]["schemas"]["Pbx.CodecsSettings"]


def _lose_an_operation(description: Description) -> None:
    del description["paths"]["/Services/Pbx.Restart"]["post"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_lose_a_field, "Gateway.SRTPMode: field: none, where the contract has one"),
        (_change_a_type, "Gateway.Port: type: string, where the contract has integer"),
        (_be_of_no_type_of_ours, "Gateway.Port: type: number, where the contract has integer"),
        (_forbid_null, "User.AllowLanOnly: nullable: no, where the contract has yes"),
        (_lose_a_value, "User.SRTPMode = SRTPEnforced: value: none, where the contract has one"),
        (_gain_a_value, "Trunk.TransportRestriction = DTLS: value: one, where the contract has none"),
        (_let_any_value_in, "Sbc.Security: one of some values: no, where the contract has yes"),
        (_make_a_list_of_it, "ConsoleRestrictions.IpWhitelist: list: no, where the contract has yes"),
        (_hold_another_object, "Trunk.Gateway: object: Choice, where the contract has Gateway"),
        (_lose_an_object, "CodecsSettings: object: none, where the contract has one"),
        (_lose_an_operation, "POST /Services/Pbx.Restart: operation: none, where the contract has one"),
    ],
)
def test_what_is_otherwise_is_told(change: Callable[[Description], None], told: str, description: Description) -> None:
    change(description)

    assert [str(one) for one in differences(description, LATEST)] == [told]


def test_a_field_that_is_there_before_its_version_is_told() -> None:
    told = {str(one) for one in differences(openapi(LATEST), ProductVersion(20, 0, 8))}

    assert told == {
        "Trunk.DisableCallTransfer: field: there, where the contract has none before 20.0.10",
        "User.BlockTunnel: field: there, where the contract has none before 20.0.9",
    }


def test_what_confgen_does_not_use_does_not_count(description: Description) -> None:
    properties(description, "User")["Birthday"] = {"type": "string"}
    description["paths"]["/Recordings"] = {"get": {}}

    assert differences(description, LATEST) == ()


def test_fields_are_found_where_a_vendor_puts_them(description: Description) -> None:
    """Inherited ones in another object, values in a schema of their own, bodies in the operation or beside it."""
    schemas = description["components"]["schemas"]
    trunk = properties(description, "Trunk")
    schemas["Pbx.DN"] = {"properties": {name: trunk.pop(name) for name in ("Id", "Number")}}
    schemas["Pbx.Transport"] = {"type": "string", "enum": trunk["TransportRestriction"]["enum"]}
    trunk["TransportRestriction"] = {"allOf": [{"$ref": "#/components/schemas/Pbx.Transport"}], "nullable": True}
    schemas["Pbx.Trunk"] = {"allOf": [{"$ref": "#/components/schemas/Pbx.DN"}, {"properties": trunk}]}
    restart = description["paths"]["/Services/Pbx.Restart"]["post"]["requestBody"]["content"]["application/json"]
    restart["schema"] = schemas.pop("Pbx.ServicesBody")
    regenerate = description["paths"]["/Users({Id})/Pbx.Regenerate"]["post"]
    description["components"]["requestBodies"] = {"Regenerate": regenerate["requestBody"]}
    regenerate["requestBody"] = {"$ref": "#/components/requestBodies/Regenerate"}

    assert differences(description, LATEST) == ()
    schemas["Pbx.DN"]["properties"]["Number"]["type"] = "integer"
    assert [one.place for one in differences(description, LATEST)] == ["Trunk.Number"]


def test_whoever_has_a_file_is_told_what_differs(
    tmp_path: Path, description: Description, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "swagger.yaml"
    file.write_text(yaml.safe_dump(description), encoding="utf-8")
    assert compare.main([str(file)]) == 0

    _lose_a_field(description)
    file.write_text(yaml.safe_dump(description), encoding="utf-8")
    assert compare.main([str(file), "--version", "20.0.10"]) == 1
    assert capsys.readouterr().out == "Gateway.SRTPMode: field: none, where the contract has one\n"
