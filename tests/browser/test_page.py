"""The page of `verify --html` in a real browser: seen, by keyboard, and as a screen reader is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from confgen.model.inventory import Pbx
from confgen.report.answer import Answer
from confgen.report.html import page
from tests.browser.chromium import Chromium
from tests.browser.conftest import Screenshot
from tests.report.companies import ONE, ONE_PROVEN, THREE, THREE_WITH_TROUBLE, star, star_answer
from tests.report.hostile import hostile

pytestmark = pytest.mark.browser

Open = Callable[..., str]
MADE = datetime(2027, 1, 5, 9, 30, tzinfo=UTC)
FAILING = "phones of branch: signalling unknown, media failed"
COMPANIES = {
    "one": (ONE_PROVEN, ONE),
    "three": (THREE_WITH_TROUBLE, THREE),
    "forty": (star_answer(40, "branch-7"), star(40)),
    "many": (star_answer(300, "branch-7", "branch-211"), star(300)),
    "hostile": (hostile(THREE_WITH_TROUBLE), THREE),
}
# Contrast as WCAG 2 counts it, of each piece of text against what is painted behind it.
_CONTRASTS = """
(() => {
  const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const known = new Map();
  const parsed = colour => {
    if (known.has(colour)) return known.get(colour);
    context.clearRect(0, 0, 1, 1); context.fillStyle = colour; context.fillRect(0, 0, 1, 1);
    known.set(colour, [...context.getImageData(0, 0, 1, 1).data]);
    return known.get(colour);
  };
  const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const shape = e.closest('.pill') && e.parentElement.querySelector(':scope > path');
      if (shape) return parsed(getComputedStyle(shape).fill);
      const box = e.parentElement?.querySelector(':scope > .box');
      if (box) return parsed(getComputedStyle(box).fill);
      const colour = parsed(getComputedStyle(e).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.checkVisibility())
    .filter(e => !['title', 'STYLE'].includes(e.tagName) && !e.classList.contains('skip'))
    .map(e => {
      const style = getComputedStyle(e);
      const ink = parsed(e.ownerSVGElement ? style.fill : style.color);
      const pair = [ink, behind(e)].map(luminance).sort((a, b) => b - a);
      return [e.textContent.slice(0, 40), (pair[0] + .05) / (pair[1] + .05)];
    })
    .filter(([, ratio]) => ratio < 4.5);
})()
"""


@pytest.fixture
def opened(chromium: Chromium, tmp_path: Path) -> Iterator[Open]:
    """Open the page of a company; whatever it asks for or complains of ends the test."""

    def open_page(told: Answer, pbxs: Sequence[Pbx], **settings: Any) -> str:  # noqa: ANN401, of the window
        path = tmp_path / "proof.html"
        path.write_text(page(told, pbxs, MADE), encoding="utf-8")
        chromium.open(path.as_uri(), **settings)
        return path.as_uri()

    yield open_page
    complaints = (
        "Runtime.consoleAPICalled",
        "Runtime.exceptionThrown",
        "Log.entryAdded",
        "Page.javascriptDialogOpening",
    )
    assert [event for event in chromium.events if event.get("method") in complaints] == []
    asked = [
        event["params"]["request"]["url"]
        for event in chromium.events
        if event.get("method") == "Network.requestWillBeSent"
    ]
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in asked if url.startswith("file:")]) == 1


def accessible(chromium: Chromium) -> Sequence[Mapping[str, Any]]:
    """What assistive technology is told of, without what it is told to ignore."""
    nodes = chromium.send("Accessibility.getFullAXTree")["nodes"]
    return [node for node in nodes if not node.get("ignored")]


def names(nodes: Sequence[Mapping[str, Any]], role: str) -> list[str]:
    return [node["name"]["value"] for node in nodes if node["role"]["value"] == role]


def focused(chromium: Chromium) -> str:
    """The name of what has the focus."""
    return str(
        chromium.value("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")
    )


@pytest.mark.parametrize(
    ("company", "width", "scheme"),
    [
        *product(("one", "three", "hostile"), (1200, 360), ("light", "dark")),
        ("forty", 360, "dark"),
        ("many", 360, "light"),
    ],
)
def test_the_page_fits_reads_well_and_asks_for_nothing(
    company: str,
    width: int,
    scheme: str,
    opened: Open,
    chromium: Chromium,
    screenshot: Screenshot,
) -> None:
    opened(*COMPANIES[company], width=width, scheme=scheme)

    assert chromium.value("document.documentElement.scrollWidth <= window.innerWidth")
    assert chromium.value(_CONTRASTS) == []
    assert chromium.value("document.scripts.length") == 0
    if company != "hostile":
        screenshot(f"{company}-{scheme}-{width}")


def test_the_two_schemes_differ(opened: Open, chromium: Chromium) -> None:
    def paper(scheme: str) -> str:
        opened(ONE_PROVEN, ONE, scheme=scheme)
        chromium.events.clear()
        return str(chromium.value("getComputedStyle(document.body).backgroundColor"))

    assert paper("light") != paper("dark")
    opened(ONE_PROVEN, ONE)


def test_a_failing_leg_is_found_by_keyboard_and_leads_to_what_is_wrong(opened: Open, chromium: Chromium) -> None:
    opened(THREE_WITH_TROUBLE, THREE)
    passed_by = []
    while FAILING not in passed_by:
        chromium.press("Tab")
        passed_by.append(focused(chromium))
        assert len(passed_by) < 20

    assert passed_by[0] == "To what is wrong, and what was proven"
    assert chromium.value("getComputedStyle(document.activeElement.querySelector('.pill path')).strokeWidth") == "3.5px"
    chromium.press("Enter")
    target = "document.querySelector(location.hash)"
    assert chromium.value(f"{target}.querySelector('h3').textContent") == "branch"
    assert chromium.value(f"{target}.getBoundingClientRect().top < window.innerHeight")
    assert chromium.value(f"{target}.querySelector('pre').checkVisibility()")


def test_a_link_to_what_was_proven_opens_it(opened: Open, chromium: Chromium) -> None:
    opened(THREE_WITH_TROUBLE, THREE)
    assert not chromium.value("document.querySelector('#leg-1').checkVisibility()")

    chromium.value(
        "document.querySelector('.leg[href=\"#leg-1\"]').dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )

    assert chromium.value("document.querySelector('#leg-1').checkVisibility()")


def test_a_screen_reader_is_told_of_every_leg_in_the_drawing_and_in_a_table(opened: Open, chromium: Chromium) -> None:
    opened(THREE_WITH_TROUBLE, THREE)
    nodes = accessible(chromium)

    links = names(nodes, "link")
    assert FAILING in links
    assert len([name for name in links if ": signalling " in name]) == 6
    assert {"branch: not proven", "headquarters: proven", "warehouse: unknown"} <= set(links)
    assert names(nodes, "columnheader") == ["Leg", "Signalling", "Media"]
    assert "Phones of branch 8 phones" in [" ".join(name.split()) for name in names(nodes, "rowheader")]
    cells = names(nodes, "cell") + names(nodes, "gridcell")
    assert len(cells) == 12
    headings = names(nodes, "heading")
    assert headings[0] == "Not proven: something is wrong"
    assert {"branch", "headquarters", "What is wrong, and how to mend it"} <= set(headings)
    assert {"main", "contentinfo", "banner"} <= {node["role"]["value"] for node in nodes}


def test_symbols_are_not_read_aloud(opened: Open, chromium: Chromium) -> None:
    opened(THREE_WITH_TROUBLE, THREE)

    told = [name for role in ("StaticText", "cell", "link") for name in names(accessible(chromium), role)]

    assert [text for text in told if "✕" in text] == []


def test_each_leg_of_forty_pbxs_is_drawn(opened: Open, chromium: Chromium) -> None:
    opened(*COMPANIES["forty"])

    assert chromium.value("document.querySelectorAll('.leg').length") == 40 + 39
    assert chromium.value("Math.min(...[...document.querySelectorAll('.leg')].map(e => e.getBBox().width))") > 50


def test_letters_of_the_drawing_are_large_enough_on_a_phone(opened: Open, chromium: Chromium) -> None:
    for company in COMPANIES.values():
        opened(*company, width=360)
        chromium.events.clear()
        scale = chromium.value("document.querySelector('svg').getScreenCTM().a")
        letters = (
            "Math.min(...[...document.querySelectorAll('svg text')].map(e => parseFloat(getComputedStyle(e).fontSize)))"
        )
        assert chromium.value(letters) * scale > 9
    opened(ONE_PROVEN, ONE)


def test_on_paper_everything_is_open(opened: Open, chromium: Chromium) -> None:
    opened(THREE_WITH_TROUBLE, THREE)
    chromium.send("Emulation.setEmulatedMedia", media="print")
    try:
        assert chromium.value("document.querySelector('#leg-1').getBoundingClientRect().height") > 20
    finally:
        chromium.send("Emulation.setEmulatedMedia", media="")
