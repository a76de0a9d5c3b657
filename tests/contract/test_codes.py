"""Every code that confgen can print is explained, and every explanation belongs to a code that it can print."""

from __future__ import annotations

import re
from pathlib import Path

from confgen.model.codes import EXPLANATIONS

_PACKAGE = Path(__file__).parents[2] / "confgen"
_SCHEMAS = _PACKAGE.parent / "schemas"
_CODE = re.compile(
    r"\b(?:LOAD|REF|VER|SEC|SSH|TLS|SRTP|CERT|CLEAR|AUTH|DIAL|MGMT|MIG|CALL|LEG|STATE|PUSH|OUT|API|TCX|POL|PATH|NET|CLU)-\d\d\b"
)


def _used() -> set[str]:
    sources = [
        path
        for path in (*_PACKAGE.rglob("*"), *_SCHEMAS.iterdir())
        if path.suffix in {".py", ".sh", ".yaml", ".json"} and _PACKAGE / "model" / "codes" not in path.parents
    ]
    return {code for path in sources for code in _CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_is_explained() -> None:
    assert _used() - EXPLANATIONS.keys() == set()


def test_no_explanation_stands_without_its_code() -> None:
    assert EXPLANATIONS.keys() - _used() == set()


def test_an_explanation_says_what_why_and_how_to_mend_it() -> None:
    for explanation in EXPLANATIONS.values():
        assert _CODE.fullmatch(explanation.code)
        assert explanation.title
        assert len(explanation.meaning) > 20
        assert len(explanation.mend) > 5
