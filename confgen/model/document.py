"""Documents: the things a PBX should have, what it has, and the changes between the two."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from confgen.model.secret import Secret, SecretReference


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencedFile:
    """A file the inventory refers to, as the PBX will know it: `folder/<digest of its content><suffix>`."""

    reference: SecretReference
    folder: str
    suffix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordDigest:
    """SHA-256 in hexadecimal of `username:realm:password`, so that the password itself is not written (RFC 7616)."""

    password: SecretReference
    username: str
    realm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSource:
    """A document that a template gives.

    `template` is `<kind>/<name>.j2`, `values` what it may name; every value that it writes passes `escape`, which
    raises ValueError for what cannot be written faithfully, in words that do not quote it: it may be a secret.
    """

    key: str
    template: str
    values: Mapping[str, Any]
    escape: Callable[[object], str]
    is_for_push: bool = False  # the push itself needs it, and the PBX never has it


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSource:
    """A document that is the content of a referenced file, byte by byte (certificates and keys)."""

    file: ReferencedFile
    is_sensitive: bool


Source = TemplateSource | FileSource


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFile:
    """A file that lies on the PBX's own host: all that is told of it. `text` is None where its content stays there."""

    path: str
    digest: str  # SHA-256 of the content
    text: Secret | None = None
    public_digest: str | None = None  # of a key: SHA-256 of its public part; None where the host could not tell
    is_usable: bool = True  # a key without a pass phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One thing a PBX should have; the content is a Secret so that it never shows itself.

    A file that lies on the PBX's host and must not leave it has no content here: it is copied there from `on_host`.
    """

    key: str
    content: Secret | None
    on_host: HostFile | None = None
    is_for_push: bool = False  # the push itself needs it, and the PBX never has it
    digest: str = field(init=False, repr=False, compare=False)  # SHA-256 of the content in hexadecimal

    def __post_init__(self) -> None:
        """The digest is asked for again and again, and made once; of text that no PBX can be given as well."""
        if self.content is None and self.on_host is not None:
            digest = self.on_host.digest
        else:
            digest = hashlib.sha256(self.reveal().encode(errors="surrogatepass")).hexdigest()
        object.__setattr__(self, "digest", digest)

    def reveal(self) -> str:
        """The text itself, of a document whose content is known here."""
        if self.content is None:
            raise ValueError(f"the content of {self.key} stays on the PBX's host")
        return self.content.reveal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What the PBX has under a key: SHA-256 of the content, and whether confgen wrote it."""

    digest: str
    is_ours: bool
    is_keyed: bool = False  # the digest is HMAC-SHA-256 of that one, under the observation's key for fingerprints
    is_drifted: bool = False
    is_released: bool = False  # ours until now, and no longer managed
    is_leftover: bool = False  # made by confgen, and no longer in the inventory: it is removed


class Action(Enum):
    """What happens to a document."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    GIVE_BACK = "give back"  # no longer managed: what was there before confgen took it over comes back


class Impact(IntEnum):
    """What a change costs the PBX while it takes effect; the gravest of a plan counts."""

    NONE = 0
    RELOAD = 1
    TRANSPORT_RESTART = 2
    PROCESS_RESTART = 3

    @property
    def words(self) -> str:
        """The impact as people read it."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One document that is not as it should be; both texts are masked, fingerprints tell that a secret changed."""

    key: str
    action: Action
    before: str | None
    after: str | None
    before_fingerprint: str | None
    after_fingerprint: str | None
    is_foreign: bool = False
    is_drifted: bool = False
    written: str | None = None  # what confgen wrote, masked, where it was changed or removed by hand since
