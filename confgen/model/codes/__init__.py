"""Every code that confgen can print, with what `confgen explain` says of it; a code is never used again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.codes import (
    dialling,
    encryption,
    load,
    migration,
    own,
    provider,
    push,
    reference,
    remote,
    secret,
    state,
    version,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.codes.explanation import Explanation

EXPLANATIONS: Mapping[str, Explanation] = {
    explanation.code: explanation
    for area in (load, reference, version, secret, remote, encryption, provider, state, dialling, own, migration, push)
    for explanation in area.EXPLANATIONS
}
