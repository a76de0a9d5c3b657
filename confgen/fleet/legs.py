"""The legs: between PBXs, each proven from both ends by a call each way; and to providers."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from confgen import verify
from confgen.drivers import driver_of
from confgen.fleet.leg_questions import (
    LegQuestion,
    Unanswered,
    answered,
    call_outside,
    call_peer,
    heard_of_peer,
    standing_at_provider,
)
from confgen.model.check import CALLED_OFF, Check, Level, Question, Vantage, Verdict
from confgen.model.host import HostError
from confgen.model.inventory import Inventory
from confgen.model.leg import Called, NotCalled, NotRegistered
from confgen.model.result import Outcome, Result
from confgen.push import Stopped, said

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from confgen.fleet.job import Site
    from confgen.fleet.leg_questions import Ask, Told, Trunk
    from confgen.fleet.places import Places
    from confgen.model.inventory import Pbx, TrunkEnd
    from confgen.model.leg import Bound, Witness
    from confgen.model.provider import ProviderTrunk

_STANDING = frozenset({Outcome.PROVEN, Outcome.PROVEN_IN_PART, Outcome.UNCHANGED, Outcome.NOT_PROVEN})
_HANDS = 8  # legs at once, at most: a PBX may be at the end of all of them, and sshd opens ten sessions


def prove_legs(
    site: Site,
    pbxs: Sequence[Pbx],
    results: Sequence[Result],
    *,
    concerning: Collection[str],
    costs_are_agreed: bool,
    peers_may_come_later: bool = False,
    places: Places | None = None,
) -> tuple[Result, ...]:
    """A result for each trunk that a PBX of `concerning` has; pending where the other end had no part in the run.

    What a PBX's `verification` does not ask for is not checked: that proves nothing, and fails nothing. The test
    numbers of providers are called only where `costs_are_agreed`. A leg to a peer that registers, and has not yet, is
    pending where `peers_may_come_later`, else it fails. Each end is asked in one of the `places`, or from here.
    """
    standing = {result.pbx for result in results if _stands(result)}
    concerned = [pbx for pbx in pbxs if pbx.name in concerning]
    present = {pbx.name: pbx for pbx in pbxs if pbx.name in standing}
    run = _Run(site, pbxs, present, places, peers_may_come_later=peers_may_come_later)
    legs: list[Callable[[], Result]] = [
        run.peers(name) for name in dict.fromkeys(trunk.name for pbx in concerned for trunk in pbx.trunks)
    ]
    legs += [
        run.provider(pbx, trunk, costs_are_agreed=costs_are_agreed)
        for pbx in concerned
        for trunk in pbx.provider_trunks
    ]
    if not legs:
        return ()
    with ThreadPoolExecutor(max_workers=min(_HANDS, len(legs)), thread_name_prefix="leg") as pool:
        begun = [pool.submit(leg) for leg in legs]
        try:
            wait(begun)
        except KeyboardInterrupt:
            site.stop.ask()  # the others are unknown; what is under way comes to its end
    return tuple(leg.result() for leg in begun)


@dataclass(frozen=True, slots=True)
class _Lines:
    """A PBX makes one call at a time, and takes one: whoever has the first may wait for the second, never else."""

    calling: threading.Lock
    answering: threading.Lock


class _Run:
    """The legs of one run; a PBX's connection is given back with the last leg that ends there."""

    def __init__(
        self,
        site: Site,
        pbxs: Sequence[Pbx],
        present: Mapping[str, Pbx],
        places: Places | None,
        *,
        peers_may_come_later: bool,
    ) -> None:
        self._site = site
        self._places = places
        self._peers_may_come_later = peers_may_come_later
        self._ends: dict[str, list[tuple[Pbx, TrunkEnd]]] = {}  # by the trunk's name
        for pbx in pbxs:
            for trunk in pbx.trunks:
                self._ends.setdefault(trunk.name, []).append((pbx, trunk))
        self._present = present
        self._lines = {pbx.name: _Lines(threading.Lock(), threading.Lock()) for pbx in pbxs}
        self._lock = threading.Lock()
        self._to_come: Counter[str] = Counter()  # legs by PBX

    def peers(self, name: str) -> Callable[[], Result]:
        """The leg of a trunk between two PBXs: a call each way."""
        ends = self._ends.get(name, [])
        told = " and ".join(f"{pbx.name} to {trunk.peer}" for pbx, trunk in ends)

        def prove() -> tuple[Check, ...]:
            with ThreadPoolExecutor(max_workers=len(ends), thread_name_prefix="way") as pool:
                ways = list(pool.map(lambda end: self._direction(*end), ends))
            return tuple(check for way in ways for check in way)

        return self._leg(name, told, [pbx for pbx, _ in ends], prove)

    def provider(self, pbx: Pbx, trunk: ProviderTrunk, *, costs_are_agreed: bool) -> Callable[[], Result]:
        """The leg to a provider; with a test call only where the inventory names a number for it."""

        def prove() -> tuple[Check, ...]:
            standing = self._standing(pbx, trunk)
            if trunk.test_number is None or not costs_are_agreed or Level.CALL not in pbx.verification.levels:
                return (standing,)
            return (standing, *self._outside(pbx, trunk, standing))

        return self._leg(trunk.name, f"{pbx.name} to {trunk.provider.name}", [pbx], prove)

    def _leg(
        self, name: str, message: str, ends: Sequence[Pbx], prove: Callable[[], tuple[Check, ...]]
    ) -> Callable[[], Result]:
        self._to_come.update(pbx.name for pbx in ends)

        def leg() -> Result:
            started = time.monotonic()
            self._site.watcher.begin(name)
            try:
                checks = prove()
            finally:
                self._give_back(ends)
            result = Result(
                pbx=name, outcome=outcome_of(checks), message=message, checks=checks, seconds=time.monotonic() - started
            )
            self._site.watcher.end(result)
            return result

        return leg

    def _give_back(self, ends: Sequence[Pbx]) -> None:
        with self._lock:
            self._to_come.subtract(pbx.name for pbx in ends)
            over = [pbx for pbx in ends if not self._to_come[pbx.name]]
        for pbx in over:
            self._site.connections.release(pbx)

    def _direction(self, pbx: Pbx, trunk: TrunkEnd) -> tuple[Check, ...]:
        def ask() -> tuple[Check, ...]:
            peer = self._present[trunk.peer]
            with self._lines[pbx.name].calling, self._lines[peer.name].answering:
                self._site.stop.halt()
                if driver_of(pbx.kind).traits.makes_calls:
                    self._site.watcher.step(trunk.name, f"calling from {pbx.name} to {peer.name}")
                begun = time.monotonic()
                called = self._ask(call_peer, pbx, trunk)
            if isinstance(called, NotRegistered) and self._peers_may_come_later:
                return tuple(question.pending(called.reason) for question in questions)
            if isinstance(called, NotCalled) and called.is_by_nature:
                return (verify.nobody_calls(pbx.name, trunk, called),)
            heard = self._heard(peer, trunk.name) if isinstance(called, Called) else None
            return verify.peer_checks(pbx.name, trunk, called, heard, seconds=time.monotonic() - begun)

        questions = verify.peer_questions(pbx.name, trunk)
        return self._asked(pbx, (pbx.name, trunk.peer), questions, ask)

    def _heard(self, peer: Pbx, name: str) -> Witness | Bound | NotCalled | None:
        """The peer's word on the call; that it cannot give one is not the fault of who called."""
        end = next(trunk for trunk in peer.trunks if trunk.name == name)
        try:
            return self._ask(heard_of_peer, peer, end)
        except _NotAnswered as error:
            return NotCalled(reason=error.reason, mend=error.mend)

    def _standing(self, pbx: Pbx, trunk: ProviderTrunk) -> Check:
        subject = f"{pbx.name} to {trunk.provider.name}"
        question = Question(code="CALL-03", level=Level.CALL, subject=subject, vantage=Vantage.INSIDE)

        def ask() -> tuple[Check, ...]:
            self._site.stop.halt()
            self._site.watcher.step(trunk.name, f"registering {pbx.name} at {trunk.provider.name}")
            return (self._ask(standing_at_provider, pbx, trunk),)

        (check,) = self._asked(pbx, (pbx.name,), (question,), ask)
        return check

    def _outside(self, pbx: Pbx, trunk: ProviderTrunk, standing: Check) -> tuple[Check, ...]:
        """Nothing is spent on a call to a provider that is not there, or not who it should be."""
        questions = verify.outside_questions(pbx.name, trunk)
        if standing.verdict is Verdict.PENDING:
            return tuple(question.pending(f"not called: {standing.message}") for question in questions)
        if standing.verdict is not Verdict.PASSED:
            return tuple(question.unknown(f"not called: {standing.code} did not pass") for question in questions)

        def ask() -> tuple[Check, ...]:
            with self._lines[pbx.name].calling:
                self._site.stop.halt()
                if driver_of(pbx.kind).traits.makes_calls:
                    words = f"calling {trunk.test_number} through {trunk.provider.name}"
                    self._site.watcher.step(trunk.name, words)
                called = self._ask(call_outside, pbx, trunk, is_repeatable=False)
            return verify.outside_checks(pbx.name, trunk, called)

        return self._asked(pbx, (pbx.name,), questions, ask)

    def _ask(self, ask: Ask[Trunk, Told], pbx: Pbx, trunk: Trunk, *, is_repeatable: bool = True) -> Told:
        """Ask where the PBX is reached."""
        question = LegQuestion(inventory=Inventory(pbxs=(pbx,), folder=""), trunk=trunk, is_repeatable=is_repeatable)
        if self._places is None:
            answer = answered(ask, question, self._site)
        else:
            try:
                answer = self._places.submit(partial(answered, ask), question, self._site).result()
            except HostError as error:  # whoever asked there is lost
                answer = Unanswered(reason=str(error))
        if isinstance(answer, Unanswered):
            raise _NotAnswered(answer)
        return answer

    def _asked(
        self, pbx: Pbx, ends: Sequence[str], questions: Sequence[Question], ask: Callable[[], tuple[Check, ...]]
    ) -> tuple[Check, ...]:
        """What came of it, or why it was not asked."""
        if Level.CALL not in pbx.verification.levels:
            return tuple(
                question.not_checked(f"the level call is not asked for at {pbx.name}") for question in questions
            )
        missing = next((end for end in ends if end not in self._present), None)
        if missing is not None:
            return tuple(
                question.pending(f"{missing} has no part in this run, or is not proven") for question in questions
            )
        try:
            return ask()
        except _NotAnswered as error:
            reason, mend = error.reason, error.mend
        except (Stopped, KeyboardInterrupt):  # the PBXs themselves are pushed and proven by now
            reason, mend = CALLED_OFF, "`confgen verify` proves the legs anew"
        except Exception as error:  # noqa: BLE001 -- a fault of confgen's own takes no other leg with it
            reason, mend = said(error), ""
        return tuple(question.unknown(reason, mend) for question in questions)


