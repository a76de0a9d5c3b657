"""A call is proven packet by packet: good PBXs pass on bad networks, and each kind of liar fails for its own reason."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.model.driver import Material
from confgen.model.inventory import MediaEncryption, Pbx
from confgen.verify import dtls_call
from confgen.verify.call_level import call_checks
from confgen.verify.probe import Pace
from confgen.verify.wire.rtp import payload_of
from tests.model.pbxs import an_extension
from tests.verify.conftest import PASSWORD, failing, target_at
from tests.verify.media_pbx import REPORT, Behaviour, Leg, MediaPbx, Network, honest, media_pbx, sdes_line
from tests.verify.wire.srtp_by_hand import authentic_rtcp_in_clear, authentic_rtp_in_clear

SDES = {MediaEncryption.SDES: "probe"}
BOTH = {**SDES, MediaEncryption.DTLS: "probe-dtls"}
# A network without delay needs no patience; what must come back is waited for as long as it takes.
PATIENT = Pace(packet=0.003, patience=5.0, first_word=5.0)
IMPATIENT = Pace(packet=0.003, patience=0.4, first_word=0.2, handshake=0.4)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Calls a PBX that behaves as told, and keeps what was found."""

    certificate: tuple[Path, Path]
    pbx: Pbx
    material: Material

    def judge(
        self,
        behaviour: Behaviour,
        *,
        with_dtls: bool = False,
        is_long: bool = False,
        pace: Pace = PATIENT,
        host: str = "127.0.0.1",
        vantage: Vantage = Vantage.OPERATOR,
    ) -> tuple[list[Check], MediaPbx]:
        pbx = replace(self.pbx, verification=replace(self.pbx.verification, is_long=is_long))
        material = replace(self.material, probes=BOTH if with_dtls else SDES)
        with media_pbx(behaviour, self.certificate, PASSWORD, host) as (fake, address):
            found = list(call_checks(target_at(address, vantage=vantage), pbx, material, host, pace=pace))
        assert {check.level for check in found} == {Level.CALL}
        assert {check.vantage for check in found} == {vantage}
        assert fake.calls_left_up == 0
        return found, fake


@pytest.fixture
def bench(certificate: tuple[Path, Path], probed: Pbx, material: Material) -> Bench:
    return Bench(certificate=certificate, pbx=probed, material=material)


def verdicts(found: Iterable[Check]) -> list[tuple[str, Verdict]]:
    return [(check.code, check.verdict) for check in found]


def the(code: str, found: Iterable[Check]) -> Check:
    (check,) = (check for check in found if check.code == code)
    return check


PROVEN_WITH_SDES = [("CALL-10", Verdict.PASSED), ("CALL-11", Verdict.PASSED), ("CALL-12", Verdict.PASSED)]
PROVEN_WITH_DTLS = [("CALL-13", Verdict.PASSED), ("CALL-11", Verdict.PASSED), ("CALL-14", Verdict.PASSED)]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_honest_pbx_is_proven(bench: Bench, host: str) -> None:
    found, fake = bench.judge(Behaviour(), with_dtls=True, host=host)
    assert verdicts(found) == PROVEN_WITH_SDES + PROVEN_WITH_DTLS, [check.message for check in found]
    # never more than half a second of audio, and no more than was needed
    assert max(leg.heard for leg in fake.legs.values()) <= 2 * 25
    assert len(fake.legs) == 3


def test_what_a_proof_rests_on_is_shown_without_keys_and_passwords(bench: Bench) -> None:
    found, fake = bench.judge(Behaviour(), with_dtls=True)
    texts = [evidence.text for check in found for evidence in check.evidence]
    assert the("CALL-10", found).evidence[0].text.count("INVITE sip:") == 3
    assert "came back authentic and exact" in the("CALL-10", found).evidence[1].text
    assert "a=fingerprint:" in the("CALL-13", found).evidence[0].text
    keys = [base64.b64encode(leg.key).decode() for leg in fake.legs.values()]
    assert [secret for secret in (PASSWORD, *keys) for text in texts if secret in text] == []
    answers = [value for m in fake.sip.requests("INVITE") for value in m.values("Authorization")]
    digests = [value.partition('response="')[2].partition('"')[0] for value in answers]
    assert all(len(digest) == 32 for digest in digests)
    assert [digest for digest in digests for text in texts if digest in text] == []


