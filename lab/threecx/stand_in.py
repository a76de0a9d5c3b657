"""The SIP of a 3CX's trunk, played by an Asterisk: it registers by the trunk's name, and answers what calls there."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from lab.host import Host
from lab.pki import Authority

_AUTHORITY = "/etc/asterisk/peer-authority.crt"
_POLL = 0.1  # seconds
# Nobody but PJSIP may hold a SIP port.
_MODULES = """\
[modules]
autoload = yes
noload = chan_iax2.so
"""
_PJSIP = f"""\
[transport-tls]
type = transport
protocol = tls
bind = 0.0.0.0:5061
method = tlsv1_2
ca_list_file = {_AUTHORITY}
verify_server = yes

[{{trunk}}]
type = registration
transport = transport-tls
server_uri = sip:{{peer}}:5061\\;transport=tls
client_uri = sip:{{trunk}}@{{peer}}
contact_user = {{trunk}}
outbound_auth = {{trunk}}
line = yes
endpoint = {{trunk}}

[{{trunk}}]
type = auth
auth_type = userpass
username = {{trunk}}
password = {{password}}

[{{trunk}}]
type = endpoint
transport = transport-tls
context = from-peer
disallow = all
allow = alaw,ulaw
media_encryption = sdes
direct_media = no
"""
_DIALPLAN = """\
[from-peer]
exten => _[a-z0-9]!,1,Answer()
 same => n,Echo()
"""


class NotRegistered(Exception):
    """The peer did not let it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """On a host of Asterisk 22 whose own Asterisk was never to start; every number that the peer calls is an echo."""

    host: Host
    trunk: str
    peer: Host  # an Asterisk, which takes the registration
    password: str = field(repr=False)
    authority: Authority  # whom the peer's certificate must lead to

    def register(self, within: float = 20.0) -> None:
        """Return once the peer has it; NotRegistered after so many seconds."""
        said = {"trunk": self.trunk, "peer": self.peer.domain, "password": self.password}
        self.host.write(_AUTHORITY, self.authority.pem, owner="root:asterisk", mode=0o640)
        self.host.write("/etc/asterisk/modules.conf", _MODULES.encode())
        self.host.write("/etc/asterisk/pjsip.conf", _PJSIP.format(**said).encode(), owner="root:asterisk", mode=0o640)
        self.host.write("/etc/asterisk/extensions.conf", _DIALPLAN.encode())
        self.host.run(["systemctl", "unmask", "asterisk"], check=True)
        self.host.run(["systemctl", "start", "asterisk"], check=True)
        deadline = time.monotonic() + within
        while not self._is_registered():
            if time.monotonic() > deadline:
                raise NotRegistered(f"{self.host.name} is not registered at {self.peer.name} after {within:.0f} s")
            time.sleep(_POLL)

    def _is_registered(self) -> bool:
        """And answers what the peer asks to see whether it is there."""
        told = self.peer.asterisk("pjsip show contacts").splitlines()
        return any(f" {self.trunk}/" in line and " Avail " in line for line in told)
