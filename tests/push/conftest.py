"""A transaction on the toy product, with what a test wants to go wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

import pytest

from confgen.model.check import Check, Level, Question, Vantage
from confgen.model.document import Document
from confgen.model.inventory import Pbx, Verification
from confgen.model.result import Result
from confgen.model.saved import SavedPbx
from confgen.model.terms import Terms
from confgen.push import Halt, push, rollback
from confgen.push.limit import UNLIMITED, TimeLimit
from confgen.push.words import go_on
from tests.model.pbxs import a_pbx
from tests.toy import driver as toy
from tests.toy.host import ToyHost

QUESTION = Question(code="TLS-05", level=Level.TLS, subject="tls", vantage=Vantage.OPERATOR)
PASSED, FAILED = QUESTION.passed("good"), QUESTION.failed("bad", "push again")
UNKNOWN, PENDING = QUESTION.unknown("silent"), QUESTION.pending("the peer is not there yet")


def asking(*levels: Level) -> Pbx:
    """A PBX of which these are to be proven."""
    return a_pbx(verification=Verification(vantage=Vantage.OPERATOR, levels=frozenset(levels)))


@dataclass(kw_only=True)
class Transactions:
    """Pushes to one toy PBX, one after the other."""

    host: ToyHost = field(default_factory=ToyHost)
    pbx: Pbx = field(default_factory=lambda: asking(Level.TLS))
    terms: Terms = field(default_factory=Terms)
    checks: Sequence[Check] = (PASSED,)
    error: BaseException | None = None  # of the proof
    on_step: Callable[[str], None] = lambda _words: None
    halt: Halt = go_on
    limit: TimeLimit = UNLIMITED
    steps: list[str] = field(default_factory=list)
    proven: list[tuple[str, ...]] = field(default_factory=list)  # keys of the documents of each proof

    def push(
        self,
        documents: Collection[Document],
        *,
        adopt: bool = False,
        overwrite_drift: bool = False,
        agreed: SavedPbx | None = None,
    ) -> Result:
        terms = replace(self.terms, adopt=adopt, overwrite_drift=overwrite_drift)
        return push(
            self.host,
            self.pbx,
            toy,
            documents,
            terms=terms,
            prove=self._prove,
            step=self._step,
            halt=self.halt,
            limit=self.limit,
            agreed=agreed,
        )

    def rollback(self, generation: int | None = None) -> Result:
        return rollback(
            self.host,
            self.pbx,
            toy,
            generation,
            terms=self.terms,
            prove=self._prove,
            step=self._step,
            halt=self.halt,
            limit=self.limit,
        )

    def _prove(self, _pbx: Pbx, documents: Collection[Document]) -> tuple[Check, ...]:
        self._step("proving")
        self.proven.append(tuple(document.key for document in documents))
        if self.error is not None:
            raise self.error
        return tuple(self.checks)

    def _step(self, words: str) -> None:
        self.steps.append(words)
        self.on_step(words)


@pytest.fixture
def transactions() -> Transactions:
    return Transactions()


@pytest.fixture
def pushed(transactions: Transactions) -> Transactions:
    """A PBX that has extension 101 from a push that was proven."""
    assert transactions.push(toy.documents("101")).outcome.value == "proven"
    transactions.host.verbs.clear()
    transactions.steps.clear()
    transactions.proven.clear()
    return transactions
