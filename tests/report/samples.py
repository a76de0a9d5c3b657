"""Values such as a fleet gives, for what shows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.model.document import Action, Change, Impact
from confgen.model.driver import Guarantees, Lock
from confgen.model.finding import Finding, Place, Severity
from confgen.model.inventory import (
    Certificate,
    ClientCertificates,
    Extension,
    Inventory,
    MediaEncryption,
    Pbx,
    PortRange,
    SshAccess,
    TlsVersion,
    TrunkEnd,
    Verification,
)
from confgen.model.plan import CutOff, Difference, Plan, SecurityDelta
from confgen.model.result import Outcome, Result
from confgen.model.secret import SecretReference, SecretSource
from confgen.model.version import ProductVersion
from confgen.report.checkout import Checkout

CHECKOUT = Checkout(root=PurePath("/srv/company"), here=PurePath("/srv/company"))
PLACE = Place("inventory.yaml", 12, 9)
REFERENCE = SecretReference(SecretSource.ENVIRONMENT, ("SECRET",))

ERROR = Finding(
    code="REF-02",
    message="the route leads to the trunk 'hq-brnch', which does not exist",
    mend="write trunk: hq-branch",
    place=PLACE,
    pbx="branch",
)
WARNING = Finding(
    code="VER-03",
    message="Asterisk 16 has had no security fixes since 2023-10-09",
    mend="plan its way to Asterisk 22",
    severity=Severity.WARNING,
    place=Place("inventory.yaml", 40, 3),
)
NOTE = Finding(
    code="PUSH-16", message="logged at activation: ", mend="read it", severity=Severity.NOTE, pbx="warehouse"
)

GUARANTEES = Guarantees(atomic=True, undo_without_link=False, lock=Lock.HOST)


def extension(number: str) -> Extension:
    return Extension(
        number=number,
        display_name=None,
        own_secret=REFERENCE,
        media_encryption=MediaEncryption.SDES,
        codecs=("alaw",),
        permit=(),
        contacts=1,
        place=PLACE,
    )


def trunk_end(name: str, peer: str) -> TrunkEnd:
    return TrunkEnd(
        name=name,
        peer=peer,
        peer_domain=f"{peer}.example.test",
        peer_port=5061,
        peer_address="192.0.2.2",
        peer_echo="600",
        secret=REFERENCE,
        codecs=("alaw",),
        place=PLACE,
    )


def pbx(name: str, *, extensions: tuple[str, ...] = (), trunks: tuple[TrunkEnd, ...] = ()) -> Pbx:
    return Pbx(
        name=name,
        kind="asterisk",
        groups=(),
        product_version=ProductVersion(22, 10, 1),
        ssh=SshAccess(address="192.0.2.1", user=None, port=None, host_key=None, known_hosts=None, identity_file=None),
        domain=f"{name}.example.test",
        bind=("0.0.0.0",),
        sip_port=5061,
        tls_versions=frozenset({TlsVersion.TLS_1_2}),
        rtp_ports=PortRange(first=20000, last=20199),
        own_certificate=Certificate(
            chain=REFERENCE,
            key=REFERENCE,
            authority=REFERENCE,
            client_certificates=ClientCertificates.NOT_REQUESTED,
        ),
        extensions=tuple(extension(number) for number in extensions),
        trunks=trunks,
        routes=(),
        echo_number="600",
        probe=None,
        verification=Verification(vantage=Vantage.OPERATOR, levels=frozenset({Level.STATE})),
        place=PLACE,
    )


COMPANY = Inventory(
    pbxs=(
        pbx("headquarters", extensions=("101", "102"), trunks=(trunk_end("hq-branch", "branch"),)),
        pbx("branch", extensions=("201",), trunks=(trunk_end("hq-branch", "headquarters"),)),
        pbx("warehouse"),
        pbx("depot"),
    ),
    folder=".",
)


def change(
    key: str,
    action: Action,
    before: str | None = None,
    after: str | None = None,
    *,
    is_foreign: bool = False,
    is_drifted: bool = False,
) -> Change:
    return Change(
        key=key,
        action=action,
        before=before,
        after=after,
        before_fingerprint=None if before is None else f"was-{key}",
        after_fingerprint=None if after is None else f"will-be-{key}",
        is_foreign=is_foreign,
        is_drifted=is_drifted,
    )


def plan(*changes: Change, generation: int | None = 3, delta: SecurityDelta = SecurityDelta.STRONGER) -> Plan:
    return Plan(
        changes=changes,
        impact=Impact.TRANSPORT_RESTART,
        delta=delta,
        guarantees=GUARANTEES,
        facts={"version": "Asterisk 22.10.1", "calls": "0"},
        generation=generation,
    )


def check(
    verdict: Verdict,
    level: Level = Level.TLS,
    *,
    code: str = "TLS-04",
    subject: str = "192.0.2.1:5061",
    message: str = "the served certificate is the pushed one",
    mend: str = "",
) -> Check:
    return Check(
        code=code, level=level, subject=subject, verdict=verdict, vantage=Vantage.OPERATOR, message=message, mend=mend
    )


def difference(subject: str, option: str = "", before: str | None = None, after: str | None = None) -> Difference:
    return Difference(subject=subject, option=option, before=before, after=after)


PLANNED = Result(
    pbx="headquarters",
    outcome=Outcome.PLANNED,
    message="5 documents would change",
    plan=replace(
        plan(
            change("pjsip.conf", Action.CHANGE, "[101]\nmedia_encryption = no\n", "[101]\nmedia_encryption = sdes\n"),
            change("extensions.conf", Action.CHANGE, "exten = 1\n", "exten = 2\n", is_drifted=True),
            change("keys/1f.key", Action.CHANGE, "(private key)\n", "(private key)\n"),
            change("rtp.conf", Action.ADD, None, "[general]\nrtpstart = 20000\n"),
            change("sip.conf", Action.REMOVE, "[general]\n", None, is_foreign=True),
            delta=SecurityDelta.WEAKER,
        ),
        impact=Impact.PROCESS_RESTART,
        differences=(
            *(difference(f"extension {number}", "media_encryption", "no", "sdes") for number in range(101, 108)),
            difference("extension 108", after=""),
            difference("extension 109", "auth password", "******** (aaaa)", "******** (bbbb)"),
            difference("trunk hq-branch", before=""),
            difference("modules.conf [modules]", "load", after="res_srtp.so"),
            difference("modules.conf [modules]", "load", after="res_crypto.so"),
            difference("dialplan context phones, 600", "priority 2", "Wait(1)", "Echo()"),
            difference("dialplan context phones, 601", before=""),
        ),
        edits=(difference("rtp.conf [general]", "rtpend", "20199", "30000"),),
        weaker=("trunk hq-branch: media_encryption dtls -> sdes",),
        running=(check(Verdict.FAILED, Level.STATE, code="SRTP-04", message="the module res_srtp does not run"),),
        calls=3,
        registered=40,
        cut_off=(
            CutOff(extension="101", contact="udp 192.0.2.7:5060", reason="registers over UDP"),
            CutOff(extension="109", contact="tls 192.0.2.8:5061", reason="is in the inventory no more"),
            CutOff(extension="102", contact="udp 192.0.2.9:5060", reason="registers over UDP"),
        ),
    ),
)
FIRST_PUSH = Result(
    pbx="warehouse",
    outcome=Outcome.PLANNED,
    message="1 document would change",
    plan=plan(change("rtp.conf", Action.ADD, None, "[general]\n"), generation=None, delta=SecurityDelta.WEAKER),
    findings=(WARNING,),
)
UNCHANGED = Result(pbx="branch", outcome=Outcome.UNCHANGED, message="nothing to change", plan=plan(), generation=7)
UNREACHABLE = Result(
    pbx="depot", outcome=Outcome.UNKNOWN, message="depot: nothing answers at 192.0.2.9 port 22; is the host up?"
)

PROVEN = Result(
    pbx="headquarters",
    outcome=Outcome.PROVEN,
    message="generation 4 is proven",
    checks=(
        *(check(Verdict.PASSED, Level.STATE) for _ in range(12)),
        *(check(Verdict.PASSED, Level.TLS) for _ in range(3)),
        check(Verdict.PASSED, Level.CLEAR),
        check(Verdict.PASSED, Level.DOWNGRADE),
    ),
    generation=4,
    seconds=2.345678,
)
UNDONE = Result(
    pbx="warehouse",
    outcome=Outcome.UNDONE,
    message="not proven; back on generation 2",
    plan=plan(generation=2),
    checks=(
        check(Verdict.PASSED, Level.STATE),
        check(Verdict.UNKNOWN, Level.CLEAR, code="CLEAR-02", message="no answer in 3 s", subject="UDP port 5060"),
        check(Verdict.PASSED, Level.TLS),
        check(
            Verdict.FAILED,
            Level.TLS,
            message="the served certificate is not the pushed one",
            mend="does another process hold the port?",
        ),
    ),
    findings=(NOTE,),
    generation=2,
)
UNDO_FAILED = Result(
    pbx="depot",
    outcome=Outcome.UNDO_FAILED,
    message="not proven; and the undo to generation 6 failed: the connection was lost",
    plan=plan(generation=6),
    generation=7,
)
LEG = Result(
    pbx="hq-branch",
    outcome=Outcome.PROVEN,
    message="headquarters to branch and branch to headquarters",
    checks=tuple(
        check(
            Verdict.PASSED,
            Level.CALL,
            code="CALL-02",
            subject=subject,
            message="a call was answered over TLS with SRTP",
        )
        for subject in ("headquarters to branch", "branch to headquarters")
    ),
)
PENDING_LEG = Result(
    pbx="hq-warehouse",
    outcome=Outcome.PENDING,
    message="headquarters to warehouse",
    checks=(
        check(
            Verdict.PENDING,
            Level.CALL,
            code="CALL-01",
            subject="headquarters to warehouse",
            message="warehouse has no part in this run",
        ),
    ),
)
