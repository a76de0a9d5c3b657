"""A trunk to a provider speaks TLS to whom its own authority vouches for, and knows who calls in by nothing spoken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk.configuration import Section, objects, parse
from confgen.drivers.asterisk.modules import modules
from confgen.drivers.asterisk.on_host import referenced
from confgen.drivers.asterisk.profiles import PROFILES
from confgen.model.codes import EXPLANATIONS
from confgen.model.inventory import Certificate, ClientCertificates, Part, Pbx
from confgen.model.provider import Account
from confgen.model.secret import SecretReference, SecretSource
from confgen.model.version import ProductVersion
from tests.drivers.asterisk.asterisk_answers import documents_of
from tests.model.pbxs import a_pbx, a_provider, a_provider_trunk, reference

BY_ADDRESS = a_provider_trunk("by-address", account=None, addresses=("198.51.100.0/28", "2001:db8::/64"))
ON_HOST = Certificate(
    **{
        part: SecretReference(SecretSource.ON_HOST, (f"/etc/asterisk/keys/{part}.pem",))
        for part in ("chain", "key", "authority")
    },
    client_certificates=ClientCertificates.NOT_REQUESTED,
)
PEOPLE = Account(user="office", secret=reference("OFFICE"), registers=False)


def written(pbx: Pbx) -> dict[tuple[str, str], Section]:
    texts = {document.key: document.reveal() for document in documents_of(pbx)}
    return dict(objects(parse(texts["pjsip.conf"])))


def test_every_way_of_a_trunk_is_tls_with_mandatory_srtp_and_a_verified_server() -> None:
    found = written(a_pbx(provider_trunks=(a_provider_trunk(), BY_ADDRESS)))
    for name in ("to-carrier", "by-address"):
        endpoint = found["endpoint", name]
        assert found["transport", endpoint.value("transport") or ""].value("verify_server") == "yes"
        assert endpoint.value("media_encryption") == "sdes"
        assert endpoint.value("media_encryption_optimistic") == "no"
        assert found["aor", name].value("contact") == "sip:carrier.example.test:5061;transport=tls"
    assert found["registration", "to-carrier"].value("server_uri") == "sip:carrier.example.test:5061;transport=tls"
    assert {section.value("protocol") for (kind, _), section in found.items() if kind == "transport"} == {"tls"}


def test_nobody_is_known_by_the_name_it_writes() -> None:
    found = written(a_pbx(provider_trunks=(a_provider_trunk(), BY_ADDRESS)))
    assert {found["endpoint", name].value("identify_by") for name in ("to-carrier", "by-address")} == {"ip"}


def test_a_providers_authority_vouches_for_no_phone_and_no_other_provider() -> None:
    other = a_provider("exchange", authority=reference("EXCHANGES_AUTHORITY"))
    same = a_provider("reseller")
    own = a_provider("neighbour", authority=None)
    trunks = [
        a_provider_trunk(f"to-{provider.name}", provider=provider) for provider in (a_provider(), other, same, own)
    ]
    pbx = a_pbx(provider_trunks=tuple(trunks), provider_port=15062)
    found = written(pbx)
    transports = {name: section for (kind, name), section in found.items() if kind == "transport"}
    assert {name: section.value("bind") for name, section in transports.items()} == {
        "tls": "192.0.2.11:5061",
        "tls-carrier": "192.0.2.11:15062",
        "tls-exchange": "192.0.2.11:15063",
    }
    assert len({section.value("ca_list_file") for section in transports.values()}) == 3
    assert [found["endpoint", trunk.name].value("transport") for trunk in trunks] == [
        "tls-carrier",
        "tls-exchange",
        "tls-carrier",
        "tls",
    ]
    assert transports["tls"].value("ca_list_file") == written(a_pbx())["transport", "tls"].value("ca_list_file")


def test_an_authority_on_the_host_is_named_where_it_lies_unless_certificates_are_managed() -> None:
    bundle = SecretReference(SecretSource.ON_HOST, ("/etc/ssl/certs/ca-certificates.crt",))
    trunk = a_provider_trunk(provider=a_provider(authority=bundle))
    pbx = a_pbx(provider_trunks=(trunk,), own_certificate=ON_HOST, manages=frozenset(Part) - {Part.CERTIFICATES})
    assert written(pbx)["transport", "tls-carrier"].value("ca_list_file") == bundle.words[0]
    managed = replace(pbx, manages=frozenset(Part))
    assert referenced(managed)["authority-carrier"] == bundle
    assert "ca-certificates" not in (written(managed)["transport", "tls"].value("ca_list_file") or "")


def test_an_authority_that_is_the_pbxs_own_needs_no_transport_of_its_own() -> None:
    pbx = a_pbx(provider_trunks=(a_provider_trunk(provider=a_provider(authority=reference("AUTHORITY"))),))
    assert [name for kind, name in written(pbx) if kind == "transport"] == ["tls"]


def test_addresses_are_looked_at_only_where_a_trunk_is_known_by_them() -> None:
    registering = a_pbx(provider_trunks=(a_provider_trunk(addresses=("198.51.100.0/28",)),))
    by_address = a_pbx(provider_trunks=(BY_ADDRESS,))
    assert "res_pjsip_endpoint_identifier_ip" not in modules(registering)
    assert "res_pjsip_endpoint_identifier_ip" in modules(by_address)
    assert "res_pjsip_outbound_registration" in modules(registering)
    assert "res_pjsip_outbound_registration" not in modules(by_address)
    assert written(registering)["global", "global"].value("endpoint_identifier_order") == "username"
    assert ("identify", "to-carrier") not in written(registering)
    assert written(registering)["endpoint", "to-carrier"].values("permit") == ("198.51.100.0/28",)
    assert written(by_address)["identify", "by-address"].values("match") == ("198.51.100.0/28", "2001:db8::/64")


def test_a_pbx_without_providers_loads_nothing_for_them() -> None:
    assert {"res_pjsip_outbound_registration", "res_pjsip_endpoint_identifier_ip"}.isdisjoint(modules(a_pbx()))


def test_an_account_that_does_not_register_answers_challenges_only() -> None:
    found = written(a_pbx(provider_trunks=(a_provider_trunk(account=PEOPLE),)))
    assert ("registration", "to-carrier") not in found
    assert found["endpoint", "to-carrier"].value("outbound_auth") == "to-carrier"
    assert found["auth", "to-carrier"].value("username") == "office"


@pytest.mark.parametrize(
    ("profile", "from_user", "asserts", "contact_user"),
    [
        ("generic", "4930123", "yes", "4930123"),
        ("generic-did-in-to", "4930123", "yes", "to-carrier"),
        ("telnyx", None, "no", "4930123"),
    ],
)
def test_a_profile_says_how_things_are_named(
    profile: str, from_user: str | None, asserts: str, contact_user: str
) -> None:
    found = written(a_pbx(provider_trunks=(a_provider_trunk(provider=a_provider(profile=profile)),)))
    endpoint = found["endpoint", "to-carrier"]
    assert (endpoint.value("from_user"), endpoint.value("send_pai")) == (from_user, asserts)
    assert found["registration", "to-carrier"].value("contact_user") == contact_user


def test_calls_go_to_the_users_own_context_where_the_dialplan_is_not_managed() -> None:
    pbx = a_pbx(provider_trunks=(a_provider_trunk(context="incoming"),))
    own = replace(pbx, manages=frozenset(Part) - {Part.DIALPLAN})
    assert written(pbx)["endpoint", "to-carrier"].value("context") == "from-to-carrier"
    assert written(own)["endpoint", "to-carrier"].value("context") == "incoming"


def test_an_old_release_gets_no_option_that_it_does_not_know() -> None:
    old = a_pbx(product_version=ProductVersion(16, 20, 0), provider_trunks=(a_provider_trunk(),))
    assert written(old)["registration", "to-carrier"].value("max_random_initial_delay") is None


@pytest.mark.parametrize(
    ("profile", "code", "words"),
    [
        ("generik", "CALL-09", "write `generic`;"),
        ("qqq", "CALL-09", "write one of generic"),
        ("twilio", "CALL-07", "no reg"),
    ],
)
def test_a_profile_that_cannot_be_is_told(profile: str, code: str, words: str) -> None:
    pbx = a_pbx(provider_trunks=(a_provider_trunk(provider=a_provider(profile=profile)),))
    (finding,) = [finding for finding in asterisk.findings(pbx) if finding.code.startswith("CALL")]
    assert finding.code == code
    assert words in f"{finding.message}; {finding.mend}"


def test_explain_lists_every_profile() -> None:
    meaning = EXPLANATIONS["CALL-09"].meaning
    assert all(f" {name}: " in meaning for name in PROFILES)
    assert all(profile.source for profile in PROFILES.values())
