"""What is wrong in files of the user's own that managed ones include, by the rules that ours are rendered by. Pure."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration import (
    Consequence,
    Directive,
    Header,
    Option,
    effective,
    includes,
    objects,
    parse,
    read,
)
from confgen.drivers.asterisk.configuration.words import folded
from confgen.drivers.asterisk.layout import MIGRATION
from confgen.drivers.asterisk.pjsip import CIPHERS_1_2, CIPHERS_1_3
from confgen.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from confgen.drivers.asterisk.configuration import Effective, Section
    from confgen.model.finding import Place

_TRUE = frozenset({"yes", "true", "y", "t", "1", "on"})
_METHODS = frozenset({"tlsv1_2", "tlsv1_3", "sslv23"})
_CIPHERS = frozenset((*CIPHERS_1_2, *CIPHERS_1_3))
_SHARED = frozenset({"globals"})
_WIDEST = {4: 8, 6: 16}  # bits of the widest network that an identify may match
# Technologies of Dial() that carry no SRTP over TLS, or none that confgen could prove; `PJSIP/` is another word.
_CLEAR_TECHNOLOGY = re.compile(
    r"(?<![\w/])(?P<name>SIP|IAX2?|MGCP|Skinny|SCCP|Unistim|OOH323|H323|Motif|"
    r"MulticastRTP|UnicastRTP|AudioSocket|WebSocket)(?:/|$)",
    re.IGNORECASE,
)


def judge_pjsip(own: Mapping[str, str], ours: str, migration: str = "") -> tuple[Finding, ...]:
    """Findings in `own`, the texts that pjsip.conf (`ours`) includes, by name on the host.

    What a migration keeps is waived as it stands, and nothing may be added to it.
    """
    texts = {**own, "pjsip.conf": ours, MIGRATION: migration}
    found = effective(texts, "pjsip.conf")
    owned = [section for section in found.sections if _is_own(section.place, "pjsip.conf")]
    rendered = [section for section in found.sections if not _is_own(section.place, "pjsip.conf")]
    return (
        *_reading_findings(found, texts),
        *_additions(rendered),
        *_made_templates(found, texts, "pjsip.conf", "AUTH-08"),
        *_doubles(owned, objects(rendered)),
        *(finding for section in owned for finding in _section(section, found)),
    )


def judge_dialplan(own: Mapping[str, str], ours: str) -> tuple[Finding, ...]:
    """Findings in `own`, the texts that extensions.conf (`ours`) includes."""
    texts = {**own, "extensions.conf": ours}
    found = effective(texts, "extensions.conf")
    return (
        *_reading_findings(found, texts),
        *_made_templates(found, texts, "extensions.conf", "DIAL-33"),
        *_contexts_of_ours(found.sections, {section.name for section in parse(ours)}),
        *_clear_calls(found.sections),
    )


def _is_own(place: Place | None, root: str) -> bool:
    return place is not None and place.file not in {root, MIGRATION}


def _reading_findings(found: Effective, texts: Mapping[str, str]) -> Iterator[Finding]:
    """What Asterisk would not read as it was meant, what is missing, and what runs a program."""
    told: set[Place] = set()
    for name in dict.fromkeys(found.files):
        for said in read(texts[name], name).statements():
            if isinstance(said, Directive) and said.word == "exec":
                told.add(said.place)
                yield _finding("PUSH-21", said.place, "#exec runs a program", "write down what it prints")
        missing = {problem.place for problem in found.problems if problem.consequence is not Consequence.PASSED_OVER}
        for wanted in includes(texts[name], name):
            if wanted.place in missing:
                told.add(wanted.place)
                yield _finding(
                    "PUSH-22",
                    wanted.place,
                    f"the file {wanted.name} is not there, or Asterisk cannot read it",
                    "put it there, readable for Asterisk's user, or take its name out",
                )
    for problem in found.problems:
        if problem.place not in told:
            is_harmless = problem.consequence is Consequence.PASSED_OVER
            yield Finding(
                code="PUSH-23",
                message=problem.message,
                mend="mend this line",
                severity=Severity.WARNING if is_harmless else Severity.ERROR,
                place=problem.place,
            )


def _made_templates(found: Effective, texts: Mapping[str, str], root: str, code: str) -> Iterator[Finding]:
    """What the user's own files make templates of: confgen renders none, and Asterisk leaves out what is one."""
    headers = [
        said
        for name in dict.fromkeys(found.files)
        if name not in {root, MIGRATION}
        for said in read(texts[name], name).statements()
        if isinstance(said, Header) and "!" in said.marks
    ]
    for section in found.templates:
        if section.place is not None and section.place.file == root:
            places = (header.place for header in headers if folded(header.name) in {folded(section.name), ""})
            message = f"it makes a template of confgen's [{section.name}], which is there no more"
            yield _finding(code, next(places, section.place), message, "choose a name of its own")


