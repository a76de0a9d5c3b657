"""What an Asterisk of the declared version cannot do. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.call_findings import call_findings
from confgen.drivers.asterisk.options import BRANCHES, has_value
from confgen.drivers.asterisk.pjsip import tls_method
from confgen.drivers.asterisk.profiles import PROFILES, profile_of
from confgen.drivers.asterisk.providers import registers
from confgen.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confgen.model.inventory import Pbx

# Asterisk's own table of versions: branch to the day its support with security fixes ended.
_ENDED = {16: "2023-10-09", 18: "2025-10-20", 21: "2026-10-18"}


def findings(pbx: Pbx) -> Sequence[Finding]:
    """Version findings of one PBX; an unknown branch is told alone, since nothing more can be said of it."""
    branch = pbx.product_version.branch
    if branch not in BRANCHES:
        known = ", ".join(str(known) for known in BRANCHES)
        return (
            _finding(pbx, "VER-01", f"Asterisk {branch} is not a version that confgen knows", f"use one of {known}"),
        )
    return (*_version_findings(pbx), *_provider_findings(pbx), *call_findings(pbx))


def _version_findings(pbx: Pbx) -> Iterable[Finding]:
    version = pbx.product_version
    method = tls_method(pbx.tls_versions)
    if not has_value(version, "pjsip.conf", "transport", "method", method):
        yield _finding(
            pbx,
            "VER-02",
            f'Asterisk {version} cannot be told to speak TLS 1.3 alone (tls_versions: ["1.3"])',
            'write tls_versions: ["1.2", "1.3"], or use Asterisk 18.20, 20.5 or later',
        )
    ended = _ENDED.get(version.branch)
    if ended is not None:
        yield Finding(
            code="VER-03",
            message=f"Asterisk {version.branch} has had no security fixes since {ended}",
            mend="plan its way to Asterisk 22, which is supported until 2029-10-16",
            severity=Severity.WARNING,
            place=pbx.place,
            pbx=pbx.name,
        )


def _provider_findings(pbx: Pbx) -> Iterable[Finding]:
    for trunk in pbx.provider_trunks:
        provider = trunk.provider
        if provider.profile not in PROFILES:
            near = get_close_matches(provider.profile, PROFILES, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(PROFILES)}"
            yield Finding(
                code="CALL-09",
                message=f"no profile of providers is called {provider.profile!r}; {hint}",
                mend="`confgen explain CALL-09` lists the profiles; generic is that of most",
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


def _finding(pbx: Pbx, code: str, message: str, mend: str) -> Finding:
    return Finding(code=code, message=message, mend=mend, place=pbx.place, pbx=pbx.name)
