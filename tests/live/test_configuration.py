"""confgen reads configuration as Asterisk 22 and 16 do, told by what each of them says it has read."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from ipaddress import ip_network

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from confgen.drivers.asterisk.answers import endpoints, same
from confgen.drivers.asterisk.configuration import Section, effective, objects, read
from confgen.drivers.asterisk.dialplan import loaded, written
from lab.host import Host, HostSpec
from lab.instance import Instance
from lab.root_folder import Root, build
from tests.drivers.asterisk.configuration_cases import CASES, NOTED, Sections, files_of, noted, told
from tests.drivers.asterisk.made_configuration import texts

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
                options: list[str] = []
                found.append({value: options})
            elif name.startswith("Line-"):
                options.append(value)
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


@pytest.mark.parametrize("root", [Root.ASTERISK_22, Root.ASTERISK_16])
def test_every_file_of_the_packages_is_written_back_byte_for_byte(root: Root) -> None:
    folder = build(root, lambda _: None).folder / "etc" / "asterisk"
    files = sorted(folder.rglob("*.conf"))
    assert len(files) > 90
    for file in files:
        content = file.read_bytes()
        assert read(content, file.name).content == content, file


def test_every_file_of_the_packages_is_read_as_asterisk_reads_it(reader: Reader) -> None:
    content = reader.host.run(["tar", "-C", "/etc/asterisk", "--exclude", "made", "-c", "."], check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        members = {member.name.removeprefix("./"): tar.extractfile(member) for member in tar if member.isfile()}
    files = {name: file.read().decode("utf-8", "surrogateescape") for name, file in members.items() if file}
    names = [name for name in files if name.endswith(".conf")]
    assert len(names) > 90
    for name in names:
        reading = effective(files, name)
        assert (name, told(reading, reading.sections)) == (name, reader.sections(name))
        assert (name, told(reading, reading.templates)) == (name, reader.templates(name))


@pytest.mark.parametrize("case", CASES)
def test_asterisk_reads_every_case_as_it_was_noted(reader: Reader, case: str) -> None:
    here = f"made/{list(CASES).index(case)}"
    reader.lay(files_of(case, here))
    reads = {"sections": reader.sections(f"{here}/main"), "templates": reader.templates(f"{here}/main")}
    if os.environ.get("CONFGEN_UPDATE_GOLDEN"):
        NOTED.write_text(json.dumps(noted() | {case: reads}, indent=1, sort_keys=True) + "\n")
    assert reads == noted()[case]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    begin=st.sampled_from(["", "[t](!)\nx = 0\n[a]\n"]),
    main=texts(),
    other=texts().filter(lambda text: "include" not in text),
)
def test_made_files_are_read_as_asterisk_reads_them(reader: Reader, begin: str, main: str, other: str) -> None:
    files = {"made/main.conf": begin + main, "made/b.conf": other, "made/c.conf": ""}
    reader.lay(files)
    reading = effective(files, "made/main.conf")
    assume(reading.is_certain)
    assert told(reading, reading.sections) == reader.sections("made/main.conf")
    assert told(reading, reading.templates) == reader.templates("made/main.conf")


# Everything that the dialect has, in the configuration of a PBX that somebody keeps by hand.
_PJSIP = {
    "pjsip.conf": """\
;-- Kept by hand.
 ;-- [999]
 type = endpoint --;
 [998]
--;
#include pjsip.d/*.conf
#tryinclude "pjsip.d/lost.conf"

[bare] ; nothing but its type
type = endpoint
[bare]
type = aor
[bare](!)
[bare-transport]
type = transport
bind = 127.0.0.1:5081

[desk](!,phone)
allow => alaw
Device_State_Busy_At = 2

[101](desk)
aors = 101
callerid = "Front \\; desk" <101>
set_var = FIRST=1 ; and another
set_var = SECOND=a\\;b
[101](contacts)
max_contacts = 3
[101]
type = auth
username = 101
password = of-a-throw-away-host

[102](desk,quiet)
aors = 102,101
allow = !all,g722
[102](contacts)
[102](+type=endpoint)
media_encryption = sdes
context += -of-102
[101](+)
context = inside
#include pjsip.d/tail
dtmf_mode = info
""",
    "pjsip.d/10-templates.conf": """\
[phone](!) ; for all
type = endpoint
disallow = all
allow = ulaw
context = phones
direct_media = no
[quiet](!)
rtp_symmetric = yes ;-- was no --;
direct_media = yes
[contacts](!)
type=aor
max_contacts=1
remove_existing=yes
""",
    "pjsip.d/20-transports.conf": """\
