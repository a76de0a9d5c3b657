"""The fake keeps objects as XAPI is known to."""

from __future__ import annotations

import json

import pytest

from confgen.drivers.threecx import contract
from confgen.model.api import ApiHost
from confgen.model.version import ProductVersion
from lab.threecx.quirks import Quirks
from lab.threecx.xapi import LATEST, ContractFake
from tests.xapi.asking import TRUNK, USER, Api, warnings
from tests.xapi.host import FakeHost, make_fake


def test_it_is_what_a_driver_is_handed(host: FakeHost) -> None:
    assert isinstance(host, ApiHost)


def test_it_says_in_every_answer_that_it_is_no_3cx(api: Api) -> None:
    answer = api.get("/Defs", select="Id")

    assert "contract fake" in answer.headers["x-contract-fake"]
    assert answer.headers[contract.PRODUCT_VERSION_HEADER].startswith("20.0.10.")


def test_a_trunk_is_made_from_a_template_read_changed_and_removed(api: Api) -> None:
    template = api.get("/Trunks/Pbx.InitTrunk(template='GenericVoIPProvider.pv.xml')").body
    template.pop("@odata.context")
    template["Gateway"] |= {"Name": "hq", "Host": "hq.example.test"}
    path = api.made("Trunks", {**template, "AuthPassword": {"Value": "the-trunk-password"}})

    assert api.patch(path, {"TransportRestriction": "TLS"}).status == 204
    read = api.get(path, select="Number,TransportRestriction,Gateway,IsOnline").body
    assert (read["Number"], read["TransportRestriction"], read["IsOnline"]) == ("10000", "TLS", True)
    assert read["Gateway"]["Host"] == "hq.example.test"
    assert api.get("/Trunks(Number='10000')").body["Id"] == api.get(path).body["Id"]
    assert api.get("/Trunks/Pbx.GetFirstAvailableTrunkNumber()").body["Number"] == "10001"
    assert api.delete(path).status == 204
    assert api.get(path).status == 404


def test_a_password_of_a_trunk_is_concealed_and_sent_back_so_it_stays(api: Api, fake: ContractFake) -> None:
    path = api.made("Trunks", TRUNK)
    read = api.get(path).body["AuthPassword"]

    assert read == {"Concealed": True, "Value": None}
    assert api.patch(path, {"AuthPassword": read}).status == 204
    (trunk,) = fake.state.collections["Trunks"].values()
    assert trunk["AuthPassword"]["Value"] == "the-trunk-password"


def test_a_private_key_is_never_answered(api: Api) -> None:
    pair = {"Certificate": {"Name": "c.pem", "Contents": "public"}, "PrivateKey": {"Name": "k.pem", "Contents": "key"}}

    assert api.patch("/SecureSipSettings", pair).status == 204
    read = api.get("/SecureSipSettings").body
    assert read["Certificate"] == {"Name": "c.pem", "Contents": "public", "Concealed": False}
    assert read["PrivateKey"] == {"Name": "k.pem", "Contents": None, "Concealed": True}


def test_who_forgets_to_select_gets_the_passwords_of_users(api: Api) -> None:
    path = api.made("Users", USER)

    assert api.get(path).body["AuthPassword"]
    assert api.get("/Users").body["value"][0]["VMPIN"]
    selected = api.get("/Users", select=",".join(contract.readable("User", LATEST))).body["value"][0]
    assert not {"AuthPassword", "VMPIN", "AccessPassword", "DeskphonePassword"} & set(selected)


def test_the_groups_of_a_user_are_answered_where_they_are_expanded(api: Api) -> None:
    path = api.made("Users", {**USER, "Groups": [{"GroupId": 7, "Rights": {"RoleName": "users"}}]})

    assert "Groups" not in api.get(path).body
    assert api.get(path, expand="Groups($expand=Rights)").body["Groups"][0]["Rights"] == {"RoleName": "users"}
    assert "Rights" not in api.get(path, expand="Groups").body["Groups"][0]


def test_a_list_that_is_written_takes_the_place_of_the_whole_list(api: Api) -> None:
    path = api.made("Trunks", TRUNK)
    api.patch(path, {"DidNumbers": ["+49303"]})

    assert api.get(path).body["DidNumbers"] == ["+49303"]


def test_what_a_write_leaves_out_of_a_gateway_stays(api: Api) -> None:
    path = api.made("Trunks", TRUNK)
    api.patch(path, {"Gateway": {"Host": "hq2.example.test"}})

    assert api.get(path).body["Gateway"]["Lines"] == 7
    assert api.get(path).body["Gateway"]["Host"] == "hq2.example.test"


def test_two_pbxs_know_the_same_user_by_different_identifiers() -> None:
    one, other = (Api(FakeHost(fake=make_fake(seed=seed))) for seed in (1, 2))

    assert one.made("Users", USER) != other.made("Users", USER)


def test_lists_are_paged_filtered_counted_and_sorted(api: Api) -> None:
    for number in range(103, 0, -1):
        api.made("Users", {"Number": str(1000 + number)})

    first = api.get("/Users", top="100", orderby="Number", count="true", select="Number").body
    rest = api.get("/Users", top="100", skip="100", orderby="Number", select="Number").body
    assert first["@odata.count"] == 103
    assert [one["Number"] for one in first["value"] + rest["value"]] == [str(1000 + one) for one in range(1, 104)]
    assert len(api.get("/Users").body["value"]) == 100  # unasked, no more than may be asked for
    assert [one["Number"] for one in api.get("/Users", filter="Number eq '1007'").body["value"]] == ["1007"]


