"""Where things lie on an Asterisk host, and which files of its configuration folder are managed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from confgen.model.inventory import Pbx

STATE_FOLDER = "/etc/confgen/asterisk"
KEYS = "keys"  # below the state folder; names are digests of contents

# Managed by having nothing under them: other ways into the same process, and other writers of the dialplan.
ABSENT = ("extensions.ael", "extensions.lua", "iax.conf", "pjsip_wizard.conf", "sip.conf", "users.conf")


def absent(_pbx: Pbx) -> Collection[str]:
    """Keys that are managed by having nothing under them."""
    return ABSENT
