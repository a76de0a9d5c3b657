"""What an API says when it does not do what it was asked for, without saying a secret again. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confgen.model.host import HostError
from confgen.model.secret import MASK

if TYPE_CHECKING:
    from confgen.model.api import ApiAnswer, ApiRequest

_UNAUTHORIZED = 401  # RFC 9110 §15.5.2
_FORBIDDEN = 403  # RFC 9110 §15.5.4
_LONGEST = 300  # letters of what is shown
_WORD = 4  # letters from which a value is blanked within other words too
_MOST_DETAILS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultDetail:
    """What is wrong with one field: `target` names it, `message` is often a name such as WARNINGS.XAPI.REQUIRED."""

    target: str
    message: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiFault:
    """The error of an OData service (version 4.01, JSON format, section 21.1), as far as the answer had one.

    Every text of it is printable and bounded, and what the request sent is blanked in it: it may be shown.
    """

    status: int
    code: str = ""
    message: str = ""
    details: tuple[FaultDetail, ...] = ()

    def __str__(self) -> str:
        """All of it in one line."""
        told = [f"{detail.target}: {detail.message}" if detail.target else detail.message for detail in self.details]
        said = "; ".join(filter(None, dict.fromkeys(told))) or self.message or self.code
        return f"{self.status}{f' ({said})' if said else ''}"


class ApiForbidden(HostError):
    """The API lets the client in, but not to this: its role or the PBX's licence does not reach so far."""

    code = "API-03"


class ApiRefused(HostError):
    """The API would not do what it was asked for; `fault` is what it said."""

    code = "API-10"

    def __init__(self, message: str, fault: ApiFault) -> None:
        super().__init__(message)
        self.fault = fault


def is_surely_not_done(error: HostError) -> bool:
    """Whether the request that this came of changed nothing: it never went, or the API refused it as it was."""
    match error:
        case ApiForbidden():
            return True
        case ApiRefused(fault=fault):
            return 400 <= fault.status < 500  # noqa: PLR2004 -- RFC 9110 §15.5: the client's error
        case _:
            return error.is_unsent


def fault_in(request: ApiRequest, answer: ApiAnswer) -> ApiFault:
    """What the answer to the request says is wrong; what is of another form than an error's is left out."""
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    if not isinstance(error, dict):
        return ApiFault(status=answer.status)
    blank = _Blank(request)
    details = error.get("details")
    return ApiFault(
        status=answer.status,
        code=blank(error.get("code")),
        message=blank(error.get("message")),
        details=tuple(
            FaultDetail(
                target=blank(detail.get("target")), message=blank(detail.get("message")), code=blank(detail.get("code"))
            )
            for detail in (details[:_MOST_DETAILS] if isinstance(details, list) else ())
            if isinstance(detail, dict)
        ),
    )


def accepted(request: ApiRequest, answer: ApiAnswer) -> ApiAnswer:
    """The answer of an API that did what it was asked for; ApiForbidden or ApiRefused where it did not."""
    if 200 <= answer.status < 300:  # noqa: PLR2004 -- RFC 9110 §15.3: successful
        return answer
    fault = fault_in(request, answer)
    asked = f"{request.method} {request.path.partition('?')[0]}"
    if answer.status == _UNAUTHORIZED:
        raise ApiForbidden(
            f"{asked}: the API would not take the token that it had just given: {fault}; an API client has one token "
            "at a time: let no other program use the same client"
        )
    if answer.status == _FORBIDDEN:
        raise ApiForbidden(
            f"{asked}: the API client may not do this: {fault}; give it the role system_owners, and the PBX a licence "
            "with the Configuration API"
        )
    raise ApiRefused(f"{asked}: the API refused it: {fault}", fault)


class _Blank:
    """Takes out of the API's words what the request sent, for any of it may be a secret."""

    def __init__(self, request: ApiRequest) -> None:
        sent = {form for text in _texts(request.body) for form in (text, json.dumps(text)[1:-1])} - {""}
        words = [
            re.escape(text) if len(text) >= _WORD else rf"(?<!\w){re.escape(text)}(?!\w)"
            for text in sorted(sent, key=len, reverse=True)
        ]
        self._sent = re.compile("|".join(words)) if words else None

    def __call__(self, said: object) -> str:
        if not isinstance(said, str):
            return ""
        text = said if self._sent is None else self._sent.sub(MASK, said)
        text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 -- JSON
    match value:
        case str():
            yield value
        case Mapping():
            for inner in value.values():
                yield from _texts(inner)
        case list() | tuple():
            for inner in value:
                yield from _texts(inner)
        case _:
            pass