@pytest.mark.parametrize(
    "behaviour",
    [
        lambda: Behaviour(inbound=Network(loss=0.1), outbound=Network(loss=0.1)),
        lambda: Behaviour(inbound=Network(doubling=0.3)),
        lambda: Behaviour(outbound=Network(doubling=0.3)),
        lambda: Behaviour(inbound=Network(reordering=0.3), outbound=Network(reordering=0.3)),
        lambda: Behaviour(
            inbound=Network(loss=0.05, doubling=0.05, reordering=0.1),
            outbound=Network(loss=0.05, doubling=0.05, reordering=0.1),
        ),
    ],
    ids=["loss", "doubled on the way there", "doubled on the way back", "reordered", "all of it"],
)
def test_a_bad_network_fails_no_good_pbx(bench: Bench, behaviour: type[Behaviour]) -> None:
    found, _ = bench.judge(behaviour(), pace=PATIENT)
    assert verdicts(found) == PROVEN_WITH_SDES, [check.message for check in found]


def test_what_anybody_sends_to_our_port_undoes_no_proof(bench: Bench) -> None:
    found, _ = bench.judge(Behaviour(strays=(b"OPTIONS sip:nm SIP/2.0", bytes(20), REPORT)), with_dtls=True)
    assert verdicts(found) == PROVEN_WITH_SDES + PROVEN_WITH_DTLS, [check.message for check in found]
    assert "from somebody else" in the("CALL-10", found).evidence[1].text


def in_clear(leg: Leg, _datagram: bytes, packet: bytes | None) -> Iterator[bytes]:
    if packet is not None:
        yield leg.in_clear(payload_of(packet))


def in_clear_and_as_long_as_encrypted(leg: Leg, _datagram: bytes, packet: bytes | None) -> Iterator[bytes]:
    if packet is not None:
        yield leg.in_clear(payload_of(packet)) + os.urandom(10)


def mixed(leg: Leg, datagram: bytes, packet: bytes | None) -> Iterator[bytes]:
    yield from in_clear(leg, datagram, packet) if leg.heard % 7 == 3 else honest(leg, datagram, packet)


def reflected(_leg: Leg, datagram: bytes, _packet: bytes | None) -> Iterator[bytes]:
    yield datagram


def garbage(leg: Leg, _datagram: bytes, _packet: bytes | None) -> Iterator[bytes]:
    yield leg.in_clear(os.urandom(170))


def music(leg: Leg, _datagram: bytes, _packet: bytes | None) -> Iterator[bytes]:
    yield leg.protected(os.urandom(160))


def silent(_leg: Leg, _datagram: bytes, _packet: bytes | None) -> Iterator[bytes]:
    yield from ()


def scrambled(leg: Leg, _datagram: bytes, packet: bytes | None) -> Iterator[bytes]:
    if packet is not None:
        yield leg.in_clear(bytes(byte ^ 0x5A for byte in payload_of(packet)))


def authentic_in_clear(leg: Leg, _datagram: bytes, packet: bytes | None) -> Iterator[bytes]:
    if packet is not None:
        yield authentic_rtp_in_clear(leg.key, leg.in_clear(payload_of(packet)))


def under_our_source(leg: Leg, datagram: bytes, packet: bytes | None) -> Iterator[bytes]:
    if packet is not None:
        yield leg.protected(payload_of(packet), int.from_bytes(datagram[8:12], "big"))


def no_key(*_: bytes) -> bytes:
    return b""


def our_key(tag: bytes, suite: bytes, _key: bytes, offered: bytes) -> bytes:
    return sdes_line(tag, suite, offered, offered)


