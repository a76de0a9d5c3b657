"""What of the user's own goes when foreign files are taken over: its trunks, registrations and phones. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration import includes, parse
from confgen.model.finding import Finding, Place, Severity
from confgen.model.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from confgen.drivers.asterisk.configuration import Section
    from confgen.model.inventory import Pbx

_MENDS = {
    "phone": "describe it under `extensions`, or put it into a file that pjsip.conf includes",
    "trunk": "describe it under `trunks`, or put it into a file that pjsip.conf includes",
    "registration": "describe it under `trunks`",
    "file": "bring what it holds into the inventory, or name it under `include`",
}
_MOST = 6  # names that are told of one kind
_FILES = ("iax.conf", "pjsip.conf", "pjsip_wizard.conf", "sip.conf", "users.conf")
_NOT_PEERS = frozenset({"general", "authentication"})
# Peers that Asterisk's own samples have, by what they are made of: nobody's phone.
_SAMPLES = {
    "iax.conf": (
        {"type": "user", "context": "public", "callerid": '"Guest IAX User"'},
        {"type": "user", "context": "default", "auth": "rsa", "inkeys": "iaxtel"},
        {"type": "user", "context": "default", "auth": "rsa", "inkeys": "freeworlddialup"},
    ),
}

_Found = tuple[str, str, Place | None]  # kind, name, place


def put_away(pbx: Pbx, texts: Mapping[str, str]) -> Sequence[Finding]:
    """A warning for each kind of thing that a file has and the inventory has not; `texts` are the foreign ones."""
    known = {
        *(extension.number for extension in pbx.extensions),
        *(trunk.name for trunk in pbx.trunks),
        *(trunk.name for trunk in pbx.provider_trunks),
    }
    findings = []
    for key in _FILES:
        of_kind: dict[str, list[_Found]] = {}
        for found in _things(key, texts.get(key, "")):
            if found[1] not in known:
                of_kind.setdefault(found[0], []).append(found)
        findings += [_finding(pbx, key, kind, found) for kind, found in of_kind.items()]
    return tuple(findings)


def _finding(pbx: Pbx, key: str, kind: str, found: Sequence[_Found]) -> Finding:
    names = list(dict.fromkeys(name for _, name, _ in found))
    what, goes = (f"the {kind}", "goes") if len(names) == 1 else (f"the {kind}s", "go")
    return Finding(
        code="PUSH-20",
        message=f"{key} has {what} {listed(names, _MOST)}, which {goes}",
        mend=_MENDS[kind],
        severity=Severity.WARNING,
        place=found[0][2],
        pbx=pbx.name,
    )


def _things(key: str, text: str) -> Iterator[_Found]:
    sections = parse(text, key)
    yield from (("file", entry.name, entry.place) for entry in includes(text, key))
    match key:
        case "pjsip.conf":
            yield from _of_pjsip(sections)
        case "pjsip_wizard.conf":
            wizards = [section for section in sections if section.value("type") == "wizard"]
            yield from ((_wizard_kind(section), section.name, section.place) for section in wizards)
        case _:
            yield from _of_peers(key, sections)


def _of_pjsip(sections: Sequence[Section]) -> Iterator[_Found]:
    to_others = {
        section.value("endpoint") for section in sections if section.value("type") in {"identify", "registration"}
    }
    for section in sections:
        match section.value("type"):
            case "endpoint":
                is_trunk = section.name in to_others or section.value("outbound_auth") is not None
                yield ("trunk" if is_trunk else "phone", section.name, section.place)
            case "registration":
                yield ("registration", section.name, section.place)
            case _:
                pass


def _wizard_kind(section: Section) -> str:
    return "phone" if (section.value("accepts_registrations") or "").lower() in {"yes", "true", "1"} else "trunk"


def _of_peers(key: str, sections: Sequence[Section]) -> Iterator[_Found]:
    for section in sections:
        for option in section.options:
            if section.name in _NOT_PEERS and option.name.lower() == "register":
                before, _, server = option.value.rpartition("@")  # before it stands a password
                yield ("registration", server if before else "without a server", option.place)
        if section.name in _NOT_PEERS or _is_sample(key, section):
            continue
        is_trunk = (section.value("host") or "dynamic").lower() != "dynamic"
        yield ("trunk" if is_trunk else "phone", section.name, section.place)


def _is_sample(key: str, section: Section) -> bool:
    return {option.name: option.value for option in section.options} in _SAMPLES.get(key, ())
