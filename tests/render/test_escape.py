"""Nothing that an inventory or a secret holds can be more than the value it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from confgen.drivers import asterisk
from confgen.drivers.asterisk.configuration import Section, parse
from confgen.drivers.asterisk.escape import (
    BindAddress,
    CallerId,
    SectionName,
    SipUri,
    Unwritable,
    dialplan_value,
    option_value,
)
from confgen.model.dialling import (
    ByChannel,
    ByTrunk,
    EmergencyWay,
    Forwards,
    RingGroup,
    RingOrder,
    Route,
    ToContext,
    ToExtension,
    ToOutside,
)
from confgen.model.document import Document
from confgen.model.inventory import Include, Pbx
from confgen.model.provider import Did
from confgen.model.secret import Secret
from confgen.render import RenderError, render
from tests import quick
from tests.model.pbxs import (
    PLACE,
    a_channel,
    a_pbx,
    a_provider_trunk,
    a_route,
    a_trunk_end,
    an_emergency,
    an_extension,
    reference,
    secrets_of,
)

SYNTAX = ("\n", "\r", "\0", "\t", "\v", "\x1c", "\x85", "\u2028", ";", ";--", "--;", "\\", "[", "]", "(!)", "(+)", "#")
WORDS = ("=", ">", "=>", '"', "<", ",", "${SHELL(x)}", " ", "password = x", "[x]\ntype = y", "include => phones")
DANGEROUS = st.sampled_from((*SYNTAX, *WORDS))
TEXTS = st.one_of(
    st.text(max_size=20),
    st.lists(st.one_of(DANGEROUS, st.text(max_size=4)), max_size=5).map("".join),
)
PLAIN = a_pbx()


def rendered(pbx: Pbx, secrets: Mapping[str, str] | None = None) -> dict[str, str]:
    """Documents by key, certificates aside; RenderError where a value is refused."""
    known = secrets_of(pbx) | {reference(name): Secret(text) for name, text in (secrets or {}).items()}
    documents: tuple[Document, ...] = render(asterisk.sources(pbx), known)
    return {document.key: document.reveal() for document in documents}


def shape(sections: tuple[Section, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Which sections there are, and which options each of them has, without the values."""
    return [(section.name, tuple(option.name for option in section.options)) for section in sections]


SHAPE = shape(parse(rendered(PLAIN)["pjsip.conf"]))
DIALPLAN_SHAPE = shape(parse(rendered(PLAIN)["extensions.conf"]))


def of_type(sections: tuple[Section, ...], kind: str) -> list[Section]:
    return [section for section in sections if section.value("type") == kind]


@given(secret=TEXTS)
def test_a_secret_is_refused_or_read_back_as_it_was(secret: str) -> None:
    try:
        text = rendered(PLAIN, {"EXTENSION_101": secret})["pjsip.conf"]
    except RenderError:
        return
    sections = parse(text)
    assert shape(sections) == SHAPE
    assert of_type(sections, "auth")[0].value("password") == secret.removesuffix("\n").removesuffix("\r")


@given(name=TEXTS)
def test_a_display_name_is_refused_or_read_back_and_never_gives_another_number(name: str) -> None:
    pbx = replace(PLAIN, extensions=(an_extension("101", display_name=name), PLAIN.extensions[1]))
    try:
        text = rendered(pbx)["pjsip.conf"]
    except RenderError:
        return
    sections = parse(text)
    assert shape(sections) == SHAPE
    assert of_type(sections, "endpoint")[0].value("callerid") == f'"{name}" <101>'
    assert not set('"<>') & set(name)


@given(value=TEXTS, field=st.sampled_from(("domain", "permit", "pbx", "peer", "peer_domain", "bind")))
def test_any_other_value_is_refused_or_read_back_in_its_place(value: str, field: str) -> None:
    extension, trunk = PLAIN.extensions[0], PLAIN.trunks[0]
    pbx = {
        "domain": lambda: replace(PLAIN, domain=value),
        "permit": lambda: replace(PLAIN, extensions=(replace(extension, permit=(value,)), PLAIN.extensions[1])),
        "pbx": lambda: replace(PLAIN, name=value),
        "peer": lambda: replace(PLAIN, trunks=(replace(trunk, peer=value),)),
        "peer_domain": lambda: replace(PLAIN, trunks=(replace(trunk, peer_domain=value),)),
        "bind": lambda: replace(PLAIN, bind=(value,)),
    }[field]()
    try:
        text = rendered(pbx)["pjsip.conf"]
    except RenderError:
        return
    sections = parse(text)
    assert shape(sections) == SHAPE
    endpoint = of_type(sections, "endpoint")[0]
    host = f"[{value}]" if ":" in value else value
    read_back = {
        "domain": (of_type(sections, "global")[0].value("default_realm"), value),
        "permit": (endpoint.value("permit"), value),
        "pbx": (None, None),  # stands in a comment, and nowhere else
        "peer": (None, None),
        "peer_domain": (of_type(sections, "aor")[-1].value("contact"), f"sip:{host}:5061;transport=tls"),
        "bind": (of_type(sections, "transport")[0].value("bind"), f"{host}:5061"),
    }[field]
    assert read_back[0] == read_back[1]


