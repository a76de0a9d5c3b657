"""What differs between the options of two sections; order and the ways to write `yes` do not count. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from confgen.drivers.asterisk.configuration.words import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from confgen.drivers.asterisk.configuration import Option, Section

    OptionDifference = tuple[str, str | None, str | None]  # option, before, after; None where it is not there

# Of these every one counts, and the last that fits decides: their order does count.
_RULES = (("permit", "deny"), ("contact_permit", "contact_deny"))
_WITH_COMMAS = frozenset({"match_header", "set_var"})  # in one value
_YES = frozenset({"yes", "true", "y", "t", "on"})
_NO = frozenset({"no", "false", "n", "f", "off"})


def merged(sections: Iterable[Section]) -> Mapping[str, Sequence[Option]]:
    """Options by section: those of one name are taken for one."""
    found: dict[str, tuple[Option, ...]] = {}
    for section in sections:
        found[section.name] = (*found.get(section.name, ()), *section.options)
    return found


def option_differences(
    before: Sequence[Option], after: Sequence[Option], *, lists: Collection[str] | None = None
) -> Iterator[OptionDifference]:
    """By option; of an option in `lists` every value counts, of another the last one does.

    Where `lists` are not known, every value of an option counts that stands there several times.
    """
    old, new = _values(before, lists), _values(after, lists)
    written = {folded(option.name): option.name for option in (*before, *after)}
    for folded_name, name in written.items():
        was, becomes = old.get(folded_name, ()), new.get(folded_name, ())
        gone, come = Counter(was) - Counter(becomes), Counter(becomes) - Counter(was)
        if gone.total() == come.total() == 1:
            yield name, next(iter(gone)), next(iter(come))
        else:
            yield from ((name, value, None) for value in gone.elements())
            yield from ((name, None, value) for value in come.elements())
    yield from _order_of_rules(before, after)


def _values(options: Sequence[Option], lists: Collection[str] | None) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for option in options:
        found.setdefault(folded(option.name), []).append(option.value)
    return {
        name: tuple(map(_plain, values if lists is None else _that_count(name, values, lists)))
        for name, values in found.items()
    }


def _that_count(name: str, values: Sequence[str], lists: Collection[str]) -> Sequence[str]:
    """Several values of a list may stand in one line, as in `match = 192.0.2.1,192.0.2.2`."""
    if name not in lists:
        return values[-1:]
    return values if name in _WITH_COMMAS else [part.strip() for value in values for part in value.split(",")]


def _plain(value: str) -> str:
    word = value.lower()
    return "yes" if word in _YES else "no" if word in _NO else value


def _order_of_rules(before: Sequence[Option], after: Sequence[Option]) -> Iterator[OptionDifference]:
    for words in _RULES:
        was, becomes = _rules(before, words), _rules(after, words)
        if was != becomes and Counter(was) == Counter(becomes):
            yield f"order of {words[0]} and {words[1]}", "; ".join(was), "; ".join(becomes)


def _rules(options: Sequence[Option], words: Collection[str]) -> Sequence[str]:
    return [f"{folded(option.name)} {option.value}" for option in options if folded(option.name) in words]
