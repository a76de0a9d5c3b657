"""An answer without the names and addresses of whose PBXs it is about: the same ones stand for the same ones."""

from __future__ import annotations

import ipaddress
import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.model.codes import EXPLANATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from confgen.model.finding import Finding
    from confgen.model.inventory import JumpHost, Pbx, SshAccess
    from confgen.model.result import Result
    from confgen.report.answer import Answer

_ADDRESS = re.compile(r"(?<![0-9A-Za-z.:])[0-9A-Fa-f.:]{3,45}(?![0-9A-Za-z:])")
_PORT = re.compile(r":\d{1,5}$")
_SOMEBODY = re.compile(r"[\w.+-]+ ?@ ?[\w.-]+\w")
_HOME = re.compile(r"(/home/|/Users/)[^/\s]+")
# Small letters only: fields of an API are written User.SRTPMode. What ends like a file is one.
_DOMAIN = re.compile(r"(?<![\w.@-])(?<![^/]/)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?![\w-]|\.\w)")
_FILES = frozenset({
    "cfg", "cnf", "conf", "crt", "csr", "csv", "db", "ini", "js", "json", "key", "list", "log", "md", "pem", "pub",
    "py", "service", "sh", "slice", "so", "sock", "socket", "timer", "txt", "xml", "yaml", "yml",
})  # fmt: skip
_VENDORS = ("3cx.com", "asterisk.org", "debian.org", "openssl.org", "ubuntu.com")
_VERSION = "version"  # the subject of what may look like an address: 20.0.10.376
_OWN_NAME = "name"  # the subject of what a PBX is called by itself
_INVENTORIES = frozenset({"inventory.yaml", "inventory.yml"})  # what everybody calls theirs
_PUBLIC = frozenset({"root", "asterisk", "admin"})  # names that everybody has
_OF_PEOPLE = ("DIAL-12", "DIAL-13", "MIG-01", "MIG-02", "POL-")  # findings that say who answers for what, and why


def anonymous(answer: Answer, pbxs: Iterable[Pbx]) -> Answer:
    """Words that are hidden are those of the inventory, its folder and its files, addresses and names of hosts.

    And whoever is somewhere (`ann@laptop`), and homes.
    """
    own = [one.found.split(",")[0] for result in answer.pbxs for one in result.found if one.subject == _OWN_NAME]
    words = _Words(pbxs, own, answer.inventory)
    return replace(
        answer,
        inventory=words.file(answer.inventory),
        findings=tuple(_finding(finding, words) for finding in answer.findings),
        pbxs=tuple(_result(result, words) for result in answer.pbxs),
        not_begun=tuple(words.hidden(name) for name in answer.not_begun),
    )


class _Words:
    """What stands for what; an address, a name and a file get their numbers when they are first met."""

    def __init__(self, pbxs: Iterable[Pbx], own: Iterable[str], inventory: str) -> None:
        self._known = dict(_names(tuple(pbxs), tuple(own), posixpath.dirname(inventory)))
        self._inventory = inventory
        self._addresses: dict[str, str] = {}
        self._domains: dict[str, str] = {}
        self._files: dict[str, str] = {}
        longest_first = sorted(self._known, key=len, reverse=True)
        pattern = "|".join(re.escape(word) for word in longest_first)
        self._names = re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE) if pattern else None

    def hidden(self, text: str, *, has_addresses: bool = True) -> str:
        """The text, with other words in the place of those that tell whose it is."""
        text = _SOMEBODY.sub("somebody@somewhere", text)
        if self._names is not None:
            text = self._names.sub(lambda match: self._known[match[0].lower()], text)
        text = _DOMAIN.sub(self._of_domain, _HOME.sub(r"\1somebody", text))
        return _ADDRESS.sub(self._of_address, text) if has_addresses else text

    def file(self, path: str) -> str:
        """A file of the inventory; what it is called may say whose it is, too."""
        if not path:
            return path
        folder, name = posixpath.split(path)
        if path != self._inventory or name not in _INVENTORIES:
            name = self._files.setdefault(path, f"file-{len(self._files) + 1}{posixpath.splitext(name)[1]}")
        return f"…/{name}" if folder else name

    def _of_domain(self, match: re.Match[str]) -> str:
        name = match[0]
        if name.rpartition(".")[2] in _FILES or any(f".{name}".endswith(f".{known}") for known in _VENDORS):
            return name
        return self._domains.setdefault(name, f"other-host-{len(self._domains) + 1}")

    def _of_address(self, match: re.Match[str]) -> str:
        written = match[0].rstrip(".:")
        rest = match[0][len(written) :]
        for address, port in ((written, ""), (_PORT.sub("", written), (_PORT.search(written) or [""])[0])):
            try:
                found = ipaddress.ip_address(address)
            except ValueError:
                continue
            if found.is_loopback or found.is_unspecified:
                return match[0]
            return f"{self._addresses.setdefault(str(found), f'address-{len(self._addresses) + 1}')}{port}{rest}"
        return match[0]


