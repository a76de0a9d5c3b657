"""What is the user's own is read back: what encryption hangs on must be right, the rest is not called proven."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable

import pytest

from confgen.drivers.asterisk import unmanaged
from confgen.drivers.asterisk.state import checks
from confgen.model.check import Check, Verdict
from confgen.model.inventory import Include, Part, PortRange, Probe
from tests.drivers.asterisk.asterisk_answers import documents_of, healthy
from tests.drivers.asterisk.test_sockets import row
from tests.drivers.asterisk.test_state import add, swap
from tests.model.pbxs import PLACE, a_pbx, a_trunk_end, an_extension, reference

_PROBE = Probe(name="confgen-probe", secret=reference("PROBE"), permit=("192.0.2.1",), context="probe", place=PLACE)
PBX = a_pbx(
    manages=frozenset({Part.SIP, Part.CERTIFICATES}),
    rtp_ports=None,
    extensions=(an_extension("101", context="office"), an_extension("102", context="office")),
    trunks=(a_trunk_end("to-branch", "branch", context="from-branch"),),
    routes=(),
    probe=_PROBE,
)
DOCUMENTS = documents_of(PBX)
Harm = Callable[[dict[str, str]], None]

_AMI_ON = "Manager (AMI):             Yes            \n  TCP Bindaddress:           {}\n  TLS Enable:                {}"
_AMI_OFF = "Manager (AMI):             No             "


def judged(harm: Harm = lambda _: None, **changes: object) -> list[Check]:
    pbx = a_pbx(**{**_FIELDS, **changes})
    blocks = healthy(pbx, DOCUMENTS)
    harm(blocks)
    return list(checks(pbx, DOCUMENTS, blocks))


_FIELDS = {field: getattr(PBX, field) for field in ("manages", "rtp_ports", "extensions", "trunks", "routes", "probe")}


def ami(bind: str, tls: str = "No") -> Harm:
    def harm(blocks: dict[str, str]) -> None:
        assert _AMI_OFF in blocks["manager show settings"]
        blocks["manager show settings"] = "  " + _AMI_ON.format(bind, tls)

    return harm


def own(context: str, old: str, new: str) -> Harm:
    """A line of the user's own dialplan, as Asterisk shows it, that is another."""

    def harm(blocks: dict[str, str]) -> None:
        shown = blocks["dialplan show"]
        begun = shown.index(f"[ Context '{context}' ")
        assert old in shown[begun:]
        blocks["dialplan show"] = shown[:begun] + shown[begun:].replace(old, new, 1)

    return harm


def both(*harms: Harm) -> Harm:
    def harm(blocks: dict[str, str]) -> None:
        for each in harms:
            each(blocks)

    return harm


