"""The templates and schemas that confgen brings along, inside the package in a wheel and beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def template_folder() -> Path:
    """The folder that holds one folder of templates for each kind of PBX."""
    return _folder("templates")


def schema_text(name: str) -> str:
    """The JSON Schema of that name: `inventory`, or a kind of PBX."""
    return (_folder("schemas") / f"{name}.schema.json").read_text(encoding="utf-8")


def _folder(name: str) -> Path:
    shipped = _PACKAGE / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name
