"""From sources to documents: with secrets for the PBX, or with placeholders for people."""

from __future__ import annotations

import hashlib
import re
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, pass_context

from confgen.model.document import Document, FileSource, HostFile, PasswordDigest, ReferencedFile, TemplateSource
from confgen.model.secret import Secret, SecretReference
from confgen.resources import template_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jinja2 import Template
    from jinja2.runtime import Context

    from confgen.model.document import Source

    Known = Mapping[SecretReference, Secret | HostFile]

_WRITTEN = "_written"  # the name under which a rendering carries its escape
_INCLUDE = re.compile(r'(?m)^[ ]*\{% include "([^"]+)" %\}\n|\{% include "([^"]+)" %\}')
_COMPILING = threading.Lock()  # Jinja would compile a template once for each PBX that needs it at the same time
_UNFIT_FOR_PLACEHOLDER = re.compile(r"[^0-9A-Za-z_.:/{}\-]")


class RenderError(Exception):
    """A document cannot be written; the message names the document and never a secret."""

    exit_code = 1


def placeholder(reference: SecretReference) -> str:
    """What stands for a secret where it is not known, or not to be shown: `<env:NAME>`."""
    return f"<{_UNFIT_FOR_PLACEHOLDER.sub('_', str(reference))}>"


def render(sources: Iterable[Source], secrets: Known) -> tuple[Document, ...]:
    """Documents as the PBX gets them; a reference that is not among `secrets` is written as its placeholder."""
    return tuple(_rendered(sources, secrets))


def references_of(source: TemplateSource) -> frozenset[SecretReference]:
    """What its text refers to."""
    asked = _Asked()
    _from_template(source, asked)
    return frozenset(asked.references)


class _Asked(dict[SecretReference, "Secret | HostFile"]):
    """Knows nothing, and keeps what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.references: set[SecretReference] = set()

    def get(self, key: SecretReference, default: Any = None, /) -> Any:  # noqa: ANN401 -- as a dict has it
        self.references.add(key)
        return default


def render_masked(sources: Iterable[Source]) -> Mapping[str, str]:
    """Texts by key with a placeholder for everything that is referred to; needs nothing but the inventory."""
    return {
        source.key: _from_template(source, {})
        for source in sources
        if isinstance(source, TemplateSource) and not source.is_for_push
    }


def _rendered(sources: Iterable[Source], secrets: Known) -> Iterable[Document]:
    for source in sources:
        match source:
            case TemplateSource():
                content = Secret(_from_template(source, secrets))
                yield Document(key=source.key, content=content, is_for_push=source.is_for_push)
            case FileSource(file=file):
                match secrets.get(file.reference):
                    case None:
                        pass
                    case HostFile(text=None) as on_host:
                        yield Document(key=_name(file, secrets), content=None, on_host=on_host)
                    case HostFile(text=text):
                        yield Document(key=_name(file, secrets), content=text)
                    case secret:
                        yield Document(key=_name(file, secrets), content=secret)


def _from_template(source: TemplateSource, secrets: Known) -> str:
    known: dict[tuple[type, object], object] = {}  # most values stand in many lines

    def written(value: object) -> object:
        key = (type(value), value)  # True is equal to 1, and a name of one form to that of another
        try:
            return known[key]
        except KeyError:
            text = known[key] = anew(value)
            return text
        except TypeError:  # what has no hash is refused
            return anew(value)

    def anew(value: object) -> object:
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


def _inline(source: TemplateSource, reference: SecretReference, secrets: Known) -> str:
    secret = secrets.get(reference)
    if not isinstance(secret, Secret):  # nobody writes a file of the host into a line
        return placeholder(reference)
    text = _one_line(secret)
    try:
        return source.escape(text)
    except ValueError as error:
        message = f"the secret {reference}: {error}"
        raise ValueError(message) from None


def _hashed(value: PasswordDigest, secrets: Known) -> str:
    password = secrets.get(value.password)
    if not isinstance(password, Secret):
        return placeholder(value.password)
    return digest(f"{value.username}:{value.realm}:{_one_line(password)}")


def _one_line(secret: Secret) -> str:
    """The secret without the line end that its file or its command has."""
    return secret.reveal().removesuffix("\n").removesuffix("\r")


def _name(file: ReferencedFile, secrets: Known) -> str:
    match secrets.get(file.reference):
        case None:
            stem = placeholder(file.reference)
        case HostFile() as on_host:
            stem = on_host.digest[:32]
        case secret:
            stem = digest(secret.reveal())[:32]
    return f"{file.folder}/{stem}{file.suffix}"


def digest(text: str) -> str:
    """SHA-256 in hexadecimal of a document's bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


@pass_context
def _finalize(context: Context, value: object) -> object:
    """Jinja hands every `{{ value }}` to this, so no template can forget the escape."""
    return context.parent[_WRITTEN](value)  # what `render` was given, in included templates too


class _WithIncludes(FileSystemLoader):
    """Templates with what they include put in its place once: Jinja would make a context of it for each phone."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        text, path, is_current = super().get_source(environment, template)
        whole = _INCLUDE.sub(lambda found: self.get_source(environment, found[1] or found[2])[0], text)
        return whole, path, is_current


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=_WithIncludes(template_folder()),
        undefined=StrictUndefined,
        finalize=_finalize,
        autoescape=False,  # noqa: S701 -- these are no web pages; `escape` of the source does the escaping
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def _template(name: str) -> Template:
    with _COMPILING:
        return _environment().get_template(name)
