"""What a second Asterisk tells is an error only where it is about what is pushed, and never without a word."""

from __future__ import annotations

import pytest

from confgen.drivers.asterisk.layout import every_name
from confgen.drivers.asterisk.preflight import preflight
from confgen.drivers.asterisk.trial import judge
from confgen.model.document import Impact
from confgen.model.driver import Staged
from confgen.model.finding import Finding, Severity
from confgen.model.lease import Lease
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.model.pbxs import a_pbx

AT = "[2026-11-25 16:42:30.379]"
IN_PART = "pjproject.conf\npjsip.conf\nrtp.conf\n"
GOOD = {
    "folder": "/etc/asterisk",
    "names": "\n".join(sorted(every_name())),
    "baseline": "",
    "live applications": "Answer\nEcho\nMeetMe",
    "left out": "",
    "booted": "",
    "pjsip list endpoints": """\
No ethernet interface found for seeding global EID. You will have to set it manually.

 Endpoint:  <Endpoint/CID.....................................>  <State.....>  <Channels.>
==========================================================================================

 Endpoint:  101/101                                              Unavailable   0 of inf

Objects found: 1
""",
    "pjsip list auths": """\
  I/OAuth:  <AuthId/UserName.............................................................>
==========================================================================================

     Auth:  101/101

Objects found: 1
""",
    "pjsip list aors": """\
      Aor:  <Aor..............................................>  <MaxContact>
==========================================================================================

      Aor:  101                                                  1

Objects found: 1
""",
    "pjsip list identifies": "No such command 'pjsip list identifies' (type 'core show help pjsip' for others)",
    "pjsip show transports": """\
Transport:  <TransportId........>  <Type>  <cos>  <tos>  <BindAddress....................>
==========================================================================================

Transport:  tls                       tls      0      0  0.0.0.0:5061

Objects found: 1
""",
    "core show applications": "    -= Registered Asterisk Applications =-\n"
    "             Answer: Answer a channel if ringing.\n               Echo: Echo media back to the channel.\n"
    "    -= 2 Applications Registered =-",
    "dialplan show": """\
[ Context 'phones' created by 'pbx_config' ]
  '600' =>          1. Answer()                                   [extensions.conf:54]
                    2. Echo()                                     [extensions.conf:55]

-= 1 extension (2 priorities) in 1 context. =-
""",
    "handshakes": "tls served",
    "log": "",
    "file pjsip.conf": "[tls]\ntype = transport\n[101]\ntype = endpoint\ncontext = phones\nauth = 101\naors = 101\n"
    "[101]\ntype = auth\n[101]\ntype = aor\n;--\n[102]\ntype = endpoint\n--;\n[old](!)\ntype = endpoint\n",
}  # fmt: skip


def found(**changes: str) -> list[Finding]:
    blocks = {**GOOD, **{title.replace("_", " "): text for title, text in changes.items()}}
    return list(judge(a_pbx(), blocks))


def changed(title: str, old: str, new: str) -> list[Finding]:
    assert old in GOOD[title]
    return list(judge(a_pbx(), {**GOOD, title: GOOD[title].replace(old, new)}))


def errors(findings: list[Finding]) -> list[str]:
    return [finding.message for finding in findings if finding.severity is Severity.ERROR]


def logged(line: str, **changes: str) -> list[Finding]:
    return found(log=f"{AT} {line}", **changes)


def test_a_good_set_has_no_finding() -> None:
    assert found() == []


@pytest.mark.parametrize(
    "line",
    [
        "ERROR[73] config_options.c: Error parsing media_encryption=sdess at line 26 of ",
        "ERROR[73] res_sorcery_config.c: Could not create an object of type 'endpoint' from file 'pjsip.conf'",
        "WARNING[73] config.c: parse error: no closing ']', line 20 of /run/etc/pjsip.conf",
        "ERROR[73] config.c: The file 'nosuch.conf' was listed as a #include but it does not exist.",
        "ERROR[73] loader.c: Error loading module 'app_ecko.so': cannot open shared object file",
        "WARNING[73] pbx_config.c: No closing parenthesis found? 'Echo(' at line 7 of extensions.conf",
        "ERROR[73] pjproject: \t ssl0x5610 Error adding private key from 'x.key': key values mismatch",
    ],
)
def test_what_a_start_with_confgens_whole_set_complains_of_is_an_error(line: str) -> None:
    (finding,) = logged(line)
    assert (finding.code, finding.severity) == ("PUSH-47", Severity.ERROR)


