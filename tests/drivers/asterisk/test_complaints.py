"""Only what the new configuration caused counts as a complaint, whatever else a busy PBX logs."""

from __future__ import annotations

import subprocess
from importlib.resources import files

import pytest

from confgen.drivers.asterisk import complaints, script

AT = "[2026-11-23 07:12:28.305]"
CONFIGURATION = [
    f"{AT} ERROR[569] config_options.c: Could not find option suitable for category '101' at line 26 of ",
    f"{AT} ERROR[569] res_sorcery_config.c: Could not create an object of type 'endpoint' with id '101'",
    f"{AT} WARNING[569] config.c: parse error: no closing ']', line 20 of /etc/asterisk/pjsip.conf",
    f"{AT} ERROR[569] res_pjsip/config_transport.c: Transport: tls: priv_key_file x is either missing or not readable",
    f"{AT} ERROR[569] loader.c: Error loading module 'res_srtp.so': cannot open shared object file",
    f"{AT} WARNING[569] pbx_config.c: Invalid priority/label 'Answer' at line 8",
    f"{AT} ERROR[569] rtp_engine.c: dtlsprivatekey file x does not exist or is not readable",
    f"{AT} ERROR[569] pjproject: <?>: tlslis.x Error loading certificate chain file 'x.crt'",
    f"{AT} ERROR[569] pjproject: <?>: tlslis.x Error adding private key from 'x.key'",
    "[Nov 23 07:12:28] WARNING[569]: config.c:320 parse_line: parse error: no closing ']'",
    f"{AT} ERROR[569][C-00000001] config.c: The file 'nosuch.conf' was listed as a #include but it does not exist.",
]  # fmt: skip
OTHERS = [
    f"{AT} WARNING[601][C-0000002a] res_pjsip_session.c: Couldn't negotiate stream 0:audio-0:audio:sendrecv (nothing)",
    f"{AT} ERROR[601] res_pjsip_session.c: 101: Couldn't negotiate",
    f"{AT} WARNING[601] res_pjsip_registrar.c: AOR '' not found for endpoint '101'",
    f"{AT} ERROR[601] pjproject: <?>: Error processing packet from 192.0.2.50:5061",
    f"{AT} WARNING[601] pjproject: <?>: SSL SSL_ERROR_SSL: err: <sslv3 alert certificate unknown> peer: 192.0.2.50",
    f"{AT} WARNING[601] pjproject: <?>: SSL SSL_ERROR_SSL: <peer did not return a certificate> peer: 192.0.2.50",
    f"{AT} WARNING[601][C-0000002a] app_dial.c: Unable to create channel of type 'PJSIP' (cause 20)",
    f"{AT} WARNING[601] chan_pjsip.c: [2026-11-23 07:12:28.305] ERROR[1] config.c: sent by a phone",
    f"""{AT} NOTICE[601] res_pjsip/pjsip_distributor.c: Request from '"WARNING[1]: config.c: x" <sip:a@b>' failed""",
    f"{AT} NOTICE[601] res_sorcery_config.c: Retaining existing configuration for object '101'",
]  # fmt: skip


def judged(new: list[str], old: list[str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Complaints and unknown ones, from an answer as the host's script gives it."""
    answer = [
        *([] if old is None else ["baseline", *(f"old {line}" for line in old)]),
        *(f"new {line}" for line in new),
    ]
    activation = complaints.judge(script.lines("\n".join([*answer, "activated reload", ""]).encode()))
    return activation.complaints, activation.unknown


@pytest.mark.parametrize("line", CONFIGURATION)
def test_a_line_of_what_reads_configuration_is_a_complaint(line: str) -> None:
    assert judged([line], []) == ((line,), ())


@pytest.mark.parametrize("line", OTHERS)
def test_a_line_of_a_phone_or_a_call_is_none(line: str) -> None:
    assert judged([line], []) == ((), ())


@pytest.mark.parametrize("line", CONFIGURATION)
def test_a_line_that_the_old_configuration_logged_too_is_none(line: str) -> None:
    later = (
        line.replace(AT, "[2026-11-24 18:00:01.999]")
        .replace("[Nov 23 07:12:28]", "[Nov 24 18:00:01]")
        .replace("[569]", "[70123]")
        .replace("line 20", "line 31")
        .replace("line 26", "line 7")
        .replace(":320 ", ":320 ")
    )
    assert later != line
    assert judged([later], [line]) == ((), ())


def test_the_same_line_about_another_object_is_a_complaint() -> None:
    old = CONFIGURATION[1]
    new = old.replace("'101'", "'102'")
    assert judged([old, new], [old]) == ((new,), ())


def test_without_a_baseline_lines_are_unknown_and_no_complaints() -> None:
    assert judged([CONFIGURATION[0], OTHERS[0]], None) == ((), (CONFIGURATION[0],))


def test_what_the_hosts_script_complains_of_counts_with_and_without_a_baseline() -> None:
    late = "Asterisk was not fully booted in time"
    for answer in (f"complaint {late}\nactivated restart\n", f"baseline\ncomplaint {late}\nactivated restart\n"):
        assert complaints.judge(script.lines(answer.encode())).complaints == (late,)


@pytest.mark.parametrize("line_end", ["\r", "\v", "\f", "\x1c", "\x85", "\u2028"])
def test_nobody_can_log_a_complaint_of_the_script_by_a_line_end_of_his_own(line_end: str) -> None:
    line = f"{AT} WARNING[601] chan_pjsip.c: from 'x{line_end}complaint of mine'"
    assert judged([line], []) == ((), ())


@pytest.mark.parametrize("name", ["password", "password_digest", "md5_cred", "oauth_secret"])
def test_a_secret_that_asterisk_logs_is_masked_with_and_without_a_baseline(name: str) -> None:
    line = f"{AT} ERROR[569] config_options.c: Error parsing {name}=SHA-256:sentinel 4f1d at line 26 of "
    shown = f"{AT} ERROR[569] config_options.c: Error parsing {name}=*** at line 26 of "
    assert judged([line], []) == ((shown,), ())
    assert judged([line], None) == ((), (shown,))
    assert judged([line], [line]) == ((), ())


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Error parsing set_var=PIN=4711 at line 3 of ", "Error parsing set_var=PIN=*** at line 3 of "),
        ("Error parsing a=b password=4711 at line 3 of ", "Error parsing a=b password=*** at line 3 of "),
        (
            "Error parsing contact=sip:101:4711@192.0.2.7 at line 3 of ",
            "Error parsing contact=sip:101:***@192.0.2.7 at line 3 of ",
        ),
        (
            "Error parsing password=4711 at line 3 of x at line 3 of ",
            "Error parsing password=*** at line 3 of ",
        ),
        ("Error parsing media_encryption=sdess at line 26 of ", "Error parsing media_encryption=sdess at line 26 of "),
    ],
)
def test_a_secret_within_a_value_is_masked_too(said: str, shown: str) -> None:
    at = f"{AT} ERROR[569] config_options.c: "
    assert judged([at + said], []) == ((at + shown,), ())


