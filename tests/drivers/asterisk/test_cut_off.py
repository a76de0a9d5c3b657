"""Phones that could not come back after a change are told beforehand, and no others."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk.credentials import Credentials
from confgen.model.document import Document
from confgen.model.driver import Contact, Observation
from confgen.model.inventory import ClientCertificates, DigestAlgorithm, Pbx
from confgen.model.plan import CutOff
from confgen.model.secret import Secret
from confgen.render import render
from tests.model.pbxs import a_pbx, an_extension

PASSWORD = "a-phones-own-password"
UDP = Contact(extension="101", transport="udp", address="10.0.0.5:5060")
TLS = Contact(extension="101", transport="tls", address="10.0.0.5:5061")

FOREIGN = """\
[udp]
type = transport
protocol = udp
bind = 0.0.0.0
[tls]
type = transport
protocol = tls
bind = 0.0.0.0:5061
[101]
type = endpoint
auth = 101
aors = 101
rewrite_contact = yes
[101]
type = auth
auth_type = userpass
username = 101
password = {password}
[101]
type = aor
"""
CHAN_SIP = """\
[general]
realm = company
[101]
type = friend
host = dynamic
transport = {transport}
secret = {password}
"""


def rendered(pbx: Pbx, password: str = PASSWORD) -> tuple[Document, ...]:
    """Its documents, where every secret is the same."""
    references = [extension.secret for extension in pbx.extensions]
    return render(asterisk.sources(pbx), dict.fromkeys(references, Secret(password)))


def cut_off(
    pbx: Pbx,
    contacts: Collection[Contact],
    before: Mapping[str, str],
    documents: Collection[Document] | None = None,
) -> Sequence[CutOff]:
    observation = Observation(
        documents={},
        generation=None,
        is_confirmed=True,
        generations=(),
        fingerprint_key=Secret(""),
        facts={},
        contacts=tuple(contacts),
    )
    return asterisk.cut_off(pbx, observation, before, rendered(pbx) if documents is None else documents)


def reasons(
    pbx: Pbx,
    contacts: Collection[Contact],
    before: Mapping[str, str],
    documents: Collection[Document] | None = None,
) -> list[str]:
    return [cut.reason for cut in cut_off(pbx, contacts, before, documents)]


def texts(documents: Collection[Document]) -> Mapping[str, str]:
    return {document.key: document.reveal() for document in documents if document.content is not None}


def phone(**changed: Any) -> Pbx:  # noqa: ANN401 -- any field of the phone
    """A PBX with the one phone 101, which may come from anywhere."""
    return a_pbx(extensions=(an_extension("101", **{"permit": (), **changed}),))


@pytest.mark.parametrize("transport", ["udp", "tcp", "ws"])
def test_a_phone_that_registers_in_clear_is_cut_off(transport: str) -> None:
    contact = replace(UDP, transport=transport)
    assert reasons(phone(), [contact], {"pjsip.conf": FOREIGN.format(password=PASSWORD)}) == [
        f"registers over {transport.upper()}"
    ]


def test_where_it_is_and_how_it_registers_is_told() -> None:
    (found,) = cut_off(phone(), [UDP], {"pjsip.conf": FOREIGN.format(password=PASSWORD)})
    assert (found.extension, found.contact) == ("101", "udp 10.0.0.5:5060")


def test_a_phone_that_registers_over_tls_with_its_password_comes_back() -> None:
    assert reasons(phone(), [TLS], {"pjsip.conf": FOREIGN.format(password=PASSWORD)}) == []


def test_a_change_that_leaves_sip_alone_cuts_off_nobody() -> None:
    assert reasons(phone(), [UDP], {"rtp.conf": "[general]\n"}) == []


def test_an_ordinary_change_cuts_off_nobody() -> None:
    before, after = phone(codecs=("alaw",)), phone(display_name="Reception", permit=("10.0.0.0/24",))
    contacts = [TLS, replace(UDP, extension="101")]  # nothing but TLS is there: the second names no transport
    assert reasons(after, contacts, texts(rendered(before))) == []


def test_a_phone_that_is_not_in_the_inventory_is_cut_off() -> None:
    contact = replace(TLS, extension="199")
    assert reasons(phone(), [contact], {"pjsip.conf": FOREIGN.format(password=PASSWORD)}) == [
        "is not in the inventory any more"
    ]


def test_another_password_cuts_off_and_is_not_shown() -> None:
    pbx = phone()
    (reason,) = reasons(pbx, [TLS], {"pjsip.conf": FOREIGN.format(password="the-old-one")})
    assert reason == "has another password"


@pytest.mark.parametrize(("known", "expected"), [(PASSWORD, []), ("another", ["has another password"])])
def test_a_hash_of_the_same_password_is_no_change_for_the_phone(known: str, expected: list[str]) -> None:
    plain, hashed = phone(), phone(digest=DigestAlgorithm.SHA_256)
    assert reasons(hashed, [TLS], texts(rendered(plain, known)), rendered(hashed)) == expected
    assert reasons(plain, [TLS], texts(rendered(hashed, known)), rendered(plain)) == expected
    assert reasons(hashed, [TLS], texts(rendered(hashed, known)), rendered(hashed)) == expected


def test_hashes_of_different_realms_tell_nothing() -> None:
    pbx = phone(digest=DigestAlgorithm.SHA_256)
    before = rendered(replace(pbx, domain="other.example.test"), "another")
    assert reasons(pbx, [TLS], texts(before), rendered(pbx)) == []


@pytest.mark.parametrize(("known", "expected"), [(PASSWORD, []), ("another", ["has another password"])])
def test_an_md5_hash_is_compared_too(known: str, expected: list[str]) -> None:
    hashed = hashlib.md5(f"101:asterisk:{known}".encode(), usedforsecurity=False).hexdigest()
    text = FOREIGN.replace("userpass", "md5").replace("password = {password}", f"md5_cred = {hashed}")
    assert reasons(phone(), [TLS], {"pjsip.conf": text}) == expected


def test_a_phone_that_registers_under_another_name_is_cut_off() -> None:
    text = FOREIGN.replace("username = 101", "username = reception").format(password=PASSWORD)
    assert reasons(phone(), [TLS], {"pjsip.conf": text}) == ["registers under another name than it will have to"]


@pytest.mark.parametrize(
    ("permit", "expected"),
    [
        (("10.0.0.0/24",), []),
        (("192.0.2.0/24",), ["is at an address that `permit` leaves out"]),
        (("192.0.2.0/24", "10.0.0.5"), []),
        (("2001:db8::/32",), ["is at an address that `permit` leaves out"]),
    ],
)
def test_a_phone_outside_the_new_permit_is_cut_off(permit: tuple[str, ...], expected: list[str]) -> None:
    assert reasons(phone(permit=permit), [TLS], {"pjsip.conf": FOREIGN.format(password=PASSWORD)}) == expected


def test_a_private_address_that_a_phone_tells_of_itself_may_be_behind_nat() -> None:
    text = FOREIGN.replace("rewrite_contact = yes\n", "").format(password=PASSWORD)
    assert reasons(phone(permit=("198.51.100.0/24", "8.8.8.0/24")), [TLS], {"pjsip.conf": text}) == []
    assert reasons(phone(permit=("10.1.0.0/16",)), [TLS], {"pjsip.conf": text}) != []


def test_client_certificates_that_become_required_cut_off_who_was_never_asked() -> None:
    pbx = phone()
    strict = replace(pbx, own_certificate=replace(pbx.certificate, client_certificates=ClientCertificates.REQUIRED))
    assert reasons(strict, [TLS], texts(rendered(pbx)), rendered(strict)) == [
        "was never asked for a certificate, and must show one"
    ]
    assert reasons(strict, [TLS], texts(rendered(strict)), rendered(strict)) == []


def test_another_port_cuts_off() -> None:
    pbx = phone()
    moved = replace(pbx, sip_port=5070)
    assert reasons(moved, [TLS], texts(rendered(pbx)), rendered(moved)) == [
        "registers at the port 5061, which becomes 5070"
    ]


@pytest.mark.parametrize(("transport", "expected"), [("udp", ["registers over UDP"]), ("tls", []), ("tls,udp", [])])
def test_a_peer_of_chan_sip_is_told_by_its_file(transport: str, expected: list[str]) -> None:
    contact = replace(UDP, transport="chan_sip")
    before = {"sip.conf": CHAN_SIP.format(transport=transport, password=PASSWORD)}
    assert reasons(phone(), [contact], before) == expected


def test_another_password_than_in_chan_sip_cuts_off() -> None:
    before = {"sip.conf": CHAN_SIP.format(transport="tls", password="the-old-one")}
    assert reasons(phone(), [replace(UDP, transport="chan_sip")], before) == ["has another password"]


def test_a_phone_of_a_file_of_the_users_own_is_not_looked_into() -> None:
    text = 'type = x\n#include "pjsip-own.conf"\n'
    documents = rendered(phone())
    own = tuple(
        replace(document, content=Secret(document.reveal() + '#include "pjsip-own.conf"\n'))
        if document.key == "pjsip.conf"
        else document
        for document in documents
    )
    contact = replace(TLS, extension="901")
    assert reasons(phone(), [contact], texts(own), own) == []
    assert reasons(phone(), [contact], {"pjsip.conf": "[g]\n" + text}, own) == []


def test_credentials_do_not_show_themselves() -> None:
    shown = repr(Credentials(username="101", realm="r", password="s3cret", md5="5ebe2294", sha_256="2bb80d53"))
    assert not [word for word in ("s3cret", "5ebe2294", "2bb80d53") if word in shown]
