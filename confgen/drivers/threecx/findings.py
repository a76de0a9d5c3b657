"""What a 3CX of the declared version cannot do, or cannot be made to do from what is written. Pure."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from confgen.drivers.threecx.access_findings import access_findings
from confgen.drivers.threecx.contract import fields
from confgen.drivers.threecx.settings import place_at, settings_of
from confgen.drivers.threecx.trunk_findings import trunk_findings
from confgen.drivers.threecx.words import finding
from confgen.model.finding import Severity
from confgen.model.version import ProductVersion
from confgen.model.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confgen.model.finding import Finding, Place
    from confgen.model.inventory import Pbx

BRANCH = 20  # the one whose API is known
FIRST_DESCRIBED = ProductVersion(20, 0, 4)  # of the vendor's descriptions of the API, the oldest
_RENDERED = frozenset({16, 18})  # whose import files are known


def findings(pbx: Pbx) -> Sequence[Finding]:
    """Every finding of one PBX; of a version that nobody knows no more is said."""
    branch = pbx.product_version.branch
    if branch in _RENDERED:
        wrong = f"3CX {branch} has no API by which it could be secured: its import files are rendered only"
        mend = "`confgen render` writes them; install 3CX 20 to have them pushed and proven"
        return (finding(pbx, "VER-10", wrong, mend, severity=Severity.WARNING),)
    if branch != BRANCH:
        wrong = f"3CX {branch} is not a version that confgen knows"
        return (finding(pbx, "VER-11", wrong, "use 3CX 20, or correct `product_version`"),)
    return tuple(
        chain(_age(pbx), _lacking(pbx), access_findings(pbx), trunk_findings(pbx), _phones(pbx)),
    )


def _age(pbx: Pbx) -> Iterator[Finding]:
    if pbx.product_version < FIRST_DESCRIBED:
        wrong = (
            f"the API of 3CX {pbx.product_version} is not described: what confgen knows begins with {FIRST_DESCRIBED}"
        )
        mend = f"say the whole version, or update the PBX to {FIRST_DESCRIBED} or later"
        yield finding(pbx, "VER-12", wrong, mend, severity=Severity.WARNING)


def _lacking(pbx: Pbx) -> Iterator[Finding]:
    """What is asked for and this version has no field for."""
    settings = settings_of(pbx)
    for number, user in settings.users.items():
        if user.block_tunnel is not None:
            place = place_at(pbx, "extensions", number, "block_tunnel")
            yield from _without(pbx, "User", "BlockTunnel", "`block_tunnel`", place)
    for sbc in settings.sbcs:
        yield from _without(pbx, "Sbc", "Security", f"TLS of the SBC {sbc.name}", sbc.place)


def _without(pbx: Pbx, name: str, field: str, asked: str, place: Place) -> Iterator[Finding]:
    since = fields(name)[field].since
    if since is not None and pbx.product_version < since:
        wrong = f"{asked} is asked for, and 3CX {pbx.product_version} has no field for it ({name}.{field})"
        yield finding(pbx, "VER-02", wrong, f"leave it out, or update the PBX to {since} or later", place)


def _phones(pbx: Pbx) -> Iterator[Finding]:
    if pbx.extensions:
        yield finding(
            pbx,
            "TCX-09",
            f"the phones of `{pbx.name}` can be made to encrypt their media, and not their signalling: 3CX has no "
            "setting by which an extension takes TLS only",
            "nothing; prefer 3CX's own apps and SBCs, whose tunnel is encrypted, and keep other phones in a network "
            "of their own",
            severity=Severity.NOTE,
        )
        yield finding(
            pbx,
            "TCX-15",
            f"confgen secures users of a 3CX and makes none: the {count(len(pbx.extensions), 'extension')} of "
            f"`{pbx.name}` must be there already",
            "make them in its console, or import them there, before the first push; `confgen plan` names who lacks",
            severity=Severity.NOTE,
        )
