"""The pages in a real browser."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from .samples import ATTACK

NAMES = ["index", "01_summary", "02_tenure", "03_planted", "04_ledger"]
WIDTHS = [320, *(pytest.param(width, marks=pytest.mark.soak) for width in (768, 1280))]


@pytest.fixture
def opened(browser: Any, pages: Path) -> Iterator[Any]:
    """Opens a page by name; every request and every message of its own is in `seen`."""
    page = browser.new_page()
    page.seen = []
    page.on("request", lambda request: page.seen.append(request.url))
    page.on("console", lambda message: page.seen.append(message.text))

    def open_(name: str, width: int = 1280) -> Any:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto((pages / f"{name}.html").as_uri())
        return page

    yield open_
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_accessible_and_never_scrolls_sideways(
    opened: Any, name: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(name, width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = [(v["id"], v["nodes"][0]["html"]) for v in Axe().run(page).response["violations"]]
    assert found == []
    for any_width in (320, 768, 1280):
        page.set_viewport_size({"width": any_width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= any_width


@pytest.mark.parametrize("name", NAMES)
def test_a_page_asks_nobody_for_anything_and_runs_nothing(opened: Any, name: str) -> None:
    page = opened(name)
    page.hover("main")

    assert [url for url in page.seen if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in page.seen if url.startswith("file:")]) == 1
    assert page.evaluate("window.planted") is None


def test_what_was_planted_is_there_to_be_read(opened: Any) -> None:
    text = opened("03_planted").inner_text("main")

    assert text.count(ATTACK) == 3
    assert "<iframe src='https://evil.example'>" in text
    assert "onmouseover='window.planted=1'" in text


@pytest.mark.parametrize("name", NAMES)
def test_one_heading_at_the_top_no_level_skipped_no_id_twice(opened: Any, name: str) -> None:
    page = opened(name)
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert [i for i, times in Counter(ids).items() if times > 1] == []
    links = "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => decodeURI(a.hash).slice(1))"
    assert set(page.evaluate(links)) <= set(ids)


def test_the_wide_or_the_narrow_drawing_is_shown(opened: Any) -> None:
    for width, shown in ((599, "narrow"), (600, "wide")):
        page = opened("02_tenure", width)
        assert page.locator("figure svg:visible").get_attribute("class") == shown
        label = page.locator("figure [role=img]").get_attribute("aria-label")
        assert label == 'Six bars; the longest is "Author 1", at 81 months.'


def test_what_does_not_hold_is_seen_without_scrolling(opened: Any) -> None:
    page = opened("index")
    box = page.locator(".cards").first.bounding_box()

    assert box["y"] + box["height"] <= 800


def test_everything_is_reached_by_keyboard_with_a_visible_focus(opened: Any) -> None:
    page = opened("02_tenure")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    stops = []
    for _ in range(30):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.tagName"))
        if stops[-1] != "BODY":
            assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    assert {"A", "SUMMARY", "DIV"} <= set(stops)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_forbids_what_it_does_not_need(pages: Path, name: str) -> None:
    html = (pages / f"{name}.html").read_text()

    assert (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    ) in html
    assert '<html lang="en" dir="ltr">' in html
    assert len(html.encode()) <= (300_000 if name == "index" else 130_000)
    assert "injected" not in html
    assert "¶" not in html


def test_each_claim_carries_review_data(pages: Path) -> None:
    html = (pages / "index.html").read_text()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert block is not None
    reviews = json.loads(block[1])
    assert [review["claimReviewed"] for review in reviews] == ["Eleven have left.", ATTACK]
    assert all("ld+json" not in (pages / f"{name}.html").read_text() for name in NAMES[1:])


def test_a_figure_is_written_as_files_of_its_own(pages: Path) -> None:
    svg = (pages / "figures" / "tenures.svg").read_text()
    root = ElementTree.fromstring(svg)

    assert "alert" not in svg
    assert svg.count("@font-face") == 2 * 3  # letters and signs of each typeface
    assert root.get("aria-label", "").startswith("Six bars")
    assert (pages / "figures" / "tenures.csv").read_text() == "name,months\nAuthor 1,81\n"
    assert (pages / "figures" / "tenures.png").read_bytes().startswith(b"\x89PNG")


def test_the_gallery_has_every_verdict_and_figure(pages: Path) -> None:
    gallery = (pages / "README.md").read_text()

    assert "| Eleven have left. | supported |" in gallery
    assert '![Six bars; the longest is "Author 1", at 81 months.](figures/tenures.png)' in gallery
    assert "<script" not in gallery
    assert "[How long had they stayed?](02_tenure.html)" in gallery
