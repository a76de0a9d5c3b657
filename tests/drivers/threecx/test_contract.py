"""The project's own description of the part of XAPI that it uses."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from confgen.drivers.threecx import contract
from confgen.drivers.threecx.contract import Field, FieldType, fields
from confgen.model.version import ProductVersion
from lab.threecx import compare

V20_0_7 = ProductVersion(20, 0, 7)
V20_0_8 = ProductVersion(20, 0, 8)
V20_0_9 = ProductVersion(20, 0, 9)
V20_0_10 = ProductVersion(20, 0, 10)


def test_it_is_a_json_schema() -> None:
    jsonschema.Draft7Validator.check_schema(dict(contract.document()))


def test_a_field_is_told_with_all_that_is_known_of_it() -> None:
    assert fields("Gateway")["SRTPMode"] == Field(
        name="SRTPMode",
        type=FieldType.STRING,
        is_nullable=True,
        values=("SRTPDisabled", "SRTPEnabled", "SRTPEnforced"),
    )
    assert fields("Trunk")["Gateway"] == Field(
        name="Gateway", type=FieldType.OBJECT, is_nullable=True, refers_to="Gateway"
    )
    assert fields("User")["AuthPassword"].is_secret
    assert fields("User")["Number"].is_fixed
    assert fields("Trunk")["DidNumbers"] == Field(name="DidNumbers", type=FieldType.STRING, is_list=True)
    assert fields("BlocklistAddr")["ExpiresAt"].type is FieldType.MOMENT
    assert fields("SystemStatus")["CallsActive"].is_read_only


@pytest.mark.parametrize(
    ("name", "field", "before", "since"),
    [
        ("Trunk", "CertificateExpirationDate", V20_0_7, V20_0_8),
        ("Sbc", "Security", V20_0_7, V20_0_8),
        ("User", "BlockTunnel", V20_0_8, V20_0_9),
        ("Trunk", "DisableCallTransfer", V20_0_9, V20_0_10),
    ],
)
def test_a_version_has_no_field_of_a_later_one(
    name: str, field: str, before: ProductVersion, since: ProductVersion
) -> None:
    assert field not in fields(name, before)
    assert field in fields(name, since)
    assert field in fields(name)


def test_what_is_read_leaves_every_secret_out() -> None:
    readable = contract.readable("User", V20_0_10)

    assert {"Id", "Number", "SRTPMode", "AllowLanOnly", "BlockTunnel"} <= set(readable)
    assert not {"AuthPassword", "AccessPassword", "DeskphonePassword", "VMPIN", "Phones"} & set(readable)


def test_every_object_and_operation_refers_to_objects_that_there_are() -> None:
    named = {field.refers_to for name in contract.objects() for field in fields(name).values()}
    named |= {taken for one in contract.operations() for taken in (one.takes, one.answers)}

    assert named - {None} <= set(contract.objects())


@pytest.mark.parametrize("text", [None, "a: [", "[]", "paths: 7", "components: {schemas: {Pbx.User: 3}}"])
def test_what_is_no_description_is_refused_in_words(
    text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "swagger.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        compare.main([str(path)])
    assert ended.value.code == 2
    assert str(path) in capsys.readouterr().err
