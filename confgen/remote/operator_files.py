"""What the operator reaches hosts with, each file read once however many hosts there are."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import paramiko

from confgen.remote.client_config import ClientConfig, of_home, read_client_config
from confgen.remote.known_hosts import KnownHosts, read_known_hosts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_What = TypeVar("_What")
_Content = TypeVar("_Content")

_MOST = 32  # of a kind; an inventory may name others for each PBX


class OperatorFiles:
    """The files as they were when they were first needed; any thread may ask. What could not be read is read anew."""

    def __init__(self) -> None:
        self._config = _once(read_client_config)
        self._known_hosts = _once(_known_hosts)
        self._private_key = _once(paramiko.PKey.from_path)

    @property
    def config(self) -> ClientConfig:
        """`~/.ssh/config`."""
        return self._config(of_home("~/.ssh/config"))

    def known_hosts(self, files: tuple[Path, ...]) -> KnownHosts:
        """Every line of these files that can be read."""
        return self._known_hosts(files)

    def private_key(self, file: Path) -> paramiko.PKey:
        """A key that lies in a file, not encrypted; raises what paramiko does."""
        return self._private_key(file)


def _once(read: Callable[[_What], _Content]) -> Callable[[_What], _Content]:
    """What was read, which those wait for who ask meanwhile: when a run begins, all of its threads do."""
    reading, kept = threading.Lock(), lru_cache(maxsize=_MOST)(read)

    def ask(what: _What) -> _Content:
        with reading:
            return kept(what)

    return ask


def _known_hosts(files: tuple[Path, ...]) -> KnownHosts:
    return KnownHosts(read_known_hosts(files))
