"""What answers to the API: which product and version it says it is. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.drivers.threecx.contract import FAKE_HEADER, PRODUCT_VERSION_HEADER
from confgen.model.check import Level, Question, Vantage
from confgen.model.version import ProductVersion

if TYPE_CHECKING:
    from confgen.model.api import ApiAnswer
    from confgen.model.check import Check
    from confgen.model.inventory import Pbx

STATUS = "/SystemStatus?$select=FQDN,ProductCode,Version"
_LONGEST = 120  # letters of a word of the PBX's own


def version_in(answered: ApiAnswer) -> str:
    """As the PBX writes it, with its build; empty where it tells none."""
    return str(answered.headers.get(PRODUCT_VERSION_HEADER) or answered.body.get("Version") or "")


def fake_in(answered: ApiAnswer) -> str:
    """In the words of something that plays a 3CX, that it is none; empty of what does not say so."""
    return _printable(answered.headers.get(FAKE_HEADER, ""))


def product_check(pbx: Pbx, answered: ApiAnswer) -> Check:
    """Whether the version is the inventory's. What says itself that it is no 3CX proves nothing of one."""
    question = Question(code="TCX-44", level=Level.STATE, subject="product", vantage=Vantage.INSIDE)
    fake, told = fake_in(answered), _printable(version_in(answered))
    if fake:
        return question.not_checked(f"what answers says that it is no 3CX: {fake}")
    try:
        version = ProductVersion.parse(".".join(told.split(".")[:3]))
    except ValueError:
        return question.unknown("3CX does not tell which version of it runs")
    product = _printable(str(answered.body.get("ProductCode") or "not told"))
    name = _printable(str(answered.body.get("FQDN") or "nobody"))
    runs = f"3CX {told} runs (product {product}), and answers as {name}"
    if version == pbx.product_version:
        return question.passed(runs)
    return question.failed(
        f"{runs}; the inventory says {pbx.product_version}",
        "write the version that runs into product_version, and `confgen plan`: fields of the API come and go with it",
    )


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)[:_LONGEST]
