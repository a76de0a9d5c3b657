"""Fleets of PBXs of kind "files": known to this process from `plug_in` on, and never to the product."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from benchmarks import files_driver
from confgen import drivers, fleet
from confgen.cli import main
from confgen.load import Loaded
from confgen.model.check import Level, Vantage
from confgen.model.finding import Place
from confgen.model.inventory import Installation, Inventory, Pbx, SshAccess, Verification
from confgen.model.version import ProductVersion
from confgen.render import documents as rendering

if TYPE_CHECKING:
    from collections.abc import Sequence

_TEMPLATES = Path(__file__).parent / "templates"


def plug_in() -> None:
    """Make the kind known to this process; twice is as good as once."""
    if files_driver.kind not in drivers.DRIVERS:
        drivers.DRIVERS = {**drivers.DRIVERS, files_driver.kind: files_driver}
        rendering._environment().loader.searchpath.append(str(_TEMPLATES))  # type: ignore[union-attr] # noqa: SLF001


def files_pbx(name: str, ssh: SshAccess, *, folder: str, edition: str = "1", groups: tuple[str, ...] = ()) -> Pbx:
    """A PBX whose eight documents lie below `folder` of its host; another edition makes all of them differ."""
    return Pbx(
        name=name,
        kind=files_driver.kind,
        groups=groups,
        product_version=ProductVersion(1),
        ssh=ssh,
        domain=edition,
        bind=(),
        sip_port=5061,
        tls_versions=frozenset(),
        rtp_ports=None,
        own_certificate=None,
        extensions=(),
        trunks=(),
        routes=(),
        echo_number=None,
        probe=None,
        verification=Verification(vantage=Vantage.HOST, levels=frozenset({Level.STATE})),
        installation=Installation(configuration=folder),
        place=Place("benchmark", 1, 1),
    )


def confgen_on(pbxs: Sequence[Pbx], folder: Path, words: Sequence[str]) -> NoReturn:
    """`confgen WORDS` from the command line down, with these PBXs in the place of a file; ends as the command does."""
    loaded = Loaded(inventory=Inventory(pbxs=tuple(pbxs), folder=str(folder), digest="0"), findings=())
    setattr(fleet, "load", lambda _path: loaded)  # noqa: B010 -- the rest is imported when it is needed, as ever
    main(list(words), prog_name="confgen")
    raise AssertionError("click ends the process")
