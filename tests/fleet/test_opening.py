"""What validate opens: certificates in plain files always, and secrets where it is told to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import keyring
import pytest
from keyrings.alt.file import PlaintextKeyring

from confgen import fleet
from confgen.load import Loaded
from confgen.model.finding import Place, Severity
from tests.policy.authorities import NOW, issue
from tests.secrets.programs import ROOT_TOKEN, SOPS, encrypt, running

ROOT = issue("root", ends=NOW + timedelta(days=400))
LEAF = issue("leaf", ROOT, names=["hq.example.test"])
SENTINEL = "s3ntinel-Zq7-of-opening"
INVENTORY = """version: 1
defaults:
  product_version: "22.10.1"
  certificate: {chain: {file: "{pbx}.crt"}, key: {file: "{pbx}.key"}, authority: {file: authority.crt}}
  echo_number: "600"
  extension_defaults: {secret: {file: "secret-{extension}"}}
  probe: {secret: {env: CONFGEN_PROBE}, permit: [192.0.2.1]}
  emergency: {waived: {owner: Ann, reason: nobody works there yet, until: "2027-03-31"}}
pbxs:
  hq:
    kind: asterisk
    address: 192.0.2.10
    sip: {domain: hq.example.test}
    extensions: {"101": , "102": }
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An inventory with all that it refers to."""
    monkeypatch.setenv("CONFGEN_PROBE", f"{SENTINEL}-probe")
    texts = {"hq.crt": LEAF.pem, "hq.key": LEAF.key_pem, "authority.crt": ROOT.pem, "inventory.yaml": INVENTORY}
    texts |= {"secret-101": f"{SENTINEL}-101\n", "secret-102": f"{SENTINEL}-102\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    return tmp_path


def validated(folder: Path, *, with_secrets: bool = False) -> Loaded:
    loaded = fleet.validate(folder / "inventory.yaml", with_secrets=with_secrets, today=NOW.date())
    assert "s3ntinel" not in repr(loaded)
    assert [finding.code for finding in loaded.findings if finding.code == "POL-04"] == []
    return loaded


def codes(loaded: Loaded, *areas: str) -> list[str]:
    return [finding.code for finding in loaded.findings if finding.code.startswith(areas or ("CERT", "SEC"))]


def unchecked(loaded: Loaded) -> list[str]:
    assert all(finding.severity is Severity.NOTE for finding in loaded.unchecked)
    return [finding.code for finding in loaded.unchecked]


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "inventory.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_good_inventory_has_no_finding_and_says_which_checks_were_left_out(folder: Path) -> None:
    loaded = validated(folder)

    assert codes(loaded) == []
    assert unchecked(loaded) == ["SEC-09"]
    for code in ("SEC-10", "SEC-11", "SEC-12", "SEC-13", "CERT-04"):
        assert code in loaded.unchecked[0].message


def test_with_secrets_nothing_is_left_out(folder: Path) -> None:
    loaded = validated(folder, with_secrets=True)

    assert codes(loaded) == []
    assert unchecked(loaded) == []


def test_no_secret_is_opened_without_being_told_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONFGEN_PROBE")
    for name in ("secret-101", "secret-102", "hq.key"):
        (folder / name).unlink()

    assert (codes(validated(folder)), unchecked(validated(folder))) == ([], ["SEC-09"])
    assert codes(validated(folder, with_secrets=True)) == ["SEC-02"] * 3 + ["SEC-01"]


def test_each_failure_is_told_where_the_reference_stands(folder: Path) -> None:
    (folder / "secret-102").unlink()

    (finding,) = (known for known in validated(folder, with_secrets=True).findings if known.code == "SEC-02")

    assert finding.place == Place(str(folder / "inventory.yaml"), 6, 33)
    assert (finding.pbx, "file:secret-102" in finding.message) == ("hq", True)


def test_a_certificate_that_is_not_there_is_not_checked_and_an_error_with_secrets(folder: Path) -> None:
    (folder / "hq.crt").unlink()

    alone = validated(folder)
    assert (codes(alone), unchecked(alone)) == ([], ["SEC-09", "CERT-23"])
    assert alone.unchecked[1].message == "not checked: file:hq.crt is not there"
    assert alone.unchecked[1].place == Place(str(folder / "inventory.yaml"), 4, 25)
    assert codes(validated(folder, with_secrets=True)) == ["SEC-02"]


def test_a_certificate_that_is_had_from_elsewhere_is_not_checked_without_secrets(folder: Path) -> None:
    change(folder, 'chain: {file: "{pbx}.crt"}', "chain: {command: [cat, hq.crt]}")

    assert unchecked(validated(folder)) == ["SEC-09", "CERT-23"]
    assert unchecked(validated(folder, with_secrets=True)) == []


def test_a_certificate_on_the_host_is_not_checked_either_way(folder: Path) -> None:
    change(
        folder, 'chain: {file: "{pbx}.crt"}, key: {file: "{pbx}.key"}', "chain: {on_host: /a.crt}, key: {on_host: /a}"
    )

    assert unchecked(validated(folder)) == ["SEC-09", "CERT-23"]
    assert unchecked(validated(folder, with_secrets=True)) == ["CERT-23", "CERT-23"]  # and the key


def test_files_of_many_pbxs_at_one_place_are_one_note(folder: Path) -> None:
    pbx = "  b{0}: {{kind: asterisk, address: 192.0.2.1{0}, sip: {{domain: b{0}.example.test}}}}\n"
    change(folder, "pbxs:\n", "pbxs:\n" + "".join(pbx.format(number) for number in range(10, 30)))

    (_, note) = validated(folder).unchecked

    assert note.message.endswith("and 16 more are not there")
    assert note.pbx is None


@pytest.mark.parametrize(
    ("names", "ends", "told"),
    [
        (["other.example.test"], 100, ["CERT-05"]),
        (["*.example.test"], 100, ["CERT-05"]),
        (["hq.example.test"], -1, ["CERT-06"]),
        (["hq.example.test"], 20, ["CERT-07"]),
    ],
)
def test_a_bad_certificate_is_told_without_any_secret(
    folder: Path, names: list[str], ends: int, told: list[str]
) -> None:
    leaf = issue("leaf", ROOT, names=names, ends=NOW + timedelta(days=ends))
    (folder / "hq.crt").write_text(leaf.pem, encoding="utf-8")

    assert codes(validated(folder)) == told


def test_a_key_that_does_not_fit_is_told_with_secrets(folder: Path) -> None:
    (folder / "hq.key").write_text(ROOT.key_pem, encoding="utf-8")

    assert codes(validated(folder)) == []
    assert codes(validated(folder, with_secrets=True)) == ["CERT-04"]


@pytest.mark.parametrize("name", ["hq.crt", "hq.key", "authority.crt"])
@pytest.mark.parametrize(
    "text",
    [
        f"root:{SENTINEL}:0:0\n",
        f"-----BEGIN CERTIFICATE-----\n{SENTINEL}\n-----END CERTIFICATE-----\n",
        f"-----BEGIN PRIVATE KEY-----\n{SENTINEL}\n-----END PRIVATE KEY-----\n",
        f"-----BEGIN {SENTINEL}-----\n-----END {SENTINEL}-----\n",
    ],
)
def test_nothing_is_shown_of_a_file_of_others_that_a_certificate_leads_to(name: str, text: str, folder: Path) -> None:
    (folder / name).write_text(text, encoding="utf-8")

    for with_secrets in (False, True):
        loaded = validated(folder, with_secrets=with_secrets)  # which looks for the text

        assert codes(loaded) != [] or (name, with_secrets) == ("hq.key", False)


def test_a_bad_certificate_keeps_nobody_from_loading_the_inventory_for_other_pbxs(folder: Path) -> None:
    (folder / "hq.crt").write_text("garbage", encoding="utf-8")

    assert codes(validated(folder)) == ["CERT-03"]
    assert codes(fleet.load(folder / "inventory.yaml", today=NOW.date())) == []


def test_a_secret_that_cannot_be_written_is_told_before_a_push_would(folder: Path) -> None:
    (folder / "secret-101").write_text(f"{SENTINEL};permit=0.0.0.0/0", encoding="utf-8")

    (finding,) = (found for found in validated(folder, with_secrets=True).findings if found.code == "SEC-05")

    assert "the secret file:secret-101" in finding.message


def test_a_secret_of_two_is_told_at_both_with_the_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFGEN_PROBE", f"{SENTINEL}-101")

    told = [finding for finding in validated(folder, with_secrets=True).findings if finding.code == "SEC-13"]

    assert [finding.subject for finding in told] == ["101", "confgen-probe"]
    assert "is also that of the probe of hq" in told[0].message
    assert "is also that of extension 101 of hq" in told[1].message


def test_a_waiver_of_what_was_not_looked_for_is_not_needless(folder: Path) -> None:
    waiver = "{rule: SEC-10, pbx: hq, owner: Ann, reason: an old phone, until: '2027-03-31'}"
    change(folder, "pbxs:\n", f"policy: {{waivers: [{waiver}]}}\npbxs:\n")

    assert codes(fleet.load(folder / "inventory.yaml", today=NOW.date()), "POL") == []
    assert codes(validated(folder), "POL") == []
    assert codes(validated(folder, with_secrets=True), "POL") == ["POL-02"]


def test_a_waiver_of_what_was_not_looked_at_is_needed(folder: Path) -> None:
    (folder / "hq.crt").unlink()
    waiver = '{rule: CERT-23, pbx: hq, owner: Ann, reason: made on the host, until: "2027-03-31"}'
    change(folder, "pbxs:\n", f"policy: {{rules: {{CERT-23: {{severity: error}}}}, waivers: [{waiver}]}}\npbxs:\n")

    loaded = validated(folder)

    assert codes(loaded, "POL") == []
    assert codes(fleet.load(folder / "inventory.yaml", today=NOW.date()), "POL") == []
    assert [finding.waiver[:12] for finding in loaded.unchecked if finding.code == "CERT-23"] == ["waived until"]


def test_a_policy_may_leave_what_was_not_looked_at_alone_or_demand_it(folder: Path) -> None:
    (folder / "hq.crt").unlink()
    rules = '{SEC-09: {severity: "off", reason: a job at night looks}, CERT-23: {severity: error}}'
    change(folder, "pbxs:\n", f"policy: {{rules: {rules}}}\npbxs:\n")

    loaded = validated(folder)

    assert codes(loaded) == ["CERT-23"]
    assert unchecked(loaded) == []


def test_secrets_of_every_source_are_resolved_together(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "home").mkdir()
    key = encrypt(folder / "secrets.sops.yaml", f"phones: {{hq: {{'102': {SENTINEL}-102}}}}\n")
    (folder / "key").write_text(key, encoding="utf-8")
    monkeypatch.setenv("SOPS_AGE_KEY_FILE", str(folder / "key"))
    monkeypatch.setenv("PATH", f"{SOPS.parent}:/usr/bin:/bin")
    change(
        folder,
        '"102": }',
        '"102": {secret: {sops: {file: secrets.sops.yaml, key: "phones.{pbx}.{extension}"}}}, '
        '"103": {secret: {keyring: {service: "confgen {pbx}", user: "{extension}"}}}, '
        '"104": {secret: {vault: {path: "pbx/{pbx}", field: "{extension}"}}}, '
        '"105": {secret: {command: [echo, "of-a-Command-7391"]}}}',
    )
    backend = PlaintextKeyring()
    backend.file_path = str(folder / "home" / "keyring.cfg")
    before = keyring.get_keyring()
    keyring.set_keyring(backend)
    keyring.set_password("confgen hq", "103", f"{SENTINEL}-103")
    try:
        with running(folder / "home", has_tls=False) as vault:
            vault.ask("POST", "secret/data/pbx/hq", {"data": {"104": f"{SENTINEL}-104"}})
            monkeypatch.setenv("VAULT_ADDR", vault.address)
            monkeypatch.setenv("VAULT_TOKEN", ROOT_TOKEN)
            monkeypatch.delenv("VAULT_NAMESPACE", raising=False)
            loaded = validated(folder, with_secrets=True)
            (pbx,) = loaded.inventory.pbxs
            texts, _ = fleet.render_revealed(loaded.inventory, pbx)
    finally:
        keyring.set_keyring(before)

    assert (codes(loaded), unchecked(loaded)) == ([], [])
    for number in range(101, 105):
        assert f"password = {SENTINEL}-{number}\n" in texts["pjsip.conf"]
    assert "password = of-a-Command-7391\n" in texts["pjsip.conf"]


@pytest.mark.parametrize(
    "way",
    [
        "../outside/foreign.pem",
        "{outside}/foreign.pem",
        "link.pem",
        "linked/foreign.pem",
        "../outside/../inside/hq.crt",
    ],
)
@pytest.mark.parametrize("is_there", [True, False])
def test_what_lies_outside_is_not_looked_at_be_it_there_or_not(way: str, folder: Path, *, is_there: bool) -> None:
    outside, inside = folder.parent / f"{folder.name}-outside", folder
    if is_there:
        outside.mkdir()
        (outside / "foreign.pem").write_text("no certificate", encoding="utf-8")
    (inside / "link.pem").symlink_to(outside / "foreign.pem")
    (inside / "linked").symlink_to(outside)
    written = way.replace("../outside", f"../{outside.name}").replace("{outside}", str(outside))
    written = written.replace("../inside", f"../{inside.name}")
    change(folder, 'chain: {file: "{pbx}.crt"}', f'chain: {{file: "{written}"}}')

    loaded = validated(folder)

    assert (codes(loaded), unchecked(loaded)) == ([], ["SEC-09", "CERT-23"])
    told = f"not checked: file:{written} lies outside of the inventory's folder or git repository"
    assert loaded.unchecked[1].message == told
    assert codes(validated(folder, with_secrets=True)) != [] or written.endswith("hq.crt")


def test_what_lies_elsewhere_in_the_git_repository_is_looked_at(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "sites").mkdir()
    (folder / "inventory.yaml").rename(folder / "sites" / "inventory.yaml")
    text = (folder / "sites" / "inventory.yaml").read_text(encoding="utf-8")
    text = text.replace('"{pbx}.crt"', '"../{pbx}.crt"').replace("authority.crt", "../authority.crt")
    (folder / "sites" / "inventory.yaml").write_text(text, encoding="utf-8")

    assert unchecked(validated(folder / "sites")) == ["SEC-09"]
