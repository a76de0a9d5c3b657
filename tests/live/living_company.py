"""Two PBXs that a company runs already, on 22 and 16, with an inventory that manages SIP, media and certificates."""

from __future__ import annotations

from pathlib import Path

from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.living_pbx import CONTEXT, settle
from lab.root_folder import Root
from tests.live.company import Company

SPECS = (
    HostSpec(name="new", domain="new.example.test"),
    HostSpec(name="aged", domain="aged.example.test", root=Root.ASTERISK_16),
)
_INVENTORY = f"""\
version: 1
defaults:
  manage: [sip, media, certificates]
  ssh: {{{{user: root, identity_file: {{key}}, known_hosts: {{known_hosts}}}}}}
  certificate:
    chain: {{{{file: "pki/{{{{pbx}}}}.crt"}}}}
    key: {{{{file: "pki/{{{{pbx}}}}.key"}}}}
    authority: {{{{file: pki/authority.crt}}}}
  echo_number: "600"
  extension_defaults:
    secret: {{{{file: "secrets/{{{{extension}}}}"}}}}
    permit: [10.77.0.0/24]
    context: {CONTEXT}
  probe: {{{{secret: {{{{file: secrets/probe}}}}, permit: [10.77.0.1], context: confgen-probe}}}}
pbxs:
  new:
    kind: asterisk
    product_version: "22.10.1"
    address: {{new}}
    sip: {{{{domain: new.example.test}}}}
    extensions: {{{{"101": {{{{}}}}, "103": {{{{}}}}}}}}
  aged:
    kind: asterisk
    product_version: "16.28.0"
    address: {{aged}}
    sip: {{{{domain: aged.example.test}}}}
    extensions: {{{{"201": {{{{}}}}, "203": {{{{}}}}}}}}
"""


def inventory(lab: Instance) -> str:
    addresses = {name: host.address for name, host in lab.hosts.items()}
    return _INVENTORY.format(key=lab.client_key, known_hosts=lab.known_hosts, **addresses)


class LivingCompany(Company):
    """What it has on its hosts was there before confgen, and works."""

    def __init__(self, lab: Instance, folder: Path) -> None:
        """Let the company live on hosts that have just been booted."""
        super().__init__(lab, folder, inventory, {"new": ("101", "103"), "aged": ("201", "203")}, trunks=())
        for host in lab.hosts.values():
            self.settle(host)
        self.keep()

    def settle(self, host: Host) -> None:
        """The company's own, and the lines that `confgen explain DIAL-31` prints."""
        settle(host)
        told = self.confgen("explain", "DIAL-31").out
        lines = told[told.index("[confgen-probe]") : told.rindex("Hangup()") + len("Hangup()")]
        host.write(
            "/etc/asterisk/extensions.conf", host.read("/etc/asterisk/extensions.conf") + f"\n{lines}\n".encode()
        )
        host.asterisk("dialplan reload")
