"""The manager interface and the HTTP server are off, or over TLS at one address, with the users that were pushed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk.configuration import Section, parse
from confgen.drivers.asterisk.state import checks
from confgen.model.check import Check, Verdict
from confgen.model.finding import Severity
from confgen.model.inventory import HttpServer, Pbx, TlsVersion
from confgen.model.plan import SecurityDelta
from confgen.model.version import ProductVersion
from confgen.render import render_masked
from tests.drivers.asterisk.asterisk_answers import documents_of, healthy
from tests.drivers.asterisk.test_impact import change
from tests.model.pbxs import a_pbx, an_ami

PBX = a_pbx(ami=an_ami(), http=HttpServer(bind="192.0.2.11", port=8089))
DOCUMENTS = documents_of(PBX)


def sections(pbx: Pbx, key: str) -> Mapping[str, Section]:
    return {section.name: section for section in parse(render_masked(asterisk.sources(pbx))[key])}


def judged(**changed: tuple[str, str]) -> list[Check]:
    """Every check that did not pass, where one of the blocks has something else in it."""
    blocks = healthy(PBX, DOCUMENTS)
    for block, (old, new) in changed.items():
        title = block.replace("_", " ")
        assert old in blocks[title]
        blocks[title] = blocks[title].replace(old, new, 1)
    return [check for check in checks(PBX, DOCUMENTS, blocks) if check.verdict is not Verdict.PASSED]


def test_the_manager_interface_listens_over_tls_and_in_clear_text_on_loopback_only() -> None:
    general = sections(PBX, "manager.conf")["general"]
    assert general.value("tlsbindaddr") == "192.0.2.11:5039"
    assert (general.value("bindaddr"), general.value("port")) == ("127.0.0.1", "5038")
    assert general.value("webenabled") == "no"
    assert [general.value(f"tlsdisablev{version}") for version in ("1", "11", "12")] == ["yes", "yes", "no"]
    assert "AES256-GCM" in (general.value("tlscipher") or "")


def test_clear_text_moves_where_tls_takes_its_port() -> None:
    moved = replace(PBX, ami=replace(an_ami(), bind="127.0.0.1", port=5038))
    assert sections(moved, "manager.conf")["general"].value("port") == "5037"


def test_a_user_comes_from_where_it_is_permitted_and_never_from_loopback() -> None:
    rules = [option for option in sections(PBX, "manager.conf")["crm"].options if option.name in {"permit", "deny"}]
    assert [(rule.name, rule.value) for rule in rules] == [
        ("deny", "0.0.0.0/0"),
        ("deny", "::/0"),
        ("permit", "192.0.2.40"),
        ("permit", "2001:db8:40::/64"),
        ("deny", "127.0.0.0/8"),
        ("deny", "::1/128"),
    ]


def test_a_user_on_loopback_is_let_in_where_tls_listens_there() -> None:
    local = replace(PBX, ami=replace(an_ami(permit=("127.0.0.1",)), bind="127.0.0.1"))
    assert sections(local, "manager.conf")["crm"].values("deny") == ("0.0.0.0/0", "::/0")


def test_the_http_server_serves_tls_and_no_clear_text() -> None:
    general = sections(PBX, "http.conf")["general"]
    assert (general.value("enabled"), general.value("tlsenable")) == ("no", "yes")
    assert general.value("tlsbindaddr") == "192.0.2.11:8089"
    assert general.value("enable_status") == "no"
    old = replace(PBX, product_version=ProductVersion(16, 7))
    assert sections(old, "http.conf")["general"].value("enable_status") is None


def test_tls_1_2_is_off_where_it_is_not_declared() -> None:
    strict = replace(PBX, tls_versions=frozenset({TlsVersion.TLS_1_3}))
    for key in ("manager.conf", "http.conf"):
        assert sections(strict, key)["general"].value("tlsdisablev12") == "yes"


def test_an_ipv6_address_is_written_in_brackets() -> None:
    both = replace(PBX, ami=replace(an_ami(), bind="2001:db8::11"), http=HttpServer(bind="::1", port=8443))
    assert sections(both, "manager.conf")["general"].value("tlsbindaddr") == "[2001:db8::11]:5039"
    assert sections(both, "http.conf")["general"].value("tlsbindaddr") == "[::1]:8443"


def test_what_was_not_asked_for_is_off() -> None:
    off = a_pbx()
    assert sections(off, "manager.conf")["general"].value("tlsenable") is None
    assert list(sections(off, "manager.conf")) == ["general"]
    assert sections(off, "http.conf")["general"].value("tlsenable") is None


def test_an_unharmed_pbx_passes() -> None:
    assert judged() == []


@pytest.mark.parametrize(
    ("code", "block", "old", "new"),
    [
        ("MGMT-01", "manager_show_settings", "192.0.2.11:5039", "0.0.0.0:5039"),
        ("MGMT-01", "manager_show_settings", "127.0.0.1:5038", "0.0.0.0:5038"),
        ("MGMT-01", "manager_show_settings", "Manager (AMI):             Yes", "Manager (AMI):             No "),
        ("MGMT-01", "manager_show_settings", "TLS Enable:                Yes", "TLS Enable:                No "),
        ("MGMT-01", "manager_show_settings", "AMI/HTTP):    No", "AMI/HTTP):    Yes"),
        ("MGMT-01", "manager_show_settings", "ECDHE-ECDSA-AES256-GCM-SHA384", "ADH-AES256-SHA"),
        ("MGMT-01", "manager_show_settings", "/etc/confgen/asterisk/keys/", "/etc/asterisk/"),
        ("MGMT-02", "http_show_status", "Server Disabled", "Server Enabled and Bound to 0.0.0.0:8088"),
        ("MGMT-10", "manager_show_users", "crm", "crm\nmallory"),
        ("MGMT-10", "manager_show_users", "crm\n", ""),
        ("MGMT-10", "manager_show_user_crm", "read perm: call,cdr", "read perm: all"),
        ("MGMT-10", "manager_show_user_crm", "write perm: <none>", "write perm: system,all"),
        ("MGMT-10", "manager_show_user_crm", "allow - 192.0.2.40/255.255.255.255", "allow - 0.0.0.0/0.0.0.0"),
        ("MGMT-10", "manager_show_user_crm", "allow - 2001:db8:40::/ffff:ffff:ffff:ffff::", "allow - ::/::"),
        ("MGMT-10", "manager_show_user_crm", "deny - 127.0.0.0", "allow - 127.0.0.0"),
        ("MGMT-10", "manager_show_user_crm", "read perm", "perm"),
        ("CLEAR-02", "/proc/net/tcp", "0100007F:13AE", "00000000:13AE"),
        ("STATE-07", "/proc/net/tcp", "0B0200C0:1F99", "0B0200C0:13C5"),
    ],
)
def test_what_is_otherwise_is_told(code: str, block: str, old: str, new: str) -> None:
    assert {(check.code, check.verdict) for check in judged(**{block: (old, new)})} == {(code, Verdict.FAILED)}


@pytest.mark.parametrize("silent", ["manager show settings", "manager show users", "http show status"])
def test_silence_is_unknown(silent: str) -> None:
    blocks = {**healthy(PBX, DOCUMENTS), silent: ""}
    found = [check.verdict for check in checks(PBX, DOCUMENTS, blocks) if check.verdict is not Verdict.PASSED]
    assert found == [Verdict.UNKNOWN]


def test_a_generation_is_looked_at_where_it_listens() -> None:
    off = a_pbx()
    assert asterisk.as_kept(PBX, documents_of(off)) == off
    kept = asterisk.as_kept(off, DOCUMENTS)
    assert kept.http == PBX.http
    assert kept.ami is not None
    assert (kept.ami.bind, kept.ami.port) == ("192.0.2.11", 5039)


def test_a_user_cannot_be_called_as_a_section_of_the_file() -> None:
    (found,) = asterisk.findings(a_pbx(ami=an_ami(name="general")))
    assert (found.code, found.severity) == ("MGMT-11", Severity.ERROR)
    assert asterisk.findings(PBX) == ()


def test_an_interface_more_is_weaker_and_one_less_stronger() -> None:
    texts = [{document.key: document.reveal() for document in documents_of(pbx)} for pbx in (a_pbx(), PBX)]
    for key in ("manager.conf", "http.conf"):
        off, on = texts[0][key], texts[1][key]
        assert asterisk.security_delta([change(key, before=off, after=on)]) is SecurityDelta.WEAKER
        assert asterisk.security_delta([change(key, before=on, after=off)]) is SecurityDelta.STRONGER


def test_the_secret_of_a_user_is_masked() -> None:
    text = next(document for document in DOCUMENTS if document.key == "manager.conf").reveal()
    assert "secret = sentinel-crm-4f1d" in text
    assert "sentinel" not in asterisk.mask("manager.conf", text, lambda _: "f00d")
