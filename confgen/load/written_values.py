"""Values that the schema cannot judge, checked where they are written and taken out of the tree where wrong."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from confgen.load.confidential import is_confidential
from confgen.load.dialling import day_of
from confgen.load.settings import is_reference
from confgen.load.tables import is_table
from confgen.load.wording import nearest
from confgen.load.yaml_tree import REFUSED, YamlMapping, YamlSequence, marked_items, place_of
from confgen.model.finding import Finding, Place, Severity
from confgen.model.patterns import backward_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]+)\}")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_HIGHEST_PORT = 65535
_PLACEHOLDERS_BELOW = {
    "extensions": ("pbx", "extension"),
    "extension_defaults": ("pbx", "extension"),
    "users": ("pbx", "user"),  # of AMI
}

Fault = tuple[str, str, str]  # code, message, mend

_NOT_YET = (
    "REF-43",
    "browsers as extensions (WebRTC) are not supported yet",
    "remove it, and register a SIP phone or soft client that speaks TLS and SRTP",
)


def refuse_wrong_values(root: YamlMapping) -> Iterator[Finding]:
    """What is wrong with a value by itself, wherever it is written; REFUSED stands in place of what is an error."""
    for section, content in root.items():
        if not isinstance(content, YamlMapping):
            continue
        if section == "trunks":
            yield from _below(content, placeholders=("trunk",), pbx=None)
        elif section == "pbxs":
            for name, pbx in content.items():
                if isinstance(pbx, YamlMapping):
                    yield from _below(pbx, placeholders=("pbx",), pbx=name)
        else:
            yield from _below(content, placeholders=("pbx",), pbx=None)


def _below(mapping: YamlMapping, *, placeholders: tuple[str, ...], pbx: str | None) -> Iterator[Finding]:
    for position, (key, value) in enumerate(mapping.items()):
        if isinstance(value, str):
            if (check := _CHECKS_OF_TEXT.get(key)) is not None and (fault := check(value)) is not None:
                yield (finding := _finding(fault, place_of(mapping.marks[2 * position + 1]), pbx))
                if finding.severity is Severity.ERROR:
                    mapping[key] = REFUSED
        elif isinstance(value, YamlMapping):
            if is_reference(value):
                yield from _placeholder_faults(value, placeholders, pbx, is_hidden=is_confidential(key))
            elif key in _PLACEHOLDERS_BELOW:
                yield from _below(value, placeholders=_PLACEHOLDERS_BELOW[key], pbx=pbx)
            else:
                yield from _below(value, placeholders=placeholders, pbx=pbx)
        elif isinstance(value, YamlSequence):
            yield from _in_list(key, value, placeholders=placeholders, pbx=pbx)
        elif value is True and key == "webrtc":
            yield _finding(_NOT_YET, place_of(mapping.marks[2 * position + 1]), pbx)


def _in_list(key: str, items: YamlSequence, *, placeholders: tuple[str, ...], pbx: str | None) -> Iterator[Finding]:
    check = _CHECKS_OF_ITEMS.get(key)
    for position, (item, mark) in enumerate(zip(items, items.marks, strict=True)):
        if isinstance(item, YamlMapping):
            yield from _below(item, placeholders=placeholders, pbx=pbx)
        elif check is not None and isinstance(item, str) and (fault := check(item)) is not None:
            yield _finding(fault, place_of(mark), pbx)
            items[position] = REFUSED


def _placeholder_faults(
    reference: YamlMapping, allowed: tuple[str, ...], pbx: str | None, *, is_hidden: bool
) -> Iterator[Finding]:
    for source, value in reference.items():
        for word, place in _words(source, value, reference):
            if not isinstance(word, str) or "{" not in word:
                continue
            for name in _PLACEHOLDER.findall(word):
                if name in allowed:
                    continue
                known = " and ".join(f"{{{placeholder}}}" for placeholder in allowed)
                what = "a placeholder" if is_hidden else f"the placeholder {{{name}}}"
                meant = nearest(name, allowed)
                mend = (
                    f"write {{{meant}}}"
                    if meant
                    else f"here only {known} {'are' if len(allowed) > 1 else 'is'} filled in"
                )
                fault = ("REF-17", f"{what} is not known here", mend)
                yield _finding(fault, place, pbx)


def _words(source: str, value: object, reference: YamlMapping) -> Iterator[tuple[Any, Place]]:
    """What stands in a reference, piece by piece."""
    if isinstance(value, YamlSequence):
        yield from marked_items(value)
    elif isinstance(value, YamlMapping):
        yield from ((word, place_of(value.value_mark(key))) for key, word in value.items())
    else:
        yield value, place_of(reference.value_mark(source))


def _finding(fault: Fault, place: Place, pbx: str | None) -> Finding:
    code, message, mend = fault
    if is_table(place.file) and code == "REF-15":
        message, mend = "this is no network", "write a network such as 192.0.2.0/24, or one address"
    severity = Severity.WARNING if code == "REF-09" else Severity.ERROR
    return Finding(code=code, message=message, mend=mend, severity=severity, place=place, pbx=pbx)


@lru_cache(maxsize=4096)
def _network_fault(text: str) -> Fault | None:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return ("REF-15", f"{text} is not a network", "write a network such as 192.0.2.0/24, or one address")
    if "/" in text and ip_address(text.partition("/")[0]) != network.network_address:
        mend = f"write {network} for the network, or {text.partition('/')[0]} for the one address"
        return ("REF-15", f"{text} is an address inside a network", mend)
    return None


def _address_fault(text: str) -> Fault | None:
    try:
        ip_address(text)
    except ValueError:
        return ("REF-15", f"{text} is not an IP address", "write an address such as 192.0.2.10")
    return None


def _host_fault(text: str) -> Fault | None:
    if ":" in text or re.fullmatch(r"[0-9.]+", text):
        return _address_fault(text)
    if not all(map(_LABEL.fullmatch, text.split("."))):
        return ("REF-15", f"{text} is not a host name", "write a name such as pbx.example.com")
    return None


def _port_range_fault(text: str) -> Fault | None:
    first, last = map(int, text.split("-"))
    if first > last:
        return ("REF-07", f"the RTP ports {text} run backwards", f'write "{last}-{first}"')
    if last > _HIGHEST_PORT:
        return ("REF-07", f"the RTP ports {text} go beyond {_HIGHEST_PORT}", "write lower ports")
    if first == last:
        return ("REF-07", f"the RTP ports {text} are too few", "write at least two ports: one call takes two")
    if first % 2:
        wrong = f"the RTP ports {text} begin with an odd one, which RTP does not use"
        return ("REF-09", wrong, f'write "{first + 1}-{last}"')
    return None


def _pattern_fault(text: str) -> Fault | None:
    if (backward := backward_set(text)) is not None:
        wrong = f"the set [{backward}] in {text} runs backwards and takes nothing"
        return ("REF-18", wrong, f"write {backward[::-1]}")
    return None


def _day_fault(text: str) -> Fault | None:
    if day_of(text) is None:
        return ("REF-30", f"there is no day {text}", "write year, month and day of the last day on which it holds")
    return None


_CHECKS_OF_TEXT: dict[str, Callable[[str], Fault | None]] = {
    "address": _host_fault,
    "bind": _address_fault,
    "domain": _host_fault,
    "external_address": _host_fault,
    "numbers": _pattern_fault,
    "ports": _port_range_fault,
    "until": _day_fault,
}
_CHECKS_OF_ITEMS: dict[str, Callable[[str], Fault | None]] = {
    "addresses": _network_fault,
    "bind": _address_fault,
    "blocked": _pattern_fault,
    "local_networks": _network_fault,
    "permit": _network_fault,
}