def test_what_is_taken_already_is_not_given_twice(api: Api) -> None:
    api.made("Users", {**USER, "EmailAddress": "a@example.test"})
    again = api.post("/Users", {"Number": "101", "EmailAddress": "a@example.test"})

    assert again.status == 400
    # word for word as it was recorded of a live PBX
    assert again.body == {
        "error": {
            "code": "",
            "message": "EmailAddress:\nWARNINGS.XAPI.ALREADY_IN_USE",
            "details": [{"code": "", "message": "WARNINGS.XAPI.ALREADY_IN_USE", "target": "EmailAddress"}],
        }
    }


def test_a_version_neither_takes_nor_answers_a_field_of_a_later_one() -> None:
    api = Api(FakeHost(fake=make_fake(version=ProductVersion(20, 0, 8))))
    path = api.made("Users", USER)

    assert "BlockTunnel" not in api.get(path).body
    assert warnings(api.patch(path, {"BlockTunnel": True})) == {"BlockTunnel": "WARNINGS.XAPI.NOT_FOUND"}
    assert api.get(path, select="BlockTunnel").status == 400


def test_blocked_addresses_and_sbcs_are_made_and_removed(api: Api) -> None:
    blocked = api.made("Blocklist", {"IPAddrMask": "198.51.100.7/32", "BlockType": "Block"})
    sbc = api.made("Sbcs", {"Name": "sbc1", "DisplayName": "Branch", "Password": "sbc-password", "Security": "TLS"})

    assert api.get(blocked).body["AddedBy"] == "Manual"
    assert api.get(sbc, select="Security").body["Security"] == "TLS"
    assert api.patch(sbc, {"Security": "TCP"}).status == 204
    assert api.delete(blocked).status == api.delete(sbc).status == 204
    assert api.get("/Sbcs").body["value"] == []


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("/AntiHackingSettings", {"HackAuthRequests": 10, "SecurityDefenseProgram": True}),
        ("/ConsoleRestrictions", {"AccessRestricted": True, "IpWhitelist": ["192.0.2.0/24"]}),
        ("/CountryCodes", {"CountryCodes": ["49", "44"]}),
        ("/NetworkSettings", {"DirectSIPAllowExternal": False}),
        ("/CodecsSettings", {"LocalCodecList": ["PCMA", "PCMU"]}),
    ],
)
def test_settings_of_the_system_are_read_and_written(path: str, changed: dict[str, object], api: Api) -> None:
    assert api.patch(path, changed).status == 204
    assert changed.items() <= api.get(path).body.items()


def test_the_system_tells_of_itself(api: Api) -> None:
    api.made("Trunks", TRUNK)

    parameters = api.get("/Defs/Pbx.GetSystemParameters()").body
    assert (parameters["FQDN"], parameters["SipsPort"]) == ("site.example.test", 5061)
    assert parameters["License"]["ProductCode"] == "CONTRACT-FAKE"
    status = api.get("/SystemStatus", select="CallsActive,TrunksRegistered,TrunksTotal").body
    assert (status["CallsActive"], status["TrunksRegistered"], status["TrunksTotal"]) == (0, 1, 1)


def test_an_encrypted_backup_is_taken_with_a_password_alone(api: Api, fake: ContractFake) -> None:
    def back_up(contents: dict[str, object]) -> int:
        return api.post("/Backups/Pbx.Backup", {"description": {"Name": "before.zip", "Contents": contents}}).status

    assert back_up({"EncryptBackup": True}) == 400
    assert back_up({"EncryptBackup": True, "EncryptBackupPassword": {"Value": "backup-password"}}) == 204
    assert [one["FileName"] for one in api.get("/Backups").body["value"]] == ["before.zip"]
    assert fake.state.backups_encrypted == {"before.zip": True}
    assert api.delete("/Backups('before.zip')").status == 204


def test_a_pbx_makes_new_passwords_itself(api: Api, fake: ContractFake) -> None:
    path = api.made("Users", USER)
    (user,) = fake.state.collections["Users"].values()
    before = user["AuthPassword"]

    assert api.post(f"{path}/Pbx.Regenerate", {"opts": {"SipAuth": True}}).status == 204
    assert user["AuthPassword"] != before


def test_the_log_holds_what_was_asked_and_no_secret(api: Api, fake: ContractFake) -> None:
    path = api.made("Trunks", TRUNK)
    api.patch(path, {"AuthPasword": {"Value": "the-misspelt-password"}})
    api.patch("/SecureSipSettings", {"PrivateKey": {"Contents": "the-private-key"}})

    told = json.dumps([[one.method, one.path, one.sent, one.status] for one in fake.log])
    assert [one.path for one in fake.log] == [
        "/connect/token",
        "/xapi/v1/Trunks",
        f"/xapi/v1{path}",
        "/xapi/v1/SecureSipSettings",
    ]
    assert fake.log[1].sent["Gateway"]["SRTPMode"] == "SRTPEnforced"
    for secret in ("the-trunk-password", "the-misspelt-password", "the-private-key", "the-secret-of-the-client"):
        assert secret not in told


def test_it_can_be_a_new_pbx_again(api: Api, fake: ContractFake) -> None:
    first = api.made("Users", USER)
    fake.quirks = Quirks(breaks={"GET /Users": 500})
    fake.renew()

    assert fake.log == []
    assert api.get("/Users").body["value"] == []
    assert api.made("Users", USER) == first  # the same seed


def test_users_that_its_console_made_are_there_from_the_first_and_when_it_is_new_again() -> None:
    fake = make_fake(users=("401", "402"))
    for _ in range(2):
        users = Api(FakeHost(fake=fake)).get("/Users", select="Number,SRTPMode").body["value"]
        assert {user["Number"] for user in users} == {"401", "402"}
        assert {user["SRTPMode"] for user in users} == {"SRTPDisabled"}
        fake.renew()
