"""What confgen's dialplan says of calls, and what it cannot take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk.call_findings import MOST_TOGETHER
from confgen.drivers.asterisk.configuration import parse
from confgen.drivers.asterisk.modules import modules
from confgen.drivers.asterisk.options import BRANCHES
from confgen.model.dialling import (
    ByChannel,
    ByTrunk,
    Carries,
    Forwards,
    Media,
    RingGroup,
    RingOrder,
    Route,
    Signalling,
    ToContext,
    ToExtension,
)
from confgen.model.inventory import Part, Pbx
from confgen.model.provider import Did
from confgen.model.version import ProductVersion
from confgen.render import render_masked
from tests.model.pbxs import PLACE, a_channel, a_pbx, a_provider_trunk, a_route, an_emergency, an_extension


def steps(pbx: Pbx, context: str, extension: str) -> list[str]:
    """What happens in a context to a number, step by step, without the priorities."""
    sections = parse(render_masked(asterisk.sources(pbx))["extensions.conf"])
    found: list[str] = []
    current = ""
    for option in next(section for section in sections if section.name == context).options:
        if option.name == "exten":
            current, _, step = option.value.partition(",")
        else:
            step = option.value
        if current == extension and option.name != "include":
            found.append(step.partition(",")[2])
    return found


def includes(pbx: Pbx, context: str) -> tuple[str, ...]:
    sections = parse(render_masked(asterisk.sources(pbx))["extensions.conf"])
    return next(section for section in sections if section.name == context).values("include")


def group(order: RingOrder, members: int) -> RingGroup:
    numbers = tuple(str(number) for number in range(200, 200 + members))
    return RingGroup(name="all", number="500", members=numbers, order=order, seconds=20, otherwise=None, place=PLACE)


def codes(pbx: Pbx) -> list[str]:
    return [finding.code for finding in asterisk.findings(pbx)]


@pytest.mark.parametrize("branch", BRANCHES)
def test_an_emergency_number_comes_before_all_else_and_passes_no_guard_no_limit_and_no_list(branch: int) -> None:
    pbx = a_pbx(
        product_version=ProductVersion(branch, 0, 0),
        provider_trunks=(a_provider_trunk("carrier", most_calls=1, hides_caller_id=True),),
        blocked=("11X",),
        routes=(a_route("11X", "carrier"),),
        emergency=an_emergency(ByTrunk(trunk="carrier"), ByTrunk(trunk="to-branch")),
    )

    assert includes(pbx, "phones")[0] == includes(pbx, "peers")[0] == "confgen-emergency"
    emergency = steps(pbx, "confgen-emergency", "112")
    assert [step for step in emergency if step.startswith("Dial(")] == [
        "Dial(PJSIP/112@carrier,120,i)",
        "Dial(PJSIP/112@to-branch,,ib(confgen-hops^s^1))",
        "Dial(PJSIP/carrier/sip:112@carrier.example.test:5061;transport=tls,,i)",  # it may be back, unnoticed
    ]
    assert not [step for step in emergency if step.startswith(("Gosub(", "Progress(", "Answer("))]
    assert not [step for step in emergency if "GROUP" in step or "confgen-called" in step or "prohib" in step]


def test_a_peer_reaches_no_route_and_a_provider_reaches_its_numbers_only() -> None:
    did = Did(number="+4930", destination=ToExtension(extension="101"), place=PLACE)
    pbx = a_pbx(provider_trunks=(a_provider_trunk("carrier", dids=(did,)),))

    assert includes(pbx, "peers") == ("confgen-emergency", "extensions")
    assert includes(pbx, "from-carrier") == ()
    assert steps(pbx, "from-carrier", "+4930") == ["Gosub(confgen-guard,s,1)", "Goto(extensions,101,1)"]


def test_a_number_is_digits_before_any_of_it_is_dialled() -> None:
    route = Route(numbers="+Z.", way=ByTrunk(trunk="to-branch"), strip=1, prepend="00", place=PLACE)
    national = replace(route, numbers="0Z.", prepend="+49")
    pbx = a_pbx(routes=(route, national, replace(route, numbers="+49X.", strip=0, prepend="")))

    for pattern, first, then in (
        ("_+Z.", "${EXTEN:1}", "00${CONFGEN_NUMBER}"),
        ("_0Z.", "${EXTEN}", "+49${CONFGEN_NUMBER:1}"),
        ("_+49X.", "${EXTEN:1}", "+${CONFGEN_NUMBER}"),
    ):
        taken, checked, guarded, rewritten, dialled, _ = steps(pbx, "confgen-routes", pattern)
        assert taken == f"Set(CONFGEN_DIALLED={first})"  # not within a function, which a `)` in it would end
        assert checked == "Gosub(confgen-number,s,1)"
        assert guarded == "Gosub(confgen-guard,s,1)"
        assert rewritten == f"Set(CONFGEN_NUMBER={then})"
        assert "EXTEN" not in dialled
    without_colons, filtered, counted, *_ = steps(pbx, "confgen-number", "s")
    assert without_colons == "Set(CONFGEN_DIALLED=${REPLACE(CONFGEN_DIALLED,:,x)})"
    assert filtered == "Set(CONFGEN_NUMBER=${FILTER(0-9,${CONFGEN_DIALLED})})"
    assert "${LEN(${CONFGEN_NUMBER})} = ${LEN(${CONFGEN_DIALLED})}" in counted


@pytest.mark.parametrize(("media", "guard"), [(Media.SRTP, "U(confgen-called)"), (Media.CLEAR, "")])
def test_the_called_leg_of_a_line_is_guarded_where_it_is_said_to_carry_srtp(media: Media, guard: str) -> None:
    line = a_channel("line", carries=Carries(signalling=Signalling.TLS, media=media))
    pbx = a_pbx(channels=(line,), routes=(Route(numbers="8X.", way=ByChannel(channel=line), strip=1, place=PLACE),))

    called = steps(pbx, "confgen-routes", "_8X.")
    assert "Gosub(confgen-guard,s,1)" in called  # the caller's leg is ours in any case
    assert f"Dial(DAHDI/g1/${{CONFGEN_NUMBER}},60,i{guard})" in called


def test_ring_groups_and_forwards_keep_the_guard_of_the_called_leg() -> None:
    forwards = Forwards(busy=ToExtension(extension="101"))
    pbx = a_pbx(
        extensions=(an_extension("101"), an_extension("102", forwards=forwards, ring_seconds=15)),
        ring_groups=(group(RingOrder.TOGETHER, 2), replace(group(RingOrder.IN_TURN, 2), number="501")),
    )

    assert "Dial(PJSIP/102,15,iU(confgen-called))" in steps(pbx, "extensions", "102")
    assert 'GotoIf($["${DIALSTATUS}" = "BUSY"]?busy)' in steps(pbx, "extensions", "102")
    assert "Dial(PJSIP/200&PJSIP/201,20,iU(confgen-called))" in steps(pbx, "extensions", "500")
    assert steps(pbx, "extensions", "501")[1:3] == [
        f"Dial(PJSIP/{number},20,iU(confgen-called))" for number in ("200", "201")
    ]


def test_every_device_of_an_extension_rings_by_an_address_that_can_name_nobody_else() -> None:
    several = replace(an_extension("101"), contacts=2)
    groups = (group(RingOrder.TOGETHER, 2), replace(group(RingOrder.IN_TURN, 2), number="501"))
    pbx = a_pbx(
        extensions=(several, replace(several, number="200"), replace(several, number="201")), ring_groups=groups
    )

    assert steps(pbx, "extensions", "101")[1:3] == [
        "Gosub(confgen-devices,101,1(3000))",
        "Dial(${CONFGEN_101},60,iU(confgen-called))",
    ]
    assert steps(pbx, "extensions", "500")[1:4] == [
        "Gosub(confgen-devices,200,1(1500))",  # what Dial() is given has an end, behind which its guard would be lost
        "Gosub(confgen-devices,201,1(1500))",
        "Dial(${CONFGEN_200}&${CONFGEN_201},20,iU(confgen-called))",
    ]
    assert steps(pbx, "extensions", "501")[3:5] == [
        "Gosub(confgen-devices,201,1(3000))",
        "Dial(${CONFGEN_201},20,iU(confgen-called))",
    ]
    asked, parted, cleaned, joined, *_ = steps(pbx, "confgen-devices", "101")
    assert asked == "Set(CONFGEN_101=${PJSIP_DIAL_CONTACTS(101)})"
    assert parted == "Set(CONFGEN_101=${STRREPLACE(CONFGEN_101,&PJSIP/101/sip,|)})"
    assert cleaned == r"Set(CONFGEN_101=${REPLACE(CONFGEN_101,&()\\x2c\\x22\\x5c,_)})"
    assert joined == "Set(CONFGEN_101=${STRREPLACE(CONFGEN_101,|,&PJSIP/101/sip)})"
    assert "func_strings" in modules(pbx)


def test_only_the_modules_that_the_dialplan_needs_are_loaded_and_the_users_own_besides() -> None:
    plain = modules(a_pbx(trunks=(), routes=()))
    line = a_channel("line")
    more = modules(
        a_pbx(
            provider_trunks=(a_provider_trunk("carrier", most_calls=2),),
            channels=(line,),
            emergency=an_emergency(ByChannel(channel=line)),
            modules=("app_voicemail", "func_logic"),
        )
    )

    own = {"func_strings", "func_logic", "func_groupcount", "res_pjsip_header_funcs", "chan_dahdi", "app_voicemail"}
    assert not own & set(plain)
    assert own <= set(more)
    assert len(more) == len(set(more))


@pytest.mark.parametrize("context", ["phones", "peers", "extensions", "from-carrier", "confgen-routes"])
@pytest.mark.parametrize("where", ["route", "forward", "otherwise", "did"])
def test_a_context_of_confgens_own_is_no_destination(context: str, where: str) -> None:
    end = ToContext(context=context, number="100")
    pbx = with_destination(where, end)

    assert codes(pbx) == ["DIAL-15"]
    assert codes(replace(pbx, manages=frozenset({Part.SIP}))) == []
    assert codes(with_destination(where, ToContext(context="services", number="100"))) == []


def with_destination(where: str, end: ToContext) -> Pbx:
    dids: tuple[Did, ...] = ()
    pbx = a_pbx()
    match where:
        case "route":
            pbx = replace(pbx, routes=(Route(numbers="5XX", way=end, place=PLACE),))
        case "forward":
            pbx = replace(pbx, extensions=(an_extension("101", forwards=Forwards(no_answer=end)),))
        case "otherwise":
            pbx = replace(pbx, ring_groups=(replace(group(RingOrder.TOGETHER, 2), otherwise=end),))
        case _:
            dids = (Did(number="4930", destination=end, place=PLACE),)
    return replace(pbx, provider_trunks=(a_provider_trunk("carrier", dids=dids),))


def test_no_more_phones_ring_together_than_a_line_of_the_dialplan_can_name() -> None:
    assert codes(a_pbx(ring_groups=(group(RingOrder.TOGETHER, MOST_TOGETHER),))) == []
    assert codes(a_pbx(ring_groups=(group(RingOrder.TOGETHER, MOST_TOGETHER + 1),))) == ["DIAL-16"]
    assert codes(a_pbx(ring_groups=(group(RingOrder.IN_TURN, MOST_TOGETHER + 1),))) == []
