"""What Asterisk shows of its transports and endpoints against what was pushed. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import answers, waivers
from confgen.drivers.asterisk.verdicts import all_or_each, question
from confgen.model.check import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confgen.drivers.asterisk.configuration import Option, Section
    from confgen.model.check import Check
    from confgen.model.inventory import Pbx

# Which code speaks of which option; an option that is not named here is spoken of by STATE-03.
_CODES = {
    "transport": {
        "protocol": "CLEAR-01",
        "method": "TLS-01",
        "cipher": "TLS-02",
        "verify_server": "TLS-03",
        "verify_client": "TLS-03",
        "require_client_cert": "TLS-03",
        "cert_file": "CERT-01",
        "priv_key_file": "CERT-01",
        "ca_list_file": "CERT-01",
    },
    "endpoint": {
        "media_encryption": "SRTP-01",
        "media_encryption_optimistic": "SRTP-02",
        "srtp_tag_32": "SRTP-03",
        "direct_media": "SRTP-03",
        "t38_udptl": "SRTP-03",
        "use_avpf": "SRTP-03",
        "rtcp_mux": "SRTP-03",
        "dtls_verify": "SRTP-03",
        "dtls_fingerprint": "SRTP-03",
        "dtls_setup": "SRTP-03",
        "dtls_cert_file": "CERT-01",
        "dtls_private_key": "CERT-01",
        "dtls_ca_file": "CERT-01",
        "auth": "AUTH-01",
        "identify_by": "AUTH-01",
        "outbound_auth": "AUTH-01",
        "trust_id_inbound": "AUTH-01",
        "context": "DIAL-01",
        "allow_transfer": "DIAL-01",
    },
}
# Written in another way than the command line shows, or not shown: `disallow` is part of `allow`, an access list shows
# as a name, a display name is shown without its quotes; local networks are compared as a set.
_NOT_COMPARED = frozenset(
    {"type", "disallow", "callerid", "deny", "permit", "local_net", "send_pai", "trust_id_outbound"}
)
_PLACEHOLDER = re.compile(r"<(?:env|file|command|on_host):")


def transport_checks(
    pbx: Pbx, expected: Mapping[tuple[str, str], Section], blocks: Mapping[str, str]
) -> Iterator[Check]:
    """Every transport is TLS, was pushed, is there and has the values that were pushed."""
    answer = blocks.get("pjsip show transports", "")
    if not answer.strip():
        yield question("CLEAR-01", "transports").unknown("Asterisk did not tell its transports")
        return
    found = answers.transports(answer)
    declared = {name: section for (kind, name), section in expected.items() if kind == "transport"}
    waived = waivers.names(pbx, "transport", expected)
    clear = {name: entry for name, entry in found.items() if entry[0] not in {"tls", "wss"} and name not in waived}
    yield from all_or_each(
        "CLEAR-01",
        "transports",
        [
            (name, f"the transport {name} is {protocol} on {bind}: SIP in clear text")
            for name, (protocol, bind) in clear.items()
        ],
        "every other SIP transport is TLS" if waived else "every SIP transport is TLS",
        mend="remove it and restart Asterisk: a reload leaves its socket open",
    )
    others = [name for name in found if name not in declared and name not in clear]
    missing = [name for name in declared if name not in found]
    yield from all_or_each(
        "STATE-02",
        "transports",
        [(name, f"the transport {name} was not pushed") for name in others],
        "no transport but those that were pushed",
    )
    yield from all_or_each(
        "STATE-01",
        "transports",
        [(name, f"the transport {name} is not there") for name in missing],
        f"{len(declared)} transport(s) are there",
    )
    there = {name: declared[name] for name in declared if name in found}
    yield from _values("transport", {name: there[name] for name in there if name not in waived}, blocks)
    yield from _waived_values(
        pbx,
        "transport",
        {name: there[name] for name in there if name in waived},
        blocks,
        "CLEAR-01",
        "SIP in clear text",
    )


def endpoint_checks(
    pbx: Pbx, expected: Mapping[tuple[str, str], Section], blocks: Mapping[str, str]
) -> Iterator[Check]:
    """Every endpoint was pushed, is there and has the values that were pushed."""
    answer = blocks.get("pjsip list endpoints", "")
    if not answer.strip():
        yield question("STATE-01", "endpoints").unknown("Asterisk did not tell its endpoints")
        return
    found = answers.endpoints(answer)
    declared = {name: section for (kind, name), section in expected.items() if kind == "endpoint"}
    yield from all_or_each(
        "STATE-01",
        "endpoints",
        [(name, f"the endpoint {name} is not there") for name in declared if name not in found],
        f"all {len(declared)} endpoints are there",
    )
    yield from all_or_each(
        "STATE-02",
        "endpoints",
        [
            *((name, f"the endpoint {name} was not pushed") for name in found if name not in declared),
            # the list cuts a name at its first `/` or blank, as it shows a caller's number behind one
            *(
                (name, f"another endpoint's name begins like {name}")
                for name, times in Counter(found).items()
                if times > 1
            ),
        ],
        "no endpoint but those that were pushed",
    )
    there = {name: declared[name] for name in declared if name in found}
    waived = waivers.names(pbx, "endpoint", expected)
    yield from _values("endpoint", {name: there[name] for name in there if name not in waived}, blocks)
    yield from _waived_values(
        pbx, "endpoint", {name: there[name] for name in there if name in waived}, blocks, "SRTP-01", "as before confgen"
    )


def aor_checks(expected: Mapping[tuple[str, str], Section], blocks: Mapping[str, str]) -> Iterator[Check]:
    """Nobody but the phones that were pushed can register, and no more of them for a name."""
    answer = blocks.get("pjsip list aors", "")
    if not answer.strip():
        yield question("AUTH-21", "aors").unknown("Asterisk did not tell whom it lets register")
        return
    found = answers.aors(answer)
    pushed = {
        name: int(section.value("max_contacts") or 0) for (kind, name), section in expected.items() if kind == "aor"
    }
    yield from all_or_each(
        "AUTH-21",
        "aors",
        [
            (name, f"{many} may register as {name}, pushed was {pushed.get(name, 0)}")
            for name, many in found.items()
            if many > pushed.get(name, 0)
        ],
        f"no more phones may register than was pushed for {len(pushed)} names",
    )


def settings_checks(expected: Mapping[tuple[str, str], Section], blocks: Mapping[str, str]) -> Iterator[Check]:
    """What holds for all endpoints is as pushed, and no message with the keys of its media goes into the log."""
    shown = answers.parameters(blocks.get("pjsip show settings", ""))
    if not shown.keys() >= {"debug", "endpoint_identifier_order"}:
        yield question("STATE-11", "settings").unknown("Asterisk did not tell the settings of its SIP")
        return
    pushed = {
        option.name.lower(): option.value
        for (kind, _), section in expected.items()
        if kind in {"global", "system"}
        for option in _compared(kind, section)
        if option.name in shown
    }
    wrong: dict[str, list[tuple[str, str]]] = {"AUTH-20": [], "STATE-11": []}
    for name, value in pushed.items():
        if not answers.same(name, value, shown[name]):
            code = "AUTH-20" if name == "endpoint_identifier_order" else "STATE-11"
            wrong[code].append((name, f"{name} is {shown[name] or 'empty'}, pushed was {value}"))
    yield from all_or_each(
        "AUTH-20", "settings", wrong["AUTH-20"], f"callers are identified by {shown['endpoint_identifier_order']}"
    )
    yield from all_or_each(
        "STATE-11", "settings", wrong["STATE-11"], f"{len(pushed)} values for all of SIP are as pushed"
    )
    is_logging = pushed.get("debug", "no") == "no" and shown["debug"] != "no"
    told = f"debug is {shown['debug']}: SIP messages, with the keys of their media, go into the log"
    yield from all_or_each(
        "MGMT-12", "settings", [("debug", told)] if is_logging else [], "no SIP message goes into the log"
    )


def _waived_values(
    pbx: Pbx, kind: str, kept: Mapping[str, Section], blocks: Mapping[str, str], code: str, what: str
) -> Iterator[Check]:
    """What a migration keeps is as it was, which is waived, or it is not, which is wrong."""
    if pbx.migration is None:
        return
    wrong = [check for check in _values(kind, kept, blocks) if check.verdict is not Verdict.PASSED]
    yield from wrong
    for name in kept if not wrong else ():
        yield question(code, name).waived(pbx.migration.words, f"the {kind} {name} is {what}")


def _values(kind: str, declared: Mapping[str, Section], blocks: Mapping[str, str]) -> Iterator[Check]:
    told = {name: answers.parameters(blocks.get(f"pjsip show {kind} {name}", "")) for name in declared}
    wrong: dict[str, list[tuple[str, str]]] = {}
    compared: dict[str, int] = {}
    for name, section in declared.items():
        shown = told[name]
        for option in _compared(kind, section):
            if option.name not in shown or _PLACEHOLDER.search(option.value):
                continue
            code = _CODES[kind].get(option.name, "STATE-03")
            compared[code] = compared.get(code, 0) + 1
            if not answers.same(option.name, option.value, shown[option.name]):
                message = f"{kind} {name}: {option.name} is {shown[option.name] or 'empty'}, pushed was {option.value}"
                wrong.setdefault(code, []).append((name, message))
        wrong_network = _wrong_network(section, blocks[f"pjsip show {kind} {name}"]) if shown else None
        if wrong_network is not None:
            wrong.setdefault("STATE-03", []).append((name, f"{kind} {name}: {wrong_network}"))
        if section.values("permit") and shown.get("acl") == "":  # an access list shows as a name, or not at all
            wrong.setdefault("AUTH-01", []).append((name, f"{kind} {name}: its access list is gone"))
    for code, count in sorted(compared.items()):
        yield from all_or_each(
            code, f"{kind}s", wrong.get(code, ()), f"{count} values of {len(declared)} {kind}(s) are as pushed"
        )
    yield from _untold(kind, declared, told)


def _wrong_network(section: Section, answer: str) -> str | None:
    """The local networks of a transport, which are one option many times."""
    pushed = {answers.network(value) for value in section.values("local_net")}
    shown = answers.networks(answer, "local_net")
    if pushed == shown:
        return None
    names = (", ".join(sorted(networks)) or "none" for networks in (shown, pushed))
    return "its local networks are {}, pushed were {}".format(*names)


def _compared(kind: str, section: Section) -> Iterator[Option]:
    """The options that count; of a section of the user's own, which may write them in many ways, those of security."""
    is_ours = section.place is None or section.place.file == "pjsip.conf"
    counting = {option.name.lower(): replace(option, name=option.name.lower()) for option in section.options}
    for name, option in counting.items():
        if name not in _NOT_COMPARED and (is_ours or name in _CODES.get(kind, {})):
            yield option


def _untold(kind: str, declared: Mapping[str, Section], told: Mapping[str, Mapping[str, str]]) -> Iterator[Check]:
    """What security hangs on is told, or it is unknown."""
    for name, section in declared.items():
        written = {option.name.lower() for option in section.options}
        missing = sorted(written & _CODES[kind].keys() - told[name].keys())
        if missing:
            yield question("STATE-03", name).unknown(
                f"Asterisk did not show {len(missing)} values of the {kind} {name}, such as {missing[0]}"
            )
