"""What becomes of an object when a request writes it: lists are replaced whole, what is concealed is kept unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from confgen.drivers.threecx.contract import Field, FieldType, fields
from lab.threecx.answers import FORBIDDEN_CHANGE, Complaint
from lab.threecx.state import blank

_CONTENT_BY_CONCEALED = {"ConcealedPassword": "Value", "ConcealedDataFile": "Contents"}
_SHOWN = {("SecureSipSettings", "Certificate")}  # of all that may be concealed, this is no secret


def written(
    name: str, kept: Mapping[str, Any], sent: Mapping[str, Any], *, replaces_gateway: bool = False
) -> dict[str, Any]:
    """The object after a write; what was not sent stays as it was."""
    after = dict(kept)
    for one in fields(name).values():
        if one.name not in sent:
            continue
        value, before = sent[one.name], kept[one.name]
        if one.refers_to in _CONTENT_BY_CONCEALED:
            after[one.name] = _written_concealed(one.refers_to, before, value)
        elif one.refers_to is None or one.is_list or value is None:
            after[one.name] = _whole(one.refers_to, value)
        else:
            is_new = before is None or (replaces_gateway and one.name == "Gateway")
            after[one.name] = written(one.refers_to, blank(one.refers_to) if is_new else before, value)
    return after


def restored(before: Mapping[str, Any], after: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The object after a write that changed nothing of these fields, `Gateway.Host` for one below another."""
    found = dict(after)
    for name in names:
        field, _, inner = name.partition(".")
        if inner and isinstance(found[field], Mapping):
            found[field] = restored(before[field] or blank(field), found[field], (inner,))
        else:
            found[field] = before[field]
    return found


def forbidden(name: str, kept: Mapping[str, Any], sent: Mapping[str, Any], *, is_new: bool) -> Iterator[Complaint]:
    """The fields that are the PBX's own and would change; sent back as they were answered, they are no change."""
    for one in fields(name).values():
        if one.name not in sent:
            continue
        value, before = sent[one.name], kept[one.name]
        if one.is_read_only or (one.is_fixed and not is_new):
            if value != before:
                yield Complaint(target=one.name, warning=FORBIDDEN_CHANGE)
        elif one.refers_to is not None and isinstance(value, Mapping):
            for complaint in forbidden(one.refers_to, before or blank(one.refers_to), value, is_new=before is None):
                yield Complaint(target=f"{one.name}.{complaint.target}", warning=complaint.warning)


def concealed(name: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The object as it is answered: passwords and keys that it conceals are set or not, and no more is told."""
    shown = dict(kept)
    for field, content in _contents(name).items():
        held = kept[field]
        if held is not None:
            is_shown = (name, field) in _SHOWN
            shown[field] = {**held, "Concealed": not is_shown, content: held[content] if is_shown else None}
    return shown


@cache
def _contents(name: str) -> Mapping[str, str]:
    """What is concealed in an object's fields, by the names of the fields."""
    return {
        one.name: _CONTENT_BY_CONCEALED[one.refers_to]
        for one in fields(name).values()
        if one.refers_to in _CONTENT_BY_CONCEALED
    }


def written_otherwise(name: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """The same object in other words, which mean the same: as a PBX may answer what it was told."""
    return {field: _otherwise(fields(name).get(field), value) for field, value in shown.items()}


def _otherwise(field: Field | None, value: Any) -> Any:  # noqa: ANN401, any JSON
    if isinstance(value, list):
        return [_otherwise(field, one) for one in value]
    if not isinstance(value, str) or field is None:
        return value
    if field.type is FieldType.MOMENT:
        return value.replace("Z", ".0000000+00:00")
    return value.removesuffix("/32") if field.name in {"IPAddrMask", "IpWhitelist"} else value


def _written_concealed(name: str, before: Mapping[str, Any] | None, sent: Mapping[str, Any] | None) -> Any:  # noqa: ANN401, any JSON
    if sent is None:
        return None
    content = _CONTENT_BY_CONCEALED[name]
    if sent.get("Concealed") and sent.get(content) is None:  # as it was answered
        return before
    return {**blank(name), **sent, "Concealed": False}


def _whole(refers_to: str | None, value: Any) -> Any:  # noqa: ANN401, any JSON
    """With every field of each object, whatever was sent of it."""
    if refers_to is not None and isinstance(value, list):
        return [written(refers_to, blank(refers_to), one) for one in value]
    return value
