"""What violates the schema, said to a person and taken out of the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.load.kinds import kinds_that_know, schema_of
from confgen.load.schema import Violation, first_repeated, violations
from confgen.load.settings import value_at
from confgen.load.showable import spot_of
from confgen.load.tables import is_table
from confgen.load.wording import kind_of, nearest, shown, subject_of
from confgen.load.yaml_tree import REFUSED, Tree, YamlMapping, YamlSequence, place_of
from confgen.model.finding import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import yaml


def refuse_what_violates(tree: Tree) -> tuple[Finding, ...]:
    """A finding for everything that the schema refuses; in the tree REFUSED stands in its place."""
    found = [violation for violation in violations(tree.root) if not _was_refused(violation)]
    findings: list[Finding] = []
    # Unknown keys first: one that is a slip of the pen explains why the right one is missing. Of two complaints about
    # one value the wrong type comes before the wrong value.
    for choose, tell in _ORDER:
        for violation in found:
            if choose(violation):
                findings.extend(tell(violation, tree))
    _refuse_unjudged(tree.root)
    return tuple(findings)


def _refuse_unjudged(root: object) -> None:
    """The schema of a PBX depends on its kind: without a good one nothing else in it has been judged."""
    pbxs = root.get("pbxs") if isinstance(root, YamlMapping) else None
    if isinstance(pbxs, YamlMapping):
        for name, pbx in pbxs.items():
            if isinstance(pbx, YamlMapping) and pbx["kind"] is REFUSED:
                pbxs[name] = REFUSED


def _was_refused(violation: Violation) -> bool:
    value = violation.value
    return value is REFUSED or (violation.keyword == "uniqueItems" and any(item is REFUSED for item in value))


def _unknown_keys(violation: Violation, tree: Tree) -> Iterator[Finding]:
    mapping: YamlMapping = violation.value
    known = violation.properties
    for key in list(mapping):
        if key in known:
            continue
        if (elsewhere := _of_another_kind(violation, key, tree)) is not None:
            mapping[key] = REFUSED
            yield elsewhere
            continue
        meant = nearest(key, known)
        if meant is not None and meant not in mapping:  # so that the right key is not said to be missing
            mapping.put(meant, REFUSED, mapping.key_mark(key), mapping.value_mark(key))
        mapping[key] = REFUSED
        what = f"`{key}`" if spot_of(violation.path).shows_key(key) else "a key"
        mend = f"write `{meant}`" if meant else f"remove it; known here are {', '.join(known)}"
        message = f"{what} is not known in {_subject(violation)}"
        yield _finding(violation, "LOAD-10", message, mend, place_of(mapping.key_mark(key)))


def _of_another_kind(violation: Violation, key: str, tree: Tree) -> Finding | None:
    """What a key means that other kinds of PBX have; None where none has it."""
    match violation.path:
        case ("pbxs", str(name), *way):
            kind = value_at(tree.root, "pbxs", name, "kind")
        case _:
            return None
    if not isinstance(kind, str):
        return None
    place = place_of(violation.value.key_mark(key))
    title = schema_of(kind)["title"]
    if (lack := violation.lacking.get(key)) is not None:
        message = f"{title} cannot have `{key}`: {lack['reason']}"
        return _finding(violation, lack["code"], message, lack["mend"], place)
    others = " or ".join(kinds_that_know(tuple(way), key, but=kind))
    if not others:
        return None
    mend = f"remove it; known here are {', '.join(violation.properties)}"
    return _finding(violation, "LOAD-10", f"`{key}` is a setting of {others}, and `{name}` is {title}", mend, place)


def _missing_keys(violation: Violation, _: Tree) -> Iterator[Finding]:
    mapping: YamlMapping = violation.value
    if not violation.path:  # the keys of the root may stand in another file
        return
    for key in violation.expected:
        if key not in mapping:
            mark = _mark(violation, of_key=True)
            mapping.put(key, REFUSED, mark, mark)
            mend = f"add `{key}`: {violation.properties[key]['title']}"
            message = f"{_subject(violation)} has no `{key}`"
            yield _finding(violation, "LOAD-13", message, mend, place_of(mark))


def _wrong_key(violation: Violation, _: Tree) -> Iterator[Finding]:
    mapping: YamlMapping = violation.parent
    key: str = violation.value
    if mapping[key] is not REFUSED:
        mapping[key] = REFUSED
        is_shown = not _is_cell(mapping.key_mark(key)) and spot_of(violation.path).shows_key(key)
        what = f"the key {shown(key)}" if is_shown else "a key"
        message = f"{what} is not allowed in {_subject(violation)}"
        yield _finding(violation, "LOAD-12", message, f"write {violation.title}", place_of(mapping.key_mark(key)))


def _wrong_value(violation: Violation, tree: Tree) -> Iterator[Finding]:
    value, path, parent = violation.value, violation.path, violation.parent
    is_hidden = not spot_of(path).shows(value) or (path != () and _is_cell(_mark(violation, of_key=False)))
    message = f"{_subject(violation)} cannot be {kind_of(value, is_hidden=is_hidden)}"
    if not path:
        yield _finding(violation, "LOAD-11", message, "begin with `version: 1` and `pbxs:`", tree.place)
        return
    if parent[path[-1]] is REFUSED:
        return
    parent[path[-1]] = REFUSED
    place = place_of(_mark(violation, of_key=False))
    lack = violation.lacking.get(value) if isinstance(value, str) else None
    if lack is not None:
        message = f"{_subject(violation)} cannot be {shown(value)}: {lack['reason']}"
        yield _finding(violation, lack["code"], message, lack["mend"], place)
    elif path == ("version",):
        yield _finding(violation, "LOAD-15", message, "write `version: 1`", place)
    elif _is_reference(violation) and isinstance(value, str | int):
        message = f"{_subject(violation)} is written out, and an inventory holds references only"
        yield _finding(violation, "LOAD-14", message, f"write {violation.title}", place)
    elif violation.keyword == "type":
        yield _finding(violation, "LOAD-11", message, _mend_of_type(violation, is_hidden=is_hidden), place)
    elif violation.keyword == "uniqueItems":
        at = first_repeated(value) or 0
        is_shown = not _is_cell(value.marks[at]) and spot_of((*path, at)).shows(value[at])
        what = shown(value[at]) if is_shown else "an item"
        message = f"{_subject(violation)} names {what} twice"
        yield _finding(violation, "LOAD-12", message, "remove one of the two", place_of(value.marks[at]))
    else:
        yield _finding(violation, "LOAD-12", message, _mend_of_value(violation), place)


_ORDER: tuple[tuple[Callable[[Violation], bool], Callable[[Violation, Tree], Iterator[Finding]]], ...] = (
    (lambda violation: violation.keyword == "additionalProperties", _unknown_keys),
    (lambda violation: violation.is_of_key, _wrong_key),
    (lambda violation: not violation.is_of_key and violation.keyword == "type", _wrong_value),
    (
        lambda violation: (
            not violation.is_of_key and violation.keyword not in {"additionalProperties", "required", "type"}
        ),
        _wrong_value,
    ),
    (lambda violation: violation.keyword == "required", _missing_keys),
)


def _mend_of_type(violation: Violation, *, is_hidden: bool) -> str:
    value, expected = violation.value, violation.expected
    if not is_hidden and isinstance(value, int) and "string" in expected:
        return f'put it in quotes: "{value}"'
    if not is_hidden and isinstance(value, str) and expected == "array":
        return f"write a list: [{shown(value)}]"
    if isinstance(value, str) and str(expected) in {"integer", "boolean"}:
        return f"write {violation.title}, without quotes"
    if "object" in expected and len(violation.path) > 1 and not _shows_its_form(violation):
        return "write its settings below it, indented, or leave it out"
    return f"write {violation.title}"


def _mend_of_value(violation: Violation) -> str:
    value, allowed = violation.value, violation.expected
    if violation.keyword == "enum" and isinstance(value, str) and "clear" not in allowed:  # no guess says "encrypted"
        near = nearest(value, allowed)
        if near is not None:
            return f"write {shown(near)}"
    if violation.keyword == "minProperties" and violation.properties and not _shows_its_form(violation):
        return f"write at least one of {', '.join(violation.properties)}, or leave it out"
    return f"write {violation.title}"


def _shows_its_form(violation: Violation) -> bool:
    """Whether the title is an example that can be written down."""
    return "{" in violation.title


def _is_reference(violation: Violation) -> bool:
    return {"file", "command"} <= violation.properties.keys()


def _mark(violation: Violation, *, of_key: bool) -> yaml.Mark:
    last, parent = violation.path[-1], violation.parent
    if isinstance(parent, YamlSequence):
        return parent.marks[int(last)]
    mapping: YamlMapping = parent
    return mapping.key_mark(str(last)) if of_key else mapping.value_mark(str(last))


def _is_cell(mark: yaml.Mark) -> bool:
    return is_table(mark.name)


def _subject(violation: Violation) -> str:
    """What is wrong; the key of an extension from a table is a cell of it."""
    match violation.path:
        case ("pbxs", _, "extensions", str(_)) if _is_cell(_mark(violation, of_key=True)):
            return "this extension"
        case path:
            return subject_of(path)


def _finding(violation: Violation, code: str, message: str, mend: str, place: Place) -> Finding:
    match violation.path:
        case ("pbxs", str(pbx), *_):
            return Finding(code=code, message=message, mend=mend, place=place, pbx=pbx)
        case _:
            return Finding(code=code, message=message, mend=mend, place=place)
