"""The wheel and the sdist carry every template and schema, and an installed confgen finds them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from confgen import __version__, resources
from confgen.verify.negative_cases import name_cases, offer_cases

CHECKOUT = Path(__file__).resolve().parents[2]
SHIPPED_FOLDERS = ("schemas", "templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributions:
    """What the build made of this checkout: the sdist, and the wheel that was made from the sdist alone."""

    wheel: Path
    sdist: Path


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    folder = tmp_path_factory.mktemp("distributions")
    subprocess.run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, CHECKOUT], check=True)
    return Distributions(
        wheel=folder / f"pbx_confgen-{__version__}-py3-none-any.whl",
        sdist=folder / f"pbx_confgen-{__version__}.tar.gz",
    )


def files_in_the_checkout(folder: str) -> Mapping[str, bytes]:
    return {
        path.relative_to(CHECKOUT).as_posix(): path.read_bytes()
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file()
    }


def files_in_the_wheel(wheel: Path) -> Mapping[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files_in_the_sdist(sdist: Path) -> Mapping[str, bytes]:
    """What it holds, without the folder of its own name that holds it all."""
    with tarfile.open(sdist) as archive:
        return {
            str(PurePosixPath(*PurePosixPath(member.name).parts[1:])): content.read()
            for member in archive
            if (content := archive.extractfile(member)) is not None
        }


def below(folder: str, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    return {name: content for name, content in files.items() if name.startswith(f"{folder}/")}


@pytest.mark.parametrize("folder", SHIPPED_FOLDERS)
def test_the_sdist_keeps_every_template_and_schema_at_its_top(folder: str, distributions: Distributions) -> None:
    expected = files_in_the_checkout(folder)

    assert expected
    assert below(folder, files_in_the_sdist(distributions.sdist)) == expected


@pytest.mark.parametrize("folder", SHIPPED_FOLDERS)
def test_the_wheel_ships_every_template_and_schema_inside_the_package(
    folder: str, distributions: Distributions
) -> None:
    expected = {f"confgen/{name}": content for name, content in files_in_the_checkout(folder).items()}

    assert expected
    assert below(f"confgen/{folder}", files_in_the_wheel(distributions.wheel)) == expected


def test_the_wheel_installs_nothing_beside_the_package(distributions: Distributions) -> None:
    top_level = {name.partition("/")[0] for name in files_in_the_wheel(distributions.wheel)}

    assert top_level == {"confgen", f"pbx_confgen-{__version__}.dist-info"}


def test_the_licence_travels_with_both(distributions: Distributions) -> None:
    licence = (CHECKOUT / "LICENSE").read_bytes()

    assert files_in_the_sdist(distributions.sdist)["LICENSE"] == licence
    assert files_in_the_wheel(distributions.wheel)[f"pbx_confgen-{__version__}.dist-info/licenses/LICENSE"] == licence


def test_an_installed_wheel_finds_what_it_ships(distributions: Distributions, tmp_path: Path) -> None:
    shutil.unpack_archive(distributions.wheel, tmp_path, "zip")
    program = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); from confgen.resources import schema_text, template_folder;"
        "print(json.dumps([str(template_folder()), schema_text('inventory')]))"
    )

    answer = subprocess.run(
        [sys.executable, "-I", "-c", program, tmp_path], check=True, capture_output=True, text=True, cwd=tmp_path
    )

    assert json.loads(answer.stdout) == [
        str(tmp_path / "confgen" / "templates"),
        (CHECKOUT / "schemas" / "inventory.schema.json").read_text(encoding="utf-8"),
    ]


def test_an_installed_wheel_finds_every_negative_case(distributions: Distributions, tmp_path: Path) -> None:
    shutil.unpack_archive(distributions.wheel, tmp_path, "zip")
    program = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); from confgen.verify import negative_cases as cases;"
        "print(json.dumps([[case.title for case in cases.offer_cases()], [case.title for case in cases.name_cases()]]))"
    )

    answer = subprocess.run(
        [sys.executable, "-I", "-c", program, tmp_path], check=True, capture_output=True, cwd=tmp_path
    )

    assert json.loads(answer.stdout) == [
        [case.title for case in offer_cases()],
        [case.title for case in name_cases()],
    ]


def test_a_checkout_finds_its_own() -> None:
    assert resources.template_folder() == CHECKOUT / "templates"
    assert json.loads(resources.schema_text("inventory"))["$schema"]
