"""Certificates and keys that lie on the PBX's own host, such as those that certbot renews."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import script
from confgen.model.document import HostFile
from confgen.model.driver import OnHost
from confgen.model.finding import Finding
from confgen.model.inventory import Part
from confgen.model.secret import Secret, SecretSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.secret import SecretReference

_DIGEST_LENGTH = 64
_MENDS = {
    "CERT-13": "name the file in PEM as it lies on the host, absolute; certbot's are in /etc/letsencrypt/live/NAME",
    "CERT-14": "let only root write the file and every folder on the way to it, and keep the key in a file of its own",
}


def referenced(pbx: Pbx) -> Mapping[str, SecretReference]:
    """What lies on the PBX's host, by what it is: chain, key, authority, and `authority-NAME` of a provider."""
    certificate = pbx.certificate
    parts = {"chain": certificate.chain, "key": certificate.key, "authority": certificate.authority}
    for trunk in pbx.provider_trunks:
        if trunk.provider.authority is not None:
            parts[f"authority-{trunk.provider.name}"] = trunk.provider.authority
    return {part: reference for part, reference in parts.items() if reference.source is SecretSource.ON_HOST}


def path_of(reference: SecretReference) -> str:
    """Where it lies there."""
    (path,) = reference.words
    return path


def on_host(host: Host, pbx: Pbx) -> OnHost:
    """One look at them; the key's content stays on the host. What is not managed is not copied, and not asked for."""
    parts = referenced(pbx)
    if not parts or Part.CERTIFICATES not in pbx.manages:
        return OnHost(files={})
    words = [word for part, reference in parts.items() for word in (part, path_of(reference))]
    told: dict[str, dict[str, str]] = {part: {} for part in parts}
    for word, rest in script.lines(script.look(host, pbx, "on_host", *words)):
        part, _, value = rest.partition(" ")
        told[part][word] = value
    return OnHost(
        files={parts[part]: _file(path_of(parts[part]), said) for part, said in told.items() if "digest" in said},
        findings=tuple(_finding(pbx, said["wrong"]) for said in told.values() if "wrong" in said),
    )


def _file(path: str, said: Mapping[str, str]) -> HostFile:
    if "text" in said:
        text = base64.b64decode(said["text"]).decode(errors="replace")
        return HostFile(path=path, digest=hashlib.sha256(text.encode()).hexdigest(), text=Secret(text))
    public = said.get("public", "")
    return HostFile(
        path=path,
        digest=said["digest"],
        public_digest=public if len(public) == _DIGEST_LENGTH else None,
        is_usable=public != "unusable",
    )


def _finding(pbx: Pbx, wrong: str) -> Finding:
    code, _, message = wrong.partition(" ")
    mend = _MENDS.get(code, "`confgen bootstrap` prints what root must run on the host to agree to this")
    return Finding(code=code, message=message, mend=mend, place=pbx.place, pbx=pbx.name)
