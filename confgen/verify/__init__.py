"""Proof that a PBX speaks only TLS and only SRTP: from outside on the wire, and from inside."""

from __future__ import annotations

from confgen.verify.prove import prove
from confgen.verify.provider_leg import prove_provider

__all__ = ["prove", "prove_provider"]
