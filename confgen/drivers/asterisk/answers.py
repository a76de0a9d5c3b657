"""Answers of Asterisk's command line, read into values. Pure."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARAMETER = re.compile(r"^ (?P<name>[a-z0-9_]+) *: ?(?P<value>.*)$")
_ENDPOINT = re.compile(r"^ Endpoint:  (?P<name>[^\s/<]+)(?:/\S*)?\s+\S")
_AOR = re.compile(r"^ +Aor:  (?P<name>[^\s/<]+)\s+(?P<contacts>\d+)\s*$")
_TRANSPORT = re.compile(r"^Transport:  (?P<name>[^\s<]+)\s+(?P<protocol>\S+)\s+\d+\s+\d+\s+(?P<bind>\S+)")
_MODULE = re.compile(r"^(?P<name>\S+)\s.*\s\d+\s+(?P<status>Not Running|Running)\s")
_SETTING = re.compile(r"^\s+(?P<name>[A-Za-z][^:]*?):\s+(?P<value>.*?)\s*$")

_TRUTH = {"true": "yes", "false": "no"}


def parameters(answer: str) -> Mapping[str, str]:
    """`pjsip show <type> <id>`: option to value; empty where the object is not there."""
    found = (_PARAMETER.match(line) for line in answer.splitlines())
    return {match["name"]: match["value"].strip() for match in found if match}


def networks(answer: str, option: str) -> frozenset[str]:
    """Every network of an option that `pjsip show <type> <id>` repeats, or shows empty where there is none."""
    found = (_PARAMETER.match(line) for line in answer.splitlines())
    values = (match["value"].strip() for match in found if match and match["name"] == option)
    return frozenset(network(value) for value in values if value)


def network(text: str) -> str:
    """A network in one way of writing: Asterisk shows its mask as an address, that of IPv6 too."""
    address, _, mask = text.partition("/")
    if mask and not mask.isdigit():
        mask = str(int(ipaddress.ip_address(mask)).bit_count())
    return str(ipaddress.ip_network(f"{address}/{mask}" if mask else address, strict=False))


def endpoints(answer: str) -> tuple[str, ...]:
    """`pjsip list endpoints`: names."""
    found = (_ENDPOINT.match(line) for line in answer.splitlines())
    return tuple(match["name"] for match in found if match)


def aors(answer: str) -> Mapping[str, int]:
    """`pjsip list aors`: name to how many contacts may register."""
    found = (_AOR.match(line) for line in answer.splitlines())
    return {match["name"]: int(match["contacts"]) for match in found if match}


def transports(answer: str) -> Mapping[str, tuple[str, str]]:
    """`pjsip show transports`: name to protocol and bind."""
    found = (_TRANSPORT.match(line) for line in answer.splitlines())
    return {match["name"]: (match["protocol"], match["bind"]) for match in found if match}


def running_modules(answer: str) -> frozenset[str]:
    """`module show`: names, without `.so`, of those that run."""
    found = (_MODULE.match(line) for line in answer.splitlines())
    return frozenset(match["name"].removesuffix(".so") for match in found if match and match["status"] == "Running")


def loaded_modules(answer: str) -> frozenset[str]:
    """`module show`: names, without `.so`, of those that were loaded from a file, whether they run or not."""
    found = (_MODULE.match(line) for line in answer.splitlines())
    return frozenset(match["name"].removesuffix(".so") for match in found if match and match["name"].endswith(".so"))


def active_channels(answer: str) -> int | None:
    """`core show channels count`; None where Asterisk did not tell."""
    match = re.search(r"^(\d+) active channel", answer, re.MULTILINE)
    return None if match is None else int(match[1])


def settings(answer: str) -> Mapping[str, str]:
    """`… show settings`: the lines of `  Name:  value`."""
    found = (_SETTING.match(line) for line in answer.splitlines())
    return {match["name"]: match["value"] for match in found if match}


def same(option: str, pushed: str, shown: str) -> bool:
    """Whether a value that was pushed is the one that the command line shows, in whichever way it writes it."""
    match option:
        case "allow" | "cipher":
            return re.findall(r"[^,|()\s]+", pushed) == re.findall(r"[^,|()\s]+", shown)
        case "dtls_verify":
            # 16 shows `Yes` for fingerprint; where it stands for both checks it is the stricter of the two.
            return shown.lower() in {pushed.lower(), "yes"}
        case _:
            return _plain(pushed) == _plain(shown)


def _plain(value: str) -> str:
    lowered = value.lower()
    return _TRUTH.get(lowered, lowered)
