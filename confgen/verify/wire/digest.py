"""Digest authentication (RFC 7616, RFC 8760, without qop RFC 2617): challenges and their answers. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from enum import Enum

from confgen.model.secret import Secret
from confgen.verify.wire.sip import Header, Response

_PARAMETER = re.compile(r'([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')

CHALLENGE_HEADERS = {"WWW-Authenticate": "Authorization", "Proxy-Authenticate": "Proxy-Authorization"}


class Algorithm(Enum):
    """Hash functions by their names in RFC 8760, strongest first."""

    SHA_512_256 = "SHA-512-256"
    SHA_256 = "SHA-256"
    MD5 = "MD5"

    def hash(self, text: str) -> str:
        """The hash of the text in lower-case hexadecimal."""
        match self:
            case Algorithm.SHA_512_256:
                function = hashlib.new("sha512_256")
            case Algorithm.SHA_256:
                function = hashlib.sha256()
            case Algorithm.MD5:
                function = hashlib.md5(usedforsecurity=False)  # what an older PBX speaks; TLS protects it
        function.update(text.encode())
        return function.hexdigest()


@dataclass(slots=True)
class Trial:
    """What a PBX has made of a password until now, on all connections on which it was said."""

    is_taken: bool = False
    is_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user's name and password; a password that was refused anywhere in the trial is not said again."""

    username: str
    password: Secret
    trial: Trial = field(default_factory=Trial, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A server's demand; `answer_header` is the header that carries the answer."""

    answer_header: str
    realm: str
    nonce: str
    algorithm: Algorithm
    has_quality_of_protection: bool
    opaque: str | None = None
    is_stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NonceUse:
    """How often the server's nonce has been used, this time included, and a nonce of our own."""

    count: int
    client_nonce: str


def strongest_challenge(response: Response) -> Challenge | None:
    """The challenge with the strongest algorithm that we know; None when there is none to answer."""
    challenges = [
        challenge
        for header in CHALLENGE_HEADERS
        for value in response.values(header)
        if (challenge := parse_challenge(header, value)) is not None
    ]
    return min(challenges, key=lambda challenge: list(Algorithm).index(challenge.algorithm), default=None)


def parse_challenge(header: str, value: str) -> Challenge | None:
    """One challenge; None when it is of a scheme, algorithm or qop that is not known here."""
    scheme, _, rest = value.partition(" ")
    parameters = {
        name.lower(): re.sub(r"\\(.)", r"\1", quoted) or token for name, quoted, token in _PARAMETER.findall(rest)
    }
    algorithm = next((a for a in Algorithm if a.value == parameters.get("algorithm", "MD5").upper()), None)
    qualities = [quality.strip() for quality in parameters.get("qop", "").split(",")]
    is_answerable = "auth" in qualities or "qop" not in parameters
    if (
        scheme.lower() != "digest"
        or algorithm is None
        or not is_answerable
        or not {"realm", "nonce"} <= set(parameters)
    ):
        return None
    return Challenge(
        answer_header=CHALLENGE_HEADERS[header],
        realm=parameters["realm"],
        nonce=parameters["nonce"],
        algorithm=algorithm,
        has_quality_of_protection="qop" in parameters,
        opaque=parameters.get("opaque"),
        is_stale=parameters.get("stale", "").lower() == "true",
    )


def answer(challenge: Challenge, credentials: Credentials, method: str, uri: str, nonce_use: NonceUse) -> Header:
    """The header that answers the challenge for one request."""
    digest = challenge.algorithm.hash
    count = f"{nonce_use.count:08x}"
    secret = digest(f"{credentials.username}:{challenge.realm}:{credentials.password.reveal()}")
    request = digest(f"{method}:{uri}")
    words = [
        f"username={_quoted(credentials.username)}",
        f"realm={_quoted(challenge.realm)}",
        f"nonce={_quoted(challenge.nonce)}",
        f"uri={_quoted(uri)}",
        f"algorithm={challenge.algorithm.value}",
    ]
    if challenge.has_quality_of_protection:
        response = digest(f"{secret}:{challenge.nonce}:{count}:{nonce_use.client_nonce}:auth:{request}")
        words += [f"cnonce={_quoted(nonce_use.client_nonce)}", f"nc={count}", "qop=auth"]
    else:
        response = digest(f"{secret}:{challenge.nonce}:{request}")
    words.append(f"response={_quoted(response)}")
    if challenge.opaque is not None:
        words.append(f"opaque={_quoted(challenge.opaque)}")
    return challenge.answer_header, f"Digest {', '.join(words)}"


def _quoted(text: str) -> str:
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'
