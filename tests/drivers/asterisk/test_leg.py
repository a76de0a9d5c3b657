"""What a PBX tells of a call that it made to prove a leg, and of one that it was called by."""

from __future__ import annotations

import pytest

from confgen.drivers import asterisk
from confgen.model.inventory import Part
from confgen.model.leg import Called, NotCalled, Witness
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.model.pbxs import a_pbx, a_provider_trunk, a_trunk_end

OWN_DIALPLAN = a_pbx(manages=frozenset({Part.SIP, Part.CERTIFICATES}))
TRUNK = a_trunk_end("to-branch", "branch")
SHOWN = "\n method             : tlsv1_2\n verify_server      : Yes\n"


def answer(begun: str, seen: str, contact: str = "", shown: str = SHOWN) -> bytes:
    return f"=== transport{shown}=== now\n{begun}\n=== originate\n=== seen\n{seen}\n=== qualify\n{contact}\n".encode()


def called(begun: str, seen: str, contact: str = "", shown: str = SHOWN) -> Called:
    host = ScriptedHost(answers={"leg": answer(begun, seen, contact, shown)})
    told = asterisk.call_peer(host, a_pbx(), TRUNK)
    assert host.asked == [["leg", "to-branch", "600", "CONFGEN_LEG_TO_BRANCH", "tls"]]
    assert isinstance(told, Called)
    return told


@pytest.mark.parametrize(
    ("seen", "signalling", "media", "call"),
    [
        ("1000:1:1:a-b@c:5", True, True, "a-b@c:5"),
        ("1002:1:0:id", True, False, "id"),
        ("1002:0:1:id", False, True, "id"),
        ("1002:::id", None, None, "id"),
        ("1002:1", None, True, ""),  # as an older confgen left it
        ("1002:", None, None, ""),
    ],
)
def test_what_the_calling_end_saw_is_read(
    seen: str, signalling: bool | None, media: bool | None, call: str  # noqa: FBT001 -- a case
) -> None:  # fmt: skip
    witness = called("1000", seen).seen
    assert isinstance(witness, Witness)
    assert (witness.is_signalling_secure, witness.is_media_secure, witness.call) == (signalling, media, call)


@pytest.mark.parametrize(
    ("begun", "seen"),
    [("1000", "999:1:1:of-an-earlier-call"), ("1000", "none"), ("1000", "over"), ("1000", ""), ("", "1002:1:1:id")],
)
def test_a_call_that_was_not_answered_since_it_was_begun_was_seen_by_nobody(begun: str, seen: str) -> None:
    assert called(begun, seen).seen is None


@pytest.mark.parametrize(
    ("shown", "is_verifying"),
    [(SHOWN, True), (SHOWN.replace("Yes", "No"), False), ("\nUnable to find object tls.\n", None)],
)
def test_whether_the_peers_certificate_is_verified_is_told(shown: str, is_verifying: bool | None) -> None:  # noqa: FBT001
    assert called("1000", "1000:1:1:id", shown=shown).is_verifying is is_verifying


def test_the_peers_contact_is_told() -> None:
    contact = "  Contact:  to-branch/sip:branch.example.test:5061   Unavail   nan"
    assert called("1000", "none", contact).contact.endswith("to-branch/sip:branch.example.test:5061 Unavail nan")


def test_a_host_that_told_nothing_has_seen_nothing() -> None:
    assert called("", "", shown="\n") == Called(seen=None, is_verifying=None)


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        ("There is no existence of 'confgen-leg' context", NotCalled),
        ("[ Context 'confgen-leg' created by 'pbx_config' ]\n  'to-branch' => 1. Set(…)  [e:1]", Called),
    ],
)
def test_a_dialplan_of_the_users_own_must_hold_the_legs_context(shown: str, kind: type) -> None:
    host = ScriptedHost(answers={"leg": f"=== dialplan\n{shown}\n".encode() + answer("1000", "1000:1:1:id")})
    told = asterisk.call_peer(host, OWN_DIALPLAN, TRUNK)
    assert isinstance(told, kind)
    assert not isinstance(told, NotCalled) or "DIAL-31" in told.mend


def test_a_peer_without_an_echo_number_cannot_be_called() -> None:
    host = ScriptedHost(answers={})
    told = asterisk.call_peer(host, a_pbx(), a_trunk_end("to-branch", "branch", peer_echo=None))
    assert isinstance(told, NotCalled)
    assert host.commands == []


def test_what_the_called_end_saw_is_read_with_its_age() -> None:
    host = ScriptedHost(answers={"heard": b"=== now\n1007\n=== heard\n1002:1:0:id\n"})
    heard = asterisk.heard_of_peer(host, a_pbx(), TRUNK)
    assert heard == Witness(call="id", age=5, is_signalling_secure=True, is_media_secure=False)
    assert host.asked == [["heard", "to-branch", "CONFGEN_HEARD_to-branch"]]


@pytest.mark.parametrize("told", [b"", b"=== now\n1007\n=== heard\n", b"=== now\n1007\n=== heard\nnonsense:1:1:id\n"])
def test_an_end_that_remembers_no_call_says_so(told: bytes) -> None:
    host = ScriptedHost(answers={"heard": told})
    assert asterisk.heard_of_peer(host, a_pbx(), TRUNK) is None
    own = asterisk.heard_of_peer(host, OWN_DIALPLAN, TRUNK)
    assert isinstance(own, NotCalled)
    assert "DIAL-31" in own.mend


def test_a_provider_is_called_at_its_test_number_and_nowhere_without_one() -> None:
    host = ScriptedHost(answers={"test_call": answer("1000", "1003:1:1:id")})
    told = asterisk.call_outside(host, a_pbx(), a_provider_trunk(test_number="+4930111"))
    assert isinstance(told, Called)
    assert told.seen is not None
    assert host.asked == [["test_call", "to-carrier", "CONFGEN_LEG_TO_CARRIER", "tls"]]  # the dialplan has the number

    without = ScriptedHost(answers={})
    assert isinstance(asterisk.call_outside(without, a_pbx(), a_provider_trunk()), NotCalled)
    assert without.commands == []
