"""What an unharmed Asterisk would tell of itself after a push, in the blocks of the host's script."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from ipaddress import ip_network

from confgen.drivers import asterisk
from confgen.drivers.asterisk.configuration import Section, effective, objects, parse
from confgen.drivers.asterisk.dialplan import pushed
from confgen.drivers.asterisk.modules import needed
from confgen.model.document import Document
from confgen.model.inventory import Pbx, PortRange
from confgen.render import render
from tests.drivers.asterisk.test_sockets import HEAD, row
from tests.model.pbxs import secrets_of

# A user's own dialplan, which keeps the probe in.
MANAGER_OFF = "[general]\nenabled = no\n"
OWN_DIALPLAN = """\
[office]
include => menu
exten => _1XX,1,Dial(PJSIP/${EXTEN},20)
 same => n,VoiceMail(${EXTEN}@default)
[menu]
exten => 700,1,Queue(support)
[from-branch]
exten => _1XX,1,Dial(PJSIP/${EXTEN},20)
[probe]
exten => 600,1,Progress()
 same => n,GotoIf($["${CHANNEL(rtp,secure,audio)}" = "1"]?secure)
 same => n,Hangup(58)
 same => n(secure),Answer()
 same => n,Echo()
"""
_SHOWN = {"yes": "true", "no": "false"}


def documents_of(pbx: Pbx) -> tuple[Document, ...]:
    return render(asterisk.sources(pbx), secrets_of(pbx))


def healthy(pbx: Pbx, documents: Collection[Document], own: Mapping[str, str] | None = None) -> dict[str, str]:
    """The blocks in which everything is as it was pushed; the PBX binds 192.0.2.11:5061."""
    texts = {document.key: document.reveal() for document in documents}
    found = objects(effective({**(own or {}), **texts}, "pjsip.conf").sections)
    endpoints = [name for kind, name in found if kind == "endpoint"]
    transports = {name: section for (kind, name), section in found.items() if kind == "transport"}
    ports = pbx.rtp_ports or PortRange(first=10000, last=20000)
    blocks = {
        "process": "running yes\nuser asterisk",
        "files": "\n".join(f"{document.key} 00ff 00ff" for document in documents),
        "pjsip show transports": "\n".join(
            f"Transport:  {name}      {section.value('protocol')}      0      0  {section.value('bind')}"
            for name, section in transports.items()
        ),
        "pjsip list endpoints": "\n".join(
            f" Endpoint:  {name}                     Not in use    0 of inf" for name in endpoints
        ),
        "pjsip list aors": "\n".join(
            f"      Aor:  {name}                       {section.value('max_contacts') or 0}"
            for (kind, name), section in found.items()
            if kind == "aor"
        )
        + "\nObjects found: 1\n",
        "contacts": "",
        "logged": "known restart\nknown reload\n",
        "pjsip show settings": _settings(found),
        "module show": "\n".join(
            f"{name}   Of some use   0          Running              core" for name in _modules(pbx, texts)
        ),
        "rtp show settings": f"  Port start:      {ports.first}\n  Port end:        {ports.last}\n"
        "  Strict RTP:      Yes\n  Replay Protect:  Yes\n",
        **_manager(
            {section.name: section for section in parse(texts.get("manager.conf", "[general]\nenabled = no\n"))}
        ),
        "http show status": "HTTP Server Status:\nServer Disabled\n",
        "logger show channels": "security.log File  default  Enabled    - SECURITY \n",
        "dialplan show": _dialplan(texts.get("extensions.conf", OWN_DIALPLAN)),
        "calls before": "0 active channels\n0 active calls\n",
        "calls after": "0 active channels\n0 active calls\n",
        "sockets": "11\n12",
        "/proc/net/tcp": HEAD + "".join(row(local, "0A", 11) for local in ("0B0200C0:13C5", *_management(pbx))),
        "/proc/net/udp": HEAD + row("00000000:D431", "07", 12),
    }
    blocks |= {f"pjsip show {kind} {name}": _shown(section) for (kind, name), section in found.items()}
    return blocks


def _settings(found: Mapping[tuple[str, str], Section]) -> str:
    """What the console tells of [global] and [system]."""
    pushed = [section for (kind, _), section in found.items() if kind in {"global", "system"}]
    return "\n debug : no\n" + "\n".join(_shown(section) for section in pushed) + "\n"


def _management(pbx: Pbx) -> tuple[str, ...]:
    """Where the manager interface and the HTTP server listen, in the words of /proc/net."""
    manager = () if pbx.ami is None else ("0100007F:13AE", f"0B0200C0:{pbx.ami.port:04X}")
    return manager if pbx.http is None else (*manager, f"0B0200C0:{pbx.http.port:04X}")


def _manager(sections: Mapping[str, Section]) -> dict[str, str]:
    """What 16 and 22 tell of the manager interface, word for word but for its values."""
    general = {option.name: option.value for option in sections["general"].options}
    users = {name: section for name, section in sections.items() if name != "general"}
    settings = {
        "Manager (AMI)": general["enabled"].capitalize(),
        "Web Manager (AMI/HTTP)": "No",
        "TCP Bindaddress": f"{general.get('bindaddr', '[::]')}:{general.get('port', '5038')}",
        "TLS Enable": general.get("tlsenable", "no").capitalize(),
        "TLS Bindaddress": general.get("tlsbindaddr", "[::]:5039"),
        "TLS Certfile": general.get("tlscertfile", "asterisk.pem"),
        "TLS Privatekey": general.get("tlsprivatekey", ""),
        "TLS Cipher": general.get("tlscipher", ""),
    }
    blocks = {
        "manager show settings": "\nGlobal Settings:\n----------------\n"
        + "".join(f"  {name + ':':<27}{value:<15.55}\n" for name, value in settings.items()),
        "manager show users": "There are no manager users.\n"
        if not users
        else "\nusername\n--------\n"
        + "".join(f"{name}\n" for name in users)
        + f"-------------------\n{len(users)} manager users configured.\n",
    }
    for name, section in users.items():
        blocks[f"manager show user {name}"] = (
            f"\n          username: {name}\n            secret: <Set>\n               ACL: yes\n"
            f"         read perm: {section.value('read') or '<none>'}\n"
            f"        write perm: {section.value('write') or '<none>'}\n"
            "   displayconnects: no\nallowmultiplelogin: yes\n         Variables: \nACL: (unnamed)\n"
            + "-" * 45
            + "\n"
            + "".join(
                f"{number:>3}: {'allow' if option.name == 'permit' else ' deny'} - {_masked(option.value)}\n"
                for number, option in enumerate(
                    option for option in section.options if option.name in {"permit", "deny"}
                )
            )
        )
    return blocks


def _masked(network: str) -> str:
    found = ip_network(network)
    return f"{found.network_address}/{found.netmask}"


def _modules(pbx: Pbx, texts: Mapping[str, str]) -> Sequence[str]:
    if "modules.conf" not in texts:
        return [f"{name}.so" for name in (*needed(pbx), "app_queue", "chan_iax2")]
    return [option.value for option in parse(texts["modules.conf"])[0].options if option.name != "autoload"]


def _dialplan(text: str) -> str:
    """Context by context, as test_dialplan.py has it from a real Asterisk."""
    shown = []
    for context, step, application in sorted(pushed(text)):
        shown.append(f"[ Context '{context}' created by 'pbx_config' ]")
        if step == "include":
            shown.append(f"  Include =>        '{application}'          [pbx_config]")
        else:
            extension, priority = step.split(" ")
            shown.append(f"  '{extension}' =>   {priority}. {application}     [extensions.conf:1]")
    return "\n".join(shown)


def _shown(section: Section) -> str:
    """Options as the command line writes them, after the line that is its heading."""
    counting = {option.name.lower(): option.value for option in section.options if option.name != "local_net"}
    shown = [*counting.items(), *(("local_net", value) for value in section.values("local_net"))]
    options = "\n".join(f" {name} : {_as_shown(name, value)}" for name, value in shown)
    networks = "" if section.values("local_net") or section.value("type") != "transport" else "\n local_net : "
    return f" ParameterName : ParameterValue\n{options}{networks}"


def _as_shown(option: str, value: str) -> str:
    match option:
        case "allow":
            return f"({value.replace(',', '|')})"
        case "local_net":
            return _masked(value)
        case _:
            return _SHOWN.get(value, value)
