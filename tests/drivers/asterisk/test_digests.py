"""Passwords that the phones can answer with SHA-256 are hashed, and then every name of the PBX looks alike."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk.configuration import Section, objects, parse
from confgen.model.inventory import DigestAlgorithm, Pbx
from tests.drivers.asterisk.asterisk_answers import documents_of
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.model.pbxs import a_pbx, a_provider_trunk, a_trunk_end, an_extension, secrets_of

MD5, SHA_256 = DigestAlgorithm.MD5, DigestAlgorithm.SHA_256
PLAIN = a_pbx()
HASHED = a_pbx(extensions=(an_extension("101", digest=SHA_256), an_extension("102", digest=SHA_256)))
MIXED = a_pbx(extensions=(an_extension("101", digest=SHA_256), an_extension("102")))


def sections(pbx: Pbx) -> Mapping[tuple[str, str], Section]:
    text = next(document for document in documents_of(pbx) if document.key == "pjsip.conf").reveal()
    return objects(parse(text))


def challenged_with(pbx: Pbx) -> dict[str, tuple[str | None, str | None]]:
    """Name to what it is challenged with, and answers with."""
    options = ("supported_algorithms_uas", "supported_algorithms_uac")
    return {
        name: (section.value(options[0]), section.value(options[1]))
        for (kind, name), section in sections(pbx).items()
        if kind == "auth"
    }


def test_the_password_of_a_hashed_extension_is_nowhere_written() -> None:
    auth = sections(HASHED)["auth", "101"]
    secret = secrets_of(HASHED)[HASHED.extensions[0].secret].reveal().strip()
    expected = hashlib.sha256(f"101:{HASHED.domain}:{secret}".encode()).hexdigest()
    assert auth.value("password_digest") == f"SHA-256:{expected}"
    assert auth.value("realm") == sections(HASHED)["global", "global"].value("default_realm")
    assert auth.value("password") is None
    assert auth.value("auth_type") == "digest"
    written = "".join(document.reveal() for document in documents_of(HASHED))
    assert secret not in written
    assert secret in "".join(document.reveal() for document in documents_of(PLAIN))


def test_where_all_are_hashed_every_name_is_challenged_alike() -> None:
    default = sections(HASHED)["global", "global"]
    assert default.value("default_auth_algorithms_uas") == default.value("default_auth_algorithms_uac") == "SHA-256"
    assert challenged_with(HASHED) == {
        "101": ("SHA-256", "SHA-256"),
        "102": ("SHA-256", "SHA-256"),
        "confgen-probe": ("SHA-256", "SHA-256"),
        "to-branch": ("MD5", "MD5"),  # its other end asks for no more
    }


def test_where_some_are_hashed_the_others_stay_as_they_were() -> None:
    assert sections(MIXED)["global", "global"].value("default_auth_algorithms_uas") is None
    assert challenged_with(MIXED) == {
        "101": ("SHA-256", "SHA-256"),
        "102": (None, None),
        "confgen-probe": (None, None),
        "to-branch": (None, None),
    }


def test_where_none_is_hashed_no_algorithm_is_written() -> None:
    assert set(challenged_with(PLAIN).values()) == {(None, None)}


def test_a_trunk_whose_ends_both_ask_for_it_has_sha_256() -> None:
    both = replace(HASHED, trunks=(a_trunk_end("to-branch", "branch", digest=SHA_256),))
    assert challenged_with(both)["to-branch"] == ("SHA-256", "SHA-256")


@pytest.mark.parametrize(
    ("digests", "default"), [((), MD5), ((MD5,), MD5), ((SHA_256,), SHA_256), ((SHA_256, MD5), MD5)]
)
def test_the_default_is_sha_256_only_where_there_is_nothing_else(
    digests: tuple[DigestAlgorithm, ...], default: DigestAlgorithm
) -> None:
    extensions = tuple(an_extension(str(number), digest=digest) for number, digest in enumerate(digests, start=101))
    assert a_pbx(extensions=extensions).default_digest is default


def test_the_password_of_the_probe_stays_for_the_proof_of_a_kept_generation() -> None:
    found = asterisk.material(ScriptedHost(answers={}), HASHED, documents_of(HASHED)).probe_secret
    assert found is not None
    assert HASHED.probe is not None
    assert found.reveal() == secrets_of(HASHED)[HASHED.probe.secret].reveal().strip()


def test_a_provider_is_answered_whatever_it_asks_for() -> None:
    assert challenged_with(replace(PLAIN, provider_trunks=(a_provider_trunk(),)))["to-carrier"] == (None, None)
    found = challenged_with(replace(HASHED, provider_trunks=(a_provider_trunk(),)))["to-carrier"]
    assert found == ("SHA-256,MD5", "SHA-256,MD5")