@given(name=TEXTS)
def test_a_name_of_a_section_is_refused_or_heads_just_its_own_sections(name: str) -> None:
    pbx = replace(PLAIN, extensions=(an_extension(name, display_name=None), PLAIN.extensions[1]))
    assume(name not in {"102", "to-branch", "confgen-probe"})
    try:
        text = rendered(pbx)["pjsip.conf"]
    except RenderError:
        return
    sections = parse(text)
    assert shape(sections) == [(name if known == "101" else known, options) for known, options in SHAPE]
    assert of_type(sections, "endpoint")[0].value("auth") == name


@given(name=TEXTS)
def test_a_trunk_by_any_name_adds_nothing_but_itself(name: str) -> None:
    assume(name not in {"101", "102", "confgen-probe"})
    pbx = replace(PLAIN, trunks=(a_trunk_end(name, "branch"),), routes=(a_route("2XX", name),))
    try:
        texts = rendered(pbx)
    except RenderError:
        return
    expected = [(name if known == "to-branch" else known, options) for known, options in SHAPE]
    assert shape(parse(texts["pjsip.conf"])) == expected
    dialplan = parse(texts["extensions.conf"])
    assert shape(dialplan) == DIALPLAN_SHAPE
    called = f"Dial(PJSIP/${{CONFGEN_NUMBER}}@{name},60,iU(confgen-called)b(confgen-hops^s^1))"
    assert called in texts["extensions.conf"]


@given(number=st.one_of(TEXTS, st.from_regex(r"([0-9XZN]|\[[0-9]-[0-9]\]){1,5}\.?", fullmatch=True)))
def test_a_dialled_number_is_refused_or_is_one_pattern_of_one_context(number: str) -> None:
    pbx = replace(PLAIN, routes=(a_route(number, "to-branch"),))
    try:
        text = rendered(pbx)["extensions.conf"]
    except RenderError:
        return
    dialplan = parse(text)
    assert shape(dialplan) == DIALPLAN_SHAPE
    pattern = number if number.isdigit() else f"_{number}"
    routes = next(section for section in dialplan if section.name == "confgen-routes")
    (written,) = routes.values("exten")
    assert written.startswith(f"{pattern},1,Set(CONFGEN_DIALLED=")


@pytest.mark.parametrize("syntax", ["2XX,1,System(id)", "${SHELL(id)}", "2XX/101", "2 3", "2&3", '"2"', "2XX)"])
def test_syntax_of_the_dialplan_is_refused_in_every_value_that_stands_in_it(syntax: str) -> None:
    for pbx in (
        replace(PLAIN, routes=(a_route(syntax, "to-branch"),)),
        replace(PLAIN, routes=(a_route("2XX", syntax),)),
        replace(PLAIN, echo_number=syntax),
    ):
        with pytest.raises(RenderError, match=r"extensions\.conf"):
            rendered(pbx)


@given(number=TEXTS)
def test_an_echo_number_is_refused_or_answers_in_its_two_contexts(number: str) -> None:
    try:
        text = rendered(replace(PLAIN, echo_number=number))["extensions.conf"]
    except RenderError:
        return
    dialplan = {section.name: section for section in parse(text)}
    assert shape(tuple(dialplan.values())) == DIALPLAN_SHAPE
    assert dialplan["confgen-probe"].values("exten") == (f"{number},1,Progress()",)


