"""Every kind of wrong request is refused, and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from confgen.drivers.threecx.contract import BASE_PATH
from confgen.model.api import ApiRequest
from lab.threecx.answers import Asked
from lab.threecx.xapi import ContractFake
from tests.xapi.asking import TRUNK, USER, Api, warnings
from tests.xapi.host import FakeHost

NOT_FOUND = "WARNINGS.XAPI.NOT_FOUND"
INVALID = "WARNINGS.INVALID"
REQUIRED = "WARNINGS.XAPI.REQUIRED"
FORBIDDEN = "WARNINGS.XAPI.FORBIDDEN_CHANGE"


@pytest.mark.parametrize(
    ("sent", "complained"),
    [
        ({"SrtpMode": "SRTPEnforced"}, {"SrtpMode": NOT_FOUND}),
        ({"Gateway": {"SrtpMode": "SRTPEnforced"}}, {"Gateway.SrtpMode": NOT_FOUND}),
        ({"Gateway": {"VariableChoices": [{"Kay": "a"}]}}, {"Gateway.VariableChoices.0.Kay": NOT_FOUND}),
        ({"AuthPassword": {"Password": "x"}}, {"AuthPassword.Password": NOT_FOUND}),
        ({"TransportRestriction": "tls"}, {"TransportRestriction": INVALID}),
        ({"Gateway": {"SRTPMode": "Enforced"}}, {"Gateway.SRTPMode": INVALID}),
        ({"DisableVideo": "true"}, {"DisableVideo": INVALID}),
        ({"Gateway": {"Port": "5061"}}, {"Gateway.Port": INVALID}),
        ({"Gateway": {"Codecs": "PCMA"}}, {"Gateway.Codecs": INVALID}),
        ({"Gateway": {"Codecs": None}}, {"Gateway.Codecs": INVALID}),
        ({"AuthPassword": "bare"}, {"AuthPassword": INVALID}),
        ({"SimultaneousCalls": 2**31}, {"SimultaneousCalls": INVALID}),
        ({"Number": "10001"}, {"Number": FORBIDDEN}),
        ({"Id": 1}, {"Id": FORBIDDEN}),
        ({"IsOnline": False}, {"IsOnline": FORBIDDEN}),
        ({"Gateway": {"Id": 1}}, {"Gateway.Id": FORBIDDEN}),
        ({"Gateway": {"Type": "BridgeMaster"}}, {"Gateway.Type": FORBIDDEN}),
    ],
)
def test_a_wrong_trunk_is_refused(sent: dict[str, Any], complained: dict[str, str], api: Api) -> None:
    path = api.made("Trunks", TRUNK)
    before = api.get(path).body

    answer = api.patch(path, sent)

    assert answer.status == 400
    assert warnings(answer) == complained
    assert api.get(path).body == before


def test_what_was_answered_may_be_sent_back(api: Api) -> None:
    path = api.made("Trunks", TRUNK)
    read = api.get(path).body
    read.pop("@odata.context")

    assert api.patch(path, read).status == 204
    assert api.patch(path, {"Gateway": read["Gateway"]}).status == 204


@pytest.mark.parametrize(
    ("path", "sent", "complained"),
    [
        (
            "/Services/Pbx.Restart",
            {"ServiceNames": ["3CXPhoneSystem01"]},
            {"ServiceNames": NOT_FOUND, "options": REQUIRED},
        ),
        ("/Services/Pbx.Restart", {"options": {"Names": []}}, {"options.Names": NOT_FOUND}),
        ("/Services/Pbx.Restart", {"options": {"ServiceNames": []}}, {"options.ServiceNames": REQUIRED}),
        ("/Services/Pbx.Restart", {"options": {"ServiceNames": ["Skynet"]}}, {"Skynet": NOT_FOUND}),
        ("/Services/Pbx.Restart", {"options": {"ServiceNames": ["nginx"]}}, {"nginx": FORBIDDEN}),
        ("/Trunks/Pbx.RefreshRegistration", {"Id": 1}, {"Id": NOT_FOUND, "id": REQUIRED}),
        ("/Trunks/Pbx.RefreshRegistration", {"id": "1"}, {"id": INVALID}),
        ("/Backups/Pbx.Backup", {"Name": "a.zip"}, {"Name": NOT_FOUND, "description": REQUIRED}),
        ("/Backups/Pbx.Backup", {"description": {"Contents": {}}}, {"description.Name": REQUIRED}),
        ("/Users", {"FirstName": "Nobody"}, {"Number": REQUIRED}),
        ("/Sbcs", {"Name": "thirteen-long", "DisplayName": "x", "Password": "y"}, {"Name": INVALID}),
        ("/Sbcs", {"Name": "sbc1", "DisplayName": "x"}, {"Password": REQUIRED}),
        ("/Blocklist", {"IPAddrMask": "198.51.100.7/24"}, {"IPAddrMask": "WARNINGS.INVALID_IP_MASK"}),
        ("/Blocklist", {"IPAddrMask": "198.51.100.7", "BlockType": "Deny"}, {"BlockType": INVALID}),
    ],
)
def test_a_wrong_body_of_an_action_or_a_new_object_is_refused(
    path: str, sent: dict[str, Any], complained: dict[str, str], api: Api
) -> None:
    answer = api.post(path, sent)

    assert answer.status == 400
    assert warnings(answer) == complained


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/Trunkz", 404),
        ("GET", "/trunks", 404),
        ("DELETE", "/Trunks", 405),
        ("PATCH", "/Trunks", 405),
        ("DELETE", "/SecureSipSettings", 405),
        ("GET", "/Trunks(1)", 404),
        ("GET", "/Trunks(abc)", 404),
        ("GET", "/Trunks('1')", 500),
        ("GET", "/Trunks(Number=10000)", 500),
        ("GET", "/Trunks/Pbx.InitTrunk(template=a.pv.xml)", 404),
        ("GET", "/Trunks/Pbx.InitTrunk(template='a.pv.xml')", 404),
        ("POST", "/Users/Pbx.MultiUserUpdate", 500),
    ],
)
def test_what_there_is_not_is_told_as_live_pbxs_tell_it(method: str, path: str, status: int, host: FakeHost) -> None:
    asked = ApiRequest(method=method, path=f"{BASE_PATH}{path}", body={} if method == "PATCH" else None)

    assert host.request(asked).status == status


@pytest.mark.parametrize(
    "options",
    [
        {"top": "101"},
        {"top": "-1"},
        {"select": "Number,Pasword"},
        {"expand": "DidNumbers"},
        {"orderby": "Nothing"},
        {"filter": "Number eq 10000"},
        {"filter": "startswith(Number,'1')"},
        {"format": "json"},
    ],
)
def test_a_wrong_query_is_refused(options: dict[str, str], api: Api) -> None:
    assert api.get("/Trunks", **options).status == 400


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"{}", 401),
        ({"authorization": "Bearer wrong"}, b"{}", 401),
        ({"authorization": "Basic {token}"}, b"{}", 401),
        ({"authorization": "Bearer {token}"}, b"{}", 415),
        ({"authorization": "Bearer {token}", "content-type": "application/json"}, b"{", 400),
        ({"authorization": "Bearer {token}", "content-type": "application/json"}, b"[]", 400),
        ({"authorization": "Bearer {token}", "content-type": "application/json"}, b"{}", 204),
    ],
)
def test_who_has_no_token_and_what_is_no_json_is_refused(
    headers: dict[str, str], body: bytes, status: int, host: FakeHost, fake: ContractFake
) -> None:
    token = host.new_token()
    told = {name: value.format(token=token) for name, value in headers.items()}

    answer = fake.answer(Asked(method="PATCH", target="/xapi/v1/CodecsSettings", headers=told, body=body))

    assert answer.status == status


def test_a_user_keeps_its_number(api: Api) -> None:
    path = api.made("Users", USER)

    assert warnings(api.patch(path, {"Number": "101"})) == {"Number": FORBIDDEN}
    assert api.patch(path, {"Number": "100", "FirstName": "Front desk"}).status == 204


def test_what_the_pbx_tells_of_itself_is_not_written(api: Api) -> None:
    assert warnings(api.patch("/ConsoleRestrictions", {"MyIpAddress": "192.0.2.1"})) == {"MyIpAddress": FORBIDDEN}