class _NotAnswered(Exception):
    def __init__(self, unanswered: Unanswered) -> None:
        super().__init__(unanswered.reason)
        self.reason = unanswered.reason
        self.mend = unanswered.mend


def _stands(result: Result) -> bool:
    """Whether legs may end at it; that nothing of it could be looked at from where it was says nothing against it."""
    is_unseen = {check.verdict for check in result.checks} == {Verdict.NOT_CHECKED}
    return result.outcome in _STANDING or (result.outcome is Outcome.UNKNOWN and is_unseen)


def outcome_of(checks: Collection[Check]) -> Outcome:
    """What the checks of a leg mean together; of what nothing was asked nothing is proven.

    A direction in which nobody can call leaves it proven in part by the call the other way.
    """
    verdicts = {check.verdict for check in checks if check.code != verify.NOBODY_CALLS}
    if verdicts == {Verdict.PASSED}:
        return Outcome.PROVEN if all(check.code != verify.NOBODY_CALLS for check in checks) else Outcome.PROVEN_IN_PART
    verdicts = {check.verdict for check in checks}
    for verdict, outcome in (
        (Verdict.FAILED, Outcome.NOT_PROVEN),
        (Verdict.UNKNOWN, Outcome.UNKNOWN),
        (Verdict.PENDING, Outcome.PENDING),
        (Verdict.NOT_CHECKED, Outcome.NOT_CHECKED),
    ):
        if verdict in verdicts:
            return outcome
    return Outcome.UNKNOWN
