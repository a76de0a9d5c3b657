"""Proof that a PBX speaks only TLS and only SRTP: from outside on the wire, and from inside."""

from __future__ import annotations

from confgen.verify.outside_call import outside_checks, outside_questions
from confgen.verify.peer_leg import NOBODY_CALLS, nobody_calls, peer_checks, peer_questions
from confgen.verify.prove import prove
from confgen.verify.provider_leg import prove_provider

__all__ = [
    "NOBODY_CALLS",
    "nobody_calls",
    "outside_checks",
    "outside_questions",
    "peer_checks",
    "peer_questions",
    "prove",
    "prove_provider",
]
