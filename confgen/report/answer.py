"""What a command has to say, before it is text or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from confgen.model.finding import Finding, Severity
from confgen.model.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What PBXs were measured against that no inventory describes, in the words of the command line."""

    profile: str
    authority: str | None  # the file; None means the authorities of this machine
    name: str | None  # in their certificates; None means that of each host
    user: str | None
    number: str | None

    def __str__(self) -> str:
        """`measured against strict, authority ca.crt; 600 called as 199`."""
        words = [f"measured against {self.profile}"]
        words += [f"authority {self.authority}"] if self.authority is not None else []
        words += [f"name {self.name}"] if self.name is not None else []
        told = ", ".join(words)
        return told if self.user is None else f"{told}; {self.number} called as {self.user}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Findings of the inventory and the run, then one result for each PBX, then one for each leg.

    `put_back` are PBXs that had succeeded and were taken back because others had not. `not_begun` names the PBXs that
    the run did not come to: it ends early when it is interrupted, too many PBXs have failed, or a human must act.
    """

    command: str
    inventory: str
    findings: tuple[Finding, ...]
    pbxs: tuple[Result, ...] = ()
    put_back: tuple[Result, ...] = ()
    legs: tuple[Result, ...] = ()
    not_begun: tuple[str, ...] = ()
    measured_against: Measure | None = None  # of PBXs that no inventory describes
    about: Mapping[str, str] | None = None  # what ran, of an examination
    judged: tuple[str, ...] = ()  # names of the PBXs of which nothing was looked at but what the inventory says
    grave: frozenset[Severity] = frozenset({Severity.ERROR})  # what makes the command fail, of its findings
    exit_code: int

    @classmethod
    def of_results(
        cls,
        results: Iterable[Result],
        *,
        command: str,
        inventory: str,
        findings: tuple[Finding, ...],
        pbx_names: Sequence[str],
        exit_code: int,
    ) -> Self:
        """Tell legs from PBXs: a leg bears its trunk's name, and comes last should a PBX be called the same."""
        pbxs: dict[str, Result] = {}
        put_back: list[Result] = []
        legs: list[Result] = []
        known = frozenset(pbx_names)
        for result in results:
            if result.is_put_back:
                put_back.append(result)
            elif result.pbx in known and result.pbx not in pbxs:
                pbxs[result.pbx] = result
            else:
                legs.append(result)
        return cls(
            command=command,
            inventory=inventory,
            findings=findings,
            pbxs=tuple(pbxs.values()),
            put_back=tuple(put_back),
            legs=tuple(legs),
            not_begun=tuple(name for name in pbx_names if name not in pbxs),
            exit_code=exit_code,
        )
