"""What an unquoted scalar means, where all YAML programs agree on it."""

from __future__ import annotations

import re
from functools import lru_cache

# In this order: the first form that fits is the one that is told. The forms are those of YAML 1.1, of the core schema
# of YAML 1.2, and of the programs that mix the two.
_FORMS = re.compile(
    r"""
      (?P<nothing> ~ | null | Null | NULL | )
    | (?P<true> true | True | TRUE )
    | (?P<false> false | False | FALSE )
    | (?P<integer> 0 | -?[1-9][0-9]{0,14} )
    | (?P<word> (?i: yes | no | on | off | y | n ) )
    | (?P<sign> \+ [0-9][0-9_]* )
    | (?P<base> [-+]? 0 [xob] [0-9A-Fa-f_]+ )
    | (?P<zero> [-+]? 0 [0-9_]* | [-+]? 0 [0-9_]+ \.? [0-9_]* )
    | (?P<long> -? [0-9]{16,} )
    | (?P<underscore> [-+]? [0-9][0-9_]* )
    | (?P<fraction> [-+]? (?: [0-9][0-9_]* \. [0-9_]* | \. [0-9][0-9_]* ) )
    | (?P<exponent> [-+]? (?: [0-9][0-9_]* \.? [0-9_]* | \. [0-9][0-9_]* ) [eE] [-+]? [0-9]+ )
    | (?P<special> [-+]? \. (?: inf | Inf | INF ) | \. (?: nan | NaN | NAN ) | = | << )
    | (?P<sixties> [-+]? [0-9][0-9_]* (?: : [0-5]? [0-9] )+ (?: \. [0-9_]* )? )
    | (?P<date> [0-9]{4} - [0-9]{2} - [0-9]{2} )
    | (?P<timestamp> [0-9]{4} - [0-9]{1,2} - [0-9]{1,2} (?: [Tt] | [\ \t]+ )
          [0-9]{1,2} : [0-9]{2} : [0-9]{2} (?: \. [0-9]* )?
          (?: [\ \t]* (?: Z | [-+] [0-9]{1,2} (?: :? [0-9]{2} )? ) )? )
    """,
    re.VERBOSE,
).fullmatch

_MEANINGS = {
    "word": "some programs read it as true or false",
    "sign": "its plus sign would be lost",
    "base": "some programs read it as a number to another base",
    "zero": "its leading zero would be lost, or make it an octal number",
    "long": "it is too long to be kept exactly as a number",
    "underscore": "some programs read it as a number without the underscores",
    "fraction": "it is read as a number, so that 22.10 becomes 22.1",
    "exponent": "some programs read it as a number with an exponent",
    "special": "some programs give it a meaning of its own",
    "sixties": "some programs read it as a number to the base of 60",
    "date": "some programs read it as a date",
    "timestamp": "some programs read it as a date and time",
}


class Ambiguous(ValueError):
    """YAML programs do not agree on this scalar, or would lose a part of it; the message says why."""


@lru_cache(maxsize=4096)
def plain_value(text: str) -> str | int | bool | None:
    """The value of an unquoted scalar."""
    form = _FORMS(text)
    if form is None:
        return text
    match form.lastgroup:
        case "nothing":
            return None
        case "integer":
            return int(text)
        case "true":
            return True
        case "false":
            return False
        case ambiguity:
            raise Ambiguous(_MEANINGS[ambiguity or ""])


def plain_key(text: str) -> str:
    """The text of an unquoted key; an integer such as 101 stands for its digits."""
    value = plain_value(text)
    if value is None or isinstance(value, bool):
        raise Ambiguous("as a key it is read as something other than text")
    return text
