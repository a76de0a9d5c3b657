"""Level *state*: what Asterisk says it runs, its files and its sockets, against what was pushed."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import (
    answers,
    dialplan,
    logged,
    management,
    read_back,
    script,
    sockets,
    unmanaged,
    waivers,
)
from confgen.drivers.asterisk.configuration import effective, includes, objects
from confgen.drivers.asterisk.layout import MIGRATION
from confgen.drivers.asterisk.migration import is_migrated
from confgen.drivers.asterisk.modules import modules
from confgen.drivers.asterisk.own_files import own_checks, own_files
from confgen.drivers.asterisk.verdicts import MEND_BY_PUSH as _MEND_BY_PUSH
from confgen.drivers.asterisk.verdicts import all_or_each as _all_or_each
from confgen.drivers.asterisk.verdicts import question as _question
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from confgen.drivers.asterisk.configuration import Section
    from confgen.model.check import Check
    from confgen.model.document import Document
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

_BIND = re.compile(r"\[?(?P<address>[0-9.]+|(?<=\[)[0-9A-Fa-f:.]+)\]?(?::(?P<port>\d+))?")
_TLS_PORT = 5061  # where a TLS transport listens that names no port


def state(host: Host, pbx: Pbx, documents: Collection[Document]) -> Sequence[Check]:
    """Everything the PBX can tell about itself, asked in one round trip."""
    own = own_files(host, pbx, documents)
    names = [name for kind, name in _objects(documents, own) if kind == "endpoint" and script.is_askable(name)]
    blocks = script.blocks(script.look(host, pbx, "state", *names, timeout=60 + 0.05 * len(names)))
    return tuple(checks(pbx, documents, blocks, own))


def checks(
    pbx: Pbx, documents: Collection[Document], blocks: Mapping[str, str], own: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Check]:
    """The verdicts over what was asked; `own` are the texts of the user's own files that documents include. Pure."""
    expected = _objects(documents, own)
    if "running yes" not in blocks.get("process", ""):
        yield _question("STATE-04", "process").failed("Asterisk does not run", "`systemctl status asterisk` tells why")
        return
    if Part.MODULES in pbx.manages:
        yield from _modules(_modules_of(documents), blocks)
    else:
        yield from unmanaged.module_checks(pbx, blocks)
    yield from read_back.transport_checks(pbx, expected, blocks)
    yield from read_back.endpoint_checks(pbx, expected, blocks)
    yield from read_back.aor_checks(expected, blocks)
    yield from read_back.settings_checks(expected, blocks)
    yield from waivers.contact_checks(pbx, blocks)
    yield from _media(pbx, blocks) if Part.MEDIA in pbx.manages else unmanaged.media_checks(pbx, blocks)
    if Part.MANAGEMENT in pbx.manages:
        yield from management.checks(documents, blocks)
        yield _security_log(blocks)
    else:
        yield from unmanaged.management_checks(blocks)
    if Part.DIALPLAN in pbx.manages:
        yield from _dialplan(pbx, documents, blocks)
    else:
        yield from unmanaged.dialplan_checks(pbx, *_contexts(pbx, expected), blocks)
    yield from _files(blocks)
    yield from logged.checks(pbx, blocks)
    yield from own_checks(documents, own)
    yield from unmanaged.transport_checks(
        section for (kind, _), section in expected.items() if kind == "transport" and not is_migrated(section)
    )
    yield from _sockets(pbx, expected, documents, blocks)


def _objects(documents: Collection[Document], own: Mapping[str, str]) -> Mapping[tuple[str, str], Section]:
    return objects(_sections("pjsip.conf", documents, own))


def _contexts(pbx: Pbx, expected: Mapping[tuple[str, str], Section]) -> tuple[Mapping[str, str], str | None]:
    """The context of each endpoint, and the probe's."""
    found = {
        name: section.value("context") or "default" for (kind, name), section in expected.items() if kind == "endpoint"
    }
    return found, None if pbx.probe is None else found.get(pbx.probe.name)


