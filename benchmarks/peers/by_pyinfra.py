"""The same work as a deploy of pyinfra, which runs this file; FLEET is named by the environment."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pyinfra import host
from pyinfra.operations import files

_FLEET = json.loads(Path(os.environ["FLEET"]).read_text(encoding="utf-8"))

files.sync(
    src=_FLEET["files"],
    dest=f"{host.data.folder}/pyinfra",
)
