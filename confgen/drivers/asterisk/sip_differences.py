"""What differs between two pjsip.conf: phones, trunks and transports, whatever sections they are made of. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration import Option, objects
from confgen.drivers.asterisk.configuration.words import folded
from confgen.drivers.asterisk.option_differences import option_differences
from confgen.model.plan import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from confgen.drivers.asterisk.configuration import Section

    Objects = Mapping[tuple[str, str], Section]  # by type and name

# What an endpoint is made of besides itself.
_PARTS = ("auth", "aor", "identify", "registration")
# Options of which every value counts; of the others the last one does.
_LISTS = frozenset(
    {
        *("acl", "aors", "auth", "contact", "contact_acl", "contact_deny", "contact_permit", "deny", "local_net"),
        *("match", "match_header", "outbound_auth", "outbound_proxy", "permit", "set_var"),
    }
)
_YES = frozenset({"yes", "true", "y", "t", "1", "on"})
_CODECS = frozenset({"allow", "disallow"})
_FIRST = ("system", "global", "transport")


def sip_differences(before: Iterable[Section], after: Iterable[Section]) -> Iterator[Difference]:
    """Between the sections of two sets; transports first, then trunks and extensions, then the rest."""
    old, new = _Side.of(objects(before)), _Side.of(objects(after))
    alone = sorted(old.alone.keys() | new.alone.keys(), key=_rank)
    for key in (key for key in alone if key[0] in _FIRST):
        yield from _of_object(_named(key), old.alone.get(key), new.alone.get(key))
    for name in sorted(old.endpoints.keys() | new.endpoints.keys()):
        yield from _of_endpoint(name, old, new)
    for key in (key for key in alone if key[0] not in _FIRST):
        yield from _of_object(_named(key), old.alone.get(key), new.alone.get(key))


def subjects(found: Objects) -> Mapping[tuple[str, str], str]:
    """What people call each object: `extension 1001`, `trunk carrier`, `transport transport-tls`."""
    trunks = _Side.of(found).trunks
    return {
        (kind, name): _endpoint(name, is_trunk=name in trunks) if kind == "endpoint" else _named((kind, name))
        for kind, name in found
    }


@dataclass(frozen=True, slots=True)
class _Side:
    """One configuration: endpoints with what belongs to each, and what belongs to none."""

    endpoints: Mapping[str, Objects]
    alone: Objects
    trunks: frozenset[str]

    @classmethod
    def of(cls, found: Objects) -> _Side:
        endpoints: dict[str, dict[tuple[str, str], Section]] = {
            name: {(kind, name): section} for (kind, name), section in found.items() if kind == "endpoint"
        }
        alone = {}
        owners = _owners(found)
        for key, section in found.items():
            if key[0] == "endpoint":
                continue
            owner = owners.get(key)
            if owner is None:
                alone[key] = section
            else:
                endpoints[owner][key] = section
        return cls(endpoints, alone, frozenset(name for name, parts in endpoints.items() if _is_trunk(name, parts)))


def _owners(found: Objects) -> Mapping[tuple[str, str], str]:
    """Whose each part is; one that several endpoints share is nobody's, one that none names is of its namesake."""
    claims: dict[tuple[str, str], set[str]] = {}
    for (kind, name), section in found.items():
        if kind == "endpoint":
            for option, part in (("auth", "auth"), ("outbound_auth", "auth"), ("aors", "aor")):
                for wanted in _words(section, option):
                    claims.setdefault((part, wanted), set()).add(name)
        elif kind in {"identify", "registration"} and (endpoint := section.value("endpoint")) is not None:
            for claimed in ((kind, name), *(("auth", wanted) for wanted in _words(section, "outbound_auth"))):
                claims.setdefault(claimed, set()).add(endpoint)
    for key in found:
        if key[0] in _PARTS and key not in claims:
            claims[key] = {key[1]}
    return {
        key: owner
        for key, names in claims.items()
        if key in found and len(names) == 1 and ("endpoint", owner := next(iter(names))) in found
    }


