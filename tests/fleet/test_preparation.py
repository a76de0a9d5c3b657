"""What stands in the way of a push is found before any PBX is reached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from confgen import drivers, fleet
from confgen.drivers import threecx
from confgen.fleet import Journal, preparation
from confgen.model.api import ApiAccess
from confgen.model.document import Document, HostFile
from confgen.model.driver import OnHost, Traits
from confgen.model.finding import Finding, Severity
from confgen.model.inventory import Certificate, ClientCertificates, Inventory, Pbx, Peering, ProductSettings
from confgen.model.migration import Migration
from confgen.model.policy import Policy, RuleSetting, Waiver
from confgen.model.result import Outcome
from confgen.model.secret import Secret, SecretReference, SecretSource
from confgen.model.terms import Strategy, Terms
from confgen.policy.rules import RULES
from tests.drivers.threecx.site import a_site
from tests.fleet.test_legs import Listening
from tests.model.pbxs import a_pbx, a_provider_trunk, reference, secrets_of
from tests.policy.authorities import DAY, Issued, issue


@pytest.fixture
def authority() -> Issued:
    return issue("root", ends=datetime.now(UTC) + 400 * DAY)


@pytest.fixture
def environment(pbx: Pbx, authority: Issued, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Every secret of the PBX, with a good certificate."""
    leaf = issue("leaf", authority, names=[pbx.domain], ends=datetime.now(UTC) + 200 * DAY)
    values = {known.words[0]: secret.reveal() for known, secret in secrets_of(pbx).items()}
    values |= {"CHAIN": leaf.pem, "KEY": leaf.key_pem, "AUTHORITY": authority.pem}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return values


def inventory_of(*pbxs: Pbx) -> Inventory:
    return Inventory(pbxs=pbxs, folder=str(Path(__file__).parent))


def test_a_pbx_with_all_its_secrets_is_ready(pbx: Pbx, environment: dict[str, str]) -> None:
    prepared = preparation.prepare(inventory_of(pbx), pbx)
    assert prepared.findings == ()
    texts = {document.key: document.reveal() for document in prepared.documents}
    assert "password = sentinel-probe-4f1d\n" in texts["pjsip.conf"]
    assert environment["KEY"] in texts.values()


