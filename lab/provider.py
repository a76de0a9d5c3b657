"""A telephone provider, played by a host with a configuration written by hand: strict, careless or without any TLS."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from lab.host import Host
from lab.pki import Authority

EMERGENCY_NUMBER = "112"
_KEYS = "/etc/asterisk/provider"
_RECEIVED = "/var/log/asterisk/received"
_DELIVERED = "/var/log/asterisk/delivered"
_RING_SECONDS = 20
# Nobody but PJSIP may hold a SIP port.
_MODULES = """\
[modules]
autoload = yes
noload = chan_sip.so
noload = chan_iax2.so
"""
_GLOBAL = """\
[global]
type = global
endpoint_identifier_order = ip,username,auth_username

"""
_TLS = f"""\
[transport-tls]
type = transport
protocol = tls
bind = 0.0.0.0:5061
method = tlsv1_2
cert_file = {_KEYS}/provider.crt
priv_key_file = {_KEYS}/provider.key
ca_list_file = {_KEYS}/authority.crt
verify_server = yes

"""
_CLEAR = """\
[transport-udp]
type = transport
protocol = udp
bind = 0.0.0.0:5060

[transport-tcp]
type = transport
protocol = tcp
bind = 0.0.0.0:5060

"""
_ENDPOINT = """\
[{user}]
type = endpoint
context = from-customers
disallow = all
allow = ulaw,alaw
media_encryption = {media_encryption}
identify_by = username,auth_username,ip
direct_media = no
rtp_symmetric = yes
rewrite_contact = yes
send_pai = yes
aors = {user}
"""
_BY_REGISTRATION = """\
auth = {user}

[{user}]
type = auth
auth_type = userpass
username = {user}
password = {password}

[{user}]
type = aor
max_contacts = 1
remove_existing = yes

"""
_BY_ADDRESS = """\

[{user}]
type = aor
contact = {contact}

[{user}]
type = identify
endpoint = {user}
match = {address}

"""
# What is written down of each call, under the names of `ReceivedCall`.
_RECORD = {
    "number": "${EXTEN}",
    "customer": "${CHANNEL(endpoint)}",
    "caller_number": "${CALLERID(num)}",
    "caller_name": "${CALLERID(name)}",
    "asserted_identity": "${PJSIP_HEADER(read,P-Asserted-Identity)}",
    "source": "${CHANNEL(pjsip,remote_addr)}",
    "is_srtp": "${CHANNEL(rtp,secure)}",
}
_TABBED_RECORD = "\t".join(_RECORD.values())
# Told its format, FILE also writes where there is no file yet.
_FROM_CUSTOMERS = f"""\
[from-customers]
exten => {EMERGENCY_NUMBER},1,Answer()
 same => n,Set(FILE({_RECEIVED},,,al,u)=emergency\t{_TABBED_RECORD})
 same => n,Milliwatt()
exten => _[+0-9]!,1,Answer()
 same => n,Set(FILE({_RECEIVED},,,al,u)=echo\t{_TABBED_RECORD})
 same => n,Echo()

[caller]
exten => s,1,Set(TIMEOUT(absolute)=${{DB(provider/seconds)}})
 same => n,Milliwatt()

[to-customers]
exten => h,1,Set(FILE({_DELIVERED},,,al,u)=${{NUMBER}}\t${{DIALSTATUS}}\t${{HANGUPCAUSE}})
"""
_TO_CUSTOMER = """\
exten => {number},1,Set(NUMBER=${{EXTEN}})
 same => n,Set(CALLERID(num)=${{DB(provider/caller)}})
 same => n,Dial(PJSIP/${{EXTEN}}@{user},{seconds})