def _words(section: Section, option: str) -> Sequence[str]:
    return [word.strip() for value in section.values(option) for word in value.split(",")]


def _is_trunk(name: str, parts: Objects) -> bool:
    """A phone registers here, and a trunk there: or it is known by its address, or where it is stands written.

    A peer that registers is told from a phone by this: it is believed who calls.
    """
    endpoint = parts["endpoint", name]
    return (
        endpoint.value("outbound_auth") is not None
        or folded(endpoint.value("trust_id_inbound") or "no") in _YES
        or any(kind in {"identify", "registration"} for kind, _ in parts)
        or any(kind == "aor" and section.value("contact") is not None for (kind, _), section in parts.items())
    )


def _of_endpoint(name: str, old: _Side, new: _Side) -> Iterator[Difference]:
    was, becomes = old.endpoints.get(name), new.endpoints.get(name)
    subject = _endpoint(name, is_trunk=name in (old if becomes is None else new).trunks)
    if was is None or becomes is None:
        yield Difference(subject=subject, before=None if was is None else "", after=None if becomes is None else "")
        return
    yield from _of_object(subject, was["endpoint", name], becomes["endpoint", name])
    for kind in _PARTS:
        for one, other in _pairs(kind, was, becomes):
            if one is None or other is None:
                yield Difference(
                    subject=subject,
                    option=f"its {kind}",
                    before=None if one is None else one.name,
                    after=None if other is None else other.name,
                )
            else:
                yield from _of_object(subject, one, other, prefix=f"{kind} ")


def _pairs(kind: str, was: Objects, becomes: Objects) -> Iterator[tuple[Section | None, Section | None]]:
    """The parts of a kind: by name, and where one is left on each side, that was given another name."""
    old, new = ({name: part for (its, name), part in parts.items() if its == kind} for parts in (was, becomes))
    for name in (name for name in old if name in new):
        yield old[name], new[name]
    gone = [part for name, part in old.items() if name not in new]
    come = [part for name, part in new.items() if name not in old]
    if len(gone) == len(come) == 1:
        yield gone[0], come[0]
    else:
        yield from ((part, None) for part in gone)
        yield from ((None, part) for part in come)


def _of_object(
    subject: str, before: Section | None, after: Section | None, *, prefix: str = ""
) -> Iterator[Difference]:
    if before is None or after is None:
        yield Difference(subject=subject, before=None if before is None else "", after=None if after is None else "")
        return
    if before == after:
        return
    for option, was, becomes in option_differences(_options(before), _options(after), lists=_LISTS):
        yield Difference(subject=subject, option=f"{prefix}{option}", before=was, after=becomes)


def _options(section: Section) -> Sequence[Option]:
    """Without the type, and what `allow` and `disallow` come to as one list of codecs."""
    options = [option for option in section.options if folded(option.name) not in {"type", *_CODECS}]
    if any(folded(option.name) in _CODECS for option in section.options):
        options.append(Option(name="allow", value=",".join(_codecs(section))))
    return options


def _codecs(section: Section) -> Sequence[str]:
    codecs: list[str] = []
    for option in section.options:
        if folded(option.name) not in _CODECS:
            continue
        for word in (part.strip().lower() for part in option.value.split(",")):
            is_taken_away = folded(option.name) == "disallow" or word.startswith("!")
            codec = word.removeprefix("!")
            if codec == "all" and is_taken_away:
                codecs.clear()
            elif is_taken_away:
                codecs = [known for known in codecs if known != codec]
            elif codec and codec not in codecs:
                codecs.append(codec)
    return codecs


def _endpoint(name: str, *, is_trunk: bool) -> str:
    return f"trunk {name}" if is_trunk else f"extension {name}"


def _named(key: tuple[str, str]) -> str:
    kind, name = key
    return kind if kind in {"system", "global"} else f"{kind} {name}"


def _rank(key: tuple[str, str]) -> tuple[int, str, str]:
    kind, name = key
    return (_FIRST.index(kind) if kind in _FIRST else len(_FIRST), kind, name)
