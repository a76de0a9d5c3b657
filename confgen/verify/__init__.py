"""Proof that a PBX speaks only TLS and only SRTP: from outside on the wire, and from inside."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confgen.verify.outside_call import outside_checks, outside_questions
    from confgen.verify.peer_leg import NOBODY_CALLS, nobody_calls, peer_checks, peer_questions
    from confgen.verify.provider_leg import prove_provider

__all__ = [
    "NOBODY_CALLS",
    "nobody_calls",
    "outside_checks",
    "outside_questions",
    "peer_checks",
    "peer_questions",
    "prove_provider",
]

_MODULES = {
    "outside_call": ("outside_checks", "outside_questions"),
    "peer_leg": ("NOBODY_CALLS", "nobody_calls", "peer_checks", "peer_questions"),
    "provider_leg": ("prove_provider",),
}


def __getattr__(name: str) -> object:
    """A module is read when somebody asks for what is in it (PEP 562): who plans proves nothing."""
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
