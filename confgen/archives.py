"""Texts packed into a tar, as they travel to a host and come from it. Pure."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def pack(contents: Iterable[tuple[str, str]]) -> bytes:
    """A tar of texts by path, the same bytes for the same texts."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, content in contents:
            entry = tarfile.TarInfo(path)
            body = content.encode()
            entry.size, entry.mode = len(body), 0o640
            archive.addfile(entry, io.BytesIO(body))
    return buffer.getvalue()


def unpack(archive: bytes) -> Mapping[str, str]:
    """The texts of a tar by path; anything but plain files is left out."""
    found: dict[str, str] = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as opened:
        for entry in opened:
            body = opened.extractfile(entry) if entry.isfile() else None
            if body is not None:
                found[entry.name.removeprefix("./")] = body.read().decode(errors="replace")
    return found
