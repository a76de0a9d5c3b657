"""Write rules.md, which is made of what `confgen explain` says: `python -m docs.rules`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from confgen.model.codes import EXPLANATIONS
from confgen.model.codes.explanation import Explanation
from confgen.model.policy import Profile
from confgen.policy.rule import weight_words
from confgen.policy.rules import RULES
from confgen.report.explanations import exceptions, weights

PAGE = Path(__file__).with_name("rules.md")
_COMMAND = "python -m docs.rules"
_AS_MARKDOWN = re.compile(r"([*_<>|\[\]])")
_INTRODUCTION = f"""\
# Rules and codes

<!-- Written by `{_COMMAND}`; what stands here is changed in confgen/model/codes and confgen/policy/rules. -->

Whatever confgen finds has a code that never changes its meaning. `confgen explain CODE` prints what stands here.

The codes of the table are rules: `policy` in the inventory chooses how much they weigh. An error makes `validate` and
`push` fail; what is off is not looked for. What is weaker than the profile takes a reason. A waiver makes a note of
what it covers, which reads `waived until` and is never silent; it ends on its last day. All other codes say that the
inventory is broken, or what was found on a PBX: they can be neither weighed otherwise nor waived.

```yaml
policy:
  profile: strict   # baseline, strict or bsi
  rules:
    VER-03: {{severity: note, reason: these hosts are replaced in March}}   # error, warning, note or "off"
  waivers:
    - {{rule: VER-04, pbx: "branch-*", owner: Ann, reason: no way in from outside, until: "2027-03-31"}}
```

`pbx` and `subject` (what a finding is about on that PBX: an extension's number, a trunk's name) are names, or patterns
with `*` and `?`; `[*]` and `[?]` are the signs themselves. A waiver lasts a year, or is warned of, and two at most; its
last day counts in every time zone.
"""


def page() -> str:
    """The whole page."""
    return "\n".join((_INTRODUCTION, *_table(), "", *_sections()))


def _table() -> Iterator[str]:
    profiles = [profile.value for profile in Profile]
    yield f"| rule | {' | '.join(profiles)} | waivable | what it says | asked for by |"
    yield f"| --- |{' --- |' * len(profiles)} --- | --- | --- |"
    for code in sorted(RULES):
        rule, explanation = RULES[code], EXPLANATIONS[code]
        marks = " | ".join(weight_words(rule.weight(profile)) for profile in Profile)
        waivable = "yes" if rule.is_waivable else "no"
        standards = _text("; ".join(explanation.standards))
        yield f"| [{code}](#{code.lower()}) | {marks} | {waivable} | {_text(explanation.title)} | {standards} |"


def _sections() -> Iterator[str]:
    for code in sorted(EXPLANATIONS):
        yield from _section(EXPLANATIONS[code])


def _section(explanation: Explanation) -> Iterator[str]:
    code = explanation.code
    rule = RULES.get(code)
    yield f"## {code}\n"
    yield f"**{_text(explanation.title)}**\n"
    yield f"{_text(explanation.meaning)}\n"
    yield f"*How to mend it:* {_text(explanation.mend)}\n"
    if explanation.example:
        yield f"```\n{explanation.example.rstrip()}\n```\n"
    if rule is not None:
        yield f"{weights(rule)} {exceptions(rule)}\n"
    if explanation.standards:
        yield f"*Asked for by:* {_text('; '.join(explanation.standards))}\n"
    if explanation.source:
        yield f"*Source:* {_text(explanation.source)}\n"


def _text(text: str) -> str:
    """Text as it stands, where Markdown would read signs in it; what stands between backticks it leaves alone."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick that is none of a pair
        return _AS_MARKDOWN.sub(r"\\\1", text.replace("`", "\\`"))
    return "`".join(
        part.replace("|", "\\|") if number % 2 else _AS_MARKDOWN.sub(r"\\\1", part) for number, part in enumerate(parts)
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