def another_suite(tag: bytes, _suite: bytes, key: bytes, offered: bytes) -> bytes:
    return sdes_line(tag, b"AES_CM_128_HMAC_SHA1_32", key, offered)


def another_tag(_tag: bytes, suite: bytes, key: bytes, offered: bytes) -> bytes:
    return sdes_line(b"2", suite, key, offered)


def unencrypted(tag: bytes, suite: bytes, key: bytes, offered: bytes) -> bytes:
    return sdes_line(tag, suite, key, offered) + b" UNENCRYPTED_SRTP"


def two_keys(tag: bytes, suite: bytes, key: bytes, offered: bytes) -> bytes:
    return b"\r\n".join(sdes_line(tag, suite, one, offered) for one in (key, bytes(30)))


def short_key(tag: bytes, suite: bytes, key: bytes, offered: bytes) -> bytes:
    return sdes_line(tag, suite, key[:16], offered)


@dataclass(frozen=True, kw_only=True)
class Liar:
    """How a PBX lies, and what must be said of it."""

    name: str
    behaviour: Behaviour
    reason: str
    verdict: Verdict = Verdict.FAILED


LIARS = (
    Liar(name="clear", behaviour=Behaviour(echo=in_clear), reason="in clear"),
    Liar(name="clear+10", behaviour=Behaviour(echo=in_clear_and_as_long_as_encrypted), reason="in clear"),
    Liar(name="mixed", behaviour=Behaviour(echo=mixed), reason="in clear"),
    Liar(name="unencrypted", behaviour=Behaviour(echo=authentic_in_clear), reason="in clear"),
    Liar(name="reflect", behaviour=Behaviour(echo=reflected), reason="of our own, as they were"),
    Liar(name="our source", behaviour=Behaviour(echo=under_our_source), reason="naming us as the source"),
    Liar(name="samekey", behaviour=Behaviour(line=our_key, echo=reflected), reason="its key is ours"),
    Liar(name="garbage", behaviour=Behaviour(echo=garbage), reason="not authentic"),
    Liar(name="xor", behaviour=Behaviour(echo=scrambled), reason="not authentic"),
    Liar(name="music", behaviour=Behaviour(echo=music), reason="of other sound", verdict=Verdict.UNKNOWN),
    Liar(name="silent", behaviour=Behaviour(echo=silent), reason="nothing came back", verdict=Verdict.UNKNOWN),
    Liar(name="other port", behaviour=Behaviour(is_elsewhere=True), reason="from another address or port"),
    Liar(name="no key", behaviour=Behaviour(line=no_key), reason="holds no key"),
    Liar(name="two keys", behaviour=Behaviour(line=two_keys), reason="holds 2 keys"),
    Liar(name="short key", behaviour=Behaviour(line=short_key), reason="has 16 bytes"),
    Liar(name="RTP/AVP", behaviour=Behaviour(profile=b"RTP/AVP"), reason="it is RTP/AVP"),
    Liar(name="other suite", behaviour=Behaviour(line=another_suite), reason="its suite is AES_CM_128_HMAC_SHA1_32"),
    Liar(name="other tag", behaviour=Behaviour(line=another_tag), reason="for the offer's key 2"),
    Liar(name="UNENCRYPTED_SRTP", behaviour=Behaviour(line=unencrypted), reason="has UNENCRYPTED_SRTP"),
)


@pytest.mark.parametrize("liar", LIARS, ids=lambda liar: liar.name)
def test_a_liar_fails_for_the_right_reason(bench: Bench, liar: Liar) -> None:
    found, _ = bench.judge(liar.behaviour, pace=IMPATIENT)
    check = the("CALL-10", found)
    assert check.verdict is liar.verdict, check.message
    assert liar.reason in check.message
    assert len(found) == 1


