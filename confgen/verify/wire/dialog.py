"""What follows an INVITE: ACK, CANCEL and answers to the far end's requests (RFC 3261 §9, §12, §13, §17). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from confgen.verify.wire.sip import Header, Request, Response, address_uri, parameter, split_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """Where requests of one call go and by what they are known; before the first answer `remote` has no tag."""

    call_id: str
    local: str  # value of From
    remote: str  # value of To
    target: str  # request URI
    routes: tuple[str, ...] = ()

    def headers(self) -> tuple[Header, ...]:
        """What each request of the call carries."""
        routes = tuple(("Route", route) for route in self.routes)
        return (("From", self.local), ("To", self.remote), ("Call-ID", self.call_id), *routes)


def established(dialog: Dialog, response: Response) -> Dialog:
    """The dialog after a 2xx to its INVITE (RFC 3261 §12.1.2)."""
    contacts = response.values("Contact")
    routes = [route for value in response.values("Record-Route") for route in split_list(value)]
    return replace(
        dialog,
        remote=response.value("To"),
        target=address_uri(contacts[0]) if contacts else dialog.target,
        routes=tuple(reversed(routes)),
    )


def refreshed(dialog: Dialog, response: Response) -> Dialog:
    """The dialog after a 2xx to a further INVITE within it: only the target may change (§12.2.1.2)."""
    contacts = response.values("Contact")
    return replace(dialog, target=address_uri(contacts[0])) if contacts else dialog


def acknowledge_failure(invite: Request, response: Response) -> Request:
    """The ACK to a final answer from 300 on: part of the INVITE's transaction, so with its branch (§17.1.1.3)."""
    headers = _same_transaction(invite, "ACK")
    return Request(
        method="ACK",
        uri=invite.uri,
        headers=tuple((name, response.value("To") if name == "To" else value) for name, value in headers),
    )


def acknowledge_success(invite: Request, dialog: Dialog, via: str) -> Request:
    """The ACK to a 2xx: a transaction of its own, sent to the Contact, with the INVITE's credentials (§13.2.2.4)."""
    credentials = tuple(header for header in invite.headers if header[0] in {"Authorization", "Proxy-Authorization"})
    headers = (
        ("Via", via),
        ("Max-Forwards", "70"),
        *dialog.headers(),
        ("CSeq", f"{invite.sequence[0]} ACK"),
        *credentials,
    )
    return Request(method="ACK", uri=dialog.target, headers=headers)


def cancel(invite: Request) -> Request:
    """The request that takes back an INVITE which has only been answered provisionally (§9.1)."""
    return Request(method="CANCEL", uri=invite.uri, headers=_same_transaction(invite, "CANCEL"))


def answer_request(request: Request, status: int, reason: str, *extra: Header) -> Response:
    """The answer to a request of the far end (§8.2.6.2)."""
    headers: list[Header] = [("Via", via) for via in request.values("Via")]
    recipient = request.value("To")
    if parameter(recipient, "tag") is None:
        recipient += ";tag=confgen"
    headers += [("From", request.value("From")), ("To", recipient)]
    headers += [("Call-ID", request.value("Call-ID")), ("CSeq", request.value("CSeq")), *extra]
    return Response(status=status, reason=reason, headers=tuple(headers))


def _same_transaction(invite: Request, method: str) -> tuple[Header, ...]:
    copied = {"Via", "Max-Forwards", "From", "To", "Call-ID", "Route"}
    headers = tuple(header for header in invite.headers if header[0] in copied)
    return (*headers, ("CSeq", f"{invite.sequence[0]} {method}"))
