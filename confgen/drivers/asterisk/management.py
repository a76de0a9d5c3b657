"""The manager interface (AMI) and the HTTP server: what their files say, and whether they are as pushed. Pure."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any

from confgen.drivers.asterisk import answers
from confgen.drivers.asterisk.configuration import parse
from confgen.drivers.asterisk.escape import BindAddress, SectionName
from confgen.drivers.asterisk.options import has_option
from confgen.drivers.asterisk.pjsip import CIPHERS_1_2, access, bind_text, certificate_folder
from confgen.drivers.asterisk.verdicts import MEND_BY_PUSH, question
from confgen.model.inventory import TlsVersion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from confgen.drivers.asterisk.configuration import Section
    from confgen.model.check import Check
    from confgen.model.document import Document, ReferencedFile
    from confgen.model.inventory import Ami, AmiUser, Pbx

Listener = tuple[str, int]  # address and TCP port

# Without `enabled` the manager interface answers over TLS and sends no events (seen on 16 and 22), and with it there is
# a listener in clear text: it stays on loopback, where no user may come from.
_LOOPBACK = "127.0.0.1"
_PLAIN_PORTS = (5038, 5037)  # the second where the first is taken by TLS

_PLACEHOLDER = re.compile(r"<(?:env|file|command):")
# manager.conf's option to its line in `manager show settings`
_SHOWN = {
    "enabled": "Manager (AMI)",
    "webenabled": "Web Manager (AMI/HTTP)",
    "tlsenable": "TLS Enable",
    "tlsbindaddr": "TLS Bindaddress",
    "tlscertfile": "TLS Certfile",
    "tlsprivatekey": "TLS Privatekey",
    "tlscipher": "TLS Cipher",
}
_SHOWN_LENGTH = 55  # Asterisk cuts every value there; what served ciphers lie behind it, the level tls asks
_RULE = re.compile(r"^ *\d+: +(?P<word>allow|deny) - (?P<network>\S+)$", re.MULTILINE)


def manager_values(pbx: Pbx, certificate: Mapping[str, ReferencedFile | str]) -> Mapping[str, Any]:
    """What manager.conf says."""
    ami = pbx.ami
    if ami is None:
        return {"is_on": False, "users": []}
    return {
        "is_on": True,
        "plain_address": _LOOPBACK,
        "plain_port": next(port for port in _PLAIN_PORTS if port != ami.port),
        **_tls_values(pbx, ami.bind, ami.port, certificate),
        "users": [_user(ami, user) for user in ami.users],
    }


def http_values(pbx: Pbx, certificate: Mapping[str, ReferencedFile | str]) -> Mapping[str, Any]:
    """What http.conf says: TLS is served without `enabled`, which speaks of clear text only (seen on 16 and 22)."""
    if pbx.http is None:
        return {"is_on": False}
    return {
        "is_on": True,
        "has_status_option": has_option(pbx.product_version, "http.conf", "general", "enable_status"),
        **_tls_values(pbx, pbx.http.bind, pbx.http.port, certificate),
    }


def _tls_values(pbx: Pbx, bind: str, port: int, certificate: Mapping[str, ReferencedFile | str]) -> Mapping[str, Any]:
    """There is no word to leave TLS 1.3 out, and none to choose its cipher suites."""
    return {
        "certificate_folder": certificate_folder(pbx),
        **certificate,
        "bind": BindAddress(bind_text(bind, port)),
        "ciphers": ":".join(CIPHERS_1_2),
        "is_tls_1_2_off": TlsVersion.TLS_1_2 not in pbx.tls_versions,
    }


def _user(ami: Ami, user: AmiUser) -> Mapping[str, Any]:
    rules = access(user.permit)
    if not ipaddress.ip_address(ami.bind).is_loopback:  # who comes from loopback comes in clear text
        rules += [{"word": "deny", "network": "127.0.0.0/8"}, {"word": "deny", "network": "::1/128"}]
    return {
        "name": SectionName(user.name),
        "secret": user.secret,
        "access": rules,
        "read": ",".join(user.read),
        "write": ",".join(user.write),
    }


def tls_listeners(documents: Collection[Document]) -> frozenset[Listener]:
    """Where the pushed files let the manager interface and the HTTP server listen over TLS."""
    pushed = (_sections(key, documents).get("general") for key in ("manager.conf", "http.conf"))
    return frozenset(
        listener(general.value("tlsbindaddr") or "")
        for general in pushed
        if general is not None and general.value("tlsenable") == "yes"
    )


def plain_listeners(documents: Collection[Document]) -> frozenset[Listener]:
    """Where the pushed manager.conf lets it listen in clear text: on loopback, or nowhere."""
    general = _sections("manager.conf", documents).get("general")
    if general is None or general.value("enabled") != "yes":
        return frozenset()
    return frozenset({(general.value("bindaddr") or "", int(general.value("port") or 0))})


def listener(text: str) -> Listener:
    """`192.0.2.11:5039` or `[2001:db8::11]:5039` in two."""
    address, _, port = text.rpartition(":")
    return str(ipaddress.ip_address(address.strip("[]"))), int(port)


def checks(documents: Collection[Document], blocks: Mapping[str, str]) -> Iterator[Check]:
    """MGMT-01, MGMT-02 and MGMT-10: on as declared, or off."""
    manager = _sections("manager.conf", documents)
    if "general" in manager:
        yield _manager(manager["general"], answers.settings(blocks.get("manager show settings", "")))
        yield from _users([section for name, section in manager.items() if name != "general"], blocks)
    http = _sections("http.conf", documents)
    if "general" in http:
        yield _http(http["general"], blocks.get("http show status", ""))


def _manager(general: Section, shown: Mapping[str, str]) -> Check:
    what = "the manager interface (AMI)"
    asked = question("MGMT-01", what)
    is_on = general.value("enabled") == "yes"
    pushed = {"tlsenable": "no", **{option.name: option.value for option in general.options}}
    if is_on:
        pushed["bindaddr"] = bind_text(pushed["bindaddr"], int(pushed["port"]))
    lines = {**_SHOWN, "bindaddr": "TCP Bindaddress"} if is_on else _SHOWN
    compared = {
        option: line for option, line in lines.items() if option in pushed and not _PLACEHOLDER.search(pushed[option])
    }
    missing = [line for line in compared.values() if line not in shown]
    if missing:
        return asked.unknown(f"Asterisk did not tell about {what}: {missing[0]}")
    wrong = [
        f"{line} is {shown[line] or 'empty'}, pushed was {pushed[option]}"
        for option, line in compared.items()
        if shown[line].lower() != pushed[option].lower()[:_SHOWN_LENGTH]
    ]
    if wrong:
        return asked.failed(f"{what}: {'; '.join(wrong)}", MEND_BY_PUSH)
    return asked.passed(f"{what} is on at {pushed['tlsbindaddr']}, over TLS" if is_on else f"{what} is off")


def _users(pushed: Collection[Section], blocks: Mapping[str, str]) -> Iterator[Check]:
    asked = question("MGMT-10", "users of the manager interface")
    answer = blocks.get("manager show users", "")
    if not answer.strip():
        yield asked.unknown("Asterisk did not tell the users of the manager interface")
        return
    found = _names(answer)
    wrong = [f"there is a user {name}, who was not pushed" for name in found - {section.name for section in pushed}]
    for section in pushed:
        if section.name not in found:
            wrong.append(f"there is no user {section.name}")
        elif _rights(section) != (seen := _shown_rights(blocks.get(f"manager show user {section.name}", ""))):
            wrong.append(
                f"the rights of the user {section.name} are not told"
                if seen is None
                else f"the user {section.name} has other rights, or may come from elsewhere, than was pushed"
            )
    if wrong:
        yield asked.failed("; ".join(sorted(wrong)), MEND_BY_PUSH)
    else:
        yield asked.passed(f"its {len(pushed)} user(s) have the rights that were pushed")


def _names(answer: str) -> set[str]:
    """`manager show users`: the lines between two rules."""
    rows = [row.strip() for row in answer.splitlines()]
    rules = [number for number, row in enumerate(rows) if row and not row.strip("-")]
    return {row for row in rows[rules[0] + 1 : rules[-1]] if row} if len(rules) > 1 else set()


_Rights = tuple[frozenset[str], frozenset[str], tuple[tuple[str, str], ...]]


def _rights(section: Section) -> _Rights:
    rules = tuple(
        ("allow" if option.name == "permit" else "deny", answers.network(option.value))
        for option in section.options
        if option.name in {"permit", "deny"}
    )
    return _classes(section.value("read") or ""), _classes(section.value("write") or ""), rules


def _shown_rights(answer: str) -> _Rights | None:
    shown = answers.settings(answer)
    if not {"read perm", "write perm"} <= shown.keys():
        return None
    rules = tuple((match["word"], answers.network(match["network"])) for match in _RULE.finditer(answer))
    return _classes(shown["read perm"]), _classes(shown["write perm"]), rules


def _classes(text: str) -> frozenset[str]:
    return frozenset(word for word in text.split(",") if word not in {"", "<none>"})


def _http(general: Section, answer: str) -> Check:
    """What it says of itself is about clear text; that TLS listens where it should, the sockets tell."""
    what = "the HTTP server"
    asked = question("MGMT-02", what)
    if not answer:
        return asked.unknown(f"Asterisk did not tell whether {what} is on")
    if "Server Disabled" not in answer:
        return asked.failed(f"{what} is on, in clear text", MEND_BY_PUSH)
    if general.value("tlsenable") == "yes":
        return asked.passed(f"{what} is on at {general.value('tlsbindaddr')}, over TLS only")
    return asked.passed(f"{what} is off")


def _sections(key: str, documents: Collection[Document]) -> Mapping[str, Section]:
    text = next((document.reveal() for document in documents if document.key == key), "")
    return {section.name: section for section in parse(text)}
