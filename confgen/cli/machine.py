"""What confgen runs on, in the words of those who made it."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from confgen import __version__

_LIBRARIES = ("paramiko", "cryptography", "pyOpenSSL", "pylibsrtp", "httpcore", "jinja2", "PyYAML", "jsonschema")


def machine() -> Mapping[str, str]:
    """Versions by name; a library that is not there is left out."""
    found = {
        "confgen": __version__,
        "Python": platform.python_version(),
        platform.system(): f"{platform.release()} {platform.machine()}",
        "OpenSSL": _openssl(),
    }
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


def _openssl() -> str:
    """The one that speaks TLS here: cryptography brings it along."""
    from cryptography.hazmat.backends.openssl import backend

    return backend.openssl_version_text().removeprefix("OpenSSL ")
