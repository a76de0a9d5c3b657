"""A call as its caller knows it, from the answer on: its dialog, what acknowledged its answers, and who ended it."""

from __future__ import annotations

from dataclasses import dataclass, field

from confgen.verify.wire.dialog import Dialog
from confgen.verify.wire.sip import Message, Request, Response


@dataclass(slots=True, kw_only=True)
class Call:
    """A call that is up, or was."""

    dialog: Dialog
    acknowledgements: dict[int, Request] = field(default_factory=dict)  # by the sequence number of their INVITE
    is_over: bool = False
    is_hung_up: bool = False  # by the far end

    def has(self, message: Message) -> bool:
        """Whether it belongs to this call."""
        return message.value("Call-ID") == self.dialog.call_id

    def hung_up_by_far_end(self) -> None:
        """The far end has ended it."""
        self.is_over = self.is_hung_up = True

    def acknowledgement_of(self, response: Response) -> Request | None:
        """What acknowledged this 2xx before; None for any other answer."""
        number, method = response.sequence
        is_success = method == "INVITE" and 200 <= response.status < 300  # noqa: PLR2004 -- RFC 3261 §21.2
        return self.acknowledgements.get(number) if is_success and self.has(response) else None
