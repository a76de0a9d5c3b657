"""What every page has: its head, its verdict, a few facts, and a foot."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from confgen import __version__
from confgen.model.check import Verdict
from confgen.report.html.looks import SYMBOLS, look
from confgen.report.html.markup import Markup, element, together
from confgen.report.html.style import STYLE

# Nothing is fetched and nothing runs, whatever a PBX has managed to say.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_ICON_COLOURS: Mapping[Verdict, str] = {Verdict.PASSED: "#17693f", Verdict.FAILED: "#ab1e18"}


def document(verdict: Verdict, headline: str, inventory: str, *body: Markup) -> str:
    """The whole page; its icon is part of it, so that no browser asks a server for one."""
    about = f": {inventory}" if inventory else ""
    colour = _ICON_COLOURS.get(verdict, "#7d4f00")
    circle = f'<circle cx="8" cy="8" r="7" fill="{colour}"/>'
    icon = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{circle}</svg>'
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{SYMBOLS[verdict]} {headline}{about}"),
        element("link", rel="icon", href=f"data:image/svg+xml,{quote(icon)}"),
        element("style", Markup(STYLE)),
    )
    return f"<!doctype html>\n{element('html', head, element('body', *body), lang='en')}\n"


def heading(verdict: Verdict, headline: str, lead: str) -> Markup:
    """The verdict, and what it is made of in a line."""
    seal = element("span", SYMBOLS[verdict], class_="seal", aria_hidden="true")
    words = element("div", element("h1", headline), element("p", lead, class_="lead"))
    return element("div", seal, words, class_=f"verdict {look(verdict)}")


def facts(told: Mapping[str, str]) -> Markup:
    """Facts by name; those that say nothing are left out."""
    rows = (element("div", element("dt", name), element("dd", value)) for name, value in told.items() if value)
    return element("dl", *rows, class_="facts")


def footer(words: str) -> Markup:
    """What must be known to read the page right."""
    return element("footer", together(element("p", words), element("p", f"confgen {__version__}")))