[clear](!)
type = transport
protocol = tcp
[inside](clear)
bind = 127.0.0.1:5071
tos = 96
[provider]
type = identify
endpoint = 102
match = 192.0.2.1
match = 198.51.100.0/24
match_header = X-From: provider
""",
    "pjsip.d/tail": "rtp_timeout = 30\n[103](phone)\ntype = aor\naors=103\n",
}
_ROW = re.compile(r"^ (?P<name>\w+) *: ?(?P<value>.*?) *$", re.MULTILINE)


def shown(host: Host, kind: str, name: str) -> dict[str, list[str]]:
    """What `pjsip show` tells of one object, each option with all its values."""
    found: dict[str, list[str]] = {}
    for row in _ROW.finditer(host.asterisk(f"pjsip show {kind} {name}").partition("ParameterName")[2]):
        found.setdefault(row["name"], []).append(row["value"])
    return found


def meant(section: Section) -> dict[str, list[str]]:
    """What `pjsip show` should tell of the options that a section has."""
    found: dict[str, list[str]] = {}
    codecs: list[str] = []
    for option in section.options:
        match option.name.lower():
            case "type":
                pass
            case "set_var":
                name, _, value = option.value.partition("=")
                found[name] = [value]
            case "match":
                found.setdefault("match", []).append(ip_network(option.value).with_netmask)
            case "allow" | "disallow":
                words = option.value.split(",")
                codecs = words[1:] if words[0].endswith("all") else [*codecs, *words]
                found["allow"] = [f"({'|'.join(codecs)})"]
            case name:
                found[name] = [option.value]
    return found


def test_objects_are_those_that_asterisk_says_it_has(reader: Reader) -> None:
    host = reader.host
    reader.lay(_PJSIP)
    host.asterisk("module reload res_pjsip.so")
    reading = effective(_PJSIP, "pjsip.conf")
    assert not reading.problems
    found = objects(reading.sections)
    assert {name for kind, name in found if kind == "endpoint"} == {"bare", "101", "102", "103"}
    assert set(endpoints(host.asterisk("pjsip list endpoints"))) == {"bare", "101", "102", "103"}
    assert len(found) == 11
    for (kind, name), section in found.items():
        if kind == "auth":
            assert re.search(
                rf"^ +I?/?Auth: +{name}/{section.value('username')}$", host.asterisk("pjsip list auths"), re.MULTILINE
            )
            continue  # to show one is to show its password
        has, wanted = shown(host, kind, name), meant(section)
        for option, values in wanted.items():
            assert len(values) == len(has[option])
            assert all(map(same, [option] * len(values), values, has[option])), (kind, name, option, values, has)
        if kind != "identify":  # all else is as where nothing is said
            bare = shown(host, kind, "bare-transport" if kind == "transport" else "bare")
            left_out = {*wanted, "bind", "set_var"}
            assert {key: has[key] for key in has if key not in left_out} == {
                key: bare[key] for key in bare if key not in left_out
            }


_DIALPLAN = {
    "extensions.conf": """\
[general]
static = yes
[globals]
GREETING => hello\\;world
#include dialplan/*.conf
[numbers](!)
exten => _1XX,1,NoOp(${EXTEN}\\;user=phone) ; a phone
same  => n,Dial(PJSIP/${EXTEN}) ;-- not
 same => n,System(bad) --;
 same => n(end),Hangup()
[phones](numbers,echo)
include => voicemail
exten = 0,1,Goto(101,1)
[staff](numbers)
[staff](+)
exten => 200,1,NoOp(=> a = b)
""",
    "dialplan/a.conf": "[echo](!)\nexten => 600,1,Answer()\nexten => 600,n,Echo()\n",
    "dialplan/b.conf": '[voicemail]\nexten => *97,1,VoiceMailMain("a b")\n[staff]\nexten => s,1,Hangup()\n',
}


def test_the_dialplan_is_that_which_asterisk_says_it_has(reader: Reader) -> None:
    reader.lay(_DIALPLAN)
    reader.host.asterisk("dialplan reload")
    lines = written(effective(_DIALPLAN, "extensions.conf").sections)
    contexts = {"phones", "staff", "voicemail"}
    assert {line[0] for line in lines} == contexts
    assert lines == {line for line in loaded(reader.host.asterisk("dialplan show")) if line[0] in contexts}
