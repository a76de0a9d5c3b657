"""What the inventory describes: PBXs, extensions, trunks. What exists here has been checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import ip_address
from typing import TYPE_CHECKING

from confgen.model.check import Vantage
from confgen.model.cluster import ClusterUse
from confgen.model.dialling import Dialling
from confgen.model.policy import Policy
from confgen.model.secret import SecretReference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from confgen.model.api import ApiAccess
    from confgen.model.check import Level
    from confgen.model.dialling import Channel, Emergency, Forwards, NoEmergency, RingGroup, Route
    from confgen.model.finding import Place
    from confgen.model.migration import Migration
    from confgen.model.provider import ProviderTrunk
    from confgen.model.version import ProductVersion


class MediaEncryption(Enum):
    """How media is encrypted; there is no word for plain RTP."""

    SDES = "sdes"  # RFC 4568: keys in SDP, so only ever over TLS
    DTLS = "dtls"  # RFC 5763/5764: keys from a DTLS handshake on the media path


class TlsVersion(Enum):
    """The protocol versions that RFC 9325 leaves."""

    TLS_1_2 = "1.2"
    TLS_1_3 = "1.3"


class ClientCertificates(Enum):
    """Whether phones and peers must show a certificate of the PBX's authority."""

    NOT_REQUESTED = "not-requested"
    REQUIRED = "required"


class DigestAlgorithm(Enum):
    """What a phone's password is hashed with on its way (RFC 8760)."""

    MD5 = "md5"
    SHA_256 = "sha-256"


class Part(Enum):
    """The parts of a PBX's configuration that confgen can manage; what it does not manage stays the user's."""

    SIP = "sip"
    MEDIA = "media"
    DIALPLAN = "dialplan"
    MODULES = "modules"
    MANAGEMENT = "management"
    CERTIFICATES = "certificates"


