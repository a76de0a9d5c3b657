"""A SIP user agent client on one connection: asks, authenticates, calls, and always hangs up."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import quote

from confgen.model.stream import Stream
from confgen.streams.tcp import Address, Closed, Deadline, TimedOut, WireError, bracketed, send
from confgen.verify.wire.authentication import Authentication
from confgen.verify.wire.call import Call
from confgen.verify.wire.dialog import (
    Dialog,
    acknowledge_failure,
    acknowledge_success,
    answer_request,
    cancel,
    established,
    refreshed,
)
from confgen.verify.wire.digest import Credentials
from confgen.verify.wire.sdp import Answer, parse_answer
from confgen.verify.wire.sip import Header, MessageReader, Request, Response
from confgen.verify.wire.transcript import Transcript

TRYING = 100
OK = 200
FIRST_FAILURE = 300
CHALLENGES = {401, 407}
REQUEST_TERMINATED = 487

ALLOWED = ("Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY")

# RFC 3261 §25.1: what may stand unescaped in the user part of a URI.
_USER_PART = "-_.!~*'()&=+$,;?/"


class Offered(Protocol):
    """A session description, whatever made it."""

    def body(self) -> bytes:
        """As it goes into a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: a user at the PBX's SIP domain, reachable at `local`, with a password or without."""

    user: str
    domain: str
    local: Address
    confgen_version: str
    credentials: Credentials | None = None

    @property
    def uri(self) -> str:
        """The user's address of record."""
        return f"sip:{quote(self.user, safe=_USER_PART)}@{bracketed(self.domain)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The final answer to a request; `answer` is what a 2xx to an offer said about media."""

    status: int
    reason: str
    answer: Answer | None = None
    was_challenged: bool = False
    has_progressed: bool = False  # answered above 100 first: a leg may have begun
    headers: tuple[Header, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exchange:
    request: Request
    response: Response
    was_challenged: bool
    has_progressed: bool

    @property
    def outcome(self) -> Outcome:
        return Outcome(
            status=self.response.status,
            reason=self.response.reason,
            was_challenged=self.was_challenged,
            has_progressed=self.has_progressed,
            headers=self.response.headers,
        )


class UserAgent:
    """One caller on one stream inside TLS, one request at a time, each bounded by `timeout` seconds.

    A challenge, once answered, is used for the following requests too. A password that was refused is not sent again,
    nor on any other connection of its trial: intrusion detection counts refused passwords. Every message is noted in
    the transcript, if there is one.
    """

    def __init__(self, stream: Stream, caller: Caller, timeout: float, transcript: Transcript | None = None) -> None:
        self._stream = stream
        self._reader = MessageReader(stream)
        self._caller = caller
        self._timeout = timeout
        self._transcript = transcript
        self._authentication = Authentication(caller.credentials)
        self._sequence_numbers = itertools.count(1)
        self._registration = self._new_dialog(f"sip:{bracketed(caller.domain)};transport=tls", caller.uri)
        self._call: Call | None = None  # that is up, or was the last one
        self._has_provisional_answer = False
        self._has_progressed = False

    def options(self) -> Outcome:
        """Ask the PBX what it can do."""
        target = self._registration.target
        return self._exchange("OPTIONS", self._new_dialog(target, target), ("Accept", "application/sdp")).outcome

    def register(self, expires: int = 60) -> Outcome:
        """Register our contact for so many seconds."""
        return self._exchange("REGISTER", self._registration, self._contact, ("Expires", str(expires))).outcome

    def unregister(self) -> Outcome:
        """Take our contact back."""
        return self.register(expires=0)

    def bindings(self) -> Outcome:
        """Ask for our contacts (RFC 3261 §10.2.3); none is added, none taken back."""
        return self._exchange("REGISTER", self._registration).outcome

    def invite(self, offer: Offered, number: str) -> Outcome:
        """Call the number with an offer; an answered call is hung up at once."""
        with self.call(offer, number) as outcome:
            return outcome

    @contextmanager
    def call(self, offer: Offered, number: str) -> Iterator[Outcome]:
        """Call the number; an answered call is up inside the block and hung up at its end, whatever happens there.

        A call that only rings is cancelled after the timeout, and raises TimedOut after at most twice that.
        """
        called = f"sip:{quote(number, safe=_USER_PART)}@{bracketed(self._caller.domain)}"
        dialog = self._new_dialog(f"{called};transport=tls", called)
        exchange = self._invite(offer, dialog)
        if exchange.response.status >= FIRST_FAILURE:
            yield exchange.outcome
            return
        self._call = Call(dialog=established(dialog, exchange.response))
        try:
            yield self._acknowledged(self._call, exchange)
        except BaseException:  # what went wrong inside is told, not that hanging up went wrong besides
            with suppress(WireError):
                self._hang_up(self._call)
            raise
        self._hang_up(self._call)

    def offer_again(self, offer: Offered) -> Outcome:
        """Offer something else within the call that is up (RFC 3261 §14); refused, the call goes on as it was."""
        if self._call is None or self._call.is_over:
            raise Closed("the call is over")
        exchange = self._invite(offer, self._call.dialog)
        if exchange.response.status >= FIRST_FAILURE:
            return exchange.outcome
        self._call.dialog = refreshed(self._call.dialog, exchange.response)
        return self._acknowledged(self._call, exchange)

    def attend(self, seconds: float) -> None:
        """Serve the far end for so long; ends at once when it hangs up."""
        deadline = Deadline.after(seconds)
        with suppress(TimedOut):
            while not self.is_hung_up:
                self._attend_to(self._next_message(deadline))

    @property
    def is_hung_up(self) -> bool:
        """Whether the far end has ended the call that was up."""
        return self._call is not None and self._call.is_hung_up

    @property
    def _contact(self) -> Header:
        user = quote(self._caller.user, safe=_USER_PART)
        return "Contact", f"<sip:{user}@{self._caller.local};transport=tls>"

    def _new_dialog(self, target: str, remote: str) -> Dialog:
        tag = secrets.token_hex(8)
        return Dialog(
            call_id=secrets.token_hex(16), local=f"<{self._caller.uri}>;tag={tag}", remote=f"<{remote}>", target=target
        )

    def _new_via(self) -> str:
        return f"SIP/2.0/TLS {self._caller.local};rport;branch=z9hG4bK{secrets.token_hex(12)}"

    def _invite(self, offer: Offered, dialog: Dialog) -> _Exchange:
        body = offer.body()
        content_type = (("Content-Type", "application/sdp"),) if body else ()  # without a body the far end offers
        return self._exchange("INVITE", dialog, self._contact, ALLOWED, *content_type, body=body)

    def _acknowledged(self, call: Call, exchange: _Exchange) -> Outcome:
        """Acknowledge a 2xx to an INVITE, and tell what it said about media."""
        acknowledgement = acknowledge_success(exchange.request, call.dialog, self._new_via())
        call.acknowledgements[exchange.request.sequence[0]] = acknowledgement
        self._send(acknowledgement)
        body = exchange.response.body
        return replace(exchange.outcome, answer=parse_answer(body) if body else None)

    def _hang_up(self, call: Call) -> None:
        if not call.is_over:
            call.is_over = True
            self._exchange("BYE", call.dialog)

    def _exchange(self, method: str, dialog: Dialog, *headers: Header, body: bytes = b"") -> _Exchange:
        """Send a request, a second time if that answers a challenge, and return the final answer."""
        exchange = self._attempt(method, dialog, headers, body)
        if exchange.response.status not in CHALLENGES or not self._authentication.can_answer(exchange.response):
            return exchange
        exchange = self._attempt(method, dialog, headers, body)
        if exchange.response.status in CHALLENGES:
            self._authentication.can_answer(exchange.response)
        else:
            self._authentication.was_answered()
        return replace(exchange, was_challenged=True)

    def _attempt(self, method: str, dialog: Dialog, headers: tuple[Header, ...], body: bytes) -> _Exchange:
        request = Request(
            method=method,
            uri=dialog.target,
            headers=(
                ("Via", self._new_via()),
                ("Max-Forwards", "70"),
                *dialog.headers(),
                ("CSeq", f"{next(self._sequence_numbers)} {method}"),
                ("User-Agent", f"confgen-verify/{self._caller.confgen_version}"),
                *self._authentication.headers(method, dialog.target),
                *headers,
            ),
            body=body,
        )
        self._send(request)
        self._has_progressed = False
        response = self._invite_answer(request) if method == "INVITE" else self._final_answer(request, self._timeout)
        return _Exchange(
            request=request,
            response=response,
            was_challenged=response.status in CHALLENGES,
            has_progressed=self._has_progressed,
        )

    def _invite_answer(self, invite: Request) -> Response:
        """The final answer, acknowledged if it is none of success; what only rings is cancelled."""
        self._has_provisional_answer = False
        try:
            response = self._final_answer(invite, self._timeout)
        except TimedOut:
            self._cancel(invite)
            response = self._final_answer(invite, self._timeout)
        except (KeyboardInterrupt, SystemExit):  # what is answered after all, and not acknowledged, ends by itself
            with suppress(WireError):
                self._cancel(invite)
            raise
        if response.status >= FIRST_FAILURE:
            self._send(acknowledge_failure(invite, response))
        if response.status == REQUEST_TERMINATED:
            raise TimedOut("the call was not answered in time and has been cancelled")
        return response

    def _cancel(self, invite: Request) -> None:
        # RFC 3261 §9.1: what nobody has answered even provisionally cannot be cancelled, only waited for.
        if self._has_provisional_answer:
            self._send(cancel(invite))

    def _final_answer(self, request: Request, timeout: float) -> Response:
        """Wait for the answer from 200 on to this request, serving the far end meanwhile."""
        deadline = Deadline.after(timeout)
        while True:
            message = self._next_message(deadline)
            if isinstance(message, Response) and (message.branch, message.sequence) == (
                request.branch,
                request.sequence,
            ):
                if message.status >= OK:
                    return message
                self._has_provisional_answer = True
                self._has_progressed |= message.status > TRYING
            else:
                self._attend_to(message)

    def _attend_to(self, message: Request | Response) -> None:
        """Answer the far end's request; RFC 3261 §13.2.2.4 wants each repeated 2xx to an INVITE acknowledged."""
        if isinstance(message, Response):
            acknowledgement = None if self._call is None else self._call.acknowledgement_of(message)
            if acknowledgement is not None:
                self._send(acknowledgement)
        elif message.method != "ACK":
            self._send(self._answer(message))

    def _answer(self, request: Request) -> Response:
        call = self._call if self._call is not None and self._call.has(request) else None
        match request.method:
            case "BYE" if call is not None:
                call.hung_up_by_far_end()
                return answer_request(request, OK, "OK")
            case "INVITE" if call is not None:  # RFC 3261 §14.2: the call goes on as it was
                return answer_request(request, 488, "Not Acceptable Here")
            case "BYE":
                return answer_request(request, 481, "Call/Transaction Does Not Exist")
            case "OPTIONS" | "NOTIFY":
                return answer_request(request, OK, "OK", ALLOWED)
            case _:
                return answer_request(request, 405, "Method Not Allowed", ALLOWED)

    def _next_message(self, deadline: Deadline) -> Request | Response:
        message = self._reader.next_message(deadline)
        if self._transcript is not None:
            self._transcript.received(message)
        return message

    def _send(self, message: Request | Response) -> None:
        if self._transcript is not None:
            self._transcript.sent(message)
        send(self._stream, message.build())