def test_a_proof_resolves_only_what_it_needs(
    pbx: Pbx, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KEY", "EXTENSION_101", "TRUNK"):
        monkeypatch.delenv(name)
    prepared = preparation.prepare_for_proof(inventory_of(pbx), pbx)
    assert prepared.findings == ()
    texts = {document.key: document.reveal() for document in prepared.documents}
    assert environment["CHAIN"] in texts.values()
    assert "password = <env:EXTENSION_101>\n" in texts["pjsip.conf"]


def test_a_proof_resolves_the_authority_of_a_provider_and_not_the_accounts_secret(
    pbx: Pbx, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = replace(pbx, provider_trunks=(a_provider_trunk(),))
    monkeypatch.setenv("CARRIERS_AUTHORITY", environment["AUTHORITY"])
    prepared = preparation.prepare_for_proof(inventory_of(customer), customer)
    assert prepared.findings == ()
    texts = {document.key: document.reveal() for document in prepared.documents}
    assert [key for key in texts if key.endswith(".provider.crt")] != []
    assert "password = <env:CARRIER>\n" in texts["pjsip.conf"]
    assert [finding.code for finding in preparation.prepare(inventory_of(customer), customer).errors] == ["SEC-01"]


@pytest.mark.usefixtures("environment")
def test_a_missing_secret_is_an_error(pbx: Pbx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRUNK")
    assert [finding.code for finding in preparation.prepare(inventory_of(pbx), pbx).errors] == ["SEC-01"]


@pytest.mark.usefixtures("environment")
def test_a_secret_that_cannot_be_written_is_an_error_that_does_not_tell_it(
    pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUNK", "sentinel;4f1d")
    prepared = preparation.prepare(inventory_of(pbx), pbx)
    (finding,) = prepared.errors
    assert (prepared.documents, "env:TRUNK" in finding.message, finding.pbx) == ((), True, pbx.name)
    assert "sentinel" not in repr(finding)


@pytest.mark.usefixtures("environment")
def test_a_certificate_of_another_pbx_is_an_error(pbx: Pbx) -> None:
    other = replace(pbx, domain="other.example.test")
    assert [finding.code for finding in preparation.prepare(inventory_of(other), other).errors] == ["CERT-05"]


def test_a_pbx_that_is_not_ready_is_refused_without_a_connection() -> None:
    inventory = inventory_of(a_pbx("headquarters"), a_pbx("branch"))

    planned = fleet.plan(inventory, inventory.pbxs, Listening())
    pushed = fleet.push(inventory, inventory.pbxs, Listening(), terms=Terms(), strategy=Strategy())

    for result in (*planned, *pushed):
        assert (result.outcome, result.exit_code) == (Outcome.REFUSED, 1)
        assert {finding.code for finding in result.findings} == {"SEC-01"}
    assert [result.pbx for result in planned] == ["headquarters", "branch"]
    assert [result.pbx for result in pushed] == ["headquarters"]


def test_the_journal_of_a_push_holds_no_secret(
    pbx: Pbx, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRUNK", "sentinel;4f1d")  # which cannot be written, and is refused before a connection is made
    journal = Journal(tmp_path, command="push", inventory=Path("inventory.yaml"), inventory_digest="")

    fleet.push(inventory_of(pbx), [pbx], Listening(), terms=Terms(), strategy=Strategy(), journal=journal)

    (path,) = tmp_path.iterdir()
    written = path.read_text(encoding="utf-8")
    assert '"codes": ["SEC-05"]' in written
    assert "sentinel" not in written
    assert not any(value.strip() in written for value in environment.values())


def test_a_masked_tree_needs_no_secret(pbx: Pbx) -> None:
    assert "password = <env:TRUNK>\n" in fleet.render_masked(pbx)["pjsip.conf"]


def test_a_revealed_tree_has_them(pbx: Pbx, environment: dict[str, str]) -> None:
    texts, findings = fleet.render_revealed(inventory_of(pbx), pbx)
    assert findings == ()
    assert f"password = {environment['TRUNK'].strip()}\n" in texts["pjsip.conf"]


def test_what_lies_on_the_host_is_prepared_from_what_the_host_told(pbx: Pbx, environment: dict[str, str]) -> None:
    chain, key = (SecretReference(SecretSource.ON_HOST, (f"/etc/{name}.pem",)) for name in ("chain", "key"))
    on_host = OnHost(
        files={
            chain: HostFile(path="/etc/chain.pem", digest="00" * 32, text=Secret(environment["CHAIN"])),
            key: HostFile(path="/etc/key.pem", digest="ab" * 32, public_digest="00" * 32),
        },
        findings=(Finding(code="CERT-14", message="others can write it", mend="do not let them"),),
    )
    named = replace(pbx, own_certificate=replace(pbx.certificate, chain=chain, key=key))
    assert preparation.has_files_on_host(named)
    assert not preparation.has_files_on_host(pbx)
    prepared = preparation.prepare(inventory_of(named), named, on_host)
    assert [finding.code for finding in prepared.errors] == ["CERT-04", "CERT-14"]
    keys = [document for document in prepared.documents if document.key.startswith("keys/")]
    assert [document.content is None for document in keys] == [False, True, False]
    assert preparation.prepare_for_proof(inventory_of(named), named, on_host).findings == on_host.findings


@pytest.mark.usefixtures("environment")
def test_what_a_migration_keeps_is_a_document_like_the_others(pbx: Pbx) -> None:
    migration = Migration(extensions=("101",), owner="Ann", until=date(2099, 12, 31), place=pbx.place)
    waived = replace(pbx, migration=migration)
    document = Document(key="pjsip_migration.conf", content=Secret("[101]\n"))
    on_host = OnHost(files={}, documents=(document,))
    assert preparation.has_files_on_host(waived)
    assert document in preparation.prepare(inventory_of(waived), waived, on_host).documents
    assert document in preparation.prepare_for_proof(inventory_of(waived), waived, on_host).documents


def test_a_migration_that_has_ended_is_an_error_of_the_inventory(tmp_path: Path) -> None:
    file = tmp_path / "inventory.yaml"
    case = Path(__file__).parents[1] / "load" / "accept" / "phones-that-are-not-moved-yet.yaml"
    file.write_text(case.read_text(encoding="utf-8"), encoding="utf-8")
    told = [fleet.load(file, today=day).findings for day in (date(2027, 3, 31), date(2027, 4, 1))]
    codes = [[finding.code for finding in found if finding.code.startswith("MIG")] for found in told]
    assert codes == [["MIG-01"], ["MIG-02"]]


def test_no_policy_changes_what_is_rendered(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "inventory.yaml"
    for name, policy in (
        ("none", ""),
        ("strict", "policy: {profile: strict}\n"),
        (
            "weak",
            "policy:\n  rules:\n"
            + "".join(f'    {code}: {{severity: "off", reason: x}}\n' for code in sorted(RULES))
            + "  waivers:\n"
            + "".join(
                f'    - {{rule: {code}, pbx: "*", owner: Ann, reason: x, until: "2999-12-31"}}\n' for code in RULES
            ),
        ),
    ):
        (tmp_path / f"{name}.yaml").write_text(f"{shipped.read_text(encoding='utf-8')}\n{policy}", encoding="utf-8")
    rendered = {
        name: [preparation.render_masked(pbx) for pbx in preparation.load(tmp_path / f"{name}.yaml").inventory.pbxs]
        for name in ("none", "strict", "weak")
    }

    assert rendered["none"] != []
    assert rendered["strict"] == rendered["none"]
    assert rendered["weak"] == rendered["none"]


@pytest.mark.usefixtures("environment")
def test_what_comes_up_with_the_secrets_is_weighed_and_waived_as_well(
    pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = issue("leaf", issue("root"), names=[pbx.domain], ends=datetime.now(UTC) + 9 * DAY)
    place = pbx.place
    setting = RuleSetting(code="CERT-07", severity=Severity.ERROR, reason="", place=place)
    waiver = Waiver(
        code="CERT-07",
        pbx=pbx.name,
        subject="*",
        owner="Ann",
        reason="renewed on Friday",
        until=datetime.now(UTC).date() + DAY,
        place=place,
    )
    monkeypatch.setenv("CHAIN", soon.pem)
    monkeypatch.setenv("KEY", soon.key_pem)
    found = {}
    for name, policy in (
        ("counted", Policy(settings={"CERT-07": setting})),
        ("waived", Policy(settings={"CERT-07": setting}, waivers=(waiver,))),
    ):
        prepared = preparation.prepare(replace(inventory_of(pbx), policy=policy), pbx)
        found[name] = next(finding for finding in prepared.findings if finding.code == "CERT-07")

    assert (found["counted"].severity, found["counted"].waiver) == (Severity.ERROR, "")
    assert (found["waived"].severity, found["waived"].waiver[:12]) == (Severity.NOTE, "waived until")


@pytest.mark.usefixtures("environment")
def test_a_revealed_tree_names_what_lies_on_the_host_by_its_path(pbx: Pbx) -> None:
    key = SecretReference(SecretSource.ON_HOST, ("/etc/key.pem",))
    named = replace(pbx, own_certificate=replace(pbx.certificate, key=key))
    texts, findings = fleet.render_revealed(inventory_of(named), named)
    assert findings == ()
    assert "priv_key_file = /etc/confgen/asterisk/keys/<on_host:/etc/key.pem>.key\n" in texts["pjsip.conf"]


@dataclass(frozen=True, kw_only=True)
class Objects:
    """A product of API objects that writes none of what is referred to."""

    traits: Traits = threecx.traits

    def sources(self, _pbx: Pbx, /) -> tuple[()]:
        return ()


@pytest.fixture
def site(pbx: Pbx, monkeypatch: pytest.MonkeyPatch) -> Pbx:
    """A 3CX that gets its certificate and its passwords by itself, with every secret that it has nevertheless."""
    monkeypatch.setattr(drivers, "DRIVERS", {**drivers.DRIVERS, "threecx": Objects()})
    for name in ("API", "BACKUP", "SBC", "TRUNK"):
        monkeypatch.setenv(name, f"sentinel-{name}")
    for name in ("API_AUTHORITY", "PEER_AUTHORITY"):
        monkeypatch.setenv(name, issue("root", ends=datetime.now(UTC) + 400 * DAY).pem)
    sbcs = {"north": {"secret": reference("SBC")}}
    (end, *_) = pbx.trunks
    return replace(
        pbx,
        kind="threecx",
        own_certificate=None,
        probe=None,
        ami=None,
        extensions=tuple(replace(extension, own_secret=None) for extension in pbx.extensions),
        trunks=(replace(end, peering=Peering.REGISTERS, peer_authority=reference("PEER_AUTHORITY")),),
        api=ApiAccess(
            name=pbx.domain,
            port=5001,
            client="confgen",
            secret=reference("API"),
            authority=reference("API_AUTHORITY"),
        ),
        product=ProductSettings(values={"backup": {"secret": reference("BACKUP")}, "sbcs": sbcs}, places={}),
    )


def test_a_product_that_gets_its_certificate_by_itself_needs_none_of_ours(site: Pbx) -> None:
    assert preparation.prepare(inventory_of(site), site).findings == ()
    assert preparation.prepare_for_proof(inventory_of(site), site).findings == ()


@pytest.mark.parametrize("name", ["API", "API_AUTHORITY", "BACKUP", "SBC", "TRUNK", "PEER_AUTHORITY"])
def test_every_secret_of_a_product_of_objects_is_resolved_before_it_is_reached(
    site: Pbx, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv(name)
    (finding,) = preparation.prepare(inventory_of(site), site).errors
    assert (finding.code, f"env:{name}" in finding.message) == ("SEC-01", True)


def test_a_proof_of_a_product_of_objects_resolves_how_it_is_asked_and_what_is_public(
    site: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BACKUP", "SBC", "TRUNK"):
        monkeypatch.delenv(name)
    assert preparation.prepare_for_proof(inventory_of(site), site).findings == ()
    monkeypatch.delenv("API")
    assert [finding.code for finding in preparation.prepare_for_proof(inventory_of(site), site).errors] == ["SEC-01"]


def test_what_is_public_may_be_read_by_everybody_and_a_backups_secret_may_not(site: Pbx, tmp_path: Path) -> None:
    for name in ("public", "secret"):
        (tmp_path / name).write_text("sentinel", encoding="utf-8")
        (tmp_path / name).chmod(0o644)
    public, secret = (SecretReference(SecretSource.FILE, (str(tmp_path / name),)) for name in ("public", "secret"))
    (end,) = site.trunks
    readable = replace(
        site,
        trunks=(replace(end, peer_authority=public),),
        product=ProductSettings(values={"backup": {"secret": secret}}, places={}),
    )
    (finding,) = preparation.prepare(inventory_of(readable), readable).findings
    assert str(secret) in finding.message


def test_a_wildcard_is_no_name_of_a_product_of_objects(site: Pbx, authority: Issued, tmp_path: Path) -> None:
    leaf = issue("leaf", authority, names=["*.example.test"], ends=datetime.now(UTC) + 200 * DAY)
    files = {"chain": leaf.pem, "key": leaf.key_pem, "authority": authority.pem}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    own = {name: SecretReference(SecretSource.FILE, (str(tmp_path / name),)) for name in files}
    given = replace(site, own_certificate=Certificate(**own, client_certificates=ClientCertificates.NOT_REQUESTED))
    assert [finding.code for finding in preparation.prepare(inventory_of(given), given).errors] == ["CERT-05"]


def test_nothing_of_a_product_of_objects_is_read_on_its_host(site: Pbx) -> None:
    migration = Migration(extensions=("101",), owner="Ann", until=date(2030, 1, 1), place=site.place)
    assert not preparation.has_files_on_host(replace(site, migration=migration))


def test_a_rollback_goes_on_without_the_tools_whose_secrets_are_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    pbx = a_site()
    monkeypatch.delenv("BACKUP", raising=False)
    prepared = preparation.prepare_tools(inventory_of(pbx), pbx)
    assert (prepared.documents, prepared.errors) == ((), ())
    assert "BACKUP" in prepared.findings[0].message
    monkeypatch.setenv("BACKUP", "sentinel-backup")
    (document,) = preparation.prepare_tools(inventory_of(pbx), pbx).documents
    assert (document.key, document.is_for_push) == ("Backups/password", True)
    assert "sentinel-backup" in document.reveal()
