"""Phones that register in clear are told before they are cut off, and can be kept in service until a day."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from lab.clients.baresip import Baresip, baresip
from lab.clients.phone import Call, MediaEncryption, Phone, Transport
from lab.host import Host
from lab.living_pbx import MENU_NUMBER, PHONES
from tests.live.living_company import LivingCompany

NAME = "new"
# What the company has besides: a phone that registers over TLS already.
_TLS_PHONE = """
[company-tls]
type = transport
protocol = tls
bind = 0.0.0.0:5061
method = tlsv1_2
cert_file = /etc/asterisk/company/new.crt
priv_key_file = /etc/asterisk/company/new.key

[103](company-phone)
auth = 103
aors = 103
media_encryption = sdes

[103]
type = auth
auth_type = userpass
username = 103
password = {password}

[103]
type = aor
max_contacts = 1
remove_existing = yes
"""
_ALL = "manage: [sip, media, dialplan, modules, certificates]"
_EMERGENCY = 'emergency: {waived: {owner: the tests, reason: nobody lives in the lab, until: "2099-12-31"}}'
_EXTENSIONS = 'extensions: {"101": {}, "103": {}}'
_WITH_102 = 'extensions: {"101": {}, "103": {}, "102": {}}'


def migration(until: str) -> str:
    waiver = f'{{extensions: ["101", "102"], owner: Ann, until: "{until}"}}'
    return f"{_WITH_102}\n    migration: {waiver}"


def secret(living: LivingCompany, number: str) -> str:
    return (living.folder / "secrets" / number).read_text(encoding="utf-8").strip()


def with_phones_of_both_kinds(living: LivingCompany) -> Host:
    """A host where 101 and 102 register over UDP and 103 over TLS; its dialplan is confgen's."""
    host = living.harm(NAME)
    shutil.copy(living.folder / "secrets" / "101", living.folder / "secrets" / "102")
    for suffix in ("crt", "key"):
        content = (living.folder / "pki" / f"{NAME}.{suffix}").read_bytes()
        host.write(f"/etc/asterisk/company/{NAME}.{suffix}", content, owner="asterisk:asterisk", mode=0o640)
    text = host.read("/etc/asterisk/pjsip.conf") + _TLS_PHONE.format(password=secret(living, "103")).encode()
    host.write("/etc/asterisk/pjsip.conf", text)
    host.run(["systemctl", "restart", "asterisk"], check=True)
    host.asterisk("core waitfullybooted")
    living.change_inventory("manage: [sip, media, certificates]", _ALL)
    living.change_inventory('  echo_number: "600"', f'  echo_number: "600"\n  {_EMERGENCY}')
    living.change_inventory("    context: from-phones\n", "")
    living.change_inventory(", context: confgen-probe", "")
    return host


def in_clear(living: LivingCompany, host: Host, number: str, password: str) -> Phone:
    return Phone(
        user=number,
        password=password,
        server=host.address,
        port=5060,
        transport=Transport.UDP,
        media_encryption=MediaEncryption.NONE,
        authority=living.authority,
    )


def called(caller: Baresip, answering: Baresip, number: str) -> tuple[Call, Call]:
    """How a call went for who called and for who answered."""
    outgoing = caller.call(number, seconds=1.5)
    return outgoing, answering.answer()


