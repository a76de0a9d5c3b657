"""What a product's driver gives; a driver is a module that fulfils this Protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from confgen.model.bootstrap import Bootstrap
    from confgen.model.check import Check
    from confgen.model.document import Change, Document, HostFile, Impact, Observed, Source
    from confgen.model.finding import Finding
    from confgen.model.found import Found
    from confgen.model.host import Host
    from confgen.model.inventory import MediaEncryption, Pbx, TrunkEnd
    from confgen.model.lease import Held, Lease, Undone
    from confgen.model.leg import Bound, Called, NotCalled, NotRegistered, Witness
    from confgen.model.limits import Limits
    from confgen.model.plan import CutOff, Difference, SecurityDelta
    from confgen.model.provider import ProviderTrunk
    from confgen.model.secret import Secret, SecretReference
    from confgen.model.version import ProductVersion


class Lock(Enum):
    """Where two pushes at once are kept apart."""

    HOST = "host"
    OPERATOR = "operator"


class Standing(Enum):
    """How a PBX stands with a provider."""

    REGISTERED = "registered"
    ANSWERED = "answered"  # by a provider that wants no registration
    REFUSED = "refused"
    OUT_OF_ORDER = "out of order"  # it answers that it cannot serve now
    UNTRUSTED = "untrusted"  # its certificate does not hold
    UNANSWERED = "unanswered"
    UNTOLD = "untold"  # the PBX did not tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantees:
    """What a product's transaction can promise; plan prints it."""

    atomic: bool  # what the PBX reads is wholly the old or wholly the new set, at any instant
    undo_without_link: bool  # the undo runs on the host even when the operator is gone
    lock: Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where a phone is registered now. `transport` is the product's own word: `tls`, `udp`."""

    extension: str
    transport: str
    address: str  # host:port, as the PBX sees it


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was found on a PBX in one look. `fingerprint_key` is the host's own and stays out of every output."""

    documents: Mapping[str, Observed]
    generation: int | None  # the active one; None where confgen has not pushed yet
    is_confirmed: bool  # False where a push was cut off after its switch: the active generation was never proven
    generations: tuple[int, ...]  # those that were confirmed, oldest first
    fingerprint_key: Secret
    facts: Mapping[str, str]  # for people: product version, calls, paths
    identity: str = ""  # what the PBX says it is, where the key for fingerprints is not its own but the operator's
    has_hands: bool = True  # whether what acts on the host is there in this version
    held: Held | None = None  # whose push has the PBX now, or had it and did not give it back
    undone: Undone | None = None  # what the host undid by itself since the last push that was confirmed
    calls: int | None = None  # in progress; None where the PBX did not tell
    contacts: tuple[Contact, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)  # SHA-256 by name, of the user's own that is referred to
    findings: tuple[Finding, ...] = ()  # why this host must not be written to
    lacking: tuple[Finding, ...] = ()  # likewise why nothing new can be pushed: one can go back all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A PBX that is kept to one push: how it is then, and whose lease, that had ended, was taken over."""

    observation: Observation
    taken_over: Held | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A complete generation that lies on the host, read by nobody yet; `previous` is what an undo goes back to."""

    generation: int
    previous: int
    impact: Impact
    changed: tuple[str, ...]  # keys of the documents that differ between the two
    lease: Lease  # under which it was staged, and will be switched to
    carried: tuple[Document, ...] = ()  # what the host has no place for until it is switched to
    before: Mapping[str, str] = field(default_factory=dict)  # texts by key of what it takes the place of, if carried


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """How the PBX took a generation: what it complained about that it did not complain about before."""

    complaints: tuple[str, ...] = ()
    unknown: tuple[str, ...] = field(default=())  # complaints with no baseline to judge them by
    was_confirmed: bool = False  # of an undo: nothing was undone, for the generation had been confirmed
    undone: Undone | None = None  # of an undo: the host had done it by itself
    is_overtaken: bool = False  # of an undo: another push has the PBX, and nothing was written


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """An address and a TLS port that the PBX binds."""

    address: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaivedListener:
    """A port in clear that a migration keeps open."""

    name: str  # of the transport
    protocol: str  # "udp" or "tcp"
    address: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OnHost:
    """What lies on the PBX's host of that to which the inventory refers, and why the rest cannot be used.

    `documents` are made of what was there before confgen.
    """

    files: Mapping[SecretReference, HostFile]
    documents: tuple[Document, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a proof from outside needs to know of a generation: PEM texts, and the probe's secret if there is one."""

    chain: str
    key: Secret | None  # to show a client certificate where one is demanded
    authority: str
    probe_secret: Secret | None
    probes: Mapping[MediaEncryption, str] = field(default_factory=dict)  # the probe's endpoints, by what they demand
    provider_listeners: tuple[Listener, ...] = ()  # besides the PBX's own; their clients answer to other authorities
    waived_listeners: tuple[WaivedListener, ...] = ()  # in clear, for phones that are not moved yet


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAnswer:
    """What a PBX tells of its leg to a provider, asked just now."""

    domain: str
    port: int
    authority: str | None  # PEM, as the PBX itself has it in use; empty where it did not tell, None: this machine's
    standing: Standing
    said: str  # one line for people
    reservation: str = ""  # what nobody can see of how the product itself treats the certificate there


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a product is like, as far as others need to know."""

    registers_with_peers: bool = False  # it takes part in a trunk between two PBXs only as who registers
    makes_passwords: bool = False  # an extension needs no secret of ours
    gets_certificates: bool = False  # it may have one that nobody gave it
    shows_certificates: bool = True  # to peers that ask for one
    is_asked_by_api: bool = False  # and keeps nothing of ours: nothing is run on its host
    demands_tls_of_phones: bool = True  # False: no setting of it makes a phone signal over TLS
    makes_calls: bool = True  # of its own, when it is told to, and rings nobody here for it
    chooses_tls: bool = False  # which versions, suites and groups it takes: no setting says
    parts: frozenset[Part] = frozenset(Part)  # of its configuration, those that can be managed
    hashes_since: Mapping[int, ProductVersion] = field(default_factory=dict)  # passwords by SHA-256, by branch
    support_ends: Mapping[int, date] = field(default_factory=dict)  # the last day of security fixes, by branch
    faults_known_until: date | None = None  # the day of the table of its security faults


class PushRefused(Exception):
    """The host refused before the switch: nothing that the PBX reads was written."""

    exit_code = 1

    def __init__(self, finding: Finding, *others: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding
        self.findings = (finding, *others)


class Driver(Protocol):
    """One product. Pure functions, and functions that act on the host they are handed; no state."""

    @property
    def kind(self) -> str:
        """The word of the inventory: `asterisk`."""

    @property
    def guarantees(self) -> Guarantees:
        """What its transaction can promise."""

    @property
    def traits(self) -> Traits:
        """What it is like."""

    def not_enforceable(self, pbx: Pbx, /) -> Limits:
        """What no setting of the product can bring about: it reads "not enforceable", never "passed". Pure."""

    def findings(self, pbx: Pbx, /) -> Sequence[Finding]:
        """What this product, in the declared version, cannot do. Pure."""

    def render_only(self, pbx: Pbx, /) -> Finding | None:
        """Why nothing can be done with this PBX but to render for it; None where it can be pushed to. Pure."""

    def sources(self, pbx: Pbx, /) -> Sequence[Source]:
        """The documents the PBX should have, still without secrets. Pure."""

    def absent(self, pbx: Pbx, /) -> Collection[str]:
        """Keys that are managed by having nothing under them. Pure."""

    def mask(self, key: str, text: str, fingerprint: Callable[[str], str], /) -> str:
        """A document's text with its sensitive fields masked by what they are, not by their value. Pure."""

    def impact(self, changes: Collection[Change], /) -> Impact:
        """The smallest activation after which all of the changes are in force. Pure."""

    def security_delta(self, changes: Collection[Change], /) -> SecurityDelta:
        """Whether the changes make the PBX stronger or weaker; weaker wins. Pure."""

    def weaker(self, changes: Collection[Change], /) -> Sequence[str]:
        """What gets weaker by the changes, each in words. Pure."""

    def irreversible(self, changes: Collection[Change], /) -> Mapping[str, str]:
        """Keys of what no undo would bring back, and why, in words. Pure; the changes are masked."""

    def differences(
        self, before: Mapping[str, str], after: Mapping[str, str], own: Mapping[str, str], /
    ) -> Sequence[Difference]:
        """What differs between two sets of masked texts by key, in the product's own words. Pure.

        `own` are masked texts of the user's own that either set refers to.
        """

    def cut_off(
        self, pbx: Pbx, observation: Observation, texts: Mapping[str, str], documents: Collection[Document], /
    ) -> Sequence[CutOff]:
        """Which of the contacts could not come back; `texts`, not masked, is what is there now. Pure."""

    def material(self, host: Host, pbx: Pbx, documents: Collection[Document], /) -> Material:
        """What a proof from outside needs: out of the documents, or of the user's own files that they name."""

    def as_kept(self, pbx: Pbx, documents: Collection[Document], /) -> Pbx:
        """The PBX as a kept generation describes it, for a proof of that generation. Pure."""

    def bootstrap(self, pbx: Pbx, wanted: Bootstrap, /) -> str:
        """What root runs on the host once, so that plans can be saved and a user may push through sudo. Pure."""

    def prepare(self, host: Host, pbx: Pbx, wanted: Bootstrap, /) -> Sequence[str]:
        """Run that as root; what it did, each in words. `host` is reached as root, or as who may become root."""

    def examine(self, host: Host, pbx: Pbx, /) -> Sequence[Found]:
        """What is there, what is wrong with it and what cannot be told, for `confgen doctor`; writes nothing.

        Each question stands alone: one that cannot be asked is a finding, and the others are asked all the same.
        HostError only where the connection itself has broken.
        """

    def on_host(self, host: Host, pbx: Pbx, /) -> OnHost:
        """The certificates and keys that lie on the host, where a key's content stays, and what a migration keeps."""

    def kept(self, host: Host, pbx: Pbx, generation: int, /) -> Sequence[Document]:
        """The documents of a generation that the host kept."""

    def observe(self, host: Host, pbx: Pbx, /) -> Observation:
        """Look at everything in few round trips; writes nothing there."""

    def undone(self, host: Host, pbx: Pbx, /) -> Undone | None:
        """What the host undid by itself since the last push that was confirmed; cheaper than to observe."""

    def read(self, host: Host, pbx: Pbx, keys: Collection[str], /) -> Mapping[str, str]:
        """The texts of observed documents, for a diff; not masked."""

    def written(self, host: Host, pbx: Pbx, generation: int, /) -> Mapping[str, str]:
        """The texts of the active generation as confgen wrote them, whatever was done to them since; not masked."""

    def own(self, host: Host, pbx: Pbx, texts: Collection[str], /) -> Mapping[str, str]:
        """What the texts refer to of the user's own, by name; nothing is asked where they refer to nothing."""

    def judge(self, pbx: Pbx, documents: Collection[Document], own: Mapping[str, str], /) -> Sequence[Finding]:
        """What is in that of the user's own to which the documents refer, and must not be. Pure."""

    def put_away(self, pbx: Pbx, texts: Mapping[str, str], /) -> Sequence[Finding]:
        """What of the user's own goes when the foreign documents of these texts are taken over. Pure."""

    def lock(self, host: Host, pbx: Pbx, observation: Observation, lease: Lease, /) -> Locked:
        """Keep other pushes away, and look again. PushRefused where one holds.

        Whatever is raised, the lease may have been taken, and is the caller's to give back.
        """

    def unlock(self, host: Host, pbx: Pbx, lease: Lease, /) -> None:
        """Let others in again; a lease that is not there any more is none to give back."""

    def go_on(self, host: Host, pbx: Pbx, lease: Lease, /) -> None:
        """A word of the push, so that its lease goes on while it proves; HostError where another one has the PBX.

        Called from a thread of its own. Where the host undoes by itself what nobody confirmed, nothing is done.
        """

    def calls(self, host: Host, pbx: Pbx, lease: Lease, /) -> int | None:
        """How many calls are in progress, None where the PBX does not tell; the lease goes on."""

    def stage(
        self,
        host: Host,
        pbx: Pbx,
        observation: Observation,
        documents: Collection[Document],
        changes: Collection[Change],
        lease: Lease,
        /,
    ) -> Staged:
        """Lay a complete new generation on the host, read by nobody yet."""

    def stage_kept(self, host: Host, pbx: Pbx, observation: Observation, generation: int, lease: Lease, /) -> Staged:
        """Make ready to go back to a generation that the host kept."""

    def preflight(self, host: Host, pbx: Pbx, staged: Staged, step: Callable[[str], None], /) -> Sequence[Finding]:
        """Try what was staged where it can do no harm: an error keeps it from being switched to.

        `step` is told what is waited for, again and again; it raises once somebody has asked to stop.
        """

    def discard(self, host: Host, pbx: Pbx, staged: Staged, /) -> None:
        """Remove what was staged and not switched to."""

    def switch(self, host: Host, pbx: Pbx, staged: Staged, /) -> None:
        """Arm the undo on the host, where the product can; then the PBX reads the new generation."""

    def activate(self, host: Host, pbx: Pbx, staged: Staged, /) -> Activation:
        """Make the PBX take what it now reads, by the smallest means that the impact names."""

    def confirm(self, host: Host, pbx: Pbx, staged: Staged, /) -> Undone | None:
        """The new generation is proven: keep it, disarm, tidy up, and let others in.

        None where it is confirmed; else the host has undone it before, and that stands.
        """

    def undo(self, host: Host, pbx: Pbx, staged: Staged, /) -> Activation:
        """Go back to `previous`, make the PBX take it, disarm, and let others in.

        Where the lock is the operator's, others are let in by `unlock`: an undo that failed is tried again before.
        What the host has undone by itself meanwhile is not undone again, and what was confirmed stays.
        """

    def by_hand(self, staged: Staged, /) -> str:
        """What a human runs on the host where the undo failed. Pure."""

    def state(self, host: Host, pbx: Pbx, documents: Collection[Document], /) -> Sequence[Check]:
        """Level *state*: what the PBX says it runs against what was pushed, and its sockets, in one round trip."""

    def call_peer(self, host: Host, pbx: Pbx, trunk: TrunkEnd, /) -> Called | NotCalled | NotRegistered:
        """Call the echo number of the peer at the other end of a trunk, and tell what this end saw."""

    def heard_of_peer(self, host: Host, pbx: Pbx, trunk: TrunkEnd, /) -> Witness | Bound | NotCalled | None:
        """What this end saw of the newest call by the trunk to its own echo number; None where it remembers none."""

    def call_outside(self, host: Host, pbx: Pbx, trunk: ProviderTrunk, /) -> Called | NotCalled:
        """Call the test number of a trunk to a provider, which costs money, and tell what this end saw."""

    def ask_provider(self, host: Host, pbx: Pbx, trunk: ProviderTrunk, /) -> ProviderAnswer:
        """Make the PBX register and ask for options anew, and tell what came of it; no call is made."""
