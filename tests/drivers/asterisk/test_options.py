"""Each version of Asterisk gets only the options that it knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk.configuration import parse
from confgen.drivers.asterisk.options import BRANCHES, has_option, has_value
from confgen.model.inventory import ClientCertificates, Pbx, TlsVersion
from confgen.model.version import ProductVersion
from confgen.render import render_masked
from tests.model.pbxs import a_pbx

VERSIONS = ("16.0.0", "16.28.0", "18.26.0", "20.0.0", "20.20.0", "21.12.0", "22.0.0", "22.10.1", "23.4.0")


def with_everything(version: str) -> Pbx:
    """A PBX for which every branch of every template is taken."""
    pbx = a_pbx(product_version=ProductVersion.parse(version), bind=("192.0.2.11", "2001:db8::11"))
    certificate = replace(pbx.certificate, client_certificates=ClientCertificates.REQUIRED)
    return replace(pbx, certificate=certificate)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_rendered_sip_option_exists_in_that_version(version: str) -> None:
    pbx = with_everything(version)
    sections = parse(render_masked(asterisk.sources(pbx))["pjsip.conf"])
    written = {(section.value("type") or "", option.name) for section in sections for option in section.options}
    assert {kind for kind, _ in written} == {"global", "transport", "endpoint", "auth", "aor"}
    unknown = {
        (kind, option) for kind, option in written if not has_option(pbx.product_version, "pjsip.conf", kind, option)
    }
    assert unknown == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_rendered_media_option_exists_in_that_version(version: str) -> None:
    pbx = with_everything(version)
    (general,) = parse(render_masked(asterisk.sources(pbx))["rtp.conf"])
    unknown = {
        option.name
        for option in general.options
        if not has_option(pbx.product_version, "rtp.conf", "general", option.name)
    }
    assert unknown == set()


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
        ("23.4.0", {"1.2"}, []),
        ("20.4.0", {"1.3"}, ["VER-02"]),
        ("20.5.0", {"1.3"}, []),
        ("18.19.0", {"1.3"}, ["VER-02", "VER-03"]),
        ("16.28.0", {"1.2"}, ["VER-03"]),
        ("16.28.0", {"1.3"}, ["VER-02", "VER-03"]),
        ("21.12.0", {"1.2"}, ["VER-03"]),
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
