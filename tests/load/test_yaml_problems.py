"""What is no YAML is told in words that lead to the mistake."""

from __future__ import annotations

import pytest

from confgen.load import Unreadable
from confgen.load.sources import SourceFile
from confgen.load.yaml_tree import read_tree


def told(text: str) -> str:
    with pytest.raises(Unreadable) as refused:
        read_tree(SourceFile(name="f", content=text.encode()))
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "place", "wrong", "mend"),
    [
        ("a:\n  b: [1\n  c: 2", "3:4", "the list `[` of line 2 is not closed", "close it with `]`"),
        ("a: {b: 1\nc: 2", "2:2", "the mapping `{` of line 1 is not closed", "close it with `}`"),
        ("a: 'x\nb: y\n", "3:1", "the quotes that open in line 1 are not closed", "close them"),
        ('a: "x\\q"', "1:6", "`\\` in double quotes", "use single quotes"),
        ("name: Ann: Miller", "1:10", "can be no key", "quote a text"),
        ("no colon\nb: c", "2:2", "can be no key", "write `:` behind the key before it"),
        ("a:\n\tb: c", "2:1", "a tab indents this line", "spaces, not tabs"),
        ("a: >\n\tb", "2:1", "a tab indents this line", "spaces, not tabs"),
        ("a: @x", "1:4", "a text cannot begin with `@`", "quotes"),
        ("a: %x", "1:4", "a text cannot begin with `%`", "quotes"),
        (" a: 1\nb: 2", "2:1", "belongs to nothing", "alike"),
        ("a:\n  b: 1\n c: 2", "3:2", "a key should stand here, as one does in line 1", "indent it"),
        ("- a\nb: c", "2:1", "an item of the list of line 1", "begin it with `- `"),
        ("a: ]", "1:4", "a value is missing before this sign", "write one"),
        ("a: *", "1:5", "this one is no name", "quotes"),
        ("a: !x!y z", "1:4", "is a tag", "quotes"),
        ("a: |x\n  b", "1:5", "nothing else can stand", "next line"),
        ('a: "\\x1"', "1:7", "did not find", "look at"),
    ],
)
def test_what_is_wrong_and_how_to_mend_it(text: str, place: str, wrong: str, mend: str) -> None:
    answer = told(text)

    assert answer.startswith(f"f:{place}: LOAD-02 this is not YAML: ")
    assert wrong in answer.split("; ")[0]
    assert mend in answer.split("; ", 1)[1]
