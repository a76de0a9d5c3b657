"""A kept generation is proven as the PBX that it was made for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.archives import pack
from confgen.drivers import asterisk
from confgen.drivers.asterisk.modules import needed
from confgen.model.driver import Listener
from confgen.model.inventory import Certificate, ClientCertificates, Part, Pbx, PortRange, TlsVersion
from confgen.model.secret import SecretReference, SecretSource
from tests.drivers.asterisk.asterisk_answers import documents_of
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.model.pbxs import a_pbx, a_provider_trunk, an_extension, secrets_of

NOW = a_pbx()
REQUIRED = replace(NOW.certificate, client_certificates=ClientCertificates.REQUIRED)


@pytest.mark.parametrize(
    "then",
    [
        NOW,
        replace(NOW, domain="old.example.test"),
        replace(NOW, bind=("198.51.100.7",)),
        replace(NOW, bind=("0.0.0.0", "2001:db8::7")),
        replace(NOW, sip_port=15061),
        replace(NOW, tls_versions=frozenset({TlsVersion.TLS_1_2})),
        replace(NOW, tls_versions=frozenset({TlsVersion.TLS_1_3})),
        replace(NOW, rtp_ports=PortRange(first=30000, last=30099)),
        replace(NOW, echo_number="601"),
        replace(NOW, own_certificate=REQUIRED),
    ],
)
def test_what_a_proof_measures_is_read_from_the_generation(then: Pbx) -> None:
    assert asterisk.as_kept(NOW, documents_of(then)) == then
    assert asterisk.as_kept(then, documents_of(NOW)) == NOW


def test_a_generation_is_proven_by_the_parts_that_it_manages_and_no_others() -> None:
    in_part = replace(NOW, manages=frozenset({Part.SIP, Part.CERTIFICATES}), rtp_ports=None)
    with_ports = replace(in_part, rtp_ports=PortRange(first=10000, last=20000))

    assert asterisk.as_kept(in_part, documents_of(in_part)) == in_part
    assert asterisk.as_kept(with_ports, documents_of(in_part)) == with_ports
    assert asterisk.as_kept(in_part, documents_of(NOW)) == NOW
    # what the inventory of today says of parts that it renders now is nothing that the generation was made with
    # but for the echo number, without which nothing could be called
    assert asterisk.as_kept(NOW, documents_of(in_part)) == in_part


def test_a_generation_without_an_echo_number_has_none() -> None:
    assert asterisk.as_kept(NOW, documents_of(replace(NOW, echo_number=None))).echo_number is None


def test_a_proof_gets_the_certificate_and_the_probe_of_the_generation() -> None:
    secrets = secrets_of(NOW)
    found = asterisk.material(ScriptedHost(answers={}), NOW, documents_of(NOW))
    assert found.chain == secrets[NOW.certificate.chain].reveal()
    assert found.authority == secrets[NOW.certificate.authority].reveal()
    assert found.probe_secret is not None
    assert found.probe_secret.reveal() == "sentinel-probe-4f1d"
    assert "sentinel-probe" not in repr(found)


def test_the_ports_towards_providers_are_no_ports_of_the_pbx() -> None:
    then = replace(NOW, provider_trunks=(a_provider_trunk(),), provider_port=15062)
    material = asterisk.material(ScriptedHost(answers={}), then, documents_of(then))
    assert material.provider_listeners == (Listener(address="192.0.2.11", port=15062),)
    assert material.authority == asterisk.material(ScriptedHost(answers={}), NOW, documents_of(NOW)).authority
    kept = asterisk.as_kept(NOW, documents_of(then))
    assert (kept.bind, kept.sip_port) == (NOW.bind, NOW.sip_port)


def test_without_a_probe_there_is_no_secret_of_one() -> None:
    assert asterisk.material(ScriptedHost(answers={}), replace(NOW, probe=None), documents_of(NOW)).probe_secret is None
    assert asterisk.material(ScriptedHost(answers={}), NOW, documents_of(replace(NOW, probe=None))).probe_secret is None


def test_the_documents_of_a_generation_come_back_as_they_were_with_its_keys() -> None:
    documents = documents_of(NOW)
    archive = pack((f"./{document.key}", document.reveal()) for document in documents)
    host = ScriptedHost(answers={"generation": archive})
    assert asterisk.kept(host, NOW, 3) == documents
    assert host.asked == [["generation", "3"]]


def test_what_confgen_wrote_comes_from_the_copy_that_only_root_writes() -> None:
    members = [("7/manifest", "00 640 root:asterisk rtp.conf\n"), ("7/etc/rtp.conf", "[general]\n"), ("7/names", "")]
    host = ScriptedHost(answers={"written": pack(members)})
    assert asterisk.written(host, NOW, 7) == {"rtp.conf": "[general]\n"}
    assert host.asked == [["written", "7"]]


def test_modules_are_judged_by_the_generation_and_not_by_the_inventory_of_today() -> None:
    now = replace(NOW, extensions=(an_extension("101", codecs=("g722",)),))
    host = ScriptedHost(
        answers={"state": b"=== process\nrunning yes\n=== module show\nres_srtp.so  x  0  Running  core\n"}
    )
    checks = asterisk.state(host, asterisk.as_kept(now, documents_of(NOW)), documents_of(NOW))
    missing = {check.subject for check in checks if check.code == "STATE-04"}
    assert "codec_alaw" in missing
    assert "codec_g722" not in missing


def test_what_encrypted_calls_need_of_modules_of_the_users_own_is_told_by_the_generation() -> None:
    then = a_pbx(manages=frozenset(Part) - {Part.MODULES})
    now = replace(
        then,
        extensions=(*then.extensions, an_extension("190", codecs=("gsm",))),
        trunks=tuple(replace(trunk, codecs=("g722",)) for trunk in then.trunks),
        provider_trunks=(a_provider_trunk(),),
    )
    assert set(needed(now)) > set(needed(then))

    assert needed(asterisk.as_kept(now, documents_of(then))) == needed(then)


def test_a_certificate_of_the_users_own_is_read_on_the_host() -> None:
    on_host = {
        part: SecretReference(SecretSource.ON_HOST, (f"/etc/asterisk/keys/{part}.pem",))
        for part in ("chain", "key", "authority")
    }
    own = replace(
        NOW,
        own_certificate=Certificate(**on_host, client_certificates=ClientCertificates.NOT_REQUESTED),
        manages=frozenset(Part) - {Part.CERTIFICATES},
    )
    host = ScriptedHost(
        answers={"own": pack([(f"/etc/asterisk/keys/{part}.pem", part) for part in ("chain", "authority")])}
    )
    found = asterisk.material(host, own, documents_of(own))
    assert (found.chain, found.authority, found.key) == ("chain", "authority", None)
    assert host.asked == [["own", "/etc/asterisk/keys/chain.pem", "/etc/asterisk/keys/authority.pem"]]
