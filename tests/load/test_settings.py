"""Which of several written values counts, and what stands where nothing is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from confgen.load import Loaded, load_inventory
from confgen.model.check import Level, Vantage
from confgen.model.dialling import ByChannel, ByTrunk, Emergency, Forwards, NoEmergency, ToExtension
from confgen.model.driver import Traits
from confgen.model.finding import Finding, Place, Severity
from confgen.model.inventory import (
    ClientCertificates,
    DigestAlgorithm,
    MediaEncryption,
    Part,
    Pbx,
    PortRange,
    TlsVersion,
)
from confgen.model.secret import SecretReference, SecretSource
from confgen.model.version import ProductVersion
from tests.load.products import KINDS, Silent

LEAST = """\
version: 1
defaults:
  product_version: 22
  certificate: {chain: {file: "{pbx}.crt"}, key: {file: "{pbx}.key"}, authority: {file: authority.crt}}
  verify: {levels: [state, tls, clear]}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "inventory.yaml"


def load(path: Path, text: str) -> Loaded:
    path.write_text(LEAST + text, encoding="utf-8")
    return load_inventory(path, kinds=KINDS)


def only_pbx(path: Path, text: str) -> Pbx:
    loaded = load(path, text)
    assert loaded.findings == ()
    (pbx,) = loaded.inventory.pbxs
    return pbx


def file(name: str) -> SecretReference:
    return SecretReference(SecretSource.FILE, (name,))


HQ = """\
pbxs:
  hq:
    kind: asterisk
    address: 192.0.2.10
    sip: {domain: hq.example.test}
"""


def test_where_nothing_is_written_the_safe_and_usual_value_counts(path: Path) -> None:
    pbx = only_pbx(path, HQ + '    extensions: {"101": {secret: {env: ANN}}}\n')

    assert pbx.bind == ("0.0.0.0",)
    assert pbx.sip_port == 5061
    assert pbx.tls_versions == {TlsVersion.TLS_1_2}
    assert pbx.rtp_ports == PortRange(first=20000, last=20199)
    assert pbx.certificate.client_certificates is ClientCertificates.NOT_REQUESTED
    assert pbx.verification.vantage is Vantage.OPERATOR
    assert (pbx.echo_number, pbx.probe, pbx.trunks, pbx.routes, pbx.groups) == (None, None, (), (), ())
    assert (pbx.ssh.user, pbx.ssh.port, pbx.ssh.host_key, pbx.ssh.known_hosts, pbx.ssh.identity_file) == (None,) * 5
    (extension,) = pbx.extensions
    assert extension.display_name is None
    assert extension.media_encryption is MediaEncryption.SDES
    assert extension.codecs == ("alaw", "ulaw")
    assert extension.permit == ()
    assert extension.contacts == 1


def test_the_levels_that_are_proven_are_all_that_there_are(path: Path) -> None:
    given = '    echo_number: "600"\n    probe: {secret: {env: PROBE}, permit: [192.0.2.1]}\n'
    path.write_text(LEAST.replace("  verify: {levels: [state, tls, clear]}\n", "") + HQ + given, encoding="utf-8")

    (pbx,) = load_inventory(path, kinds=KINDS).inventory.pbxs

    assert pbx.verification.levels == set(Level)
    assert pbx.probe is not None
    assert pbx.probe.name == "confgen-probe"


def test_a_group_overrides_the_defaults_a_later_group_an_earlier_one_and_the_pbx_them_all(path: Path) -> None:
    pbx = only_pbx(
        path,
        """\
  sip: {port: 5001, tls_versions: ["1.3"]}
  rtp: {ports: "30000-30001"}
  echo_number: "600"
groups:
  one: {sip: {port: 5002}, rtp: {ports: "30000-30002"}, echo_number: "601"}
  two: {sip: {port: 5003}, rtp: {ports: "30000-30003"}}
pbxs:
  hq:
    kind: asterisk
    address: 192.0.2.10
    groups: [one, two]
    sip: {domain: hq.example.test, port: 5004}
""",
    )

    assert pbx.sip_port == 5004
    assert pbx.rtp_ports == PortRange(first=30000, last=30003)
    assert pbx.echo_number == "601"
    assert pbx.tls_versions == {TlsVersion.TLS_1_3}
    assert pbx.groups == ("one", "two")