FAULTS: list[tuple[str, Harm]] = [
    ("STATE-04", swap("module show", "res_pjsip_registrar.so", "app_other")),
    ("STATE-04", swap("module show", "codec_alaw.so", "app_other")),
    ("SRTP-04", swap("module show", "res_srtp.so", "app_other")),
    ("SRTP-09", swap("rtp show settings", "Strict RTP:      Yes", "Strict RTP:      No")),
    ("SRTP-09", swap("rtp show settings", "Strict RTP:      Yes", "Strict RTP:      SeqNo")),
    ("SRTP-10", swap("rtp show settings", "Replay Protect:  Yes", "Replay Protect:  No")),
    ("MGMT-04", ami("0.0.0.0:5038")),
    ("MGMT-04", ami("192.0.2.11:5038", "Yes")),
    ("MGMT-04", ami("[::]:5038")),
    ("MGMT-05", swap("http show status", "Server Disabled", "Server Enabled and Bound to 0.0.0.0:8088")),
    ("DIAL-30", own("from-branch", "'from-branch'", "'elsewhere'")),
    ("DIAL-31", own("probe", "Echo()", "Playback(hello)")),
    ("DIAL-31", own("probe", "'600' =>   5. Echo()", "'601' =>   5. Echo()")),
    ("DIAL-31", own("probe", "Answer()", "Dial(PJSIP/101)")),
    ("DIAL-31", own("probe", "Answer()", "System(rm -rf /)")),
    ("DIAL-31", own("probe", "Answer()", "Set(X=${SHELL(id)})")),
    ("DIAL-31", own("probe", "Answer()", "Goto(office,101,1)")),
    ("DIAL-31", own("probe", "?secure)", "?office,101,1)")),
    ("DIAL-31", add("dialplan show", "[ Context 'probe' created by 'CLI' ]\n  Include =>  'office'   [CLI]")),
    (
        "DIAL-31",
        add("dialplan show", "[ Context 'probe' created by 'CLI' ]\n  Include =>  'office,9:00-17:00,*,*,*'   [CLI]"),
    ),
    ("DIAL-31", add("dialplan show", "[ Context 'probe' created by 'CLI' ]\n  Alt. Switch =>    'DUNDi/e164'  [CLI]")),
    ("CLEAR-02", add("/proc/net/udp", row("00000000:11D9", "07", 12).rstrip())),  # IAX2
    ("CLEAR-02", add("/proc/net/udp", row("00000000:13C4", "07", 12).rstrip())),  # chan_sip
    ("CLEAR-02", add("/proc/net/udp", row("00000000:097B", "07", 12).rstrip())),  # MGCP
    ("CLEAR-02", add("/proc/net/tcp", row("00000000:07D0", "0A", 12).rstrip())),  # Skinny
    ("CLEAR-02", add("/proc/net/udp", row("00000000:1388", "07", 12).rstrip())),  # Unistim
    ("CLEAR-02", add("/proc/net/tcp", row("0100007F:13AE", "0A", 12).rstrip())),  # loopback, and no AMI says it is its
]  # fmt: skip


def test_a_living_pbx_passes_but_for_what_nobody_looks_at() -> None:
    verdicts = {check.code: check.verdict for check in judged()}

    assert {code for code, verdict in verdicts.items() if verdict is Verdict.NOT_CHECKED} == {"MGMT-03", "DIAL-32"}
    assert set(verdicts.values()) == {Verdict.PASSED, Verdict.NOT_CHECKED}
    assert verdicts.keys().isdisjoint({"STATE-08", "DIAL-02", "MGMT-01", "MGMT-02"})


@pytest.mark.parametrize(("code", "harm"), FAULTS, ids=[f"{i}-{code}" for i, (code, _) in enumerate(FAULTS)])
def test_a_fault_of_the_users_own_is_told_with_its_code_and_no_other(code: str, harm: Harm) -> None:
    wrong = [check for check in judged(harm) if check.verdict not in {Verdict.PASSED, Verdict.NOT_CHECKED}]

    assert {(check.code, check.verdict) for check in wrong} == {(code, Verdict.FAILED)}
    assert all(check.message and check.mend for check in wrong)


@pytest.mark.parametrize(
    "harm",
    [
        own("probe", "Answer()", "Dial(IAX2/user:hunter2@branch/101)"),
        add("dialplan show", "[ Context 'probe' created by 'CLI' ]\n  Alt. Switch =>    'IAX2/u:hunter2@x/y'  [CLI]"),
    ],
)
def test_no_secret_of_the_users_own_dialplan_is_told(harm: Harm) -> None:
    (wrong,) = [check for check in judged(harm) if check.verdict is Verdict.FAILED]

    assert wrong.code == "DIAL-31"
    assert "hunter2" not in wrong.message


def test_every_code_of_what_is_not_managed_has_a_fault() -> None:
    written = set(re.findall(r'"([A-Z]+-\d\d)"', inspect.getsource(unmanaged)))

    assert written == {code for code, _ in FAULTS} - {"CLEAR-02"} | {"STATE-05", "STATE-09", "MGMT-03", "DIAL-32"}


@pytest.mark.parametrize(
    "silent", ["module show", "rtp show settings", "manager show settings", "http show status", "dialplan show"]
)
def test_where_asterisk_does_not_answer_nothing_is_proven(silent: str) -> None:
    found = judged(lambda blocks: blocks.update({silent: ""}))

    assert Verdict.UNKNOWN in {check.verdict for check in found}
    assert Verdict.FAILED not in {check.verdict for check in found}


