"""Files of every corner of the dialect, and what Asterisk 22 and 16 make of them: both were asked, and agree.

Live tests ask again; with CONFGEN_UPDATE_GOLDEN=1 they note what a new case is read as.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from confgen.drivers.asterisk.configuration import Effective, Section

Sections = list[dict[str, list[str]]]  # each a name and its options as `name=value`

NOTED = Path(__file__).parent / "answers" / "configuration-cases.json"

# HERE is the folder that the case's files lie in, below Asterisk's.
CASES: Mapping[str, Mapping[str, str]] = {
    "a template's options come before the section's own": {"main": "[t](!)\nx = 1\n[a](t)\nx = 2\n[b](t)\n"},
    "an addition goes to the first of its name": {"main": "[a]\nx = 1\n[a]\nx = 2\n[a](+)\ny = 3\n"},
    "an addition to nothing": {"main": "[b]\n[a](+)\ny = 3\n"},
    "an addition to a template": {"main": "[a](!)\nx = 1\n[a](+)\ny = 3\n"},
    "an addition to a template that it names": {"main": "[a](!)\nx = 1\n[a](+TEMPLATES=include)\ny = 3\n[b](a)\n"},
    "an addition to templates only": {"main": "[a]\n[a](!)\nx = 1\n[a](+TEMPLATES=restrict)\ny = 3\n[b](a)\n"},
    "an addition by type": {"main": "[a]\ntype = aor\n[a]\ntype = auth\n[a](+type=auth)\ny = 3\n"},
    "an addition by two conditions": {
        "main": "[a]\ntype = aor\nx=2\n[a]\ntype = aor\nx=1\n[a](+type=^aor$&x=1)\ny = 3\n"
    },
    "an addition by a part of a type": {"main": "[a]\ntype = aor\n[a]\ntype = auth\n[a](+type=u)\ny = 3\n"},
    "an addition by what is not there": {"main": "[a]\ntype = aor\n[a](+type=auth)\ny = 3\n"},
    "an addition without an equal sign": {"main": "[a]\ntype = aor\n[a](+type)\ny = 3\n"},
    "an addition that inherits, before": {"main": "[t](!)\nx = 1\n[a]\nx = 2\n[a](t,+)\nx = 3\n"},
    "an addition that inherits, after": {"main": "[t](!)\nx = 1\n[a]\nx = 2\n[a](+,t)\nx = 3\n"},
    "an addition that makes a template, before": {"main": "[a]\nx = 2\n[a](!,+)\nx = 3\n[b](a)\n"},
    "an addition that makes a template, after": {"main": "[a]\nx = 2\n[a](+,!)\nx = 3\n[b](a)\n"},
    "a template that inherits": {"main": "[b](!)\nx = 1\n[a](!,b)\ny = 1\n[c](b,!)\ny = 2\n[d](a,c)\n"},
    "a section inherits from a section": {"main": "[a]\nx = 1\n[b](a)\n"},
    "a section inherits from one of its name": {"main": "[a](!)\nx = 1\n[a](a)\ny = 2\n"},
    "a template changed after it was used": {
        "main": "[t](!)\nx = 1\n[a](t)\n[t](+TEMPLATES=restrict)\nx = 2\n[b](t)\n"
    },
    "an unknown template": {"main": "[a](t)\nx = 1\n"},
    "a template after its heir": {"main": "[a](t)\nx = 1\n[t](!)\n"},
    "no mark": {"main": "[a]\nx = 1\n[b]()\ny = 2\n"},
    "an empty mark among others": {"main": "[a]\nx = 1\n[b](!,)\ny = 2\n[c](b)\n"},
    "no mark and nothing before": {"main": "[b]()\ny = 2\n"},
    "a blank in marks": {"main": "[t](!)\n[u](!)\n[a](t, u)\n"},
    "a blank before marks": {"main": "[a] (!)\nx = 1\n"},
    "text after a name": {"main": "[a]text\nx = 1\n[b](!)text(+)\ny = 2\n"},
    "marks twice": {"main": "[a]\n[a](+)(!)\ny = 2\n"},
    "blanks in a name": {"main": "[ a b ]\nx = 1\n"},
    "capitals in names": {"main": "[Tpl](!)\nX = 1\n[a](tPL)\nx = 2\n[A](+)\ny = 3\n"},
    "a capital that is no ASCII": {"main": "[É]\nx = 1\n[é](+)\ny = 2\n"},
    "a name of 79 octets": {"main": f"[{'n' * 79}]\nx = 1\n[{'n' * 79}](+)\ny = 2\n"},
    "a name of 80 octets": {"main": f"[{'n' * 80}]\nx = 1\n"},
    "a name of 80 octets is not found again": {"main": f"[{'n' * 80}]\nx = 1\n[{'n' * 80}](+)\ny = 2\n"},
    "an empty name": {"main": "[]\nx = 1\n[a]\n[](+)\ny = 2\n"},
    "a name not closed": {"main": "[a]\nx = 1\n[b\n"},
    "marks not closed": {"main": "[a]\nx = 1\n[b](!\n"},
    "an option before the first section": {"main": "x = 1\n[a]\n"},
    "no equal sign before the first section": {"main": "x\n[a]\n"},
    "no name before the first section": {"main": "= x\n[a]\n"},
    "a line too long before the first section": {"main": f"x{'x' * 9000}\n[a]\n"},
    "a directive before the first section": {"main": "#unknown\n[a]\n"},
    "no equal sign": {"main": "[a]\nx\ny = 1\n"},
    "empty values and names": {"main": "[a]\nx =\ny =>\n= 1\n=> 2\nz = \\\n"},
    "arrows": {"main": "[a]\nx => 1\ny = > 2\nz =>> 3\nw == 4\nv = a = b => c\n"},
    "additions to values": {"main": "[a]\nx = 1\nx += 2\nx +=3\ny += 4\nz +=> 5\nz +=> 6\nX += 7\n"},
    "additions to empty values": {"main": "[a]\nx =\nx += 2\n+= 3\n"},
    "additions to repeated values": {"main": "[a]\nx = 1\nx = 2\nX = 2\nx += 3\n"},
    "additions to empty repeated values": {"main": "[a]\nx = 1\nx =\nx += 3\n"},
    "additions to a template's values": {"main": "[t](!)\nx = 1\n[a](t)\nx += ,2\n[b](t)\n"},
    "escapes": {"main": "[a]\nx = 1\\;2 ; 3\ny = 1\\\\;2\nz = \\;\nw = a\\;;b\nv = a\\b\n\\;u = 1\n"},
    "escaped first signs": {"main": "[a]\n\\[b] = 1\n\\#include x = 2\n\\=y = 3\n\\+= 4\n\\a += 5\n"},
    "nothing escaped": {"main": "[a]\nx = 1\n\\\ny = 2\n"},
    "a blank escaped": {"main": "[a]\nx = 1\n\\ y = 2\n"},
    "no ASCII escaped": {"main": "[a]\nx = 1\n\\é = 2\n"},
    "comments": {"main": "; 1\n[a] ; 2\nx = 1;3\ny = 2 ;--- 4\n;-- 5\nz = 3\n--;\nw = 4 ;-- 6 --; 7 ;-- 8 --; 9\n"},
    "comments in comments": {
        "main": "[a]\nx = 1 ;-- 2 ;-- 3 --; 4 --; 5\ny = 6\n;-- 7\n;-- 8\n--;\nz = 9\n--; w = 10\n"
    },
    "a comment's end with hyphens": {"main": "[a]\n;-- 2\n----;\ny = 6\n;-- a ---; z = 7\n"},
    "a comment closed at once": {"main": "[a]\n;----;\nx = 1\n;--;\ny = 2\n--;\nz = 3\n;-- --;\nw = 4\n"},
    "a comment's end that begins one": {"main": "[a]\n;--\n--;-- 1\nx = 2\n--;\ny = 3\n--;\nz = 4\n;-- 5 --;--- 6\n"},
    "a comment never closed": {"main": "[a]\nx = 1\n;-- 2\ny = 3\n"},
    "a comment closed that was not open": {"main": "[a]\nx = 1 --; 2\ny = 3\n;-- z = 4\nw = 5\n;-- --;\nv = 6\n"},
    "an escape in a comment": {"main": "[a]\n;-- 1 --\\; 2\nx = 3\n--; y = 4\n"},
    "blanks": {"main": "  [a]  \n\t x \t=\t 1 \t\n\x01y = \x02 2\x7f\n\xa0z = 3\xa0\n"},
    "the ends of lines": {"main": "[a]\r\nx = 1\r\ny = 2\x0bz = 3\n\x0cw = 4\u2028v = 5"},
    "a byte order mark": {"main": "\ufeff[a]\nx = 1\n"},
    "a byte order mark in the second line": {"main": "[a]\n\ufeffx = 1\n"},
    "octets outside UTF-8": {"main": "[a\udcff]\nx\udce9 = \udcfc\n"},
    "a NUL": {"main": "[a]\nx = 1\0 2\ny = 3 ;-- \0 --;\nz = 4\n--;\nw = 5\n"},
    "a line of 8190 octets": {"main": f"[a]\nx = {'é' * 4093}\ny = 1\n"},
    "a line of 8191 octets": {"main": f"[a]\nx = {'é' * 4093}1\ny = 1\n"},
    "a line of 8190 octets without an end": {"main": f"[a]\nx = {'n' * 8186}"},
    "a line of 8191 octets without an end": {"main": f"[a]\nx = {'n' * 8187}"},
    "a line of 20000 octets": {"main": f"[a]\nx = {'n' * 20000};--\ny = 1\n"},
    "unknown directives": {"main": "[a]\n#nothing x\n#include\n# include HERE/b\n#includeHERE/b\n#\nx = 1\n"},
    "an include": {"main": "[a]\n#include HERE/b.conf ; so\nx = 1\n", "b.conf": "y = 2\n[b]\nz = 3\n"},
    "an include in quotes": {
        "main": '[a]\n#INCLUDE "HERE/b.conf"\n#tryinclude <HERE/c.conf>\n#Include\t</etc/asterisk/HERE/b.conf>\n',
        "b.conf": "y = 2\n",
        "c.conf": "y = 3\n",
    },
    "an include in half a quote": {"main": '[a]\n#include "HERE/b.conf\n', "b.conf": "y = 2\n"},
    "an include of nothing": {"main": '[a]\nx = 1\n#include ""\n'},
    "an include that lacks": {"main": "[a]\nx = 1\n#include HERE/b.conf\n"},
    "an include that may lack": {"main": "[a]\nx = 1\n#tryinclude HERE/b.conf\ny = 2\n"},
    "an include before a section": {"main": "#include HERE/b.conf\nx = 1\n", "b.conf": "[b]\n"},
    "an included option before a section": {"main": "#include HERE/b.conf\n[a]\nx = 1\n", "b.conf": "y = 1\n[b]\n"},
    "an included fault ends the included file alone": {
        "main": "[a]\n#include HERE/b.conf\nx = 1\n",
        "b.conf": "[b]\ny = 1\n[c](lost)\n[d]\n",
    },
    "an include of an include that lacks": {
        "main": "[a]\n#include HERE/b.conf\nx = 1\n",
        "b.conf": "y = 1\n#include HERE/c.conf\nz = 2\n",
    },
    "a tryinclude of a fault": {"main": "[a]\n#tryinclude HERE/b.conf\nx = 1\n", "b.conf": "[b\ny = 1\n"},
    "templates and additions across files": {
        "main": "[t](!)\nx = 1\n#include HERE/b.conf\n[a](u)\n[b](+)\nv = 5\n",
        "b.conf": "y = 2\n[u](!,t)\nz = 3\n[b](t)\nw = 4\n[t](+TEMPLATES=restrict)\n#include HERE/c.conf\n",
        "c.conf": "s = 9\n",
    },
    "an addition is where an include goes on": {
        "main": "[a]\n[b]\n[a](+)\n#include HERE/b.conf\n",
        "b.conf": "y = 2\n",
    },
    "a comment ends with its file": {
        "main": "[a]\n#include HERE/b.conf\nx = 1\n",
        "b.conf": "y = 2\n;-- z = 3\n",
    },
    "a pattern": {
        "main": "[a]\n#include HERE/d/*.conf\n",
        "d/b.conf": "x = b\n",
        "d/a.conf": "x = a\n",
        "d/B.conf": "x = B\n",
        "d/10.conf": "x = 10\n",
        "d/9.conf": "x = 9\n",
        "d/é.conf": "x = é\n",
        "d/.hidden.conf": "x = hidden\n",
        "d/a-b.conf": "x = a-b\n",
        "d/other.txt": "x = other\n",
    },
    "a pattern of folders": {
        "main": "[a]\n#include HERE/*/x[0-9].conf\n#tryinclude HERE/[!d]/?1.conf\n",
        "d/x1.conf": "x = d1\n",
        "e/x1.conf": "x = e1\n",
        "d-/x2.conf": "x = d-2\n",
    },
    "a pattern of alternatives": {
        "main": "[a]\n#include HERE/{b,a,lost,d/*}.conf\n",
        "a.conf": "x = a\n",
        "b.conf": "x = b\n",
        "d/c.conf": "x = c\n",
    },
    "a pattern that matches nothing": {"main": "[a]\nx = 1\n#include HERE/*.lost\n"},
    "the files of a pattern are read as one": {
        "main": "[a]\n#include HERE/d*.conf\nv = 6\n",
        "d1.conf": "x = 1\n[b]\ny = 2\n;-- z = 3\n",
        "d2.conf": "\ufeffw = 4\n--;\nu = 5\n",
        "d3.conf": "\ufefft = 5\n",
    },
    "a fault ends the files of a pattern": {
        "main": "[a]\n#include HERE/d*.conf\nv = 6\n",
        "d1.conf": "x = 1\n[b\ny = 2\n",
        "d2.conf": "w = 4\n",
    },
    "a file twice": {"main": "[a]\n#include HERE/b.conf\n#include HERE/b.conf\n", "b.conf": "x = 1\n[b]\n"},
    "ten includes deep": {
        "main": "[a]\n#include HERE/1\n",
        **{str(number): f"x = {number}\n#tryinclude HERE/{number + 1}\ny = {number}\n" for number in range(1, 14)},
    },
    "too deep is as if not there": {
        "main": "[a]\n#include HERE/1\n#include HERE/9\n",
        **{str(number): f"x = {number}\n#include HERE/{number + 1}\ny = {number}\n" for number in range(1, 14)},
    },
    "nine included faults": {
        "main": "[a]\n" + "#include HERE/b\n" * 9 + "#include HERE/c\nx = 1\n",
        "b": "[b\n",
        "c": "y = 2\n",
    },
    "after ten included faults nothing is included": {
        "main": "[a]\n" + "#include HERE/b\n" * 10 + "#tryinclude HERE/c\nx = 1\n",
        "b": "[b\n",
        "c": "y = 2\n",
    },
    "an exec that is not allowed": {"main": "[a]\n#exec /bin/echo x=1\ny = 2\n"},
}
# What Asterisk makes of them depends on its version, or on a program.
UNCERTAIN = {"additions to repeated values", "additions to empty repeated values", "an exec that is not allowed"}


def files_of(case: str, here: str) -> dict[str, str]:
    """The files of a case by name; Asterisk reads the one called `main`."""
    return {f"{here}/{name}": text.replace("HERE", here) for name, text in CASES[case].items()}


def noted() -> dict[str, dict[str, Sections | None]]:
    """What Asterisk reads each case as; None where it refuses it."""
    found: dict[str, dict[str, Sections | None]] = json.loads(NOTED.read_text())
    return found


def told(reading: Effective, sections: Iterable[Section]) -> Sections | None:
    """Sections of a reading, as they are noted."""
    if reading.is_refused:
        return None
    return [{entry.name: [f"{option.name}={option.value}" for option in entry.options]} for entry in sections]
