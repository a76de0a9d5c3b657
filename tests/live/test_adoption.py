"""A PBX that a company runs is taken over in part: SIP is hardened, its services answer, and it comes back."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from lab.clients.baresip import baresip
from lab.clients.phone import MediaEncryption, Phone, Transport
from lab.host import Host
from lab.instance import Instance
from lab.living_pbx import MENU_NUMBER, PHONES, QUEUE_NUMBER, VOICEMAIL_NUMBER
from tests.live.living_company import LivingCompany
from tests.live.test_push import port_taken

_BOTH = pytest.mark.parametrize(
    ("name", "number"), [("new", "103"), pytest.param("aged", "203", marks=pytest.mark.full)], ids=["22", "16"]
)
# Type, mode, owner, group, name and target of every entry, then what each file holds; links are not followed.
_LISTING = """cd /etc/asterisk
find . -printf '%y %m %U %G %p %l\\n' | sort
find . -type f -exec sha256sum {} + | sort -k2"""
# What the company had and its inventory has not.
_GOES = {"new": "pjsip.conf has the phone 102, which goes", "aged": "sip.conf has the phones 101, 102, which go"}
# Entries that a company's folder may have, each with a name that confgen takes over.
_ODD_ENTRIES = """set -e
cd /etc/asterisk
mkdir -p company /srv/pbx
mv rtp.conf company/rtp.conf && ln -s company/rtp.conf rtp.conf
mv udptl.conf /srv/pbx/udptl.conf && ln -s /srv/pbx/udptl.conf udptl.conf && chown -h deploy:deploy udptl.conf
rm -f users.conf && ln -s nowhere/users.conf users.conf
chown root:asterisk pjproject.conf && chmod 0640 pjproject.conf
chown deploy:asterisk pjsip_wizard.conf && chmod 0464 pjsip_wizard.conf
chown 4242:4243 iax.conf && chmod 0644 iax.conf
"""


# The hosts have no setfacl: an extended attribute of version 2, in which the user 1000 may read as well.
_SET_ACCESS_LIST = """
my $list = pack("V", 2) . join("", map { pack("vvV", @$_) } (
    [1, 6, 0xffffffff], [2, 4, 1000], [4, 4, 0xffffffff], [16, 4, 0xffffffff], [32, 0, 0xffffffff]));
