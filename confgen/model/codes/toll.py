"""Codes of calls that cost: what may leave, how much of it, and who can be called back."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation
from confgen.model.codes.standards import ASTERISK, DISA, ITSPA, NSA

EXPLANATIONS = (
    Explanation(
        code="DIAL-40",
        title="a route abroad, and no country that may be called",
        meaning="Whoever steals a phone's password calls expensive countries with it, at night and on many lines. So "
        "a call to another country is refused unless `dialling` lists that country, or a route itself names "
        'it (`0043Z.`, or `prepend: "+49"`). This route leads abroad, and nothing is listed: all its calls '
        "end with cause 21. Emergency numbers are never refused.",
        mend="List the countries that the company calls, by their codes. Where the route is there for numbers of "
        "your own country only, list that one.",
        source="https://www.itu.int/rec/T-REC-E.164",
        standards=(ITSPA, DISA),
        example='dialling: {country: "49", countries: ["43", "41"], max_calls: 2}\n',
    ),
    Explanation(
        code="DIAL-41",
        title="numbers at a premium may be called",
        meaning="Numbers such as 0900 in Germany or 900 in North America are billed by whoever answers: they are what "
        "a stolen password is used for. They are refused unless `premium: true` stands in `dialling`. What "
        "counts as one comes from the metadata of libphonenumber. What it does not count passes by definition: "
        "personal numbers (070 in the United Kingdom), 976 within a town of North America, directory "
        "enquiries (118 and more digits), and 0137 in Germany but for those of its numbers that are at a premium. "
        "Codes before a number, which hide the caller's or choose a carrier, are refused where they are known, "
        "which is so in some countries; in others they pass, and what stands behind them with them.",
        mend="Take `premium` out. Who needs one such number gets that one, by a context of your own.",
        standards=(ITSPA,),
    ),
    Explanation(
        code="DIAL-42",
        title="a country that is none",
        meaning="An entry of `countries` is a country code, perhaps with the first digits of an area behind it. This "
        "one is neither: it is the beginning of several codes, or one of satellites and services of the whole "
        "world (870, 881, 882, 979), which cost most. Of a `country` that is none nobody knows how numbers abroad "
        "and at a premium begin.",
        mend="Write the code of each country that is called, such as 43 or 353.",
        source="https://www.itu.int/rec/T-REC-E.164",
        standards=(ITSPA,),
    ),
    Explanation(
        code="DIAL-43",
        title="nothing says from which country a PBX calls",
        meaning="How numbers abroad and at a premium begin differs from country to country: 00 or 011, 0900 or 900. "
        "Without `country` nothing is known of a premium within the country, and both 00 and 011 are taken to "
        "lead abroad, although 011 begins towns in some countries.",
        mend="Write the code of the country whose national numbers the providers take.",
        standards=(ITSPA,),
        example='dialling: {country: "49", countries: ["43", "41"], max_calls: 2}\n',
    ),
    Explanation(
        code="DIAL-44",
        title="a trunk to a provider without a limit of calls",
        meaning="Fraud lives from many calls at once: what one line costs in a night, a hundred lines cost in two "
        "hours. `max_calls` is counted by the dialplan, out and in; emergency calls do not count and are "
        "never refused by it.",
        mend="Write `max_calls` at the trunk, and ask the provider for a limit of money as well.",
        standards=(ITSPA, NSA),
        example="trunks:\n  carrier-hq: {pbx: hq, provider: carrier, max_calls: 10}\n",
    ),
    Explanation(
        code="DIAL-45",
        title="phones without a limit of calls outside",
        meaning="One phone seldom needs more than two calls outside at once; a program that has stolen its password "
        "does. `max_calls` of `dialling` is counted for each phone; emergency calls do not count.",
        mend="Write `max_calls` into `dialling`.",
        standards=(ITSPA,),
        example='dialling: {country: "49", countries: ["43", "41"], max_calls: 2}\n',
    ),
    Explanation(
        code="DIAL-46",
        title="a forward to a number outside",
        meaning="Each call that is sent on outside is paid by the company, for as long as it lasts, and often goes on "
        "in clear: a mobile phone is no encrypted end.",
        mend="Lead it to a phone, a ring group or a mailbox; a soft client on the mobile phone is an extension "
        "like others. Where it has to be, waive it.",
        standards=(ITSPA, "BSI NET.4.2.A15"),
    ),
    Explanation(
        code="DIAL-47",
        title="callers from outside are led outside without a limit",
        meaning="A number of the company leads, directly or over forwards and ring groups, to a number outside, and "
        "its trunk carries any number of calls. Whoever calls that number often enough makes the company pay "
        "for each of these calls.",
        mend="Write `max_calls` at the trunk, or end the chain at a phone.",
        standards=(ITSPA, DISA),
    ),
    Explanation(
        code="DIAL-48",
        title="a number from outside that leads straight outside again",
        meaning="Every such call takes two lines of the PBX and is paid twice, and the caller is heard by one party "
        "more than needed.",
        mend="Let the provider forward the number, or lead it to a phone or a ring group.",
        standards=(ITSPA,),
    ),
    Explanation(
        code="DIAL-49",
        title="a call is sent to a number that the guard refuses",
        meaning="A forward, a ring group or a DID leads to a number outside that is abroad in a country that is not "
        "listed, or at a premium: `dialling` refuses it, and the caller hears that the call is rejected.",
        mend="Correct the number, or list its country in `dialling`.",
        standards=(ITSPA,),
        example='dialling: {country: "49", countries: ["43", "41"], max_calls: 2}\n',
    ),
    Explanation(
        code="DIAL-50",
        title="calls go on in contexts of your own",
        meaning="The guard against calls abroad stands in what confgen renders. What voicemail, menus and queues of "
        "your own dial is not known here, so it is not said to be safe. Not checked is not the same as right.",
        mend="Let them dial by `Goto(phones,NUMBER,1)`, where the guard stands. Give callers from outside no way "
        "to dial in a menu.",
        standards=(ASTERISK,),
    ),
    Explanation(
        code="DIAL-51",
        title="a dialplan of your own, without confgen's guard",
        meaning="`dialplan` is not in `manage`, so whether calls abroad or at a premium are refused there is not "
        "known, and `dialling` has no effect.",
        mend="Add `dialplan` to `manage`, or try it by calls to numbers that nobody should reach.",
        standards=(ASTERISK,),
    ),
    Explanation(
        code="DIAL-53",
        title="a phone shows a number that is none of the company's",
        meaning="The `outside_number` is neither among the DIDs of this PBX's trunks nor the number of a trunk. "
        "Nobody who calls it back reaches the phone, an emergency service least of all; many providers refuse "
        "such calls, and in many countries they are forbidden.",
        mend="Write a number that leads here from outside.",
        standards=("RFC 3325", ITSPA),
    ),
    Explanation(
        code="DIAL-54",
        title="emergency calls have one way out",
        meaning="While this one provider or line is disturbed, nobody here gets help.",
        mend="Add a second way under `via`: ways are tried in order, past every guard and limit.",
        standards=("RFC 6881", DISA),
        example='emergency: {numbers: ["112"], via: [{trunk: carrier-hq}, {channel: isdn}], caller_id: "+49305550100"}',
    ),
    Explanation(
        code="DIAL-55",
        title="an emergency call that nobody can call back",
        meaning="A phone has no `outside_number`, the trunk neither an account nor a `caller_id`, and `emergency` "
        "no `caller_id` either: the emergency services see no number. When the line breaks, they cannot ask where "
        "you are.",
        mend="Write `caller_id` into `emergency`: a number at which somebody answers at all times.",
        standards=("RFC 6881",),
        example='emergency: {numbers: ["112"], via: [{trunk: carrier-hq}], caller_id: "+49305550100"}\n',
    ),
    Explanation(
        code="DIAL-58",
        title="a waiver of emergency calls that lasts longer than a year",
        meaning="An exception that nobody looks at for years becomes the rule, and here lives hang on it.",
        mend="Give it a day within a year.",
        standards=("ISO/IEC 27001:2022 A.5.36",),
    ),
    Explanation(
        code="DIAL-59",
        title="nobody says what digits without a + are taken for",
        meaning="442031234567 is a number of the town where one provider takes numbers as they are dialled in the "
        "country, and one in London where another takes them with the country code in front (E.164). Where neither "
        "the provider's profile nor `number_form` says which, the guard judges a number in both forms, and one that "
        "is refused in either is refused: 2125550100 is New York in the one and Morocco in the other. Numbers that "
        "begin with 0 or with a + mean the same in both.",
        mend="Write `number_form` at the provider, or at the line: `national` or `e164`. A provider or a PBX of your "
        "own that wants a digit before each number, to get a line, takes `national`.",
        source="https://www.itu.int/rec/T-REC-E.164",
        standards=(ITSPA, DISA),
        example="providers:\n  carrier: {domain: sip.carrier.example, number_form: national}\n",
    ),
)
