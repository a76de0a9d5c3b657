"""Faults that a PBX can have while it looks well, each seeded by hand into a pushed host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab.host import Host
from lab.pki import make_authority

CURRENT = "/etc/confgen/asterisk/current/etc"
_UDP = "\n[transport-udp]\ntype = transport\nprotocol = udp\nbind = 0.0.0.0:5060\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is done to the host, and the codes that must tell of it."""

    name: str
    seed: Callable[[Host], None]
    codes: frozenset[str]


def _edit(host: Host, expression: str) -> None:
    host.run(["sed", "-i", expression, f"{CURRENT}/pjsip.conf"], check=True)
    host.asterisk("module reload res_pjsip.so")


def add_udp_transport(host: Host) -> None:
    text = host.read(f"{CURRENT}/pjsip.conf")
    host.write(f"{CURRENT}/pjsip.conf", text + _UDP.encode())
    host.asterisk("module reload res_pjsip.so")


def _add_udp_transport_and_remove_it_again(host: Host) -> None:
    text = host.read(f"{CURRENT}/pjsip.conf")
    add_udp_transport(host)
    host.write(f"{CURRENT}/pjsip.conf", text)
    host.asterisk("module reload res_pjsip.so")
    assert "udp" not in host.asterisk("pjsip show transports")


def _empty_pjsip(host: Host) -> None:
    host.write(f"{CURRENT}/pjsip.conf", b"")
    host.asterisk("module reload res_pjsip.so")


def _key_of_another(host: Host) -> None:
    _overwrite(host, ".key", make_authority().issue(names=[host.domain]).key)
    host.run(["systemctl", "restart", "asterisk"], check=True)


def _certificate_on_disk(host: Host) -> None:
    _overwrite(host, ".crt", make_authority().issue(names=[host.domain]).certificate)


def _overwrite(host: Host, suffix: str, content: bytes) -> None:
    names = host.run(["ls", "/etc/confgen/asterisk/keys"], check=True).stdout.decode().split()
    name = next(name for name in names if name.endswith(suffix) and ".authority" not in name)
    host.write(f"/etc/confgen/asterisk/keys/{name}", content)


def _unload_srtp(host: Host) -> None:
    assert "Unloaded" in host.asterisk("module unload res_srtp.so")


def _load_iax(host: Host) -> None:
    host.write("/etc/asterisk/iax.conf", b"[general]\nbindport=20100\n[guest]\ntype=user\ncontext=phones\n", mode=0o644)
    assert "Loaded" in host.asterisk("module load chan_iax2.so")


def _remove_guard(host: Host) -> None:
    host.asterisk("dialplan remove extension 600@extensions")


def _delete_keys(host: Host) -> None:
    host.run(["sh", "-c", "rm /etc/confgen/asterisk/keys/*.key"], check=True)


FAULTS = (
    Fault(name="an added UDP transport", seed=add_udp_transport, codes=frozenset({"CLEAR-01", "CLEAR-04"})),
    Fault(
        name="a UDP transport removed again whose socket still answers",
        seed=_add_udp_transport_and_remove_it_again,
        codes=frozenset({"CLEAR-02", "CLEAR-04"}),
    ),
    Fault(
        name="media_encryption=no",
        seed=lambda host: _edit(host, "s/^media_encryption = sdes/media_encryption = no/"),
        codes=frozenset({"SRTP-01"}),
    ),
    Fault(
        name="media_encryption_optimistic=yes",
        seed=lambda host: _edit(host, "s/^media_encryption_optimistic = no/media_encryption_optimistic = yes/"),
        codes=frozenset({"SRTP-02"}),  # the dialplan's guard still refuses the clear call itself
    ),
    Fault(
        name="method left out",
        seed=lambda host: _edit(host, "/^method = /d"),
        codes=frozenset({"TLS-01", "TLS-05"}),
    ),
    Fault(name="a key that does not fit", seed=_key_of_another, codes=frozenset({"TLS-07", "CERT-02"})),
    Fault(name="an emptied pjsip.conf and a reload", seed=_empty_pjsip, codes=frozenset({"STATE-01"})),
    Fault(name="a certificate changed on disk and not loaded", seed=_certificate_on_disk, codes=frozenset({"CERT-02"})),
    Fault(
        name="res_srtp unloaded",
        seed=_unload_srtp,
        codes=frozenset({"SRTP-04"}),
    ),
    Fault(name="IAX2 loaded by hand on an RTP port", seed=_load_iax, codes=frozenset({"STATE-08", "CLEAR-02"})),
    Fault(name="an extension taken out of the dialplan in memory", seed=_remove_guard, codes=frozenset({"DIAL-02"})),
    Fault(
        name="keys deleted from the disk",
        seed=_delete_keys,
        codes=frozenset({"CERT-02"}),
    ),
    Fault(
        name="weak ciphers added",
        seed=lambda host: _edit(host, "s/^cipher = /&ECDHE-ECDSA-AES128-SHA,AES128-SHA,/"),
        codes=frozenset({"TLS-02", "TLS-06"}),
    ),
    Fault(
        name="weak ciphers put first",
        seed=lambda host: _edit(host, "s/^cipher = .*/cipher = ECDHE-ECDSA-AES128-SHA,ECDHE-ECDSA-AES128-GCM-SHA256/"),
        codes=frozenset({"TLS-02", "TLS-06"}),
    ),
)