def test_a_quiet_activation_has_nothing_to_tell() -> None:
    assert judged([], []) == ((), ())


@pytest.mark.parametrize("secret", ["word", "two words", "a=b", "one at line 3 of many"])
@pytest.mark.parametrize("name", ["md5_cred", "password"])
def test_a_secret_that_asterisk_quotes_is_not_told(name: str, secret: str) -> None:
    line = f"{AT} ERROR[569] config_options.c: Error parsing {{}} at line 26 of pjsip.conf"
    ((told,), _) = judged([line.format(f"{name}={secret}")], [])
    assert told == line.format(f"{name}=***")
    assert judged([line.format("method=tlsv1_9")], []) == ((line.format("method=tlsv1_9"),), ())


@pytest.mark.parametrize("line", CONFIGURATION)
def test_behind_the_word_of_a_phone_it_is_unknown_for_the_phone_may_have_sent_it(line: str) -> None:
    answer = "\n".join(["baseline", f"doubtful {line}", f"doubtful {OTHERS[0]}", "activated reload", ""])
    activation = complaints.judge(script.lines(answer.encode()))
    assert (activation.complaints, activation.unknown) == ((), (line,))


@pytest.mark.parametrize("line", CONFIGURATION)
@pytest.mark.parametrize(
    "heard",
    [
        f"{AT} NOTICE[601] res_pjsip_session.c:  101: Call (TLS:192.0.2.50:5061) to extension '9",
        f"{AT} ERROR[601] pjproject: \t sip_endpoint.c Error processing packet from 192.0.2.50:5061: Missing header",
        f"{AT} VERBOSE[601][C-0000002a] pbx.c: Executing [9",
        "[Nov 23 07:12:28] NOTICE[601]: chan_sip.c:28904 handle_request_register: Registration from '",
    ],
)
def test_the_host_tells_apart_what_stands_before_and_behind_the_first_word_of_a_phone(line: str, heard: str) -> None:
    own = f"{AT} NOTICE[569] loader.c: 60 modules will be loaded."
    told = told_apart([own, CONFIGURATION[0], heard, line, "-- end of packet.", CONFIGURATION[1]])
    head = [f"new {heard}"] if "ERROR[" in heard else []
    assert told == [f"new {CONFIGURATION[0]}", *head, f"doubtful {line}", f"doubtful {CONFIGURATION[1]}"]


_PROBED = [
    f"{AT} WARNING[601] {said}"
    for said in (
        "pjproject: \t SSL SSL_ERROR_SSL (Handshake): Level: 0 err: <16> <error:0A:SSL::x y> len: 0 peer: 192.0.2.5:4",
        "pjproject: \t SSL SSL_ERROR_SSL (Handshake): Level: 0 err: <33> <SSL-tls_early x> len: 0 peer: 2001:db8::5:36",
        "pjproject: \t SSL 6 [SSL_ERROR_ZERO_RETURN] (Read) ret: 0 len: 65535",
        "res_pjsip_session.c:  confgen-probe: Couldn't negotiate stream 0:audio-0:audio:sendrecv (nothing)",
        "res_srtp.c: Unsupported crypto parameters: UNENCRYPTED_SRTP",
        "res_pjsip/pjsip_transport_events.c: Transport 'tls' to remote 'a.example.test' - 192.0.2.12:5061 - OK",
        "sorcery.c: Type 'system' is not reloadable, maintaining previous values",
    )
]  # fmt: skip


@pytest.mark.parametrize("heard", _PROBED)
def test_a_line_that_ends_in_itself_makes_nothing_doubtful(heard: str) -> None:
    assert told_apart([heard, CONFIGURATION[0]]) == [f"new {heard}", f"new {CONFIGURATION[0]}"]


@pytest.mark.parametrize("heard", _PROBED)
def test_with_more_behind_it_a_line_does_not_end_in_itself(heard: str) -> None:
    assert told_apart([f"{heard} x", CONFIGURATION[0]])[-1] == f"doubtful {CONFIGURATION[0]}"


def told_apart(logged: list[str]) -> list[str]:
    """What the host's script makes of these lines of a log."""
    part = files("confgen.drivers.asterisk").joinpath("host", "80-switching.sh").read_text(encoding="utf-8")
    done = subprocess.run(
        ["sh", "-c", f"{part}\ntold_apart"], input="\n".join([*logged, ""]), capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()
