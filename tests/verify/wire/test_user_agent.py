"""The user agent authenticates sparingly, acknowledges as RFC 3261 says, and hangs up whatever happens."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from confgen.model.secret import Secret
from confgen.model.stream import Stream
from confgen.streams.tcp import Address, Closed, TimedOut, connect
from confgen.streams.tls import shake_hands
from confgen.verify.wire import sdp
from confgen.verify.wire.digest import Credentials
from confgen.verify.wire.sdp import MalformedSdp
from confgen.verify.wire.sip import Request, address_uri, parameter
from confgen.verify.wire.transcript import Transcript
from confgen.verify.wire.user_agent import Caller, Outcome, UserAgent
from tests.verify.wire.certificates import Identity
from tests.verify.wire.servers import server_context, serving, shaking_hands
from tests.verify.wire.sip_server import ANSWER, Connection, FakePbx

PASSWORD = "correct horse"
OFFER = sdp.savp("127.0.0.1", 9)


@contextmanager
def calling(
    pbx: FakePbx, password: str | None = None, timeout: float = 5, transcript: Transcript | None = None
) -> Iterator[UserAgent]:
    """A user agent on a plain connection: what TLS does, its own tests show."""
    with serving(pbx.serve) as address:
        stream = connect(address.host, address.port, 5)
        credentials = None if password is None else Credentials(username="probe", password=Secret(password))
        caller = Caller(
            user="probe",
            domain="pbx.example.test",
            local=stream.local,
            confgen_version="1.2.3",
            credentials=credentials,
        )
        yield UserAgent(stream, caller, timeout, transcript)
        stream.close()


def test_a_user_agent_works_inside_tls(authority: Identity, pbx_certificate: tuple[Path, Path]) -> None:
    pbx = FakePbx(password=PASSWORD)
    handler = shaking_hands(server_context(pbx_certificate, ssl.TLSVersion.TLSv1_3), pbx.serve)
    with serving(handler) as address:
        carrier = connect(address.host, address.port, 5)
        stream, _ = shake_hands(carrier, server_name="pbx.example.test", authority=authority.pem, timeout=5)
        caller = Caller(
            user="probe",
            domain="pbx.example.test",
            local=carrier.local,
            confgen_version="1.2.3",
            credentials=Credentials(username="probe", password=Secret(PASSWORD)),
        )
        outcome = UserAgent(stream, caller, 5).invite(OFFER, "600")
        stream.close()
    assert outcome.status == 200
    assert pbx.methods() == ["INVITE", "ACK", "INVITE", "ACK", "BYE"]


def test_an_open_pbx_answers_options_without_a_challenge() -> None:
    pbx = FakePbx()
    with calling(pbx) as user_agent:
        assert user_agent.options() == Outcome(status=200, reason="OK")
    assert pbx.received[0].value("User-Agent") == "confgen-verify/1.2.3"


def test_without_credentials_a_challenge_is_the_outcome() -> None:
    pbx = FakePbx(password=PASSWORD)
    with calling(pbx) as user_agent:
        assert user_agent.register() == Outcome(status=401, reason="Unauthorized", was_challenged=True)
        assert user_agent.invite(OFFER, "600").status == 401
    assert pbx.methods() == ["REGISTER", "INVITE", "ACK"]


def test_one_challenge_serves_many_requests() -> None:
    pbx = FakePbx(password=PASSWORD)
    with calling(pbx, PASSWORD) as user_agent:
        assert user_agent.options() == Outcome(status=200, reason="OK", was_challenged=True)
        assert user_agent.register() == Outcome(status=200, reason="OK")
        assert user_agent.unregister() == Outcome(status=200, reason="OK")
        assert user_agent.invite(OFFER, "600").status == 200
    assert pbx.methods() == ["OPTIONS", "OPTIONS", "REGISTER", "REGISTER", "INVITE", "ACK", "BYE"]
    counts = [message.value("Authorization").partition("nc=")[2][:8] for message in pbx.received[1:5]]
    assert counts == ["00000001", "00000002", "00000003", "00000004"]


def test_a_stale_nonce_is_renewed_once() -> None:
    pbx = FakePbx(password=PASSWORD, uses_of_a_nonce=1)
    with calling(pbx, PASSWORD) as user_agent:
        assert user_agent.options().status == 200
        assert user_agent.options() == Outcome(status=200, reason="OK", was_challenged=True)
    assert len(pbx.received) == 4


def test_a_nonce_that_is_stale_for_ever_ends_as_a_challenge() -> None:
    pbx = FakePbx(password=PASSWORD, uses_of_a_nonce=0)
    with calling(pbx, PASSWORD) as user_agent:
        assert user_agent.options().status == 401
    assert len(pbx.received) == 2


def test_a_wrong_password_is_refused_and_never_sent_again() -> None:
    pbx = FakePbx(password=PASSWORD)
    with calling(pbx, "wrong") as user_agent:
        assert user_agent.options() == Outcome(status=401, reason="Unauthorized", was_challenged=True)
        assert user_agent.register().status == 401
        assert user_agent.register().status == 401
    assert [len(message.values("Authorization")) for message in pbx.received] == [0, 1, 0, 0]


def test_a_password_goes_over_no_wire_in_clear() -> None:
    pbx = FakePbx(password=PASSWORD)
    with calling(pbx, PASSWORD) as user_agent:
        user_agent.register()
    assert all(PASSWORD.encode() not in message.build() for message in pbx.received)


def test_registering_and_taking_it_back_name_the_same_contact() -> None:
    pbx = FakePbx()
    with calling(pbx) as user_agent:
        user_agent.register(expires=90)
        user_agent.unregister()
    there, back = pbx.requests("REGISTER")
    assert (there.value("Expires"), back.value("Expires")) == ("90", "0")
    assert there.value("Contact") == back.value("Contact")
    assert there.value("Call-ID") == back.value("Call-ID")
    assert there.sequence[0] < back.sequence[0]
    assert there.uri == "sip:pbx.example.test;transport=tls"
    assert address_uri(there.value("To")) == "sip:probe@pbx.example.test"


def test_an_answered_call_tells_its_answer_and_is_hung_up() -> None:
    pbx = FakePbx()
    with calling(pbx) as user_agent:
        outcome = user_agent.invite(OFFER, "600")
    assert outcome.status == 200
    assert outcome.answer is not None
    assert outcome.answer.media[0].profile == "RTP/SAVP"
    invite, ack, bye = (message for message in pbx.received if isinstance(message, Request))
    assert (invite.method, ack.method, bye.method) == ("INVITE", "ACK", "BYE")
    assert invite.body
    # RFC 3261 §13.2.2.4: to the Contact, a transaction of its own, with the INVITE's number.
    assert ack.uri == bye.uri == "sip:echo@127.0.0.1:9;x=y"
    assert ack.branch != invite.branch
    assert ack.sequence == (invite.sequence[0], "ACK")
    assert bye.sequence[0] > invite.sequence[0]
    assert parameter(ack.value("To"), "tag") == parameter(bye.value("To"), "tag") == "pbx"
    assert invite.value("Call-ID") == ack.value("Call-ID") == bye.value("Call-ID")


def test_the_acknowledgement_of_an_answered_call_carries_the_credentials_of_the_call() -> None:
    pbx = FakePbx(password=PASSWORD)
    with calling(pbx, PASSWORD) as user_agent:
        user_agent.invite(OFFER, "600")
    assert pbx.requests("ACK")[1].value("Authorization") == pbx.requests("INVITE")[1].value("Authorization")


def test_a_refused_call_is_acknowledged_within_its_transaction() -> None:
    pbx = FakePbx(on_invite=lambda connection, request: connection.reply(request, 488, "Not Acceptable Here"))
    with calling(pbx) as user_agent:
        assert user_agent.invite(OFFER, "600") == Outcome(status=488, reason="Not Acceptable Here")
    invite, ack = (message for message in pbx.received if isinstance(message, Request))
    assert ack.method == "ACK"
    assert ack.branch == invite.branch
    assert ack.uri == invite.uri
    assert parameter(ack.value("To"), "tag") == "pbx"


def test_requests_of_a_call_follow_the_recorded_route_backwards() -> None:
    def answer(connection: Connection, request: Request) -> None:
        route = ("Record-Route", "<sip:second;lr>, <sip:first;lr>")
        connection.reply(request, 200, "OK", route, ("Record-Route", "<sip:zeroth;lr>"), body=ANSWER)

    pbx = FakePbx(on_invite=answer)
    with calling(pbx) as user_agent:
        user_agent.invite(OFFER, "600")
    for method in ("ACK", "BYE"):
        routes = pbx.requests(method)[0].values("Route")
        assert routes == ("<sip:zeroth;lr>", "<sip:first;lr>", "<sip:second;lr>")


def test_a_call_is_hung_up_even_when_what_uses_it_fails() -> None:
    pbx = FakePbx()

    def use(user_agent: UserAgent) -> None:
        with user_agent.call(OFFER, "600") as outcome:
            assert outcome.status == 200
            raise ZeroDivisionError

    with calling(pbx) as user_agent, pytest.raises(ZeroDivisionError):
        use(user_agent)
    assert pbx.methods() == ["INVITE", "ACK", "BYE"]


def test_a_call_is_hung_up_even_when_its_answer_cannot_be_read() -> None:
    pbx = FakePbx(on_invite=lambda connection, request: connection.reply(request, 200, "OK", body=b"garbage"))
    with calling(pbx) as user_agent, pytest.raises(MalformedSdp):
        user_agent.invite(OFFER, "600")
    assert pbx.methods() == ["INVITE", "ACK", "BYE"]


def test_a_call_that_only_rings_is_cancelled_at_the_deadline() -> None:
    def ring(connection: Connection, request: Request) -> None:
        connection.reply(request, 100, "Trying")
        connection.reply(request, 180, "Ringing")
        cancel = connection.next_message()
        assert isinstance(cancel, Request)
        connection.reply(cancel, 200, "OK")
        connection.reply(request, 487, "Request Terminated")

    pbx = FakePbx(on_invite=ring)
    with calling(pbx, timeout=0.2) as user_agent:
        with pytest.raises(TimedOut, match="cancelled"):
            user_agent.invite(OFFER, "600")
        assert user_agent.options().status == 200  # the connection is still of use
    invite, cancel, ack, _ = (message for message in pbx.received if isinstance(message, Request))
    assert (cancel.method, ack.method) == ("CANCEL", "ACK")
    assert invite.branch == cancel.branch == ack.branch
    assert cancel.sequence == (invite.sequence[0], "CANCEL")
    assert parameter(cancel.value("To"), "tag") is None


def test_a_call_that_is_answered_while_it_is_cancelled_is_hung_up() -> None:
    def ring_too_long(connection: Connection, request: Request) -> None:
        connection.reply(request, 180, "Ringing")
        cancel = connection.next_message()
        assert isinstance(cancel, Request)
        connection.reply(request, 200, "OK", body=ANSWER)
        connection.reply(cancel, 200, "OK")

    pbx = FakePbx(on_invite=ring_too_long)
    with calling(pbx, timeout=0.2) as user_agent:
        assert user_agent.invite(OFFER, "600").status == 200
    assert pbx.methods() == ["INVITE", "CANCEL", "ACK", "BYE"]


def test_a_pbx_that_says_nothing_is_a_timeout_and_gets_no_cancel() -> None:
    pbx = FakePbx(on_invite=lambda _connection, _request: None)
    with calling(pbx, timeout=0.1) as user_agent, pytest.raises(TimedOut):
        user_agent.invite(OFFER, "600")
    assert pbx.methods() == ["INVITE"]


def test_requests_of_the_pbx_are_answered_while_we_wait() -> None:
    def answer_between(connection: Connection, request: Request) -> None:
        for method in ("OPTIONS", "NOTIFY", "BYE", "MESSAGE", "ACK"):
            connection.ask(method, "another call")
        connection.reply(request, 200, "OK", body=ANSWER)

    pbx = FakePbx(on_invite=answer_between)
    with calling(pbx) as user_agent:
        user_agent.invite(OFFER, "600")
    assert pbx.statuses() == [200, 200, 481, 405]
    answered = next(message for message in pbx.received if not isinstance(message, Request))
    assert answered.values("Via") == ("SIP/2.0/TLS pbx;branch=z9hG4bKpbx1", "SIP/2.0/TLS pbx;branch=z9hG4bKpbx0")
    assert parameter(answered.value("To"), "tag")


def test_a_pbx_that_hangs_up_at_the_same_moment_is_answered() -> None:
    def hang_up_at_once(connection: Connection, request: Request) -> None:
        connection.reply(request, 200, "OK", body=ANSWER)
        connection.next_message()  # the ACK
        connection.ask("BYE", request.value("Call-ID"))

    pbx = FakePbx(on_invite=hang_up_at_once)
    with calling(pbx) as user_agent:
        assert user_agent.invite(OFFER, "600").status == 200
    assert pbx.statuses() == [200]


def test_a_repeated_success_is_acknowledged_again() -> None:
    def repeat(connection: Connection, request: Request) -> None:
        connection.reply(request, 200, "OK", body=ANSWER)
        connection.reply(request, 200, "OK", body=ANSWER)

    pbx = FakePbx(on_invite=repeat)
    with calling(pbx) as user_agent:
        user_agent.invite(OFFER, "600")
    first, second = pbx.requests("ACK")
    assert first == second


def test_late_answers_to_earlier_requests_are_passed_over() -> None:
    stray: list[Request] = []

    def answer_late(connection: Connection, request: Request) -> None:
        stray.append(request)
        if len(stray) == 2:
            connection.reply(stray[0], 500, "Late")
        connection.reply(request, 486, "Busy Here")

    pbx = FakePbx(on_invite=answer_late)
    with calling(pbx) as user_agent:
        assert [user_agent.invite(OFFER, "600").status for _ in range(2)] == [486, 486]


def hanging_up_after(*, requests: int) -> Callable[[Connection, Request], None]:
    """The first INVITE is answered; after so many messages more the PBX hangs up."""

    def on_invite(connection: Connection, request: Request) -> None:
        connection.reply(request, 200, "OK", body=ANSWER)
        for _ in range(requests):
            connection.next_message()
        connection.ask("BYE", request.value("Call-ID"))

    return on_invite


def test_another_offer_within_the_call_is_a_request_of_its_dialog() -> None:
    pbx = FakePbx(password=PASSWORD)
    with calling(pbx, PASSWORD) as user_agent, user_agent.call(OFFER, "600"):
        again = user_agent.offer_again(OFFER.with_new_key())
    assert again.status == 200
    assert again.answer is not None
    assert not again.was_challenged
    _, first, second = pbx.requests("INVITE")
    assert pbx.methods() == ["INVITE", "ACK", "INVITE", "ACK", "INVITE", "ACK", "BYE"]
    assert second.uri == "sip:echo@127.0.0.1:9;x=y"
    assert parameter(second.value("To"), "tag") == "pbx"
    assert second.sequence[0] > first.sequence[0]
    assert pbx.requests("ACK")[-1].sequence[0] == second.sequence[0]
    for invite in (first, second):
        assert invite.value("Call-ID") == pbx.requests("BYE")[0].value("Call-ID")
    origins = [re.findall(rb"o=- (\d+) (\d+)", invite.body)[0] for invite in (first, second)]
    assert origins[0][0] == origins[1][0]
    assert [version for _, version in origins] == [b"1", b"2"]


def test_another_offer_that_is_challenged_or_refused_leaves_the_call_up() -> None:
    def refuse_the_second(connection: Connection, request: Request) -> None:
        is_first = parameter(request.value("To"), "tag") is None
        connection.reply(request, *((200, "OK") if is_first else (488, "No")), body=ANSWER if is_first else b"")

    pbx = FakePbx(password=PASSWORD, uses_of_a_nonce=1, on_invite=refuse_the_second)
    with calling(pbx, PASSWORD) as user_agent, user_agent.call(OFFER, "600"):
        again = user_agent.offer_again(OFFER.with_new_key())
        assert not user_agent.is_hung_up
    assert again == Outcome(status=488, reason="No", was_challenged=True)
    assert pbx.methods()[-1] == "BYE"


def test_where_no_call_is_up_nothing_else_can_be_offered() -> None:
    with calling(FakePbx()) as user_agent:
        with pytest.raises(Closed):
            user_agent.offer_again(OFFER)
        user_agent.invite(OFFER, "600")
        with pytest.raises(Closed):
            user_agent.offer_again(OFFER)


def test_a_call_that_the_pbx_ended_is_not_hung_up_once_more() -> None:
    pbx = FakePbx(on_invite=hanging_up_after(requests=1))
    with calling(pbx) as user_agent, user_agent.call(OFFER, "600"):
        user_agent.attend(5)
        assert user_agent.is_hung_up
        assert user_agent.options().status == 200
    assert pbx.methods() == ["INVITE", "ACK", "OPTIONS"]
    assert pbx.statuses() == [200]


def test_waiting_for_the_pbx_ends_in_time() -> None:
    with calling(FakePbx()) as user_agent, user_agent.call(OFFER, "600"):
        user_agent.attend(0.02)
        assert not user_agent.is_hung_up


def test_an_offer_of_the_pbx_within_the_call_is_refused_and_the_call_goes_on() -> None:
    def offer_too(connection: Connection, request: Request) -> None:
        connection.reply(request, 200, "OK", body=ANSWER)
        connection.next_message()
        connection.ask("INVITE", request.value("Call-ID"))

    pbx = FakePbx(on_invite=offer_too)
    with calling(pbx) as user_agent, user_agent.call(OFFER, "600"):
        user_agent.attend(0.05)
        assert not user_agent.is_hung_up
    assert pbx.statuses() == [488]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_call_is_hung_up_even_when_the_program_is_told_to_end(error: type[BaseException]) -> None:
    def use(user_agent: UserAgent) -> None:
        with user_agent.call(OFFER, "600"):
            raise error

    pbx = FakePbx()
    with calling(pbx) as user_agent, pytest.raises(error):
        use(user_agent)
    assert pbx.methods() == ["INVITE", "ACK", "BYE"]


def test_what_went_wrong_in_a_call_is_told_even_when_it_cannot_be_hung_up() -> None:
    def vanish(connection: Connection, request: Request) -> None:
        connection.reply(request, 200, "OK", body=ANSWER)
        raise OSError

    def use(user_agent: UserAgent) -> None:
        with user_agent.call(OFFER, "600"):
            raise KeyboardInterrupt

    with calling(FakePbx(on_invite=vanish)) as user_agent, pytest.raises(KeyboardInterrupt):
        use(user_agent)


def test_a_call_that_is_being_set_up_is_cancelled_when_the_program_is_told_to_end() -> None:
    class Interrupted(Stream):
        """Carries on until something has come, then the user presses Ctrl-C."""

        def __init__(self, carrier: Stream) -> None:
            self.carrier = carrier
            self.has_received = False

        def send_all(self, content: bytes, /) -> None:
            self.carrier.send_all(content)

        def receive(self, limit: int, timeout: float, /) -> bytes:
            if self.has_received:
                raise KeyboardInterrupt
            self.has_received = True
            return self.carrier.receive(limit, timeout)

        def close(self) -> None:
            self.carrier.close()

    pbx = FakePbx(on_invite=lambda connection, request: connection.reply(request, 180, "Ringing"))
    with serving(pbx.serve) as address:
        stream = connect(address.host, address.port, 5)
        caller = Caller(user="probe", domain="pbx.example.test", local=stream.local, confgen_version="1")
        with pytest.raises(KeyboardInterrupt):
            UserAgent(Interrupted(stream), caller, 5).invite(OFFER, "600")
        stream.close()
    assert pbx.methods() == ["INVITE", "CANCEL"]


def test_whatever_has_a_body_can_be_offered() -> None:
    class Words:
        def body(self) -> bytes:
            return b"not even SDP"

    pbx = FakePbx()
    with calling(pbx) as user_agent:
        user_agent.invite(Words(), "600")
    assert pbx.requests("INVITE")[0].body == b"not even SDP"


@pytest.mark.parametrize("number", ["600\r\nVia: x", "600 601", "600@evil.example", "600#1", "600>"])
def test_a_number_cannot_leave_its_place_in_the_uri(number: str) -> None:
    pbx = FakePbx()
    with calling(pbx) as user_agent:
        user_agent.invite(OFFER, number)
    (invite,) = pbx.requests("INVITE")
    user, separator, host = invite.uri.partition("@")
    assert separator
    assert host == "pbx.example.test;transport=tls"
    assert not set(user) & set("\r\n @#<>")
    assert invite.values("Via")[1:] == ()


def test_an_ipv6_address_stands_in_brackets_everywhere() -> None:
    caller = Caller(user="probe", domain="2001:db8::5", local=Address(host="::1", port=5), confgen_version="1")
    assert caller.uri == "sip:probe@[2001:db8::5]"


def test_asking_for_contacts_changes_none() -> None:
    pbx = FakePbx()
    with calling(pbx) as user_agent:
        assert user_agent.bindings().status == 200
    (asked,) = pbx.requests("REGISTER")
    assert not asked.values("Contact")
    assert not asked.values("Expires")


def test_an_answer_tells_whether_a_leg_may_have_begun_before_it() -> None:
    def progress(connection: Connection, request: Request) -> None:
        connection.reply(request, 100, "Trying")
        if "600" in request.uri:
            connection.reply(request, 183, "Session Progress")
        connection.reply(request, 488, "Not Acceptable Here", ("Warning", '399 pbx "no"'))

    with calling(FakePbx(on_invite=progress)) as user_agent:
        assert user_agent.invite(OFFER, "600").has_progressed
        refused = user_agent.invite(OFFER, "601")
    assert not refused.has_progressed
    assert ("Warning", '399 pbx "no"') in refused.headers


def test_without_an_offer_the_far_end_is_asked_for_one() -> None:
    class Nothing:
        def body(self) -> bytes:
            return b""

    pbx = FakePbx()
    with calling(pbx) as user_agent:
        outcome = user_agent.invite(Nothing(), "600")
    assert outcome.answer is not None
    (invite,) = pbx.requests("INVITE")
    assert not invite.values("Content-Type")
