"""What the ends of a call through a trunk tell of it: a leg is proven by both, or not at all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What one end saw of one call; None is what it does not tell."""

    call: str  # the Call-ID, which both ends of a dialog have (RFC 3261 §12); empty where it is not told
    age: float | None  # seconds since it was seen, by the clock of this end
    is_signalling_secure: bool | None  # SIP over TLS
    is_media_secure: bool | None  # SRTP

    @property
    def words(self) -> str:
        """What was told, in one line for people."""
        told = {True: "encrypted", False: "in clear", None: "not told"}
        return (
            f"signalling {told[self.is_signalling_secure]}, audio {told[self.is_media_secure]}, "
            f"Call-ID {self.call or 'not told'}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What an end is held to by its settings in every call by the trunk, where it tells of no single one.

    None is what it does not tell. Beside it the other end has to be a witness of the call.
    """

    is_signalling_secure: bool | None  # it signals over TLS, and in no other way
    is_media_secure: bool | None  # it takes and offers SRTP, and nothing else
    said: str  # those settings in the product's words, in one line for people

    @property
    def words(self) -> str:
        """What was told, in one line for people."""
        return f"of no single call, but of what holds for all: {self.said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What came of a call, as the end tells that made it."""

    seen: Witness | Bound | None  # None where nobody answered
    is_verifying: bool | None  # whether its TLS goes on with nobody but who has a certificate for the name called
    contact: str = ""  # how it stands with the far end, in the product's words
    said: str = ""  # what else it tells of its TLS


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCalled:
    """Why no call could be made, or heard of: what is missing at this end, not on the wire."""

    reason: str
    mend: str = ""
    is_by_nature: bool = False  # its product makes none: there is nothing to mend, and nothing to wait for


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRegistered:
    """Why no call could be made yet: the far end is called where it has registered, and it has not."""

    reason: str
    mend: str = ""
