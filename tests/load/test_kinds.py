"""One inventory for several kinds of PBX: what each kind knows, what is passed over, and who registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from confgen.load import Loaded, kinds, load_inventory
from confgen.load.kinds import PassedOver, schema_of
from confgen.load.yaml_tree import YamlSequence
from confgen.model.check import Level
from confgen.model.codes import EXPLANATIONS
from confgen.model.finding import Severity
from confgen.model.inventory import MediaEncryption, Part, Pbx, Peering, TlsVersion
from confgen.model.secret import SecretReference, SecretSource
from tests.load.products import KINDS

BOTH = """\
version: 1
defaults:
  product_version: "22.10.1"
  sip: {tls_versions: ["1.2", "1.3"], bind: [192.0.2.10]}
  rtp: {ports: "30000-30999"}
  certificate: {chain: {file: "{pbx}.crt"}, key: {file: "{pbx}.key"}, authority: {file: "{pbx}-authority.crt"}}
  extension_defaults: {secret: {env: "PHONE_{extension}"}, permit: [10.0.0.0/8], codecs: [opus], contacts: 3}
  echo_number: "600"
  probe: {secret: {env: PROBE}, permit: [192.0.2.1]}
  verify: {levels: [state, tls, clear, downgrade, call]}
  console: {permit: [127.0.0.1]}
groups:
  hosted: {certificate: {automatic: true}}
pbxs:
  hq:
    kind: asterisk
    address: 192.0.2.10
    sip: {domain: hq.example.test}
    emergency: {waived: {owner: Ann, reason: no phones, until: "2030-01-01"}}
  site:
    kind: threecx
    address: 192.0.2.20
    product_version: "20.0.10"
    sip: {domain: site.example.test}
    extensions: {"100": {}}
trunks:
  hq-site: {between: [site, hq], secret: {env: TRUNK}}
