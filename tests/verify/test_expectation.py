"""What a port is measured against says what the inventory, or the profile, says."""

from __future__ import annotations

from dataclasses import replace

from confgen.model.driver import Material
from confgen.model.inventory import ClientCertificates, Pbx, TlsVersion
from confgen.verify.expectation import BASELINE_SUITES, STRICT_SUITES, Profile, of_management, of_pbx, of_profile
from confgen.verify.wire.cipher_suites import CipherSuite
from confgen.verify.wire.cipher_suites import TlsVersion as Spoken


def test_a_pbx_must_speak_what_is_declared_and_nothing_else(probed: Pbx, material: Material) -> None:
    both = replace(probed, tls_versions=frozenset({TlsVersion.TLS_1_2, TlsVersion.TLS_1_3}))
    expectation = of_pbx(both, material)
    assert expectation.required == expectation.allowed == {Spoken.TLS_1_2, Spoken.TLS_1_3}
    assert expectation.names == (probed.domain,)
    assert (expectation.authority, expectation.pushed) == (material.authority, material.chain)
    assert expectation.client_certificates is ClientCertificates.NOT_REQUESTED


def test_management_may_speak_tls_1_3_besides_and_demands_no_certificate(probed: Pbx, material: Material) -> None:
    demanding = replace(probed.certificate, client_certificates=ClientCertificates.REQUIRED)
    old = replace(probed, tls_versions=frozenset({TlsVersion.TLS_1_2}), own_certificate=demanding)
    expectation = of_management(old, material)
    assert expectation.required == frozenset()
    assert expectation.allowed == {Spoken.TLS_1_2, Spoken.TLS_1_3}
    assert expectation.client_certificates is ClientCertificates.NOT_REQUESTED


def test_a_profile_demands_no_version_and_trusts_what_this_machine_trusts() -> None:
    for profile in Profile:
        expectation = of_profile(profile, ("pbx.example.test",))
        assert expectation.required == frozenset()
        assert expectation.allowed == {Spoken.TLS_1_2, Spoken.TLS_1_3}
        assert (expectation.authority, expectation.pushed, expectation.client_certificates) == (None, None, None)


def test_the_lists_hold_forward_secrecy_with_authenticated_encryption_alone() -> None:
    assert STRICT_SUITES < BASELINE_SUITES
    before = [suite.name for suite in BASELINE_SUITES if not suite.is_for_tls_1_3]
    assert all("DHE_" in name and "anon" not in name for name in before)
    assert not [name for name in before if "_CBC_" in name or "_NULL_" in name or name.endswith("_CCM_8")]
    assert CipherSuite.TLS_AES_128_CCM_8_SHA256 not in BASELINE_SUITES
    assert len(STRICT_SUITES) == 9
