"""The transaction on one PBX: what it changes it proves, and what it cannot prove it undoes."""

from __future__ import annotations

from confgen.push.looking import look, look_closely
from confgen.push.proof import proven_words
from confgen.push.transaction import push, rollback
from confgen.push.undone import undone_before
from confgen.push.words import Step

__all__ = ["Step", "look", "look_closely", "proven_words", "push", "rollback", "undone_before"]