"""


def load(tmp_path: Path, text: str) -> Loaded:
    path = tmp_path / "inventory.yaml"
    path.write_text(text, encoding="utf-8")
    return load_inventory(path, kinds=KINDS)


@pytest.fixture
def both(tmp_path: Path) -> tuple[Pbx, Pbx]:
    loaded = load(tmp_path, BOTH)
    assert [finding for finding in loaded.findings if finding.severity is not Severity.NOTE] == []
    hq, site = loaded.inventory.pbxs
    return hq, site


def file(name: str) -> SecretReference:
    return SecretReference(SecretSource.FILE, (name,))


def test_a_kind_takes_of_the_defaults_what_it_knows(both: tuple[Pbx, Pbx]) -> None:
    _, site = both
    (extension,) = site.extensions
    assert site.rtp_ports is None
    assert site.tls_versions == frozenset(TlsVersion)
    assert (site.probe, site.echo_number) == (None, "600")
    assert site.manages == {Part.SIP, Part.MEDIA, Part.CERTIFICATES}
    assert site.verification.levels == frozenset(Level)
    assert (extension.permit, extension.contacts, extension.media_encryption) == ((), 1, MediaEncryption.SDES)
    assert extension.own_secret == SecretReference(SecretSource.ENVIRONMENT, ("PHONE_100",))
    assert site.certificate.chain == file("site.crt")


def test_what_another_kind_knows_is_nothing_to_an_asterisk(both: tuple[Pbx, Pbx]) -> None:
    hq, _ = both
    assert (hq.product, hq.api) == (None, None)
    assert hq.bind == ("192.0.2.10",)
    assert hq.tls_versions == {TlsVersion.TLS_1_2, TlsVersion.TLS_1_3}


def test_who_registers_is_known_at_both_ends(both: tuple[Pbx, Pbx]) -> None:
    hq, site = both
    assert (hq.trunks[0].peering, hq.trunks[0].peer_authority) == (Peering.PEER_REGISTERS, None)
    assert (site.trunks[0].peering, site.trunks[0].peer_authority) == (Peering.REGISTERS, file("hq-authority.crt"))


def test_two_asterisks_know_each_other(tmp_path: Path) -> None:
    other = BOTH.replace("kind: threecx", "kind: asterisk").replace('"20.0.10"', "22").replace("20\n", "21\n")
    assert [trunk.peering for pbx in load(tmp_path, other).inventory.pbxs for trunk in pbx.trunks] == [
        Peering.BOTH,
        Peering.BOTH,
    ]


def test_a_certificate_of_all_is_not_given_to_who_gets_one_by_itself(tmp_path: Path) -> None:
    hosted = BOTH.replace("kind: threecx", "kind: threecx\n    groups: [hosted]")
    assert load(tmp_path, hosted).inventory.pbxs[1].own_certificate is None
    own = "    certificate: {automatic: false}\n    extensions: {"
    assert load(tmp_path, hosted.replace("    extensions: {", own)).inventory.pbxs[1].own_certificate is not None


def test_a_demand_that_is_passed_over_is_told_where_it_stands_and_once(tmp_path: Path) -> None:
    two = BOTH.replace(
        "trunks:\n",
        '  other:\n    kind: threecx\n    address: 192.0.2.30\n    product_version: "20.0.10"\n'
        "    sip: {domain: other.example.test}\ntrunks:\n",
    )
    told = [f"{finding.place and finding.place.line} {finding.code}" for finding in load(tmp_path, two).findings]
    assert told == ["4 TCX-04", "7 TCX-03"]


def test_a_demand_is_not_told_where_the_pbx_itself_says_otherwise(tmp_path: Path) -> None:
    demanding = BOTH.replace("certificate: {chain", "certificate: {client_certificates: required, chain", 1).replace(
        "emergency:", "certificate: {client_certificates: not-requested}\n    emergency:"
    )
    assert "TCX-05" in {finding.code for finding in load(tmp_path, demanding).findings}
    said = demanding.replace("extensions: {", "certificate: {client_certificates: not-requested}\n    extensions: {")
    assert "TCX-05" not in {finding.code for finding in load(tmp_path, said).findings}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('routes: [{numbers: "1XX", trunk: hq-site}]', ("TCX-07", "calls are led in its own console")),
        ("modules: [app_queue]", ("LOAD-10", "`modules` is a setting of an Asterisk PBX, and `site` is a 3CX PBX")),
        ("consol: {permit: [127.0.0.1]}", ("LOAD-10", "`consol` is not known in `site`")),
        ("extension_defaults: {media_encryption: dtls}", ("TCX-03", 'cannot be "dtls"')),
        ("probe: {secret: {env: PROBE}}", ("TCX-12", "cannot hold")),
    ],
)
def test_a_setting_of_another_kind_is_refused_with_the_reason_and_the_way_out(
    tmp_path: Path, written: str, expected: tuple[str, str]
) -> None:
    loaded = load(tmp_path, BOTH.replace("    extensions: {", f"    {written}\n    extensions: {{"))
    (finding,) = (finding for finding in loaded.findings if finding.severity is Severity.ERROR)
    assert (finding.code, expected[1] in finding.message, finding.pbx) == (expected[0], True, "site")
    assert finding.mend


def test_a_product_that_makes_passwords_needs_none_of_ours(tmp_path: Path) -> None:
    bare = BOTH.replace('secret: {env: "PHONE_{extension}"}, ', "")
    loaded = load(tmp_path, bare)
    assert "LOAD-13" not in {finding.code for finding in loaded.findings}
    assert [extension.own_secret for extension in loaded.inventory.pbxs[1].extensions] == [None]


def test_an_api_is_asked_by_the_name_of_the_certificate(tmp_path: Path) -> None:
    api = '    api: {client: confgen, secret: {env: "API_{pbx}"}, authority: {file: ca.crt}}\n    extensions: {'
    access = load(tmp_path, BOTH.replace("    extensions: {", api)).inventory.pbxs[1].api
    assert access is not None
    assert (access.name, access.port, access.is_direct) == ("site.example.test", 5001, False)
    assert (str(access.secret), access.authority) == ("env:API_site", file("ca.crt"))


def lacks(schema: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[str, Any, Mapping[str, str], Any]]:  # noqa: ANN401, any JSON
    """Everything that a kind of PBX cannot have: where it would stand, what it is, what is said of it, its schema."""
    for lacking, lack in schema.get("lacking", {}).items():
        yield ".".join(way), lacking, lack, schema
    for key, inner in schema.get("properties", {}).items():
        yield from lacks(inner, (*way, key))
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from lacks(schema[key], (*way, key))


LACKS = [(kind, *lack) for kind in KINDS for lack in lacks(schema_of(kind))]


def test_there_is_something_that_a_kind_cannot_have() -> None:
    assert {kind for kind, *_ in LACKS} == {"threecx"}


@pytest.mark.parametrize(
    ("lacking", "lack", "schema"), [lack[2:] for lack in LACKS], ids=[f"{lack[1]}-{lack[2]}" for lack in LACKS]
)
def test_what_a_kind_cannot_have_is_said_with_code_reason_and_way_out_and_is_not_accepted(
    lacking: str,
    lack: Mapping[str, str],
    schema: Any,  # noqa: ANN401, any JSON
) -> None:
    assert lack["code"] in EXPLANATIONS
    assert lack["reason"]
    assert lack["mend"]
    assert lack.keys() <= {"code", "reason", "mend", "told"}
    Severity(lack.get("told", "note"))
    assert lacking not in schema.get("properties", {})
    assert lacking not in schema.get("enum", ())


def test_an_item_of_a_list_that_a_kind_cannot_have_is_told_like_a_value() -> None:
    lack = {"code": "TCX-04", "reason": "it has none", "mend": "remove it", "told": "note"}
    schema = {"items": {"enum": ["opus"], "lacking": {"gsm": lack}}}
    items = YamlSequence()
    items.extend(["opus", "gsm"])
    items.marks = [yaml.Mark("x", 0, line, 0, None, 0) for line in (1, 2)]
    told: list[PassedOver] = []

    assert kinds._known_value(items, schema, ("codecs",), items.marks[0], told) == ["opus"]  # noqa: SLF001

    (lost,) = told
    assert (lost.way, lost.mark.line) == (("codecs",), 2)


def everything(schema: Any) -> set[str]:  # noqa: ANN401, any JSON
    """Every key and every word that a schema accepts anywhere."""
    match schema:
        case dict():
            own = {*schema.get("properties", ()), *(word for word in schema.get("enum", ()) if isinstance(word, str))}
            return own.union(*map(everything, schema.values()))
        case list():
            return set().union(*map(everything, schema))
        case _:
            return set()


def test_what_a_kind_cannot_have_is_what_another_kind_has_or_what_nobody_knows_the_meaning_of() -> None:
    for kind, _, lacking, lack, _ in LACKS:
        if lack["code"] == "TCX-13":
            continue
        others = set().union(*(everything(schema_of(other)) for other in KINDS if other != kind))
        assert lacking in others
