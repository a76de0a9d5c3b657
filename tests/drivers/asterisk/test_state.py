"""Whatever an Asterisk does otherwise than pushed is told with its code, and silence is never good news."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk import logged, management, read_back, unmanaged
from confgen.drivers.asterisk.script import blocks as blocks_of
from confgen.drivers.asterisk.state import checks
from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.model.codes import EXPLANATIONS
from confgen.model.inventory import Include, Nat, Part, Pbx
from tests.drivers.asterisk.asterisk_answers import documents_of, healthy
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.drivers.asterisk.test_sockets import HEAD, row
from tests.model.pbxs import PLACE, a_pbx, a_provider_trunk

PBX = a_pbx()
DOCUMENTS = documents_of(PBX)
Harm = Callable[[dict[str, str]], None]


def judged(harm: Harm = lambda _: None) -> list[Check]:
    blocks = healthy(PBX, DOCUMENTS)
    harm(blocks)
    return list(checks(PBX, DOCUMENTS, blocks))


def swap(block: str, old: str, new: str) -> Harm:
    """The block with something else in it."""

    def harm(blocks: dict[str, str]) -> None:
        assert old in blocks[block]
        blocks[block] = blocks[block].replace(old, new, 1)

    return harm


def add(block: str, line: str) -> Harm:
    def harm(blocks: dict[str, str]) -> None:
        blocks[block] = blocks[block].rstrip("\n") + f"\n{line}\n"

    return harm


def shown(kind: str, name: str, option: str, value: str) -> Harm:
    """An option that Asterisk shows with another value."""

    def harm(blocks: dict[str, str]) -> None:
        title = f"pjsip show {kind} {name}"
        changed, count = re.subn(rf"^ {option} : .*$", f" {option} : {value}", blocks[title], flags=re.MULTILINE)
        assert count == 1
        blocks[title] = changed

    return harm


FAULTS: list[tuple[str, Harm]] = [
    ("STATE-04", swap("process", "running yes", "running no")),
    ("STATE-04", swap("module show", "app_echo.so", "app_other")),
    ("SRTP-04", swap("module show", "res_srtp.so", "app_other")),
    ("SRTP-04", swap("module show", "res_srtp.so   Of some use   0          ", "res_srtp.so  x  0  Not ")),
    ("CLEAR-01", add("pjsip show transports", "Transport:  old                   udp      0      0  0.0.0.0:5060")),
    ("CLEAR-01", add("pjsip show transports", "Transport:  old                   tcp      0      0  0.0.0.0:5060")),
    ("CLEAR-01", add("pjsip show transports", "Transport:  web                   ws       0      0  0.0.0.0:5060")),
    ("CLEAR-01", shown("transport", "tls", "protocol", "tcp")),
    ("STATE-02", add("pjsip show transports", "Transport:  more                  tls      0      0  0.0.0.0:5062")),
    ("STATE-01", swap("pjsip show transports", "Transport:  tls ", "")),
    ("STATE-01", swap("pjsip list endpoints", " Endpoint:  101 ", "")),
    ("STATE-02", add("pjsip list endpoints", " Endpoint:  backdoor              Not in use    0 of inf")),
    ("TLS-01", shown("transport", "tls", "method", "")),
    ("TLS-02", shown("transport", "tls", "cipher", "ADH-AES256-SHA")),
    ("TLS-03", shown("transport", "tls", "verify_server", "No")),
    ("TLS-03", shown("transport", "tls", "verify_client", "Yes")),
    ("TLS-03", shown("transport", "tls", "require_client_cert", "Yes")),
    ("CERT-01", shown("transport", "tls", "cert_file", "/etc/asterisk/old.crt")),
    ("CERT-01", shown("transport", "tls", "priv_key_file", "")),
    ("CERT-01", shown("transport", "tls", "ca_list_file", "")),
    ("CERT-01", shown("endpoint", "102", "dtls_cert_file", "")),
    ("STATE-03", shown("transport", "tls", "allow_reload", "false")),
    ("STATE-03", shown("endpoint", "101", "rtp_timeout", "0")),
    ("STATE-03", shown("endpoint", "101", "allow", "(gsm)")),
    ("SRTP-01", shown("endpoint", "101", "media_encryption", "no")),
    ("SRTP-01", shown("endpoint", "to-branch", "media_encryption", "no")),
    ("SRTP-01", shown("endpoint", "confgen-probe", "media_encryption", "no")),
    ("SRTP-02", shown("endpoint", "101", "media_encryption_optimistic", "true")),
    ("SRTP-03", shown("endpoint", "101", "srtp_tag_32", "true")),
    ("SRTP-03", shown("endpoint", "101", "direct_media", "true")),
    ("SRTP-03", shown("endpoint", "101", "t38_udptl", "true")),
    ("SRTP-03", shown("endpoint", "102", "dtls_verify", "No")),
    ("SRTP-03", shown("endpoint", "102", "dtls_fingerprint", "SHA-1")),
    ("AUTH-01", shown("endpoint", "101", "auth", "")),
    ("AUTH-01", add("pjsip show endpoint 101", " acl : ")),
    ("STATE-02", add("pjsip list endpoints", " Endpoint:  101/evil                Unavailable   0 of inf")),
    ("STATE-02", add("pjsip list endpoints", " Endpoint:  101 evil                Unavailable   0 of inf")),
    ("DIAL-02", add("dialplan show", "  '101' (CID match '102') =>  1. Dial(PJSIP/101)      [extensions.conf:31]")),
    ("AUTH-01", shown("endpoint", "101", "identify_by", "username,ip")),
    ("AUTH-01", shown("endpoint", "to-branch", "outbound_auth", "")),
    ("DIAL-01", shown("endpoint", "to-branch", "context", "phones")),
    ("DIAL-01", shown("endpoint", "to-branch", "allow_transfer", "true")),
    ("STATE-05", swap("rtp show settings", "20199", "20999")),
    ("SRTP-09", swap("rtp show settings", "Strict RTP:      Yes", "Strict RTP:      No")),
    ("SRTP-10", swap("rtp show settings", "Replay Protect:  Yes", "Replay Protect:  No")),
    ("AUTH-21", add("pjsip list aors", "      Aor:  mallory                                             1")),
    ("AUTH-21", add("pjsip list aors", "      Aor:  101                                                 9")),
    ("AUTH-20", swap("pjsip show settings", "endpoint_identifier_order : ", "endpoint_identifier_order : ip,")),
    ("STATE-11", swap("pjsip show settings", "timer_b : 6400", "timer_b : 32000")),
    ("MGMT-12", swap("pjsip show settings", "debug : no", "debug : yes")),
    ("STATE-10", add("logged", "new [2026-11-25 20:53:01.303] ERROR[23] res_sorcery_config.c: Could not create '101'")),
    ("MGMT-01", swap("manager show settings", "Manager (AMI):             No ", "Manager (AMI):             Yes")),
    ("MGMT-01", swap("manager show settings", "TLS Enable:                No ", "TLS Enable:                Yes")),
    ("MGMT-10", swap("manager show users", "There are no manager users.", "--------\nmallory\n--------")),
    ("MGMT-02", swap("http show status", "Server Disabled", "Server Enabled and Bound to 0.0.0.0:8088")),
    ("MGMT-03", swap("logger show channels", "SECURITY", "NOTICE")),
    ("MGMT-03", swap("logger show channels", "Enabled ", "Disabled ")),
    ("STATE-06", swap("files", "pjsip.conf 00ff 00ff", "pjsip.conf 00ff 0bad")),
    ("STATE-06", swap("files", "pjsip.conf 00ff 00ff", "pjsip.conf 00ff ")),
    ("STATE-06", lambda blocks: blocks.update(files="")),
    ("CERT-02", swap("files", ".key 00ff 00ff", ".key 00ff 0bad")),
    ("CLEAR-02", add("/proc/net/udp", row("00000000:13C4", "07", 12).rstrip())),
    ("CLEAR-02", add("/proc/net/tcp", row("0100007F:13AE", "0A", 12).rstrip())),
    ("CLEAR-02", add("/proc/net/udp", row("00000000:4E84", "07", 12).rstrip())),  # an RTP port, and no call is up
    ("STATE-08", add("module show", "chan_iax2.so    Inter Asterisk eXchange  0          Running              core")),
    ("STATE-08", add("module show", "chan_sip.so     Session Initiation  0          Not Running          extended")),
    ("DIAL-02", swap("dialplan show", "Hangup(58)", "NoOp()")),
    ("DIAL-02", add("dialplan show", "[ Context 'more' created by 'CLI' ]\n  Include =>  'phones'   [CLI]")),
    ("STATE-07", lambda blocks: blocks.update({"/proc/net/tcp": HEAD})),
]  # fmt: skip


def test_an_unharmed_pbx_passes_every_check() -> None:
    found = judged()
    assert {check.verdict for check in found} == {Verdict.PASSED}
    assert {check.code for check in found} == {code for code, _ in FAULTS}
    assert {check.vantage for check in found} == {Vantage.INSIDE}
    assert {check.level for check in found if not check.code.startswith("CLEAR")} == {Level.STATE}


@pytest.mark.parametrize(("code", "harm"), FAULTS, ids=[f"{i}-{code}" for i, (code, _) in enumerate(FAULTS)])
def test_a_fault_is_told_with_its_own_code_and_no_other(code: str, harm: Harm) -> None:
    failed = [check for check in judged(harm) if check.verdict is not Verdict.PASSED]
    assert [(check.code, check.verdict) for check in failed] == [(code, Verdict.FAILED)]
    assert all(check.message and check.mend for check in failed)


def test_every_code_of_the_level_has_a_fault_and_an_explanation() -> None:
    modules = (inspect.getmodule(checks) or checks, management, read_back, logged, unmanaged.protection_checks)
    written = set(re.findall(r'"([A-Z]+-\d\d)"', "".join(map(inspect.getsource, modules))))
    assert written == {code for code, _ in FAULTS}
    assert written <= EXPLANATIONS.keys()


@pytest.mark.parametrize(
    "silent",
    [
        "module show",
        "pjsip show transports",
        "pjsip list endpoints",
        "pjsip show transport tls",
        "pjsip show endpoint 101",
        "pjsip list aors",
        "pjsip show settings",
        "rtp show settings",
        "manager show settings",
        "manager show users",
        "http show status",
        "logger show channels",
        "dialplan show",
        "sockets",
    ],
)
@pytest.mark.parametrize("answer", ["", None])
def test_where_asterisk_does_not_answer_the_verdict_is_unknown(silent: str, answer: str | None) -> None:
    def harm(blocks: dict[str, str]) -> None:
        if answer is None:
            del blocks[silent]
        else:
            blocks[silent] = answer

    found = judged(harm)
    assert [check.verdict for check in found if check.verdict is not Verdict.PASSED] == [Verdict.UNKNOWN]


def test_local_networks_are_compared_as_a_set() -> None:
    nat = Nat(external_address="198.51.100.7", local_networks=("192.0.2.0/24", "10.0.0.0/8"))
    pbx = replace(PBX, nat=nat)
    documents = documents_of(pbx)
    blocks = healthy(pbx, documents)
    assert {check.verdict for check in checks(pbx, documents, blocks)} == {Verdict.PASSED}
    block = "pjsip show transport tls"
    for old, new in (
        (" local_net : 10.0.0.0/255.0.0.0\n", ""),
        ("10.0.0.0/255.0.0.0", "10.0.0.0/255.255.0.0"),
        (" local_net : 10.0.0.0", " local_net : 172.16.0.0/255.240.0.0\n local_net : 10.0.0.0"),
        (" external_media_address : 198.51.100.7", " external_media_address : 198.51.100.8"),
        (" external_signaling_address : 198.51.100.7", " external_signaling_address : "),
    ):
        assert old in f"{blocks[block]}\n"
        harmed = {**blocks, block: f"{blocks[block]}\n".replace(old, new)}
        failed = [check for check in checks(pbx, documents, harmed) if check.verdict is not Verdict.PASSED]
        assert [(check.code, check.verdict) for check in failed] == [("STATE-03", Verdict.FAILED)]


def test_media_of_a_call_that_is_up_is_no_fault() -> None:
    def harm(blocks: dict[str, str]) -> None:
        add("/proc/net/udp", row("00000000:4E84", "07", 12).rstrip())(blocks)
        blocks["calls after"] = "2 active channels\n1 active call\n"

    assert {check.verdict for check in judged(harm)} == {Verdict.PASSED}


def test_an_option_of_security_that_is_not_shown_is_unknown() -> None:
    def harm(blocks: dict[str, str]) -> None:
        title = "pjsip show endpoint 101"
        blocks[title] = re.sub(r"^ media_encryption : .*\n", "", blocks[title], flags=re.MULTILINE)

    assert [(check.code, check.verdict) for check in judged(harm) if check.verdict is not Verdict.PASSED] == [
        ("STATE-03", Verdict.UNKNOWN)
    ]


def test_an_emptied_file_after_a_reload_is_told_for_every_object() -> None:
    def harm(blocks: dict[str, str]) -> None:
        blocks["pjsip show transports"] = blocks["pjsip list endpoints"] = "No objects found.\n"

    failed = [check for check in judged(harm) if check.verdict is Verdict.FAILED]
    assert {check.code for check in failed} == {"STATE-01"}
    assert {check.subject for check in failed} == {
        "tls",
        "101",
        "102",
        "to-branch",
        "confgen-probe",
        "confgen-probe-dtls",
    }


def test_all_is_asked_in_one_round_trip_and_no_secret_is_sent() -> None:
    answer = "".join(f"=== {title}\n{body}\n" for title, body in healthy(PBX, DOCUMENTS).items()).encode()
    host = ScriptedHost(answers={"state": answer})
    found = asterisk.state(host, PBX, DOCUMENTS)
    assert {check.verdict for check in found} == {Verdict.PASSED}
    assert host.asked == [["state", "101", "102", "confgen-probe", "confgen-probe-dtls", "to-branch"]]
    assert b"sentinel" not in host.commands[0].stdin


def test_blocks_are_told_apart_by_the_scripts_own_line_ends() -> None:
    assert blocks_of(b"=== a\nx\x0c=== b\ny\n=== c\n") == {"a": "x\x0c=== b\ny", "c": ""}


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        (
            "[ Context 'services' created by 'pbx_config' ]\n  '510' =>   1. Answer()     [services.conf:2]",
            Verdict.PASSED,
        ),
        ("[ Context 'peers' created by 'pbx_config' ]\n  '510' =>   1. Answer()     [services.conf:2]", Verdict.FAILED),
        ("[ Context 'confgen-blocked' created by 'CLI' ]\n  Include =>  'phones'   [CLI]", Verdict.FAILED),
    ],
)
def test_files_of_the_users_own_may_bring_contexts_and_add_nothing_to_ours(more: str, verdict: Verdict) -> None:
    pbx = a_pbx(includes=(Include(key="extensions.conf", file="services.conf", place=PLACE),))
    documents = documents_of(pbx)
    blocks = healthy(pbx, documents)
    add("dialplan show", more)(blocks)

    (dialplan,) = [check for check in checks(pbx, documents, blocks) if check.code == "DIAL-02"]
    assert dialplan.verdict is verdict


_OF_A_MODULE = "[ Context 'parkedcalls' created by 'res_parking' ]\n  '700' =>   1. Park()     [res_parking]"


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (a_pbx(manages=frozenset(Part) - {Part.MODULES}), a_pbx(manages=frozenset(Part) - {Part.MODULES})),
        (a_pbx(modules=("res_parking",)), a_pbx(modules=("res_parking",))),
        (a_pbx(modules=("res_parking",)), a_pbx()),
        (a_pbx(includes=(Include(key="extensions.conf", file="services.conf", place=PLACE),)), a_pbx()),
    ],
    ids=["modules not managed", "own modules", "own modules no more", "own files no more"],
)
def test_a_generation_whose_modules_or_files_bring_contexts_is_as_it_was_whatever_the_inventory_says_today(
    then: Pbx, now: Pbx
) -> None:
    documents = documents_of(then)
    blocks = healthy(then, documents)
    add("dialplan show", _OF_A_MODULE)(blocks)

    (dialplan,) = [check for check in checks(now, documents, blocks) if check.code == "DIAL-02"]
    assert dialplan.verdict is Verdict.PASSED


def test_the_port_towards_a_provider_is_declared_and_must_be_listened_on() -> None:
    pbx = a_pbx(provider_trunks=(a_provider_trunk(),))
    documents = documents_of(pbx)
    blocks = healthy(pbx, documents)
    silent = [
        (check.code, check.subject) for check in checks(pbx, documents, blocks) if check.verdict is Verdict.FAILED
    ]
    blocks["sockets"] += "\n13"
    blocks["/proc/net/tcp"] += row("0B0200C0:13C6", "0A", 13)
    heard = [check for check in checks(pbx, documents, blocks) if check.verdict is not Verdict.PASSED]
    assert silent == [("STATE-07", "tcp 192.0.2.11:5062")]
    assert heard == []