@dataclass(frozen=True, slots=True, kw_only=True)
class PortRange:
    """UDP ports from `first` to `last`, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpHost:
    """A host on the way to a PBX's; what is None is left to `~/.ssh/config`."""

    address: str
    user: str | None
    port: int | None
    host_key: str | None
    known_hosts: str | None
    identity_file: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SshAccess:
    """How the host is reached; what is None is left to `~/.ssh/config`."""

    address: str
    user: str | None
    port: int | None
    host_key: str | None  # "SHA256:…" as ssh-keygen prints it; None means known_hosts decides
    known_hosts: str | None  # instead of ~/.ssh/known_hosts
    identity_file: str | None
    jump_hosts: tuple[JumpHost, ...] | None = None  # in the order in which they are taken; () means none
    uses_sudo: bool = False  # root's work is done by the installed script, through sudo


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Where the product lies on its host; what is None is found from the running process."""

    service: str | None = None  # of systemd, without `.service`
    binary: str | None = None
    configuration: str | None = None  # the folder
    user: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """A file of the user's own that a managed one includes; it is parsed and judged like ours."""

    key: str  # of the managed document
    file: str  # below the configuration folder, or absolute
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Nat:
    """What the PBX says of itself to those outside its local networks."""

    external_address: str
    local_networks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiUser:
    """Who may use the manager interface, from where and for what."""

    name: str
    secret: SecretReference
    permit: tuple[str, ...]
    read: tuple[str, ...]
    write: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Ami:
    """The manager interface, over TLS."""

    bind: str
    port: int
    users: tuple[AmiUser, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpServer:
    """The HTTP server, over TLS."""

    bind: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The PBX's certificate: chain (leaf first, PEM), its key, and the authority that signs peers and phones."""

    chain: SecretReference
    key: SecretReference
    authority: SecretReference
    client_certificates: ClientCertificates


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A phone or soft client that registers with the PBX."""

    number: str
    display_name: str | None
    own_secret: SecretReference | None  # None where the product makes one
    media_encryption: MediaEncryption
    codecs: tuple[str, ...]
    permit: tuple[str, ...]  # networks it may come from; empty means any
    contacts: int  # how many devices may register at once
    digest: DigestAlgorithm = DigestAlgorithm.MD5
    ring_seconds: int = 60
    forwards: Forwards | None = None
    outside_number: str | None = None  # shown to providers
    context: str | None = None  # the user's own, where the dialplan is not managed
    place: Place

    @property
    def secret(self) -> SecretReference:
        """The one that it is given; ValueError where its product makes one."""
        if self.own_secret is None:
            raise ValueError(f"the secret of {self.number} is made by its product")
        return self.own_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """The extension of `verify`: its context reaches the echo number only, so that no probe rings a phone."""

    name: str
    secret: SecretReference
    permit: tuple[str, ...]
    context: str | None = None  # the user's own, where the dialplan is not managed
    place: Place

    def named(self, encryption: MediaEncryption) -> str:
        """The name of its endpoint with this media encryption, of which an endpoint has one."""
        return self.name if encryption is MediaEncryption.SDES else f"{self.name}-{encryption.value}"


class Peering(Enum):
    """Who knows the other's address on a trunk between two PBXs."""

    BOTH = "both"
    PEER_REGISTERS = "peer registers"  # here, and is called where it has registered from
    REGISTERS = "registers"  # with the peer


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSettings:
    """What the inventory says of a PBX that only its product knows, as the product's schema accepted it.

    Mappings, lists, scalars, and SecretReference where a secret is referred to. Places are by the keys on the way.
    """

    values: Mapping[str, Any]
    places: Mapping[tuple[str | int, ...], Place]

    @property
    def references(self) -> frozenset[SecretReference]:
        """Every secret that is referred to, wherever it stands."""
        return frozenset(_references_in(self.values))


def _references_in(value: object) -> Iterator[SecretReference]:
    match value:
        case SecretReference():
            yield value
        case dict():
            for item in value.values():
                yield from _references_in(item)
        case _:
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkEnd:
    """One end of a trunk between two PBXs of the inventory, seen from the PBX that holds it."""

    name: str
    peer: str
    peer_domain: str
    peer_port: int
    peer_address: str
    peer_echo: str | None
    secret: SecretReference
    codecs: tuple[str, ...]
    digest: DigestAlgorithm = DigestAlgorithm.MD5
    peering: Peering = Peering.BOTH
    peer_authority: SecretReference | None = None  # what the peer's certificate leads to, where this end registers
    context: str | None = None  # the user's own, where the dialplan is not managed
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What confirm requires: which levels, seen from where."""

    vantage: Vantage
    levels: frozenset[Level]
    is_long: bool = False  # also what takes longer: RTCP, which comes after five seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Pbx:
    """One PBX with everything that concerns it; defaults and groups are already worked in."""

    name: str
    kind: str
    groups: tuple[str, ...]
    product_version: ProductVersion
    ssh: SshAccess
    domain: str
    bind: tuple[str, ...]
    sip_port: int
    tls_versions: frozenset[TlsVersion]
    rtp_ports: PortRange | None  # None where media is not managed and nothing is said: whatever the PBX says
    own_certificate: Certificate | None  # None where the product gets one by itself
    extensions: tuple[Extension, ...]
    trunks: tuple[TrunkEnd, ...]
    routes: tuple[Route, ...]
    echo_number: str | None
    probe: Probe | None
    verification: Verification
    manages: frozenset[Part] = frozenset(Part)
    installation: Installation = Installation()
    includes: tuple[Include, ...] = ()
    modules: tuple[str, ...] = ()  # of the user's own, loaded besides
    nat: Nat | None = None
    ami: Ami | None = None
    http: HttpServer | None = None
    provider_port: int = 5062  # the first of the transports towards providers with an authority of their own
    provider_trunks: tuple[ProviderTrunk, ...] = ()
    channels: tuple[Channel, ...] = ()
    ring_groups: tuple[RingGroup, ...] = ()
    dialling: Dialling = field(default_factory=Dialling)
    blocked: tuple[str, ...] = ()  # patterns that no phone may dial
    emergency: Emergency | NoEmergency | None = None
    migration: Migration | None = None
    api: ApiAccess | None = None  # of a product of API objects
    product: ProductSettings | None = None
    site: str | None = None  # whose workers reach it, on a cluster
    places: Mapping[tuple[str, ...], Place] = field(default_factory=dict)  # of settings, by the keys on the way
    demands_tls_of_phones: bool = True  # False: no setting of its product makes a phone signal over TLS
    place: Place

    def place_of(self, *keys: str) -> Place:
        """Where the setting stands; where it does not, the nearest one above it that is written, at last the PBX."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.places:
                return self.places[keys[:length]]
        return self.place

    @property
    def certificate(self) -> Certificate:
        """The one that it is given; ValueError where its product gets one by itself."""
        if self.own_certificate is None:
            raise ValueError(f"{self.name} gets its certificate by itself")
        return self.own_certificate

    @property
    def default_digest(self) -> DigestAlgorithm:
        """What a name that nobody has is challenged with: SHA-256 where every extension is, so that it looks alike.

        Phones that are not moved yet know MD5 only; a peer that registers is challenged before it has said its name.
        """
        is_alike = all(extension.digest is DigestAlgorithm.SHA_256 for extension in self.extensions)
        has_strangers = any(trunk.peering is Peering.PEER_REGISTERS for trunk in self.trunks)
        is_told = self.extensions and is_alike and self.migration is None and not has_strangers
        return DigestAlgorithm.SHA_256 if is_told else DigestAlgorithm.MD5

    @property
    def probes(self) -> Mapping[MediaEncryption, str]:
        """The names of the probe's endpoints, by media encryption; empty without a probe.

        SDES is always there, for trunks have it; DTLS where a phone has it.
        """
        if self.probe is None:
            return {}
        found = {MediaEncryption.SDES, *(extension.media_encryption for extension in self.extensions)}
        return {encryption: self.probe.named(encryption) for encryption in MediaEncryption if encryption in found}

    @property
    def moved_extensions(self) -> tuple[Extension, ...]:
        """Those that are served encrypted: all but those of a migration."""
        kept = frozenset(() if self.migration is None else self.migration.extensions)
        return tuple(extension for extension in self.extensions if extension.number not in kept)

    def is_seen_by_host(self, bind: str) -> bool:
        """Whether the host itself looks at what listens there: as declared, or since nobody knows another address.

        All addresses of one family say nothing to whoever knows the host by an address of the other.
        """
        if self.verification.vantage is Vantage.HOST:
            return True
        try:
            listening, reached = ip_address(bind), ip_address(self.ssh.address)
        except ValueError:  # a name may lead to both
            return False
        return listening.is_unspecified and listening.version != reached.version


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Every PBX of one inventory, in the order they were written."""

    pbxs: tuple[Pbx, ...]
    folder: str  # paths of references start here
    digest: str = ""  # SHA-256 of its texts with their names, in hexadecimal; empty where it was not read from files
    policy: Policy = field(default_factory=Policy)
    cluster: ClusterUse = field(default_factory=ClusterUse)
