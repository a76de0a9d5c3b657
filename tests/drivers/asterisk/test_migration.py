"""What served phones before confgen is kept as it stood, for them alone and until a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from confgen.archives import pack
from confgen.drivers import asterisk
from confgen.drivers.asterisk.configuration import effective, objects
from confgen.drivers.asterisk.impact import impact
from confgen.drivers.asterisk.layout import MIGRATION
from confgen.drivers.asterisk.migration import Kept, migrated, waiver_of
from confgen.drivers.asterisk.modules import modules
from confgen.drivers.asterisk.observe import managed_names
from confgen.drivers.asterisk.own_files import judged
from confgen.drivers.asterisk.security import security_delta
from confgen.drivers.asterisk.state import checks
from confgen.model.check import Check, Verdict
from confgen.model.document import Action, Document, Impact
from confgen.model.driver import Contact, WaivedListener
from confgen.model.inventory import DigestAlgorithm, Include, Part, Pbx
from confgen.model.migration import Migration
from confgen.model.plan import SecurityDelta
from confgen.model.secret import Secret
from confgen.render import render_masked
from tests.drivers.asterisk.asterisk_answers import documents_of, healthy
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.drivers.asterisk.test_calls import steps
from tests.drivers.asterisk.test_cut_off import cut_off
from tests.drivers.asterisk.test_impact import change
from tests.drivers.asterisk.test_sockets import row
from tests.model.pbxs import PLACE, a_pbx, a_provider_trunk, an_extension

WAIVER = Migration(extensions=("101",), owner="Ann; of the branch", until=date(2027, 3, 31), place=PLACE)
ROOT = """\
; the company's
#include "templates.conf"
[udp]
type = transport
protocol = udp
bind = 0.0.0.0
; the phone of the reception
[101](phone)   ; on the first floor
auth = 101-auth
aors = 101
; rings long
set_var = RING=60

