"""What a PBX is asked to do or to tell, beside its objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from confgen.model.api import ApiAnswer
from lab.threecx import telling
from lab.threecx.answers import ALREADY_IN_USE, FORBIDDEN_CHANGE, NOT_FOUND, REQUIRED, refuse_one
from lab.threecx.countries import PARAMETER, parameter
from lab.threecx.objects import as_answered
from lab.threecx.queries import options_of, projection
from lab.threecx.routes import Route
from lab.threecx.state import blank

if TYPE_CHECKING:
    from lab.threecx.xapi import ContractFake

TEMPLATES = ("GenericVoIPProvider.pv.xml", "1cx.pv.xml")  # those whose names are known
_FIELDS_BY_OPTION = {
    "SipAuth": ("AuthID", "AuthPassword"),
    "DeskphonePassword": ("DeskphonePassword",),
    "VoicemailPIN": ("VMPIN",),
    "WebclientPassword": ("AccessPassword",),
}


def carry_out(fake: ContractFake, found: Route, query: str, sent: Mapping[str, Any]) -> ApiAnswer:
    """Do or tell what the operation says."""
    options = options_of(query, of_many=False)
    last = found.operation.path.rpartition("/")[2]
    if last in _DOING:
        if fake.quirks.ignored_fields(found.path) is None:
            _DOING[last](fake, found, sent)
        return ApiAnswer(status=204)
    answer = _TELLING[last](fake, found)
    if options and found.operation.answers is not None:
        answer = projection(found.operation.answers, options, fake.version).of(answer)
    return ApiAnswer(status=200, body={"@odata.context": f"$metadata#{found.operation.answers}", **answer})


def _new_trunk(fake: ContractFake, found: Route) -> dict[str, Any]:
    template = found.keys["template"]
    if template not in TEMPLATES:
        refuse_one(404, "template", NOT_FOUND)
    trunk = {**blank("Trunk"), "Number": fake.state.first_free_trunk_number()}
    trunk["Gateway"] = {**blank("Gateway"), "TemplateFilename": template}
    return projection("Trunk", {}, fake.version).of(trunk)


def _first_free_trunk_number(fake: ContractFake, _: Route) -> dict[str, Any]:
    return {"Number": fake.state.first_free_trunk_number()}


def _analysis(fake: ContractFake, found: Route) -> dict[str, Any]:
    trunk = _trunk(fake, found.keys["Id"])
    is_online = as_answered(fake, "Trunk", trunk)["IsOnline"]
    return {"value": list(telling.analysis(trunk, fake.quirks, is_online=is_online))}


def _system_parameters(fake: ContractFake, _: Route) -> dict[str, Any]:
    return telling.system_parameters(fake.state, fake.version)


def _system_status(fake: ContractFake, _: Route) -> dict[str, Any]:
    return telling.system_status(fake.state, fake.version, fake.quirks, fake.clock())


def _definitions(_: ContractFake, __: Route) -> dict[str, Any]:
    return blank("Defs")


def _parameter(fake: ContractFake, found: Route) -> dict[str, Any]:
    if found.keys["name"] != PARAMETER:
        refuse_one(404, "name", NOT_FOUND)
    return dict(parameter(fake.state.callable_countries, fake.quirks.countries))


def _refresh(fake: ContractFake, _: Route, sent: Mapping[str, Any]) -> None:
    _trunk(fake, sent["id"])


def _regenerate(fake: ContractFake, found: Route, sent: Mapping[str, Any]) -> None:
    user = fake.state.collections["Users"].get(found.keys["Id"])
    if user is None:
        refuse_one(404, "Id", NOT_FOUND)
    for option, names in _FIELDS_BY_OPTION.items():
        if sent["opts"].get(option):
            user.update({name: fake.state.new_password() for name in names})


def _restart(fake: ContractFake, _: Route, sent: Mapping[str, Any]) -> None:
    services = fake.state.collections["Services"]
    names = sent["options"].get("ServiceNames", [])
    if not names:
        refuse_one(400, "options.ServiceNames", REQUIRED)
    for name in names:
        if name not in services:
            refuse_one(400, name, NOT_FOUND)
        if not services[name]["RestartEnabled"]:
            refuse_one(400, name, FORBIDDEN_CHANGE)
    for name in names:
        fake.state.restarts.append(name)
        fake.state.away_until[name] = fake.clock() + fake.quirks.restart_seconds


def _back_up(fake: ContractFake, _: Route, sent: Mapping[str, Any]) -> None:
    name, contents = sent["description"]["Name"], sent["description"].get("Contents") or {}
    password = (contents.get("EncryptBackupPassword") or {}).get("Value")
    if contents.get("EncryptBackup") and not password:
        refuse_one(400, "description.Contents.EncryptBackupPassword", REQUIRED)
    backups = fake.state.collections["Backups"]
    if name in backups:
        refuse_one(400, "description.Name", ALREADY_IN_USE)
    backups[name] = {
        "FileName": name,
        "CreationTime": telling.moment(),
        "DownloadLink": f"/xapi/v1/Backups('{name}')/Pbx.DownloadBackup()",
        "Size": 1_048_576,
    }
    fake.state.backups_encrypted[name] = bool(contents.get("EncryptBackup"))


def _trunk(fake: ContractFake, key: object) -> dict[str, Any]:
    trunks = fake.state.collections["Trunks"]
    return trunks[key] if key in trunks else refuse_one(404, "Id", NOT_FOUND)


# By the last part of the operation's path.
_TELLING: Mapping[str, Callable[[ContractFake, Route], dict[str, Any]]] = {
    "Pbx.InitTrunk(template={template})": _new_trunk,
    "Pbx.GetFirstAvailableTrunkNumber()": _first_free_trunk_number,
    "Pbx.RunAnalysis": _analysis,
    "Pbx.GetSystemParameters()": _system_parameters,
    "Pbx.GetParameterByName(name={name})": _parameter,
    "SystemStatus": _system_status,
    "Defs": _definitions,
}
_DOING: Mapping[str, Callable[[ContractFake, Route, Mapping[str, Any]], None]] = {
    "Pbx.RefreshRegistration": _refresh,
    "Pbx.Regenerate": _regenerate,
    "Pbx.Restart": _restart,
    "Pbx.Backup": _back_up,
}
