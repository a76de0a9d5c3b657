"""Conditions turned into their opposites, one at a time, in the code as it runs."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

_BOUNDARIES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A function of a module, with one condition changed."""

    module: ModuleType
    function: str  # qualified, as in `_Waived.of`
    line: int
    change: str  # `x is None -> not x is None`
    code: CodeType

    def __str__(self) -> str:
        return f"{self.module.__name__}:{self.line} {self.function}: {self.change}"

    @property
    def name(self) -> str:
        """What it is called wherever its lines stand."""
        return f"{self.module.__name__} {self.function}: {self.change}"

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The function does what the mutant does, wherever it was imported to."""
        function = _function(self.module, self.function)
        before = function.__code__
        function.__code__ = self.code
        try:
            yield
        finally:
            function.__code__ = before


def mutants_of(module: ModuleType, *, chosen: Callable[[ast.FunctionDef], bool] = lambda _: True) -> Iterator[Mutant]:
    """Every condition of the module's functions negated, every order off by its boundary, and every loop empty.

    One that only chooses between two texts is left alone.
    """
    path = Path(str(module.__file__))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for name, function in _functions(tree):
        if not chosen(function):
            continue
        of_words = {id(part) for choice in ast.walk(function) if _chooses_words(choice) for part in ast.walk(choice)}
        for index, node in enumerate(ast.walk(function)):
            if id(node) in of_words:
                continue
            for change, mutate in _changes(node):
                mutated = copy.deepcopy(tree)
                (target,) = (found for known, found in _functions(mutated) if known == name)
                mutate(list(ast.walk(target))[index])
                compiled = compile(ast.fix_missing_locations(mutated), str(path), "exec")
                code = _code(compiled, name)
                yield Mutant(module=module, function=name, line=_line(node), change=change, code=code)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and not method.decorator_list:
                    yield f"{node.name}.{method.name}", method


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], None]]]:
    match node:
        case ast.If(test=test) | ast.IfExp(test=test):
            yield _shown(test), _negate_test
        case ast.comprehension(ifs=ifs):
            for position, test in enumerate(ifs):
                yield _shown(test), _negating("ifs", position)
        case ast.Return(value=ast.Compare() | ast.UnaryOp(op=ast.Not()) as returned):
            yield f"return {_shown(returned)}", _negate_return
        case ast.For(iter=several):
            yield f"nothing of {ast.unparse(several)}", _empty
        case ast.BoolOp(values=values):
            for position, value in enumerate(values):
                yield _shown(value), _negating("values", position)
        case ast.Compare(ops=[one]) if type(one) in _BOUNDARIES:
            yield f"{ast.unparse(node)}, with the boundary on the other side", _move_boundary
        case _:
            pass


def _chooses_words(node: ast.AST) -> bool:
    return isinstance(node, ast.IfExp) and _is_text(node.body) and _is_text(node.orelse)


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str))


def _shown(test: ast.expr) -> str:
    return f"not ({ast.unparse(test)})"


def _negate_test(node: ast.AST) -> None:
    assert isinstance(node, ast.If | ast.IfExp)
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _negate_return(node: ast.AST) -> None:
    assert isinstance(node, ast.Return)
    assert node.value is not None
    node.value = ast.UnaryOp(ast.Not(), node.value)


def _empty(node: ast.AST) -> None:
    assert isinstance(node, ast.For)
    node.iter = ast.Tuple(elts=[], ctx=ast.Load())


def _negating(field: str, position: int) -> Callable[[ast.AST], None]:
    def negate(node: ast.AST) -> None:
        tests: list[ast.expr] = getattr(node, field)
        tests[position] = ast.UnaryOp(ast.Not(), tests[position])

    return negate


def _move_boundary(node: ast.AST) -> None:
    assert isinstance(node, ast.Compare)
    node.ops = [_BOUNDARIES[type(node.ops[0])]()]


def _line(node: ast.AST) -> int:
    return min(child.lineno for child in ast.walk(node) if isinstance(child, ast.expr | ast.stmt))


def _code(compiled: CodeType, name: str) -> CodeType:
    for constant in compiled.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_qualname == name:
                return constant
            if name.startswith(f"{constant.co_qualname}."):
                return _code(constant, name)
    raise LookupError(name)


def _function(module: ModuleType, name: str) -> FunctionType:
    found: object = module
    for part in name.split("."):
        found = getattr(found, part)
    found = getattr(found, "__wrapped__", found)
    assert isinstance(found, FunctionType)
    return found
