"""Values of files that SOPS has encrypted, each file decrypted once, by the program `sops`."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from confgen.model.secret import SecretReference
from confgen.secrets.once import Once
from confgen.secrets.outcome import Outcome, failed, found
from confgen.secrets.patience import Patience
from confgen.secrets.plain import path_of
from confgen.secrets.program import NotStarted, ProgramFailed, output_of

_CODE = "SEC-06"
_LARGEST = 16 * 1024 * 1024  # bytes of a decrypted file
_INSTALL = "install SOPS (github.com/getsops/sops) so that `sops` is found in PATH"
_TRY = "try `sops decrypt {file}` in the folder of the inventory: it must end with 0"
# Exit statuses: cmd/sops/codes/codes.go of SOPS.
_CAUSES = {
    1: "sops finds nothing to decrypt in it: perhaps it was never encrypted",
    2: "sops cannot read it",
    25: "one of its values cannot be decrypted",
    51: "it was changed after it was encrypted: its message authentication code does not fit",
    52: "it has no message authentication code",
    128: "none of your keys opens it",
}
_MENDS = {
    51: "take the file from the repository again, and change it with `sops edit` only",
    128: "let sops find a key that it was encrypted for: SOPS_AGE_KEY_FILE, GnuPG, the credentials of your cloud, or a "
    "vault's token that CONFGEN_PASS_ENVIRONMENT names",
}


class _NotOpened(Exception):
    """Why a file could not be decrypted, and what mends it."""

    def __init__(self, cause: str, mend: str) -> None:
        super().__init__(cause)
        self.mend = mend


class SopsFiles:
    """The encrypted files of one run."""

    def __init__(self, asking: threading.BoundedSemaphore, patience: Patience) -> None:
        """`asking` bounds how many programs run at once."""
        self._asking = asking
        self._patience = patience
        self._documents: Once[Path, Any] = Once()

    def value(self, reference: SecretReference, folder: Path, environment: Mapping[str, str]) -> Outcome:
        """The text at the end of a reference's keys."""
        written, *keys = reference.words
        file = path_of(written, folder)
        try:
            document = self._documents.answer(file, lambda: self._opened(file, folder, environment))
        except _NotOpened as error:
            return failed(reference, _CODE, str(error), error.mend.format(file=written))
        value = document
        for at, key in enumerate(keys):
            value, is_there = _below(value, key)
            if not is_there:
                missing = ".".join(keys[: at + 1])
                return failed(reference, _CODE, f"it has no {missing}", f"`sops edit {written}`, and add it")
        if not isinstance(value, str):
            wrong = "a list or a mapping" if isinstance(value, dict | list) else "no text"
            mend = "name the keys down to one text" if isinstance(value, dict | list) else "put the value in quotes"
            return failed(reference, _CODE, f"at that key stands {wrong}", mend)
        return found(reference, value.encode(errors="surrogatepass"), code=_CODE, mend=f"`sops edit {written}`")

    def _opened(self, file: Path, folder: Path, environment: Mapping[str, str]) -> Any:  # noqa: ANN401, any JSON
        try:
            if not file.is_file():
                raise _NotOpened("there is no such file", f"put the encrypted file at {file}")
        except (OSError, ValueError) as error:
            raise _NotOpened("it cannot be read", "look at the name and the rights of the file") from error
        argv = ("sops", "--decrypt", "--output-type", "json", str(file.absolute()))
        try:
            with self._asking:
                content = output_of(argv, folder, environment=environment, size_limit=_LARGEST, patience=self._patience)
        except NotStarted as error:
            raise _NotOpened(f"sops was {error}", _INSTALL) from error
        except ProgramFailed as error:
            status = error.status or 0
            cause = _CAUSES.get(status, f"sops {error}")
            raise _NotOpened(cause, _MENDS.get(status, _TRY)) from error
        if len(content) > _LARGEST:
            raise _NotOpened(f"it is longer than {_LARGEST >> 20} MiB", "keep secrets, and nothing else, in it")
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            pass  # the fault would carry what was decrypted
        raise _NotOpened("sops wrote something other than JSON", "bring SOPS up to date: 3.7 or later")


def _below(value: object, key: str) -> tuple[Any, bool]:
    """What stands below a key or at a number, and whether anything does."""
    if isinstance(value, dict):
        return value.get(key), key in value
    if isinstance(value, list) and key.isascii() and key.isdigit() and int(key) < len(value):
        return value[int(key)], True
    return None, False
