"""What 3CX cannot do is refused with the reason and the way out, at its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from confgen.drivers import asterisk, threecx
from confgen.load import Loaded, load_inventory
from confgen.load.kinds import Product
from confgen.model.finding import Finding, Severity
from tests.load.products import Silent

KINDS: Mapping[str, Product] = {"asterisk": Silent(traits=asterisk.traits), "threecx": threecx}

SITE = """\
version: 1
pbxs:
  site:
    kind: threecx
    address: 192.0.2.20
    sip: {domain: site.example.test}
    product_version: "%s"
"""
ACCESS = """\
    api: {client: confgen, secret: {env: API}}
    backup: {secret: {env: BACKUP}}
"""
PEER = """\
  hq:
    kind: asterisk
    address: 192.0.2.10
    product_version: 22
    sip: {domain: %s}
    certificate: {chain: {file: hq.crt}, key: {file: hq.key}, authority: {%s}}
    verify: {levels: [state, tls, clear]}
trunks:
  hq-site: {between: [hq, site], secret: {env: TRUNK}}
"""
CARRIER = """\
providers:
  carrier: {domain: %s, authority: {%s}}
trunks:
  carrier: {pbx: site, provider: carrier, %s}
"""
ACCOUNT = "account: {user: site, secret: {env: CARRIER}}"

Load = Callable[..., Loaded]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def loaded(*texts: str, version: str = "20.0.10") -> Loaded:
        path = tmp_path / "inventory.yaml"
        path.write_text(SITE % version + "".join(texts), encoding="utf-8")
        return load_inventory(path, kinds=KINDS)

    return loaded


def told(loaded: Loaded) -> list[str]:
    return [f"{finding.code} {finding.severity.value}" for finding in loaded.findings]


def only(loaded: Loaded) -> Finding:
    (finding,) = loaded.findings
    assert finding.message
    assert finding.mend
    return finding


def test_a_site_that_is_whole_has_no_finding(load: Load) -> None:
    more = """\
    extensions: {"100": {}}
    console: {permit: [127.0.0.1, 198.51.100.0/24]}
    blocklist: {203.0.113.7: {reason: scanned}, 198.51.100.9: {reason: our proxy, action: allow}}
    sbcs: {branch: {secret: {env: SBC}}}
