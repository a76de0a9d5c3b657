"""Level *state*: what a 3CX has and does, by its own word, against what was pushed. Nothing is changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from confgen.drivers.threecx import records
from confgen.drivers.threecx.fingerprints import fingerprint_under
from confgen.drivers.threecx.objects import TRUNKS, name_of, type_of
from confgen.drivers.threecx.present import present
from confgen.drivers.threecx.read_back import read_back_checks, secrets_check
from confgen.drivers.threecx.requests import api_of, ask, pages
from confgen.drivers.threecx.services import PATH, service_checks
from confgen.drivers.threecx.trunks import trunk_checks, trunks
from confgen.drivers.threecx.unclear import Unclear
from confgen.drivers.threecx.who_answers import STATUS, product_check
from confgen.model.check import Check, Level, Question, Vantage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from confgen.model.document import Document
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.shelf import Shelf


def state(host: Host, pbx: Pbx, documents: Collection[Document]) -> Sequence[Check]:
    """One request for each kind of object, and an analysis of each trunk, which makes no call."""
    documents = [document for document in documents if not document.is_for_push]
    return tuple(_checks(host, pbx, documents, datetime.now(UTC)))


def _checks(host: Host, pbx: Pbx, documents: Collection[Document], now: datetime) -> Iterator[Check]:
    try:
        objects = present(host, [document.key for document in documents], pbx.product_version)
    except Unclear as error:
        question = Question(code="TCX-31", level=Level.STATE, subject=error.key, vantage=Vantage.INSIDE)
        yield question.unknown(str(error), error.mend)
    else:
        yield from read_back_checks(pbx, documents, objects)
    yield product_check(pbx, ask(host, STATUS))
    secrets = _secrets(api_of(host).shelf, documents)
    if secrets is not None:
        yield secrets
    yield from service_checks(pages(host, PATH))
    names = [name_of(document.key) for document in documents if type_of(document.key) is TRUNKS]
    if names:
        known = trunks(host, pbx.product_version)
        for name in names:
            yield from trunk_checks(host, known.get(name), name, now)


def _secrets(shelf: Shelf, documents: Collection[Document]) -> Check | None:
    written = _last_written(shelf)
    if not written:
        return secrets_check(documents, {}, lambda _: "")
    return secrets_check(documents, written, fingerprint_under(records.fingerprint_key(shelf)))


def _last_written(shelf: Shelf) -> Mapping[str, str]:
    """What confgen wrote last, with stand-ins: in a push under way, what it has written until now."""
    written = {key: one.text for key, one in records.state(shelf).written.items()}
    under_way = records.journal(shelf)
    for entry in () if under_way is None else under_way.entries:
        if entry.step in (records.Step.ANSWERED, records.Step.WRITTEN) and entry.after is not None:
            written[entry.key] = entry.after
    return written
