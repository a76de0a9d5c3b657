"""What the tests of the levels share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from confgen.model.check import Vantage
from confgen.model.driver import Material
from confgen.model.inventory import MediaEncryption, Pbx
from confgen.model.secret import Secret
from confgen.model.stream import Stream
from confgen.streams.tcp import Address, connect
from confgen.verify.target import Target
from tests.model.pbxs import a_pbx
from tests.verify.wire.certificates import Identity, make_authority, make_identity

DOMAIN = "headquarters.example.test"
PASSWORD = "correct horse"
NOWHERE = Address(host="127.0.0.1", port=5061)


@pytest.fixture(scope="session")
def authority() -> Identity:
    return make_authority()


@pytest.fixture(scope="session")
def served(authority: Identity) -> Identity:
    return make_identity(authority, DOMAIN)


@pytest.fixture(scope="session")
def certificate(served: Identity, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return served.write(tmp_path_factory.mktemp("served"), "pbx")


@pytest.fixture
def material(authority: Identity, served: Identity) -> Material:
    return Material(chain=served.pem + authority.pem, key=None, authority=authority.pem, probe_secret=Secret(PASSWORD))


@pytest.fixture
def probed() -> Pbx:
    """The PBX that the levels look at; its phones have SDES."""
    pbx = a_pbx()
    phones = tuple(replace(extension, media_encryption=MediaEncryption.SDES) for extension in pbx.extensions)
    return replace(pbx, domain=DOMAIN, extensions=phones)


def target_at(
    address: Address = NOWHERE,
    *,
    dial: Callable[[str, int, float], Stream] = connect,
    vantage: Vantage = Vantage.OPERATOR,
) -> Target:
    return Target(dial=dial, address=address, domain=DOMAIN, vantage=vantage, client_certificate=None)


class CannedStream:
    """A stream that answers whatever is sent with prepared pieces, or fails as told; b"" ends it."""

    def __init__(self, *pieces: bytes | OSError) -> None:
        self._pieces = list(pieces)

    def send_all(self, _content: bytes, /) -> None:
        """Taken, and forgotten."""

    def receive(self, _limit: int, _timeout: float, /) -> bytes:
        piece = self._pieces.pop(0) if self._pieces else TimeoutError("silent")
        if isinstance(piece, OSError):
            raise piece
        return piece

    def close(self) -> None:
        """Nothing to close."""


def answering(*pieces: bytes | OSError) -> Callable[[str, int, float], Stream]:
    """Every connection comes about, and answers with these pieces."""
    return lambda _address, _port, _timeout: CannedStream(*pieces)


def failing(error: OSError) -> Callable[[str, int, float], Stream]:
    """No connection comes about."""

    def dial(_address: str, _port: int, _timeout: float) -> Stream:
        raise error

    return dial
