"""Companies of all sizes after `verify`, for what draws them."""

from __future__ import annotations

from dataclasses import replace

from confgen.model.check import Check, Evidence, Level, Vantage, Verdict
from confgen.model.dialling import Carries
from confgen.model.inventory import Pbx
from confgen.model.provider import Provider, ProviderTrunk
from confgen.model.result import Outcome, Result
from confgen.report.answer import Answer
from tests.report.samples import PLACE, pbx, trunk_end

INVITE = Evidence(
    title="INVITE without SRTP",
    text=(
        "INVITE sip:600@branch.example.test SIP/2.0\r\n"
        "Via: SIP/2.0/TLS 192.0.2.9:40112;branch=z9hG4bK7d1f;rport;alias\r\n"
        "From: <sip:confgen-probe@branch.example.test>;tag=a1\r\n"
        "Content-Type: application/sdp\r\n\r\n"
        "m=audio 20000 RTP/AVP 8\r\n\r\n"
        "SIP/2.0 200 OK\r\nm=audio 20114 RTP/AVP 8"
    ),
)
HANDSHAKE = Evidence(
    title="Handshake",
    text="TLS 1.3, TLS_AES_256_GCM_SHA384, X25519\nsubject CN=headquarters.example.test, ends 2027-03-01",
)
PACKETS = Evidence(
    title="Packets", text="SRTP sent 150, received 150, authenticated 150, bit-exact 150\nRTP received 0"
)


def measured(code: str, level: Level, subject: str, message: str, verdict: Verdict = Verdict.PASSED) -> Check:
    return Check(code=code, level=level, subject=subject, verdict=verdict, vantage=Vantage.OPERATOR, message=message)


def proofs(address: str) -> tuple[Check, ...]:
    """What a PBX without fault gives."""
    return (
        measured("STATE-01", Level.STATE, "endpoints", "all 26 are as pushed"),
        measured("TLS-05", Level.TLS, f"{address} TLS 1.3", "TLS 1.3 is accepted, with TLS_AES_256_GCM_SHA384"),
        measured("TLS-07", Level.TLS, f"{address} handshake", "TLS 1.3 with TLS_AES_256_GCM_SHA384").with_evidence(
            HANDSHAKE
        ),
        measured("CLEAR-04", Level.CLEAR, "udp 5060", "no such socket"),
        measured("SRTP-06", Level.DOWNGRADE, f"{address} INVITE without SRTP", "refused with 488"),
        measured("CALL-10", Level.CALL, f"{address} call", "encrypted both ways, bit-exact").with_evidence(PACKETS),
    )


def proven(name: str) -> Result:
    return Result(
        pbx=name, outcome=Outcome.PROVEN, message="proven", checks=proofs("192.0.2.1:5061"), generation=4, seconds=2.3
    )


def failed(name: str) -> Result:
    """It takes a call without SRTP, and has a UDP port that did not answer."""
    checks = (
        *(check for check in proofs("192.0.2.2:5061") if check.code not in {"SRTP-06", "CLEAR-04"}),
        measured(
            "CLEAR-04", Level.CLEAR, "udp 5060", "no answer in 3 s, and nobody inside could be asked", Verdict.UNKNOWN
        ),
        replace(
            measured(
                "SRTP-06",
                Level.DOWNGRADE,
                "192.0.2.2:5061 INVITE without SRTP",
                "an INVITE without SRTP is answered 200 OK",
                Verdict.FAILED,
            ),
            mend="`confgen push --overwrite-drift`: media_encryption of the endpoint was changed by hand",
        ).with_evidence(INVITE),
    )
    return Result(pbx=name, outcome=Outcome.NOT_PROVEN, message="1 failed, 1 unknown", checks=checks, seconds=3.1)


def leg(name: str, *ends: str, verdict: Verdict = Verdict.PASSED) -> Result:
    outcomes = {Verdict.PASSED: Outcome.PROVEN, Verdict.FAILED: Outcome.NOT_PROVEN, Verdict.PENDING: Outcome.PENDING}
    here, there = ends
    checks = tuple(
        measured(code, Level.CALL, subject, message, verdict)
        for subject in (f"{here} to {there}", f"{there} to {here}")
        for code, message in (("CALL-01", "a call over TLS"), ("CALL-02", "a call with SRTP"))
    )
    return Result(pbx=name, outcome=outcomes[verdict], message=f"{here} to {there}", checks=checks, seconds=1.2)


def provider_leg(name: str, near: str, far: str) -> Result:
    check = measured("CALL-03", Level.CALL, f"{near} to {far}", "registered over TLS")
    return Result(pbx=name, outcome=Outcome.PROVEN, message=f"{near} to {far}", checks=(check,))


def provider_trunk(name: str, provider: str) -> ProviderTrunk:
    return ProviderTrunk(
        name=name,
        provider=Provider(
            name=provider,
            domain=f"sip.{provider}.example",
            port=None,
            profile="generic",
            authority=None,
            beyond=Carries(),
            place=PLACE,
        ),
        account=None,
        addresses=(),
        dids=(),
        caller_id=None,
        hides_caller_id=False,
        most_calls=None,
        codecs=("alaw",),
        context=None,
        place=PLACE,
    )


def answer(*pbxs: Result, legs: tuple[Result, ...] = (), exit_code: int = 0) -> Answer:
    return Answer(command="verify", inventory="inventory.yaml", findings=(), pbxs=pbxs, legs=legs, exit_code=exit_code)


def phones(first: int, count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(first, first + count))


ONE = (pbx("office", extensions=phones(10, 12)),)
ONE_PROVEN = answer(proven("office"))

THREE = (
    replace(
        pbx(
            "headquarters",
            extensions=phones(100, 26),
            trunks=(trunk_end("hq-branch", "branch"), trunk_end("hq-warehouse", "warehouse")),
        ),
        provider_trunks=(provider_trunk("hq-carrier", "carrier"),),
    ),
    pbx("branch", extensions=phones(200, 8), trunks=(trunk_end("hq-branch", "headquarters"),)),
    pbx("warehouse", extensions=phones(300, 3), trunks=(trunk_end("hq-warehouse", "headquarters"),)),
)
THREE_WITH_TROUBLE = answer(
    proven("headquarters"),
    failed("branch"),
    Result(
        pbx="warehouse",
        outcome=Outcome.UNKNOWN,
        message="warehouse: nothing answers at 192.0.2.3 port 22; is the host up?",
    ),
    legs=(
        leg("hq-branch", "headquarters", "branch"),
        leg("hq-warehouse", "headquarters", "warehouse", verdict=Verdict.PENDING),
        provider_leg("hq-carrier", "headquarters", "carrier"),
    ),
    exit_code=1,
)


def star(size: int) -> tuple[Pbx, ...]:
    """A centre, and branches that each have a trunk to it."""
    names = [f"branch-{number}" for number in range(1, size)]
    centre = pbx("centre", extensions=phones(100, 40), trunks=tuple(trunk_end(f"c-{name}", name) for name in names))
    return (centre, *(pbx(name, extensions=("10",), trunks=(trunk_end(f"c-{name}", "centre"),)) for name in names))


def star_answer(size: int, *in_trouble: str) -> Answer:
    pbxs = star(size)
    return answer(
        *(failed(each.name) if each.name in in_trouble else proven(each.name) for each in pbxs),
        legs=tuple(leg(trunk.name, "centre", trunk.peer) for trunk in pbxs[0].trunks),
        exit_code=int(bool(in_trouble)),
    )
