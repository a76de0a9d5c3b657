"""Each version of Asterisk gets only the options that it knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from confgen import fleet
from confgen.drivers import asterisk
from confgen.drivers.asterisk.configuration import parse
from confgen.drivers.asterisk.options import BRANCHES, has_option, has_value
from confgen.model.finding import Finding, Severity
from confgen.model.inventory import ClientCertificates, DigestAlgorithm, Pbx, Peering, TlsVersion
from confgen.model.version import ProductVersion
from confgen.render import render_masked
from tests.model.pbxs import a_pbx, a_trunk_end, an_extension

GOLDEN = Path(__file__).parents[2] / "golden" / "asterisk"

VERSIONS = ("16.0.0", "16.28.0", "18.26.0", "20.0.0", "20.20.0", "21.12.0", "22.0.0", "22.10.1", "23.4.0")


def with_everything(version: str) -> Pbx:
    """A PBX for which every branch of every template is taken."""
    pbx = a_pbx(product_version=ProductVersion.parse(version), bind=("192.0.2.11", "2001:db8::11"))
    certificate = replace(pbx.certificate, client_certificates=ClientCertificates.REQUIRED)
    registering = a_trunk_end("to-site", "site", peering=Peering.PEER_REGISTERS)
    return replace(pbx, own_certificate=certificate, trunks=(*pbx.trunks, registering))


# Where what stands before the `=` is a name of the user's world: an extension, a log file, a country's tones.
_NAMES = frozenset({("extensions.conf", None), ("indications.conf", None), ("logger.conf", "logfiles")})


def unknown_options(version: ProductVersion, key: str, text: str) -> set[tuple[str, str, str]]:
    """What a file says that a release does not know, by file, section and option."""
    found = set()
    for section in parse(text):
        kind = (section.value("type") or "") if key == "pjsip.conf" else section.name
        if key == "manager.conf" and kind != "general":
            kind = "user"
        if {(key, None), (key, kind)} & _NAMES:
            continue
        found |= {
            (key, kind, option.name) for option in section.options if not has_option(version, key, kind, option.name)
        }
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_every_rendered_option_exists_in_that_version(version: str) -> None:
    pbx = with_everything(version)
    for key, text in render_masked(asterisk.sources(pbx)).items():
        assert unknown_options(pbx.product_version, key, text) == set()


def test_every_option_of_every_golden_tree_exists_in_its_version() -> None:
    seen = set()
    for case in sorted(GOLDEN.glob("*/inventory.yaml")):
        for pbx in fleet.load(case).inventory.pbxs:
            if pbx.kind != asterisk.kind:
                continue
            seen.add(pbx.product_version.branch)
            for file in (case.parent / "expected" / pbx.name).iterdir():
                assert unknown_options(pbx.product_version, file.name, file.read_text(encoding="utf-8")) == set()
    assert seen == set(BRANCHES)


def test_an_option_that_a_version_lacks_is_seen_in_a_tree() -> None:
    text = "[101]\ntype = auth\npassword_digest = SHA-256:00\n"
    assert unknown_options(ProductVersion(16, 28), "pjsip.conf", text) == {("pjsip.conf", "auth", "password_digest")}
    assert unknown_options(ProductVersion(22, 2), "pjsip.conf", text) == set()


@pytest.mark.parametrize(
    ("version", "word"),
    [
        ("16.28.0", "userpass"),
        ("18.26.4", "userpass"),
        ("20.11.0", "userpass"),
        ("20.12.0", "digest"),
        ("21.6.0", "userpass"),
        ("21.7.0", "digest"),
        ("22.1.0", "userpass"),
        ("22.2.0", "digest"),
        ("23.0.0", "digest"),
    ],
)
def test_authentication_is_called_by_the_word_of_that_version(version: str, word: str) -> None:
    pbx = with_everything(version)
    sections = parse(render_masked(asterisk.sources(pbx))["pjsip.conf"])
    assert {section.value("auth_type") for section in sections if section.value("type") == "auth"} == {word}
    assert has_value(pbx.product_version, "pjsip.conf", "auth", "auth_type", word)


@pytest.mark.parametrize(
    ("version", "is_written"),
    [("16.16.0", False), ("16.17.0", True), ("18.2.0", False), ("18.3.0", True), ("20", True)],
)
def test_replay_protection_is_written_where_the_option_exists(version: str, *, is_written: bool) -> None:
    text = render_masked(asterisk.sources(with_everything(version)))["rtp.conf"]
    assert ("srtpreplayprotection = yes" in text) is is_written


@pytest.mark.parametrize("branch", BRANCHES)
def test_an_option_that_nobody_knows_exists_in_no_version(branch: int) -> None:
    version = ProductVersion(branch, 99, 99)
    assert not has_option(version, "pjsip.conf", "endpoint", "media_encription")
    assert not has_option(version, "pjsip.conf", "nothing", "type")
    assert not has_option(version, "nothing.conf", "general", "type")
    assert not has_value(version, "pjsip.conf", "auth", "auth_type", "none")


def test_an_option_exists_from_its_first_release_of_each_branch_on() -> None:
    def has(version: str) -> bool:
        return has_option(ProductVersion.parse(version), "pjsip.conf", "endpoint", "rtp_port_start")

    assert [has(version) for version in ("20.19.9", "20.20.0", "21.99.0", "22.9.0", "22.10.0", "23.3.0", "23.4.1")] == [
        False, True, False, False, True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("versions", "method"), [({"1.2"}, "tlsv1_2"), ({"1.3"}, "tlsv1_3"), ({"1.2", "1.3"}, "sslv23")]
)
def test_the_method_is_always_written_and_never_the_default(versions: set[str], method: str) -> None:
    pbx = a_pbx(tls_versions=frozenset(map(TlsVersion, versions)))
    sections = parse(render_masked(asterisk.sources(pbx))["pjsip.conf"])
    assert [section.value("method") for section in sections if section.value("type") == "transport"] == [method]


@pytest.mark.parametrize(
    ("version", "versions", "codes"),
    [
        ("22.10.1", {"1.2", "1.3"}, []),
        ("22.10.1", {"1.3"}, []),
        ("23.4.1", {"1.2"}, []),
        ("23.4.0", {"1.2"}, ["VER-04"]),
        ("20.4.0", {"1.3"}, ["VER-02", "VER-04", "VER-20"]),
        ("20.5.0", {"1.3"}, ["VER-04", "VER-20"]),
        ("20.20.1", {"1.3"}, []),
        ("18.19.0", {"1.3"}, ["VER-02"]),
        ("16.28.0", {"1.2"}, []),
        ("16.28.0", {"1.3"}, ["VER-02"]),
        ("18.26.4", {"1.2"}, []),
        ("21.12.0", {"1.2"}, ["VER-04"]),
        ("21.12.3", {"1.2"}, []),
        ("22", {"1.2"}, ["VER-04"]),
        ("17.0.0", {"1.3"}, ["VER-01"]),
        ("19.8.0", {"1.2"}, ["VER-01"]),
        ("24.0.0", {"1.2"}, ["VER-01"]),
        ("13.38.3", {"1.2"}, ["VER-01"]),
    ],
)
def test_what_a_version_cannot_do_is_a_finding(version: str, versions: set[str], codes: list[str]) -> None:
    pbx = a_pbx(product_version=ProductVersion.parse(version), tls_versions=frozenset(map(TlsVersion, versions)))
    findings = asterisk.findings(pbx)
    assert [finding.code for finding in findings] == codes
    assert all(finding.pbx == pbx.name and finding.place == pbx.place and finding.mend for finding in findings)


def the_finding(pbx: Pbx, code: str) -> Finding:
    (found,) = [finding for finding in asterisk.findings(pbx) if finding.code == code]
    return found


@pytest.mark.parametrize(
    ("version", "able"),
    [
        ("16.28.0", "Asterisk 20.5.0, 22.0.0 or 23.0.0"),
        ("18.19.0", "Asterisk 18.20.0, 20.5.0, 22.0.0 or 23.0.0"),
        ("20.4.0", "Asterisk 20.5.0, 22.0.0 or 23.0.0"),
    ],
)
def test_a_refusal_names_the_releases_that_can_and_are_maintained(version: str, able: str) -> None:
    pbx = a_pbx(product_version=ProductVersion.parse(version), tls_versions=frozenset({TlsVersion.TLS_1_3}))
    assert the_finding(pbx, "VER-02").mend == f'write tls_versions: ["1.2", "1.3"], or use {able}'


@pytest.mark.parametrize(
    ("version", "able"),
    [
        ("16.28.0", "Asterisk 20.12.0, 22.2.0 or 23.0.0"),
        ("20.11.0", "Asterisk 20.12.0, 22.2.0 or 23.0.0"),
        ("21.6.0", "Asterisk 21.7.0, 22.2.0 or 23.0.0"),
        ("22", "Asterisk 22.2.0 or 23.0.0"),
    ],
)
def test_a_digest_that_a_version_cannot_compute_is_refused(version: str, able: str) -> None:
    hashed = tuple(an_extension(number, digest=DigestAlgorithm.SHA_256) for number in ("101", "102"))
    found = the_finding(a_pbx(product_version=ProductVersion.parse(version), extensions=hashed), "VER-02")
    assert found.severity is Severity.ERROR
    assert "extension 101 and 1 more" in found.message
    assert found.mend == f"leave `digest` out, or use {able}"


@pytest.mark.parametrize("version", ["20.12.0", "21.7.0", "22.2.0", "23.0.0"])
def test_a_digest_that_a_version_can_compute_is_not(version: str) -> None:
    hashed = (an_extension("101", digest=DigestAlgorithm.SHA_256),)
    codes = {
        finding.code
        for finding in asterisk.findings(a_pbx(product_version=ProductVersion.parse(version), extensions=hashed))
    }
    assert codes <= {"VER-03", "VER-04"}


def test_names_of_two_kinds_are_a_note() -> None:
    mixed = (an_extension("101"), an_extension("102", digest=DigestAlgorithm.SHA_256))
    found = the_finding(a_pbx(extensions=mixed), "AUTH-10")
    assert found.severity is Severity.NOTE
    assert "extension 102)" in found.message


def test_a_release_below_the_safe_minimum_is_told_its_advisories_and_the_gravest_of_them() -> None:
    found = the_finding(a_pbx(product_version=ProductVersion(22, 10, 0)), "VER-04")
    assert found.severity is Severity.WARNING
    assert found.message.startswith("20 security advisories concern Asterisk 22.10.0 (as of 2026-06-25), GHSA-vfhr-")
    assert found.message.count("GHSA-") == 3
    assert found.mend == "install Asterisk 22.10.1 or later"
    older = the_finding(a_pbx(product_version=ProductVersion(22)), "VER-04")
    assert int(older.message.split(" ")[0]) > 20
