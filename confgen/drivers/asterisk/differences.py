"""What differs between two configurations, in Asterisk's own words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration import effective, includes, parse
from confgen.drivers.asterisk.configuration.includes import absolute
from confgen.drivers.asterisk.dialplan_differences import dialplan_differences
from confgen.drivers.asterisk.layout import KEYS
from confgen.drivers.asterisk.option_differences import merged, option_differences
from confgen.drivers.asterisk.sip_differences import sip_differences
from confgen.model.plan import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from confgen.drivers.asterisk.configuration import Section

_FIRST = ("pjsip.conf", "extensions.conf")  # what people look for
_PROGRAMS = (".ael", ".lua")  # of the dialplan: not in the dialect of the other files


def differences(before: Mapping[str, str], after: Mapping[str, str], own: Mapping[str, str]) -> Sequence[Difference]:
    """Between two sets of masked texts by key; `own` are those, masked too, that either includes.

    Templates, additions and includes are worked in; order, white space and comments are no difference.
    """
    told_elsewhere = _included(before) | _included(after)
    keys = sorted(before.keys() | after.keys(), key=lambda key: (key not in _FIRST, key == _FIRST[1], key))
    return tuple(
        difference for key in keys if key not in told_elsewhere for difference in _of_key(key, before, after, own)
    )


def _included(texts: Mapping[str, str]) -> frozenset[str]:
    """Those of the texts that SIP or the dialplan includes, and so are told with it."""
    names = {entry.path() for key in _FIRST for entry in includes(texts.get(key, ""))}
    return frozenset(key for key in texts if key not in _FIRST and absolute(key) in names)


def _of_key(
    key: str, before: Mapping[str, str], after: Mapping[str, str], own: Mapping[str, str]
) -> Iterator[Difference]:
    if _is_whole(key):
        if before.get(key) != after.get(key):
            yield _of_content(key, before.get(key), after.get(key))
        return
    was, becomes = _sections(key, before, own), _sections(key, after, own)
    match key:
        case _ if was == becomes and (key in before) == (key in after):
            return
        case "pjsip.conf":
            yield from sip_differences(was, becomes)
        case "extensions.conf":
            yield from dialplan_differences(key, was, becomes)
        case _ if key not in before or key not in after:
            yield Difference(subject=key, before="" if key in before else None, after="" if key in after else None)
        case _:
            yield from _of_sections(key, was, becomes)


def _is_whole(key: str) -> bool:
    """Whether it is told as a whole: a certificate, a key or a program."""
    return key.startswith(f"{KEYS}/") or key.endswith(_PROGRAMS)


def _of_content(key: str, before: str | None, after: str | None) -> Difference:
    if key.endswith(_PROGRAMS):
        before, after = (None if text is None else "" for text in (before, after))
        return Difference(subject=key, before=before, after=after)
    kind = "certificate" if key.endswith(".crt") else "private key"
    if before is None or after is None:
        before, after = (None if text is None else "" for text in (before, after))
        return Difference(subject=f"{kind} {key}", before=before, after=after)
    return Difference(subject=f"{kind} {key}", option="content", before=before.strip(), after=after.strip())


def _sections(key: str, texts: Mapping[str, str], own: Mapping[str, str]) -> Sequence[Section]:
    if key not in texts:
        return ()
    return effective({**own, **texts}, key).sections if includes(texts[key]) else parse(texts[key])


def _of_sections(key: str, before: Iterable[Section], after: Iterable[Section]) -> Iterator[Difference]:
    old, new = merged(before), merged(after)
    for name in dict.fromkeys((*old, *new)):
        subject = f"{key} [{name}]"
        if name not in old or name not in new:
            yield Difference(subject=subject, before="" if name in old else None, after="" if name in new else None)
            continue
        for option, was, becomes in option_differences(old[name], new[name]):
            yield Difference(subject=subject, option=option, before=was, after=becomes)
