"""The transaction on one PBX: what is switched to is proven, or undone."""

from __future__ import annotations

from confgen.push.transaction import Consent, Step, look, push, rollback

__all__ = ["Consent", "Step", "look", "push", "rollback"]