def _additions(rendered: Iterable[Section]) -> Iterator[Finding]:
    """What the user's own files add to sections that confgen renders."""
    for section in rendered:
        for option in section.options:
            if option.place is not None and _is_own(option.place, "pjsip.conf"):
                message = f"{option.name} is added to confgen's [{section.name}]"
                yield _finding("AUTH-08", option.place, message, "choose a name of its own")


def _doubles(owned: Iterable[Section], rendered: Mapping[tuple[str, str], Section]) -> Iterator[Finding]:
    """Sections that take the place of one that confgen renders, or decide who its endpoints are."""
    names = {name for _, name in rendered}
    for section in owned:
        kind, endpoint = _kind(section), section.value("endpoint")
        if kind == "global" or (kind, section.name) in rendered:
            message = f"confgen renders the {kind} [{section.name}] too"
            yield _of(section, "type", "AUTH-08", message, "choose a name of its own")
        elif kind == "identify" and endpoint in names:
            message = f"it identifies confgen's [{endpoint}]"
            yield _of(section, "endpoint", "AUTH-08", message, "leave its endpoint to the inventory")


def _section(section: Section, found: Effective) -> Iterator[Finding]:
    match _kind(section):
        case "transport":
            yield from _transport(section)
        case "endpoint":
            yield from _endpoint(section, found)
        case "auth":
            yield from _auth(section)
        case "identify":
            yield from _identify(section)
        case _:
            pass


def _kind(section: Section) -> str:
    return next(iter(section.values("type")), "").lower()


def _transport(section: Section) -> Iterator[Finding]:
    protocol = (section.value("protocol") or "udp").lower()
    if protocol != "tls":
        message = f"the transport {section.name} is {protocol}"
        yield _of(section, "protocol", "CLEAR-05", message, "remove it: confgen's own transport is TLS")
        return
    method = section.value("method")
    if method not in _METHODS:
        message = f"the transport {section.name} speaks {method or 'TLS 1.0, as no method says otherwise'}"
        yield _of(section, "method", "CLEAR-06", message, "method = tlsv1_2")
    ciphers = re.findall(r"[^,\s]+", section.value("cipher") or "")
    if not ciphers or not _CIPHERS.issuperset(ciphers):
        weak = next((cipher for cipher in ciphers if cipher not in _CIPHERS), "any cipher")
        yield _of(
            section, "cipher", "CLEAR-06", f"the transport {section.name} takes {weak}", "take confgen's `cipher`"
        )
    if not _is_on(section, "verify_server"):
        message = f"the transport {section.name} takes any certificate of the far end"
        yield _of(section, "verify_server", "CLEAR-06", message, "verify_server = yes, with ca_list_file")
    if _is_on(section, "verify_client") != _is_on(section, "require_client_cert"):
        message = f"the transport {section.name} asks for certificates of phones and does without"
        yield _of(section, "verify_client", "CLEAR-06", message, "verify_client and require_client_cert go together")


def _endpoint(section: Section, found: Effective) -> Iterator[Finding]:
    name = section.name
    encryption = (section.value("media_encryption") or "no").lower()
    if encryption not in {"sdes", "dtls"}:
        message = f"the endpoint {name} has media_encryption = {encryption}"
        yield _of(section, "media_encryption", "SRTP-08", message, "media_encryption = sdes")
    if _is_on(section, "media_encryption_optimistic"):
        message = f"the endpoint {name} takes calls without SRTP where none is offered"
        yield _of(section, "media_encryption_optimistic", "SRTP-11", message, "media_encryption_optimistic = no")
    yield from _ways_around(section, encryption)
    if name.lower().partition("@")[0] == "anonymous":  # with a domain behind it, for calls to that domain
        yield _of(section, "type", "AUTH-05", f"the endpoint {name} takes calls from anybody", "remove it")
    elif not section.value("auth") and not _is_identified_by_address(section, found):
        message = f"the endpoint {name} has no `auth`: whoever knows its name may call"
        yield _of(section, "auth", "AUTH-04", message, "give it an `auth`, or identify_by = ip with an identify")
    if _is_on(section, "allow_unauthenticated_options"):
        message = f"the endpoint {name} answers OPTIONS of anybody"
        mend = "allow_unauthenticated_options = no"
        yield _of(section, "allow_unauthenticated_options", "AUTH-06", message, mend)


