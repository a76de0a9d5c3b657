"""Import files of 3CX 18 and older: right to their readers, and harmless to whoever opens them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.drivers.threecx.artefacts import artefacts, csv_field, render_only, xml_text
from confgen.model.inventory import Pbx, Peering
from confgen.model.migration import Migration
from confgen.model.secret import Secret
from confgen.model.version import ProductVersion
from confgen.render import RenderError, render, render_masked
from tests.model.pbxs import PLACE, a_pbx, a_provider_trunk, a_trunk_end, an_extension, reference

OLD = a_pbx(
    "site",
    kind="threecx",
    product_version=ProductVersion(18, 0, 9),
    extensions=(
        an_extension("100", display_name='Reception, "front"', own_secret=None),
        an_extension("101", display_name=None, outside_number="+4930123"),
    ),
    trunks=(a_trunk_end("hq-site", "hq", peering=Peering.REGISTERS),),
    provider_trunks=(a_provider_trunk(),),
)


def written(pbx: Pbx, **secrets: str) -> dict[str, str]:
    known = {reference(name): Secret(value) for name, value in secrets.items()}
    return {document.key: document.reveal() for document in render(artefacts(pbx), known)}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def named(name: str) -> Pbx:
    return replace(OLD, extensions=(an_extension("100", display_name=name),))


def test_there_is_a_file_for_the_extensions_one_for_each_trunk_and_one_that_says_what_to_do() -> None:
    assert set(render_masked(artefacts(OLD))) == {
        "extensions.csv",
        "import.txt",
        "trunks/hq-site.pv.xml",
        "trunks/to-carrier.pv.xml",
    }


def test_every_extension_has_srtp_on_and_is_kept_to_the_lan() -> None:
    first, second = rows(written(OLD, EXTENSION_101="sentinel-4f1d")["extensions.csv"])
    assert (first["Number"], first["FirstName"]) == ("100", 'Reception, "front"')
    assert {(row["EnableSRTP"], row["AllowLanOnly"]) for row in (first, second)} == {("1", "1")}
    assert (first["AuthID"], first["AuthPassword"]) == ("", "")  # the PBX makes them
    assert (second["AuthID"], second["AuthPassword"]) == ("101", "sentinel-4f1d")
    assert second["OutboundCallerID"] == "+4930123"
    assert len(first) == 65


def test_without_reveal_no_password_is_there() -> None:
    assert "<env:EXTENSION_101>" in render_masked(artefacts(OLD))["extensions.csv"]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://evil")', "+1+1", "-2+3", "@SUM(A1)", "a\tb", "a\nb", "\x00"])
def test_a_name_that_a_spreadsheet_would_run_is_not_written(name: str) -> None:
    with pytest.raises(RenderError, match=r"^extensions\.csv: a value cannot be written"):
        written(named(name))


def test_a_password_that_a_spreadsheet_would_run_is_refused_and_not_told() -> None:
    with pytest.raises(RenderError) as caught:
        written(OLD, EXTENSION_101="=sentinel-4f1d")
    assert "sentinel" not in str(caught.value)
    assert "EXTENSION_101" in str(caught.value)


@given(st.lists(st.text(st.characters(blacklist_categories=["Cc", "Cs"]), max_size=20), min_size=1, max_size=5))
def test_whatever_is_written_reads_back_the_same(values: list[str]) -> None:
    fields = []
    for value in values:
        try:
            fields.append((value, csv_field(value)))
        except ValueError:
            continue
    (row,) = list(csv.reader([",".join(field for _, field in fields)])) or [[]]
    assert row == [value for value, _ in fields] or fields == [("", "")]


@given(st.text(max_size=30))
def test_no_text_leaves_its_element(value: str) -> None:
    try:
        escaped = xml_text(value)
    except ValueError:
        return
    element = ET.fromstring(f'<a b="x">{escaped}</a>')  # noqa: S314 -- our own text
    assert (element.text or "") == value.replace("\r\n", "\n").replace("\r", "\n")
    assert len(element) == 0


def test_a_trunk_is_over_tls_and_demands_srtp_and_says_that_this_is_inferred() -> None:
    text = written(OLD)["trunks/hq-site.pv.xml"]
    document = ET.fromstring(text)  # noqa: S314 -- our own text
    fields = {field.get("name"): field.text for field in document.iter("field")}
    assert (fields["TransportRestriction"], fields["SRTPMode"]) == ("TLS", "2")
    assert (fields["RegistrarHost"], fields["RegistrarPort"]) == ("hq.example.test", "5061")
    assert [codec.get("rfcname") for codec in document.iter("codec")] == ["pcma"]
    assert "Inferred" in text.partition("<doc>")[0]


def test_a_trunk_of_any_name_stays_in_its_element() -> None:
    pbx = replace(OLD, trunks=(a_trunk_end("hq-site", "hq", peer_domain="a</field><field>&b"),))
    document = ET.fromstring(written(pbx)["trunks/hq-site.pv.xml"])  # noqa: S314 -- our own text
    assert next(field.text for field in document.iter("field") if field.get("name") == "RegistrarHost") == (
        "a</field><field>&b"
    )


def test_the_steps_tell_what_cannot_be_had() -> None:
    migration = Migration(extensions=("101",), owner="Ann", until=date(2027, 3, 31), place=PLACE)
    steps = written(replace(OLD, migration=migration))["import.txt"]
    assert "Nothing here is proven" in steps
    assert "not demanded" in steps
    assert "Still to be moved: 101" in steps
    assert "hq.example.test" in steps


@pytest.mark.parametrize(("branch", "is_refused"), [(16, True), (18, True), (20, False)])
def test_what_has_no_api_is_rendered_only(branch: int, *, is_refused: bool) -> None:
    found = render_only(replace(OLD, product_version=ProductVersion(branch, 0, 0)))
    assert (found is not None) is is_refused
    assert found is None or (found.code == "TCX-20" and "confgen render" in found.mend)