def test_a_pbx_that_sends_too_little_back_is_unknown(bench: Bench) -> None:
    def seldom(leg: Leg, datagram: bytes, packet: bytes | None) -> Iterator[bytes]:
        yield from honest(leg, datagram, packet) if leg.heard % 4 == 0 else ()

    found, _ = bench.judge(Behaviour(echo=seldom), pace=IMPATIENT)
    assert the("CALL-10", found).verdict is Verdict.UNKNOWN
    assert "too few" in the("CALL-10", found).message


@pytest.mark.parametrize(("announced", "verdict"), [(10, Verdict.PASSED), (24, Verdict.UNKNOWN), (99, Verdict.UNKNOWN)])
def test_a_number_that_speaks_first_is_proven_once_it_echoes(bench: Bench, announced: int, verdict: Verdict) -> None:
    def speaks_first(leg: Leg, datagram: bytes, packet: bytes | None) -> Iterator[bytes]:
        yield from (music if leg.heard <= announced else honest)(leg, datagram, packet)

    found, _ = bench.judge(Behaviour(echo=speaks_first), pace=IMPATIENT)
    assert the("CALL-10", found).verdict is verdict, the("CALL-10", found).message
    assert verdict is Verdict.PASSED or "say something first" in the("CALL-10", found).mend


def plays_clear(leg: Leg, datagram: bytes, packet: bytes | None) -> Iterator[bytes]:
    payload = payload_of(datagram)
    yield from (leg.protected(payload),) if len(payload) == 160 else honest(leg, datagram, packet)


class Unchecked:
    """A PBX that decrypts and does not look at the tag: it mends the one bit that was wrong."""

    @staticmethod
    def echo(leg: Leg, datagram: bytes, packet: bytes | None) -> Iterator[bytes]:
        yield from honest(leg, datagram, packet or leg.unprotected(datagram[:-1] + bytes([datagram[-1] ^ 1])))


@pytest.mark.parametrize(
    ("echo", "reason"),
    [(plays_clear, "3 packets in clear came back"), (Unchecked.echo, "3 packets with a wrong tag came back")],
    ids=["clear", "wrong tag"],
)
def test_a_pbx_that_plays_what_is_slipped_in_is_told(bench: Bench, echo: object, reason: str) -> None:
    found, _ = bench.judge(Behaviour(echo=echo))  # type: ignore[arg-type]
    assert verdicts(found)[:2] == [("CALL-10", Verdict.PASSED), ("CALL-11", Verdict.FAILED)]
    assert reason in the("CALL-11", found).message


def test_a_pbx_to_which_the_old_key_is_as_good_as_the_new_one_is_told(bench: Bench) -> None:
    found, _ = bench.judge(Behaviour(rekey=lambda old, new: [new, *old]))
    assert verdicts(found)[1:] == [("CALL-11", Verdict.PASSED), ("CALL-12", Verdict.FAILED)]
    assert "3 packets under the old key came back" in the("CALL-12", found).message


def test_a_pbx_that_agrees_to_a_new_key_and_keeps_the_old_one_is_told(bench: Bench) -> None:
    found, _ = bench.judge(Behaviour(rekey=lambda old, _new: old), pace=IMPATIENT)
    assert the("CALL-12", found).verdict is Verdict.FAILED


def test_a_pbx_that_moves_to_another_port_with_the_new_key_is_proven(bench: Bench) -> None:
    found, _ = bench.judge(Behaviour(moves=True))
    assert verdicts(found) == PROVEN_WITH_SDES, [check.message for check in found]


def test_a_pbx_that_is_silent_after_the_change_of_keys_is_unknown(bench: Bench) -> None:
    found, _ = bench.judge(Behaviour(rekey=lambda _old, _new: []), pace=IMPATIENT)
    assert the("CALL-12", found).verdict is Verdict.UNKNOWN
    assert "none of 25 packets under it came back" in the("CALL-12", found).message


