"""JSON as every answer is written."""

from __future__ import annotations

import json

from confgen.report.visible import Spelling, without_commands


def json_text(value: object) -> str:
    """Indented, in ASCII alone, and without what a job that keeps it in its log takes for a command."""
    return without_commands(json.dumps(value, indent=2), Spelling.JSON)