def _ways_around(section: Section, encryption: str) -> Iterator[Finding]:
    if not section.value("direct_media") or _is_on(section, "direct_media"):
        message = f"the endpoint {section.name} sends media past the PBX (direct_media)"
        yield _of(section, "direct_media", "SRTP-12", message, "direct_media = no")
    for option in ("t38_udptl", "srtp_tag_32", "webrtc"):
        if _is_on(section, option):
            yield _of(section, option, "SRTP-12", f"the endpoint {section.name} has {option}", f"{option} = no")
    if encryption == "dtls" and (section.value("dtls_verify") or "no").lower() not in {"fingerprint", "yes"}:
        message = f"the endpoint {section.name} takes any certificate for its DTLS"
        yield _of(section, "dtls_verify", "SRTP-12", message, "dtls_verify = fingerprint")


def _is_identified_by_address(section: Section, found: Effective) -> bool:
    by_address = {word.strip().lower() for word in (section.value("identify_by") or "").split(",")} == {"ip"}
    return by_address and any(
        _kind(other) == "identify" and other.value("endpoint") == section.name and other.value("match")
        for other in found.sections
    )


def _auth(section: Section) -> Iterator[Finding]:
    password, user = section.value("password") or "", section.value("username") or ""
    if password and password.lower() in {user.lower(), section.name.lower()}:
        yield _of(section, "password", "AUTH-07", f"the password of {section.name} is its name", "choose another")
    elif not password and not section.value("password_digest") and not section.value("md5_cred"):
        yield _of(section, "password", "AUTH-07", f"the auth {section.name} has no password", "give it one")


def _identify(section: Section) -> Iterator[Finding]:
    for option in section.options:
        if option.name.lower() == "match" and option.place is not None:
            for text in re.findall(r"[^,\s]+", option.value):
                if _is_anybody(text):
                    message = f"the identify {section.name} matches {text}: calls from anybody"
                    yield _finding("AUTH-05", option.place, message, "name the addresses")


def _is_anybody(text: str) -> bool:
    try:
        network = ipaddress.ip_network(text.lstrip("!"), strict=False)
    except ValueError:
        return "/" in text  # no host name: Asterisk reads `0/0` as every address
    return network.prefixlen < _WIDEST[network.version]


def _contexts_of_ours(sections: Iterable[Section], ours: AbstractSet[str]) -> Iterator[Finding]:
    """Lines in contexts that confgen renders: no guard, no list and no emergency route would be sure any more."""
    for section in sections:
        added = next((option for option in section.options if _is_own(option.place, "extensions.conf")), None)
        if added is not None and added.place is not None and section.name in ours - _SHARED:
            message = f"lines are added to [{section.name}], which confgen renders"
            yield _finding("DIAL-33", added.place, message, "choose a name of its own, and lead there by a route")


def _clear_calls(sections: Iterable[Section]) -> Iterator[Finding]:
    for section in sections:
        for option in section.options:
            match = _CLEAR_TECHNOLOGY.search(option.value) if _is_own(option.place, "extensions.conf") else None
            if match is not None and option.place is not None:
                message = f"[{section.name}] calls by {match['name']}/, which carries no encryption"
                yield _finding("CLEAR-07", option.place, message, "call PJSIP/…, and describe what it leads to")


def _is_on(section: Section, option: str) -> bool:
    return (section.value(option) or "").lower() in _TRUE


def _of(section: Section, option: str, code: str, message: str, mend: str) -> Finding:
    """A finding at the option that counts, or at the section's head where there is none."""
    written: list[Option] = [entry for entry in section.options if entry.name.lower() == option]
    place = written[-1].place if written else section.place
    return Finding(code=code, message=message, mend=mend, place=place)


def _finding(code: str, place: Place, message: str, mend: str) -> Finding:
    return Finding(code=code, message=message, mend=mend, place=place)
