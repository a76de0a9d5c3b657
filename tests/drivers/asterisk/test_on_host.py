"""Certificates that lie on the PBX's host are looked at there, and a key's content stays there."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

from confgen.archives import unpack
from confgen.drivers import asterisk
from confgen.model.document import HostFile
from confgen.model.inventory import Part, Pbx
from confgen.model.secret import Secret, SecretReference, SecretSource
from confgen.render import render, render_masked
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.drivers.asterisk.test_generations import CHANGES, LEASE, OBSERVATION
from tests.model.pbxs import a_pbx, secrets_of

CHAIN, KEY = (
    SecretReference(SecretSource.ON_HOST, (f"/etc/letsencrypt/live/pbx/{name}.pem",))
    for name in ("fullchain", "privkey")
)
KEY_FILE = HostFile(path=KEY.words[0], digest="ab" * 32, public_digest="cd" * 32)


def with_certbot() -> Pbx:
    pbx = a_pbx()
    return replace(pbx, own_certificate=replace(pbx.certificate, chain=CHAIN, key=KEY))


def answer(*rows: str) -> ScriptedHost:
    return ScriptedHost(answers={"on_host": "".join(f"{row}\n" for row in rows).encode()})


def test_a_pbx_without_such_files_is_not_asked(pbx: Pbx) -> None:
    host = answer()
    assert asterisk.on_host(host, pbx).files == {}
    assert host.commands == []


def test_of_a_certificate_the_text_is_told_and_of_a_key_what_is_public() -> None:
    text = "-----BEGIN CERTIFICATE-----\n"
    host = answer(
        f"digest chain {'0' * 64}",
        f"text chain {base64.b64encode(text.encode()).decode()}",
        f"digest key {'ab' * 32}",
        f"public key {'cd' * 32}",
    )
    found = asterisk.on_host(host, with_certbot())
    assert host.asked == [["on_host", "chain", *CHAIN.words, "key", *KEY.words]]
    assert found.findings == ()
    assert found.files == {
        CHAIN: HostFile(path=CHAIN.words[0], digest=hashlib.sha256(text.encode()).hexdigest(), text=Secret(text)),
        KEY: KEY_FILE,
    }


def test_what_cannot_be_used_is_a_finding_with_its_place_beside_what_can() -> None:
    found = asterisk.on_host(
        answer("wrong chain CERT-14 others than root can write it", f"digest key {'ab' * 32}", "public key unknown"),
        with_certbot(),
    )
    (finding,) = found.findings
    assert (finding.code, finding.message, finding.place) == ("CERT-14", "others than root can write it", a_pbx().place)
    assert found.files == {KEY: replace(KEY_FILE, public_digest=None)}


def test_a_key_with_a_pass_phrase_is_told() -> None:
    found = asterisk.on_host(answer(f"digest key {'ab' * 32}", "public key unusable"), with_certbot())
    assert not found.files[KEY].is_usable


def test_a_key_on_the_host_is_staged_by_its_path_and_digest_and_named_by_its_digest() -> None:
    pbx = with_certbot()
    documents = render(asterisk.sources(pbx), {**secrets_of(a_pbx()), KEY: KEY_FILE, CHAIN: Secret("chain")})
    host = ScriptedHost(answers={"stage": b"staged 5 4\n"})
    asterisk.stage(host, pbx, OBSERVATION, documents, CHANGES, LEASE)
    texts = {document.key: document for document in documents}
    assert f"priv_key_file = /etc/confgen/asterisk/keys/{'ab' * 16}.key\n" in texts["pjsip.conf"].reveal()
    assert texts[f"keys/{'ab' * 16}.key"].content is None
    assert f"{'ab' * 32} {KEY.words[0]}\n".encode() in host.commands[0].stdin
    assert f"keys/{'ab' * 16}.key" not in unpack(host.commands[0].stdin)


def test_a_certificate_that_is_not_managed_is_named_where_the_user_keeps_it() -> None:
    authority = SecretReference(SecretSource.ON_HOST, ("/etc/ssl/authority.pem",))
    certificate = replace(with_certbot().certificate, authority=authority)
    own = replace(with_certbot(), own_certificate=certificate, manages=frozenset(Part) - {Part.CERTIFICATES})
    text = render_masked(asterisk.sources(own))["pjsip.conf"]
    assert (
        f"\ncert_file = {CHAIN.words[0]}\npriv_key_file = {KEY.words[0]}\nca_list_file = /etc/ssl/authority.pem\n"
        in text
    )
