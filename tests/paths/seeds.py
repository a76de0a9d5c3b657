"""One leg that is not encrypted, put into the clean company: what is changed, and what must be told of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

COMPANY = Path(__file__).parent / "company" / "company.yaml"
_LINE = 'channels: {isdn: {dial: "DAHDI/g1/{number}", signalling: clear, media: clear}}'


@dataclass(frozen=True, kw_only=True)
class Seed:
    """`changes` are texts of the company with what stands there instead; `at` begins where the finding must point."""

    name: str
    changes: tuple[tuple[str, str], ...]
    code: str
    at: str
    path: tuple[str, ...]  # pieces of the message, in their order
    mend: str  # a piece of it

    @property
    def text(self) -> str:
        """The company with its leg."""
        text = COMPANY.read_text(encoding="utf-8")
        for old, new in self.changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        return text

    @property
    def line(self) -> int:
        """Where the finding must point, counted from 1."""
        return self.text[: self.text.index(self.at)].count("\n") + 1


_CARRIER = (
    "  carrier: {domain: sip.carrier.example.test, number_form: national, beyond: {signalling: tls, media: srtp}}"
)
_OF_BRANCH = '      - {numbers: "1XX", trunk: headquarters-branch}\n'
_OF_SERVICE = '      - {numbers: "1XX", trunk: headquarters-service}\n'
_OF_HEADQUARTERS = '      - {numbers: "0.", trunk: carrier, strip: 1}\n'
_TRUNKS = "trunks:\n  headquarters-branch:"


def _line_of_headquarters(dial: str, carries: str) -> tuple[tuple[str, str], ...]:
    route = '      - {numbers: "8X.", channel: isdn, strip: 1}'
    line = f'    channels: {{isdn: {{dial: "{dial}", {carries}}}}}'
    return ((_OF_HEADQUARTERS, f"{_OF_HEADQUARTERS}{route}\n{line}\n"),)


def _provider(name: str, beyond: str, pbx: str) -> tuple[tuple[str, str], ...]:
    trunk = f'{name}-trunk: {{pbx: {pbx}, provider: {name}, account: {{user: us, secret: {{file: "secrets/x"}}}}}}'
    return (
        (_CARRIER, f"{_CARRIER}\n  {name}: {{domain: {name}.example.test{beyond}}}"),
        (_TRUNKS, f"trunks:\n  {trunk}\n  headquarters-branch:"),
    )


_LINE_OF_HEADQUARTERS = _line_of_headquarters("DAHDI/g1/{number}", "signalling: clear, media: clear")

SEEDS = (
    Seed(
        name="the signalling behind a provider",
        changes=((_CARRIER, _CARRIER.replace("signalling: tls", "signalling: clear")),),
        code="PATH-05",
        at="carrier: {domain",
        path=("of headquarters → dial 0. by trunk carrier to carrier and beyond",),
        mend="say so in its `beyond`",
    ),
    Seed(
        name="the media behind a provider",
        changes=((_CARRIER, _CARRIER.replace("media: srtp", "media: clear")),),
        code="PATH-05",
        at="carrier: {domain",
        path=(
            "callers behind carrier by trunk carrier to headquarters → for +49305550100 to ring group desk → phones",
        ),
        mend="say so in its `beyond`",
    ),
    Seed(
        name="nobody knows what is behind a provider",
        changes=((_CARRIER, _CARRIER.replace(", beyond: {signalling: tls, media: srtp}", "")),),
        code="PATH-02",
        at="carrier: {domain",
        path=("up to whoever is behind carrier", "of headquarters → dial 0. by trunk carrier"),
        mend="say so in its `beyond`",
    ),
    Seed(
        name="keys in the signalling behind a provider that nobody knows",
        changes=((_CARRIER, _CARRIER.replace("signalling: tls", "signalling: unknown")),),
        code="PATH-02",
        at="carrier: {domain",
        path=("nobody says how the keys get there",),
        mend="say so in its `beyond`",
    ),
    Seed(
        name="a foreign PBX",
        changes=(
            *_provider("partner", "", "service"),
            (
                _OF_SERVICE,
                f'{_OF_SERVICE}      - {{numbers: "7XX", trunk: partner-trunk}}\n',
            ),
        ),
        code="PATH-02",
        at="partner: {domain",
        path=("phone 401 of service → dial 7XX by trunk partner-trunk to partner and beyond",),
        mend="say so in its `beyond`",
    ),
    Seed(
        name="an SBC that decrypts",
        changes=(
            *_provider("sbc", ", beyond: {signalling: tls, media: clear}", "branch"),
            (_OF_BRANCH, f'{_OF_BRANCH}      - {{numbers: "7XX", trunk: sbc-trunk}}\n'),
        ),
        code="PATH-05",
        at="sbc: {domain",
        path=("phones 201, 202, 203 and 6 more of branch → dial 7XX by trunk sbc-trunk to sbc and beyond",),
        mend="say so in its `beyond`",
    ),
    Seed(
        name="a line in clear",
        changes=_LINE_OF_HEADQUARTERS,
        code="PATH-01",
        at="isdn: {dial",
        path=("of headquarters → dial 8X. by the line isdn",),
        mend="lead these calls by a trunk, which is encrypted; where the line must stay",
    ),
    Seed(
        name="a line of which nobody says what it carries",
        changes=_line_of_headquarters("PJSIP/{number}@isdn", "signalling: tls, media: unknown"),
        code="PATH-02",
        at="isdn: {dial",
        path=("up to the line isdn", "dial 8X. by the line isdn"),
        mend="`channels` at isdn",
    ),
    Seed(
        name="an ISDN line that is said to be encrypted",
        changes=_line_of_headquarters("DAHDI/g1/{number}", "signalling: tls, media: srtp"),
        code="PATH-01",
        at="isdn: {dial",
        path=("DAHDI/ carries neither TLS nor SRTP", "of headquarters → dial 8X. by the line isdn"),
        mend="lead these calls by a trunk, which is encrypted; where the line must stay",
    ),
    Seed(
        name="an IAX2 trunk of the user's own that is said to be encrypted",
        changes=_line_of_headquarters("IAX2/partner/{number}", "signalling: tls, media: srtp"),
        code="PATH-01",
        at="isdn: {dial",
        path=("IAX2/ carries neither TLS nor SRTP", "of headquarters → dial 8X. by the line isdn"),
        mend="lead these calls by a trunk, which is encrypted; where the line must stay",
    ),
    Seed(
        name="a detour through the user's own dialplan that is said to be encrypted",
        changes=_line_of_headquarters("Local/{number}@own", "signalling: tls, media: srtp"),
        code="PATH-02",
        at="isdn: {dial",
        path=("Local/ leads on through a dialplan", "of headquarters → dial 8X. by the line isdn"),
        mend="lead these calls by a trunk, which is encrypted; where the line must stay",
    ),
    Seed(
        name="a dialplan of the user's own in an included file",
        changes=((_OF_BRANCH, f"{_OF_BRANCH}    include: {{extensions.conf: [company.conf]}}\n"),),
        code="PATH-03",
        at="company.conf",
        path=("phones of branch → branch → whatever company.conf leads to",),
        mend="`confgen plan` reads the file on the host",
    ),
    Seed(
        name="a transport of the user's own in an included file",
        changes=((_OF_BRANCH, f"{_OF_BRANCH}    include: {{pjsip.conf: [company.conf]}}\n"),),
        code="PATH-03",
        at="company.conf",
        path=("whatever company.conf leads to", "a transport in it could speak in clear"),
        mend="`confgen plan` reads the file on the host",
    ),
    Seed(
        name="a context of the user's own",
        changes=((_OF_BRANCH, f'{_OF_BRANCH}      - {{numbers: "9X", context: company-services}}\n'),),
        code="PATH-03",
        at='{numbers: "9X"',
        path=("phones 201, 202, 203 and 6 more of branch → dial 9X into the context company-services",),
        mend="lead it by a trunk",
    ),
    Seed(
        name="a 3CX in migration",
        changes=(
            (
                "    anti_hacking:",
                '    migration: {extensions: ["512"], owner: Ann, until: "2026-12-31"}\n    anti_hacking:',
            ),
        ),
        code="PATH-04",
        at='{extensions: ["512"]',
        path=("waived until 2026-12-31 by Ann", "phone 512 of shop → shop, where calls are led unseen → "),
        mend="take each out of `migration`",
    ),
    Seed(
        name="an Asterisk in migration",
        changes=(
            (_OF_BRANCH, f'{_OF_BRANCH}    migration: {{extensions: ["202"], owner: Ann, until: "2026-12-31"}}\n'),
        ),
        code="PATH-04",
        at='{extensions: ["202"]',
        path=("waived until 2026-12-31 by Ann", "phone 202 of branch → dial"),
        mend="take each out of `migration`",
    ),
    Seed(
        name="a migration that has ended",
        changes=(
            (_OF_BRANCH, f'{_OF_BRANCH}    migration: {{extensions: ["202"], owner: Ann, until: "2026-01-31"}}\n'),
        ),
        code="PATH-04",
        at='{extensions: ["202"]',
        path=("the waiver of Ann ended on 2026-01-31", "phone 202 of branch → dial"),
        mend="take each out of `migration`",
    ),
    Seed(
        name="a forward to a line in clear",
        changes=(
            *_LINE_OF_HEADQUARTERS,
            ('"102": {name: Accounting}', '"102": {name: Accounting, forward: {always: {outside: "8123"}}}'),
        ),
        code="PATH-01",
        at="isdn: {dial",
        path=("→ dial 102 → forwarded always on to 8123 outside → (route 8X.) by the line isdn",),
        mend="lead these calls by a trunk, which is encrypted; where the line must stay",
    ),
    Seed(
        name="a forward into a context of the user's own",
        changes=(('"102": {name: Accounting}', '"102": {forward: {no_answer: {context: voicemail}}}'),),
        code="PATH-03",
        at='"102": {forward',
        path=("→ dial 102 → forwarded when nobody answers into the context voicemail",),
        mend="lead it by a trunk",
    ),
    Seed(
        name="what a ring group does otherwise",
        changes=(*_LINE_OF_HEADQUARTERS, ('otherwise: {extension: "103"}', 'otherwise: {outside: "8123"}')),
        code="PATH-01",
        at="isdn: {dial",
        path=("ring group desk → otherwise on to 8123 outside → (route 8X.) by the line isdn",),
        mend="lead these calls by a trunk, which is encrypted; where the line must stay",
    ),
    Seed(
        name="a DID that leads out again",
        changes=(*_LINE_OF_HEADQUARTERS, ('"+49305550101": {extension: "101"}', '"+49305550101": {outside: "8123"}')),
        code="PATH-01",
        at="isdn: {dial",
        path=("callers behind carrier", "→ for +49305550101 on to 8123 outside → (route 8X.) by the line isdn"),
        mend="lead these calls by a trunk, which is encrypted; where the line must stay",
    ),
    Seed(
        name="a way of emergency calls",
        changes=(
            ("via: [{trunk: second-carrier}]", "via: [{trunk: second-carrier}, {channel: isdn}]"),
            ("    sip: {domain: works.example.test}", f"    sip: {{domain: works.example.test}}\n    {_LINE}"),
        ),
        code="DIAL-14",
        at='{numbers: ["112"], via: [{trunk: second-carrier}, {channel',
        path=("112 leaves `works` by the line isdn: clear from there; shown, not blocked",),
        mend="an emergency call goes out",
    ),
    Seed(
        name="a provider behind a peer whose calls are led unseen",
        changes=_provider("mobile", ", beyond: {signalling: clear, media: clear}", "shop"),
        code="PATH-05",
        at="mobile: {domain",
        path=(
            "of headquarters → dial 5[1-9]X by trunk headquarters-shop to shop → shop, where calls are led unseen",
            "→ perhaps by trunk mobile-trunk to mobile and beyond",
        ),
        mend="say so in its `beyond`",
    ),
    Seed(
        name="a forward at a peer to its line in clear",
        changes=(
            ('forward: {unavailable: {outside: "101"}}', 'forward: {unavailable: {outside: "8123"}}'),
            (_OF_BRANCH, f'{_OF_BRANCH}      - {{numbers: "8X.", channel: isdn}}\n    {_LINE}\n'),
        ),
        code="PATH-01",
        at="isdn: {dial",
        path=("→ dial 201 → forwarded when no phone is there on to 8123 outside → (route 8X.) by the line isdn",),
        mend="lead these calls by a trunk, which is encrypted; where the line must stay",
    ),
)
