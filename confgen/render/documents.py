"""From sources to documents: with secrets for the PBX, or with placeholders for people."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, pass_context

from confgen.model.document import Document, FileSource, PasswordDigest, ReferencedFile, TemplateSource
from confgen.model.secret import Secret, SecretReference
from confgen.resources import template_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinja2 import Template
    from jinja2.runtime import Context

    from confgen.model.document import Source

_WRITTEN = "_written"  # the name under which a rendering carries its escape
_UNFIT_FOR_PLACEHOLDER = re.compile(r"[^0-9A-Za-z_.:/{}\-]")


class RenderError(Exception):
    """A document cannot be written; the message names the document and never a secret."""

    exit_code = 1


def placeholder(reference: SecretReference) -> str:
    """What stands for a secret where it is not known, or not to be shown: `<env:NAME>`."""
    return f"<{_UNFIT_FOR_PLACEHOLDER.sub('_', str(reference))}>"


def render(sources: Iterable[Source], secrets: Mapping[SecretReference, Secret]) -> tuple[Document, ...]:
    """Documents as the PBX gets them; a reference that is not among `secrets` is written as its placeholder."""
    return tuple(Document(key=key, content=Secret(text)) for key, text in _rendered(sources, secrets))


def render_masked(sources: Iterable[Source]) -> Mapping[str, str]:
    """Texts by key with a placeholder for everything that is referred to; needs nothing but the inventory."""
    return dict(_rendered((source for source in sources if isinstance(source, TemplateSource)), {}))


def _rendered(sources: Iterable[Source], secrets: Mapping[SecretReference, Secret]) -> Iterable[tuple[str, str]]:
    for source in sources:
        match source:
            case TemplateSource():
                yield source.key, _from_template(source, secrets)
            case FileSource(file=file):
                if file.reference in secrets:
                    yield _name(file, secrets), secrets[file.reference].reveal()


def _from_template(source: TemplateSource, secrets: Mapping[SecretReference, Secret]) -> str:
    def written(value: object) -> object:
        match value:
            case SecretReference():
                return _inline(source, value, secrets)
            case ReferencedFile():
                return source.escape(_name(value, secrets))
            case PasswordDigest():
                return _hashed(value, secrets)
            case _:
                return _inline_public(source, value)

    try:
        return _template(source.template).render({**source.values, _WRITTEN: written})
    except (TemplateError, ValueError) as error:
        reason = str(error)
    message = f"{source.key}: a value cannot be written: {reason}"
    raise RenderError(message)  # out here, where no earlier error hangs on to it that could carry a secret


def _inline_public(source: TemplateSource, value: object) -> str:
    try:
        return source.escape(value)
    except ValueError as error:
        message = f"{value!r}: {error}"
        raise ValueError(message) from error


def _inline(source: TemplateSource, reference: SecretReference, secrets: Mapping[SecretReference, Secret]) -> str:
    if reference not in secrets:
        return placeholder(reference)
    text = _one_line(secrets[reference])
    try:
        return source.escape(text)
    except ValueError as error:
        message = f"the secret {reference}: {error}"
        raise ValueError(message) from None


def _hashed(value: PasswordDigest, secrets: Mapping[SecretReference, Secret]) -> str:
    if value.password not in secrets:
        return placeholder(value.password)
    return digest(f"{value.username}:{value.realm}:{_one_line(secrets[value.password])}")


def _one_line(secret: Secret) -> str:
    """The secret without the line end that its file or its command has."""
    return secret.reveal().removesuffix("\n").removesuffix("\r")


def _name(file: ReferencedFile, secrets: Mapping[SecretReference, Secret]) -> str:
    secret = secrets.get(file.reference)
    stem = placeholder(file.reference) if secret is None else digest(secret.reveal())[:32]
    return f"{file.folder}/{stem}{file.suffix}"


def digest(text: str) -> str:
    """SHA-256 in hexadecimal of a document's bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


@pass_context
def _finalize(context: Context, value: object) -> object:
    """Jinja hands every `{{ value }}` to this, so no template can forget the escape."""
    return context[_WRITTEN](value)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(template_folder()),
        undefined=StrictUndefined,
        finalize=_finalize,
        autoescape=False,  # noqa: S701 -- these are no web pages; `escape` of the source does the escaping
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def _template(name: str) -> Template:
    return _environment().get_template(name)
