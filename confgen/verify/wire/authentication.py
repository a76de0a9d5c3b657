"""What a user agent does about challenges: it answers them sparingly, and never sends a refused password again."""

from __future__ import annotations

import itertools
import secrets

from confgen.verify.wire.digest import Challenge, Credentials, NonceUse, answer, strongest_challenge
from confgen.verify.wire.sip import Header, Response


class Authentication:
    """The challenge that is in force on one connection, and how often it was answered."""

    def __init__(self, credentials: Credentials | None) -> None:
        self._credentials = credentials
        self._challenge: Challenge | None = None
        self._nonce_counts = itertools.count(1)

    def can_answer(self, response: Response) -> bool:
        """Keep the challenge for the next attempt, if there is any sense in one."""
        challenge = strongest_challenge(response)
        has_been_refused = self._challenge is not None and (challenge is None or not challenge.is_stale)
        if self._credentials is not None:
            self._credentials.trial.is_refused |= has_been_refused
            if self._credentials.trial.is_refused:
                self._credentials = None
        self._challenge = challenge if self._credentials is not None else None
        self._nonce_counts = itertools.count(1)
        return self._challenge is not None

    def was_answered(self) -> None:
        """What carried the password was answered with something else than a challenge."""
        if self._credentials is not None:
            self._credentials.trial.is_taken = True

    def headers(self, method: str, uri: str) -> tuple[Header, ...]:
        """What a request carries: the answer to the challenge, once there is one."""
        if self._challenge is None or self._credentials is None:
            return ()
        nonce_use = NonceUse(count=next(self._nonce_counts), client_nonce=secrets.token_hex(8))
        return (answer(self._challenge, self._credentials, method, uri, nonce_use),)
