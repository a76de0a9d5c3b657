"""Where rules are written: their own modules, and the functions of loading and drivers that find what they weigh."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from confgen import policy
from confgen.policy import rules
from confgen.policy.rules import RULES
from tests.policy import corpus

_ROOT = Path(__file__).parents[2]
# What weighs and waives, and what judges what was opened, has tests of its own.
TESTS: Mapping[str, tuple[str, ...]] = {
    "confgen.policy.authority": ("tests/policy/test_authority.py",),
    "confgen.policy.certificate": ("tests/policy/test_certificate.py",),
    "confgen.policy.guessable": ("tests/policy/test_guessable.py",),
    "confgen.policy.held": ("tests/policy/test_held.py",),
    "confgen.policy.judge": ("tests/policy/test_judge.py",),
    "confgen.policy.opened_certificates": ("tests/fleet/test_opening.py", "tests/policy/test_authority.py"),
    "confgen.policy.rule": ("tests/policy/test_judge.py",),
}
_NO_RULES = frozenset(
    {*TESTS, *(f"confgen.policy.{name}" for name in ("company", "opened", "rules", "weights", "rules.elsewhere"))}
)
_ELSEWHERE = ("confgen/load/*.py", "confgen/drivers/*/*findings.py")
_FOUND_ELSEWHERE = frozenset(rule.code for rule in RULES.values() if rule.check is None)


def of_rules() -> list[ModuleType]:
    """The module of each rule that looks by itself, and what they share."""
    found = [f"{rules.__name__}.{module.name}" for module in pkgutil.iter_modules(rules.__path__)]
    found += [f"{policy.__name__}.{module.name}" for module in pkgutil.iter_modules(policy.__path__)]
    return [importlib.import_module(name) for name in found if name not in _NO_RULES]


def elsewhere() -> list[ModuleType]:
    """Modules of loading and drivers in which something is found that rules weigh."""
    found = (path for glob in _ELSEWHERE for path in sorted(_ROOT.glob(glob)) if codes_weighed(path))
    return [importlib.import_module(".".join(path.relative_to(_ROOT).with_suffix("").parts)) for path in found]


def finds_what_is_weighed(function: ast.FunctionDef) -> bool:
    """Whether a code stands in it that rules weigh."""
    return not _FOUND_ELSEWHERE.isdisjoint(_codes_in(function))


def codes_weighed(path: Path) -> set[str]:
    """The codes of all functions of a module in which one stands that rules weigh."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef) and finds_what_is_weighed(node))
    return {code for function in functions for code in _codes_in(function)}


def _codes_in(function: ast.FunctionDef) -> set[str]:
    constants = (node.value for node in ast.walk(function) if isinstance(node, ast.Constant))
    return {text for text in constants if isinstance(text, str) and text in corpus.printable_codes()}
