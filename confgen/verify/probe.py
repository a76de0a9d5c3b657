"""The probe of a PBX as a caller: who calls, whom, and from where."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from confgen import __version__
from confgen.chains import certificates_in
from confgen.model.inventory import MediaEncryption
from confgen.streams.tcp import Address, dialled
from confgen.streams.tls import HandshakeFailed, shake_hands
from confgen.verify.line import Line, LineStream
from confgen.verify.target import TIMEOUT
from confgen.verify.wire.digest import Credentials, Trial
from confgen.verify.wire.rtp import PACKET_TIME
from confgen.verify.wire.user_agent import Caller, UserAgent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confgen.model.check import Check, Question
    from confgen.model.driver import Material
    from confgen.model.inventory import Pbx
    from confgen.model.secret import Secret
    from confgen.model.stream import Stream
    from confgen.streams.tls import Served
    from confgen.verify.target import Target
    from confgen.verify.wire.transcript import Transcript
    from confgen.verify.wire.user_agent import Outcome

# Refusals of the number or of who calls it, whatever is offered (RFC 3261 §21.4, §21.5).
_NOT_REACHED = frozenset({403, 404, 410, 480, 484, 486, 500, 503})
_GLOBAL_FAILURE = 600

NOT_ASKED = "not asked: the password is refused"  # and is not said again
MEDIA_PORT = 40000  # stands in offers of calls in which no media is sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast media is sent, and how long is waited for what comes; all in seconds."""

    packet: float = PACKET_TIME
    patience: float = 1.0  # for what is on its way when all was sent
    first_word: float = 4.0  # of a DTLS handshake; what gets lost is sent again after one, and after two more
    handshake: float = 10.0  # all of it
    control: float = 7.5  # for RTCP, which first comes after five


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One endpoint of the probe, with what it needs to call the echo number of the PBX."""

    target: Target
    authority: str | None  # PEM; None means the authorities of this machine
    name: str
    secret: Secret
    echo_number: str
    local: str  # our own address, for what our SIP messages say
    pushed: str | None = None  # PEM, leaf first: whoever shows another one is told nothing; None that nobody knows it
    pace: Pace = Pace()
    trial: Trial = field(default_factory=Trial)  # of the secret, which all of the probe's endpoints have
    line: Line = field(default_factory=Line, compare=False)
    is_known: bool = True  # confgen made the endpoint and the number: that it may not call is a fault of the PBX

    def not_reached(self, question: Question, outcome: Outcome) -> Check | None:
        """What is to be said where an extension and a number that somebody named lead nowhere; else None."""
        if self.is_known or not (outcome.status in _NOT_REACHED or outcome.status >= _GLOBAL_FAILURE):
            return None
        return question.unknown(
            f"answered {outcome.status} {outcome.reason}, which says nothing of encryption",
            f"{self.echo_number} is answered {outcome.status}: does this number answer, and may {self.name} call it?",
        )

    @contextmanager
    def agent(self, *, transcript: Transcript | None = None) -> Iterator[UserAgent]:
        """A user agent with the probe's password, on a TLS connection of its own."""
        credentials = Credentials(username=self.name, password=self.secret, trial=self.trial)
        with self.connected() as stream:
            yield self._agent(stream, self.name, credentials, transcript)

    def is_refused(self) -> bool:
        """Whether the PBX has refused the password until now, to any of the probe's endpoints."""
        return self.trial.is_refused

    def stranger(self, stream: Stream, name: str, transcript: Transcript) -> UserAgent:
        """Somebody who says that this is the name, and has no password."""
        return self._agent(stream, name, None, transcript)

    @contextmanager
    def connected(self) -> Iterator[Stream]:
        """A TLS connection to the PBX, whose certificate holds and is the pushed one; WireError for anybody else."""
        with dialled(self.target.dial, self.target.address, TIMEOUT) as carrier:
            stream, served = shake_hands(
                carrier,
                server_name=self.target.domain,
                authority=self.authority,
                timeout=TIMEOUT,
                client_certificate=self.target.client_certificate,
            )
            if self.pushed is not None and not _is_leaf_of(self.pushed, served):
                raise HandshakeFailed(
                    f"the served certificate (SHA-256 {served.sha256[:16]}…) is not the pushed one, and whoever holds "
                    "another is told no password"
                )
            yield LineStream(stream, self.line)

    def _agent(
        self, stream: Stream, name: str, credentials: Credentials | None, transcript: Transcript | None
    ) -> UserAgent:
        caller = Caller(
            user=name,
            domain=self.target.domain,
            local=Address(host=self.local, port=MEDIA_PORT),
            confgen_version=__version__,
            credentials=credentials,
        )
        return UserAgent(stream, caller, TIMEOUT, transcript)


def _is_leaf_of(pushed: str, served: Served) -> bool:
    leaf = certificates_in(pushed)[:1]
    return [certificate.public_bytes(Encoding.DER) for certificate in leaf] == [served.certificate]


def probe_of(target: Target, pbx: Pbx, material: Material, local: str, trial: Trial | None = None) -> Probe | None:
    """The probe's endpoint with SDES; None where there is none, no number for it to call, or no secret."""
    if pbx.probe is None or pbx.echo_number is None or material.probe_secret is None:
        return None
    return Probe(
        target=target,
        authority=material.authority or None,
        name=pbx.probe.name,
        secret=material.probe_secret,
        echo_number=pbx.echo_number,
        local=local,
        trial=trial or Trial(),
        pushed=material.chain or None,
    )


def names_of(probe: Probe, material: Material) -> Mapping[MediaEncryption, str]:
    """The probe's endpoints that the generation has, by media encryption."""
    return material.probes or {MediaEncryption.SDES: probe.name}


def without_endpoint(question: Question, encryption: MediaEncryption) -> Check:
    """What is to be said of phones whose media encryption no endpoint of the probe has, as in an older generation."""
    return question.not_checked(f"the generation has no probe with {encryption.name}")
