"""What the tests of the wire clients share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.wire.certificates import Identity, make_authority, make_identity


@pytest.fixture(scope="session")
def authority() -> Identity:
    return make_authority()


@pytest.fixture(scope="session")
def pbx_identity(authority: Identity) -> Identity:
    return make_identity(authority, "pbx.example.test")


@pytest.fixture(scope="session")
def pbx_certificate(pbx_identity: Identity, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return pbx_identity.write(tmp_path_factory.mktemp("pbx"), "pbx")