def with_every_kind_of_call(value: str, field: str) -> Pbx:
    """A PBX whose dialplan holds all that it can hold, one value of it given."""

    def one(name: str, otherwise: str) -> str:
        return value if field == name else otherwise

    line = a_channel("line", dial=one("dial", "DAHDI/g1/") + "{number}" + one("behind", "/x"))
    trunk = a_provider_trunk(
        "carrier",
        dids=(
            Did(number=one("did", "+4930"), destination=ToExtension(extension=one("extension", "101")), place=PLACE),
            Did(
                number="4931",
                destination=ToContext(context=one("context", "services"), number=one("in-context", "menu")),
                place=PLACE,
            ),
        ),
        caller_id=one("caller-id", "+49300"),
        most_calls=3,
    )
    group = RingGroup(
        name="sales",
        number=one("group", "500"),
        members=("101", one("member", "102")),
        order=RingOrder.TOGETHER,
        seconds=20,
        otherwise=ToOutside(number=one("outside", "0555")),
        place=PLACE,
    )
    emergency = an_emergency(
        ByTrunk(trunk="carrier"),
        ByChannel(channel=line),
        numbers=(one("emergency", "112"),),
        caller_id=one("emergency-caller-id", "+49301"),
    )
    emergency = replace(
        emergency,
        ways=(*emergency.ways, EmergencyWay(way=ByTrunk(trunk="to-branch"), number=one("sent", "110"))),
    )
    return replace(
        PLAIN,
        extensions=(
            an_extension("101", outside_number=one("outside-number", "+4930101")),
            an_extension("102", forwards=Forwards(busy=ToExtension(extension="101"))),
        ),
        provider_trunks=(trunk,),
        channels=(line,),
        ring_groups=(group,),
        routes=(
            Route(
                numbers=one("numbers", "0Z."),
                way=ByTrunk(trunk="carrier"),
                strip=1,
                prepend=one("prepend", "+49"),
                place=PLACE,
            ),
            Route(numbers="8X.", way=ByChannel(channel=line), place=PLACE),
            Route(numbers="5XX", way=ToContext(context=one("own-context", "services")), place=PLACE),
        ),
        blocked=(one("blocked", "0900."),),
        emergency=emergency,
        includes=(Include(key="extensions.conf", file=one("file", "company/services.conf"), place=PLACE),),
    )


# How many there are depends on which countries routes name, and in how many ways a number can be read where it arrives;
# their form says that they hold digits alone.
GUARD = re.compile(
    r"exten => _?\+?[0-9XZN[\]-]*\.?,1,(Return\(\)|Hangup\(21\))"
    r"| same => n,Gosub\(confgen-toll[0-9a-z-]*,\+?[0-9*#]*(\$\{CONFGEN_NUMBER(:[0-9]+)?\})?[0-9]*,1\)"
)


def syntax_of(text: str) -> tuple[Counter[str], list[str]]:
    """How often each sign that is syntax stands in a dialplan, comments aside, and what begins its lines."""
    lines = [line for line in text.splitlines() if not line.startswith(";") and not GUARD.fullmatch(line)]
    # `/`, `@`, `+` and names are what values are made of; `_`, `.` and sets are held to by the patterns' own form.
    return (
        Counter(sign for line in lines for sign in line if sign in '${}(),&|"^;#=<>!*\\ \t'),
        [line.partition(" => ")[0] for line in lines if not line.startswith(("[", "#include "))],
    )


FIELDS = [
    *("dial", "behind", "did", "extension", "context", "in-context", "caller-id", "group", "member", "outside"),
    *("emergency", "emergency-caller-id", "sent", "outside-number", "numbers", "prepend", "own-context"),
    *("blocked", "file"),
]
PLAIN_TEXTS = rendered(with_every_kind_of_call("", "none"))
PLAIN_SYNTAX, PLAIN_SECTIONS = syntax_of(PLAIN_TEXTS["extensions.conf"]), len(parse(PLAIN_TEXTS["pjsip.conf"]))


@pytest.mark.parametrize("field", FIELDS)
@given(value=st.one_of(TEXTS, st.from_regex(r"[0-9A-Za-z_+@/.\-]{1,8}", fullmatch=True)))
def test_whatever_a_value_of_the_dialplan_holds_adds_no_syntax(field: str, value: str) -> None:
    assume(
        value and not (field == "numbers" and value.startswith("+"))
    )  # an empty one, and such numbers, read otherwise
    try:
        texts = rendered(with_every_kind_of_call(value, field))
    except RenderError:
        return
    assert syntax_of(texts["extensions.conf"]) == PLAIN_SYNTAX
    assert len(parse(texts["pjsip.conf"])) == PLAIN_SECTIONS


