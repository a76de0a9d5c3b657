"""What a PBX finds out by itself: whether trunks are registered, what is wrong with them, how it is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography import x509

from confgen.model.version import ProductVersion
from lab.threecx.quirks import Quirks
from lab.threecx.state import SIP_SERVICE, State, blank

BUILD = 123
_GRAVE = re.compile(
    r"Err\w+|\w+(?:Failed|Failure|Fail|Invalid|Mismatch|MismatchDetected|TransportError|IsBlocked|NotSet)"
)
_PRODUCT_CODE = "CONTRACT-FAKE"


def full_version(version: ProductVersion) -> str:
    """As a PBX writes it, with the number of the build."""
    return f"{version}.{BUILD}"


def is_registered(trunk: Mapping[str, Any], quirks: Quirks) -> bool:
    """Whether the registrar has let it in: always, where it was told to whom and with what."""
    gateway = trunk["Gateway"] or blank("Gateway")
    is_wanted = gateway["RequireRegistrationFor"] not in {None, "Nothing"}
    password = (trunk["AuthPassword"] or {}).get("Value")
    return bool(is_wanted and gateway["Host"] and password) and gateway["Name"] not in quirks.unregistered


def analysis(trunk: Mapping[str, Any], quirks: Quirks, *, is_online: bool) -> Iterator[dict[str, Any]]:
    """What RunAnalysis finds; `CODE` or `CODE:LEVEL` of the quirks instead, where they have any."""
    gateway = trunk["Gateway"] or blank("Gateway")
    told = quirks.analysis.get(gateway["Name"])
    if told is None:
        told = ("RegisteredOK",) if is_online else ("RegistrationFailed",)
        told += ("TransportType",)
        if gateway["SRTPMode"] not in {None, "SRTPDisabled"}:
            told += ("SupportedCryptos",)
    parameters = {"TransportType": [trunk["TransportRestriction"] or "Any"]}
    for code_and_level in told:
        code, _, level = code_and_level.partition(":")
        yield {
            "Code": code,
            "Level": level or ("Error" if _GRAVE.fullmatch(code) else "Info"),
            "Params": parameters.get(code, []),
            "Template": code,
        }


def expiry(pem: str | None) -> str | None:
    """When a certificate ends; None where there is none that can be read."""
    try:
        return x509.load_pem_x509_certificate((pem or "").encode()).not_valid_after_utc.isoformat()
    except ValueError:
        return None


def system_parameters(state: State, version: ProductVersion) -> dict[str, Any]:
    """The answer of Pbx.GetSystemParameters."""
    return {
        **blank("SystemParameters"),
        "FQDN": state.domain,
        "HttpPort": 5000,
        "HttpsPort": state.https_port,
        "Is3CXFQDN": False,
        "License": {**blank("License"), "IsEnterprise": True, "MaxSimCalls": 8, "ProductCode": _PRODUCT_CODE},
        "SipPort": state.singletons["NetworkSettings"]["SipPort"],
        "SipsPort": state.sips_port,
        "TunnnelPort": state.singletons["NetworkSettings"]["TunnelPort"],
        "Version": full_version(version),
    }


def system_status(state: State, version: ProductVersion, quirks: Quirks, now: float) -> dict[str, Any]:
    """The answer of /SystemStatus."""
    trunks = state.collections["Trunks"].values()
    registered = 0 if is_away(SIP_SERVICE, state, now) else sum(is_registered(trunk, quirks) for trunk in trunks)
    backups = [backup["CreationTime"] for backup in state.collections["Backups"].values()]
    return {
        **blank("SystemStatus"),
        "Activated": True,
        "CallsActive": quirks.calls,
        "ExtensionsTotal": len(state.collections["Users"]),
        "FQDN": state.domain,
        "HasNotRunningServices": any(is_away(name, state, now) for name in state.collections["Services"]),
        "LastBackupDateTime": max(backups, default=None),
        "LicenseActive": True,
        "LicenseKey": "FAKE-NOT-A-LICENCE",
        "MaxSimCalls": 8,
        "OS": "Linux",
        "ProductCode": _PRODUCT_CODE,
        "TrunksRegistered": registered,
        "TrunksTotal": len(trunks),
        "Version": full_version(version),
    }


def moment() -> str:
    """Now, as RFC 3339 has it."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def is_away(service: str, state: State, now: float) -> bool:
    """Whether a service was restarted and is not back yet; `now` is of the fake's clock."""
    return now < state.away_until.get(service, 0.0)
