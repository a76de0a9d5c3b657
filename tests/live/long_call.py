"""Run in the lab's network: the level *call* of one PBX for as long as RTCP takes; prints each check as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from confgen.model.check import Vantage
from confgen.model.driver import Material
from confgen.model.inventory import MediaEncryption
from confgen.model.secret import Secret
from confgen.streams.tcp import Address, connect
from confgen.verify.call_level import call_checks
from confgen.verify.target import Target
from tests.model.pbxs import a_pbx

_HERE = "10.77.0.1"  # the clients' address in the lab


def main(folder: Path, address: str, domain: str) -> None:
    """Call as the probe of a company's inventory does."""
    pbx = a_pbx()
    probe = pbx.probe
    assert probe is not None
    pbx = replace(pbx, verification=replace(pbx.verification, is_long=True), echo_number="600")
    probes = {encryption: probe.named(encryption) for encryption in MediaEncryption}
    material = Material(
        chain="",
        key=None,
        authority=(folder / "pki" / "authority.crt").read_text(),
        probe_secret=Secret((folder / "secrets" / "probe").read_text().strip()),
        probes=probes,
    )
    target = Target(
        dial=connect,
        address=Address(host=address, port=5061),
        domain=domain,
        vantage=Vantage.OPERATOR,
        client_certificate=None,
    )
    for check in call_checks(target, pbx, material, _HERE):
        sys.stdout.write(json.dumps([check.code, check.subject, check.verdict.value, check.message]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
