"""What 3CX is like: objects behind an API, a transaction without hands on its host."""

from __future__ import annotations

from confgen.model.driver import Guarantees, Lock, Traits
from confgen.model.inventory import Part

# Each object is written by itself; nothing of ours runs on the host that could undo it when the link is gone; and two
# operators are kept apart by what they keep themselves.
GUARANTEES = Guarantees(atomic=False, undo_without_link=False, lock=Lock.OPERATOR)

# Calls, modules and the management interfaces are configured in its own console.
TRAITS = Traits(
    registers_with_peers=True,
    makes_passwords=True,
    gets_certificates=True,
    shows_certificates=False,
    is_asked_by_api=True,
    demands_tls_of_phones=False,
    makes_calls=False,
    chooses_tls=True,
    parts=frozenset({Part.SIP, Part.MEDIA, Part.CERTIFICATES}),
)
