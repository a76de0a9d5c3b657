"""What a real Asterisk 22 said is read as it was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk import answers
from confgen.drivers.asterisk.configuration import objects, parse
from confgen.render import render_masked
from tests.model.pbxs import a_pbx

ANSWERS = Path(__file__).parent / "answers"
NOT_SHOWN = {"type", "disallow", "deny", "permit"}


def said(name: str) -> str:
    return (ANSWERS / f"{name}.txt").read_text()


def test_endpoints_are_listed_by_name() -> None:
    assert answers.endpoints(said("pjsip-list-endpoints")) == ("alice", "bob", "favp", "noauth", "noenc", "opti", "urt")


def test_an_endpoint_with_a_caller_id_is_listed_by_its_name_alone() -> None:
    line = ' Endpoint:  101/"Reception, 1st floor" <101>                      Not in use    0 of inf'
    assert answers.endpoints(line) == ("101",)


def test_transports_are_told_with_protocol_and_bind() -> None:
    found = answers.transports(said("pjsip-show-transports"))
    assert len(found) == 10
    assert found["t-udp"] == ("udp", "127.0.0.1:5060")
    assert found["t-tls12"] == ("tls", "127.0.0.1:5073")


def test_parameters_of_a_transport_are_told() -> None:
    found = answers.parameters(said("pjsip-show-transport-t-tls12"))
    assert len(found) == 28
    assert found["method"] == "tlsv1_2"
    assert found["cert_file"] == "/etc/asterisk/keys/pbx.crt"
    assert found["ca_list_file"] == ""


def test_parameters_of_an_endpoint_are_told() -> None:
    found = answers.parameters(said("pjsip-show-endpoint-alice"))
    assert found["100rel"] == "yes"
    assert found["media_encryption"] == "sdes"
    assert found["callerid"] == "<unknown>"
    assert "ParameterName" not in found
    assert "ringing" not in found


def test_an_object_that_is_not_there_has_no_parameters() -> None:
    assert answers.parameters(said("pjsip-show-endpoint-nosuch")) == {}
    assert answers.parameters("") == {}


def test_running_modules_are_told_and_no_others() -> None:
    answer = said("module-show-like-pjsip")
    found = answers.running_modules(answer)
    assert {"res_pjsip", "chan_pjsip"} <= found
    assert not any(name.endswith(".so") for name in found)
    declined = answer.replace("Running     ", "Not Running ")
    assert answers.running_modules(declined) == frozenset()
    assert answers.running_modules(said("module-show-like-nosuch")) == frozenset()


def test_settings_are_told_by_name() -> None:
    rtp = answers.settings(said("rtp-show-settings"))
    assert (rtp["Port start"], rtp["Port end"], rtp["Strict RTP"]) == ("20000", "20100", "Yes")
    assert answers.settings(said("manager-show-settings"))["Manager (AMI)"] == "Yes"


@pytest.mark.parametrize(
    ("option", "pushed", "shown", "is_same"),
    [
        ("media_encryption_optimistic", "no", "false", True),
        ("media_encryption_optimistic", "no", "true", False),
        ("direct_media", "no", "No", True),
        ("verify_server", "yes", "Yes", True),
        ("verify_server", "yes", "No", False),
        ("media_encryption", "sdes", "sdes", True),
        ("media_encryption", "sdes", "no", False),
        ("allow", "alaw,ulaw", "(alaw|ulaw)", True),
        ("allow", "alaw,ulaw", "(ulaw|alaw)", False),
        ("allow", "alaw", "(alaw|ulaw)", False),
        ("cipher", "A-GCM,B-GCM", "A-GCM, B-GCM", True),
        ("cipher", "A-GCM,B-GCM", "", False),
        ("dtls_verify", "fingerprint", "Fingerprint", True),
        ("dtls_verify", "fingerprint", "Yes", True),
        ("dtls_verify", "fingerprint", "No", False),
        ("dtls_verify", "fingerprint", "certificate", False),
        ("bind", "192.0.2.11:5061", "192.0.2.11:5061", True),
        ("rtp_timeout", "30", "0", False),
        ("auth", "101", "", False),
    ],
)
def test_a_value_is_the_same_in_whichever_way_it_is_shown(
    option: str, pushed: str, shown: str, *, is_same: bool
) -> None:
    assert answers.same(option, pushed, shown) is is_same


@pytest.mark.parametrize(
    ("kind", "name"), [("endpoint", "pjsip-show-endpoint-alice"), ("transport", "pjsip-show-transport-t-tls12")]
)
def test_asterisk_shows_every_option_that_is_pushed_so_that_each_can_be_read_back(kind: str, name: str) -> None:
    pushed = objects(parse(render_masked(asterisk.sources(a_pbx()))["pjsip.conf"]))
    options = {option.name for (its, _), section in pushed.items() if its == kind for option in section.options}
    assert options - answers.parameters(said(name)).keys() - NOT_SHOWN == set()