def test_a_pbx_that_changes_no_key_within_a_call_is_unknown(bench: Bench) -> None:
    found, _ = bench.judge(Behaviour(refuses_another_offer=True))
    assert the("CALL-10", found).verdict is Verdict.PASSED
    assert the("CALL-12", found).verdict is Verdict.UNKNOWN
    assert "488" in the("CALL-12", found).message


def test_an_answer_to_the_second_offer_is_judged_like_the_first(bench: Bench) -> None:
    calls: list[bytes] = []

    def ours_the_second_time(tag: bytes, suite: bytes, key: bytes, offered: bytes) -> bytes:
        calls.append(offered)
        return sdes_line(tag, suite, key if len(calls) == 1 else offered, offered)

    found, _ = bench.judge(Behaviour(line=ours_the_second_time))
    assert the("CALL-12", found).verdict is Verdict.FAILED
    assert "its key is ours" in the("CALL-12", found).message


@pytest.mark.parametrize("with_dtls", [False, True], ids=["SDES", "DTLS"])
@pytest.mark.parametrize(
    ("control", "verdict"),
    [
        (lambda leg: leg.outgoing.protect_rtcp(REPORT), Verdict.PASSED),
        (lambda _leg: REPORT, Verdict.FAILED),
        (lambda leg: authentic_rtcp_in_clear(leg.key, REPORT), Verdict.FAILED),
    ],
    ids=["encrypted", "clear", "authentic and clear"],
)
def test_rtcp_must_be_encrypted(bench: Bench, control: object, verdict: Verdict, *, with_dtls: bool) -> None:
    found, _ = bench.judge(Behaviour(control=control), with_dtls=with_dtls, is_long=True)  # type: ignore[arg-type]
    assert {check.verdict for check in found if check.code == "CALL-15"} == {verdict}
    assert len([check for check in found if check.code == "CALL-15"]) == 1 + with_dtls


def test_where_rtcp_is_waited_for_and_does_not_come_it_is_unknown(bench: Bench) -> None:
    found, _ = bench.judge(Behaviour(), is_long=True, pace=replace(PATIENT, control=0.1))
    assert the("CALL-15", found).verdict is Verdict.UNKNOWN


def test_rtcp_in_clear_is_told_even_when_nobody_waited_for_it(bench: Bench) -> None:
    found, _ = bench.judge(Behaviour(control=lambda _leg: REPORT))
    assert the("CALL-15", found).verdict is Verdict.FAILED


@pytest.mark.parametrize("setup", [b"active", b"passive"])
def test_whoever_begins_the_handshake_a_dtls_call_is_proven(bench: Bench, setup: bytes) -> None:
    found, _ = bench.judge(Behaviour(setup=setup), with_dtls=True)
    assert verdicts(found)[3:] == PROVEN_WITH_DTLS, [check.message for check in found]


@pytest.mark.parametrize(
    ("behaviour", "reason", "verdict"),
    [
        (Behaviour(announces_another=True), "which it did not announce", Verdict.FAILED),
        (Behaviour(profile_of_srtp=b""), "no SRTP was agreed on", Verdict.FAILED),
        (Behaviour(profile_of_srtp=b"SRTP_AES128_CM_SHA1_32"), "no SRTP was agreed on", Verdict.FAILED),
        (Behaviour(setup=b"holdconn"), "who begins the handshake", Verdict.FAILED),
        (Behaviour(is_deaf=True), "the handshake got no answer", Verdict.UNKNOWN),
        (Behaviour(echo=in_clear), "in clear", Verdict.FAILED),
        (Behaviour(profile=b"RTP/AVP"), "it is RTP/AVP", Verdict.FAILED),
    ],
    ids=["another certificate", "no profile", "another profile", "no role", "deaf", "clear", "RTP/AVP"],
)
def test_a_liar_with_dtls_fails_for_the_right_reason(
    bench: Bench, behaviour: Behaviour, reason: str, verdict: Verdict
) -> None:
    found, fake = bench.judge(behaviour, with_dtls=True, pace=IMPATIENT)
    assert the("CALL-13", found).verdict is verdict
    assert reason in the("CALL-13", found).message
    assert "CALL-14" not in {check.code for check in found}
    assert len(fake.legs) == 2