def test_lists_and_references_are_replaced_as_a_whole(path: Path) -> None:
    pbx = only_pbx(
        path,
        """\
  extension_defaults: {secret: {file: all}, codecs: [alaw, ulaw], permit: [192.0.2.0/24]}
pbxs:
  hq:
    kind: asterisk
    address: 192.0.2.10
    sip: {domain: hq.example.test}
    certificate: {key: {command: [cat, key]}}
    extension_defaults: {codecs: [g722]}
    extensions:
      "101": {permit: [198.51.100.0/24]}
      "102": {secret: {env: BOB}, media_encryption: dtls, contacts: 3, name: Bob}
""",
    )

    assert pbx.certificate.key == SecretReference(SecretSource.COMMAND, ("cat", "key"))
    assert pbx.certificate.chain == file("hq.crt")
    ann, bob = pbx.extensions
    assert (ann.secret, ann.codecs, ann.permit) == (file("all"), ("g722",), ("198.51.100.0/24",))
    assert (bob.secret, bob.codecs) == (SecretReference(SecretSource.ENVIRONMENT, ("BOB",)), ("g722",))
    assert (bob.display_name, bob.media_encryption, bob.contacts) == ("Bob", MediaEncryption.DTLS, 3)


def test_placeholders_are_filled_in_and_ranges_keep_their_digits(path: Path) -> None:
    pbx = only_pbx(
        path,
        HQ
        + '    extension_defaults: {secret: {command: [pass, "{pbx}/{extension}", "{print $1}"]}}\n'
        + '    extensions: {"0098-0101": {name: Hall}, "7":}\n',
    )

    assert [extension.number for extension in pbx.extensions] == ["0098", "0099", "0100", "0101", "7"]
    assert pbx.extensions[2].secret.words == ("pass", "hq/0100", "{print $1}")
    assert [extension.display_name for extension in pbx.extensions] == ["Hall"] * 4 + [None]


def test_a_trunk_is_seen_from_both_of_its_ends(path: Path) -> None:
    loaded = load(
        path,
        HQ.replace("hq.example.test}", "hq.example.test, port: 5071}")
        + """\
    echo_number: "600"
    routes: [{numbers: "2XX", trunk: hq-branch}]
  branch:
    kind: asterisk
    address: 192.0.2.20
    sip: {domain: branch.example.test}
trunks:
  hq-branch: {between: [hq, branch], secret: {file: "{trunk}"}, codecs: [g722]}
""",
    )

    assert loaded.findings == ()
    hq, branch = loaded.inventory.pbxs
    (at_hq,), (at_branch,) = hq.trunks, branch.trunks
    assert (at_hq.peer, at_hq.peer_domain, at_hq.peer_address) == ("branch", "branch.example.test", "192.0.2.20")
    assert (at_hq.peer_port, at_hq.peer_echo) == (5061, None)
    assert (at_branch.peer, at_branch.peer_port, at_branch.peer_echo) == ("hq", 5071, "600")
    assert at_hq.secret == at_branch.secret == file("hq-branch")
    assert at_hq.codecs == at_branch.codecs == ("g722",)
    assert [(route.numbers, route.way) for route in hq.routes] == [("2XX", ByTrunk(trunk="hq-branch"))]


def test_a_bare_branch_means_its_first_release(path: Path) -> None:
    assert only_pbx(path, HQ).product_version == ProductVersion(22, 0, 0)


def test_values_know_where_they_stand(path: Path) -> None:
    pbx = only_pbx(path, HQ + '    extensions:\n      "101": {secret: {env: ANN}}\n')

    assert pbx.place == Place(str(path), 7, 3)
    assert pbx.extensions[0].place == Place(str(path), 12, 7)


def test_references_start_from_the_folder_of_the_inventory(path: Path) -> None:
    assert load(path, HQ).inventory.folder == str(path.parent)
    assert load_inventory(path.parent, kinds=KINDS).inventory.folder == str(path.parent)


def test_what_the_product_cannot_do_is_told_in_its_place_among_the_others(path: Path) -> None:
    path.write_text(LEAST + HQ + "    rtp: {ports: '20001-20199'}\n    sipp: {}\n", encoding="utf-8")
    old = Finding(code="VER-01", message="too old", mend="renew it", place=Place(str(path), 7, 3))

    loaded = load_inventory(path, kinds={"asterisk": Silent(traits=Traits(), told=(old,))})

    assert [finding.code for finding in loaded.findings] == ["VER-01", "REF-09", "LOAD-10"]
    assert [finding.severity for finding in loaded.findings][1] is Severity.WARNING


def test_what_is_wrong_is_left_out_and_the_rest_is_built(path: Path) -> None:
    loaded = load(
        path,
        HQ
        + """\
    extensions:
      "101": {secret: hunter2}
      "102": {secret: {env: BOB}, contacts: 1000}
    routes: [{numbers: "2XX", trunk: nowhere}]
  branch:
    kind: asterisk
""",
    )

    assert {finding.code for finding in loaded.findings} == {"LOAD-12", "LOAD-13", "LOAD-14", "REF-03"}
    (hq,) = loaded.inventory.pbxs
    assert [(extension.number, extension.contacts) for extension in hq.extensions] == [("102", 1)]
    assert hq.routes == ()


