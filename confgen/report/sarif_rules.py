"""Codes as the rules of a SARIF run: what each says, how to mend it, and the standard that asks for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from confgen.model.codes import EXPLANATIONS
from confgen.model.codes.explanation import Explanation

_ADDRESS = re.compile(r"https://[^\s,;)]+")
_RFC = re.compile(r"RFC (?P<number>\d+)(?:(?:, section | §)(?P<section>\d+(?:\.\d+)*))?")


def rule(code: str, level: str) -> Mapping[str, Any]:
    """The rule of a code; `level` is what it weighs where nothing else is said."""
    explanation = EXPLANATIONS.get(code)
    if explanation is None:
        return {"id": code, "defaultConfiguration": {"level": level}}
    told: dict[str, Any] = {
        "id": code,
        "name": code.replace("-", ""),
        "shortDescription": {"text": explanation.title},
        "fullDescription": {"text": explanation.meaning},
        "help": {"text": _plain(explanation), "markdown": _markdown(explanation)},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": ["security", "telephony", code.partition("-")[0]]},
    }
    if (address := _address(explanation)) is not None:
        told["helpUri"] = address
    return told


def _plain(explanation: Explanation) -> str:
    written = f" ({references})" if (references := _references(explanation)) else ""
    return f"How to mend it: {explanation.mend}{written}"


def _markdown(explanation: Explanation) -> str:
    parts = [explanation.meaning, f"**How to mend it:** {explanation.mend}"]
    if explanation.example:
        parts.append(f"```yaml\n{explanation.example.rstrip()}\n```")
    if references := _references(explanation):
        parts.append(f"Source: {references}")
    parts.append(f"On the command line: `confgen explain {explanation.code}`")
    return "\n\n".join(parts)


def _references(explanation: Explanation) -> str:
    return ", ".join(dict.fromkeys(filter(None, (explanation.source, *explanation.standards))))


def _address(explanation: Explanation) -> str | None:
    """Where the first source that the web has can be read."""
    references = _references(explanation)
    if (address := _ADDRESS.search(references)) is not None:
        return address[0]
    if (rfc := _RFC.search(references)) is None:
        return None
    section = f"#section-{rfc['section']}" if rfc["section"] else ""
    return f"https://www.rfc-editor.org/rfc/rfc{rfc['number']}{section}"
