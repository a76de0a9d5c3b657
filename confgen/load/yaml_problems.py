"""What keeps a text from being YAML, in words for whoever wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml

_LOOK = "look at indentation, brackets and quotes there"
_SPACES = "indent with spaces, not tabs"
_QUOTE = "put the text in quotes"

# By what libyaml says: what is wrong, and the mend. {line} is where the construct begins that does not come to its end.
_WORDS = {
    "did not find expected ',' or ']'": (
        "the list `[` of line {line} is not closed, or a comma is missing in it",
        "close it with `]`, or put a comma between its items",
    ),
    "did not find expected ',' or '}'": (
        "the mapping `{{` of line {line} is not closed, or a comma is missing in it",
        "close it with `}`, or put a comma between its settings",
    ),
    "found unexpected end of stream": ("the quotes that open in line {line} are not closed", "close them"),
    "found unknown escape character": (
        "`\\` in double quotes changes what the next sign means, and this one has no other meaning",
        "write `\\\\`, or use single quotes",
    ),
    "mapping values are not allowed in this context": (
        "a `:` stands here, and what is before it can be no key",
        "indent a key as its neighbours are, write `:` behind the key before it, and quote a text with `: ` in it",
    ),
    "could not find expected ':'": ("a key has no `:` behind it", "write `:` and a space behind the key"),
    "did not find expected <document start>": (
        "what stands here belongs to nothing",
        "indent the keys of one mapping alike, and look for a bracket too many",
    ),
    "did not find expected key": (
        "a key should stand here, as one does in line {line}",
        "indent it as its neighbours are, and put quotes around the whole of a text",
    ),
    "did not find expected '-' indicator": (
        "an item of the list of line {line} should begin here",
        "begin it with `- `, or indent it as what it belongs to",
    ),
    "did not find expected node content": ("a value is missing before this sign", f"write one, or {_QUOTE}"),
    "did not find expected alphabetic or numeric character": (
        "a text that begins with `*` or `&` names another value, and this one is no name",
        _QUOTE,
    ),
    "found undefined tag handle": ("a text that begins with `!` is a tag", _QUOTE),
    "did not find expected comment or line break": (
        "behind `|` or `>` nothing else can stand",
        f"begin the text on the next line, or {_QUOTE}",
    ),
    "found a tab character where an indentation space is expected": ("a tab indents this line", _SPACES),
}
_NO_BEGINNING = "found character that cannot start any token"


def words(error: yaml.MarkedYAMLError, content: bytes) -> tuple[str, str]:
    """What is wrong, and the mend."""
    problem = error.problem or "it breaks off"
    if problem == _NO_BEGINNING:
        return _no_beginning(_sign(error, content))
    wrong, mend = _WORDS.get(problem, (problem.replace("{", "{{"), _LOOK))
    mark = error.context_mark or error.problem_mark
    return wrong.format(line=mark.line + 1 if mark else 1), mend


def _no_beginning(sign: str) -> tuple[str, str]:
    if sign == "\t":
        return "a tab indents this line", _SPACES
    return (f"a text cannot begin with `{sign}`", _QUOTE) if sign.isprintable() and sign else (_NO_BEGINNING, _LOOK)


def _sign(error: yaml.MarkedYAMLError, content: bytes) -> str:
    mark = error.problem_mark
    if mark is None:
        return ""
    lines = content.decode(errors="replace").split("\n", mark.line + 1)
    return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""
