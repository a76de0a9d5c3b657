"""confgen reads configuration as Asterisk 22 and 16 do, told by what each of them says it has read."""

from __future__ import annotations

import io
import os
import socket
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confgen.drivers.asterisk.configuration import Effective, effective, read
from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.root_folder import Root, build

_MANAGER = """\
[general]
enabled = yes
bindaddr = 0.0.0.0
port = 5038
[reader]
secret = of-a-throw-away-host
read = config
write = system,config
"""
Sections = list[tuple[str, list[tuple[str, str]]]]


class Reader:
    """An Asterisk that says how it reads configuration files, through its manager's GetConfig."""

    def __init__(self, lab: Instance, host: Host) -> None:
        self.host = host
        host.write("/etc/asterisk/manager.conf", _MANAGER.encode(), owner="asterisk:asterisk", mode=0o640)
        host.asterisk("module reload manager")
        with lab.inside():
            self._connection = socket.create_connection((host.address, 5038), timeout=10)
        self._answers = self._connection.makefile("rb")
        assert self._answers.readline().startswith(b"Asterisk Call Manager")
        assert self._ask("Login", Username="reader", Secret="of-a-throw-away-host", Events="off")[0] == (
            "Response",
            "Success",
        )

    def close(self) -> None:
        self._answers.close()
        self._connection.close()

    def lay(self, files: Mapping[str, str]) -> None:
        """Write files below Asterisk's configuration folder."""
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            for name, text in files.items():
                content = text.encode("utf-8", "surrogateescape")
                member = tarfile.TarInfo(name)
                member.size, member.mode = len(content), 0o644
                tar.addfile(member, io.BytesIO(content))
        command = ["tar", "-C", "/etc/asterisk", "-x", "--no-same-owner", "--no-same-permissions"]
        self.host.run(command, stdin=archive.getvalue(), check=True)

    def sections(self, file: str) -> Sections | None:
        """The sections without the templates; None where Asterisk refuses the file."""
        return self._sections(file, "")

    def templates(self, file: str) -> Sections | None:
        return self._sections(file, "TEMPLATES=restrict")

    def _sections(self, file: str, condition: str) -> Sections | None:
        answer = self._ask("GetConfig", Filename=file, Filter=condition)
        if answer[0] != ("Response", "Success"):
            assert answer[1] == ("Message", "Config file has invalid format"), answer
            return None
        found: Sections = []
        for name, value in answer[1:]:
            if name.startswith("Category-"):
                found.append((value, []))
            elif name.startswith("Line-"):
                option, _, its_value = value.partition("=")
                found[-1][1].append((option, its_value))
        return found

    def _ask(self, action: str, **fields: str) -> list[tuple[str, str]]:
        lines = [f"Action: {action}", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        self._connection.sendall("\r\n".join(lines).encode())
        answer = []
        while (line := self._answers.readline().removesuffix(b"\r\n")) != b"":
            name, _, value = line.decode("utf-8", "surrogateescape").partition(": ")
            answer.append((name, value))
        return answer


@pytest.fixture(scope="module")
def lab() -> Iterator[Instance]:
    specs = [
        HostSpec(name="hq", domain="hq.example.test"),
        HostSpec(name="old", domain="old.example.test", root=Root.ASTERISK_16),
    ]
    with Instance(f"reads-{os.getpid()}", specs) as instance:
        yield instance


@pytest.fixture(scope="module", params=["hq", "old"])
def reader(lab: Instance, request: pytest.FixtureRequest) -> Iterator[Reader]:
    with closing(Reader(lab, lab.hosts[request.param])) as found:
        yield found


def told(reading: Effective) -> Sections | None:
    """The sections as a Reader tells them."""
    if reading.is_refused:
        return None
    return [(entry.name, [(option.name, option.value) for option in entry.options]) for entry in reading.sections]


def told_templates(reading: Effective) -> Sections | None:
    if reading.is_refused:
        return None
    return [(entry.name, [(option.name, option.value) for option in entry.options]) for entry in reading.templates]


@pytest.mark.parametrize("root", [Root.ASTERISK_22, Root.ASTERISK_16])
def test_every_file_of_the_packages_is_written_back_byte_for_byte(root: Root) -> None:
    folder = build(root, lambda _: None).folder / "etc" / "asterisk"
    files = sorted(folder.rglob("*.conf"))
    assert len(files) > 90
    for file in files:
        content = file.read_bytes()
        assert read(content, file.name).content == content, file


CASES: dict[str, dict[str, str]] = {
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
    "no equal sign": {"main": "[a]\nx\ny = 1\n"},
    "empty values and names": {"main": "[a]\nx =\ny =>\n= 1\n=> 2\nz = \\\n"},
    "arrows": {"main": "[a]\nx => 1\ny = > 2\nz =>> 3\nw == 4\nv = a = b => c\n"},
    "additions to values": {"main": "[a]\nx = 1\nx += 2\nx +=3\ny += 4\nz +=> 5\nz +=> 6\nX += 7\n"},
    "additions to empty values": {"main": "[a]\nx =\nx += 2\n+= 3\n"},
    "additions to repeated values": {"main": "[a]\nx = 1\nx = 2\nX = 2\nx += 3\n"},
    "additions to a template's values": {"main": "[t](!)\nx = 1\n[a](t)\nx += ,2\n[b](t)\n"},
    "escapes": {"main": "[a]\nx = 1\\;2 ; 3\ny = 1\\\\;2\nz = \\;\nw = a\\;;b\nv = a\\b\n\\;u = 1\n"},
    "escaped first signs": {"main": "[a]\n\\[b] = 1\n\\#include x = 2\n\\=y = 3\n\\+= 4\n\\a += 5\n"},
    "nothing escaped": {"main": "[a]\nx = 1\n\\\ny = 2\n"},
    "a blank escaped": {"main": "[a]\nx = 1\n\\ y = 2\n"},
    "no ASCII escaped": {"main": "[a]\nx = 1\n\\é = 2\n"},
    "comments": {"main": "; 1\n[a] ; 2\nx = 1;3\ny = 2 ;--- 4\n;-- 5\nz = 3\n--;\nw = 4 ;-- 6 --; 7 ;-- 8 --; 9\n"},
    "comments in comments": {"main": "[a]\nx = 1 ;-- 2 ;-- 3 --; 4 --; 5\ny = 6\n;-- 7\n;-- 8\n--;\nz = 9\n--; w = 10\n"},
    "a comment's end with hyphens": {"main": "[a]\n;-- 2\n----;\ny = 6\n;-- a ---; z = 7\n"},
    "a comment closed at once": {"main": "[a]\n;----;\nx = 1\n;--;\ny = 2\n--;\nz = 3\n;-- --;\nw = 4\n"},
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
    "an exec that is not allowed": {"main": "[a]\n#exec /bin/echo x=1\ny = 2\n"},
}


@pytest.mark.parametrize("case", CASES)
def test_files_are_read_as_asterisk_reads_them(reader: Reader, case: str) -> None:
    here = f"made/{list(CASES).index(case)}"
    files = {f"{here}/{name}": text.replace("HERE", here) for name, text in CASES[case].items()}
    reader.lay(files)
    reading = effective(files, f"{here}/main")
    assert told(reading) == reader.sections(f"{here}/main")
    assert told_templates(reading) == reader.templates(f"{here}/main")
    assert reading.is_certain is (case != "an exec that is not allowed")


_WORDS = st.sampled_from(
    ["a", "b", "A", "t", "x", "y", " ", "  ", "=", "=>", "+=", "[a]", "[b]", "[t]", "[", "]", "(!)", "(+)", "(t)", "(",
     ")", ",", "!", "+", ";", ";--", "--;", "-", "\\;", "\\", "#", "1", "é", "\t", ">", "#include made/b.conf"]
)  # fmt: skip
_LINES = st.one_of(
    st.sampled_from(["[a]", "[b]", "[t](!)", "[a](t)", "[b](t,a)", "[a](+)", "x = 1", "y => 2", "x += 3", ";--", "--;"]),
    st.lists(_WORDS, max_size=8).map("".join),
)
_TEXTS = st.lists(_LINES, max_size=12).map("\n".join)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(main=_TEXTS, other=_TEXTS.filter(lambda text: "include" not in text))
def test_made_files_are_read_as_asterisk_reads_them(reader: Reader, main: str, other: str) -> None:
    files = {"made/main.conf": f"[t](!)\nx = 0\n[a]\n{main}", "made/b.conf": other}
    reader.lay(files)
    reading = effective(files, "made/main.conf")
    assert told(reading) == reader.sections("made/main.conf")
    assert told_templates(reading) == reader.templates("made/main.conf")
