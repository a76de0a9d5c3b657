"""How hard a secret is to guess, and what makes it easy. Pure."""

from __future__ import annotations

import math
import string
from collections.abc import Iterable

LEAST_LENGTH = 12  # signs
LEAST_BITS = 64  # what a listener to one login tries out takes decades with
_ALPHABETS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
_OTHERS = 33  # signs of a keyboard beside them
_LEET = str.maketrans("013457@$!", "oieastasi")
_ADDED = string.digits + string.punctuation
# What phones, PBXs and their owners come with or begin with; gathered by hand.
_WELL_KNOWN = """
    1234 0000 1111 4321 12345 123456 1234567 12345678 123456789 1234567890 0123456789 987654321 123123 112233 abc
    abcd abcdef qwerty qwertz azerty asdf asdfgh yxcvbn zxcvbn iloveyou letmein welcome willkommen hallo hello
    password passwd passwort kennwort pass secret geheim default standard changeme changethis change example
    test testing tester guest user admin administrator root support service operator supervisor manager master
    asterisk freepbx elastix issabel trixbox vicidial pbx sip siptrunk trunk voip phone telefon telephone extension
    ext voicemail mailbox call ami mark spencer mysecret mypassword amp111 amportal jeopardy elastix.2oo7
    3cx 3cxpbx 3cxphone yealink snom polycom grandstream gigaset cisco aastra mitel avaya panasonic fanvil audiocodes
    confgen probe monitor server company office reception summer winter sommer monkey dragon football
"""


def bits(secret: str) -> float:
    """An upper bound of what a guesser must try, in bits: signs that repeat or go on count for one bit each."""
    text = _unit(secret)
    size = sum(len(alphabet) for alphabet in _ALPHABETS if any(sign in alphabet for sign in text))
    if any(sign not in string.ascii_letters + string.digits for sign in text):
        size += _OTHERS
    each = math.log2(size) if size else 0.0
    total = 0.0
    for at, sign in enumerate(text):
        goes_on = at > 0 and abs(ord(sign) - ord(text[at - 1])) <= 1
        total += 1.0 if goes_on else each
    return total


def is_weak(secret: str) -> bool:
    """Whether it is short, or of few bits."""
    return len(secret) < LEAST_LENGTH or bits(secret) < LEAST_BITS


def is_well_known(secret: str) -> bool:
    """Whether it is one that guessers begin with, whatever digits and signs stand around it."""
    plain = secret.casefold()
    cores = {plain, plain.strip(_ADDED), plain.strip(string.punctuation), plain.rstrip(_ADDED), _unit(plain)}
    cores |= {core.translate(_LEET) for core in cores} | {plain.translate(_LEET).strip(string.punctuation)}
    return any(core in _KNOWN for core in cores)


def is_told_by(secret: str, names: Iterable[str]) -> bool:
    """Whether it is one of these names, backwards, twice, or with digits and signs around it."""
    plain = _letters(secret)
    core = plain.strip(string.digits)
    for name in map(_letters, names):
        if name and (_unit(plain) == name or plain in {name, name[::-1]} or core == name):
            return True
    return False


def _unit(text: str) -> str:
    """The part that the text repeats, or else the text."""
    at = (text + text).find(text, 1)
    return text[:at] if 0 < at < len(text) else text


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


_KNOWN = frozenset(_WELL_KNOWN.split())
