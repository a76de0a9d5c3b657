"""Every code that confgen can print, with what `confgen explain` says of it; a code is never used again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.codes import (
    api,
    cluster,
    dialling,
    downgrade,
    encryption,
    exposure,
    fleet,
    host,
    leg,
    load,
    logins,
    media,
    migration,
    openness,
    outside,
    own,
    paths,
    policy,
    preflight,
    provider,
    push,
    reference,
    remote,
    saved,
    secret,
    state,
    threecx,
    threecx_proof,
    threecx_push,
    tls,
    toll,
    version,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.codes.explanation import Explanation

_AREAS = (
    toll, logins, openness, exposure,
    load, reference, version, secret, remote, api, encryption, downgrade, provider, state, dialling, own, migration,
    paths, host, push, preflight, saved, fleet, cluster, media, tls, leg, outside, threecx, threecx_proof,
    threecx_push, policy,
)  # fmt: skip

EXPLANATIONS: Mapping[str, Explanation] = {
    explanation.code: explanation for area in _AREAS for explanation in area.EXPLANATIONS
}
