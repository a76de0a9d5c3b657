"""What a doctor is told of an Asterisk, each question by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk import examined_host, script
from confgen.model.found import Found
from confgen.model.host import Command, Completed, HostError
from confgen.model.inventory import Part, Pbx
from tests.drivers.asterisk.scripted_host import ScriptedHost, broken, refused
from tests.drivers.asterisk.test_observe import LOOK

NOW = 1_700_000_000
ORDINARY = f"""clock {NOW}
synchronised yes
kernel Linux 6.1.0-31-amd64 x86_64
system Debian GNU/Linux 12 (bookworm)
user root
id 0
systemd 252 (252.33-1~deb12u1)
has base64
has openssl
script {script.digest()}
modules /usr/lib/asterisk/modules
file res_srtp
file chan_pjsip
end
"""
STATE = """=== process
running yes
user asterisk
=== module show
Module                         Description                              Use Count  Status      Support Level
res_srtp.so                    Secure RTP (SRTP)                        0          Running              core
chan_pjsip.so                  PJSIP Channel Driver                     0          Running              core
=== /proc/net/tcp
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0B0200C0:13C5 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 4242 1
=== sockets
4242
"""


def a_host(*, ordinary: str = ORDINARY, look: str | Completed = LOOK, state: str = STATE) -> ScriptedHost:
    class Hosted(ScriptedHost):
        """The program of an ordinary user has no first line that says which verb it is."""

        @staticmethod
        def words(command: Command) -> list[str]:
            return (
                ["ordinary"]
                if command.argv[:2] == ("sh", "-s") and len(command.argv) > 2
                else (ScriptedHost.words(command))
            )

    return Hosted(
        answers={
            "ordinary": ordinary.encode(),
            "observe": look.encode() if isinstance(look, str) else look,
            "state": state.encode(),
        }
    )


def examined(pbx: Pbx, host: ScriptedHost) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = {}
    for one in asterisk.examine(host, pbx):
        found.setdefault(one.subject, []).append(one)
    return found


def without(*lines: str) -> str:
    return "".join(f"{line}\n" for line in ORDINARY.splitlines() if line not in lines)


def test_a_host_that_is_well_is_told_in_three_questions_that_change_nothing(pbx: Pbx) -> None:
    host = a_host()
    found = examined(pbx, host)
    assert host.verbs == ["ordinary", "observe", "state"]
    assert found["system"][0].found == "Debian GNU/Linux 12 (bookworm), Linux 6.1.0-31-amd64 x86_64"
    assert found["rights"] == [Found(subject="rights", found="root: every verb")]
    assert found["version"][0].found.startswith("Asterisk 22.10.1")
    assert "4 is active and confirmed; kept are 0, 3, 4" in found["generations"][0].found
    assert [one.found for one in found["modules"]][:2] == ["res_srtp runs", "chan_pjsip runs"]
    assert "tcp 192.0.2.11:5061" in found["doors"][0].found
    assert "252" in found["undo"][0].found


def test_no_key_is_told(pbx: Pbx) -> None:
    assert "00ff" not in str(examined(pbx, a_host()))


def test_files_that_somebody_changed_by_hand_are_named(pbx: Pbx) -> None:
    wrong = [one for one in examined(pbx, a_host())["files"] if one.is_ok is False]
    assert [one.found for one in wrong] == ["changed by hand since confgen wrote them: acl.conf, rtp.conf"]


@pytest.mark.parametrize(
    ("clock", "answered_after", "is_ok"),
    [
        (NOW, 0.1, True),
        (NOW + 29, 0.1, True),
        (NOW + 90, 0.1, False),
        (NOW - 90, 0.1, False),
        (NOW + 90, 200.0, True),  # it may have been told at either end of the question
    ],
)
def test_a_clock_is_wrong_by_more_than_the_question_took(clock: int, answered_after: float, *, is_ok: bool) -> None:
    seen = examined_host.Look(lines=(("clock", str(clock)),), asked_at=float(NOW), answered_at=NOW + answered_after)
    (found,) = examined_host.clock(seen)
    assert found.is_ok is is_ok


def test_a_clock_that_tells_nothing_is_not_told() -> None:
    (found,) = examined_host.clock(examined_host.Look(lines=(), asked_at=0.0, answered_at=1.0))
    assert found.is_ok is None


@pytest.mark.parametrize(
    ("ordinary", "subject", "words"),
    [
        (ORDINARY.replace("has base64", "lacks flock"), "tools", "lacks flock"),
        (ORDINARY.replace("id 0", "id 1000").replace("user root", "user maria"), "rights", "maria is not root"),
        (without("systemd 252 (252.33-1~deb12u1)"), "undo", "nothing would undo a push"),
    ],
)
def test_what_a_push_would_miss_is_wrong(pbx: Pbx, ordinary: str, subject: str, words: str) -> None:
    (found,) = [one for one in examined(pbx, a_host(ordinary=ordinary))[subject] if one.is_ok is False]
    assert words in found.found
    assert found.advice


@pytest.mark.parametrize(
    ("ordinary", "rights", "hands"),
    [
        (ORDINARY.replace("systemd ", "may run\nsystemd "), True, True),
        (ORDINARY, False, True),
        (ORDINARY.replace(script.digest(), "0" * 64), False, False),
        (ORDINARY.replace(script.digest(), ""), False, False),
    ],
)
def test_a_deputy_needs_the_script_of_this_version_and_the_right_to_run_it(
    pbx: Pbx,
    *,
    ordinary: str,
    rights: bool,
    hands: bool,
) -> None:
    deputy = replace(pbx, ssh=replace(pbx.ssh, user="maria", uses_sudo=True))
    found = examined(deputy, a_host(ordinary=ordinary))
    assert (found["rights"][0].is_ok, found["confgen's script"][0].is_ok) == (rights, hands)


def test_a_question_that_is_refused_ends_no_other(pbx: Pbx) -> None:
    found = examined(pbx, a_host(look=refused("PUSH-34 there is no service pbx on this host")))
    assert [(one.is_ok, one.code) for one in found["asterisk"]] == [(False, "PUSH-34")]
    assert found["system"]
    assert found["modules"]


def test_a_question_that_cannot_be_asked_is_not_told_and_ends_no_other(pbx: Pbx) -> None:
    found = examined(pbx, a_host(look=broken("sh: out of memory"), ordinary="sh: not found\n"))
    assert [one.is_ok for one in (*found["asterisk"], *found["host"])] == [None, None]
    assert "out of memory" in found["asterisk"][0].found
    assert found["modules"]


def test_a_host_that_is_gone_leaves_every_question_untold(pbx: Pbx) -> None:
    class Gone(ScriptedHost):
        def run(self, _command: Command, /) -> Completed:
            raise HostError("the connection was lost")

    found = asterisk.examine(Gone(answers={}), pbx)
    assert {one.is_ok for one in found} == {None}


@pytest.mark.parametrize(
    ("running", "on_disk", "manages", "is_ok"),
    [
        (True, True, True, True),
        (False, True, True, True),  # a push loads it
        (False, True, False, False),
        (False, False, True, False),
    ],
)
def test_without_srtp_no_call_can_be_encrypted(
    pbx: Pbx,
    *,
    running: bool,
    on_disk: bool,
    manages: bool,
    is_ok: bool,
) -> None:
    pbx = replace(pbx, manages=frozenset(Part) if manages else frozenset(Part) - {Part.MODULES})
    state = STATE if running else "\n".join(line for line in STATE.splitlines() if "res_srtp" not in line)
    ordinary = ORDINARY if on_disk else without("file res_srtp")
    found = examined(pbx, a_host(state=state, ordinary=ordinary))["modules"]
    assert [one.is_ok for one in found if one.found.startswith("res_srtp")] == [is_ok]


def test_an_asterisk_that_does_not_run_tells_no_modules(pbx: Pbx) -> None:
    found = examined(pbx, a_host(state="=== process\nrunning no\n"))
    assert [one.is_ok for one in found["modules"]] == [None]