def test_no_jump_hosts_are_something_else_than_none_that_are_said(path: Path) -> None:
    assert only_pbx(path, HQ).ssh.jump_hosts is None
    assert only_pbx(path, HQ + "    ssh: {jump_hosts: []}\n").ssh.jump_hosts == ()

    pbx = only_pbx(
        path, HQ + "    ssh: {user: ann, sudo: true, jump_hosts: [{address: gate, port: 2222}, {address: inner}]}\n"
    )

    assert pbx.ssh.uses_sudo
    assert [(jump.address, jump.port, jump.user) for jump in pbx.ssh.jump_hosts or ()] == [
        ("gate", 2222, None),
        ("inner", None, None),
    ]


EMERGENCY = """\
  emergency: {numbers: ["112"], via: [{channel: isdn, as: "0112"}], caller_id: "+4930123"}
pbxs:
  hq:
    kind: asterisk
    address: 192.0.2.10
    sip: {domain: hq.example.test}
    channels: {isdn: {dial: "DAHDI/g1/{number}", signalling: clear, media: clear}}
"""


def test_emergency_numbers_and_their_waiver_are_not_mixed(path: Path) -> None:
    emergency = only_pbx(path, EMERGENCY).emergency
    assert isinstance(emergency, Emergency)
    assert emergency.numbers == ("112",)
    assert [(type(way.way), way.number) for way in emergency.ways] == [(ByChannel, "0112")]

    waived = '    emergency: {waived: {owner: Ann, reason: no phones, until: "2027-03-31"}}\n'
    emergency = only_pbx(path, EMERGENCY + waived).emergency

    assert isinstance(emergency, NoEmergency)
    assert (emergency.owner, emergency.reason, emergency.until) == ("Ann", "no phones", date(2027, 3, 31))


def test_what_extensions_share_each_may_say_otherwise(path: Path) -> None:
    pbx = only_pbx(
        path,
        HQ
        + """\
    extension_defaults: {secret: {file: all}, digest: sha-256, ring_seconds: 20}
    extensions:
      "101":
      "102": {digest: md5, ring_seconds: 30, outside_number: "+4930", forward: {busy: {extension: "101"}}}
""",
    )

    ann, bob = pbx.extensions
    assert (ann.digest, ann.ring_seconds, ann.outside_number, ann.forwards) == (DigestAlgorithm.SHA_256, 20, None, None)
    assert (bob.digest, bob.ring_seconds, bob.outside_number) == (DigestAlgorithm.MD5, 30, "+4930")
    assert bob.forwards == Forwards(busy=ToExtension(extension="101"))


def test_the_context_of_a_trunk_is_that_of_the_end_whose_dialplan_is_its_own(path: Path) -> None:
    loaded = load(
        path,
        HQ
        + """\
  branch:
    kind: asterisk
    address: 192.0.2.20
    sip: {domain: branch.example.test}
    manage: [sip, media, certificates]
trunks:
  hq-branch: {between: [hq, branch], secret: {file: "{trunk}"}, context: from-hq}
""",
    )

    assert loaded.findings == ()
    assert [pbx.trunks[0].context for pbx in loaded.inventory.pbxs] == [None, "from-hq"]
    assert [Part.DIALPLAN in pbx.manages for pbx in loaded.inventory.pbxs] == [True, False]


def test_a_long_chain_of_forwards_is_a_circle_only_where_it_turns_back(path: Path) -> None:
    last = 13_000
    chain = "".join(f'      "{n}": {{forward: {{always: {{extension: "{n + 1}"}}}}}}\n' for n in range(10_000, last))
    text = HQ + "    extension_defaults: {secret: {file: all}}\n    extensions:\n" + chain

    straight = load(path, f'{text}      "{last}":\n')
    bent = load(path, f'{text}      "{last}": {{forward: {{always: {{extension: "{last - 1}"}}}}}}\n')

    assert straight.findings == ()
    assert [finding.code for finding in bent.findings] == ["REF-27"]
    assert f"from extension {last - 1} to extension {last} to extension {last - 1}" in bent.findings[0].message


def test_what_pbxs_have_in_common_is_held_once(path: Path) -> None:
    """Thousands of them would each hold as much again."""
    pbx = """
    kind: asterisk
    address: 10.0.0.1
    sip: {domain: hq.example.test}
    extensions: {"100": {secret: {env: A}, codecs: [alaw, g722]}, "101": {secret: {env: B}, codecs: [alaw, g722]}}
"""
    path.write_text(f"{LEAST}pbxs:\n  hq:{pbx}  branch:{pbx}", encoding="utf-8")
    hq, branch = load_inventory(path, kinds=KINDS).inventory.pbxs

    first, *others = (extension.codecs for each in (hq, branch) for extension in each.extensions)
    assert first == ("alaw", "g722")
    assert all(codecs is first for codecs in others)
    assert hq.manages is branch.manages
    assert hq.product_version is branch.product_version
    assert hq.rtp_ports is branch.rtp_ports
    assert hq.certificate.authority.place is branch.certificate.authority.place
    assert hq.places["product_version",] is branch.places["product_version",]
    assert hq.extensions[0].place != branch.extensions[0].place
