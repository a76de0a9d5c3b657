"""Whatever is written, the answer is findings or one clear line, never a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confgen.drivers import asterisk, threecx
from confgen.load import Loaded, Unreadable, load_inventory
from confgen.load.kinds import Product
from confgen.load.schema import inventory_schema
from tests import quick

TESTS = Path(__file__).resolve().parents[1]
EXAMPLES = (TESTS.parent / "inventory.yaml", TESTS / "schema" / "accept" / "every-setting.yaml")
PROBE = (Path(__file__).parent / "accept" / "the-least.yaml").read_text(encoding="utf-8")
SECRET = "hunter2"
KINDS: Mapping[str, Product] = {"asterisk": asterisk, "threecx": threecx}  # whose findings see what is left

in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example writes it anew


def outcome(content: bytes, folder: Path) -> Loaded | None:
    path = folder / "inventory.yaml"
    path.write_bytes(content)
    try:
        return load_inventory(path, kinds=KINDS)
    except Unreadable:
        return None


def written(tree: object) -> bytes:
    text: str = yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True)
    return text.encode()


def keys_of(schema: Any) -> set[str]:  # noqa: ANN401, any JSON
    """Every key that the schema names anywhere."""
    match schema:
        case dict():
            return set(schema.get("properties", ())).union(*map(keys_of, schema.values()))
        case list():
            return set().union(*map(keys_of, schema))
        case _:
            return set()


keys = st.sampled_from(sorted(keys_of(inventory_schema()))) | st.sampled_from(["hq", "branch", "101", "110-119", "-"])
scalars = (
    st.sampled_from(
        ["hq", "101", "1XX", "[5-3]", "20000-20199", "5-1", "{pbx}", "{x}", "192.0.2.0/24", "a-b", "::", ""]
    )
    | st.sampled_from([1, 0, 22, 5061, -1, True, None])
    | st.text(max_size=8)
)
trees = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4))


@in_one_folder
@given(content=st.binary())
def test_arbitrary_bytes(content: bytes, tmp_path: Path) -> None:
    outcome(content, tmp_path)


@in_one_folder
@given(text=st.text() | st.text(alphabet="ab1:-?[]{},&*!|>'\"%@`#~<= \n\t"))
def test_arbitrary_text(text: str, tmp_path: Path) -> None:
    outcome(text.encode("utf-8", "surrogatepass"), tmp_path)


@in_one_folder
@given(tree=trees)
def test_arbitrary_values_under_the_keys_of_an_inventory(tree: object, tmp_path: Path) -> None:
    assert outcome(written(tree), tmp_path) is not None or tree is None


def replaced(tree: Any, path: list[str | int], value: object) -> Any:  # noqa: ANN401, any value of YAML
    if not path:
        return value
    step, *rest = path
    if isinstance(tree, list):  # what an earlier value took away is passed over
        return [replaced(item, rest, value) if at == step else item for at, item in enumerate(tree)]
    if isinstance(tree, dict):
        return {key: replaced(item, rest, value) if key == step else item for key, item in tree.items()}
    return tree


def paths_of(tree: Any) -> list[list[str | int]]:  # noqa: ANN401, any value of YAML
    entries: list[tuple[str | int, Any]] = []
    if isinstance(tree, dict):
        entries = list(tree.items())
    elif isinstance(tree, list):
        entries = list(enumerate(tree))
    return [[], *([step, *path] for step, inner in entries for path in paths_of(inner))]


GOOD = [yaml.safe_load(example.read_text(encoding="utf-8")) for example in EXAMPLES]
spoilings = st.sampled_from(GOOD).flatmap(
    lambda good: st.tuples(
        st.just(good), st.lists(st.tuples(st.sampled_from(paths_of(good)), trees), min_size=1, max_size=3)
    )
)


@in_one_folder
@given(spoiling=spoilings)
def test_some_arbitrary_values_in_a_good_inventory(
    spoiling: tuple[object, list[tuple[list[str | int], object]]], tmp_path: Path
) -> None:
    spoilt, spots = spoiling
    for path, value in spots:
        spoilt = replaced(spoilt, path, value)

    assert outcome(written(spoilt), tmp_path) is not None or spoilt is None


WRONG: list[object] = [
    None,
    True,
    -1,
    "",
    "{x}",
    "[5-3]",
    [],
    [None],
    {},
    {"hq": None},
    [{"trunk": []}],
    {"command": []},
]


SPOTS = [path for path in paths_of(GOOD[1]) if path]


TOGETHER = 12  # wrong values of one inventory, none of which stands within another


def batches() -> list[list[int]]:
    """The spots; those whose value decides on how much else is judged are by themselves."""
    made: list[list[int]] = []
    alone = [at for at, path in enumerate(SPOTS) if len(path) <= 2 or path[-1] == "kind"]
    for spot in sorted(set(range(len(SPOTS))).difference(alone)):
        path = SPOTS[spot]
        for batch in made:
            others = [SPOTS[other] for other in batch]
            if len(batch) < TOGETHER and not any(path[: len(other)] == other for other in others):
                batch.append(spot)
                break
        else:
            made.append([spot])
    return [*made, *([spot] for spot in alone)]


def read_with(wrongs: Mapping[int, object], folder: Path) -> Loaded | None:
    tree = GOOD[1]
    for spot, wrong in wrongs.items():
        tree = replaced(tree, SPOTS[spot], wrong)
    return outcome(json.dumps(tree).encode(), folder)  # JSON is YAML, and written in no time


def name_of(spots: list[int]) -> str:
    return "/".join(map(str, SPOTS[spots[0]]))


@pytest.mark.parametrize("spots", quick.each(3, batches()), ids=name_of)
def test_every_value_of_every_setting_may_be_wrong(spots: list[int], tmp_path: Path) -> None:
    assert read_with({spot: WRONG[spot % len(WRONG)] for spot in spots}, tmp_path) is not None


UNDIVIDED: list[object] = [
    f"secret:{SECRET}",
    f"secret = {SECRET}",
    {f"secret:{SECRET}": {"name": 1}},
    [f"password={SECRET}"],
]


@pytest.mark.parametrize("spots", batches(), ids=name_of)
def test_no_setting_shows_a_secret_that_yaml_took_for_a_text_together_with_its_key(
    spots: list[int], tmp_path: Path
) -> None:
    loaded = read_with({spot: UNDIVIDED[spot % len(UNDIVIDED)] for spot in spots}, tmp_path)

    assert loaded is not None
    assert loaded.findings
    assert SECRET not in "".join(finding.message + finding.mend for finding in loaded.findings)


@pytest.mark.full
@pytest.mark.parametrize("spot", range(len(SPOTS)), ids=lambda spot: "/".join(map(str, SPOTS[spot])))
def test_every_value_of_every_setting_may_be_wrong_in_every_way(spot: int, tmp_path: Path) -> None:
    for wrong in WRONG:
        assert read_with({spot: wrong}, tmp_path) is not None


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        f'"{SECRET}"',
        f"!{SECRET} x",
        f"*{SECRET}",
        f"{{{SECRET}}}",
        f"{{{SECRET}: 1}}",
        f"{{{SECRET}: 1, {SECRET}: 2}}",
        f"{{env: '{SECRET} '}}",
        f"{{env: [{SECRET}]}}",
        f"{{file: '{{{SECRET}x}}'}}".replace("hunter2x", "hunter"),
        f"{{command: {SECRET}}}",
        f"{{command: [[{SECRET}]]}}",
        f"[{SECRET}]",
        f"{{env: {SECRET}, file: {SECRET}}}",
        f"{{<<: {SECRET}}}",
        f"{{? [{SECRET}] : {SECRET}}}",
    ],
)
def test_no_finding_shows_what_stands_below_secret(written: str, tmp_path: Path) -> None:
    text = PROBE.replace("{env: PROBE}", written)

    loaded = outcome(text.encode(), tmp_path)

    assert loaded is not None
    assert loaded.findings
    for finding in loaded.findings:
        assert "hunter" not in finding.message + finding.mend


@pytest.mark.parametrize("written", ["0123456", "1e5", "12:34:56", "0x1234", "+123456", "12345678901234567", "1_234"])
def test_no_finding_shows_an_ambiguous_secret(written: str, tmp_path: Path) -> None:
    text = PROBE.replace("{env: PROBE}", written)

    loaded = outcome(text.encode(), tmp_path)

    assert loaded is not None
    assert {finding.code for finding in loaded.findings} == {"LOAD-04"}
    assert written not in json.dumps([finding.message + finding.mend for finding in loaded.findings])


def test_no_syntax_error_shows_a_line_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(f'secret: "{SECRET}\n', encoding="utf-8")

    with pytest.raises(Unreadable) as refused:
        load_inventory(path, kinds={})

    assert re.search("LOAD-02", str(refused.value))
    assert SECRET not in str(refused.value)
