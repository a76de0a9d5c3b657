"""Whether the key that a server shows is its own: strict, and never learnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.remote.errors import HostKeyChanged, HostKeyUnknown
from confgen.remote.known_hosts import HostKey, KnownHost, Marker, algorithms

if TYPE_CHECKING:
    from confgen.remote.hop import Hop
    from confgen.remote.operator_files import OperatorFiles


_WHY = "someone may stand between, or the host was set up anew; only if you know that it was"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What is known of a hop's key before it shows one."""

    hop: Hop
    entries: tuple[KnownHost, ...]

    def algorithms(self, offered: Sequence[str]) -> tuple[str, ...]:
        """What to ask the server for, the known keys first."""
        return algorithms([entry.key for entry in self.entries if entry.marker is Marker.TRUSTED], offered)

    def judge(self, key: HostKey) -> None:
        """Raise unless this is the key that the hop is known by."""
        if self.hop.host_key is not None:
            self._judge_pinned(key, self.hop.host_key)
        else:
            self._judge_known(key)

    def _judge_pinned(self, key: HostKey, pinned: str) -> None:
        if key.fingerprint != pinned:
            raise HostKeyChanged(
                f"HOST KEY CHANGED: {self.hop} showed {key}, but the inventory pins {pinned}: {_WHY}, "
                f"write the new one as host_key in the inventory"
            )

    def _judge_known(self, key: HostKey) -> None:
        trusted = [entry for entry in self.entries if entry.marker is Marker.TRUSTED]
        for entry in self.entries:
            if entry.marker is Marker.REVOKED and entry.key.blob == key.blob:
                raise HostKeyChanged(
                    f"HOST KEY REVOKED: {self.hop} showed {key}, which {entry.place} revokes: give the host a new key"
                )
        if any(entry.key.blob == key.blob for entry in trusted):
            return
        if trusted:
            known = ", ".join(f"{entry.key} at {entry.place}" for entry in trusted)
            raise HostKeyChanged(
                f"HOST KEY CHANGED: {self.hop} showed {key}, but is known by {known}: {_WHY}, "
                f"put in place of that line: {key.line(self.hop.known_as)}"
            )
        raise HostKeyUnknown(
            f"{self.hop} showed {key}, which is {self._known_nowhere()}; compare it with `ssh-keygen -lf "
            f"/etc/ssh/ssh_host_{key.word}_key.pub` on the host, then write host_key: {key.fingerprint} in the "
            f"inventory, or in known_hosts: {key.line(self.hop.known_as)}"
        )

    def _known_nowhere(self) -> str:
        for entry in self.entries:
            if entry.marker is Marker.AUTHORITY:
                return f"known by its certificate alone ({entry.place}), and confgen does not check host certificates"
        return f"not in {' or '.join(str(file) for file in self.hop.known_hosts) or 'any file'}"


def trust_of(hop: Hop, files: OperatorFiles) -> Trust:
    """What is known of a hop; a pinned fingerprint stands alone."""
    if hop.host_key is not None:
        return Trust(hop=hop, entries=())
    return Trust(hop=hop, entries=files.known_hosts(hop.known_hosts).about(hop.known_as))
