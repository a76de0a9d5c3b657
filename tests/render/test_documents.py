"""Templates and values become documents, and secrets only where they are given."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from jinja2 import Environment

from confgen.drivers import asterisk
from confgen.model.document import FileSource, PasswordDigest, ReferencedFile, TemplateSource
from confgen.model.inventory import Pbx
from confgen.model.secret import Secret, SecretReference, SecretSource
from confgen.render import RenderError, documents, render, render_masked
from confgen.render.documents import digest, placeholder
from tests.model.pbxs import a_pbx, reference, secrets_of

SENTINEL = "sentinel-4f1d"


def templates(pbx: Pbx) -> list[TemplateSource]:
    return [source for source in asterisk.sources(pbx) if isinstance(source, TemplateSource)]


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """An error with every error that hangs on to it."""
    pending, seen = [error], set[int]()
    while pending:
        current = pending.pop()
        if id(current) not in seen:
            seen.add(id(current))
            yield current
            pending += [other for other in (current.__cause__, current.__context__) if other is not None]


@pytest.mark.parametrize(
    ("source", "name"),
    [pytest.param(source, name, id=f"{source.key}-{name}") for source in templates(a_pbx()) for name in source.values],
)
def test_a_template_that_is_not_given_one_of_its_values_fails(source: TemplateSource, name: str) -> None:
    values = {known: value for known, value in source.values.items() if known != name}
    with pytest.raises(RenderError, match=source.key.replace(".", r"\.")):
        render([replace(source, values=values)], {})


def test_every_value_that_a_template_writes_passes_the_escape(pbx: Pbx) -> None:
    escaped = "".join(render_masked(replace(source, escape=lambda _: "*") for source in templates(pbx)).values())
    plain = "".join(render_masked(templates(pbx)).values())
    for value in (pbx.name, pbx.domain, "192.0.2", "Desk 101", "<101>", "20199", "to-branch", "2XX", "sslv23"):
        assert value in plain
        assert value not in escaped


def test_a_digest_of_a_password_is_written_in_its_place_and_needs_no_escape() -> None:
    hashed = PasswordDigest(password=reference("PHONE"), username="101", realm="pbx.example.test")
    pbx = a_pbx()
    (source,) = [source for source in templates(pbx) if source.key == "cdr.conf"]
    source = replace(source, values={"pbx": hashed})
    (shown,) = render([source], {})
    assert "for <env:PHONE>:" in shown.reveal()
    for text in ("pass;word\\", "pass;word\\\n", "pass;word\\\r\n"):  # what no file of Asterisk could hold itself
        (document,) = render([source], {reference("PHONE"): Secret(text)})
        expected = hashlib.sha256(b"101:pbx.example.test:pass;word\\").hexdigest()
        assert f"for {expected}:" in document.reveal()


def test_secrets_pass_the_escape_too(pbx: Pbx) -> None:
    def refuse_secrets(value: object) -> str:
        if SENTINEL in str(value):
            raise ValueError("refused")
        return str(value)

    sources = [replace(source, escape=refuse_secrets) for source in templates(pbx)]
    assert render(sources, {})
    with pytest.raises(RenderError, match=r"pjsip\.conf.*EXTENSION_101.*refused"):
        render(sources, {reference("EXTENSION_101"): Secret(SENTINEL)})


def test_two_renderings_are_the_same(pbx: Pbx) -> None:
    assert render(asterisk.sources(pbx), secrets_of(pbx)) == render(asterisk.sources(a_pbx()), secrets_of(pbx))


def test_the_masked_tree_holds_no_secret_and_one_placeholder_for_each(pbx: Pbx) -> None:
    text = "".join(render_masked(asterisk.sources(pbx)).values())
    assert set(re.findall(r"<env:\w+>", text)) == {f"<env:{known.words[0]}>" for known in secrets_of(pbx)}
    assert "sentinel" not in text


def test_secrets_that_are_not_among_the_given_ones_stay_placeholders(pbx: Pbx) -> None:
    documents = render(asterisk.sources(pbx), {reference("EXTENSION_101"): Secret(SENTINEL)})
    assert {document.key for document in documents} == {source.key for source in templates(pbx)}
    text = next(document.reveal() for document in documents if document.key == "pjsip.conf")
    assert f"password = {SENTINEL}\n" in text
    assert "password = <env:EXTENSION_102>\n" in text
    assert "password = <env:PROBE>\n" in text


def test_a_document_does_not_show_its_content(pbx: Pbx) -> None:
    shown = repr(render(asterisk.sources(pbx), secrets_of(pbx)))
    assert "pjsip.conf" in shown
    assert "sentinel" not in shown


def test_files_are_named_by_their_content_and_named_so_where_they_are_used(pbx: Pbx) -> None:
    secrets = secrets_of(pbx)
    documents = {document.key: document.reveal() for document in render(asterisk.sources(pbx), secrets)}
    certificate = pbx.certificate
    for option, known, suffix in (
        ("cert_file", certificate.chain, ".crt"),
        ("priv_key_file", certificate.key, ".key"),
        ("ca_list_file", certificate.authority, ".authority.crt"),
    ):
        content = secrets[known].reveal()
        key = f"keys/{digest(content)[:32]}{suffix}"
        assert documents[key] == content
        assert f"{option} = /etc/confgen/asterisk/{key}\n" in documents["pjsip.conf"]


@pytest.mark.parametrize("secret", [f"{SENTINEL}\nx", f"{SENTINEL};x", f" {SENTINEL}", f"#{SENTINEL}", SENTINEL * 400])
def test_a_refused_secret_is_named_and_never_told(pbx: Pbx, secret: str) -> None:
    with pytest.raises(RenderError) as refused:
        render(asterisk.sources(pbx), {reference("TRUNK"): Secret(secret)})
    assert "env:TRUNK" in str(refused.value)
    for error in chain_of(refused.value):
        assert SENTINEL not in repr((error, error.args, vars(error), getattr(error, "object", "")))


def test_a_refused_certificate_is_not_told_either(pbx: Pbx) -> None:
    with pytest.raises(RenderError) as refused:
        render(asterisk.sources(pbx), {reference("KEY"): Secret(f"{SENTINEL}\udc80")})
    for error in chain_of(refused.value):
        assert SENTINEL not in repr((error, error.args, vars(error), getattr(error, "object", "")))


def test_a_refused_value_of_the_inventory_is_told_with_its_document() -> None:
    with pytest.raises(RenderError, match=r"pjsip\.conf: .*headquarters;x"):
        render(asterisk.sources(a_pbx("headquarters;x")), {})


def test_a_placeholder_can_be_written_into_any_document() -> None:
    known = SecretReference(SecretSource.COMMAND, ("pass", "show", "pbx/101;\n[x] $(id) é"))
    assert placeholder(known) == "<command:pass_show_pbx/101___x____id___>"


def test_a_file_without_its_content_has_no_document_yet() -> None:
    file = ReferencedFile(reference=reference("CHAIN"), folder="keys", suffix=".crt")
    source = FileSource(file=file, is_sensitive=False)
    assert render([source], {}) == ()
    assert render_masked([source]) == {}


def test_pbxs_that_are_rendered_at_the_same_time_share_what_is_compiled(
    pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str | None] = []
    compile_one = Environment.compile

    def slowly(self: Environment, source: str, name: str | None = None, *rest: Any, **options: Any) -> Any:  # noqa: ANN401 -- as Jinja has it
        compiled.append(name)
        time.sleep(0.005)  # where the others come in
        return compile_one(self, source, name, *rest, **options)

    monkeypatch.setattr(Environment, "compile", slowly)
    documents._environment.cache_clear()  # noqa: SLF001 -- of what other tests have compiled
    with ThreadPoolExecutor(max_workers=3) as threads:
        list(threads.map(lambda _: render_masked(asterisk.sources(pbx)), range(3)))
    assert len(compiled) == len(set(compiled)) > 1