@pytest.mark.parametrize(
    "line",
    [
        "ERROR[73] res_pjsip_config_wizard.c: Unable to load config file 'pjsip_wizard.conf'",
        "ERROR[73] file.c: Error opening directory - /usr/share/asterisk/moh: No such file or directory",
        "WARNING[73] pjproject: \t SSL 6 [SSL_ERROR_ZERO_RETURN] (Read) ret: 0 len: 65535",
        "WARNING[73] loader.c: Module 'res_adsi' has been loaded but may be removed in a future release.",
    ],
)
def test_what_is_not_about_configuration_is_not_told(line: str) -> None:
    assert logged(line) == []


def test_a_line_that_the_running_one_logged_too_is_not_told_whatever_its_time_and_folder() -> None:
    line = "WARNING[{}] config.c: parse error: no = at line {} of {}/queues.conf"
    old = f"[2026-01-01 00:00:00.000] {line.format(9, 5, '/etc/asterisk')}"
    assert logged(line.format(73, 8, "/run/etc"), baseline=old) == []
    assert logged(line.format(73, 8, "/run/etc")) != []


@pytest.mark.parametrize(
    "line",
    [
        "WARNING[73] config.c: parse error: no category for line 64 of /run/etc/queues.conf",
        "ERROR[73] loader.c: chan_unistim declined to load.",
        "WARNING[73] loader.c: Some non-required modules failed to load.",
    ],
)
def test_what_is_about_the_users_own_is_a_note_where_it_is_not_managed(line: str) -> None:
    (finding,) = logged(line, names=IN_PART)
    assert (finding.code, finding.severity) == ("PUSH-77", Severity.NOTE)


def test_a_file_of_the_users_own_that_is_not_included_is_not_confgens_though_all_parts_are() -> None:
    findings = logged("WARNING[73] config.c: parse error: no category for line 64 of /run/etc/queues.conf")
    assert (findings[0].code, errors(findings)) == ("PUSH-77", [])


@pytest.mark.parametrize(
    "line",
    [
        "ERROR[73] res_sorcery_config.c: Contents of config file 'pjsip.conf' are invalid and cannot be parsed",
        "ERROR[73] loader.c: chan_pjsip declined to load.",
    ],
)
def test_in_part_too_what_is_pushed_and_what_encrypted_calls_need_must_be_right(line: str) -> None:
    assert len(errors(logged(line, names=IN_PART))) == 1


def test_a_file_that_is_included_is_judged_as_what_includes_it() -> None:
    line = "WARNING[73] config.c: parse error: no closing ']', line 2 of /run/etc/.outside/srv/pbx/phones.inc.conf"
    findings = logged(line, names=IN_PART, **{"file /run/etc/.outside/srv/pbx/phones.inc.conf": ""})
    assert errors(findings) == [
        "tried apart, Asterisk says: WARNING config.c: parse error: no closing ']', line 2 of /srv/pbx/phones.inc.conf"
    ]


def test_the_same_line_is_told_once_and_many_are_summed_up() -> None:
    line = f"{AT} ERROR[73] res_sorcery_config.c: Contents of config file 'pjsip.conf' are invalid"
    assert len(found(log="\n".join([line] * 11))) == 1
    assert len(found(log="\n".join(f"{line} {number}" for number in range(300)))) == 11


@pytest.mark.parametrize("option", ["password", "password_digest", "md5_cred", "secret", "oauth_secret"])
def test_a_secret_in_a_line_is_masked(option: str) -> None:
    said = f"ERROR[73] config_options.c: Error parsing {option}=of the=customer at line 26 of "
    last = f"{AT} {said}"
    for findings in (logged(said), list(judge(a_pbx(), {"names": "", "log": "", "last words": last}))):
        (message,) = errors(findings)
        assert "customer" not in message
        assert f"{option}=***" in message


def test_one_that_does_not_come_up_is_an_error_with_its_last_words() -> None:
    blocks = {"names": GOOD["names"], "log": "", "last words": "Loading x.\n\nASTERISK EXITING!\n"}
    (message,) = errors(list(judge(a_pbx(), blocks)))
    assert message.endswith("does not come up: Loading x. / ASTERISK EXITING!")


def test_what_is_not_done_is_said_and_refuses_nothing() -> None:
    (finding,) = found(not_done="this host has no ip (of iproute2) to make a network apart\n")
    assert (finding.code, finding.severity) == ("PUSH-48", Severity.NOTE)
    assert "iproute2" in finding.message


