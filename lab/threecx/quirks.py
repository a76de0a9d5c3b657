"""How the fake misbehaves, as live PBXs were seen to: set at any time, from Python or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

from lab.threecx.countries import CountryMeaning


class CutMoment(Enum):
    """When the link goes, as seen from the PBX."""

    BEFORE = "before"  # the request never arrives
    AFTER = "after"  # it is carried out, and its answer never arrives
    MIDWAY = "midway"  # it is carried out, and its answer ends in the middle


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where the link is cut; requests for tokens count too."""

    at: int  # the number of the request since the quirks were set, from 1
    moment: CutMoment = CutMoment.BEFORE
    times: int | None = 1  # so many requests in a row; None: all from there on, until other quirks are set

    def applies_to(self, number: int) -> bool:
        """Whether it takes that request."""
        return number >= self.at and (self.times is None or number < self.at + self.times)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """What is not as the description says it; paths stand below /xapi/v1, with `*` for any characters."""

    ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # fields whose writes change nothing, by path;
    # none named: all. The answer says that all went well.
    breaks: Mapping[str, int] = field(default_factory=dict)  # "PATCH /Users(*)": this status, without a word
    forbids: tuple[str, ...] = ()  # paths whose writes are refused as a change that is forbidden
    most_at_once: int = 100  # of `$top`
    requests_per_token: int | None = None  # then it is revoked
    tells_expiry_in_minutes: bool | None = None  # None: as the version does, in seconds since 20.0.9
    restart_seconds: float = 0.0  # so long is a service away
    replaces_gateway: bool = False  # what a write of `Gateway` leaves out is lost, instead of being kept
    has_api_licence: bool = True
    has_system_role: bool = True  # the client's; without it, settings of the system are refused
    restricts_api: bool = False  # ConsoleRestrictions hold for the API as for the console
    unregistered: tuple[str, ...] = ()  # trunks, by Gateway.Name, that no registrar lets in
    analysis: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what RunAnalysis finds of a trunk
    calls: int = 0  # that go on
    writes_otherwise: bool = False  # moments with fractions and an offset, one address without its length
    countries: CountryMeaning = CountryMeaning.REST  # what the list of countries means
    cut: Cut | None = None

    def to_json(self) -> str:
        """As `from_json` reads it."""
        return json.dumps(asdict(self), default=lambda value: value.value)

    @classmethod
    def from_json(cls, text: str) -> Quirks:
        """What is not named is as it is by default. ValueError or TypeError for what is none."""
        said: dict[str, Any] = json.loads(text)
        if said.get("cut") is not None:
            cut = dict(said["cut"])
            said["cut"] = Cut(**{**cut, "moment": CutMoment(cut.get("moment", "before"))})
        said["countries"] = CountryMeaning(said.get("countries", CountryMeaning.REST.value))
        for name in ("forbids", "unregistered"):
            said[name] = tuple(said.get(name, ()))
        for name in ("ignores", "analysis"):
            said[name] = {key: tuple(words) for key, words in said.get(name, {}).items()}
        return cls(**said)

    def ignored_fields(self, path: str) -> tuple[str, ...] | None:
        """Whose writes there change nothing; None: none, and no name: all."""
        return next((names for pattern, names in self.ignores.items() if fnmatchcase(path, pattern)), None)

    def broken_status(self, method: str, path: str) -> int | None:
        """What is answered there instead of an answer."""
        return next(
            (status for pattern, status in self.breaks.items() if fnmatchcase(f"{method} {path}", pattern)), None
        )

    def is_forbidden(self, path: str) -> bool:
        """Whether a write there is refused."""
        return any(fnmatchcase(path, pattern) for pattern in self.forbids)