"""


class ProviderSecurity(Enum):
    """What a provider does for its customers' privacy."""

    SECURE = "secure"  # TLS and SRTP, nothing else
    CARELESS = "careless"  # TLS, but media in clear
    CLEAR = "clear"  # neither: UDP and TCP on port 5060


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who has a contract: known by registration and password, or by the address of its PBX."""

    user: str
    password: str = field(default="", repr=False)
    numbers: tuple[str, ...] = ()  # its DIDs
    address: str | None = None
    server: str | None = None  # where a customer known by its address is called; as its certificate names it


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedCall:
    """A call that a customer made and the provider answered."""

    answered_by: str  # "echo" or "emergency"
    number: str
    customer: str
    caller_number: str
    caller_name: str
    asserted_identity: str  # the header P-Asserted-Identity, whole
    source: str  # address and port
    is_srtp: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredCall:
    """How a call to a customer's number ended, in Asterisk's words."""

    status: str  # ANSWER, CHANUNAVAIL, NOANSWER, CONGESTION …
    cause: int  # Q.850


class ProviderFailed(Exception):
    """The provider did not do what it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A provider on one host; `authority` signs its certificate, and is whom it trusts."""

    host: Host
    security: ProviderSecurity
    authority: Authority
    customers: Sequence[Customer]

    @property
    def port(self) -> int:
        """Where it takes calls and registrations."""
        return 5060 if self.security is ProviderSecurity.CLEAR else 5061

    def open(self) -> None:
        """Configure the host, forget earlier calls and registrations, and wait until customers are served."""
        issued = self.authority.issue(names=[self.host.domain], addresses=[self.host.address])
        secrets = {"provider.crt": issued.certificate, "provider.key": issued.key, "authority.crt": self.authority.pem}
        for name, content in secrets.items():
            self.host.write(f"{_KEYS}/{name}", content, owner="root:asterisk", mode=0o640)
        self.host.write("/etc/asterisk/modules.conf", _MODULES.encode())
        self.host.write("/etc/asterisk/pjsip.conf", self._pjsip().encode())
        self.host.write("/etc/asterisk/extensions.conf", self._dialplan().encode())
        self.stop()
        self.host.run(["rm", "-f", _RECEIVED, _DELIVERED, "/var/lib/asterisk/astdb.sqlite3"], check=True)
        self.start()

    def stop(self) -> None:
        """Serve nobody any more. Who registered over a connection must do so again, for the connection is gone."""
        self.host.run(["systemctl", "stop", "asterisk"], check=True)

    def start(self) -> None:
        """Serve again after `stop`."""
        self.host.run(["systemctl", "start", "asterisk"], check=True)
        self.host.asterisk("core waitfullybooted")

    def contacts(self) -> dict[str, str]:
        """Where each registered customer said it is to be called."""
        found = {}
        for line in self.host.asterisk("database show registrar contact").splitlines():
            key, separator, value = line.partition(": ")
            if separator and key.startswith("/registrar/contact/"):
                contact = json.loads(value)
                if int(contact["expiration_time"]) > time.time():
                    found[contact["endpoint"]] = contact["uri"]
        return found

    def received(self) -> tuple[ReceivedCall, ...]:
        """Every call of a customer that was taken, in their order."""
        return tuple(map(_received_call, self._records(_RECEIVED)))

    def call(self, number: str, *, caller: str = "+493012345678", seconds: float = 2.0) -> DeliveredCall:
        """Call a customer's number from outside, talk that long once it answers, and say how it went."""
        counted = len(self._records(_DELIVERED))
        self.host.asterisk(f"database put provider caller {caller}")
        self.host.asterisk(f"database put provider seconds {seconds}")
        self.host.asterisk(f"channel originate Local/{number}@to-customers/n extension s@caller")
        deadline = time.monotonic() + _RING_SECONDS + seconds + 10
        while len(records := self._records(_DELIVERED)) == counted:
            if time.monotonic() > deadline:
                raise ProviderFailed(f"{self.host.name}: a call to {number} never ended")
            time.sleep(0.05)
        _, status, cause = records[-1]
        return DeliveredCall(status=status, cause=int(cause or 0))

    def _records(self, path: str) -> list[list[str]]:
        try:
            text = self.host.read(path).decode()
        except FileNotFoundError:
            return []
        return [line.split("\t") for line in text.splitlines()]

    def _pjsip(self) -> str:
        media_encryption = "sdes" if self.security is ProviderSecurity.SECURE else "no"
        parts = [_GLOBAL, _CLEAR if self.security is ProviderSecurity.CLEAR else _TLS]
        for customer in self.customers:
            parts.append(_ENDPOINT.format(user=customer.user, media_encryption=media_encryption))
            if customer.address is None:
                parts.append(_BY_REGISTRATION.format(user=customer.user, password=customer.password))
            else:
                parts.append(
                    _BY_ADDRESS.format(user=customer.user, address=customer.address, contact=self._contact(customer))
                )
        return "".join(parts)

    def _contact(self, customer: Customer) -> str:
        transport = "udp" if self.security is ProviderSecurity.CLEAR else "tls"
        return f"sip:{customer.server or customer.address}:{self.port}\\;transport={transport}"

    def _dialplan(self) -> str:
        parts = [_FROM_CUSTOMERS]
        for customer in self.customers:
            parts += [
                _TO_CUSTOMER.format(number=number, user=customer.user, seconds=_RING_SECONDS)
                for number in customer.numbers
            ]
        return "".join(parts)


def _received_call(record: Sequence[str]) -> ReceivedCall:
    answered_by, *values = record
    said = dict(zip(_RECORD, values, strict=True))
    return ReceivedCall(answered_by=answered_by, is_srtp=said.pop("is_srtp") == "1", **said)
