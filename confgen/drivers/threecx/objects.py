"""The objects of a 3CX that confgen writes, in the order in which it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.drivers.threecx import contract

if TYPE_CHECKING:
    from collections.abc import Collection

    from confgen.model.version import ProductVersion

Path = tuple[str, ...]  # names of properties from the object inwards

SRTP_MODES = ("SRTPDisabled", "SRTPEnabled", "SRTPEnforced")  # weakest first


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectType:
    """A collection of objects, or an object of which there is one (`identity` is empty)."""

    name: str  # in paths and keys
    described_as: str = ""  # in the contract, where it is called otherwise
    identity: str = ""  # the property that paths name an object by
    asked: tuple[str, ...]  # never one that holds a secret
    sets: frozenset[Path] = frozenset()  # lists whose order means nothing
    is_made: bool = False  # whether confgen makes what is not there
    has_irretrievable: bool = False  # whether what was removed cannot be made again as it was
    is_whole: bool = False  # its properties belong together: none is written back without its secret

    @property
    def is_singleton(self) -> bool:
        """Whether there is one, which neither comes nor goes."""
        return not self.identity

    def select(self, version: ProductVersion) -> str:
        """What is asked for of a PBX of that version."""
        known = contract.fields(self.described_as or self.name, version)
        return ",".join(name for name in (self.identity, *self.asked) if name in known)

    def field(self, path: Path) -> contract.Field | None:
        """What the contract says of the property at a path."""
        name = self.described_as or self.name
        found = None
        for step in path:
            found = contract.fields(name).get(step)
            if found is None:
                return None
            name = found.refers_to or name
        return found

    def is_sensitive(self, path: Path) -> bool:
        """Whether a property holds a secret; a certificate is none, though the API may conceal it."""
        found = self.field(path)
        return found is not None and found.is_secret and path[0] != "Certificate"


USERS = ObjectType(
    name="Users",
    described_as="User",
    identity="Id",
    asked=(
        "Number", "AllowLanOnly", "BlockTunnel", "FirstName", "IsRegistered", "LastName", "PbxDeliversAudio",
        "SRTPMode",
    ),
)  # fmt: skip
TRUNKS = ObjectType(
    name="Trunks",
    described_as="Trunk",
    identity="Id",
    asked=(
        "Number", "AuthID", "Certificate", "CertificateName", "DisableVideo", "Gateway", "IPRestriction",
        "OutboundCallerID", "SimultaneousCalls", "TransportRestriction",
    ),
    is_made=True,
    has_irretrievable=True,
)  # fmt: skip
SBCS = ObjectType(
    name="Sbcs",
    described_as="Sbc",
    identity="Name",
    asked=("DisplayName", "Security"),
    is_made=True,
    has_irretrievable=True,
)
BLOCKLIST = ObjectType(
    name="Blocklist",
    described_as="BlocklistAddr",
    identity="Id",
    asked=("BlockType", "Description", "ExpiresAt", "IPAddrMask"),
    is_made=True,
)
SECURE_SIP = ObjectType(name="SecureSipSettings", asked=("Certificate",), is_whole=True)
ANTI_HACKING = ObjectType(
    name="AntiHackingSettings",
    asked=(
        "HackAuthRequests", "HackBarrierAmber", "HackBarrierGreen", "HackBarrierRed", "HackBlacklistDuration",
        "HackChallengeRequests", "MaxRequestPerPeriod", "SecurityDefenseProgram", "ThrottlePeriodLength",
    ),
)  # fmt: skip
CONSOLE = ObjectType(
    name="ConsoleRestrictions",
    asked=("AccessRestricted", "IpWhitelist", "MyIpAddress"),
    sets=frozenset({("IpWhitelist",)}),
)
COUNTRIES = ObjectType(name="CountryCodes", asked=("CountryCodes",), sets=frozenset({("CountryCodes",)}))
NETWORK = ObjectType(name="NetworkSettings", asked=("AllowSourceAsOutbound", "DirectSIPAllowExternal"))
CODECS = ObjectType(name="CodecsSettings", asked=("ExternalCodecList", "LocalCodecList"))

# What cannot be taken back, and what may lock out, comes last.
TYPES = (NETWORK, CODECS, COUNTRIES, ANTI_HACKING, BLOCKLIST, USERS, SBCS, TRUNKS, SECURE_SIP, CONSOLE)
_BY_NAME = {known.name: known for known in TYPES}


def type_of(key: str) -> ObjectType:
    """The type of the document under a key: `Users/100`, `NetworkSettings`."""
    return _BY_NAME[key.partition("/")[0]]


def name_of(key: str) -> str:
    """What follows the type in a key; empty of a singleton."""
    return key.partition("/")[2]


def types_of(keys: Collection[str]) -> tuple[ObjectType, ...]:
    """The types among these keys, in the order in which they are written."""
    names = {key.partition("/")[0] for key in keys}
    return tuple(known for known in TYPES if known.name in names)


def in_order(keys: Collection[str]) -> tuple[str, ...]:
    """Keys in the order in which their objects are written."""
    return tuple(sorted(keys, key=lambda key: (TYPES.index(type_of(key)), key)))
