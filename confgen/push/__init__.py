"""The transaction on one PBX: what is switched to is proven, or undone."""

from __future__ import annotations

from confgen.push.transaction import Consent, Step, look, proven_words, push, rollback

__all__ = ["Consent", "Step", "look", "proven_words", "push", "rollback"]
