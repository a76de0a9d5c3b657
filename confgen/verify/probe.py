"""Who calls a PBX to try it: the probe, or somebody without a password, one conversation at a time."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confgen import __version__
from confgen.model.inventory import MediaEncryption
from confgen.verify.target import TIMEOUT
from confgen.verify.wire.digest import Credentials
from confgen.verify.wire.handshake import shake_hands
from confgen.verify.wire.rtp import PACKET_TIME
from confgen.verify.wire.sdp import MalformedSdp
from confgen.verify.wire.stream import Address, WireError, dialled
from confgen.verify.wire.transcript import Transcript
from confgen.verify.wire.user_agent import Caller, UserAgent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from confgen.model.check import Check, Question
    from confgen.model.driver import Material
    from confgen.model.inventory import Pbx
    from confgen.model.secret import Secret
    from confgen.model.stream import Stream
    from confgen.verify.target import Target
    from confgen.verify.wire.user_agent import Outcome

PORT = 40000  # stands in offers of calls in which no media is sent


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
    """Who calls, whom, and from where."""

    target: Target
    authority: str | None  # PEM; None means the authorities of this machine
    names: Mapping[MediaEncryption, str]
    secret: Secret
    echo_number: str
    local: str  # our own address, for what our SIP messages say
    pace: Pace = Pace()

    @property
    def name(self) -> str:
        """The first of its names, of SDES where it has that."""
        return next(iter(self.names.values()))

    @contextmanager
    def connected(self) -> Iterator[Stream]:
        """A TLS connection to the PBX, whose certificate holds."""
        with dialled(self.target.dial, self.target.address, TIMEOUT) as carrier:
            stream, _ = shake_hands(
                carrier,
                server_name=self.target.domain,
                authority=self.authority,
                timeout=TIMEOUT,
                client_certificate=self.target.client_certificate,
            )
            yield stream

    @contextmanager
    def agent(self, transcript: Transcript) -> Iterator[UserAgent]:
        """The first of its names, with the password, on a TLS connection of its own."""
        with self.connected() as stream:
            yield self._agent(stream, self.name, self._credentials(self.name), transcript)

    def stranger(self, stream: Stream, name: str) -> Conversation:
        """Somebody who says that this is the name, and has no password."""
        return self._conversation(stream, name, None)

    def caller(self, stream: Stream, encryption: MediaEncryption) -> Conversation:
        """The probe, with its password."""
        name = self.names[encryption]
        return self._conversation(stream, name, self._credentials(name))

    def _credentials(self, name: str) -> Credentials:
        return Credentials(username=name, password=self.secret)

    def _conversation(self, stream: Stream, name: str, credentials: Credentials | None) -> Conversation:
        transcript = Transcript()
        return Conversation(agent=self._agent(stream, name, credentials, transcript), transcript=transcript)

    def _agent(self, stream: Stream, name: str, credentials: Credentials | None, transcript: Transcript) -> UserAgent:
        caller = Caller(
            user=name,
            domain=self.target.domain,
            local=Address(host=self.local, port=PORT),
            confgen_version=__version__,
            credentials=credentials,
        )
        return UserAgent(stream, caller, TIMEOUT, transcript)


def probe_of(target: Target, pbx: Pbx, material: Material, local: str) -> Probe | None:
    """The probe of an inventory; None where there is none, no number for it to call, or no secret."""
    if pbx.probe is None or pbx.echo_number is None or material.probe_secret is None:
        return None
    return Probe(
        target=target,
        authority=material.authority,
        names=material.probes or {MediaEncryption.SDES: pbx.probe.name},
        secret=material.probe_secret,
        echo_number=pbx.echo_number,
        local=local,
    )


@dataclass(slots=True, kw_only=True)
class Conversation:
    """Questions put on one connection; once it is broken, the rest is unknown."""

    agent: UserAgent
    transcript: Transcript
    _is_broken: bool = field(default=False, init=False)

    def check(
        self, question: Question, ask: Callable[[UserAgent], Outcome], judge: Callable[[Outcome], Check]
    ) -> Check:
        """Ask, judge the answer, and show both; no answer is unknown."""
        if self._is_broken:
            return question.unknown("not asked: the connection broke before")
        self.transcript.begin_again()
        try:
            check = judge(ask(self.agent))
        except MalformedSdp as error:
            check = question.unknown(f"the answer cannot be read: {error}")
        except WireError as error:
            self._is_broken = True
            check = question.unknown(f"no answer: {error}")
        return check.with_evidence(self.transcript.evidence(question.subject))
