"""All files of an inventory, by confgen or by bare Jinja2: `python -m benchmarks.rendering WHO INVENTORY`.

Both get the same templates and the same values, made before the clock runs, and compile the templates while it does.
Bare Jinja2 escapes nothing and resolves nothing: the lines of both are as many, and differ in that alone.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from confgen import fleet
from confgen.drivers import driver_of
from confgen.model.document import TemplateSource
from confgen.render import render
from confgen.resources import template_folder

if TYPE_CHECKING:
    from collections.abc import Sequence


def main() -> None:
    """Print a JSON object of seconds, seconds of CPU, and how many lines were written."""
    who, path = sys.argv[1:]
    pbxs = fleet.load(Path(path)).inventory.pbxs
    sources = [
        [source for source in driver_of(pbx.kind).sources(pbx) if isinstance(source, TemplateSource)] for pbx in pbxs
    ]
    started, worked = time.perf_counter(), time.process_time()
    lines = sum(map({"confgen": _by_confgen, "bare Jinja2": _by_jinja2}[who], sources))
    took = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - worked}
    print(json.dumps({**took, "lines": lines}))


def _by_confgen(sources: Sequence[TemplateSource]) -> int:
    return sum(document.reveal().count("\n") for document in render(sources, {}))


_BARE = jinja2.Environment(
    loader=jinja2.FileSystemLoader(template_folder()),
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # noqa: S701 -- these are no web pages
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    auto_reload=False,
)


def _by_jinja2(sources: Sequence[TemplateSource]) -> int:
    return sum(_BARE.get_template(source.template).render(source.values).count("\n") for source in sources)


if __name__ == "__main__":
    main()