my ($path, $name, $length) = ("/etc/asterisk/rtp.conf", "system.posix_acl_access", length $list);
syscall(`uname -m` =~ /x86_64/ ? 188 : 5, $path, $name, $list, $length, 0) == 0 or die "$!";
"""


def listing(host: Host) -> str:
    return host.run(["sh", "-c", _LISTING], check=True).stdout.decode()


def is_refused(lab: Instance, host: Host, kind: socket.SocketKind, port: int) -> bool:
    """Whether the host itself says from outside that nothing listens there."""
    with lab.inside(), socket.socket(socket.AF_INET, kind) as client:
        client.settimeout(0.5)
        try:
            client.connect((host.address, port))
            client.send(b"\r\n\r\n")
            client.recv(1)
        except ConnectionRefusedError:
            return True
        except TimeoutError:
            return False
    return False


def doors(lab: Instance, host: Host) -> set[str]:
    """The doors in clear that are open, as seen from outside: SIP of either channel, and IAX2."""
    found = {"udp 5060": (socket.SOCK_DGRAM, 5060), "udp 4569": (socket.SOCK_DGRAM, 4569)}
    found |= {"tcp 5060": (socket.SOCK_STREAM, 5060), "udp 5061": (socket.SOCK_DGRAM, 5061)}
    return {name for name, (kind, port) in found.items() if not is_refused(lab, host, kind, port)}


def in_clear(host: Host, authority: Path) -> Phone:
    """A phone that the company had before, as it registers in clear."""
    return Phone(
        user="102",
        password=PHONES["102"],
        server=host.address,
        port=5060,
        transport=Transport.UDP,
        media_encryption=MediaEncryption.NONE,
        authority=authority,
    )


@_BOTH
def test_a_living_pbx_is_hardened_its_services_answer_and_it_comes_back_as_it_was(
    living: LivingCompany, tmp_path: Path, name: str, number: str
) -> None:
    host = living.harm(name)
    host.run(["sh", "-c", _ODD_ENTRIES], check=True)
    host.run(["systemctl", "restart", "asterisk"], check=True)
    host.asterisk("core waitfullybooted")
    before, open_before = listing(host), doors(living.lab, host)

    refused = living.confgen("push", "--limit", name)
    after_refusal = listing(host)
    pushed = living.confgen("push", "--adopt", "--limit", name, "--format", "json")
    open_after = doors(living.lab, host)
    calls = {}
    with baresip(living.lab, living.phone(number), tmp_path / "phone") as phone:
        assert phone.register().is_registered
        for called in (VOICEMAIL_NUMBER, QUEUE_NUMBER, MENU_NUMBER):
            calls[called] = phone.call(called, seconds=1.5)
    back = living.confgen("rollback", "--to", "0", "--limit", name)

    assert refused.code == 1, refused.told
    assert "PUSH-13" in refused.out
    assert _GOES[name] in refused.out
    assert refused.out.count("PUSH-20") == 1  # of the samples around it nothing is said
    assert after_refusal == before
    assert pushed.code == 0, pushed.told
    assert pushed.answer["pbxs"][0]["outcome"] == "proven"
    assert {"udp 4569", "udp 5060"} <= open_before
    assert open_after == set()
    assert {called: (call.is_established, call.is_srtp) for called, call in calls.items()} == dict.fromkeys(
        (VOICEMAIL_NUMBER, QUEUE_NUMBER, MENU_NUMBER), (True, True)
    )
    assert min(calls[VOICEMAIL_NUMBER].packets_received, calls[MENU_NUMBER].packets_received) > 20
    assert back.code == 0, back.told
    assert listing(host) == before
    assert doors(living.lab, host) == open_before
    with baresip(living.lab, in_clear(host, living.authority), tmp_path / "clear") as phone:
        assert phone.register().is_registered


_ALL_BUT_MEDIA = ("manage: [sip, media, certificates]", "manage: [sip, certificates]")
_GIVING_BACK = ("--allow-weaker", "the company tends a part of it itself")


@pytest.mark.full
def test_a_part_that_leaves_management_is_the_companys_again_and_can_be_taken_over_anew(living: LivingCompany) -> None:
    name = "new"
    host = living.harm(name)
    host.run(["sh", "-c", _ODD_ENTRIES], check=True)
    before = listing(host)
    assert living.confgen("push", "--adopt", "--limit", name).code == 0

    living.change_inventory(*_ALL_BUT_MEDIA)
    planned = living.confgen("plan", "--limit", name, "--format", "json")
    released = living.confgen("push", "--limit", name, *_GIVING_BACK)
    ports = host.asterisk("rtp show settings")
    unchanged = living.confgen("push", "--limit", name)
    media = [row for row in listing(host).splitlines() if "rtp.conf" in row or "udptl.conf" in row]
    host.run(["sh", "-c", "echo '; mine' >> /etc/asterisk/company/rtp.conf"], check=True)
    living.inventory.write_text(living.inventory_text, encoding="utf-8")
    refused = living.confgen("push", "--limit", name)
    taken = living.confgen("push", "--adopt", "--limit", name)
    taken_ports = host.asterisk("rtp show settings")
    earlier = living.confgen("rollback", "--to", "2", "--limit", name, "--format", "json")
    earlier_ports = host.asterisk("rtp show settings")
    later = living.confgen("rollback", "--to", "3", "--limit", name)
    back = living.confgen("rollback", "--to", "0", "--limit", name)

    assert planned.code == 3, planned.told
    changes = {change["key"]: change["action"] for change in planned.answer["pbxs"][0]["plan"]["changes"]}
    assert changes == {"rtp.conf": "give back", "udptl.conf": "give back"}
    assert released.code == 0, released.told
    assert "Port start:      10000" in ports
    assert "1 unchanged" in unchanged.out, unchanged.told
    assert media == [row for row in before.splitlines() if "rtp.conf" in row or "udptl.conf" in row]
    assert refused.code == 1, refused.told
    assert "confgen did not write rtp.conf, udptl.conf" in refused.out
    assert taken.code == 0, taken.told
    assert "Port start:      20000" in taken_ports
    assert earlier.code == 0, earlier.told
    assert "Port start:      10000" in earlier_ports
    assert later.code == 0, later.told
    assert back.code == 0, back.told
    differing = set(listing(host).splitlines()) ^ set(before.splitlines())
    assert {row.split()[-1] for row in differing} == {"./company/rtp.conf"}  # what the company wrote, and nothing else
    assert host.read("/etc/asterisk/rtp.conf").endswith(b"; mine\n")


@pytest.mark.full
def test_a_pbx_that_was_given_back_is_taken_over_anew_and_what_came_in_between_is_the_companys(
    living: LivingCompany,
) -> None:
    name = "new"
    host = living.harm(name)
    assert living.confgen("push", "--adopt", "--limit", name).code == 0
    host.write("/etc/asterisk/sip.conf", b"; notes of the company\n", owner="deploy:asterisk", mode=0o640)

    back = living.confgen("rollback", "--to", "0", "--limit", name)
    after = host.run(["sh", "-c", "cd /etc/asterisk && stat -c '%U:%G %a' sip.conf && cat sip.conf"]).stdout
    anew = living.confgen("push", "--adopt", "--limit", name)

    assert back.code == 0, back.told
    assert after == b"deploy:asterisk 640\n; notes of the company\n"
    assert anew.code == 0, anew.told


@pytest.mark.full
def test_modules_can_be_taken_and_given_back_and_the_dialplan_be_taken_without_them(living: LivingCompany) -> None:
    name = "new"
    living.harm(name)
    assert living.confgen("push", "--adopt", "--limit", name).code == 0

    living.change_inventory("manage: [sip, media, certificates]", "manage: [sip, media, certificates, modules]")
    taken = living.confgen("push", "--adopt", "--limit", name)
    living.inventory.write_text(living.inventory_text, encoding="utf-8")
    given_back = living.confgen("push", "--limit", name, *_GIVING_BACK)
    living.change_inventory("manage: [sip, media, certificates]", "manage: [sip, media, certificates, dialplan]")
    living.change_inventory("    context: from-phones\n", "")
    living.change_inventory(", context: confgen-probe", "")
    waived = 'emergency: {waived: {owner: the tests, reason: nobody lives in the lab, until: "2099-12-31"}}'
    living.change_inventory('echo_number: "600"', f'echo_number: "600"\n  {waived}')
    dialplan = living.confgen("push", "--adopt", "--limit", name)
    back = living.confgen("rollback", "--to", "1", "--limit", name)

    for pushed in (taken, given_back, dialplan, back):
        assert pushed.code == 0, pushed.told


@pytest.mark.full
def test_a_push_that_is_undone_leaves_released_and_taken_parts_as_they_were(living: LivingCompany) -> None:
    name = "aged"
    host = living.harm(name)
    assert living.confgen("push", "--adopt", "--limit", name).code == 0
    with_media = listing(host)
    other_port = (f"domain: {name}.example.test", f"domain: {name}.example.test, port: 5070")
    living.change_inventory(*other_port)
    living.change_inventory(*_ALL_BUT_MEDIA)

    with port_taken(host, 5070):
        shrinking = living.confgen("push", "--limit", name, *_GIVING_BACK)
    after_shrinking = listing(host)
    living.inventory.write_text(living.inventory_text, encoding="utf-8")
    living.change_inventory(*_ALL_BUT_MEDIA)
    assert living.confgen("push", "--limit", name, *_GIVING_BACK).code == 0
    without_media = listing(host)
    living.inventory.write_text(living.inventory_text, encoding="utf-8")
    living.change_inventory(*other_port)
    with port_taken(host, 5070):
        growing = living.confgen("push", "--adopt", "--limit", name)

    assert shrinking.code == 5, shrinking.told
    assert after_shrinking == with_media
    assert growing.code == 5, growing.told
    assert listing(host) == without_media
    living.inventory.write_text(living.inventory_text, encoding="utf-8")
    living.change_inventory(*_ALL_BUT_MEDIA)
    verified = living.verify(name)
    assert verified.code == 0, verified.told


@pytest.mark.full
def test_a_way_forward_to_a_kept_generation_that_is_undone_can_be_gone_again(living: LivingCompany) -> None:
    name = "new"
    host = living.harm(name)
    assert living.confgen("push", "--adopt", "--limit", name).code == 0
    living.change_inventory(f"domain: {name}.example.test", f"domain: {name}.example.test, port: 5070")
    assert living.confgen("push", "--limit", name).code == 0
    assert living.confgen("rollback", "--to", "1", "--limit", name).code == 0

    with port_taken(host, 5070):
        undone = living.confgen("rollback", "--to", "2", "--limit", name)
    forward = living.confgen("rollback", "--to", "2", "--limit", name)

    assert undone.code == 5, undone.told
    assert forward.code == 0, forward.told


_OWN_PHONE = """\
; the company's own: a phone that no inventory knows
[own-phone](!)
type = endpoint
context = from-phones
disallow = all
allow = ulaw
media_encryption = sdes
direct_media = no

