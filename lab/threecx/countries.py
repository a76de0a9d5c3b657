"""The countries that the fake knows, and which of them its list and its parameter name: one of three meanings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any

PARAMETER = "NOTALLOWED_COUNTRYCODES"
HOME = "49"  # the country that a new PBX is in, and the only one that it lets be called
_CODES = """
1 1242 1246 1264 1268 1284 1340 1345 1441 1473 1649 1664 1758 1767 1784 1809 1868 1869 1876 20 211 212 213 216 218
220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242 243 244 245 248 249 250
251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 27 290 291 297 298 299 30 31 32 33 34 350
351 352 353 354 355 356 357 358 359 36 370 371 372 373 374 375 376 377 378 380 381 382 385 386 387 389 39 40 41 420
421 423 43 44 45 46 47 48 49 500 501 502 503 504 505 506 507 508 509 51 52 53 54 55 56 57 58 590 591 592 593 594 595
596 597 598 599 60 61 62 63 64 65 66 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691
692 7 81 82 84 850 852 853 855 856 86 880 886 90 91 92 93 94 95 960 961 962 963 964 965 966 967 968 970 971 972 973
974 975 976 977 98 992 993 994 995 996 998
"""  # ITU-T E.164
CODES = tuple(_CODES.split())


class CountryMeaning(Enum):
    """Of CountryCodes, and of the parameter behind it."""

    REST = "rest"  # the list allows, and the parameter has what it leaves over
    BOTH_ALLOW = "both allow"
    BOTH_REFUSE = "both refuse"


def countries() -> dict[str, dict[str, Any]]:
    """As /Countries tells them, by name; the names are the fake's own."""
    made = {}
    for code in CODES:
        name = f"Country +{code}"
        made[name] = {"Name": name, "ErpCode": f"E{code}", "CountryCode": code, "CountryCodes": [code]}
    return made


def listed(allowed: Collection[str], meaning: CountryMeaning) -> list[str]:
    """What CountryCodes says when these may be called; said of a list, the countries that it lets be called."""
    return _rest(allowed) if meaning is CountryMeaning.BOTH_REFUSE else list(allowed)


def parameter(allowed: Collection[str], meaning: CountryMeaning) -> Mapping[str, Any]:
    """The parameter when these may be called."""
    codes = list(allowed) if meaning is CountryMeaning.BOTH_ALLOW else _rest(allowed)
    return {"Id": 1, "Name": PARAMETER, "Value": ",".join(codes), "Description": None}


def _rest(codes: Collection[str]) -> list[str]:
    return [code for code in CODES if code not in codes]
