"""What nobody can tell of an object of a PBX, so that it is neither written nor called proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from confgen.model.finding import Finding
from confgen.model.host import HostError

if TYPE_CHECKING:
    from confgen.model.inventory import Pbx


class Unclear(HostError):
    """The object under a key cannot be told; `mend` is what makes it clear."""

    code: str
    mend: ClassVar[str]
    is_unsent = True  # it comes of reading alone

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


class Ambiguous(Unclear):
    """Two objects of a PBX answer to one key, so that nobody knows which one is meant."""

    code = "TCX-23"
    mend = "rename or remove one of them in the console"

    def __init__(self, key: str) -> None:
        super().__init__(key, f"there are two {key} on the PBX, and nobody knows which one is meant")


class MeaningUntold(Unclear):
    """Whether a list of countries names those that may be called, or those that may not."""

    code = "TCX-13"
    mend = (
        "in the console (Security, Allowed Country Codes), allow a few countries, its own among them, and set its own "
        "country (E164); then run it again. Or take `countries` out of the inventory"
    )


def unclear(pbx: Pbx, error: Unclear) -> Finding:
    """The same as a finding."""
    return Finding(code=error.code, message=str(error), mend=error.mend, place=pbx.place, pbx=pbx.name)
