"""The transaction on one PBX: what it changes it proves, and what it cannot prove it undoes."""

from __future__ import annotations

from confgen.push.limit import TimeLimit, TimeLimitReached
from confgen.push.looking import look, look_closely
from confgen.push.operator import operator
from confgen.push.proof import is_proof, outcome_of_proof, proven_words, unproven
from confgen.push.transaction import push, rollback
from confgen.push.undone import undone_before
from confgen.push.words import Halt, Step, Stopped, said, stoppable

__all__ = [
    "Halt",
    "Step",
    "Stopped",
    "TimeLimit",
    "TimeLimitReached",
    "is_proof",
    "look",
    "look_closely",
    "operator",
    "outcome_of_proof",
    "proven_words",
    "push",
    "rollback",
    "said",
    "stoppable",
    "undone_before",
    "unproven",
]