"""
    loaded = load(ACCESS, more, PEER % ("hq.example.test", "file: authority.crt"))
    assert told(loaded) == ["TCX-09 note", "TCX-15 note"]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("18.0.9", ["VER-10 warning"]),
        ("16", ["VER-10 warning"]),
        ("21.0.0", ["VER-11 error"]),
        ("22.10.1", ["VER-11 error"]),
        ("19", ["VER-11 error"]),
        ("20.0.3", ["VER-12 warning"]),
        ("20", ["VER-12 warning"]),
        ("20.0.4", []),
        ("20.1.0", []),
    ],
)
def test_a_version_is_pushed_to_rendered_for_or_refused(load: Load, version: str, expected: list[str]) -> None:
    assert told(load(ACCESS, version=version)) == expected


@pytest.mark.parametrize(
    ("asked", "since", "before"),
    [
        ('    extensions: {"100": {block_tunnel: true}}\n', "20.0.9", "20.0.8"),
        ("    sbcs: {branch: {secret: {env: SBC}}}\n", "20.0.8", "20.0.7"),
    ],
)
def test_a_field_is_asked_for_only_where_the_version_has_it(load: Load, asked: str, since: str, before: str) -> None:
    assert [code for code in told(load(ACCESS, asked, version=since)) if code.startswith("VER")] == []
    found = next(finding for finding in load(ACCESS, asked, version=before).findings if finding.code == "VER-02")
    assert since in found.mend


def test_a_site_without_a_door_is_refused(load: Load) -> None:
    assert told(load()) == ["TCX-01 error", "TCX-02 error"]


@pytest.mark.parametrize("through", ["ssh: {jump_hosts: [{address: 192.0.2.1}]}", "verify: {from: host}"])
def test_a_site_without_ssh_has_no_jump_hosts_and_no_view_from_its_host(load: Load, through: str) -> None:
    direct = ACCESS.replace("client:", "direct: true, client:")
    assert told(load(direct)) == []
    assert told(load(ACCESS, f"    {through}\n")) == []
    assert told(load(direct, f"    {through}\n")) == ["TCX-01 error"]


@pytest.mark.parametrize(
    ("permit", "expected"),
    [
        ("127.0.0.1, 198.51.100.0/24", []),
        ("127.0.0.0/8", ["TCX-10 warning"]),  # confgen, and nobody else
        ("127.0.0.1, '::1'", ["TCX-10 warning"]),
        ("0.0.0.0/1, 128.0.0.0/1", ["TCX-10 error"]),
        ("127.0.0.1, '::/2', '4000::/2', '8000::/1'", ["TCX-10 error"]),
        ("198.51.100.0/24", ["TCX-10 warning"]),
        ("0.0.0.0/0", ["TCX-10 error"]),
        ("127.0.0.1, '::/0'", ["TCX-10 error"]),
    ],
)
def test_the_console_must_let_confgen_in_and_not_everybody(load: Load, permit: str, expected: list[str]) -> None:
    assert told(load(ACCESS, f"    console: {{permit: [{permit}]}}\n")) == expected


def test_a_hosted_site_is_not_reached_through_its_own_host(load: Load) -> None:
    direct = ACCESS.replace("client:", "direct: true, client:")
    assert told(load(direct, "    console: {permit: [198.51.100.0/24]}\n")) == []


@pytest.mark.parametrize(
    "entry",
    [
        "192.0.2.10: {reason: the peer}",
        "192.0.2.0/24: {reason: peer and PBX}",
        "0.0.0.0/0: {reason: everybody}",
        "127.0.0.0/8: {reason: whoever comes through SSH}",
        "198.51.100.0/30: {reason: a part of those who work there}",
        "0.0.0.0/0: {reason: nobody is bad, action: allow}",
        "'::/0': {reason: everybody of IPv6}",
        "'::/0': {reason: nobody of IPv6 is bad, action: allow}",
        "203.0.113.7/24: {reason: an address in a network}",
        "999.0.0.1: {reason: no address}",
    ],
)
def test_an_entry_of_the_blocklist_shuts_out_nobody_who_is_needed(load: Load, entry: str) -> None:
    loaded = load(
        ACCESS,
        "    console: {permit: [127.0.0.1, 198.51.100.0/24]}\n",
        f"    blocklist:\n      {entry}\n",
        PEER % ("hq.example.test", "file: authority.crt"),
    )
    finding = only(loaded)
    assert finding.code == "TCX-11"
    assert finding.place is not None
    assert finding.place.line == 12


def test_everybody_in_two_halves_is_everybody(load: Load) -> None:
    halves = "{%s: {reason: x, action: allow}, %s: {reason: x, action: allow}}"
    for one, other in (("0.0.0.0/1", "128.0.0.0/1"), ("'::/1'", "'8000::/1'")):
        finding = only(load(ACCESS, f"    blocklist: {halves % (one, other)}\n"))
        assert (finding.code, finding.severity) == ("TCX-11", Severity.ERROR)
    blocked = load(ACCESS, "    blocklist: {'::/1': {reason: x}, '8000::/1': {reason: x}}\n")
    assert told(blocked) == ["TCX-11 error"]


def test_an_entry_of_the_blocklist_that_is_over_is_told_and_not_written(load: Load) -> None:
    over, holds = ('{reason: scans, until: "2020-01-01"}', '{reason: scans, until: "2099-01-01"}')
    loaded = load(ACCESS, f"    blocklist: {{198.51.100.7: {over}, 198.51.100.8: {holds}}}\n")
    finding = only(loaded)
    assert (finding.code, finding.severity) == ("TCX-11", Severity.WARNING)
    assert "2020-01-01" in finding.message
    keys = [source.key for source in threecx.sources(loaded.inventory.pbxs[0])]
    assert [key for key in keys if key.startswith("Blocklist/")] == ["Blocklist/198.51.100.8/32"]


@pytest.mark.parametrize(
    ("domain", "authority", "way", "expected"),
    [
        ("sip.example.net", "file: ca.crt", ACCOUNT, []),
        ("sip.example.net", "file: ca.crt", "addresses: [203.0.113.0/24]", ["TCX-06"]),
        ("sip.example.net", "file: ca.crt", f"addresses: [203.0.113.0/24], {ACCOUNT}", ["TCX-06"]),
        ("sip.example.net", "file: ca.crt", ACCOUNT.replace("user:", "register: false, user:"), ["TCX-06"]),
        ("203.0.113.5", "file: ca.crt", ACCOUNT, ["TCX-06"]),
        ("sip.example.net", "on_host: /etc/ssl/ca.crt", ACCOUNT, ["TCX-08"]),
        ("sip.example.net", "file: ca.crt", f"max_calls: 4, {ACCOUNT}", []),
        ("sip.example.net", "file: ca.crt", f'dids: {{"49305550": {{extension: "100"}}}}, {ACCOUNT}', ["TCX-07"]),
        ("sip.example.net", "file: ca.crt", f'caller_id: {{number: "49305550"}}, {ACCOUNT}', []),
        ("sip.example.net", "file: ca.crt", f"caller_id: {{hide: true}}, {ACCOUNT}", ["TCX-07"]),
        ("sip.example.net", "file: ca.crt", f'test_number: "49305551", {ACCOUNT}', ["TCX-07"]),
        ("sip.example.net", "file: ca.crt", f"context: own, {ACCOUNT}", ["TCX-07"]),
    ],
)
def test_a_trunk_to_a_provider_registers_by_name(
    load: Load, domain: str, authority: str, way: str, expected: list[str]
) -> None:
    loaded = load(ACCESS, CARRIER % (domain, authority, way))
    assert [finding.code for finding in loaded.findings] == expected
    assert all(finding.place is not None and finding.place.line == 13 for finding in loaded.findings)


def test_whom_to_trust_on_a_trunk_may_be_the_authority_of_its_own_certificate(load: Load) -> None:
    nobody = (CARRIER % ("sip.example.net", "", ACCOUNT)).replace(", authority: {}", "")
    assert told(load(ACCESS, nobody)) == ["TCX-08 error"]
    own = "    certificate: {chain: {file: site.crt}, key: {file: site.key}, authority: {file: ca.crt}}\n"
    assert told(load(ACCESS, own, nobody)) == []


@pytest.mark.parametrize(
    ("domain", "authority", "expected"),
    [
        ("hq.example.test", "file: authority.crt", []),
        ("192.0.2.10", "file: authority.crt", ["TCX-06 error"]),
        ("hq.example.test", "on_host: /etc/ssl/ca.crt", ["TCX-08 error"]),
    ],
)
def test_a_peer_has_a_name_and_an_authority_that_can_be_told(
    load: Load, domain: str, authority: str, expected: list[str]
) -> None:
    assert told(load(ACCESS, PEER % (domain, authority))) == expected


def test_what_a_phone_cannot_be_made_to_do_is_said_and_stops_nothing(load: Load) -> None:
    signalling, users = load(ACCESS, '    extensions: {"100": {name: Reception}}\n').findings
    assert (signalling.code, signalling.severity) == ("TCX-09", Severity.NOTE)
    assert "signalling" in signalling.message
    assert (users.code, users.severity) == ("TCX-15", Severity.NOTE)
    assert "the 1 extension of `site` must be there already" in users.message
