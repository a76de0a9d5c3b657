"""What the layers promise beyond what import-linter can be told."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CONFGEN = Path(__file__).resolve().parents[2] / "confgen"
MODEL = CONFGEN / "model"


def imported_modules(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "confgen.model" if node.level else node.module or ""


@pytest.mark.parametrize("module", sorted(MODEL.rglob("*.py")), ids=lambda path: str(path.relative_to(MODEL)))
def test_the_model_imports_itself_and_the_standard_library_alone(module: Path) -> None:
    strangers = {
        name
        for name in imported_modules(module.read_text(encoding="utf-8"))
        if name.partition(".")[0] not in sys.stdlib_module_names
        and name != "confgen.model"
        and not name.startswith("confgen.model.")
    }

    assert strangers == set()


def test_no_folder_of_modules_hides_from_import_linter_for_want_of_an_init_file() -> None:
    folders = {folder for module in CONFGEN.rglob("*.py") for folder in module.parents if CONFGEN in folder.parents}

    assert folders
    assert {folder for folder in folders if not (folder / "__init__.py").is_file()} == set()
