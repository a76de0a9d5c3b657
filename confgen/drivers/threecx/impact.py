"""What a set of changes costs a 3CX, and what is asked of it so that they are in force. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.threecx.objects import SECURE_SIP, TRUNKS, type_of
from confgen.model.document import Impact

if TYPE_CHECKING:
    from collections.abc import Collection

    from confgen.model.document import Change

SIP_SERVICE = "3CXPhoneSystem01"  # with it go IVR, queues and call flows, which depend on it


def impact(changes: Collection[Change]) -> Impact:
    """The gravest impact among the changes."""
    return impact_of([change.key for change in changes])


def impact_of(keys: Collection[str]) -> Impact:
    """A certificate is read at the start of the SIP service; a trunk registers anew; all else is in force at once."""
    if restarted(keys):
        return Impact.PROCESS_RESTART
    return Impact.RELOAD if any(type_of(key) is TRUNKS for key in keys) else Impact.NONE


def restarted(keys: Collection[str]) -> tuple[str, ...]:
    """The services that are started anew."""
    return (SIP_SERVICE,) if any(type_of(key) is SECURE_SIP for key in keys) else ()