[901](own-phone)
auth = 901
aors = 901
#include "company/accounts.conf"
"""
_OWN_ACCOUNT = """\
[901]
type = auth
auth_type = userpass
username = 901
password = {password}
[901]
type = aor
max_contacts = 1
"""
_IN_CLEAR = """\
[company-udp]
type = transport
protocol = udp
bind = 0.0.0.0:5060
[902]
type = endpoint
context = from-phones
media_encryption = no
direct_media = no
aors = 902
"""


def include(living: LivingCompany, name: str, file: str) -> None:
    domain = f"domain: {name}.example.test}}"
    living.change_inventory(domain, f"{domain}\n    include: {{pjsip.conf: [{file}]}}")


@pytest.mark.full
def test_a_file_of_the_companys_own_is_judged_taken_and_its_phone_calls(living: LivingCompany, tmp_path: Path) -> None:
    name = "aged"
    host = living.harm(name)
    password = "a-password-of-its-own"
    host.write("/etc/asterisk/pjsip-own.conf", _OWN_PHONE.encode(), owner="root:asterisk", mode=0o640)
    account = _OWN_ACCOUNT.format(password=password).encode()
    host.write("/etc/asterisk/company/accounts.conf", account, owner="root:asterisk", mode=0o640)
    include(living, name, "pjsip-own.conf")

    pushed = living.confgen("push", "--adopt", "--limit", name, "--format", "json")
    own = Phone(user="901", password=password, server=host.address, authority=living.authority)
    with baresip(living.lab, own, tmp_path / "phone") as phone:
        assert phone.register().is_registered
        call = phone.call(VOICEMAIL_NUMBER, seconds=1)
    host.run(["sh", "-c", "echo '; a remark' >> /etc/asterisk/pjsip-own.conf"], check=True)
    remarked = living.confgen("plan", "--limit", name)
    host.run(["sh", "-c", "echo 'media_encryption = no' >> /etc/asterisk/company/accounts.conf"], check=True)
    host.run(["sed", "-i", "s/= sdes/= no/", "/etc/asterisk/pjsip-own.conf"], check=True)
    verified = living.verify(name)
    planned = living.confgen("plan", "--limit", name)

    assert pushed.code == 0, pushed.told
    assert (call.is_established, call.is_srtp) == (True, True)
    assert remarked.code == 0, remarked.told
    assert verified.code == 1, verified.told
    assert ("SRTP-08", "pjsip-own.conf:7:1") in {
        (check["code"], check["subject"]) for check in verified.checks() if check["verdict"] == "failed"
    }
    assert planned.code == 1, planned.told
    assert "pjsip-own.conf:7:1: SRTP-08" in planned.out
    assert password not in pushed.told + verified.told + planned.told


def test_what_asterisk_cannot_read_could_not_be_given_back_and_is_not_taken_over(living: LivingCompany) -> None:
    host = living.harm("new")
    host.run(["sh", "-c", "chown root:root /etc/asterisk/iax.conf && chmod 0600 /etc/asterisk/iax.conf"], check=True)
    before = listing(host)

    refused = living.confgen("push", "--adopt", "--limit", "new")

    assert refused.code == 1, refused.told
    assert "PUSH-05 /etc/asterisk/iax.conf cannot be read by Asterisk's user asterisk" in refused.out
    assert listing(host) == before


@pytest.mark.parametrize("name", ["new", "aged"], ids=["22", "16"])
def test_what_could_not_be_given_back_as_it_is_is_not_taken_over(living: LivingCompany, name: str) -> None:
    host = living.harm(name)
    host.run(["ln", "/etc/asterisk/iax.conf", "/etc/asterisk/company-iax"], check=True)

    linked = living.confgen("push", "--adopt", "--limit", name)
    host.run(["rm", "/etc/asterisk/company-iax"], check=True)
    host.run(["perl", "-e", _SET_ACCESS_LIST], check=True)
    listed = living.confgen("push", "--adopt", "--limit", name)

    assert linked.code == 1, linked.told
    assert "PUSH-05 /etc/asterisk/iax.conf has a second name" in linked.out
    assert listed.code == 1, listed.told
    assert "PUSH-05 /etc/asterisk/rtp.conf has an access list" in listed.out
    assert host.run(["test", "-e", "/etc/confgen"]).returncode == 1


def test_what_is_in_clear_in_a_file_of_the_companys_own_refuses_a_push_and_names_its_place(
    living: LivingCompany,
) -> None:
    name = "new"
    host = living.harm(name)
    include(living, name, "company/mine.conf")
    before = listing(host)

    missing = living.confgen("push", "--adopt", "--limit", name)
    after_missing = listing(host)
    host.write("/etc/asterisk/company/mine.conf", _IN_CLEAR.encode(), owner="root:asterisk", mode=0o600)
    unreadable = living.confgen("push", "--adopt", "--limit", name)
    host.run(["chmod", "0640", "/etc/asterisk/company/mine.conf"], check=True)
    in_clear_before = listing(host)
    in_clear = living.confgen("push", "--adopt", "--limit", name)

    for refused in (missing, unreadable, in_clear):
        assert refused.code == 1, refused.told
    assert after_missing == before
    assert "PUSH-22 the file company/mine.conf is not there" in missing.out
    assert "PUSH-22" in unreadable.out
    assert "company/mine.conf:3:1: CLEAR-05" in in_clear.out
    assert "company/mine.conf:8:1: SRTP-08" in in_clear.out
    assert "company/mine.conf:5:1: AUTH-04" in in_clear.out
    assert listing(host) == in_clear_before
    assert host.run(["test", "-e", "/etc/confgen"]).returncode == 1
