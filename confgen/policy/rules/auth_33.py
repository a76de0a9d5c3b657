"""Extensions with many devices at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.policy.rule import Rule, Together
from confgen.policy.telling import told_of_extensions
from confgen.policy.weights import WARNED_WHERE_STRICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.finding import Finding
    from confgen.policy.company import Company

_MOST = 5  # devices that one person has


def _check(company: Company) -> Iterator[Finding]:
    for pbx in company.pbxs:
        yield from told_of_extensions(
            "AUTH-33",
            pbx,
            [extension for extension in pbx.extensions if extension.contacts > _MOST],
            f"more than {_MOST} devices may register as {{who}} of `{pbx.name}`: one more is not noticed",
            "give each person an extension of its own, and ring them together by a ring group",
        )


_TOGETHER = Together(
    message=f"more than {_MOST} devices may register as each of the extensions {{who}} of `{{pbx}}`: one more is not "
    "noticed"
)

RULE = Rule(code="AUTH-33", severity=None, profiles=WARNED_WHERE_STRICT, check=_check, together=_TOGETHER)