def _modules_of(documents: Collection[Document]) -> tuple[str, ...]:
    (section,) = _sections("modules.conf", documents, {})
    return tuple(option.value.removesuffix(".so") for option in section.options if option.name in {"load", "require"})


def _sections(key: str, documents: Collection[Document], own: Mapping[str, str]) -> tuple[Section, ...]:
    text = next(document for document in documents if document.key == key).reveal()
    migration = {document.key: document.reveal() for document in documents if document.key == MIGRATION}
    return effective({**own, **migration, key: text}, key).sections


def _modules(pushed: Collection[str], blocks: Mapping[str, str]) -> Iterator[Check]:
    running = answers.running_modules(blocks.get("module show", ""))
    if not running:
        yield _question("STATE-04", "modules").unknown("Asterisk did not tell its modules")
        return
    loaded = answers.loaded_modules(blocks["module show"])
    missing = [name for name in pushed if name not in running]
    if "res_srtp" in missing:
        yield _question("SRTP-04", "res_srtp").failed(
            "the module res_srtp does not run: no media can be encrypted",
            "`asterisk -rx 'module load res_srtp.so'`, or restart Asterisk",
        )
    else:
        yield _question("SRTP-04", "res_srtp").passed("the module res_srtp runs")
    others = [name for name in missing if name != "res_srtp"]
    yield from _all_or_each(
        "STATE-04",
        "modules",
        [(name, f"the module {name} does not run") for name in others],
        f"{len(running)} modules run",
    )
    yield from _all_or_each(
        "STATE-08",
        "modules",
        [(name, f"the module {name} runs and was not pushed") for name in sorted(loaded - set(pushed))],
        "no module runs but those that were pushed",
        mend="`asterisk -rx 'module unload NAME.so'`, or restart Asterisk",
    )


def _media(pbx: Pbx, blocks: Mapping[str, str]) -> Iterator[Check]:
    rtp = answers.settings(blocks.get("rtp show settings", ""))
    ports = f"{rtp.get('Port start', '?')}-{rtp.get('Port end', '?')}"
    if "?" in ports:
        yield _question("STATE-05", "rtp").unknown("Asterisk did not tell its RTP ports")
        return
    if ports == str(pbx.rtp_ports):
        yield _question("STATE-05", "rtp").passed(f"media uses the UDP ports {ports}")
    else:
        yield _question("STATE-05", "rtp").failed(
            f"media uses the UDP ports {ports}, pushed was {pbx.rtp_ports}", _MEND_BY_PUSH
        )
    yield from unmanaged.protection_checks(blocks, _MEND_BY_PUSH)


def _security_log(blocks: Mapping[str, str]) -> Check:
    log = blocks.get("logger show channels", "")
    if not log:
        return _question("MGMT-03", "security log").unknown("Asterisk did not tell its log channels")
    if re.search(r"Enabled .*\bSECURITY\b", log):
        return _question("MGMT-03", "security log").passed("security events are logged")
    return _question("MGMT-03", "security log").failed("security events are not logged", _MEND_BY_PUSH)


def _dialplan(pbx: Pbx, documents: Collection[Document], blocks: Mapping[str, str]) -> Iterator[Check]:
    question = _question("DIAL-02", "dialplan")
    text = next(document for document in documents if document.key == "extensions.conf").reveal()
    pushed, loaded = dialplan.pushed(text), dialplan.loaded(blocks.get("dialplan show", ""))
    if includes(text) or _has_own_modules(pbx, documents):
        ours = dialplan.written_contexts(text)  # the user's own files and modules bring contexts of their own
        loaded = frozenset(line for line in loaded if line[0] in ours)
    if not loaded:
        yield question.unknown("Asterisk did not tell its dialplan")
    elif pushed == loaded:
        yield question.passed(f"the {len(loaded)} lines of the dialplan are those that were pushed")
    else:
        context, step, application = first = min(pushed ^ loaded)
        said = f"lacks {step}: {application}" if first in pushed else f"has {dialplan.outline(first)}"
        yield question.failed(
            f"{len(pushed ^ loaded)} lines differ from what was pushed; [{context}] {said}",
            "`asterisk -rx 'dialplan reload'`, or restart Asterisk",
        )


