"""Paths as JSON.

`confgen paths --format json` writes one object:

    format_version  1; it grows when something here changes its meaning or goes, not when something is added
    command         "paths"
    inventory       the path as it was given
    from, to        the ends as they were given; null is anything
    message         the answer in a line: how many paths of what strength, or that no way leads there, and why
    is_complete     false where there are more paths, which were not followed
    paths           each with words, signalling, media, weakest_leg, key_holders, not_known, is_emergency, legs and
                    steps
    exit_code       what the command ends with: 1 where `confgen validate` tells an error too, 4 where none was found
                    among those that were followed, and there are more

signalling and media are those of the weakest leg: "clear", "unknown", "waived" (in clear up to a day that somebody
answers for), "not enforceable" (the product has no setting for it) or "encrypted", from the weakest to the strongest.
They are what the inventory says; nothing of it is proven on the wire, which `confgen verify` does.

weakest_leg is a number of `legs`, which are in the order of the call. A leg has kind ("phones", "peer", "provider",
"beyond", "line" or "unseen"), name, near, far, signalling, media, keying ("sdes", "dtls" or "not said"), why and mend
(empty where it is encrypted), pbx and place (file, line, column). Media whose keys stand in signalling that is not
encrypted is no better than that signalling.

key_holders are the systems on the way that decrypt the call, not_known the ends of which nobody says who does. A step
has words, pbx, place (null where no line leads it so) and legs, numbers of the path's legs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from confgen.paths import Leg, Path
from confgen.report.json_text import json_text
from confgen.report.paths_told import PathsTold

FORMAT_VERSION = 1


def text(told: PathsTold) -> str:
    """The answer as described above."""
    return json_text(
        {
            "format_version": FORMAT_VERSION,
            "command": "paths",
            "inventory": told.inventory,
            "from": told.start,
            "to": told.end,
            "message": told.tally,
            "is_complete": told.is_complete,
            "paths": [_path(path) for path in told.paths],
            "exit_code": told.exit_code,
        },
    )


def _path(path: Path) -> Mapping[str, Any]:
    legs = path.legs
    first = 0
    steps = []
    for step in path.steps:
        numbers = list(range(first, first + len(step.legs)))
        first += len(step.legs)
        place = None if step.place is None else asdict(step.place)
        steps.append({"words": step.words, "pbx": step.pbx, "place": place, "legs": numbers})
    return {
        "words": path.words,
        "signalling": path.signalling.value,
        "media": path.media.value,
        "weakest_leg": legs.index(path.weakest_leg),
        "key_holders": list(path.key_holders),
        "not_known": list(path.not_known),
        "is_emergency": path.is_emergency,
        "legs": [_leg(leg) for leg in legs],
        "steps": steps,
    }


def _leg(leg: Leg) -> Mapping[str, Any]:
    return {
        "kind": leg.kind.value,
        "name": leg.name,
        "near": leg.near,
        "far": leg.far,
        "signalling": leg.signalling.value,
        "media": leg.media.value,
        "keying": leg.keying.value,
        "why": leg.why,
        "mend": leg.mend,
        "pbx": leg.pbx,
        "place": asdict(leg.place),
    }
