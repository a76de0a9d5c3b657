"""From one PBX to the import files of 3CX 18 and older, which has no API that could secure it. Pure.

Names of columns and fields are those of public import files and templates of V16 and V18; what they mean for TLS and
SRTP is inferred from 3CX 20 where no document says it, and marked so in what is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.settings import codec_names, settings_of
from confgen.model.document import TemplateSource
from confgen.model.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from confgen.drivers.threecx.settings import ThreeCxSettings
    from confgen.model.inventory import Extension, Pbx

FIRST_VERSION = 20  # that has the API
EXTENSIONS = "extensions.csv"
STEPS = "import.txt"

# Columns have their places: what confgen does not know is left empty, which leaves it to the PBX.
_COLUMNS = (
    "Number", "FirstName", "LastName", "EmailAddress", "MobileNumber", "AuthID", "AuthPassword",
    "WebMeetingFriendlyName", "WebMeetingPrivateRoom", "ClickToCall", "ClickToCallFriendlyName",
    "WebMeetingAcceptReject", "EnableVoicemail", "VMNoPin", "VMPlayCallerID", "PIN", "VMPlayMsgDateTime",
    "VMEmailOptions", "QueueStatus", "OutboundCallerID", "SIPID", "DeliverAudio", "SupportReinvite",
    "SupportReplaces", "EnableSRTP", "ManagementAccess", "ReporterAccess", "WallboardAccess", "TurnOffMyPhone",
    "HideFWrules", "CanSeeRecordings", "CanDeleteRecordings", "RecordCalls", "CallScreening", "EmailMissedCalls",
    "Disabled", "DisableExternalCalls", "AllowLanOnly", "BlockRemoteTunnel", "PinProtect", "MAC_0", "InterfaceIP_0",
    "UseTunnel", "DND", "UseCTI", "StartupScreen", "HotelModuleAccess", "DontShowExtInPHBK", "DeskphoneWebPass",
    "SrvcAccessPwd", "VoipAdmin", "SysAdmin", "SecureSIP", "PhoneModel14", "PhoneTemplate14", "CustomTemplate",
    "PhoneSettings", "AllowAllRecordings", "PushExtension", "Integration", "AllowOwnRecordings",
    "RecordExternalCallsOnly", "DID", "SMS", "PhoneSysAdmin",
)  # fmt: skip
_TO_BE_QUOTED = re.compile(r'[",\n\r]|^ | $')
_FORMULA = re.compile(r"[=+\-@\t\r]")  # what a spreadsheet takes for the beginning of one
_NUMBER = re.compile(r"\+[0-9]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 §2.2
_IN_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}


def render_only(pbx: Pbx) -> Finding | None:
    """Why nothing but import files can be had for this PBX; None where its API can be asked."""
    branch = pbx.product_version.branch
    if branch >= FIRST_VERSION:
        return None
    return Finding(
        code="TCX-20",
        message=f"3CX {branch} has no API with fields for TLS and SRTP: nothing can be pushed to it, or proven of it",
        mend="`confgen render` writes its import files, with what to do with them; install 3CX 20 to have it pushed",
        place=pbx.place,
        pbx=pbx.name,
    )


def artefacts(pbx: Pbx) -> tuple[TemplateSource, ...]:
    """The files to import by hand, and in which steps; secrets are still references."""
    settings = settings_of(pbx)
    trunks = {f"trunks/{trunk['name']}.pv.xml": trunk for trunk in _trunks(pbx)}
    rows = [[row.get(column, "") for column in _COLUMNS] for row in (_row(user, settings) for user in pbx.extensions)]
    steps = {
        "pbx": pbx.name,
        "version": pbx.product_version.branch,
        "has_extensions": bool(rows),
        "waived": _waived(pbx),
        "trunks": [{"file": key, **trunk} for key, trunk in trunks.items()],
        "left": _left(settings),
    }
    return (
        *(
            TemplateSource(key=key, template="threecx/provider.pv.xml.j2", values=trunk, escape=xml_text)
            for key, trunk in trunks.items()
        ),
        *(
            [
                TemplateSource(
                    key=EXTENSIONS,
                    template="threecx/extensions.csv.j2",
                    values={"columns": _COLUMNS, "rows": rows},
                    escape=csv_field,
                )
            ]
            if rows
            else []
        ),
        TemplateSource(key=STEPS, template="threecx/import.txt.j2", values=steps, escape=line),
    )


def csv_field(value: object) -> str:
    """A field as RFC 4180 has it; ValueError for what a spreadsheet would run, or what does not fit on a line."""
    text = str(value)
    if _CONTROL.search(text):
        raise ValueError("a control character does not fit into a field")
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        raise ValueError("it begins with a sign that a spreadsheet takes for a formula: = + - @")
    return '"{}"'.format(text.replace('"', '""')) if _TO_BE_QUOTED.search(text) else text


def xml_text(value: object) -> str:
    """A text of an element or an attribute; ValueError for what XML has no way to write."""
    text = str(value)
    if _NOT_IN_XML.search(text):
        raise ValueError("a control character cannot be written in XML")
    return "".join(_IN_XML.get(sign, sign) for sign in text)


def line(value: object) -> str:
    """One line of text."""
    text = str(value)
    if _CONTROL.search(text):
        raise ValueError("a control character cannot be written on a line")
    return text


def _row(extension: Extension, settings: ThreeCxSettings) -> Mapping[str, Any]:
    user = settings.user(extension.number)
    row: dict[str, Any] = {
        "Number": extension.number,
        "FirstName": extension.display_name or extension.number,
        "DeliverAudio": "1",  # by way of the PBX, where it can be encrypted
        "EnableSRTP": "1",
        "AllowLanOnly": "1" if user.lan_only else "0",
    }
    if user.block_tunnel is not None:
        row["BlockRemoteTunnel"] = "1" if user.block_tunnel else "0"
    if extension.own_secret is not None:
        row |= {"AuthID": extension.number, "AuthPassword": extension.own_secret}
    if extension.outside_number is not None:
        row["OutboundCallerID"] = extension.outside_number
    return row


def _trunks(pbx: Pbx) -> Iterator[Mapping[str, Any]]:
    for trunk in pbx.trunks:
        yield _trunk(trunk.name, trunk.peer_domain, trunk.peer_port, trunk.codecs)
    for provided in pbx.provider_trunks:
        provider = provided.provider
        yield _trunk(provided.name, provider.domain, provider.port or 5061, provided.codecs)


def _trunk(name: str, host: str, port: int, codecs: Iterable[str]) -> Mapping[str, Any]:
    return {"name": name, "host": host, "port": port, "codecs": [codec.lower() for codec in codec_names(codecs)]}


def _waived(pbx: Pbx) -> tuple[str, ...]:
    return () if pbx.migration is None else pbx.migration.extensions


def _left(settings: ThreeCxSettings) -> list[str]:
    """What the inventory says and no import file has a place for."""
    found = {
        "the order of codecs (`codecs`)": settings.codecs is not None,
        "`anti_hacking`": bool(settings.anti_hacking),
        "`console`": bool(settings.console_permit),
        "`countries`": bool(settings.allowed_countries),
        "`blocklist`": bool(settings.listed),
        "`sbcs`": bool(settings.sbcs),
    }
    return [words for words, is_there in found.items() if is_there]