def test_no_media_is_sent_under_the_keys_of_a_wrong_certificate(bench: Bench) -> None:
    _, fake = bench.judge(Behaviour(announces_another=True), with_dtls=True, pace=IMPATIENT)
    assert [leg.heard for leg in fake.legs.values() if leg.dtls is not None] == [0]


def test_a_pbx_that_hears_whoever_shows_any_certificate_is_told(bench: Bench) -> None:
    found, _ = bench.judge(Behaviour(verifies_fingerprint=False), with_dtls=True)
    assert the("CALL-13", found).verdict is Verdict.PASSED
    assert the("CALL-14", found).verdict is Verdict.FAILED


def first_and_late(leg: Leg, datagram: bytes, packet: bytes | None) -> Iterator[bytes]:
    if leg.heard == 1 or leg.heard > 20:
        yield from honest(leg, datagram, packet)


@pytest.mark.full
def test_whoever_plays_the_first_packet_is_listened_to_for_longer_than_the_silent(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dtls_call, "_SLOWEST_END", 0.1)  # for a loaded PBX to hang up, which this one never does
    afterwards = Behaviour(verifies_fingerprint=False, echo=first_and_late)
    found, _ = bench.judge(Behaviour(afterwards=afterwards), with_dtls=True, pace=replace(PATIENT, packet=0.03))
    assert the("CALL-14", found).verdict is Verdict.FAILED, the("CALL-14", found).message


@pytest.mark.full
def test_a_pbx_far_away_that_hears_whoever_shows_any_certificate_is_told(bench: Bench) -> None:
    found, _ = bench.judge(Behaviour(verifies_fingerprint=False, outbound=Network(delay=0.3)), with_dtls=True)
    assert the("CALL-14", found).verdict is Verdict.FAILED, the("CALL-14", found).message


def test_silence_that_is_shorter_than_the_way_is_unknown(bench: Bench) -> None:
    behaviour = Behaviour(hangs_up=False, outbound=Network(delay=0.3))
    found, _ = bench.judge(behaviour, with_dtls=True, pace=replace(PATIENT, patience=0.5))
    assert the("CALL-14", found).verdict is Verdict.UNKNOWN, the("CALL-14", found).message
    assert "too short to tell" in the("CALL-14", found).message


@pytest.mark.parametrize(("hangs_up", "words"), [(True, "the PBX hung up"), (False, "not heard: none of ")])
def test_a_pbx_may_hang_up_on_a_wrong_certificate_or_only_be_silent(
    bench: Bench, words: str, *, hangs_up: bool
) -> None:
    found, _ = bench.judge(Behaviour(hangs_up=hangs_up), with_dtls=True, pace=replace(PATIENT, packet=0.03))
    assert the("CALL-14", found).verdict is Verdict.PASSED
    assert words in the("CALL-14", found).message


@pytest.mark.parametrize("setup", [b"active", b"passive"])
@pytest.mark.parametrize(
    ("another", "words", "verdict"),
    [
        ({"alerts": True}, "refused in the handshake", Verdict.PASSED),
        ({"is_deaf": True}, "the handshake got no answer", Verdict.UNKNOWN),
        ({"profile_of_srtp": b""}, "no SRTP was agreed on", Verdict.UNKNOWN),
    ],
    ids=["alert", "silence", "no profile"],
)
def test_only_an_alert_refuses_a_wrong_certificate_in_the_handshake(
    bench: Bench, setup: bytes, another: dict[str, Any], words: str, verdict: Verdict
) -> None:
    afterwards = Behaviour(setup=setup, hangs_up=False, **another)
    found, _ = bench.judge(Behaviour(setup=setup, afterwards=afterwards), with_dtls=True, pace=IMPATIENT)
    assert the("CALL-13", found).verdict is Verdict.PASSED
    assert the("CALL-14", found).verdict is verdict, the("CALL-14", found).message
    assert words in the("CALL-14", found).message


