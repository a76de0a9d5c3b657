"""Files of the user's own that managed ones include, read from the host and judged."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.archives import unpack
from confgen.drivers.asterisk import script
from confgen.drivers.asterisk.configuration import includes
from confgen.drivers.asterisk.judge import judge_dialplan, judge_pjsip
from confgen.drivers.asterisk.layout import MIGRATION
from confgen.drivers.asterisk.verdicts import question
from confgen.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from confgen.model.check import Check
    from confgen.model.document import Document
    from confgen.model.finding import Finding, Place
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

# What the script takes: patterns too.
_ASKABLE = re.compile(r"[A-Za-z0-9_/.@+*?\[\]][A-Za-z0-9_/.@+*?\[\]-]*")
_INCLUDING = ("extensions.conf", "pjsip.conf")


def own(host: Host, pbx: Pbx, texts: Collection[str]) -> Mapping[str, str]:
    """The texts of all that these include, and of what that includes, as Asterisk's user reads them.

    Nothing is asked where nothing is included; a name with signs that no script of ours takes is left out.
    """
    names = [entry.name for text in texts for entry in includes(text) if entry.name != MIGRATION]
    askable = [name for name in dict.fromkeys(names) if _ASKABLE.fullmatch(name) is not None]
    return unpack(script.look(host, pbx, "own", *askable)) if askable else {}


def own_files(host: Host, pbx: Pbx, documents: Collection[Document]) -> Mapping[str, str]:
    """The same for documents."""
    return own(host, pbx, _including(documents).values())


def judged(documents: Collection[Document], own: Mapping[str, str]) -> tuple[Finding, ...]:
    """What the user's own files hold that must not be, with its place in the file on the host. Pure."""
    migration = next((document.reveal() for document in documents if document.key == MIGRATION), "")
    return tuple(
        finding
        for key, text in _including(documents).items()
        for finding in (judge_pjsip(own, text, migration) if key == "pjsip.conf" else judge_dialplan(own, text))
    )


def judge(pbx: Pbx, documents: Collection[Document], own: Mapping[str, str]) -> Sequence[Finding]:
    """The same, named after the PBX, and placed where the inventory names the file that is meant. Pure."""
    written = _written_in_inventory(pbx, documents)
    return tuple(
        replace(finding, pbx=pbx.name, place=written.get(finding.place, finding.place))
        for finding in judged(documents, own)
    )


def own_checks(documents: Collection[Document], own: Mapping[str, str]) -> Iterator[Check]:
    """The same as checks of level *state*. Pure."""
    findings = [finding for finding in judged(documents, own) if finding.severity is Severity.ERROR]
    for finding in findings:
        yield question(finding.code, str(finding.place)).failed(finding.message, finding.mend)
    if own and not findings:
        names = ", ".join(sorted(own))
        yield question("CLEAR-05", "files of your own").passed(f"{names}: nothing weaker than what confgen renders")


def _written_in_inventory(pbx: Pbx, documents: Collection[Document]) -> Mapping[Place | None, Place]:
    """Where the inventory names what a line of a document includes."""
    named = {(include.key, include.file): include.place for include in pbx.includes}
    return {
        entry.place: named[key, entry.name]
        for key, text in _including(documents).items()
        for entry in includes(text, key)
        if (key, entry.name) in named
    }


def _including(documents: Collection[Document]) -> Mapping[str, str]:
    """The documents that include anything, by key."""
    texts = {document.key: document.reveal() for document in documents if document.key in _INCLUDING}
    return {key: text for key, text in texts.items() if includes(text)}
