"""What came back in a call, told apart packet by packet: only what is authentic and exactly ours is proof. Pure."""

from __future__ import annotations

from collections import Counter
from enum import Enum

from confgen.streams.tcp import Address
from confgen.verify.wire.datagrams import Datagram
from confgen.verify.wire.rtp import HEADER_LENGTH, Kind, kind_of, parse_header, payload_of
from confgen.verify.wire.speaker import Purpose, Speaker, Spoken
from confgen.verify.wire.srtp import Incoming

_STUN_COOKIE = b"\x21\x12\xa4\x42"  # RFC 5389 §6


class Sort(Enum):
    """What a datagram was."""

    EXACT = "authentic, and exactly what was sent"
    OTHER_AUDIO = "authentic, and not what was sent"
    REPEATED = "come a second time"
    REFLECTED = "our own packet, as it was"
    CONTROL = "encrypted RTCP"
    HANDSHAKE = "DTLS or STUN"
    IN_CLEAR = "our audio in clear"
    OWN_SOURCE = "authentic, and naming us as its source"
    NOT_AUTHENTIC = "not authentic under the answered key"
    CONTROL_IN_CLEAR = "RTCP that is not encrypted"
    FOREIGN = "from another address or port than answered"
    STRAY = "from somebody else, and nothing of this call"


class Listener:
    """Counts what comes while the far end is expected to speak with this key from `remote`, and from where it moves."""

    def __init__(self, speaker: Speaker, remote: Address, key_and_salt: bytes) -> None:
        self._speaker = speaker
        self._remotes = {remote}
        self._incoming = [Incoming(key_and_salt)]
        self._accepted: set[bytes] = set()
        self.counts: Counter[Sort] = Counter()
        self.exact: dict[bytes, Spoken] = {}  # by payload

    def count(self, purpose: Purpose, since: int = 0) -> int:
        """How many different packets of this purpose, made since that number, came back authentic and exact."""
        return sum(spoken.purpose is purpose and spoken.number >= since for spoken in self.exact.values())

    @property
    def total(self) -> int:
        """How much media of this call came, of whatever sort."""
        return self.counts.total() - self.counts[Sort.HANDSHAKE] - self.counts[Sort.STRAY]

    def change_key(self, key_and_salt: bytes) -> None:
        """The far end has a further key; what it sent under the last one may still be on its way."""
        self._incoming.insert(0, Incoming(key_and_salt))

    def move(self, remote: Address) -> None:
        """The far end now speaks from there; what it sent from where it was may still be on its way."""
        self._remotes.add(remote)

    def take(self, datagram: Datagram) -> Sort:
        """Tell what it is, and count it."""
        sort = self._sort(datagram)
        self.counts[sort] += 1
        return sort

    def _sort(self, datagram: Datagram) -> Sort:
        content = datagram.content
        # First of all: a packet may be authentic and not encrypted (RFC 4568 §6.3.2).
        if any(payload in content for payload in self._speaker.spoken):
            return Sort.IN_CLEAR
        if not self._is_of_far_end(datagram):
            return Sort.FOREIGN if self._is_of_this_call(datagram) else Sort.STRAY
        match kind_of(content):
            case Kind.DTLS:
                return Sort.HANDSHAKE
            case Kind.RTCP:
                return self._control(content)
            case Kind.RTP:
                return self._media(content)
            case kind:
                is_stun = kind is Kind.STUN and content[4:8] == _STUN_COOKIE
                return Sort.HANDSHAKE if is_stun else Sort.NOT_AUTHENTIC

    def _is_of_far_end(self, datagram: Datagram) -> bool:
        """RTCP may come from any port of the far end's (RFC 3605), RTP from the answered one only."""
        return datagram.source in self._remotes or (datagram.is_on_control_port and self._is_on_its_host(datagram))

    def _is_on_its_host(self, datagram: Datagram) -> bool:
        return any(datagram.source.host == remote.host for remote in self._remotes)

    def _is_of_this_call(self, datagram: Datagram) -> bool:
        """Whether it is the PBX that sends from a wrong place; anybody can send us anything, and proves nothing."""
        content = datagram.content
        if self._is_on_its_host(datagram) or content in self._accepted:
            return True
        for incoming in self._incoming:
            if isinstance(incoming.unprotect(content), bytes) or isinstance(incoming.unprotect_control(content), bytes):
                self._accepted.add(content)
                return True
        return False

    def _control(self, content: bytes) -> Sort:
        if content in self._accepted:
            return Sort.REPEATED
        for incoming in self._incoming:
            if isinstance(incoming.unprotect_control(content), bytes):
                self._accepted.add(content)
                return Sort.CONTROL
        return Sort.CONTROL_IN_CLEAR

    def _media(self, content: bytes) -> Sort:
        if content in self._accepted:
            return Sort.REPEATED
        for incoming in self._incoming:
            packet = incoming.unprotect(content)
            if isinstance(packet, bytes):
                self._accepted.add(content)
                return self._authentic(packet)
        # What a PBX cannot unprotect, since the network doubled it, some send back as if it were audio.
        is_ours = content[HEADER_LENGTH:] in self._speaker.ciphertexts
        return Sort.REFLECTED if is_ours else Sort.NOT_AUTHENTIC

    def _authentic(self, packet: bytes) -> Sort:
        if parse_header(packet).source == self._speaker.source:
            return Sort.OWN_SOURCE
        payload = payload_of(packet)
        spoken = self._speaker.spoken.get(payload)
        if spoken is None:
            return Sort.OTHER_AUDIO
        if payload in self.exact:
            return Sort.REPEATED
        self.exact[payload] = spoken
        return Sort.EXACT
