"""What a PBX must not take, each case a file of data: offers of media, and names with line breaks in them."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import yaml

from confgen.model.inventory import MediaEncryption
from confgen.verify.wire.sdp import KEY_AND_SALT_LENGTH

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).parent / "cases"
_CODE = re.compile(r"(?:SRTP|AUTH)-[0-9]{2}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PLACEHOLDERS = frozenset(
    {"session", "network", "address", "port", "second_port", "key", "short_key", "fingerprint"},
)
_SHORT_KEY = 16  # bytes: a key, and no salt
_FINGERPRINT = 32  # bytes, of SHA-256


class MalformedCase(ValueError):
    """A file of a case that does not say what it must."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"case {name}: {reason}")


class Expected(Enum):
    """How a case must be answered."""

    REFUSED = "refused"
    REFUSED_OR_ENCRYPTED = "refused-or-encrypted"
    REFUSED_BEFORE_ANY_LEG = "refused-before-any-leg"


class CalledBy(Enum):
    """Who makes the call."""

    PROBE = "probe"
    STRANGER = "stranger"  # who has no password


class Called(Enum):
    """Which number is called."""

    ECHO = "echo"
    OUTSIDE = "outside"  # one that a route of the PBX takes


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCase:
    """One INVITE, with the answer that each kind of extension must give to it; what is not named is not asked."""

    name: str
    title: str
    code: str
    rfc: str
    caller: CalledBy
    number: Called
    expected: Mapping[MediaEncryption, Expected]
    offer: str  # SDP with placeholders in braces; empty where the far end is to offer

    def to(self, address: str, port: int) -> CaseOffer:
        """What is offered from this address and UDP port."""
        return CaseOffer(template=self.offer, address=address, port=port)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOffer:
    """An offer with its keys still to be made: each body has its own."""

    template: str
    address: str
    port: int

    def body(self) -> bytes:
        """The description as it goes into a message."""
        values = {
            "session": str(int.from_bytes(os.urandom(4), "big")),
            "network": "IP6" if ":" in self.address else "IP4",
            "address": self.address,
            "port": str(self.port),
            "second_port": str(self.port + 2),
            "key": _base64(KEY_AND_SALT_LENGTH),
            "short_key": _base64(_SHORT_KEY),
            "fingerprint": "sha-256 " + os.urandom(_FINGERPRINT).hex(":").upper(),
        }
        filled = _PLACEHOLDER.sub(lambda found: values[found[1]], self.template)
        return "".join(f"{line}\r\n" for line in filled.splitlines()).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCase:
    """A display name that would become a header of its own where it is read carelessly; `{header}` stands for that."""

    title: str
    code: str
    rfc: str
    name: str


Case = TypeVar("Case", OfferCase, NameCase)


@cache
def offer_cases() -> tuple[OfferCase, ...]:
    """Every case of an offer, by code and then by the name of its file."""
    return _in_order([parse_offer_case(name, text) for name, text in _texts("offers")])


@cache
def name_cases() -> tuple[NameCase, ...]:
    """Every case of a name, by code and then by the name of its file."""
    return _in_order([parse_name_case(name, text) for name, text in _texts("names")])


def parse_offer_case(name: str, text: str) -> OfferCase:
    """One file's text; MalformedCase where it is not exactly what it must be."""
    words = _words(name, text, {"title", "code", "rfc", "expected", "offer"}, {"caller", "number"})
    expected = words.pop("expected")
    if not isinstance(expected, dict) or not expected:
        raise MalformedCase(name, "`expected` is a word for each kind of extension: `{sdes: refused}`")
    told = _told(name, words)
    unknown = {found for found in _PLACEHOLDER.findall(told["offer"]) if found not in _PLACEHOLDERS}
    if unknown:
        raise MalformedCase(name, f"`{{{min(unknown)}}}` is no placeholder: {', '.join(sorted(_PLACEHOLDERS))}")
    if told["offer"] and not told["offer"].startswith("v=0\n"):
        raise MalformedCase(name, "`offer` is a whole session description, from `v=0` on, or empty")
    caller = _member(name, CalledBy, told.get("caller", CalledBy.PROBE.value))
    kinds = MappingProxyType(
        {_member(name, MediaEncryption, kind): _member(name, Expected, word) for kind, word in expected.items()}
    )
    if caller is CalledBy.STRANGER and list(kinds) != [MediaEncryption.SDES]:
        raise MalformedCase(name, "a stranger is of no kind: `expected` names `sdes` alone")
    return OfferCase(
        name=name,
        title=told["title"],
        code=told["code"],
        rfc=told["rfc"],
        caller=caller,
        number=_member(name, Called, told.get("number", Called.ECHO.value)),
        expected=kinds,
        offer=told["offer"],
    )


def parse_name_case(name: str, text: str) -> NameCase:
    """One file's text; MalformedCase where it is not exactly what it must be."""
    told = _told(name, _words(name, text, {"title", "code", "rfc", "name"}, set()))
    if told["name"].count("{header}") != 1 or _PLACEHOLDER.findall(told["name"]) != ["header"]:
        raise MalformedCase(name, "`name` holds `{header}` once, and no other placeholder")
    return NameCase(title=told["title"], code=told["code"], rfc=told["rfc"], name=told["name"])


def _texts(folder: str) -> list[tuple[str, str]]:
    return [(path.stem, path.read_text(encoding="utf-8")) for path in sorted((_FOLDER / folder).glob("*.yaml"))]


def _in_order(cases: list[Case]) -> tuple[Case, ...]:
    titles = [case.title for case in cases]
    for title in titles:
        if titles.count(title) > 1:
            raise MalformedCase(title, "two cases have this title")
    return tuple(sorted(cases, key=lambda case: case.code))


def _words(name: str, text: str, wanted: set[str], possible: set[str]) -> dict[str, object]:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        words = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise MalformedCase(name, f"not YAML: {error}") from error
    if not isinstance(node, yaml.MappingNode) or not isinstance(words, dict):
        raise MalformedCase(name, "not a mapping of words")
    keys = [key.value for key, _ in node.value]
    for key in keys:
        if keys.count(key) > 1:
            raise MalformedCase(name, f"`{key}` stands there twice")
    if missing := wanted - set(keys):
        raise MalformedCase(name, f"`{min(missing)}` is missing")
    if unknown := set(keys) - wanted - possible:
        raise MalformedCase(name, f"`{min(unknown)}` is no word of a case")
    return words


def _told(name: str, words: dict[str, object]) -> dict[str, str]:
    told: dict[str, str] = {}
    for key, value in words.items():
        if not isinstance(value, str):
            raise MalformedCase(name, f"`{key}` is not a text")
        if not value and key != "offer":
            raise MalformedCase(name, f"`{key}` is empty")
        told[key] = value
    if not _CODE.fullmatch(told["code"]):
        raise MalformedCase(name, f"`{told['code']}` is no code of an answer")
    if not told["rfc"].startswith("RFC "):
        raise MalformedCase(name, "`rfc` names no RFC")
    return told


Word = TypeVar("Word", bound=Enum)


def _member(name: str, words: type[Word], word: object) -> Word:
    try:
        return words(word)
    except ValueError as error:
        known = ", ".join(str(member.value) for member in words)
        raise MalformedCase(name, f"`{word}` is none of: {known}") from error


def _base64(length: int) -> str:
    return base64.b64encode(os.urandom(length)).decode()
