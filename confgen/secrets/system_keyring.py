"""Passwords of the operator's own keyring, through the library `keyring`."""

from __future__ import annotations

import threading

from confgen.model.secret import SecretReference
from confgen.secrets.outcome import Outcome, failed, found
from confgen.secrets.patience import GaveUp, Patience, in_time

_CODE = "SEC-08"


def of_keyring(reference: SecretReference, turn: threading.Lock, patience: Patience) -> Outcome:
    """The password that is kept for a user under a service's name; one is asked for at a time."""
    service, user = reference.words
    keep = f"`keyring set {service} {user}` keeps it there"

    def ask() -> str | None:
        import keyring  # noqa: PLC0415 -- who refers to none does not wait for it, and need not have it

        with turn:
            return keyring.get_password(service, user)

    cause, mend, password = "", keep, None
    try:
        password = in_time(ask, patience)
    except ModuleNotFoundError as error:
        if error.name != "keyring":
            raise
        cause, mend = "the library keyring is not installed", 'pip install "pbx-confgen[keyring]"'
    except GaveUp as gave_up:
        cause, mend = f"the keyring {gave_up}", "unlock it before confgen runs"
    except Exception as error:  # noqa: BLE001 -- a backend's own, whose text may say anything
        kind = type(error).__name__
        if kind == "NoKeyringError":
            cause, mend = (
                "this machine has no keyring",
                "`keyring --list-backends` names those it knows; see `keyring diagnose`",
            )
        else:
            cause, mend = f"the keyring refused ({kind})", "unlock it, and try `keyring get` by hand"
    if cause:
        return failed(reference, _CODE, cause, mend)
    if password is None:
        return failed(reference, _CODE, "the keyring has no such password", keep)
    return found(reference, password.encode(errors="surrogatepass"), code=_CODE, mend=keep)