def _has_own_modules(pbx: Pbx, documents: Collection[Document]) -> bool:
    """Whether modules run that confgen did not choose."""
    if Part.MODULES not in pbx.manages:
        return True
    return not set(_modules_of(documents)) <= set(modules(replace(pbx, modules=())))


def _files(blocks: Mapping[str, str]) -> Iterator[Check]:
    rows = [row.split(" ") for row in blocks.get("files", "").splitlines()]
    if not rows:
        yield _question("STATE-06", "files").failed("confgen has not pushed to this PBX", "`confgen push` does")
        return
    altered = [row[0] for row in rows if len(row) != 3 or row[1] != row[2]]  # noqa: PLR2004 -- name, written, found
    yield from _all_or_each(
        "CERT-02",
        "certificates",
        [
            (name, f"{name} is not the file that was pushed; it counts from the next start")
            for name in altered
            if name.startswith("keys/")
        ],
        "certificates and keys on disk are those that were pushed",
    )
    yield from _all_or_each(
        "STATE-06",
        "files",
        [(name, f"{name} was changed by hand since it was pushed") for name in altered if not name.startswith("keys/")],
        f"{len(rows)} files on disk are as they were pushed",
    )


def _where_transports_listen(expected: Mapping[tuple[str, str], Section]) -> frozenset[tuple[str, int]]:
    """Those of the user's own among them; those of a migration are not."""
    found = (
        section.value("bind") or ""
        for (kind, _), section in expected.items()
        if kind == "transport" and not is_migrated(section)
    )
    return frozenset(
        (str(ipaddress.ip_address(match["address"])), int(match["port"] or _TLS_PORT))
        for bind in found
        if (match := _BIND.fullmatch(bind)) is not None
    )


def _sockets(
    pbx: Pbx,
    expected: Mapping[tuple[str, str], Section],
    documents: Collection[Document],
    blocks: Mapping[str, str],
) -> Iterator[Check]:
    found = sockets.listeners(blocks)
    binds = _where_transports_listen(expected) | management.tls_listeners(documents)
    if not found:
        yield _question("CLEAR-02", "sockets").unknown("the sockets of the process could not be read")
        return
    waived = waivers.sockets_of(pbx, documents)
    channels = [answers.active_channels(blocks.get(f"calls {when}", "")) for when in ("before", "after")]
    ports = pbx.rtp_ports or unmanaged.told_ports(blocks)
    has_media = ports is not None and channels != [0, 0]  # no call, no media: then nothing may listen there
    extra = sockets.undeclared(
        [listener for listener in found if listener not in waived],
        declared=binds
        | management.plain_listeners(documents)
        | (frozenset() if Part.MANAGEMENT in pbx.manages else unmanaged.management_binds(blocks)),
        rtp_ports=ports if has_media else None,
    )
    yield from _all_or_each(
        "CLEAR-02",
        "sockets",
        [(str(listener), f"Asterisk listens on {listener}, which nothing declares") for listener in extra],
        "Asterisk listens on nothing else that is not declared"
        if waived
        else "Asterisk listens on nothing that is not declared",
        mend="let no module of yours open it (`noload` in modules.conf), or take its configuration away; the socket "
        "of a transport that was removed stays open until Asterisk is restarted",
    )
    yield from waivers.socket_checks(pbx, waived, found)
    heard = {(listener.address, listener.port) for listener in found if listener.protocol == "tcp"}
    yield from _all_or_each(
        "STATE-07",
        "sockets",
        [
            (f"tcp {address}:{port}", f"nothing listens on tcp {address}:{port}")
            for address, port in sorted(binds - heard)
        ],
        "Asterisk listens on every declared TLS port",
        mend="the certificate, its key or the port may be at fault: the Asterisk log tells",
    )
