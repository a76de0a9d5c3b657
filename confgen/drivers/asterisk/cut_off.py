"""Which of the phones that are registered now could not come back. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from confgen.model.document import Document
    from confgen.model.driver import Observation
    from confgen.model.inventory import Pbx
    from confgen.model.plan import CutOff


def cut_off(
    _pbx: Pbx, _observation: Observation, _texts: Mapping[str, str], _documents: Collection[Document]
) -> Sequence[CutOff]:
    """Nobody is looked for yet."""
    return ()