; the next phone: password = of-the-next
[102](phone)
auth = 102
aors = 102
[102]
type = auth
username = 102
password = of-the-next
#include "accounts.conf"
"""
BEFORE = {
    "pjsip.conf": ROOT,
    "templates.conf": "[base](!)\ndisallow = all\nallow = g722\n[phone](!,base)\ntype = endpoint\ncontext = inside\n",
    "accounts.conf": "[101-auth]\ntype=auth\nauth_type=userpass\nusername=reception\npassword=s3cret\\;word\n"
    "[101]\ntype=aor\nmax_contacts=2\n[101](+type=aor)\nqualify_frequency=30\n",
}
# What confgen adds is marked; all else are the lines that were there.
KEPT = """\
[base](!)
disallow = all
allow = g722
[phone](!,base)
type = endpoint
context = inside
[udp]
type = transport
protocol = udp
bind = 0.0.0.0
[101](phone)   ; on the first floor
auth = 101-auth
aors = 101
; rings long
set_var = RING=60
context = phones ; confgen's
[101-auth]
type=auth
auth_type=userpass
username=reception
password=s3cret\\;word
realm = asterisk ; confgen's
[101]
type=aor
max_contacts=2
[101](+type=aor)
qualify_frequency=30
"""


def pbx_with(waiver: Migration | None = WAIVER, **changes: Any) -> Pbx:  # noqa: ANN401 -- any field of it
    moved = (an_extension("101"), an_extension("102"))
    return a_pbx(**{"extensions": moved, "migration": waiver, **changes})


def kept(before: Mapping[str, str] = BEFORE, pbx: Pbx | None = None) -> Kept:
    pbx = pbx or pbx_with()
    assert pbx.migration is not None
    return migrated(pbx, pbx.migration, before)


def documents() -> tuple[Document, ...]:
    return (*documents_of(pbx_with()), Document(key=MIGRATION, content=Secret(kept().text)))


def changed(old: str, new: str) -> Mapping[str, str]:
    """What was there before, with something else in it."""
    assert any(old in text for text in BEFORE.values())
    return {name: text.replace(old, new) for name, text in BEFORE.items()}


def test_its_lines_and_what_they_are_made_of_are_copied_as_they_stand_and_nobody_elses() -> None:
    head, _, lines = kept().text.partition("\n")
    assert kept().findings == ()
    assert head.startswith("; Waived until 2027-03-31 for 101 by Ann; of the branch: ")
    assert lines == KEPT


def test_it_means_what_it_meant() -> None:
    found = objects(effective({MIGRATION: kept().text}, MIGRATION).sections)
    before = objects(effective(BEFORE, "pjsip.conf").sections)
    assert found["endpoint", "101"].value("allow") == "g722"
    assert found["endpoint", "101"].value("context") == "phones"
    assert found["aor", "101"] == before["aor", "101"]
    assert found["transport", "udp"] == before["transport", "udp"]
    assert found["auth", "101-auth"].value("password") == "s3cret;word"


def test_where_the_dialplan_is_the_users_own_calls_enter_the_context_that_they_did() -> None:
    own = pbx_with(manages=frozenset(Part) - {Part.DIALPLAN})
    found = objects(effective({MIGRATION: kept(pbx=own).text}, MIGRATION).sections)
    assert found["endpoint", "101"].value("context") == "inside"


def test_an_identify_comes_along() -> None:
    text = kept(
        changed("[101]\ntype=aor", "[reception]\ntype=identify\nendpoint=101\nmatch=192.0.2.7\n[101]\ntype=aor")
    )
    assert "[reception]\ntype=identify\n" in text.text


def test_of_several_transports_the_one_that_it_names_is_kept() -> None:
    tcp = "[tcp]\ntype = transport\nprotocol = tcp\nbind = 0.0.0.0:5060\n"
    both = changed("[udp]\n", f"{tcp}[udp]\n")
    named = {**both, "pjsip.conf": both["pjsip.conf"].replace("aors = 101\n", "aors = 101\ntransport = tcp\n")}
    assert ("protocol = udp" in kept(both).text, "protocol = tcp" in kept(both).text) == (True, True)
    assert ("protocol = udp" in kept(named).text, "protocol = tcp" in kept(named).text) == (False, True)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ({}, "MIG-03 the pjsip.conf that was there has no endpoint of that name"),
        ({"sip.conf": "[101]\nsecret=x\n"}, "MIG-04 it is a peer of chan_sip"),
        ({"pjsip_wizard.conf": "[101]\ntype=wizard\n"}, "MIG-04 pjsip_wizard.conf makes it"),
        (changed("protocol = udp", "protocol = tls"), "MIG-05 there is no UDP or TCP transport"),
        (changed("aors = 101\n", "aors = 101\ntransport = t\n[t]\ntype=transport\nprotocol=tls\n"), "MIG-05 its tr"),
        (changed("= udp\nbind = 0.0.0.0", "= tcp\nbind = 0.0.0.0:5061"), "MIG-05 its transport udp listens"),
        (changed("auth = 101-auth\n", ""), "MIG-05 it has no `auth`"),
        (changed("[101-auth]", "[another]"), "MIG-05 its auth 101-auth is not there"),
        (changed("aors = 101", "aors = none"), "MIG-05 its aor is not there"),
        (changed("auth = 101-auth", "auth = 102"), "MIG-05 confgen renders something under the name 102"),
        (changed("[udp]", "[tls]"), "MIG-05 confgen renders something under the name tls"),
        (changed("set_var = RING=60", "acl = office"), "MIG-05 it needs the access list office"),
        (changed("max_contacts=2", "mailboxes=\ufffd"), "MIG-05 its lines hold octets that are no UTF-8"),
        (
            {**BEFORE, "pjsip.conf": "[101]\ntype=acl\n" + ROOT + "[101](+)\nset_var = B=2\n"},  # to what stays behind
            "MIG-05 its endpoint 101 would not mean the same",
        ),
        (
            {**BEFORE, "pjsip.conf": ROOT + "[101](+type=endpoint)\ncontext = elsewhere\n"},
            "MIG-05 its endpoint 101 would not mean the same",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_as_it_is_is_refused_with_the_reason(before: Mapping[str, str], expected: str) -> None:
    finding = kept(before).findings[0]
    told = f"{finding.code} {finding.message.removeprefix('the phone 101 cannot be kept as it is: ')}"
    assert told.startswith(expected)
    assert (finding.place, finding.pbx) == (PLACE, "headquarters")
    assert "s3cret" not in finding.message + finding.mend


def test_none_is_kept_where_the_others_cannot_be_held_to_tls() -> None:
    found = migrated(pbx_with(bind=("192.0.2.11", "2001:db8::11")), WAIVER, BEFORE).findings
    assert [finding.code for finding in found] == ["MIG-05"]
    assert "several addresses" in found[0].message


def test_a_phone_that_is_made_of_another_phone_is_not_kept_with_it() -> None:
    text = (
        "[101]\ntype=endpoint\nauth=a\naors=101\n[103](101)\nset_var=A=1\n[a]\ntype=auth\npassword=x\n[101]\ntype=aor\n"
    )
    text += "[udp]\ntype=transport\n"
    pbx = pbx_with(replace(WAIVER, extensions=("103",)), extensions=(an_extension("103"),))
    (finding,) = kept({"pjsip.conf": text}, pbx).findings
    assert "it is made of the section 101, which would be served too" in finding.message


def test_a_generation_tells_its_own_waiver() -> None:
    assert waiver_of(kept().text, PLACE) == WAIVER
    assert waiver_of("", PLACE) is None
    assert asterisk.as_kept(a_pbx(), documents()).migration == replace(WAIVER, place=a_pbx().place)
    assert asterisk.as_kept(pbx_with(), documents_of(a_pbx())).migration is None


def test_secrets_of_what_is_kept_are_masked() -> None:
    shown = asterisk.mask(MIGRATION, kept().text, lambda _: "0123456789")
    assert "s3cret" not in shown
    assert "word" not in shown.replace("password", "")


def test_one_question_more_tells_what_was_there_before() -> None:
    for folder in ("", "/etc/confgen/asterisk/generations/0/etc/"):
        answer = {f"{folder}{name}" if name == "pjsip.conf" else name: text for name, text in BEFORE.items()}
        host = ScriptedHost(answers={"before": pack(answer.items())})
        found = asterisk.on_host(host, pbx_with())
        assert host.asked == [["before", "pjsip.conf", "pjsip_wizard.conf", "sip.conf"]]
        assert [(document.key, document.reveal()) for document in found.documents] == [(MIGRATION, kept().text)]


def test_nothing_is_asked_and_nothing_managed_without_a_migration() -> None:
    host = ScriptedHost(answers={})
    assert asterisk.on_host(host, a_pbx()).documents == ()
    assert host.commands == []
    assert MIGRATION not in managed_names(a_pbx())
    assert MIGRATION in managed_names(pbx_with())


def rendered(pbx: Pbx) -> str:
    return render_masked(asterisk.sources(pbx))["pjsip.conf"]


def test_the_phone_is_not_rendered_and_what_is_kept_is_included() -> None:
    text = rendered(pbx_with())
    assert ("\n[101]\n" in text, "\n[102]\n" in text) == (False, True)
    assert f'\n#include "{MIGRATION}"\n' in text
    assert "endpoint_identifier_order = ip,username" in text


def test_the_others_are_called_over_tls_and_by_nothing_else() -> None:
    assert "[102]\ntype = endpoint\ntransport = tls\n" in rendered(pbx_with())
    assert "[102]\ntype = endpoint\ncontext" in rendered(pbx_with(None))


def test_phones_that_know_md5_alone_are_asked_for_nothing_else() -> None:
    hashed = tuple(an_extension(number, digest=DigestAlgorithm.SHA_256) for number in ("101", "102"))
    assert "default_auth_algorithms_uas" in rendered(pbx_with(None, extensions=hashed))
    assert "default_auth_algorithms_uas" not in rendered(pbx_with(extensions=hashed))


def test_the_guard_lets_its_clear_calls_pass_up_to_the_last_day_and_nobody_elses() -> None:
    waived = [
        "GotoIf($[${STRFTIME(${EPOCH},,%Y%m%d)} > 20270331]?over)",
        'GotoIf($["${CHANNEL(endpoint)}" = "101"]?secure)',
    ]
    secure = 'GotoIf($["${CHANNEL(rtp,secure,audio)}" = "1"]?secure)'
    assert steps(pbx_with(), "confgen-guard", "s") == [
        "Progress()",
        'GotoIf($["${CHANNEL(channeltype)}" != "PJSIP"]?media)',
        *waived,
        'GotoIf($["${FILTER(A-Z0-9./,${PJSIP_HEADER(read,Via)})}" : "SIP/2.0/TLS"]?media:clear)',
        secure,
        "Hangup(58)",
        "Return()",
    ]
    assert steps(pbx_with(), "confgen-called", "s") == [secure, *waived, "Set(GOSUB_RESULT=ABORT)", "Return()"]
    assert steps(pbx_with(None), "confgen-guard", "s") == ["Progress()", secure, "Hangup(58)", "Return()"]


def test_the_dialplan_still_reaches_the_phone() -> None:
    assert any("Dial(PJSIP/101" in step for step in steps(pbx_with(), "extensions", "101"))


def test_the_modules_that_the_guard_and_an_identify_need_are_loaded() -> None:
    needed = {"func_strings", "res_pjsip_header_funcs", "res_pjsip_endpoint_identifier_ip"}
    assert needed <= set(modules(pbx_with(trunks=(), routes=())))


def told(*, pbx: Pbx | None = None, **blocks: str) -> list[Check]:
    """The checks of a PBX that listens on UDP 5060 besides, with what a test wants to be otherwise."""
    answers = healthy(pbx_with(), documents())
    answers["/proc/net/udp"] += row("00000000:13C4", "07", 13)
    answers["sockets"] += "\n13"
    for title, addition in blocks.items():
        answers[title.replace("_", " ").replace("proc net udp", "/proc/net/udp")] += addition
    return list(checks(pbx or pbx_with(), documents(), answers))


def test_what_is_kept_reads_waived_and_neither_passed_nor_failed() -> None:
    found = told()
    assert {check.verdict for check in found} == {Verdict.PASSED, Verdict.WAIVED}
    waived = {(check.code, check.subject) for check in found if check.verdict is Verdict.WAIVED}
    assert waived == {("CLEAR-01", "udp"), ("CLEAR-02", "udp 0.0.0.0:5060"), ("SRTP-01", "101")}
    assert all(
        check.message.startswith("waived until 2027-03-31 by Ann; of the branch: ")
        for check in found
        if check.verdict is Verdict.WAIVED
    )


def test_a_phone_that_uses_the_open_port_without_a_waiver_is_told() -> None:
    line = '{word} {number};@66: {{"endpoint":"{number}","uri":"sip:{number}@10.0.0.5:5060{transport}"}}\n'
    rows = [("101", ""), ("102", ";transport=tls"), ("102", ";transport=tcp")]
    contacts = "".join(line.format(word="registrar", number=number, transport=by) for number, by in rows)
    pending = [check for check in told(contacts=contacts) if check.verdict is Verdict.PENDING]
    assert [(check.code, check.subject) for check in pending] == [("CLEAR-08", "102")]
    assert "the phone 102 registers over TCP from 10.0.0.5:5060" in pending[0].message


def test_what_a_dialplan_of_the_users_own_lets_pass_is_not_told_as_ended() -> None:
    line = 'registrar 102;@66: {"endpoint":"102","uri":"sip:102@10.0.0.5:5060"}\n'
    (pending,) = (
        check
        for pbx in [pbx_with(manages=frozenset(Part) - {Part.DIALPLAN})]
        for check in told(pbx=pbx, contacts=line)
        if check.code == "CLEAR-08"
    )
    assert "it calls nobody" not in pending.message
    assert "no guard of confgen's keeps it from calling in clear" in pending.message


def test_whatever_else_is_in_clear_fails_as_ever() -> None:
    another = told(pjsip_show_transports="\nTransport:  old      udp      0      0  0.0.0.0:5070")
    listening = told(proc_net_udp=row("00000000:13CE", "07", 13))
    assert {check.code for check in another if check.verdict is Verdict.FAILED} >= {"CLEAR-01"}
    assert {check.code for check in listening if check.verdict is Verdict.FAILED} == {"CLEAR-02"}


def test_without_the_waiver_all_of_it_fails() -> None:
    codes = {check.code for check in told(pbx=pbx_with(None)) if check.verdict is Verdict.FAILED}
    assert {"CLEAR-01", "CLEAR-02"} <= codes
    assert not [check for check in told(pbx=pbx_with(None)) if check.verdict is Verdict.WAIVED]


def test_a_port_that_is_not_open_is_no_service() -> None:
    answers = healthy(pbx_with(), documents())
    found = list(checks(pbx_with(), documents(), answers))
    failed = [(check.code, check.subject) for check in found if check.verdict is Verdict.FAILED]
    assert failed == [("CLEAR-02", "udp 0.0.0.0:5060")]


def test_a_proof_from_outside_is_told_which_port_is_waived() -> None:
    found = asterisk.material(ScriptedHost(answers={}), pbx_with(), documents())
    assert found.waived_listeners == (WaivedListener(name="udp", protocol="udp", address="0.0.0.0", port=5060),)


def test_a_phone_of_a_migration_is_not_cut_off_and_others_that_register_in_clear_are() -> None:
    contacts = [Contact(extension=number, transport="udp", address="10.0.0.5:5060") for number in ("101", "102")]
    found = cut_off(pbx_with(), contacts, {"pjsip.conf": ROOT}, documents())
    assert [(cut.extension, cut.reason) for cut in found] == [("102", "registers over UDP")]


def test_a_file_of_the_users_own_may_not_add_to_what_is_kept() -> None:
    pbx = pbx_with(includes=(Include(key="pjsip.conf", file="own.conf", place=PLACE),))
    pushed = (*documents_of(pbx), Document(key=MIGRATION, content=Secret(kept().text)))
    assert judged(pushed, {"own.conf": "; nothing\n"}) == ()
    codes = [finding.code for finding in judged(pushed, {"own.conf": "[101](+)\nallow = ulaw\n"})]
    assert codes == ["AUTH-08"]


@pytest.mark.parametrize(
    ("action", "before", "after", "delta"),
    [
        (Action.ADD, None, KEPT, SecurityDelta.WEAKER),
        (Action.CHANGE, KEPT, KEPT + "[102]\ntype=endpoint\n", SecurityDelta.WEAKER),
        (Action.CHANGE, KEPT + "[102]\ntype=endpoint\n", KEPT, SecurityDelta.STRONGER),
        (Action.GIVE_BACK, None, None, SecurityDelta.STRONGER),
    ],
)
def test_a_migration_makes_a_pbx_weaker_and_its_end_stronger(
    action: Action, before: str | None, after: str | None, delta: SecurityDelta
) -> None:
    assert security_delta([change(MIGRATION, action, before, after)]) is delta


def test_at_the_first_push_all_of_it_was_there_before() -> None:
    first = [change("pjsip.conf", is_foreign=True), change(MIGRATION, Action.ADD, None, KEPT)]
    assert security_delta(first) is SecurityDelta.STRONGER


def test_a_phone_less_is_a_reload_and_a_transport_less_a_restart() -> None:
    without_phone = KEPT.replace("set_var = RING=60\n", "")
    assert impact([change(MIGRATION, before=KEPT, after=without_phone)]) is Impact.RELOAD
    without_port = KEPT.replace("type = transport", "type = nothing")
    assert impact([change(MIGRATION, before=KEPT, after=without_port)]) is Impact.PROCESS_RESTART


def test_a_name_of_a_provider_is_confgens() -> None:
    pbx = pbx_with(provider_trunks=(a_provider_trunk(),))
    before = {**BEFORE, "pjsip.conf": ROOT.replace("101-auth", pbx.provider_trunks[0].name)}
    before["accounts.conf"] = BEFORE["accounts.conf"].replace("101-auth", pbx.provider_trunks[0].name)
    assert "confgen renders something under the name" in kept(before, pbx).findings[0].message
