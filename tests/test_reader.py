"""What a reader can do with the report of the LLaMA cohort, in a browser without scripts."""

from __future__ import annotations

import io
import json
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest

from project import CHAPTERS, EDITIONS, PAGES

Open = Callable[..., Any]


@pytest.fixture
def opened(browser: Any, report: Path) -> Iterator[Open]:
    """Opens a page of the report by name; no script of its own could run, were there one."""
    context = browser.new_context(java_script_enabled=True)
    page = context.new_page()

    def open_(name: str = "index", width: int = 1280, height: int = 800, place: str = "") -> Any:
        page.set_viewport_size({"width": width, "height": height})
        page.goto("about:blank")
        page.goto(f"{(report / name).with_suffix('.html').as_uri()}{place}")
        return page

    yield open_
    context.close()


def claims(report: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((report / "claims.json").read_text(encoding="utf-8"))
    return found


def tree(path: Path) -> Any:
    return lxml.html.fromstring(path.read_text(encoding="utf-8"))


def content(address: str) -> bytes:
    """What an address that holds all of a file holds."""
    with urllib.request.urlopen(address) as answer:
        held: bytes = answer.read()
    return held


# --- links


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_whole_report_needs_no_other_file_and_no_link_in_it_is_dead(
    report: Path, edition: str
) -> None:
    page = tree(report / edition / "index.html")
    ids = set(page.xpath("//@id"))
    addresses = page.xpath("//@href | //@src")
    assert len(addresses) > 200
    for address in addresses:
        if address.startswith("#"):
            assert unquote(address[1:]) in ids, address
        else:
            assert urlsplit(address).scheme in ("http", "https", "mailto", "data"), address


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_whole_report_brings_its_data_along(report: Path, edition: str) -> None:
    folder = report / edition
    page = tree(folder / "index.html")
    carried = {
        link.get("download"): content(link.get("href")) for link in page.xpath("//a[@download]")
    }
    packed = zipfile.ZipFile(io.BytesIO(carried.pop("data.zip")))
    carried |= {name: packed.read(name) for name in packed.namelist()}
    assert set(carried) == {
        "authors.csv",
        "claims.json",
        *(path.name for path in (folder / "figures").glob("*.csv")),
    }
    for name, held in carried.items():
        (file,) = folder.rglob(name) if edition == "he" else _in(folder, name)
        assert held == file.read_bytes(), name


def _in(folder: Path, name: str) -> list[Path]:
    return [path for path in folder.rglob(name) if "he" not in path.relative_to(folder).parts]


def test_a_figures_numbers_are_saved_as_they_are_published(opened: Open, report: Path) -> None:
    page = opened("he/index")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    with page.expect_download() as download:
        page.locator("#figure-timeline a[download]").click()
    assert download.value.suggested_filename == "timeline.csv"
    published = report / "he" / "figures" / "timeline.csv"
    assert Path(download.value.path()).read_bytes() == published.read_bytes()


@pytest.mark.parametrize("edition", EDITIONS)
def test_links_between_chapters_lead_to_where_a_claim_or_a_person_stands(
    report: Path, edition: str
) -> None:
    folder = report / edition
    places = {name: set(tree(folder / f"{name}.html").xpath("//@id")) for name in PAGES}
    people = next(name for name in CHAPTERS if "person-1" in places[name])
    ledger = next(name for name in CHAPTERS if name.endswith("_ledger"))
    led: set[str] = set()
    for name in CHAPTERS:
        for link in tree(folder / f"{name}.html").xpath("//@href"):
            address = urlsplit(link)
            if address.scheme:
                continue
            assert (folder / f"{name}.html").parent.joinpath(address.path or ".").exists(), link
            if not address.fragment:
                continue
            stem = address.path.removesuffix(".html") or name
            assert unquote(address.fragment) in places[stem], link
            if address.fragment.startswith("person-"):
                assert stem == people
                led.add("person")
            if address.fragment.startswith("claim-"):
                assert stem == ledger
                led.add("claim")
    assert led == {"person", "claim"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_claim_has_one_place_with_its_id(report: Path, edition: str) -> None:
    wanted = [f"claim-{claim['id']}" for claim in claims(report / edition)]
    for name in ("index", next(each for each in CHAPTERS if each.endswith("_ledger"))):
        page = tree(report / edition / f"{name}.html")
        assert page.xpath("//*[starts-with(@id, 'claim-')]/@id") == wanted
        links = page.xpath("//p[@class='says']/a/@href")
        assert links == [f"#{place}" for place in wanted]


@pytest.mark.parametrize(("width", "edition"), [(1280, "index"), (390, "he/index")])
def test_a_claim_is_highlighted_when_arrived_at(opened: Open, width: int, edition: str) -> None:
    page = opened(edition, width, place="#claim-few-left-this-year")
    look = (
        "each => { const s = getComputedStyle(each); return s.backgroundColor + s.outlineStyle; }"
    )
    target = page.locator("#claim-few-left-this-year")
    others = page.locator(".claim:not(#claim-few-left-this-year)")
    assert target.evaluate(look) not in {each.evaluate(look) for each in others.all()}
    box = target.bounding_box()
    assert 0 <= box["y"] < 400
    said = target.locator(".says a").evaluate("a => getComputedStyle(a, '::after').content")
    assert "#claim-few-left-this-year" in said


@pytest.mark.parametrize("edition", ["index", "he/index"])
def test_the_evidence_is_open_where_a_card_leads(opened: Open, edition: str) -> None:
    page = opened(edition, 1280)
    inside = "each => each.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})"
    evidence = page.locator("#claim-few-left-this-year dl")
    assert not evidence.evaluate(inside)
    page.locator(".card a[href='#claim-few-left-this-year']").click()
    assert evidence.evaluate(inside)
    assert not page.locator("#claim-some-left-by-january-2023 dl").evaluate(inside)


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_a_figures_title_says_is_not_said_above_or_below_it_again(
    report: Path, edition: str
) -> None:
    page = tree(report / edition / "index.html")
    titles = [each.text_content().strip() for each in page.xpath("//figure//caption")]
    findings = [each.text_content().strip() for each in page.xpath("//p[@class='finding']")]
    assert len(titles) == 6
    assert len(findings) > 6
    assert not any(text.startswith(title) for text in findings for title in titles)


# --- the ledger


def shown(page: Any) -> list[str]:
    """The ids of the claims that are shown, from the top."""
    ids: list[str] = page.evaluate(
        """[...document.querySelectorAll('.claim')].filter(c => c.getClientRects().length)
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map(c => c.id.replace('claim-', ''))"""
    )
    return ids


FIRST = {"contradicted": 0, "inconclusive": 1, "supported": 2, "untestable": 3}


def focus(page: Any, name: str) -> None:
    """Go to a group of choices with the Tab key alone."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"{name} is not reached")


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_ledger_is_filtered_and_ordered_by_keyboard_alone(
    opened: Open, report: Path, edition: str
) -> None:
    page = opened(f"{edition}/06_ledger", 390)
    listed = claims(report / edition)
    # Those first that do not hold; of what is open, what the list decides.
    worst = sorted(
        listed,
        key=lambda claim: (
            FIRST[claim["verdict"]],
            claim["verdict"] == "inconclusive" and claim["checked_by"] == "sources",
        ),
    )
    assert shown(page) == [claim["id"] for claim in worst]

    # The first choice is all of them; an arrow takes the next.
    focus(page, "verdict")
    for verdict in sorted({claim["verdict"] for claim in listed}, key=FIRST.__getitem__):
        page.keyboard.press("ArrowDown")
        assert shown(page) == [each["id"] for each in worst if each["verdict"] == verdict]
    page.keyboard.press("ArrowDown")  # from the last to the first again
    assert len(shown(page)) == len(listed)

    focus(page, "evidence")
    for kind in ("table", "sources"):
        page.keyboard.press("ArrowDown")
        assert shown(page) == [each["id"] for each in worst if each["checked_by"] == kind]

    # Both at once: judged from outside sources, and contradicted.
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    both = [each["id"] for each in worst if each["checked_by"] == "sources"]
    assert shown(page) == [name for name in both if _verdict(listed, name) == "contradicted"] == []
    assert page.locator(".none").is_visible()
    page.keyboard.press("ArrowUp")
    assert not page.locator(".none").is_visible()

    focus(page, "order")
    page.keyboard.press("ArrowDown")
    assert shown(page) == [each["id"] for each in listed if each["checked_by"] == "sources"]
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) != "none"


def _verdict(listed: list[dict[str, Any]], name: str) -> str:
    return next(each["verdict"] for each in listed if each["id"] == name)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_evidence_of_a_claim_opens_by_keyboard(opened: Open, edition: str) -> None:
    page = opened(f"{edition}/06_ledger", 390)
    focus(page, "order")
    claim = page.locator("#claim-few-left-this-year")
    page.evaluate("document.querySelector('#claim-few-left-this-year .says a').focus()")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert claim.locator("dl").is_visible()
    assert claim.locator("dl a[href*='person-']").first.is_visible()


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_whole_report_fits_a_small_phone(opened: Open, edition: str) -> None:
    page = opened(f"{edition}/index", 320)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    # Nothing is pushed sideways but what stands folded: a figure's numbers, and pandas.
    wider = page.evaluate(
        """[...document.querySelectorAll('main *')].filter(e =>
            !e.closest('svg, .work, .data, .unseen, thead, h2:first-child')
            && e.scrollWidth > e.clientWidth + 1
            && getComputedStyle(e).display !== 'inline' && e.clientWidth
        ).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert wider == []


def test_no_letter_of_a_drawing_is_torn_off_its_word(opened: Open) -> None:
    page = opened("he/index", 1280)
    torn = page.evaluate(
        """[...document.querySelectorAll('.figure svg.wide text')].filter(text =>
            [...text.textContent].some((letter, n) => /[A-Za-z]/.test(letter)
                && text.getExtentOfChar(n).width < 0.5)  // drawn where an unseen mark stands
        ).map(text => text.textContent)"""
    )
    assert torn == []


# --- without a style sheet


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_report_is_read_without_its_style_sheet(
    opened: Open, report: Path, edition: str
) -> None:
    page = opened(f"{edition}/index")
    page.evaluate("document.querySelectorAll('style').forEach(s => s.remove())")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    text = page.inner_text("body")
    places = [
        text.index(page.inner_text(selector))
        for selector in ("h1", ".standfirst", ".card", "ol.claims", "footer")
    ]
    assert places == sorted(places)
    for claim in claims(report / edition):
        said = " ".join(page.inner_text(f"#claim-{claim['id']}").split())
        assert claim["says"] in said
        assert page.locator(f"#claim-{claim['id']} > .says > .verdict").is_visible()
    # One drawing of each figure, not the one for phones as well.
    drawings = page.locator("figure svg").all()
    assert [drawing.is_visible() for drawing in drawings] == [True, False] * 6
    assert page.locator("input[type=radio]").first.is_visible()


# --- the first screen, and what moves


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_first_screen_has_the_finding_the_opening_and_the_beginning_of_the_figure(
    opened: Open, edition: str, width: int, height: int
) -> None:
    page = opened(f"{edition}/index", width, height)
    for selector in ("h1", ".standfirst"):
        box = page.locator(selector).bounding_box()
        assert box["y"] + box["height"] <= height, selector
    drawing = page.locator("#figure-timeline svg:visible")
    box = drawing.bounding_box()
    # The figure's own title and some of what it shows.
    assert box["y"] + 140 <= height
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => list.getEntries().forEach(
    e => window.shifts.push([e.value, ...e.sources.map(s => s.node?.outerHTML?.slice(0, 80))])
)).observe({ type: 'layout-shift', buffered: true });
"""


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_a_page_is_read(
    browser: Any, report: Path, edition: str, width: int
) -> None:
    size = {"width": width, "height": 800}
    page = browser.new_page(viewport=size, reduced_motion="no-preference")
    page.add_init_script(SHIFTS)
    page.goto((report / edition / "index.html").as_uri())
    page.wait_for_selector("h1")  # it is seen
    for _ in range(4):
        page.mouse.wheel(0, 3000)
        page.wait_for_timeout(60)
    assert page.evaluate("window.shifts") == []
    page.close()
