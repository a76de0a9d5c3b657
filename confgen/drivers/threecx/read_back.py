"""What a 3CX has against what was pushed, property by property. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.objects import TRUNKS, USERS, name_of, type_of
from confgen.drivers.threecx.present import differing, reading_of
from confgen.drivers.threecx.rollout import srtp_check
from confgen.drivers.threecx.texts import (
    fields_of,
    fingerprint_in,
    is_sensitive,
    is_stand_in,
    leaves,
    paths_of,
    value_at,
)
from confgen.model.check import Check, Level, Question, Vantage, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from confgen.drivers.threecx.objects import Path
    from confgen.drivers.threecx.present import Present
    from confgen.model.document import Document
    from confgen.model.inventory import Pbx

_PUSH = "`confgen push`"
_SRTP = ("SRTPMode",)
_DEMANDS_OF_TRUNKS: Mapping[Path, str] = {
    ("TransportRestriction",): "TLS",
    ("Gateway", "SRTPMode"): "SRTPEnforced",
}
_PLACEHOLDER = re.compile(r"<[a-z-]+:[^<>]*>")  # of a secret that a proof needs not
_LONGEST = 60  # letters of a value that is shown


def read_back_checks(pbx: Pbx, documents: Collection[Document], objects: Mapping[str, Present]) -> Iterator[Check]:
    """Every property that the documents speak of; what is as it should be is told in one line for each kind."""
    wrong = False
    for document in documents:
        one = objects.get(document.key)
        for check in _of_object(document, one):
            wrong = True
            yield check
    if not wrong:
        yield _question("TCX-31", "objects").passed(f"all {len(documents)} objects are as pushed")
    yield from _srtp_of_users(pbx, documents, objects)
    yield from _demands_of_trunks(documents, objects)


def _of_object(document: Document, one: Present | None) -> Iterator[Check]:
    key = document.key
    if one is None:
        yield _question("TCX-31", key).failed(f"3CX does not have {key}", _PUSH)
        return
    text = document.reveal()
    wanted, there = fields_of(text), fields_of(reading_of(key, one, paths_of(text)))
    paths = [path for path in differing(key, text, one) if not _has_code_of_its_own(key, path)]
    if paths:
        told = "; ".join(
            f"{'.'.join(path)} is {_shown(value_at(there, path), value_at(wanted, path))}" for path in paths
        )
        yield _question("TCX-31", key).failed(told, f"{_PUSH}; --overwrite-drift where somebody changed it by hand")


def _srtp_of_users(pbx: Pbx, documents: Collection[Document], objects: Mapping[str, Present]) -> Iterator[Check]:
    passed = 0
    for document in documents:
        if type_of(document.key) is not USERS or value_at(fields_of(document.reveal()), _SRTP) is None:
            continue
        one = objects.get(document.key)
        mode = None if one is None else value_at(one.answered, _SRTP)
        check = srtp_check(pbx, _question("TCX-32", document.key), name_of(document.key), mode)
        if check.verdict is Verdict.PASSED:
            passed += 1
        else:
            yield check
    if passed:
        yield _question("TCX-32", "extensions").passed(f"{passed} of the extensions take SRTP only")


def _demands_of_trunks(documents: Collection[Document], objects: Mapping[str, Present]) -> Iterator[Check]:
    for document in documents:
        if type_of(document.key) is not TRUNKS:
            continue
        question = _question("TCX-33", document.key)
        one = objects.get(document.key)
        there = {path: None if one is None else value_at(one.answered, path) for path in _DEMANDS_OF_TRUNKS}
        told = ", ".join(f"{path[-1]} {value}" for path, value in there.items())
        if None in there.values():
            yield question.unknown("3CX does not tell whether the trunk demands TLS and SRTP")
        elif there != dict(_DEMANDS_OF_TRUNKS):
            yield question.failed(f"calls without encryption are taken: {told}", _PUSH)
        else:
            yield question.passed(f"no call without TLS and SRTP: {told}")


def secrets_check(
    documents: Collection[Document], written: Mapping[str, str], fingerprint: Callable[[str], str]
) -> Check | None:
    """Whether the secrets are those that confgen wrote last, which says nothing of what the PBX has; None without any.

    `written` are texts with stand-ins. A secret that a proof does not need is not in the documents.
    """
    found = [(document.key, path, value) for document in documents for path, value in _secrets(document)]
    if not found:
        return None
    question = _question("TCX-34", "secrets")
    verdicts = {key: _is_last(written.get(key), path, value, fingerprint) for key, path, value in found}
    never = sorted({key for key, _, _ in found if key not in written})
    others = sorted({key for key, is_last in verdicts.items() if is_last is False and key in written})
    if others:
        return question.failed(f"confgen wrote another secret last for {', '.join(others)}", _PUSH)
    if never:
        return question.unknown(
            f"3CX tells no secret, and confgen has written none for {', '.join(never)}", f"{_PUSH} writes them"
        )
    if None in verdicts.values():
        return question.not_checked(
            "3CX tells no secret; confgen has written each of them, and `confgen plan` compares them with the inventory"
        )
    return question.not_checked(
        "3CX tells no secret, so that nobody can see which ones it has: confgen wrote the inventory's last. Of a trunk "
        "its registration tells"
    )


def _is_last(text: str | None, path: Path, value: Any, fingerprint: Callable[[str], str]) -> bool | None:  # noqa: ANN401
    last = None if text is None else value_at(fields_of(text), path)
    if not (isinstance(last, dict) and is_stand_in(last)) or not fingerprint_in(last):
        return False
    if isinstance(value, dict):
        return bool(value == last)
    if _PLACEHOLDER.fullmatch(str(value)):
        return None
    return fingerprint(str(value)) == fingerprint_in(last)


def _secrets(document: Document) -> Iterator[tuple[Path, Any]]:
    for path, value in leaves(fields_of(document.reveal())):
        if is_sensitive(document.key, path):
            yield path, value


def _has_code_of_its_own(key: str, path: Path) -> bool:
    return (type_of(key) is USERS and path == _SRTP) or (type_of(key) is TRUNKS and path in _DEMANDS_OF_TRUNKS)


def _shown(there: Any, wanted: Any) -> str:  # noqa: ANN401 -- JSON
    """Both values, where they fit into a line; no secret comes here."""
    if there is None:
        return "not told"
    texts = [str(there), str(wanted)]
    return "another one" if max(map(len, texts)) > _LONGEST else f"{texts[0]}, not {texts[1]}"


def _question(code: str, subject: str) -> Question:
    return Question(code=code, level=Level.STATE, subject=subject, vantage=Vantage.INSIDE)
