"""A password that the PBX refuses is said once in a run: intrusion detection counts, and bans who is told no."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.model.driver import Driver, Material
from confgen.model.inventory import MediaEncryption, Pbx, Verification
from confgen.verify.prove import prove
from confgen.verify.wire.sip import Request
from tests.toy import driver as toy
from tests.toy.host import ToyHost
from tests.verify.test_downgrade_level import STRICT
from tests.verify.wire.servers import server_context, serving, shaking_hands
from tests.verify.wire.sip_server import Connection, FakePbx

BOTH = {MediaEncryption.SDES: "confgen-probe", MediaEncryption.DTLS: "confgen-probe-dtls"}
CALLS = (Level.DOWNGRADE, Level.CALL)


def proven(
    fake: FakePbx, certificate: tuple[Path, Path], pbx: Pbx, material: Material, levels: Sequence[Level]
) -> tuple[Check, ...]:
    driver = cast("Driver", SimpleNamespace(**{**vars(toy), "material": lambda *_: replace(material, probes=BOTH)}))
    verification = Verification(vantage=Vantage.OPERATOR, levels=frozenset(levels))
    with serving(shaking_hands(server_context(certificate, ssl.TLSVersion.TLSv1_2), fake.serve)) as address:
        asked = replace(pbx, bind=(address.host,), sip_port=address.port, verification=verification)
        return prove(ToyHost(), asked, driver, (), lambda _: None)


def refused(fake: FakePbx) -> list[str]:
    return [m.method for m in fake.received if isinstance(m, Request) and m.values("Authorization")]


@pytest.mark.parametrize("levels", [CALLS, CALLS[:1], CALLS[1:]], ids=["both", "downgrade", "call"])
def test_a_wrong_password_is_said_once_in_a_run(
    certificate: tuple[Path, Path], probed: Pbx, material: Material, levels: Sequence[Level]
) -> None:
    fake = FakePbx(password="another", on_invite=STRICT)
    checks = proven(fake, certificate, probed, material, levels)

    assert refused(fake) == ["INVITE"]
    assert fake.passwords_refused == 1
    first, *others = (check for check in checks if check.code in {"SRTP-05", "CALL-10", "CALL-13"})
    assert first.verdict is Verdict.FAILED
    assert {(check.verdict, check.message) for check in others} == {
        (Verdict.UNKNOWN, "not asked: the password is refused")
    }
    assert {check.level for check in checks} == set(levels)


def test_what_is_refused_to_the_second_name_alone_is_said_once_too(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    def gate(connection: Connection, request: Request) -> bool:
        is_of_dtls = "-dtls@" in request.value("From")
        connection.pbx.password = "another" if is_of_dtls else "correct horse"
        return connection.is_let_in(request)

    fake = FakePbx(password="correct horse", on_invite=STRICT, gate=gate)
    checks = proven(fake, certificate, probed, material, CALLS)

    assert fake.passwords_refused == 1
    assert {check.message for check in checks if check.level is Level.CALL} == {"not asked: the password is refused"}
