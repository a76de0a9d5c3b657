"""A doctor's look at a real host: true, whole, and without a secret."""

from __future__ import annotations

import pytest

from tests.live.company import Company

_ON_22 = pytest.mark.parametrize("name", ["branch", pytest.param("old", marks=pytest.mark.full)], ids=["22", "16"])
_OWN_SCRIPT = "/usr/local/lib/confgen/confgen-asterisk"


@_ON_22
def test_a_pbx_that_was_pushed_to_is_well_and_tells_no_secret(company: Company, name: str) -> None:
    examined = company.confgen("doctor", "--limit", name, "--format", "json")
    anonymous = company.confgen("doctor", "--limit", name, "--anonymous")

    assert examined.code == 0, examined.told
    (pbx,) = examined.answer["pbxs"]
    found: dict[str, list[str]] = {}
    for one in pbx["found"]:
        assert one["is_ok"], one
        found.setdefault(one["subject"], []).append(one["found"])
    version = {"branch": "Asterisk 22.", "old": "Asterisk 16."}[name]
    assert found["version"][0].startswith(version)
    assert found["rights"] == ["root: every verb"]
    assert found["confgen's script"] == ["installed, of this version"]
    assert "is active and confirmed" in found["generations"][0]
    assert {"res_srtp runs", "chan_pjsip runs"} <= set(found["modules"])
    assert ":5061" in found["doors"][0]
    assert anonymous.code == 0, anonymous.told
    key = (
        company.lab.hosts[name]
        .run(["cat", "/etc/confgen/asterisk/fingerprint.key"], check=True)
        .stdout.decode()
        .strip()
    )
    secrets = [file.read_text(encoding="utf-8").strip() for file in (company.folder / "secrets").iterdir()]
    for secret in (key, *secrets):
        assert secret not in examined.told + anonymous.told
    assert f"{name}:" not in anonymous.told.splitlines()[2]
    assert "10.77.0." not in anonymous.out


@_ON_22
def test_what_is_wrong_with_a_host_is_found_with_what_to_do(company: Company, name: str) -> None:
    host = company.harm(name)
    host.run(["sed", "-i", "--follow-symlinks", "s/^rtpend = .*/rtpend = 20111/", "/etc/asterisk/rtp.conf"], check=True)
    host.run(["rm", _OWN_SCRIPT], check=True)
    assert "Unloaded" in host.asterisk("module unload res_security_log.so")

    examined = company.confgen("doctor", "--limit", name, "--format", "json")

    assert examined.code == 1, examined.told
    (pbx,) = examined.answer["pbxs"]
    wrong = [one for one in pbx["found"] if one["is_ok"] is False]
    assert [(one["subject"], bool(one["advice"])) for one in wrong] == [("files", True)]
    assert "rtp.conf" in wrong[0]["found"]
    told = " ".join(one["found"] for one in pbx["found"])
    assert "not installed; a push installs it" in told
    assert "res_security_log" in told
