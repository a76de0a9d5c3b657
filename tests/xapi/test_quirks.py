"""Each quirk of the fake does what it says, and nothing while it is not set."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from confgen.model.api import ApiAnswer
from confgen.model.host import HostError
from confgen.model.version import ProductVersion
from lab.threecx.answers import Asked
from lab.threecx.countries import CODES, CountryMeaning
from lab.threecx.quirks import Cut, CutMoment, Quirks
from lab.threecx.state import API_SERVICE, SIP_SERVICE
from lab.threecx.tokens import TOKEN_PATH
from lab.threecx.xapi import ContractFake
from tests.xapi.asking import TRUNK, USER, Api, warnings
from tests.xapi.host import CLIENT, FORM, SECRET, Clock, FakeHost, make_fake


def ask_for_token(fake: ContractFake, secret: str = SECRET, **other: str) -> ApiAnswer:
    form = {"client_id": CLIENT, "client_secret": secret, "grant_type": "client_credentials", **other}
    return fake.answer(
        Asked(method="POST", target=TOKEN_PATH, headers={"content-type": FORM}, body=urlencode(form).encode())
    )


def status_with(fake: ContractFake, token: str) -> int:
    headers = {"authorization": f"Bearer {token}"}
    return fake.answer(Asked(method="GET", target="/xapi/v1/Defs", headers=headers)).status


def test_a_write_can_be_accepted_and_change_nothing(api: Api, fake: ContractFake) -> None:
    path = api.made("Users", USER)
    fake.quirks = Quirks(ignores={"/Users(*)": ("SRTPMode",)})

    assert api.patch(path, {"SRTPMode": "SRTPEnforced", "FirstName": "Front desk"}).status == 204
    read = api.get(path).body
    assert (read["SRTPMode"], read["FirstName"]) == ("SRTPDisabled", "Front desk")


def test_of_a_gateway_one_field_can_be_ignored(api: Api, fake: ContractFake) -> None:
    path = api.made("Trunks", TRUNK)
    fake.quirks = Quirks(ignores={"/Trunks(*)": ("Gateway.SRTPMode",)})

    assert api.patch(path, {"Gateway": {"SRTPMode": "SRTPEnabled", "Port": 5063}}).status == 204
    gateway = api.get(path).body["Gateway"]
    assert (gateway["SRTPMode"], gateway["Port"]) == ("SRTPEnforced", 5063)


def test_a_whole_write_can_be_ignored(api: Api, fake: ContractFake) -> None:
    path = api.made("Users", USER)
    fake.quirks = Quirks(ignores={"*": ()})

    assert api.post("/Users", {"Number": "101"}).status == 201
    assert api.delete(path).status == 204
    assert api.patch("/AntiHackingSettings", {"HackAuthRequests": 10}).status == 204
    assert api.post("/Services/Pbx.Restart", {"options": {"ServiceNames": [SIP_SERVICE]}}).status == 204
    assert [one["Number"] for one in api.get("/Users").body["value"]] == ["100"]
    assert api.get("/AntiHackingSettings").body["HackAuthRequests"] != 10
    assert fake.state.restarts == []


def test_a_request_can_end_in_a_status_without_a_word(api: Api, fake: ContractFake) -> None:
    path = api.made("Users", USER)
    fake.quirks = Quirks(breaks={"PATCH /Users(*)": 500})

    answer = api.patch(path, {"FirstName": "Front desk"})
    assert (answer.status, answer.body) == (500, None)
    assert api.get(path).body["FirstName"] == "Reception"


def test_a_change_can_be_forbidden(api: Api, fake: ContractFake) -> None:
    fake.quirks = Quirks(forbids=("/ConsoleRestrictions",))

    answer = api.patch("/ConsoleRestrictions", {"AccessRestricted": True})
    assert (answer.status, warnings(answer)) == (400, {"ConsoleRestrictions": "WARNINGS.XAPI.FORBIDDEN_CHANGE"})
    assert api.get("/ConsoleRestrictions").body["AccessRestricted"] is False


def test_fewer_can_be_answered_at_once(api: Api, fake: ContractFake) -> None:
    for number in ("100", "101", "102"):
        api.made("Users", {"Number": number})
    fake.quirks = Quirks(most_at_once=2)

    assert len(api.get("/Users").body["value"]) == 2
    assert api.get("/Users", top="3").status == 400


def test_a_token_can_be_revoked(fake: ContractFake) -> None:
    fake.quirks = Quirks(requests_per_token=2)
    token = ask_for_token(fake).body["access_token"]

    assert [status_with(fake, token) for _ in range(4)] == [200, 200, 401, 401]
    assert status_with(fake, ask_for_token(fake).body["access_token"]) == 200


def test_a_client_has_one_token_at_a_time(fake: ContractFake) -> None:
    first = ask_for_token(fake).body["access_token"]
    second = ask_for_token(fake).body["access_token"]

    assert (status_with(fake, first), status_with(fake, second)) == (401, 200)


def test_a_token_ends_by_itself() -> None:
    clock = Clock()
    fake = make_fake(clock=clock)
    token = ask_for_token(fake).body["access_token"]
    clock.now += 3599
    assert status_with(fake, token) == 200
    clock.now += 1
    assert status_with(fake, token) == 401


@pytest.mark.parametrize(
    ("version", "told", "expires_in"),
    [
        (ProductVersion(20, 0, 8), None, 60),
        (ProductVersion(20, 0, 9), None, 3600),
        (ProductVersion(20, 0, 10), True, 60),
        (ProductVersion(20, 0, 8), False, 3600),
    ],
)
def test_how_long_a_token_lasts_is_told_in_minutes_or_seconds(
    version: ProductVersion, *, told: bool | None, expires_in: int
) -> None:
    fake = make_fake(version=version)
    fake.quirks = Quirks(tells_expiry_in_minutes=told)

    assert ask_for_token(fake).body["expires_in"] == expires_in


def test_three_wrong_secrets_ban_even_who_knows_the_right_one(fake: ContractFake) -> None:
    token = ask_for_token(fake).body["access_token"]

    assert [ask_for_token(fake, "wrong").status for _ in range(3)] == [401, 401, 401]
    assert ask_for_token(fake).status == 403
    assert status_with(fake, token) == 403
    assert fake.tokens.tries == 5


def test_two_wrong_secrets_are_forgiven(fake: ContractFake) -> None:
    assert [ask_for_token(fake, secret).status for secret in ("wrong", "wrong", SECRET)] == [401, 401, 200]


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"scope": "xapi"}, "invalid_request"),
    ],
)
def test_another_grant_is_no_token(other: dict[str, str], error: str, fake: ContractFake) -> None:
    answer = ask_for_token(fake, **other)

    assert (answer.status, answer.body) == (400, {"error": error})


def test_a_restart_takes_its_time() -> None:
    clock = Clock()
    host = FakeHost(fake=make_fake(clock=clock))
    api = Api(host)
    trunk = api.made("Trunks", TRUNK)
    host.fake.quirks = Quirks(restart_seconds=30)

    assert api.post("/Services/Pbx.Restart", {"options": {"ServiceNames": [SIP_SERVICE]}}).status == 204

    def seen() -> tuple[str, bool, bool]:
        (service,) = api.get("/Services", filter=f"Name eq '{SIP_SERVICE}'").body["value"]
        return (
            service["Status"],
            api.get(trunk).body["IsOnline"],
            api.get("/SystemStatus").body["HasNotRunningServices"],
        )

    clock.now += 29
    assert seen() == ("StartPending", False, True)
    clock.now += 1
    assert seen() == ("Running", True, False)
    assert host.fake.state.restarts == [SIP_SERVICE]


def test_who_restarts_the_api_waits_for_it() -> None:
    clock = Clock()
    host = FakeHost(fake=make_fake(clock=clock))
    api = Api(host)
    host.fake.quirks = Quirks(restart_seconds=30)
    api.post("/Services/Pbx.Restart", {"options": {"ServiceNames": [API_SERVICE]}})

    assert api.get("/Defs").status == 503
    clock.now += 30
    assert api.get("/Defs").status == 200


def test_what_a_write_leaves_out_of_a_gateway_can_be_lost(api: Api, fake: ContractFake) -> None:
    path = api.made("Trunks", TRUNK)
    fake.quirks = Quirks(replaces_gateway=True)
    before = api.get(path).body["Gateway"]["Id"]

    api.patch(path, {"Gateway": {"Name": "hq", "Host": "hq.example.test"}})
    gateway = api.get(path).body["Gateway"]
    assert (gateway["Host"], gateway["SRTPMode"], gateway["Port"]) == ("hq.example.test", "SRTPDisabled", 5060)
    assert gateway["Id"] == before


def test_a_licence_can_be_without_the_api(api: Api, fake: ContractFake) -> None:
    fake.quirks = Quirks(has_api_licence=False)

    answer = api.get("/Users")
    assert (answer.status, warnings(answer)) == (403, {"License": "WARNINGS.XAPI.INVALID_LICENSE_TYPE"})


def test_a_client_can_be_without_the_right_to_settings(api: Api, fake: ContractFake) -> None:
    fake.quirks = Quirks(has_system_role=False)

    assert api.get("/Users").status == 200
    assert api.get("/AntiHackingSettings").status == 403
    assert api.patch("/AntiHackingSettings", {"HackAuthRequests": 10}).status == 403


def test_one_can_lock_oneself_out(api: Api, fake: ContractFake) -> None:
    fake.quirks = Quirks(restricts_api=True)
    assert api.patch("/ConsoleRestrictions", {"AccessRestricted": True, "IpWhitelist": ["127.0.0.0/8"]}).status == 204
    assert api.patch("/ConsoleRestrictions", {"IpWhitelist": ["192.0.2.0/24"]}).status == 204
    assert api.get("/ConsoleRestrictions").status == 403


def test_a_trunk_can_stay_unregistered(api: Api, fake: ContractFake) -> None:
    path = api.made("Trunks", TRUNK)

    def analysed() -> dict[str, str]:
        found = api.post(f"{path}/Pbx.RunAnalysis").body["value"]
        return {one["Code"]: one["Level"] for one in found}

    assert analysed() == {"RegisteredOK": "Info", "TransportType": "Info", "SupportedCryptos": "Info"}
    fake.quirks = Quirks(unregistered=("hq",))
    assert api.get(path).body["IsOnline"] is False
    assert analysed()["RegistrationFailed"] == "Error"


def test_what_an_analysis_finds_can_be_said(api: Api, fake: ContractFake) -> None:
    path = api.made("Trunks", TRUNK)
    fake.quirks = Quirks(analysis={"hq": ("TransportMismatch", "NumberFormatsMismatch:Warning", "RegisteredOK")})

    found = api.post(f"{path}/Pbx.RunAnalysis").body["value"]
    assert [(one["Code"], one["Level"]) for one in found] == [
        ("TransportMismatch", "Error"),
        ("NumberFormatsMismatch", "Warning"),
        ("RegisteredOK", "Info"),
    ]


def test_what_was_told_can_be_answered_in_other_words(api: Api, fake: ContractFake) -> None:
    path = api.made("Blocklist", {"IPAddrMask": "198.51.100.7/32", "ExpiresAt": "2030-01-01T00:00:00Z"})
    fake.quirks = Quirks(writes_otherwise=True)

    read = api.get(path).body
    assert (read["IPAddrMask"], read["ExpiresAt"]) == ("198.51.100.7", "2030-01-01T00:00:00.0000000+00:00")


@pytest.mark.parametrize(
    ("meaning", "listed", "parameter"),
    [
        (CountryMeaning.REST, ["49"], set(CODES) - {"49"}),
        (CountryMeaning.BOTH_ALLOW, ["49"], {"49"}),
        (CountryMeaning.BOTH_REFUSE, [code for code in CODES if code != "49"], set(CODES) - {"49"}),
    ],
)
def test_the_list_of_countries_can_mean_one_thing_or_another(
    meaning: CountryMeaning, listed: list[str], parameter: set[str], api: Api, fake: ContractFake
) -> None:
    fake.quirks = Quirks(countries=meaning)

    assert api.get("/CountryCodes").body["CountryCodes"] == listed
    told = api.get("/Parameters/Pbx.GetParameterByName(name='NOTALLOWED_COUNTRYCODES')").body["Value"]
    assert set(told.split(",")) == parameter
    assert api.patch("/CountryCodes", {"CountryCodes": ["43", "49"]}).status == 204
    allowed = {"43", "49"}
    expected = set(CODES) - allowed if meaning is CountryMeaning.BOTH_REFUSE else allowed
    assert fake.state.callable_countries == expected


def test_no_country_is_listed_that_is_none(api: Api) -> None:
    assert api.patch("/CountryCodes", {"CountryCodes": ["4999"]}).status == 400
    assert api.patch("/CountryCodes", {"CountryCodes": ["49", "49"]}).status == 400
    assert api.get("/Parameters/Pbx.GetParameterByName(name='OTHER')").status == 404


def test_calls_can_go_on(api: Api, fake: ContractFake) -> None:
    fake.quirks = Quirks(calls=3)

    assert api.get("/SystemStatus").body["CallsActive"] == 3


@pytest.mark.parametrize(
    ("moment", "is_carried_out"),
    [(CutMoment.BEFORE, False), (CutMoment.AFTER, True), (CutMoment.MIDWAY, True)],
)
def test_the_link_can_be_cut_at_a_request(
    moment: CutMoment, *, is_carried_out: bool, api: Api, fake: ContractFake
) -> None:
    path = api.made("Users", USER)
    fake.quirks = Quirks(cut=Cut(at=2, moment=moment))

    assert api.get(path).status == 200
    with pytest.raises(HostError):
        api.patch(path, {"FirstName": "Front desk"})
    assert (api.get(path).body["FirstName"] == "Front desk") is is_carried_out
    assert fake.log[-2].status is None


def test_a_link_can_stay_cut_until_it_is_mended(api: Api, fake: ContractFake) -> None:
    api.get("/Defs")
    fake.quirks = Quirks(cut=Cut(at=1, times=None))
    for _ in range(3):
        with pytest.raises(HostError):
            api.get("/Defs")

    fake.quirks = Quirks()
    assert api.get("/Defs").status == 200


def test_quirks_survive_json() -> None:
    quirks = Quirks(
        ignores={"/Users(*)": ("SRTPMode",)},
        breaks={"GET /Users": 500},
        forbids=("/Sbcs",),
        unregistered=("hq",),
        analysis={"hq": ("TransportError",)},
        countries=CountryMeaning.BOTH_REFUSE,
        cut=Cut(at=3, moment=CutMoment.MIDWAY, times=None),
    )

    assert Quirks.from_json(quirks.to_json()) == quirks
    assert Quirks.from_json("{}") == Quirks()
    assert Quirks.from_json(json.dumps({"cut": {"at": 1}})) == replace(Quirks(), cut=Cut(at=1))
    with pytest.raises(TypeError):
        Quirks.from_json('{"ignore": {}}')
