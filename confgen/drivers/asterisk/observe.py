"""One look at an Asterisk host, and what it means for a push."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confgen.archives import unpack
from confgen.drivers.asterisk import script
from confgen.drivers.asterisk.contacts import contacts
from confgen.drivers.asterisk.layout import KEYS, MIGRATION, absent
from confgen.drivers.asterisk.lease import count_of_calls
from confgen.drivers.asterisk.sources import sources
from confgen.model.document import Observed, TemplateSource
from confgen.model.driver import Observation
from confgen.model.finding import Finding
from confgen.model.lease import Held, Undone
from confgen.model.secret import Secret
from confgen.model.version import ProductVersion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

_VERSION = re.compile(r"Asterisk (?:certified/)?(\d+(?:\.\d+){0,2})")


def managed_names(pbx: Pbx) -> tuple[str, ...]:
    """The names below Asterisk's configuration folder that confgen manages, present or absent."""
    rendered = (source.key for source in sources(pbx) if isinstance(source, TemplateSource))
    return (*rendered, *(() if pbx.migration is None else (MIGRATION,)), *absent(pbx))


def observe(host: Host, pbx: Pbx) -> Observation:
    """Everything that plan and push need to know, in one round trip."""
    answer = script.lines(script.look(host, pbx, "observe", *managed_names(pbx)))
    facts = dict(rest.split(" ", 1) for word, rest in answer if word == "fact" and " " in rest)
    single = {word: rest for word, rest in answer if word in {"running", "systemd", "current", "confirmed", "key"}}
    written = dict(_manifest(rest for word, rest in answer if word == "manifest"))
    return Observation(
        documents={
            **_documents((rest for word, rest in answer if word == "file"), written),
            **{name: _released(name, written) for word, name in answer if word == "released"},
        },
        generation=int(single["current"]) if single.get("current") else None,
        is_confirmed=single.get("confirmed") != "no",
        generations=tuple(int(rest) for word, rest in answer if word == "generation"),
        fingerprint_key=Secret(single.get("key", "")),
        facts=facts,
        has_hands=("script", script.digest()) in answer,
        held=_held(answer),
        undone=undone_by_host(answer),
        calls=count_of_calls(facts),
        contacts=contacts(pbx, answer),
        findings=(
            *_generators(pbx, (rest for word, rest in answer if word == "generator")),
            *_findings(pbx, facts, is_running=single.get("running") == "yes"),
            *_missing_guarantee(pbx, has_systemd=single.get("systemd") != "no"),
        ),
    )


def read(host: Host, pbx: Pbx, keys: Collection[str]) -> Mapping[str, str]:
    """The texts that Asterisk reads under these names."""
    wanted = [key for key in keys if key in managed_names(pbx)]
    return unpack(script.look(host, pbx, "read", *wanted)) if wanted else {}


def undone(host: Host, pbx: Pbx) -> Undone | None:
    """The host's own record, and nothing else."""
    return undone_by_host(script.lines(script.look(host, pbx, "undone")))


def undone_by_host(answer: Iterable[tuple[str, str]]) -> Undone | None:
    """What the host's own record tells; None where it has undone nothing by itself since the last confirmed push."""
    told = [rest.partition(" ") for word, rest in answer if word == "undone_by_host"]
    if not told:
        return None
    one = {word: rest for word, _, rest in told}
    return Undone(
        push=one.get("push", ""),
        owner=one.get("owner", ""),
        reason=one.get("reason", ""),
        at=one.get("at", ""),
        generation=int(one.get("generation", "0")),
        previous=int(one.get("previous", "0")),
        faults=tuple(rest for word, _, rest in told if word == "fault"),
    )


def _held(answer: Iterable[tuple[str, str]]) -> Held | None:
    for word, rest in answer:
        if word == "lease":
            push, seconds, owner = rest.split(" ", 2)
            return Held(push=push, owner=owner, seconds=int(seconds))
    return None


def _manifest(rows: Iterable[str]) -> Iterable[tuple[str, str]]:
    for row in rows:
        digest, _mode, _owner, name = row.split(" ", 3)
        yield name, digest


def _documents(rows: Iterable[str], written: Mapping[str, str]) -> Mapping[str, Observed]:
    documents = {}
    for row in rows:
        key, kind, digest = row.split(" ", 2)
        is_ours = kind == "ours" or key in written  # an editor may have put a file where the link was
        is_drifted = not key.startswith(f"{KEYS}/") and is_ours and (kind != "ours" or written.get(key) != digest)
        documents[key] = Observed(digest=digest, is_ours=is_ours, is_drifted=is_drifted)
    return documents


def _released(key: str, written: Mapping[str, str]) -> Observed:
    return Observed(digest=written.get(key, ""), is_ours=True, is_released=True)


def _generators(pbx: Pbx, rows: Iterable[str]) -> Iterable[Finding]:
    found: dict[str, str] = {}
    for row in rows:
        name, _, sign = row.partition(" by ")
        found.setdefault(name, sign)
    for name, sign in found.items():
        yield Finding(
            code="PUSH-31",
            message=f"{name} writes the configuration of this Asterisk (as {sign} tells): it would write over "
            "confgen's, and its users go on changing things there",
            mend="harden that PBX where its own users do, or push to an Asterisk that is configured by its files; "
            "`confgen verify` tells what of this one is in clear",
            place=pbx.place,
            pbx=pbx.name,
        )


def _missing_guarantee(pbx: Pbx, *, has_systemd: bool) -> Iterable[Finding]:
    if not has_systemd:
        yield Finding(
            code="PUSH-06",
            message="systemd does not run there, so nothing would undo a push whose link breaks",
            mend="use a host with systemd, which restarts Asterisk and keeps the timer of the undo",
            place=pbx.place,
            pbx=pbx.name,
        )


def _findings(pbx: Pbx, facts: Mapping[str, str], *, is_running: bool) -> Iterable[Finding]:
    version = facts.get("version", "")
    if not is_running:
        service = facts.get("service", "asterisk")
        yield Finding(
            code="PUSH-11",
            message=f"the service {service} does not run on {pbx.ssh.address}",
            mend=f"start it (`systemctl start {service}`): confgen changes only a PBX whose state it can read; if the "
            "service has another name, write installation: {service: NAME}",
            pbx=pbx.name,
        )
        return
    match = _VERSION.match(version)
    if match is None:
        yield Finding(
            code="PUSH-12",
            message=f"what runs there calls itself {version!r}",
            mend="only released versions of Asterisk are known to confgen",
            pbx=pbx.name,
        )
    elif (running := ProductVersion.parse(match[1])) != pbx.product_version and not _is_allowed(pbx, running):
        yield Finding(
            code="PUSH-12",
            message=f"Asterisk {running} runs there, the inventory says {pbx.product_version}",
            mend=f'write product_version: "{running}"',
            pbx=pbx.name,
        )


def _is_allowed(pbx: Pbx, running: ProductVersion) -> bool:
    """A later release of the same branch has every option that the declared one has."""
    return running.branch == pbx.product_version.branch and running > pbx.product_version
