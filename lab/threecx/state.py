"""What a PBX keeps, and what it has when it is new; the identifiers of its objects are its own."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from confgen.drivers.threecx.contract import FieldType, fields
from lab.threecx.countries import HOME, countries

KEY_BY_COLLECTION: Mapping[str, str] = {
    "Trunks": "Id",
    "Users": "Id",
    "Blocklist": "Id",
    "Sbcs": "Name",
    "Services": "Name",
    "Backups": "FileName",
    "Countries": "Name",
}
OBJECT_BY_COLLECTION: Mapping[str, str] = {
    "Trunks": "Trunk",
    "Users": "User",
    "Blocklist": "BlocklistAddr",
    "Sbcs": "Sbc",
    "Services": "ServiceInfo",
    "Backups": "Backups",
    "Countries": "Country",
}
SINGLETONS = (
    "SecureSipSettings",
    "AntiHackingSettings",
    "ConsoleRestrictions",
    "CountryCodes",  # kept as those that may be called, whatever it says of them
    "E164Settings",
    "NetworkSettings",
    "CodecsSettings",
)
SIP_SERVICE = "3CXPhoneSystem01"
API_SERVICE = "3CXPhoneSystemMC01"
_SERVICES = (
    SIP_SERVICE,
    API_SERVICE,
    "3CXMediaServer",
    "3CXIVR01",
    "3CXQueueManager01",
    "3CXCallFlow01",
    "3CXCfgServ01",
    "3CXSystemService01",
    "3CXAudioProvider01",
    "3CXEventNotificationManager",
    "3CXGatewayService",
    "postgresql@15-main",
    "nginx",
)
_NOT_RESTARTED = ("postgresql@15-main", "nginx")
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "Trunk": {
        "Direction": "Both",
        "EnableInboundCalls": True,
        "EnableOutboundCalls": True,
        "IPRestriction": "Any",
        "SimultaneousCalls": 10,
        "TransportRestriction": "Any",
    },
    "Gateway": {
        "Codecs": ["PCMA", "PCMU", "G729"],
        "IPInRegistrationContact": "External",
        "Lines": 10,
        "MatchingStrategy": "MatchAnyFields",
        "Port": 5060,
        "RequireRegistrationFor": "InOutCalls",
        "SRTPMode": "SRTPDisabled",
        "SupportReinvite": True,
        "TimeBetweenReg": 10,
        "Type": "Provider",
    },
    "User": {"AllowLanOnly": True, "Enabled": True, "PbxDeliversAudio": False, "SRTPMode": "SRTPDisabled"},
    "BlocklistAddr": {"AddedBy": "Manual", "BlockType": "Block"},
    "Sbc": {"LogLevel": "None", "Security": "TCP"},
    "AntiHackingSettings": {
        "HackAuthRequests": 25,
        "HackBarrierAmber": 2000,
        "HackBarrierGreen": 200,
        "HackBarrierRed": 4000,
        "HackBlacklistDuration": 3600,
        "HackChallengeRequests": 1000,
        "MaxRequestPerPeriod": 200,
        "ThrottlePeriodLength": 10,
    },
    "ConsoleRestrictions": {"Id": "0", "MyIpAddress": "127.0.0.1"},
    "CountryCodes": {"CountryCodes": [HOME]},
    "E164Settings": {"CountryCode": HOME, "CountryName": f"Country +{HOME}"},
    "NetworkSettings": {"Id": "0", "DirectSIPAllowExternal": True, "SipPort": 5060, "TunnelPort": 5090},
    "CodecsSettings": {
        "ExternalCodecList": ["G729", "PCMU", "PCMA", "OPUS"],
        "LocalCodecList": ["PCMU", "PCMA", "G722", "OPUS"],
    },
}


def blank(name: str) -> dict[str, Any]:
    """An object of that name in which nobody has set anything."""
    made: dict[str, Any] = {}
    for one in fields(name).values():
        if one.is_list:
            made[one.name] = []
        elif one.is_nullable:
            made[one.name] = False if one.type is FieldType.BOOLEAN else None
        elif one.type is FieldType.INTEGER:
            made[one.name] = 0
        else:
            made[one.name] = ""
    made.update(_copied(_DEFAULTS.get(name, {})))
    return made


@dataclass(kw_only=True)
class State:
    """One PBX; two of them with different seeds give no object the same identifier."""

    seed: int = 1
    domain: str
    sips_port: int = 5061
    https_port: int = 5001
    users: tuple[str, ...] = ()  # numbers of those that were made in its console
    collections: dict[str, dict[Any, dict[str, Any]]] = field(default_factory=dict)  # by name and key
    singletons: dict[str, dict[str, Any]] = field(default_factory=dict)
    away_until: dict[str, float] = field(default_factory=dict)  # services that restart, by the fake's clock
    backups_encrypted: dict[str, bool] = field(default_factory=dict)  # by file name
    restarts: list[str] = field(default_factory=list)  # services in the order in which they were restarted

    def __post_init__(self) -> None:
        """Give it what a PBX has when it is new."""
        self._random = random.Random(self.seed)  # noqa: S311 -- of a fake, and repeatable on purpose
        self._next_id = self._random.randrange(1000, 1_000_000)
        self.collections = {name: {} for name in KEY_BY_COLLECTION}
        self.collections["Countries"] = countries()
        self.singletons = {name: blank(name) for name in SINGLETONS}
        self.singletons["NetworkSettings"]["PbxPublicFQDN"] = self.domain
        for name in _SERVICES:
            can_restart = name not in _NOT_RESTARTED
            self.collections["Services"][name] = {
                "Name": name,
                "DisplayName": name,
                "RestartEnabled": can_restart,
                "StartStopEnabled": can_restart,
                "Status": "Running",
            }
        for number in self.users:
            user = self.new_user(number)
            self.collections["Users"][user["Id"]] = user

    def new_id(self) -> int:
        """An identifier that no object of this PBX has."""
        self._next_id += self._random.randrange(1, 9)
        return self._next_id

    def new_password(self) -> str:
        """One that the PBX makes itself."""
        return "".join(self._random.choices(string.ascii_letters + string.digits, k=16))

    def first_free_trunk_number(self) -> str:
        """The number that the next trunk gets."""
        taken = {trunk["Number"] for trunk in self.collections["Trunks"].values()}
        return next(number for number in map(str, range(10000, 20000)) if number not in taken)

    @property
    def callable_countries(self) -> frozenset[str]:
        """Those that a call goes out to, whatever the list of them is taken for."""
        return frozenset(self.singletons["CountryCodes"]["CountryCodes"])

    def named_trunks(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every trunk with its Gateway.Name."""
        for trunk in self.collections["Trunks"].values():
            yield (trunk["Gateway"] or {}).get("Name") or "", trunk

    def new_user(self, number: str) -> dict[str, Any]:
        """A user with the passwords that the PBX makes."""
        user = {**blank("User"), "Id": self.new_id(), "Number": number, "AuthID": self.new_password()}
        return {**user, **{name: self.new_password() for name in ("AuthPassword", "AccessPassword", "VMPIN")}}


def _copied(value: Any) -> Any:  # noqa: ANN401, any JSON
    if isinstance(value, Mapping):
        return {key: _copied(held) for key, held in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value
