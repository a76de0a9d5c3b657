"""Configuration comes together as in Asterisk, and whatever Asterisk would complain of is told with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.drivers.asterisk.configuration import Effective, effective, includes
from confgen.drivers.asterisk.configuration.includes import expanded
from confgen.model.finding import Place
from tests.drivers.asterisk.configuration_cases import CASES, UNCERTAIN, files_of, noted, told
from tests.drivers.asterisk.made_configuration import texts


def complaints(reading: Effective) -> list[str]:
    return [f"{problem.place} {problem.consequence.value}: {problem.message}" for problem in reading.problems]


@pytest.mark.parametrize("case", CASES)
def test_files_are_read_as_asterisk_reads_them(case: str) -> None:
    reading = effective(files_of(case, "made"), "made/main")
    assert told(reading, reading.sections) == noted()[case]["sections"]
    assert told(reading, reading.templates) == noted()[case]["templates"]
    assert reading.is_certain is (case not in UNCERTAIN)


def test_only_what_is_asked_is_noted() -> None:
    assert noted().keys() == CASES.keys()


@given(
    files=st.dictionaries(
        st.sampled_from(["made/b.conf", "made/c.conf", "made/d.conf"]), st.one_of(st.text(), texts())
    ),
    text=st.one_of(st.text(), texts()),
)
def test_whatever_stands_in_files_is_expanded_without_a_fault(files: dict[str, str], text: str) -> None:
    reading = effective({**files, "a.conf": text}, "a.conf")
    for section in (*reading.sections, *reading.templates):
        assert section.place is not None
        assert all(option.place is not None for option in section.options)


def test_every_option_keeps_the_place_where_it_was_written() -> None:
    files = {
        "pjsip.conf": "#include phones.d/*.conf\n[101](phone)\n  auth = 101\n",
        "phones.d/00-common.conf": "[phone](!)\nallow = ulaw\n",
        "/etc/asterisk/phones.d/10-more.conf": "[phone](+TEMPLATES=restrict)\n\ntype = endpoint\n",
    }
    reading = effective(files, "pjsip.conf")
    (section,) = reading.sections
    assert section.place == Place("pjsip.conf", 2, 1)
    assert [(option.name, option.place) for option in section.options] == [
        ("allow", Place("phones.d/00-common.conf", 2, 1)),
        ("type", Place("/etc/asterisk/phones.d/10-more.conf", 3, 1)),
        ("auth", Place("pjsip.conf", 3, 3)),
    ]
    assert reading.files == ("pjsip.conf", "phones.d/00-common.conf", "/etc/asterisk/phones.d/10-more.conf")
    assert [template.name for template in reading.templates] == ["phone"]
    assert not reading.problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = 1\n", "a.conf:1:1 refused: 'x' stands before the first section"),
        ("x\n", "a.conf:1:1 refused: neither a section nor an option: there is no =, before the first section"),
        ("[b]\n [a\n", "a.conf:2:2 refused: a section's name has no closing ]"),
        ("[a](!\n", "a.conf:1:1 refused: the marks of section 'a' have no closing )"),
        ("[a](t)\n", "a.conf:1:1 refused: section 'a' inherits from 't', which does not stand before it"),
        (
            "[b]\n[a](+)\n",
            "a.conf:2:1 refused: nothing of the name 'a' stands before it that could be added to",
        ),
        ("[a]\n\\\n", "a.conf:2:1 refused: nothing to escape follows the \\"),
        ("[a]\nnothing\n", "a.conf:2:1 passed over: neither a section nor an option: there is no ="),
        ("[a]\n= 1\n", "a.conf:2:1 passed over: an option has no name"),
        (f"[a]\nx = {'1' * 9000}\n", "a.conf:2:1 passed over: the line has more than 8190 octets"),
        ("[a]\nx = 1 ;-- y\n", "a.conf:2:7 passed over: a comment is never closed: what follows is a comment"),
        ("[a]\nx = 1 --; y\nz = 2\n", "a.conf:2:1 passed over: --; closes nothing: what follows is a comment"),
        ("[a]\n#nothing b\n", "a.conf:2:1 passed over: there is no directive '#nothing'"),
        ("[a]\n#include\n", "a.conf:2:1 passed over: #include names no file"),
        ("[a]\n  #include b.conf\n", "a.conf:2:3 refused: the file 'b.conf' is not there"),
        ("[a]\n#include b*\n", "a.conf:2:1 refused: the file 'b*' is not there"),
        (
            "[a]\n#exec /bin/true\n",
            "a.conf:2:1 unknown: #exec runs a program where asterisk.conf allows it; what it prints is not known",
        ),
        ("[a]\n#include a.conf\n", "a.conf:2:1 unknown: 'a.conf' includes itself"),
        ("[a]\n#tryinclude /etc/asterisk/./a.conf\n", "a.conf:2:1 unknown: 'a.conf' includes itself"),
        (
            "[a]\nx = 1\n[a](+x=[0-9])\n",
            "a.conf:3:1 unknown: the condition 'x=[0-9]' of section 'a' is not understood here",
        ),
        (
            "[a]\nx = 1\nx = 1\nx += 2\n",
            "a.conf:4:1 unknown: several 'x' look the same: which of them += means differs from version to version",
        ),
        (
            "[a]\n#include " + "{a,b}" * 11 + "\n",
            f"a.conf:2:1 unknown: the pattern '{'{a,b}' * 11}' has too many alternatives",
        ),
    ],
)
def test_what_asterisk_would_complain_of_is_told_with_its_place(text: str, problem: str) -> None:
    reading = effective({"a.conf": text}, "a.conf")
    assert problem in complaints(reading)
    assert reading.is_refused is (" refused: " in problem) or "condition" in problem
    assert reading.is_certain is (" unknown: " not in problem)


def test_a_file_that_is_not_there_is_told() -> None:
    assert complaints(effective({}, "pjsip.conf")) == ["pjsip.conf:1:1 refused: the file 'pjsip.conf' is not there"]


def test_a_fault_in_an_included_file_costs_the_rest_of_that_file_alone() -> None:
    files = {"a.conf": "[a]\n#include b.conf\ny = 2\n", "b.conf": "x = 1\n[b](lost)\nz = 3\n"}
    reading = effective(files, "a.conf")
    assert told(reading, reading.sections) == [{"a": ["x=1", "y=2"]}]
    assert complaints(reading) == [
        "b.conf:2:1 file cut: section 'b' inherits from 'lost', which does not stand before it"
    ]
    assert not reading.is_refused


def test_a_circle_of_includes_is_told_and_read_once() -> None:
    files = {"a.conf": "[a]\n#include b.conf\n", "b.conf": "x = 1\n#include a.conf\ny = 2\n"}
    reading = effective(files, "a.conf")
    assert told(reading, reading.sections) == [{"a": ["x=1", "y=2"]}]
    assert complaints(reading) == ["b.conf:2:1 unknown: 'a.conf' includes itself"]


@pytest.mark.parametrize("text", ["[a]\nx = 1\n[a](+,a)\n", "[a]\n" + ";-- " * 129])
def test_what_would_keep_asterisk_for_ever_is_refused_wherever_it_stands(text: str) -> None:
    reading = effective({"a.conf": "#include b.conf\n", "b.conf": text}, "a.conf")
    assert reading.is_refused
    assert [problem.place.file for problem in reading.problems] == ["b.conf"]
    assert reading.problems[0].message.endswith("Asterisk would never come to an end")


_ENDLESS = {
    "templates of templates": {
        "0": "[t0](!)\nx = 1\n" + "".join(f"[t{n}](!,t{n - 1},t{n - 1})\n" for n in range(1, 60))
    },
    "includes of includes": {**{f"{n}": f"#include {n + 1}\n" * 30 for n in range(9)}, "9": "[a]\n" * 30},
    "additions to a value": {"0": "[a]\nx = 1\n" + f"x += {'1' * 100}\n" * 20_000},
    "additions to a long section": {"0": "[a]\n" + "x = 1\n" * 3000 + "y = 1\n" + "y += 1\n" * 3000},
    "conditions of additions": {"0": "[a]\nx = 1\n" * 3000 + "[a](+x=2)\n" * 3000},
    "patterns": {"0": "[a]\n" + "#tryinclude {a,b}{c,d}*\n" * 1000, **{f"n{number}": "" for number in range(1000)}},
}


@pytest.mark.full
@pytest.mark.timeout(20)
@pytest.mark.parametrize("what", _ENDLESS)
def test_what_would_keep_us_for_long_is_given_up(what: str) -> None:
    reading = effective(_ENDLESS[what], "0")
    assert not reading.is_certain
    assert (
        " too many lines" in reading.problems[-1].message
        or " more than can be worked in" in reading.problems[-1].message
    )


def test_what_is_included_too_deep_is_told_although_it_may_lack() -> None:
    files = {str(number): f"#tryinclude {number + 1}\n" for number in range(20)}
    assert complaints(effective(files, "0")) == ["10:1:1 passed over: the file '11' is included too deep"]


def test_the_includes_of_a_file_are_listed_for_who_must_fetch_them() -> None:
    text = (
        '[a]\n#include "b.conf" ; so\n ;#include c.conf\n#tryinclude </srv/d/*.conf>\n#exec e\n;--\n#include f\n--;\n'
    )
    first, second = includes(text, "a.conf")
    assert (first.name, first.path(), first.is_required, first.is_pattern) == (
        "b.conf",
        "/etc/asterisk/b.conf",
        True,
        False,
    )
    assert (second.path("/usr/local/etc/asterisk"), second.is_required, second.is_pattern) == (
        "/srv/d/*.conf",
        False,
        True,
    )
    assert (first.place, second.place) == (Place("a.conf", 2, 1), Place("a.conf", 4, 1))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/c/a.conf", ("/c/a.conf",)),
        ("/c/lost.conf", ()),
        ("/c/*.conf", ("/c/B.conf", "/c/a-b.conf", "/c/a.conf")),
        ("/c/.*.conf", ("/c/.h.conf",)),
        ("/*/?.conf", ("/c/B.conf", "/c/a.conf")),
        ("/c/[!a]*", ("/c/B.conf", "/c/x*")),
        ("/c/{x,{a,B}}.conf", ("/c/a.conf", "/c/B.conf")),
        ("/c/{a.conf", ()),
        (r"/c/x\*", ("/c/x*",)),
        (r"/c/[x]\*", ("/c/x*",)),
        ("/c/*", ("/c/B.conf", "/c/a-b.conf", "/c/a.conf", "/c/x*")),
        ("/*", ()),
    ],
)
def test_a_pattern_means_the_files_that_it_means_to_asterisk(pattern: str, expected: tuple[str, ...]) -> None:
    paths = ["/c/a.conf", "/c/x*", "/c/a-b.conf", "/c/B.conf", "/c/.h.conf", "/c/d/e.conf"]
    assert expanded(pattern, paths) == expected
