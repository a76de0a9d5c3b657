"""From a raw answer to an answer of the API, or to why it is none. Pure."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from confgen.model.api import ApiAnswer
from confgen.remote.api.errors import ApiNotServing, NoApiThere, NotUnderstood
from confgen.remote.api.exchange import RawAnswer
from confgen.remote.api.place import ApiPlace

_NO_CONTENT = 204
_NOT_FOUND = 404
_NOT_SERVING = frozenset({429, 502, 503, 504})  # RFC 6585 §4, RFC 9110 §15.6: not now, or the gateway has nobody to ask
_MEND = "is `api: {port: …}` the HTTPS port of the PBX's console, and its version one with this API?"
_LONGEST_KIND = 80  # letters


def answer_of(raw: RawAnswer, place: ApiPlace) -> ApiAnswer:
    """The answer; HostError where it is none."""
    is_good = 200 <= raw.status < 300  # noqa: PLR2004 -- RFC 9110 §15.3: successful
    told = f"{raw.asked} ({raw.status})"
    if 300 <= raw.status < 400:  # noqa: PLR2004 -- RFC 9110 §15.4: redirection
        raise NoApiThere(f"{place}: the answer to {told} leads elsewhere, and is not followed; {_MEND}")
    if raw.content and _is_json(raw):
        try:
            return ApiAnswer(status=raw.status, body=_parsed(raw.content), headers=raw.headers)
        except (ValueError, RecursionError):
            if is_good:
                raise NotUnderstood(f"{place}: the answer to {told} is no JSON") from None  # it holds what was parsed
    if raw.status in _NOT_SERVING:
        raise ApiNotServing(f"{place}: it does not serve now; whether {told} was carried out is not known")
    if raw.content and (is_good or raw.status == _NOT_FOUND):
        raise NoApiThere(f"{place}: the answer to {told} is {_kind(raw)}, and not JSON; {_MEND}")
    if is_good and not raw.content and raw.asked.startswith("GET ") and raw.status != _NO_CONTENT:
        raise NotUnderstood(f"{place}: the answer to {told} is empty")
    return ApiAnswer(status=raw.status, headers=raw.headers)


def _is_json(raw: RawAnswer) -> bool:
    if raw.headers.get("content-encoding", "identity").lower() != "identity":  # none was asked for
        return False
    return _kind(raw).endswith(("/json", "+json"))


def _kind(raw: RawAnswer) -> str:
    kind = raw.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind if kind.isascii() and kind.isprintable() and 0 < len(kind) < _LONGEST_KIND else "something"


def _parsed(content: bytes) -> Any:  # noqa: ANN401 -- JSON
    return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)


def _no_number(_constant: str) -> NoReturn:
    raise ValueError("a constant that JSON has not")
