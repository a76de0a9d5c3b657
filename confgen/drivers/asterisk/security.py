"""Whether changes make an Asterisk stronger or weaker, told from the options that decide it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration import objects, parse
from confgen.drivers.asterisk.layout import MIGRATION
from confgen.model.document import Action
from confgen.model.plan import SecurityDelta

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from confgen.drivers.asterisk.configuration import Section
    from confgen.model.document import Change

# Values of an option from weak to strong; a value that is not named counts as the weakest.
_ORDER = {
    "method": ("sslv23", "tlsv1_2", "tlsv1_3"),
    "verify_server": ("no", "yes"),
    "verify_client": ("no", "yes"),
    "require_client_cert": ("no", "yes"),
    "media_encryption": ("no", "sdes", "dtls"),  # SDES shows the keys to whoever handles the SDP
    "media_encryption_optimistic": ("yes", "no"),
    "srtp_tag_32": ("yes", "no"),
    "direct_media": ("yes", "no"),
    "t38_udptl": ("yes", "no"),
    "allow_transfer": ("yes", "no"),
    "dtls_verify": ("no", "fingerprint", "yes"),
}
_SECURED = ("endpoint", "transport")
_MANAGEMENT = ("http.conf", "manager.conf")


def security_delta(changes: Collection[Change]) -> SecurityDelta:
    """Weaker if anything gets weaker, else stronger if anything gets stronger."""
    is_first = any(change.key == "pjsip.conf" and change.is_foreign for change in changes)
    steps = {
        step
        for change in changes
        for step in (_migration_steps(change, is_first=is_first) if change.key == MIGRATION else _steps(change))
    }
    if -1 in steps:
        return SecurityDelta.WEAKER
    return SecurityDelta.STRONGER if 1 in steps else SecurityDelta.SAME


def weaker(_changes: Collection[Change]) -> Sequence[str]:
    """What gets weaker, each in words."""
    return ()


def _steps(change: Change) -> Iterator[int]:
    if change.action is Action.GIVE_BACK:
        yield -1  # what comes back is nobody's to judge
    elif change.is_foreign:
        yield 1  # confgen renders nothing that speaks in clear text, whatever was there
    elif change.key == "pjsip.conf":
        before, after = objects(parse(change.before or "")), objects(parse(change.after or ""))
        for key in before.keys() & after.keys():
            if key[0] in _SECURED:
                yield from _section_steps(before[key], after[key])
    elif change.key in _MANAGEMENT:
        yield _sign(_openings(change.before or "") - _openings(change.after or ""))


def _migration_steps(change: Change, *, is_first: bool) -> Iterator[int]:
    """What is served in clear more than before, or less; at the first push all of it was there before."""
    if is_first:
        return
    was, becomes = (
        {(kind, name, section.options) for (kind, name), section in objects(parse(text or "")).items()}
        for text in (change.before, change.after)
    )
    if becomes - was:
        yield -1
    if change.action is Action.GIVE_BACK or was - becomes:
        yield 1


def _openings(text: str) -> int:
    """How many ways in a file of the management opens: clear text is one, and TLS another."""
    general = next((section for section in parse(text) if section.name == "general"), None)
    return 0 if general is None else [general.value("enabled"), general.value("tlsenable")].count("yes")


def _section_steps(before: Section, after: Section) -> Iterator[int]:
    for option, order in _ORDER.items():
        yield _sign(_rank(order, after.value(option)) - _rank(order, before.value(option)))
    # who may come: a network more is weaker, one less is stronger, no list at all is weakest
    was, becomes = _networks(before), _networks(after)
    if was != becomes:
        yield 1 if becomes and (not was or becomes < was) else -1


def _networks(section: Section) -> frozenset[str]:
    return frozenset(section.values("permit"))


def _rank(order: tuple[str, ...], value: str | None) -> int:
    return order.index(value) if value in order else -1


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
