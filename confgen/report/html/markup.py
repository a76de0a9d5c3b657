"""Elements of HTML and SVG from text that is not trusted: whatever is not markup already is escaped."""

from __future__ import annotations

from html import escape

from confgen.report.visible import one_line

_MOST = 2000  # characters of one text
_EMPTY = frozenset({"br", "link", "meta", "path", "rect", "circle"})


class Markup(str):
    """Text in which everything is markup on purpose."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | float) -> Markup:
    """An element with its children; `class_` and `aria_label` are the attributes `class` and `aria-label`."""
    told = "".join(f' {_name(key)}="{_text(str(value))}"' for key, value in attributes.items())
    if name in _EMPTY:
        return Markup(f"<{name}{told}/>")
    return Markup(f"<{name}{told}>{together(*children)}</{name}>")


def together(*parts: str) -> Markup:
    """Several pieces one after the other."""
    return Markup("".join(part if isinstance(part, Markup) else _text(part) for part in parts))


def prose(text: str) -> Markup:
    """Words in which what stands between backticks is to be typed."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # one of them has no other
        return together(text)
    return together(*(element("code", part) if number % 2 else part for number, part in enumerate(parts)))


def preformatted(lines: tuple[str, ...]) -> Markup:
    """Lines that were made visible, with their ends."""
    return Markup("\n".join(escape(line) for line in lines))


def _name(key: str) -> str:
    return key.removesuffix("_").replace("_", "-")


def _text(text: str) -> str:
    """In one visible line, cut short, and escaped for text and for attributes alike."""
    left = len(text) - _MOST
    cut = text if left <= 0 else f"{text[:_MOST]}… (and {left} more characters)"
    start, end = (" " if cut[:1].isspace() else ""), (" " if cut[-1:].isspace() and cut.strip() else "")
    return escape(f"{start}{one_line(cut)}{end}")
