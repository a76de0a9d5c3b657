"""The transaction on one PBX: what it changes it proves, and what it cannot prove it undoes."""

from __future__ import annotations

from confgen.push.looking import look
from confgen.push.proof import proven_words
from confgen.push.transaction import push, rollback
from confgen.push.words import Step

__all__ = ["Step", "look", "proven_words", "push", "rollback"]