@pytest.mark.full
def test_phones_in_clear_are_told_refused_and_with_a_migration_kept(living: LivingCompany, tmp_path: Path) -> None:
    host = with_phones_of_both_kinds(living)
    with ExitStack() as stack:
        phones = {
            "101": stack.enter_context(
                baresip(living.lab, in_clear(living, host, "101", PHONES["101"]), tmp_path / "101")
            ),
            "102": stack.enter_context(
                baresip(living.lab, in_clear(living, host, "102", PHONES["102"]), tmp_path / "102")
            ),
            "103": stack.enter_context(baresip(living.lab, living.phone("103"), tmp_path / "103")),
        }
        before = {number: phone.register().is_registered for number, phone in phones.items()}
        living.change_inventory(_EXTENSIONS, _WITH_102)
        planned = living.confgen("plan", "--limit", NAME)
        refused = living.confgen("push", "--adopt", "--limit", NAME)
        is_clear_still = phones["101"].call("102", seconds=0.5)

        living.inventory.write_text(
            living.inventory.read_text(encoding="utf-8").replace(_WITH_102, migration("2099-12-31")),
            encoding="utf-8",
        )
        kept = living.confgen("push", "--adopt", "--limit", NAME, "--format", "json")
        assert kept.code == 0, kept.told
        after = {number: phone.register().is_registered for number, phone in phones.items()}
        to_kept, answered = called(phones["103"], phones["101"], "101")
        from_kept, _ = called(phones["102"], phones["103"], "103")
        # with the migration's port open, who is not in it registers in clear too: it calls nobody, and nobody calls it
        in_clear_with_srtp = replace(living.phone("103"), port=5060, transport=Transport.UDP)
        stray = stack.enter_context(baresip(living.lab, in_clear_with_srtp, tmp_path / "stray"))
        assert stray.register().is_registered
        in_vain = [stray.call("102", seconds=0.5), phones["102"].call("103", seconds=0.5)]
    verified = living.verify(NAME)
    unchanged = living.confgen("push", "--limit", NAME)
    living.change_inventory('2099-12-31"}\n  aged', '2026-01-31"}\n  aged')
    expired = living.confgen("push", "--limit", NAME)

    assert before == dict.fromkeys(phones, True)
    assert planned.code == 3, planned.told
    assert "2 of 3 phones register over UDP" in planned.out
    assert refused.code == 1, refused.told
    assert "PUSH-45" in refused.out
    assert is_clear_still.is_established
    assert after == dict.fromkeys(phones, True)
    assert [(call.is_established, call.is_srtp) for call in (to_kept, answered, from_kept)] == [
        (True, True), (True, False), (True, False),
    ]  # fmt: skip
    assert min(to_kept.packets_received, from_kept.packets_received) > 20
    assert verified.code == 0, verified.told
    waived = {(check["code"], check["subject"]) for check in verified.checks() if check["verdict"] == "waived"}
    assert waived == {
        ("CLEAR-01", "company-udp"), ("CLEAR-02", "udp 0.0.0.0:5060"), ("CLEAR-04", f"udp {host.address}:5060"),
        ("SRTP-01", "101"), ("SRTP-01", "102"),
    }  # fmt: skip
    assert all("waived until 2099-12-31 by Ann" in c["message"] for c in verified.checks() if c["verdict"] == "waived")
    assert "1 unchanged" in unchanged.out, unchanged.told
    assert not [call for call in in_vain if call.is_established]
    assert expired.code == 1, expired.told
    assert "MIG-02" in expired.told
    told = "".join(run.told for run in (planned, refused, kept, verified, unchanged, expired))
    assert not [password for password in PHONES.values() if password in told]


@pytest.mark.full
def test_a_migration_ends_is_gone_back_to_and_leaves_the_host_as_it_was(living: LivingCompany, tmp_path: Path) -> None:
    host = living.harm(NAME)
    shutil.copy(living.folder / "secrets" / "101", living.folder / "secrets" / "102")
    before = host.read("/etc/asterisk/pjsip.conf")
    living.change_inventory(_EXTENSIONS, migration("2099-12-31"))
    kept = living.confgen("push", "--adopt", "--limit", NAME)  # the dialplan is the company's own
    with baresip(living.lab, in_clear(living, host, "102", PHONES["102"]), tmp_path / "clear") as phone:
        assert phone.register().is_registered
        to_own_service = phone.call(MENU_NUMBER, seconds=1)

    living.change_inventory(migration("2099-12-31"), _WITH_102)
    ended = living.confgen("push", "--limit", NAME)
    after = host.run(["sh", "-c", "ls /etc/asterisk/pjsip_migration.conf; cat /proc/net/udp"]).stdout.decode()
    back = living.confgen("rollback", "--to", "1", "--limit", NAME)
    with baresip(living.lab, in_clear(living, host, "102", PHONES["102"]), tmp_path / "again") as phone:
        is_registered_again = phone.register().is_registered
    as_it_was = living.confgen("rollback", "--to", "0", "--limit", NAME)

    assert kept.code == 0, kept.told
    assert to_own_service.is_established
    assert ended.code == 0, ended.told
    assert "pjsip_migration" not in after
    assert ":13C4 " not in after  # 5060
    assert back.code == 0, back.told
    assert "waived" in back.out
    assert is_registered_again
    assert as_it_was.code == 0, as_it_was.told
    assert host.read("/etc/asterisk/pjsip.conf") == before


@pytest.mark.full
def test_a_peer_of_chan_sip_cannot_be_kept(living: LivingCompany) -> None:
    living.change_inventory('{"201": {}', '{"101": {}, "201": {}')
    living.change_inventory(
        '"203": {}}', '"203": {}}\n    migration: {extensions: ["101"], owner: Ann, until: "2099-12-31"}'
    )

    planned = living.confgen("plan", "--limit", "aged")

    assert planned.code == 1, planned.told
    assert "MIG-04" in planned.out
