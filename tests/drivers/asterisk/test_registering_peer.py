"""A peer that registers is challenged, is called where it has registered, and reaches what other peers reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk.configuration import Section, objects, parse
from confgen.drivers.asterisk.waivers import contact_checks
from confgen.model.driver import Contact
from confgen.model.inventory import DigestAlgorithm, MediaEncryption, Pbx, Peering
from confgen.model.leg import Called, NotCalled, NotRegistered
from confgen.model.migration import Migration
from confgen.model.version import ProductVersion
from tests.drivers.asterisk.asterisk_answers import documents_of
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.model.pbxs import PLACE, a_pbx, a_trunk_end, an_extension

SITE = a_trunk_end("hq-site", "site", peering=Peering.PEER_REGISTERS)
PBX = a_pbx(trunks=(SITE,), routes=())
CALLED = replace(PBX, trunks=(replace(SITE, peering=Peering.BOTH),))
REGISTERED = "registrar hq-site;@66: " + '{"uri":"sip:site@10.0.0.9:40000;transport=%s","endpoint":"hq-site"}'


def sections(pbx: Pbx) -> Mapping[tuple[str, str], Section]:
    return objects(parse(texts(pbx)["pjsip.conf"]))


def texts(pbx: Pbx) -> dict[str, str]:
    return {document.key: document.reveal() for document in documents_of(pbx)}


@pytest.mark.parametrize("version", [ProductVersion(16, 28, 0), ProductVersion(22, 10, 1)], ids=str)
def test_nobody_but_the_peer_registers_and_it_is_called_there_alone(version: ProductVersion) -> None:
    found = sections(replace(PBX, product_version=version))
    aor = {option.name: option.value for option in found["aor", "hq-site"].options}
    assert (aor["max_contacts"], aor["remove_existing"], "contact" in aor) == ("1", "yes", False)
    assert "authenticate_qualify" not in aor
    assert found["auth", "hq-site"].value("username") == "hq-site"
    endpoint = found["endpoint", "hq-site"]
    assert endpoint.value("auth") == endpoint.value("aors") == "hq-site"
    assert endpoint.value("outbound_auth") is None
    assert not [kind for kind, name in found if name == "hq-site" and kind in {"registration", "identify"}]
    assert endpoint.value("rewrite_contact") == "yes"


def test_its_calls_are_encrypted_or_refused_and_reach_no_route() -> None:
    options = {option.name: option.value for option in sections(PBX)["endpoint", "hq-site"].options}
    assert options["media_encryption"] == MediaEncryption.SDES.value
    assert {name: options[name] for name in ("media_encryption_optimistic", "direct_media", "srtp_tag_32")} == {
        "media_encryption_optimistic": "no",
        "direct_media": "no",
        "srtp_tag_32": "no",
    }
    assert not options.keys() & {"use_avpf", "rtcp_mux", "webrtc", "dtls_verify"}
    assert (options["context"], options["allow_transfer"]) == ("peers", "no")
    assert options["allow"] == "alaw"


def test_it_is_known_by_its_answer_to_the_challenge_and_keeps_its_callers_numbers() -> None:
    found = sections(PBX)
    assert found["global", "global"].value("endpoint_identifier_order") == "auth_username,username"
    assert found["endpoint", "hq-site"].value("identify_by") == "auth_username,username"
    assert found["endpoint", "hq-site"].value("from_user") is None
    assert found["endpoint", "hq-site"].value("from_domain") == PBX.domain
    assert {found["endpoint", number].value("identify_by") for number in ("101", "102")} == {"username"}


def test_elsewhere_nobody_is_known_by_that() -> None:
    found = sections(CALLED)
    assert found["global", "global"].value("endpoint_identifier_order") == "username"
    assert found["aor", "hq-site"].value("contact") == "sip:site.example.test:5061;transport=tls"
    assert found["endpoint", "hq-site"].value("outbound_auth") == "hq-site"


@pytest.mark.parametrize(("bind", "transport"), [(("192.0.2.11",), "tls"), (("192.0.2.11", "2001:db8::11"), None)])
def test_it_may_register_at_every_listener(bind: tuple[str, ...], transport: str | None) -> None:
    assert sections(replace(PBX, bind=bind))["endpoint", "hq-site"].value("transport") == transport


def test_a_name_that_nobody_has_is_challenged_as_the_peer_is() -> None:
    hashed = (an_extension("101", digest=DigestAlgorithm.SHA_256),)
    assert replace(CALLED, extensions=hashed).default_digest is DigestAlgorithm.SHA_256
    assert replace(PBX, extensions=hashed).default_digest is DigestAlgorithm.MD5


def test_a_generation_tells_whether_the_peer_registered() -> None:
    assert asterisk.as_kept(CALLED, documents_of(PBX)).trunks == PBX.trunks
    assert asterisk.as_kept(PBX, documents_of(CALLED)).trunks == CALLED.trunks


def test_it_is_told_as_a_trunk_and_its_password_is_masked() -> None:
    masked = {key: asterisk.mask(key, text, lambda _: "f1") for key, text in texts(PBX).items()}
    assert "sentinel-trunk" in texts(PBX)["pjsip.conf"]
    assert "sentinel-trunk" not in masked["pjsip.conf"]
    other = {**masked, "pjsip.conf": masked["pjsip.conf"].replace("allow = alaw\n", "allow = ulaw\n", 3)}
    subjects = {difference.subject for difference in asterisk.differences(masked, other, {})}
    assert "trunk hq-site" in subjects
    assert "extension hq-site" not in subjects


def observed(pbx: Pbx, transport: str) -> tuple[Contact, ...]:
    lines = ("running yes", "fact version Asterisk 22.10.1", REGISTERED % transport)
    return asterisk.observe(ScriptedHost(answers={"observe": "\n".join(lines).encode()}), pbx).contacts


def test_its_contact_is_no_phones_and_goes_with_its_trunk() -> None:
    assert observed(PBX, "tls") == ()
    without = replace(PBX, trunks=())
    contacts = observed(without, "tls")
    assert [contact.extension for contact in contacts] == ["hq-site"]
    observation = replace(
        asterisk.observe(ScriptedHost(answers={"observe": b"running yes\nfact version Asterisk 22.10.1"}), PBX),
        contacts=contacts,
    )
    cut = asterisk.cut_off(without, observation, {"pjsip.conf": texts(PBX)["pjsip.conf"]}, documents_of(without))
    assert [(one.extension, one.reason) for one in cut] == [("hq-site", "is not in the inventory any more")]


@pytest.mark.parametrize(("transport", "expected"), [("udp", ["hq-site"]), ("tls", [])])
def test_a_peer_that_registers_by_a_port_in_clear_is_told(transport: str, expected: list[str]) -> None:
    migration = Migration(extensions=("102",), owner="Ann", until=date(2099, 1, 1), place=PLACE)
    checks = list(contact_checks(replace(PBX, migration=migration), {"contacts": REGISTERED % transport}))
    assert [check.subject for check in checks if check.code == "CLEAR-08"] == expected
    assert all(check.message.startswith("the PBX site registers over UDP") for check in checks)


ANSWERED = b"=== transport\n method : tlsv1_2\n verify_server : Yes\n=== now\n7\n=== seen\n7:1:1:id\n=== qualify\n%b"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (ANSWERED % b"hq-site/sip:site@10.0.0.9:40000 Avail 1.2", Called),
        (b"=== dialplan\n=== transport\n method : tlsv1_2\n verify_server : Yes\n", NotRegistered),
    ],
)
def test_a_peer_that_has_not_registered_is_not_called(answer: bytes, kind: type) -> None:
    told = asterisk.call_peer(ScriptedHost(answers={"leg": answer}), PBX, SITE)
    assert isinstance(told, kind)
    if isinstance(told, NotRegistered):
        assert told.reason == "site has not registered at headquarters, and is called nowhere else"
        assert f"{PBX.domain}:5061" in told.mend
    # a peer that is called wherever its domain leads has no contact only where the PBX lacks its trunk
    elsewhere = asterisk.call_peer(ScriptedHost(answers={"leg": answer}), CALLED, CALLED.trunks[0])
    assert isinstance(elsewhere, Called)


def test_a_peer_without_an_echo_number_is_not_called() -> None:
    told = asterisk.call_peer(ScriptedHost(answers={}), PBX, replace(SITE, peer_echo=None))
    assert isinstance(told, NotCalled)
