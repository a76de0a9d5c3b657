"""The services without which a 3CX makes no call. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.model.check import Check, Level, Question, Vantage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PATH = "/Services?$select=Name,Status"
_RUNNING = "Running"
# What each of them does, for people.
NEEDED: Mapping[str, str] = {
    "3CXPhoneSystem01": "SIP",
    "3CXMediaServer": "media",
    "3CXCfgServ01": "the configuration",
}


def service_checks(services: Sequence[Mapping[str, Any]]) -> Iterator[Check]:
    """One for each service that must run; one that 3CX does not name is unknown."""
    told = {service.get("Name"): service.get("Status") for service in services}
    for name, purpose in NEEDED.items():
        question = Question(code="TCX-35", level=Level.STATE, subject=name, vantage=Vantage.INSIDE)
        status = told.get(name)
        if status is None:
            yield question.unknown(f"3CX does not tell whether {name} runs, which serves {purpose}")
        elif status == _RUNNING:
            yield question.passed("runs")
        else:
            yield question.failed(
                f"{name}, which serves {purpose}, does not run: {status}",
                "start it in the console of 3CX (Dashboard, Services), and see its event log",
            )