@pytest.mark.parametrize(
    ("title", "row", "words"),
    [
        ("pjsip list endpoints", " Endpoint:  101/101 ", "the endpoint 101"),
        ("pjsip list auths", "     Auth:  101/101", "the auth 101"),
        ("pjsip list aors", "      Aor:  101 ", "the aor 101"),
        ("pjsip show transports", "Transport:  tls  ", "the transport tls"),
    ],
)
def test_an_object_that_is_not_there_is_an_error(title: str, row: str, words: str) -> None:
    assert row in GOOD[title]
    for answer in (GOOD[title].replace(row, row.replace("101", "909").replace("tls", "udp")), "No objects found.\n"):
        (message,) = errors(found(**{title: answer}))
        assert words in message


def test_an_identify_without_the_module_for_it_is_an_error() -> None:
    outline = GOOD["file pjsip.conf"] + "[carrier]\ntype = identify\nendpoint = 101\n"
    assert "the identify carrier" in errors(found(**{"file pjsip.conf": outline}))[0]


def test_an_object_with_a_name_too_long_for_the_list_is_there() -> None:
    name = "a-transport-with-a-name-of-forty-letters"
    row = GOOD["pjsip show transports"].replace("tls      ", f"{name[:21]} ", 1)
    outline = GOOD["file pjsip.conf"].replace("[tls]", f"[{name}]")
    assert errors(found(**{"pjsip show transports": row, "file pjsip.conf": outline})) == []


def test_a_console_that_did_not_answer_is_told_as_not_done() -> None:
    (finding,) = found(**{"pjsip list aors": ""})
    assert (finding.code, finding.severity) == ("PUSH-48", Severity.NOTE)


@pytest.mark.parametrize(
    ("outcome", "code", "severity"),
    [
        ("tls none", "PUSH-47", Severity.ERROR),
        ("tls other", "PUSH-47", Severity.ERROR),
        ("tls", "PUSH-47", Severity.ERROR),
        ("- missing", "PUSH-48", Severity.NOTE),
    ],
)
def test_only_the_certificate_that_was_staged_is_a_good_handshake(outcome: str, code: str, severity: Severity) -> None:
    (finding,) = found(handshakes=outcome)
    assert (finding.code, finding.severity) == (code, severity)


def test_an_application_that_there_is_not_is_an_error_where_the_dialplan_is_managed() -> None:
    (finding,) = changed("dialplan show", "Echo()", "Ecco()")
    unmanaged = list(
        judge(a_pbx(), {**GOOD, "names": IN_PART, "dialplan show": GOOD["dialplan show"] + "  '7' =>  1. X() [a]"})
    )
    assert (finding.code, finding.severity) == ("PUSH-76", Severity.ERROR)
    assert "phones, 600 2: runs Ecco" in finding.message
    assert unmanaged == []


def test_an_application_of_a_module_that_was_left_out_is_not_told_to_be_missing() -> None:
    lines = GOOD["dialplan show"].replace("Echo()", "MeetMe(1)")
    assert len(errors(found(**{"dialplan show": lines}))) == 1
    (finding,) = found(**{"dialplan show": lines, "left out": "app_meetme"})
    assert (finding.code, finding.severity) == ("PUSH-48", Severity.NOTE)


def test_a_name_that_leads_nowhere_is_an_error() -> None:
    assert [finding.code for finding in changed("file pjsip.conf", "auth = 101", "auth = 909")] == ["PUSH-75"]
    included = "  Include =>        'nowhere'                                  [pbx_config]\n\n-="
    assert [finding.code for finding in changed("dialplan show", "\n-=", included)] == ["PUSH-75"]


def a_staged(generation: int) -> Staged:
    lease = Lease(push="00112233445566aa", owner="maria@laptop", undo_after=60)
    return Staged(generation=generation, previous=0, impact=Impact.PROCESS_RESTART, changed=(), lease=lease)


def test_what_was_there_before_confgen_is_not_tried() -> None:
    host = ScriptedHost(answers={})
    assert preflight(host, a_pbx(), a_staged(0), print) == ()
    assert host.commands == []


def test_a_generation_is_tried_under_the_lease_of_its_push() -> None:
    answer = "".join(f"=== {title}\n{text}\n" for title, text in GOOD.items()).encode()
    host = ScriptedHost(answers={"preflight": answer})
    assert preflight(host, a_pbx(), a_staged(3), print) == ()
    assert host.asked == [["preflight", "3"]]
    assert "00112233445566aa" in host.commands[0].argv
