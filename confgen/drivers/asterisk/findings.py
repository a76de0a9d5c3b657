"""What an Asterisk of the declared version cannot do. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.advisories import shortfall
from confgen.drivers.asterisk.call_findings import call_findings
from confgen.drivers.asterisk.options import BRANCHES, has_option, releases_with
from confgen.drivers.asterisk.pjsip import tls_method
from confgen.drivers.asterisk.profiles import PROFILES, profile_of
from confgen.drivers.asterisk.providers import registers
from confgen.drivers.asterisk.support import LONG_SUPPORTED
from confgen.model.finding import Finding, Severity
from confgen.model.inventory import DigestAlgorithm, MediaEncryption
from confgen.model.words import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confgen.drivers.asterisk.advisories import Advisory
    from confgen.model.finding import Place
    from confgen.model.inventory import Extension, Pbx
    from confgen.model.version import ProductVersion

_NAMED = 3  # advisories that a warning names; the count tells of the others


def findings(pbx: Pbx) -> Sequence[Finding]:
    """Version findings of one PBX; an unknown branch is told alone, since nothing more can be said of it."""
    branch = pbx.product_version.branch
    if branch not in BRANCHES:
        known = ", ".join(str(known) for known in BRANCHES)
        wrong = f"Asterisk {branch} is not a version that confgen knows"
        return (_finding(pbx, "VER-01", wrong, f"use one of {known}"),)
    return (
        *_lacking(pbx),
        *_support(pbx),
        *_digests(pbx),
        *_ami_users(pbx),
        *_provider_findings(pbx),
        *call_findings(pbx),
    )


def _lacking(pbx: Pbx) -> Iterable[Finding]:
    """What is asked for and the version cannot do."""
    version = pbx.product_version
    method = f"method={tls_method(pbx.tls_versions)}"
    if not has_option(version, "pjsip.conf", "transport", method):
        yield _finding(
            pbx,
            "VER-02",
            f'Asterisk {version} cannot be told to speak TLS 1.3 alone (tls_versions: ["1.3"])',
            f'write tls_versions: ["1.2", "1.3"], or use {_able(version, "transport", method)}',
        )
    hashed = _hashed(pbx)
    if hashed and not has_option(version, "pjsip.conf", "auth", "password_digest"):
        yield _finding(
            pbx,
            "VER-02",
            f"`digest: sha-256` is asked for ({_some(hashed)}), and Asterisk {version} knows MD5 only",
            f"leave `digest` out, or use {_able(version, 'auth', 'password_digest')}",
            hashed[0].place,
        )


def _able(version: ProductVersion, section: str, option: str) -> str:
    """The first releases that can: of the same branch, and of later ones that are still maintained."""
    found = [
        str(release)
        for branch, release in releases_with("pjsip.conf", section, option).items()
        if branch == version.branch or (branch > version.branch and branch in LONG_SUPPORTED)
    ]
    return f"Asterisk {', '.join(found[:-1])} or {found[-1]}" if len(found) > 1 else f"Asterisk {found[0]}"


def _support(pbx: Pbx) -> Iterable[Finding]:
    """Security faults that stay open in this version."""
    version = pbx.product_version
    lacks = shortfall(version)
    if lacks is not None:
        named = "; ".join(f"{advisory.name}: {advisory.about}" for advisory in lacks.advisories[:_NAMED])
        yield _finding(
            pbx,
            "VER-04",
            f"{len(lacks.advisories)} security advisories concern Asterisk {version} (as of {lacks.as_of}), {named}",
            f"install Asterisk {lacks.minimum} or later",
            severity=Severity.WARNING,
        )

    used = _uses(pbx)
    opened = [advisory for advisory in lacks.advisories if advisory.needs in used] if lacks is not None else []
    if lacks is not None and opened:
        named = "; ".join(f"{advisory.name}: {advisory.about}" for advisory in opened[:_NAMED])
        yield _finding(
            pbx,
            "VER-20",
            f"Asterisk {version} has {count(len(opened), 'known fault')} in what `{pbx.name}` uses "
            f"(as of {lacks.as_of}), {named}",
            f"install Asterisk {lacks.minimum} or later; until then do without {', '.join(_needed_by(opened))}",
            pbx.place_of("product_version"),
            severity=Severity.WARNING,
        )


def _needed_by(advisories: Iterable[Advisory]) -> Iterable[str]:
    return dict.fromkeys(advisory.needs for advisory in advisories)


def _uses(pbx: Pbx) -> frozenset[str]:
    """What of the inventory opens a fault, in the words of the table: an interface, or a module of the user's own."""
    modules = {*pbx.modules, *(module for channel in pbx.channels for module in channel.modules)}
    if any(extension.media_encryption is MediaEncryption.DTLS for extension in pbx.extensions):
        modules.add("dtls")
    if pbx.ami is not None:
        modules.add("ami")
    if pbx.http is not None:
        modules.add("http")
        if any(module.startswith("res_ari") for module in modules):
            modules.add("ari")
    return frozenset(modules)


def _digests(pbx: Pbx) -> Iterable[Finding]:
    hashed = _hashed(pbx)
    if hashed and len(hashed) < len(pbx.extensions):
        yield _finding(
            pbx,
            "AUTH-10",
            f"whoever asks can tell that names with SHA-256 are there ({_some(hashed)}): names that nobody has are "
            "challenged with MD5",
            "give every extension of this PBX `digest: sha-256`, when all its phones can",
            hashed[0].place,
            severity=Severity.NOTE,
        )


def _ami_users(pbx: Pbx) -> Iterable[Finding]:
    for user in pbx.ami.users if pbx.ami is not None else ():
        if user.name == "general":
            wrong = "no user of the manager interface can be called `general`: that is a section of manager.conf"
            yield _finding(pbx, "MGMT-11", wrong, "give the user another name", user.place)


def _provider_findings(pbx: Pbx) -> Iterable[Finding]:
    for trunk in pbx.provider_trunks:
        provider = trunk.provider
        if provider.profile not in PROFILES:
            near = get_close_matches(provider.profile, PROFILES, n=1)
            mend = f"write `{near[0]}`" if near else f"write one of {', '.join(PROFILES)}"
            yield Finding(
                code="CALL-09",
                message=f"there is no profile of providers `{provider.profile}`",
                mend=f"{mend}; `confgen explain CALL-09` tells of each, and generic is that of most",
                place=provider.place,
                pbx=pbx.name,
            )
        if registers(trunk) and not profile_of(provider).takes_registrations:
            yield Finding(
                code="CALL-07",
                message=f"the trunk {trunk.name} registers, and {provider.profile} takes no registrations",
                mend="write `register: false` into its account, and the provider's networks into `addresses`",
                place=trunk.place,
                pbx=pbx.name,
            )


def _hashed(pbx: Pbx) -> Sequence[Extension]:
    return [extension for extension in pbx.extensions if extension.digest is DigestAlgorithm.SHA_256]


def _some(extensions: Sequence[Extension]) -> str:
    first = f"extension {extensions[0].number}"
    return first if len(extensions) == 1 else f"{first} and {len(extensions) - 1} more"


def _finding(
    pbx: Pbx,
    code: str,
    message: str,
    mend: str,
    place: Place | None = None,
    *,
    severity: Severity = Severity.ERROR,
) -> Finding:
    return Finding(code=code, message=message, mend=mend, severity=severity, place=place or pbx.place, pbx=pbx.name)