def _names(pbxs: Sequence[Pbx], own: Sequence[str], folder: str) -> Iterator[tuple[str, str]]:
    """Small letters of what is hidden, and what stands in its place."""
    hops: list[SshAccess | JumpHost] = [
        *(pbx.ssh for pbx in pbxs),
        *(hop for pbx in pbxs for hop in pbx.ssh.jump_hosts or ()),
    ]
    of_kind: dict[str, list[str]] = {
        "pbx": [pbx.name for pbx in pbxs],
        "group": [group for pbx in pbxs for group in pbx.groups],
        "host": [
            name
            for pbx in pbxs
            for name in (
                pbx.domain,
                *([] if pbx.api is None else [pbx.api.name]),
                *(trunk.peer_domain for trunk in pbx.trunks),
                *(provided.provider.domain for provided in pbx.provider_trunks),
            )
        ]
        + [hop.address for hop in hops]
        + list(own),
        "user": [hop.user for hop in hops if hop.user is not None and hop.user not in _PUBLIC],
        "provider": [provided.provider.name for pbx in pbxs for provided in pbx.provider_trunks],
        "path": [path for hop in hops for path in (hop.known_hosts, hop.identity_file) if path]
        + ([folder] if len(folder) > 1 and not _HOME.fullmatch(folder) else []),
        "client": [pbx.api.client for pbx in pbxs if pbx.api is not None],
        "trunk": [
            name
            for pbx in pbxs
            for name in (*(trunk.name for trunk in pbx.trunks), *(provided.name for provided in pbx.provider_trunks))
        ],
        "owner": [pbx.migration.owner for pbx in pbxs if pbx.migration is not None],
    }
    seen: set[str] = set()
    for kind, names in of_kind.items():
        hidden = dict.fromkeys(name.lower() for name in names if name and not _is_address(name))
        for number, name in enumerate([name for name in hidden if name not in seen], start=1):
            yield name, f"{kind}-{number}"
        seen.update(hidden)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _result(result: Result, words: _Words) -> Result:
    found = tuple(
        replace(
            one,
            found=words.hidden(one.found, has_addresses=one.subject != _VERSION),
            advice=words.hidden(one.advice),
        )
        for one in result.found
    )
    return replace(
        result,
        pbx=words.hidden(result.pbx),
        message=words.hidden(result.message),
        findings=tuple(_finding(finding, words) for finding in result.findings),
        found=found,
    )


def _finding(finding: Finding, words: _Words) -> Finding:
    if finding.code.startswith(_OF_PEOPLE):
        explanation = EXPLANATIONS[finding.code]
        finding = replace(finding, message=explanation.title, mend=explanation.mend)
    return replace(
        finding,
        message=words.hidden(finding.message),
        mend=words.hidden(finding.mend),
        pbx=None if finding.pbx is None else words.hidden(finding.pbx),
        subject=None if finding.subject is None else words.hidden(finding.subject),
        waiver="waived" if finding.waiver else "",
        place=None if finding.place is None else replace(finding.place, file=words.file(finding.place.file)),
    )
