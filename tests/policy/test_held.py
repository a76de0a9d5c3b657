"""Each secret of an inventory has its holder, its place and the names that everybody knows of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from confgen.model.finding import Place
from confgen.model.inventory import Inventory, Pbx
from confgen.model.secret import Secret, SecretReference, SecretSource
from confgen.policy.company import Company
from confgen.policy.held import Held, held_secrets
from confgen.policy.opened import Opened
from tests.drivers.threecx.site import a_site
from tests.model.pbxs import PLACE, a_pbx, a_provider_trunk, a_trunk_end, an_ami, an_extension, reference

TODAY = date(2026, 6, 1)
PEERS = (("hq", "branch"), ("branch", "hq"))
NAMES = ("EXTENSION_101", "EXTENSION_102", "TRUNK", "CARRIER", "PROBE", "CRM", "API", "BACKUP", "SBC", "TOP")


def held(*pbxs: Pbx, has_secrets: bool = True, more: tuple[SecretReference, ...] = ()) -> list[Held]:
    texts = {known: Secret(f"{known.words[0]}\r\n") for known in (*map(reference, NAMES), *more)}
    opened = Opened(texts=texts, has_secrets=has_secrets)
    return list(held_secrets(Company(inventory=Inventory(pbxs=pbxs, folder="."), today=TODAY, opened=opened)))


def test_every_holder_of_a_pbx_of_files_is_there_and_its_text_without_the_line_end() -> None:
    pbx = a_pbx(
        "hq", provider_trunks=(a_provider_trunk(), replace(a_provider_trunk("aside"), account=None)), ami=an_ami()
    )

    assert [(one.holder, one.subject, one.text.reveal()) for one in held(pbx)] == [
        ("extension 101 of hq", "101", "EXTENSION_101"),
        ("extension 102 of hq", "102", "EXTENSION_102"),
        ("trunk to-branch", "to-branch", "TRUNK"),
        ("trunk to-carrier of hq", "to-carrier", "CARRIER"),
        ("the probe of hq", "confgen-probe", "PROBE"),
        ("the AMI user crm of hq", "crm", "CRM"),
    ]


def test_every_holder_of_a_pbx_of_objects_is_there_however_deep() -> None:
    values = {"sbcs": {"branch": {"secret": reference("SBC"), "port": 5061}}, "top": reference("TOP")}

    assert [(one.holder, one.subject) for one in held(a_site(product=values))] == [
        ("trunk carrier of site", "carrier"),
        ("the API client of site", None),
        ("backup.secret of site", "backup"),
        ("sbcs.branch.secret of site", "branch"),
        ("top of site", "top"),
    ]


def test_a_pbx_with_nothing_of_its_own_holds_nothing() -> None:
    assert held(a_pbx(extensions=(), trunks=(), probe=None)) == []
    assert held(a_pbx(extensions=(an_extension("101", own_secret=None),), trunks=(), probe=None)) == []


def test_both_ends_of_a_trunk_are_one_holder() -> None:
    ends = [a_pbx(name, extensions=(), probe=None, trunks=(a_trunk_end("hq-branch", peer),)) for name, peer in PEERS]

    assert [one.pbx for one in held(*ends)] == ["hq"]


def test_nothing_is_held_where_no_secret_was_resolved() -> None:
    assert held(a_pbx(), has_secrets=False) == []


def test_what_everybody_knows_are_the_names_of_the_holder_and_of_its_pbx() -> None:
    named = a_pbx("hq", extensions=(an_extension("101", display_name="Ann Bee"),), trunks=(), probe=None)
    nameless = a_pbx("hq", extensions=(an_extension("101", display_name=None),), trunks=(), probe=None)

    assert held(named)[0].names == ("101", "Ann Bee", "Ann", "Bee", "hq", "hq.example.test", "hq")
    assert held(nameless)[0].names == ("101", "", "hq", "hq.example.test", "hq")


def test_a_secret_stands_where_its_reference_does_or_else_its_holder() -> None:
    there = Place("inventory.yaml", 9, 30)
    placed = replace(SecretReference(SecretSource.ENVIRONMENT, ("PLACED",)), place=there)
    phones = (an_extension("101"), an_extension("102", own_secret=placed))

    places = [one.place for one in held(a_pbx(extensions=phones, trunks=(), probe=None), more=(placed,))]
    assert places == [PLACE, there]