# Each sign and each value is in the quick run, though not each in each.
_SYNTAX = ["1,1,System(id)", "${SHELL(id)}", "1&PJSIP/102", "1)", '1"', "1 2", "1;2", "1|2", "$[1]", "1^2", "#exec x"]


@pytest.mark.parametrize(("syntax", "field"), quick.each(5, product(_SYNTAX, FIELDS)))
def test_syntax_is_refused_in_every_value_of_a_call(field: str, syntax: str) -> None:
    with pytest.raises(RenderError, match=r"(extensions|pjsip)\.conf"):
        rendered(with_every_kind_of_call(syntax, field))


@pytest.mark.parametrize(
    "syntax", ["\n", "\r", "\0", "\t", "\v", "\x1c", "\x7f", "\x85", "\u2028", "\ud800", ";", "\\"]
)
def test_what_could_end_an_option_is_refused_wherever_it_stands(syntax: str) -> None:
    for secret in (f"a{syntax}b", f"{syntax}b", f"a{syntax}{syntax}"):
        with pytest.raises(RenderError):
            rendered(PLAIN, {"EXTENSION_101": secret})


@pytest.mark.parametrize("secret", ["> a", "#include a", "[a]", " a", "a ", "\u3000a"])
def test_what_would_not_be_read_as_part_of_the_value_is_refused(secret: str) -> None:
    with pytest.raises(RenderError):
        rendered(PLAIN, {"EXTENSION_101": secret})


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_line_end_of_a_secrets_file_is_not_part_of_the_secret(end: str) -> None:
    sections = parse(rendered(PLAIN, {"EXTENSION_101": f"a=b #c{end}"})["pjsip.conf"])
    assert of_type(sections, "auth")[0].value("password") == "a=b #c"


def test_a_secret_too_long_for_a_line_of_asterisk_is_refused_since_it_would_be_skipped() -> None:
    assert option_value("x" * 4096)
    with pytest.raises(Unwritable):
        option_value("x" * 4097)
    with pytest.raises(Unwritable):
        option_value("é" * 4000)


def test_truth_and_numbers_are_written_as_asterisk_reads_them() -> None:
    assert [option_value(value) for value in (True, False, 0, 3600)] == ["yes", "no", "0", "3600"]


@pytest.mark.parametrize("value", [None, 1.5, ["a"], object()])
def test_what_is_neither_text_nor_number_has_no_place(value: object) -> None:
    with pytest.raises(Unwritable):
        option_value(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (SipUri("sip:branch.example.test:5061;transport=tls"), "sip:branch.example.test:5061\\;transport=tls"),
        (SipUri("sip:[2001:db8::1]:5061;transport=tls"), "sip:[2001:db8::1]:5061\\;transport=tls"),
        (BindAddress("[::]:5061"), "[::]:5061"),
        (BindAddress("0.0.0.0:5061"), "0.0.0.0:5061"),
        (SectionName("to-branch"), "to-branch"),
        (CallerId('"Zoë, 2nd floor" <101>'), '"Zoë, 2nd floor" <101>'),
        (CallerId("<101>"), "<101>"),
    ],
)
def test_a_value_with_a_form_of_its_own_is_written(value: str, written: str) -> None:
    assert option_value(value) == written


@pytest.mark.parametrize(
    "value",
    [
        SipUri("sip:a;transport=udp:5061;transport=tls"),
        SipUri("sip:a b"),
        SipUri("sip:a\n"),
        BindAddress("[::]x:5061"),
        SectionName("101](!"),
        SectionName("_X."),
        SectionName(""),
        CallerId('"a" <911> "b" <101>'),
    ],
)
def test_a_value_without_its_form_is_refused(value: str) -> None:
    with pytest.raises(Unwritable):
        option_value(value)


@pytest.mark.parametrize("text", ["600", "_2XX", "_[1-3]XX", "to-branch"])
def test_names_and_numbers_are_written_into_the_dialplan(text: str) -> None:
    assert dialplan_value(text) == text


@pytest.mark.parametrize("text", ["6,1", "${EXTEN}", '"', "a b", "a(b)", "600&601", "", "ä"])
def test_syntax_of_the_dialplan_is_refused(text: str) -> None:
    with pytest.raises(Unwritable):
        dialplan_value(text)


@given(text=TEXTS)
def test_a_refusal_does_not_quote_the_value(text: str) -> None:
    sentinel = f"sentinel{text}\n"
    for escape in (option_value, dialplan_value):
        with pytest.raises(Unwritable) as refused:
            escape(sentinel)
        assert "sentinel" not in str(refused.value)
