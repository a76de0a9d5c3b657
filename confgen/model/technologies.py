"""What a line can carry by its technology, whatever the inventory says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.dialling import Carries, Media, Signalling

if TYPE_CHECKING:
    from confgen.model.dialling import Channel

_BY_SIP = "pjsip"  # `confgen plan` reads what it calls, and judges it
# Without TLS and without SRTP: analogue lines, ISDN and mobile telephony, and protocols over IP.
_IN_CLEAR = frozenset(
    {
        *("alsa", "console", "dahdi", "dongle", "khomp", "misdn", "mobile", "oss", "phone", "quectel", "vpb", "zap"),
        *("audiosocket", "h323", "iax", "iax2", "mgcp", "motif", "multicastrtp", "ooh323", "sccp", "sip", "skinny"),
        *("unicastrtp", "unistim"),
    }
)


def carried(line: Channel) -> Carries:
    """What is said of a line where its technology can keep it; clear or unknown where it cannot."""
    if can_be_encrypted(line):
        return line.carries
    if _technology(line).casefold() in _IN_CLEAR:  # as Asterisk compares it
        return Carries(signalling=Signalling.CLEAR, media=Media.CLEAR)
    said = line.carries
    return Carries(
        signalling=said.signalling if said.signalling is Signalling.CLEAR else Signalling.UNKNOWN,
        media=said.media if said.media is Media.CLEAR else Media.UNKNOWN,
    )


def why_not_as_said(line: Channel) -> str | None:
    """In words, why what is said of a line is not taken; None where it is."""
    if carried(line) == line.carries:
        return None
    technology = _technology(line)
    if technology.casefold() in _IN_CLEAR:
        return f"{technology}/ carries neither TLS nor SRTP, whatever is said of it"
    if technology.casefold() == "local":
        return "Local/ leads on through a dialplan that is not seen, whatever is said of it"
    return f"whether {technology}/ carries TLS and SRTP is not known, whatever is said of it"


def can_be_encrypted(line: Channel) -> bool:
    """Whether its technology has TLS and SRTP that confgen knows of."""
    return _technology(line).casefold() == _BY_SIP


def _technology(line: Channel) -> str:
    return line.dial.partition("/")[0]