def test_a_bye_without_answer_is_told_and_fails_nothing(bench: Bench) -> None:
    found, _ = bench.judge(Behaviour(ignores_bye=True), with_dtls=True)
    for code in ("CALL-10", "CALL-13"):
        assert the(code, found).verdict is Verdict.PASSED
        assert "; and then: hanging up was not answered: " in the(code, found).message


def test_a_connection_that_breaks_meanwhile_proves_nothing(bench: Bench) -> None:
    found, _ = bench.judge(Behaviour(breaks_off=True), with_dtls=True, pace=replace(PATIENT, packet=0.03))
    assert the("CALL-13", found).verdict is Verdict.PASSED
    assert the("CALL-14", found).verdict is Verdict.UNKNOWN


def test_from_the_host_only_the_signalling_is_looked_at(bench: Bench) -> None:
    found, fake = bench.judge(Behaviour(), with_dtls=True, is_long=True, vantage=Vantage.HOST)
    assert verdicts(found) == [("CALL-10", Verdict.NOT_CHECKED), ("CALL-13", Verdict.NOT_CHECKED)]
    assert all("RTP ports" in check.message for check in found)
    assert [leg.heard for leg in fake.legs.values()] == [0, 0]


@pytest.mark.parametrize("behaviour", [Behaviour(line=no_key), Behaviour(profile=b"RTP/AVP")])
def test_from_the_host_a_wrong_answer_fails_all_the_same(bench: Bench, behaviour: Behaviour) -> None:
    found, _ = bench.judge(behaviour, vantage=Vantage.HOST)
    assert verdicts(found) == [("CALL-10", Verdict.FAILED)]


def test_a_kind_that_the_generation_has_no_probe_for_is_not_called_and_that_is_told(bench: Bench) -> None:
    dtls = an_extension("201", media_encryption=MediaEncryption.DTLS)
    found, _ = replace(bench, pbx=replace(bench.pbx, extensions=(dtls,))).judge(Behaviour())
    assert verdicts(found) == [*PROVEN_WITH_SDES, ("CALL-13", Verdict.NOT_CHECKED)]
    assert the("CALL-13", found).message == "the generation has no probe with DTLS"


def test_without_a_probe_a_number_for_it_to_call_or_its_secret_nothing_is_known(
    probed: Pbx, material: Material
) -> None:
    for pbx, known in (
        (replace(probed, probe=None), material),
        (replace(probed, echo_number=None), material),
        (probed, replace(material, probe_secret=None)),
    ):
        assert verdicts(call_checks(target_at(), pbx, known, "127.0.0.1")) == [("CALL-10", Verdict.UNKNOWN)]


def test_where_no_connection_comes_about_nothing_is_known(probed: Pbx, material: Material) -> None:
    target = target_at(dial=failing(ConnectionRefusedError("refused")))
    found = call_checks(target, probed, replace(material, probes=BOTH), "127.0.0.1")
    assert verdicts(found) == [("CALL-10", Verdict.UNKNOWN), ("CALL-13", Verdict.UNKNOWN)]


def test_an_address_that_is_not_ours_is_unknown(bench: Bench) -> None:
    with media_pbx(Behaviour(), bench.certificate, PASSWORD) as (_, address):
        found = list(call_checks(target_at(address), bench.pbx, bench.material, "192.0.2.1", pace=PATIENT))
    assert verdicts(found) == [("CALL-10", Verdict.UNKNOWN)]


def test_a_refused_password_and_a_refused_call_fail(bench: Bench) -> None:
    with media_pbx(Behaviour(), bench.certificate, "another") as (_, address):
        found = list(call_checks(target_at(address), bench.pbx, bench.material, "127.0.0.1", pace=PATIENT))
    assert the("CALL-10", found).message == "the probe's password is refused"
    assert verdicts(found) == [("CALL-10", Verdict.FAILED)]
