"""Whether changes make a 3CX stronger or weaker. Pure, but for the time of day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.differences import subject, told
from confgen.drivers.threecx.objects import BLOCKLIST, type_of
from confgen.drivers.threecx.signs import SIGNS, is_over, longer
from confgen.drivers.threecx.texts import fields_of, leaves, value_at
from confgen.model.plan import SecurityDelta

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from confgen.drivers.threecx.objects import Path
    from confgen.model.document import Change

_ENDS: Path = ("ExpiresAt",)
_TYPE: Path = ("BlockType",)


def security_delta(changes: Collection[Change]) -> SecurityDelta:
    """Weaker wins."""
    signs = {sign for change in changes for sign, _ in _steps(change)}
    if -1 in signs:
        return SecurityDelta.WEAKER
    return SecurityDelta.STRONGER if 1 in signs else SecurityDelta.SAME


def weaker(changes: Collection[Change]) -> Sequence[str]:
    """What gets weaker, each in words."""
    return [words for change in changes for sign, words in _steps(change) if sign < 0]


def _steps(change: Change) -> Iterator[tuple[int, str]]:
    about = subject(change.key)
    if change.before is None or change.after is None:
        yield _of_whole(change), f"{about}: {'comes' if change.after is not None else 'goes'}"
        return
    was, becomes = fields_of(change.before), fields_of(change.after)
    for path, value in leaves(becomes):
        old = value_at(was, path)
        if old != value and (path in SIGNS or path == _ENDS):
            sign = _of_end(becomes, old, value) if path == _ENDS else SIGNS[path](old, value)
            yield sign, f"{about}: {'.'.join(path)} {told(old) or 'not set'} -> {told(value) or 'not set'}"


def _of_whole(change: Change) -> int:
    """Of an address that is blocked or let in, or not any more; what else comes or goes is neither."""
    text = change.after or change.before
    if type_of(change.key) is not BLOCKLIST or text is None:
        return 0
    fields = fields_of(text)
    if change.after is None and is_over(value_at(fields, _ENDS)):
        return 0
    return 1 if _is_block(fields) == (change.after is not None) else -1


def _of_end(fields: Mapping[str, Any], old: object, value: object) -> int:
    """The longer an address is blocked, the stronger; the longer it is let in, the weaker."""
    return longer(old, value) if _is_block(fields) else longer(value, old)


def _is_block(fields: Mapping[str, Any]) -> bool:
    return bool(value_at(fields, _TYPE) == "Block")
