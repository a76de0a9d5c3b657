"""What a phone must know to register, and whether what it knows now will do. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confgen.drivers.asterisk.configuration import Section

_USUAL_REALM = "asterisk"
_SHA_256 = "sha-256:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A name with a password, or with one or two hashes of `name:realm:password`, in hexadecimal."""

    username: str
    realm: str
    password: str | None = field(default=None, repr=False)
    md5: str | None = field(default=None, repr=False)
    sha_256: str | None = field(default=None, repr=False)

    def takes(self, known: Credentials) -> bool | None:
        """Whether a phone that is let in by `known` is let in by these; None where hashes do not tell."""
        if self.username != known.username:
            return False
        if self.password is not None and known.password is not None:
            return self.password == known.password
        told = [
            answer for answer in (_compared(self, known, name) for name in ("md5", "sha_256")) if answer is not None
        ]
        return all(told) if told else None


def of_endpoint(objects: Mapping[tuple[str, str], Section], endpoint: Section) -> Iterator[Credentials]:
    """Those of the `auth` objects that an endpoint of pjsip.conf names."""
    settings = objects.get(("global", "global"))
    realm = (settings and settings.value("default_realm")) or _USUAL_REALM
    for name in (endpoint.value("auth") or "").split(","):
        auth = objects.get(("auth", name.strip()))
        if auth is not None:
            digest = auth.value("password_digest") or ""
            yield Credentials(
                username=auth.value("username") or "",
                realm=auth.value("realm") or realm,
                password=auth.value("password"),
                md5=auth.value("md5_cred") if (auth.value("auth_type") or "").lower() == "md5" else None,
                sha_256=digest[len(_SHA_256) :] if digest.lower().startswith(_SHA_256) else None,
            )


def of_wizard(wizard: Section) -> Iterator[Credentials]:
    """Those of a section of pjsip_wizard.conf."""
    password = wizard.value("inbound_auth/password")
    if password is not None:
        username = wizard.value("inbound_auth/username") or wizard.name
        yield Credentials(username=username, realm=_USUAL_REALM, password=password)


def of_peer(general: Section | None, peer: Section) -> Iterator[Credentials]:
    """Those of a section of sip.conf."""
    yield Credentials(
        username=peer.value("defaultuser") or peer.value("username") or peer.name,
        realm=(general and general.value("realm")) or _USUAL_REALM,
        password=peer.value("secret"),
        md5=peer.value("md5secret"),
    )


def _compared(one: Credentials, other: Credentials, name: str) -> bool | None:
    """Whether two have the same hash; where one of them has the password instead, its hash is made."""
    hashes: tuple[str | None, str | None] = (getattr(one, name), getattr(other, name))
    if hashes == (None, None):
        return None
    if None not in hashes:
        return hashes[0] == hashes[1] if one.realm == other.realm else None
    hashed, known = (one, other) if hashes[0] is not None else (other, one)
    if known.password is None:
        return None
    text = f"{known.username}:{hashed.realm}:{known.password}".encode()
    made = hashlib.md5(text, usedforsecurity=False) if name == "md5" else hashlib.sha256(text)
    return made.hexdigest() == str(getattr(hashed, name)).lower()