@pytest.mark.parametrize(
    ("bind", "socket"), [("127.0.0.1:5038", "0100007F:13AE"), ("[::1]:5038", "00000000000000000000000001000000:13AE")]
)
def test_an_ami_on_loopback_is_the_users_and_explains_its_socket(bind: str, socket: str) -> None:
    table = "/proc/net/tcp6" if "[" in bind else "/proc/net/tcp"
    listens = add(table, row(socket, "0A", 12).rstrip())

    def harm(blocks: dict[str, str]) -> None:
        blocks.setdefault(table, "  sl  local_address")
        both(ami(bind), listens)(blocks)

    assert {check.verdict for check in judged(harm)} == {Verdict.PASSED, Verdict.NOT_CHECKED}


def test_ports_of_media_that_the_inventory_names_must_be_those_of_asterisk() -> None:
    (check,) = [check for check in judged(rtp_ports=PortRange(first=1, last=2)) if check.code == "STATE-05"]
    assert check.verdict is Verdict.PASSED  # the answer is made of the inventory's own

    other = swap("rtp show settings", "Port end:        2", "Port end:        20000")
    (check,) = [check for check in judged(other, rtp_ports=PortRange(first=1, last=2)) if check.code == "STATE-05"]
    assert check.verdict is Verdict.FAILED
    assert "rtp.conf" in check.mend


def test_media_of_a_call_that_is_up_lies_in_the_ports_that_asterisk_tells() -> None:
    listens = add("/proc/net/udp", row("00000000:2EE0", "07", 12).rstrip())  # 12000, of 10000-20000

    def harm(blocks: dict[str, str]) -> None:
        listens(blocks)
        blocks["calls after"] = "2 active channels\n1 active call\n"

    assert {check.verdict for check in judged(harm)} == {Verdict.PASSED, Verdict.NOT_CHECKED}


def test_without_an_echo_number_the_probes_context_is_not_checked() -> None:
    (check,) = [check for check in judged(echo_number=None) if check.code == "DIAL-31"]

    assert check.verdict is Verdict.NOT_CHECKED


def test_objects_of_files_of_the_users_own_are_declared_and_asked_for() -> None:
    own = """\
[own-tls]
type = transport
protocol = tls
bind = 192.0.2.11:5071
method = tlsv1_2
cipher = ECDHE-RSA-AES256-GCM-SHA384
verify_server = yes
[phone](!)
type = endpoint
context = default
media_encryption = no
direct_media = no
[901](phone)
context = office
Media_Encryption = sdes
auth = 901
[901]
type = auth
username = 901
password = long-and-random
"""
    pbx = a_pbx(**_FIELDS, includes=(Include(key="pjsip.conf", file="own.conf", place=PLACE),))
    documents = documents_of(pbx)
    blocks = healthy(pbx, documents, {"own.conf": own})
    add("/proc/net/tcp", row("0B0200C0:13CF", "0A", 12).rstrip())(blocks)

    found = list(checks(pbx, documents, blocks, {"own.conf": own}))
    blocks["pjsip show endpoint 901"] = blocks["pjsip show endpoint 901"].replace(
        "encryption : sdes", "encryption : no"
    )
    weaker = list(checks(pbx, documents, blocks, {"own.conf": own}))
    without = {check.code for check in checks(pbx, documents, blocks) if check.verdict is Verdict.FAILED}

    assert {check.verdict for check in found} == {Verdict.PASSED, Verdict.NOT_CHECKED}
    assert [check.subject for check in found if check.code == "STATE-09"] == ["own-tls"]
    assert [(check.code, check.subject) for check in weaker if check.verdict is Verdict.FAILED] == [("SRTP-01", "901")]
    assert {"STATE-02", "CLEAR-02", "PUSH-22"} <= without  # where nothing of it was read, nothing of it is taken
