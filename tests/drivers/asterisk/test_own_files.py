"""Files of the user's own that managed ones include are judged like ours; each case begins with what it must cause."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from confgen.archives import pack
from confgen.drivers.asterisk.judge import judge_pjsip
from confgen.drivers.asterisk.own_files import judge, judged, own, own_checks
from confgen.model.check import Verdict
from confgen.model.document import Document
from confgen.model.finding import Severity
from confgen.model.inventory import Include
from confgen.model.secret import Secret
from tests.drivers.asterisk.asterisk_answers import documents_of
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.model.pbxs import PLACE, a_pbx

_CASES = Path(__file__).parent / "own_files"
_REFUSED = sorted((_CASES / "refuse").glob("*.conf"))
_ACCEPTED = sorted((_CASES / "accept").glob("*.conf"))


def including(case: Path) -> tuple[Document, ...]:
    """The documents of a PBX whose pjsip.conf, or extensions.conf, includes the case."""
    if not case.stem.startswith("dialplan-"):
        return documents_of(a_pbx(includes=(Include(key="pjsip.conf", file=case.name, place=PLACE),)))
    return (
        Document(key="extensions.conf", content=Secret(f'[general]\n[globals]\n[phones]\n#include "{case.name}"\n')),
    )


def found(case: Path) -> set[str]:
    findings = judged(including(case), {case.name: case.read_text(encoding="utf-8")})
    assert all(finding.message and finding.mend and finding.severity is Severity.ERROR for finding in findings)
    return {f"{finding.code} {finding.place}" for finding in findings}


def expected(case: Path) -> set[str]:
    words = case.read_text(encoding="utf-8").splitlines()[0].removeprefix("; ").split()
    return {f"{code} {case.name}:{place}" for code, place in zip(words[::2], words[1::2], strict=True)}


@pytest.mark.parametrize("case", _REFUSED, ids=lambda case: case.stem)
def test_what_is_weaker_than_ours_is_found_at_its_place_and_nothing_else_is(case: Path) -> None:
    assert expected(case)
    assert found(case) == expected(case)


@pytest.mark.parametrize("case", _ACCEPTED, ids=lambda case: case.stem)
def test_what_is_as_strong_as_ours_is_taken(case: Path) -> None:
    assert found(case) == set()


def test_every_finding_has_a_case() -> None:
    caused = {words.split()[0] for case in _REFUSED for words in expected(case)}
    written = inspect.getsource(inspect.getmodule(judge_pjsip) or judge_pjsip)
    assert set(re.findall(r'"([A-Z]+-\d\d)"', written)) == caused


def test_a_line_that_asterisk_passes_over_is_a_warning() -> None:
    documents = documents_of(a_pbx(includes=(Include(key="pjsip.conf", file="own.conf", place=PLACE),)))

    (finding,) = judged(documents, {"own.conf": "[901]\nno option at all\n"})

    assert (finding.code, finding.severity, str(finding.place)) == ("PUSH-23", Severity.WARNING, "own.conf:2:1")


def test_no_password_is_in_what_is_found() -> None:
    case = _CASES / "refuse" / "a-password-that-is-the-name.conf"
    text = case.read_text(encoding="utf-8").replace("901", "sentinel-4f1d")

    (finding,) = judged(including(case), {case.name: text})

    assert "sentinel-4f1d" not in finding.mend
    assert finding.message == "the password of sentinel-4f1d-auth is its name"


def test_all_files_are_read_in_one_look_and_none_where_nothing_is_included() -> None:
    case = _CASES / "refuse" / "a-udp-transport.conf"
    host = ScriptedHost(answers={"own": pack([(case.name, case.read_text(encoding="utf-8"))])})
    texts = [document.reveal() for document in including(case)]

    found = own(host, a_pbx(), [*texts, *texts, '#include "more/*.conf"\n#tryinclude "what is this"\n'])
    asked = host.asked.copy()

    assert [(finding.code, finding.pbx) for finding in judge(a_pbx(), including(case), found)] == [
        ("CLEAR-05", "headquarters")
    ]
    assert asked == [["own", case.name, "more/*.conf"]]
    assert own(host, a_pbx(), [document.reveal() for document in documents_of(a_pbx())]) == {}
    assert host.asked == asked


def test_a_file_that_is_missing_on_the_host_is_found_where_the_inventory_names_it() -> None:
    case = _CASES / "accept" / "an-encrypted-phone.conf"

    pbx = a_pbx(includes=(Include(key="pjsip.conf", file=case.name, place=PLACE),))

    (finding,) = judge(pbx, documents_of(pbx), {})

    assert (finding.code, finding.place) == ("PUSH-22", PLACE)


def test_verify_fails_for_what_is_found_and_says_what_was_judged() -> None:
    bad, good = _CASES / "refuse" / "a-udp-transport.conf", _CASES / "accept" / "an-encrypted-phone.conf"

    (failed,) = own_checks(including(bad), {bad.name: bad.read_text(encoding="utf-8")})
    (passed,) = own_checks(including(good), {good.name: good.read_text(encoding="utf-8")})

    assert (failed.code, failed.subject, failed.verdict) == ("CLEAR-05", f"{bad.name}:4:1", Verdict.FAILED)
    assert passed.verdict is Verdict.PASSED
    assert good.name in passed.message
    assert list(own_checks(documents_of(a_pbx()), {})) == []
