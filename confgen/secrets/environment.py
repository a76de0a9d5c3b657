"""The environment of programs that are asked for secrets: what they need to run, and no secret of anybody else."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

PASSED_ON = "CONFGEN_PASS_ENVIRONMENT"  # names of further variables, divided by commas, that the operator hands on

# Where programs, homes, agents and desktops are found, in which language they speak, and how they reach the network.
_OF_ALL = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TMPDIR", "TZ", "LANG", "LANGUAGE"),
        *("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"),
        *("GNUPGHOME", "GPG_TTY", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    }
)
_KINDS_OF_ALL = ("LC_", "XDG_", "PASSWORD_STORE_")  # the last are settings of pass, without a secret
# Keys of age and PGP, then the credentials of AWS, Google, Azure and Huawei for keys that these keep:
# https://github.com/getsops/sops, README. A token of a vault is no key of this machine's: it is handed on by name.
_KINDS_OF_SOPS = ("SOPS_", "AWS_", "GOOGLE_", "CLOUDSDK_", "AZURE_", "HUAWEICLOUD_")


def of_commands(held: Collection[str]) -> Mapping[str, str]:
    """That of commands; `held` are variables that hold secrets of the inventory, which go to no program."""
    return _environment(held, _KINDS_OF_ALL)


def of_sops(held: Collection[str]) -> Mapping[str, str]:
    """That of `sops`, which finds its keys in it."""
    return _environment(held, (*_KINDS_OF_ALL, *_KINDS_OF_SOPS))


def _environment(held: Collection[str], kinds: tuple[str, ...]) -> Mapping[str, str]:
    named = {name.strip() for name in os.environ.get(PASSED_ON, "").split(",")}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in held and (name in _OF_ALL or name in named or name.startswith(kinds))
    }
