"""The report of the LLaMA cohort, as a build publishes it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import extruct
import frictionless
import lxml.html
import pypdf
import pytest

from analysis_helpers.report.pages.pdf import renumbered, with_browser
from project import CHAPTERS, EDITIONS, PAGES, copied, run, started

WIDTHS = [320, *(pytest.param(width, marks=pytest.mark.soak) for width in (390, 768, 1280))]
BOTH = [*PAGES, *(f"he/{name}" for name in PAGES)]


def build(project: Path, *options: object) -> None:
    status, _, said = run("build", "--notebooks", "notebooks", *options, folder=project)
    assert status == 0, said


@pytest.fixture(scope="session")
def changed(published: Path, made_once: Callable[..., Path]) -> Path:
    """The project again, after one of the three who stayed has left."""

    def make(folder: Path) -> None:
        shutil.copytree(published, folder, dirs_exist_ok=True)
        table = folder / "data" / "llama" / "authors.csv"
        text = table.read_text(encoding="utf-8")
        stayed = "חאווייר מרטינט,,מהנדס המחקר,,,,line 7"
        assert stayed in text
        gone = 'חאווייר מרטינט,,מהנדס המחקר,מיסטרל,אפריל 2025,"9 שנים, 2 חודשים",line 7'
        table.write_text(text.replace(stayed, gone), encoding="utf-8")
        build(folder)

    return made_once("changed", make)


def test_everything_that_readers_may_rely_on_is_published(report: Path) -> None:
    published = {path.relative_to(report).as_posix() for path in report.rglob("*")}
    figures = ["timeline", "headcount", "destinations", "tenures", "retention", "fragility"]
    edition = {
        "README.md",
        "claims.csv",
        "claims.json",
        "data",
        "data/authors.csv",
        "datapackage.json",
        "figures",
        *(f"{name}.html" for name in PAGES),
        *(f"figures/{name}.{kind}" for name in figures for kind in ("svg", "png", "csv")),
    }
    assert published == edition | {"SHA256SUMS", "he"} | {f"he/{name}" for name in edition}


def test_claims_are_numbers_months_and_verdicts(report: Path) -> None:
    claims = json.loads((report / "claims.json").read_text(encoding="utf-8"))
    keys = ["id", "says", "source", "measure", "where", "expect", "low", "high", "stated", "needed"]
    keys += ["verdict", "checked_by", "reading", "readings", "sources", "counted", "possible"]
    keys += ["by_construction", "rows_to_change"]
    assert all(list(claim) == keys for claim in claims)
    assert {claim["checked_by"] for claim in claims} == {"table", "sources", None}
    by_measure = {claim["measure"]: claim for claim in claims if claim["measure"]}
    assert type(by_measure["departed"]["low"]) is int
    assert re.fullmatch(r"\d{4}-\d\d", by_measure["last_departure"]["high"])


@pytest.mark.parametrize("edition", EDITIONS)
def test_pages_are_light(report: Path, edition: str) -> None:
    sizes = {name: (report / edition / f"{name}.html").stat().st_size for name in PAGES}
    assert sizes.pop("index") <= 340_000
    assert max(sizes.values()) <= 130_000


@pytest.mark.soak
def test_a_report_built_elsewhere_and_otherwise_is_the_same_bytes(
    published: Path, tmp_path: Path
) -> None:
    """Another folder, time zone, locale, hash seed and order, without a cache; one by one."""
    other = copied(tmp_path / "elsewhere")
    otherwise = {
        "TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "he_IL.UTF-8", "PYTHONHASHSEED": "7",
        "COLUMNS": "40",
    }  # fmt: skip
    notebooks = ["--notebooks", "notebooks"]
    done = started("build", "--lang", "he", *notebooks, folder=other, **otherwise)
    assert done.returncode == 0, done.stderr
    one_processor = "import os; os.cpu_count = lambda: 1; "
    code = one_processor + "from analysis_helpers.__main__ import main; main()"
    subprocess.run(
        [sys.executable, "-c", code, "build", "--lang", "en", "--force", *notebooks],
        cwd=other,
        env={**os.environ, **otherwise},
        check=True,
        capture_output=True,
    )

    def files(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }

    assert files(other / "reports") == files(published / "reports")


# --- the Hebrew edition

# What is not English prose: names, and where something is stated.
NAMES = re.compile(
    r"https?://\S+|\S+\.(?:org|com|in|ai|ca|uk|me|de|dev|news|toml|csv|html)\b|^# [\w-]+$|"
    r"\bpandas\b|analysis-helpers|"
    r"French company register, SIREN [\d ]+|Open and Efficient Foundation Language Models"
)
PROSE = re.compile(r"\b[a-z]{2,}\b")


def texts(page: Path) -> list[tuple[str, bool]]:
    """Every text that a reader of a page meets, and whether it is marked as English."""
    tree = lxml.html.fromstring(page.read_text(encoding="utf-8"))
    # What analysts see of pandas is as it is.
    pandas = "//details[@class='work']//*[@lang='en']"
    for element in tree.xpath(f"//script | //style | //pre | //code | {pandas}"):
        if element.getparent() is not None:
            element.drop_tree()
    found = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        marked = any(up.get("lang") == "en" for up in [element, *element.iterancestors()])
        above = any(up.get("lang") == "en" for up in element.iterancestors())
        found += [(element.text or "", marked), (element.tail or "", above)]
        attributes = ("aria-label", "alt", "title", "content")
        found += [(element.get(name, ""), False) for name in attributes]
    kept = [(text.strip(), marked) for text, marked in found if text.strip()]
    return [each for each in kept if not re.match("width=device-width|default-src", each[0])]


@pytest.mark.parametrize("name", PAGES)
def test_no_english_sentence_is_left_in_the_hebrew_edition(report: Path, name: str) -> None:
    found = texts(report / "he" / f"{name}.html")
    assert sum(bool(re.search("[א-ת]", text)) for text, _ in found) > 20
    left = [text for text, _ in found if PROSE.search(NAMES.sub("", text))]
    assert left == []


def test_an_english_sentence_in_it_would_be_noticed(report: Path) -> None:
    english = texts(report / "index.html")
    assert sum(bool(PROSE.search(NAMES.sub("", text))) for text, _ in english) > 200


def test_the_hebrew_gallery_is_hebrew(report: Path) -> None:
    gallery = (report / "he" / "README.md").read_text(encoding="utf-8")
    assert gallery.startswith('<div dir="rtl">')
    links = re.sub(r"\]\([^)]*\)|<[^>]*>|claims\\?\.json|[\w/\\]+\.(?:csv|json)", "", gallery)
    assert PROSE.findall(links) == []


def test_both_editions_say_the_same(report: Path) -> None:
    english, hebrew = (
        json.loads((report / folder / "claims.json").read_text(encoding="utf-8"))
        for folder in (".", "he")
    )
    for one, other in zip(english, hebrew, strict=True):
        assert re.search("[א-ת]", other["says"])
        findings = [
            [source.pop("finding") for source in each["sources"] or []] for each in (one, other)
        ]
        assert len(findings[0]) == len(findings[1])
        for each in (one, other):
            said = [each, *(each["readings"] or [])]
            assert all(reading.pop("reading", None) is None or True for reading in said)
        assert one | {"says": ""} == other | {"says": ""}
    for name in ("data/authors.csv",):
        assert (report / name).read_bytes() == (report / "he" / name).read_bytes()
    for name in PAGES:
        shapes = [
            re.findall(r"<(h\d|table|figure|section|article|tr|svg)\b", page.read_text())
            for page in (report / f"{name}.html", report / "he" / f"{name}.html")
        ]
        # The names and roles stand in the article's own language, without a form beside it.
        assert shapes[0] == shapes[1]


def test_hebrew_of_a_page_runs_from_right_to_left(browser: Any, report: Path) -> None:
    """Measured where the letters are: each text, letter by letter, in figures and in prose."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto((report / "he" / "index.html").as_uri())
    wrong = page.evaluate(
        """() => {
        const wrong = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const at = (node, i) => {
            const range = document.createRange();
            range.setStart(node, i); range.setEnd(node, i + 1);
            return range.getBoundingClientRect();
        };
        let checked = 0;
        for (let node; node = walker.nextNode();) {
            const text = node.data;
            for (let i = 0; i + 1 < text.length; i++) {
                const pair = text.slice(i, i + 2);
                const hebrew = /^[א-ת]{2}$/.test(pair), latin = /^([A-Za-z]{2}|\\d{2})$/.test(pair);
                if (!hebrew && !latin) continue;
                const [a, b] = [at(node, i), at(node, i + 1)];
                if (!a.width || !b.width || Math.abs(a.top - b.top) > 2) continue;
                checked++;
                if (hebrew ? a.left <= b.left : a.left >= b.left) wrong.push(text);
            }
        }
        return checked > 5000 ? wrong : [`only ${checked} pairs`];
    }"""
    )
    assert wrong == []
    page.close()


@pytest.fixture(scope="session")
def foreign(made_once: Callable[..., Path]) -> Path:
    """The example of `new`, an English cohort, in both editions."""

    def make(folder: Path) -> None:
        assert run("new", "data/team", folder=copied(folder))[0] == 0
        build(folder, "--cohort", "data/team", "--lang", "en", "--lang", "he")

    return made_once("foreign", make) / "reports" / "team"


def test_an_english_cohort_has_a_hebrew_frame_and_its_own_texts_marked(foreign: Path) -> None:
    found = texts(foreign / "he" / "index.html")
    assert sum(bool(re.search("[א-ת]", text)) for text, _ in found) > 100
    title = "The authors of the Example paper"
    assert (title, True) in found
    unmarked = [text for text, marked in found if not marked and re.search("[A-Za-z]{2}", text)]
    in_text = [text for text in unmarked if not re.search("[א-ת\u2066-\u2069]|^# ", text)]
    assert set(in_text) <= {title}  # the title of the window cannot be marked


def test_the_hebrew_edition_of_an_english_cohort_is_accessible(browser: Any, foreign: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((foreign / "he" / "index.html").as_uri())
    found = [(v["id"], v["nodes"][0]["html"]) for v in Axe().run(page).response["violations"]]
    assert found == []
    page.close()


# --- what other programs read


@pytest.mark.parametrize("folder", [".", "he"])
def test_an_independent_reader_finds_a_review_of_each_claim_that_was_checked(
    report: Path, folder: str
) -> None:
    claims = json.loads((report / folder / "claims.json").read_text(encoding="utf-8"))
    checked = [claim for claim in claims if claim["checked_by"]]
    html = (report / folder / "index.html").read_text(encoding="utf-8")
    found = extruct.extract(html, syntaxes=["json-ld"])["json-ld"]
    assert [review["claimReviewed"] for review in found] == [claim["says"] for claim in checked]
    articles = [review["itemReviewed"]["appearance"] for review in found]
    assert articles[0]["inLanguage"] == "he"
    assert {each["@id"] for each in articles} == {articles[0]["@id"]}
    for review, claim in zip(found, checked, strict=True):
        assert review["url"] == f"#claim-{claim['id']}"
        assert f'id="claim-{claim["id"]}"' in html
        assert ("reviewRating" in review) == (claim["verdict"] != "inconclusive")


def test_frictionless_finds_the_data_package_valid(report: Path) -> None:
    found = frictionless.validate(str(report / "datapackage.json"))
    assert found.valid, found.flatten(["type", "message"])
    (task,) = found.tasks
    assert task.stats["rows"] == 14


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", BOTH)
def test_a_page_shuts_nobody_out_and_asks_nobody_for_anything(
    browser: Any, report: Path, name: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    address = (report / f"{name}.html").as_uri()
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert [url for url in asked if not url.startswith("data:")] == [address]
    found = [(v["id"], v["nodes"][0]["html"]) for v in Axe().run(page).response["violations"]]
    assert found == []
    for any_width in (320, 768, 1280):
        page.set_viewport_size({"width": any_width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= any_width
    page.close()


@pytest.mark.parametrize("edition", EDITIONS)
def test_figures_keep_the_width_in_which_they_were_drawn(
    browser: Any, report: Path, edition: str
) -> None:
    for width in (1280, 390):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto((report / edition / "index.html").as_uri())
        beyond = page.evaluate(
            """[...document.querySelectorAll('.figure svg')].filter(s => s.clientWidth)
            .flatMap(s => [...s.querySelectorAll('text')].filter(
                t => t.getBoundingClientRect().right > s.getBoundingClientRect().right + 1
                    || t.getBoundingClientRect().left < s.getBoundingClientRect().left - 1
            )).map(t => t.textContent)"""
        )
        assert beyond == []
        page.close()


def pages_of(element: Any, numbers: dict[int, int], page: int | None = None) -> set[int]:
    """The numbers of the pages on which an element of a PDF's structure has something."""
    element = element.get_object()
    if isinstance(element, list):
        return set().union(*(pages_of(child, numbers, page) for child in element))
    if isinstance(element, int):
        return {page} if page is not None else set()
    if "/Pg" in element:
        page = numbers[element.raw_get("/Pg").idnum]
    if element.get("/Type") == "/MCR":
        return {page} if page is not None else set()
    return pages_of(element["/K"], numbers, page) if "/K" in element else set()


def structure(element: Any, kind: str) -> Iterator[Any]:
    """Every element of a kind in a PDF's structure."""
    element = element.get_object()
    if isinstance(element, dict):
        if element.get("/S") == kind:
            yield element
        element = [element["/K"]] if "/K" in element else []
    if isinstance(element, list):
        for child in element:
            yield from structure(child, kind)


def test_the_numbers_of_tagged_elements_do_not_depend_on_where_the_browser_began() -> None:
    """One print of sixty began later, and the rows of a table refer to their headers by number."""
    early, late = (
        b"/ID (node%08d) /Headers [(node%08d)] /ID (node%08d)" % (last, first, first)
        for first, last in ((1976, 1979), (1985, 1988))
    )
    expected = b"/ID (node00000002) /Headers [(node00000001)] /ID (node00000001)"
    assert renumbered(early) == renumbered(late) == expected


def test_the_pdf_is_tagged_has_bookmarks_and_cuts_no_figure_or_row(
    browser: Any, published: Path, tmp_path: Path
) -> None:
    project = shutil.copytree(published, tmp_path / "project")
    report = project / "reports" / "llama"
    build(project, "--lang", "en", "--lang", "he", "--pdf")
    pdf = pypdf.PdfReader(report / "report.pdf")
    numbers = {page.indirect_reference.idnum: page.page_number for page in pdf.pages}
    root = pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]
    figures = [figure for figure in structure(root, "/Figure") if "/Alt" in figure]
    # The row of a table's head has no data cell, and is printed again on each page.
    rows = [row for row in structure(root, "/TR") if list(structure(row, "/TD"))]

    claims = list(structure(root, "/LI"))

    assert len(pdf.pages) <= 12
    assert len(figures) == 6
    assert len(rows) > 25
    assert len(claims) > 50
    for element in figures + rows + claims:
        assert len(pages_of(element, numbers)) <= 1, element
    assert pdf.outline[0]["/Title"] == (
        "By the article’s own list, 11 of the 14 authors had left Meta by May 2025, but its text"
        " disagrees"
        " twice on when they left"
    )
    chapters = [entry["/Title"] for entry in pdf.outline[1] if isinstance(entry, dict)]
    # The first chapter's is the page's own, and what stands in it comes before the other chapters.
    questions = [title for title in chapters if title.endswith("?")]
    assert len(questions) == len(CHAPTERS) - 1
    hebrew = pypdf.PdfReader(report / "he" / "report.pdf").outline
    assert [len(each) for each in (hebrew, hebrew[1])] == [len(pdf.outline), len(pdf.outline[1])]
    said = lxml.html.fromstring((report / "he" / "index.html").read_text(encoding="utf-8"))
    headings = {" ".join(each.text_content().split()) for each in said.xpath("//h1 | //h2 | //h3")}
    for entry in [hebrew[0], *(each for each in hebrew[1] if isinstance(each, dict))]:
        assert entry["/Title"] in headings
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    links = [
        note.get_object()["/A"]["/URI"]
        for page in pdf.pages
        for note in page.get("/Annots", [])
        if "/URI" in note.get_object().get("/A", {})
    ]
    assert [link for link in links if not re.match("https?://", link)] == []
    # On paper an address is read, not followed.
    text = "".join(re.sub(r"\s", "", page.extract_text()) for page in pdf.pages)
    cited = {
        source["url"]
        for claim in json.loads((report / "claims.json").read_text(encoding="utf-8"))
        for source in claim["sources"] or []
    }
    assert len(cited) > 5
    assert cited <= set(links)
    assert [url for url in cited if url not in text] == []
    with_browser()(report / "index.html", tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == (report / "report.pdf").read_bytes()
    build(project)
    assert not (report / "report.pdf").exists()


def test_every_number_follows_the_data(published: Path, changed: Path) -> None:
    def shown(folder: Path) -> dict[str, str]:
        files = [folder / "README.md", *(folder / "reports" / "llama").rglob("*")]
        return {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in files
            if path.is_file() and path.suffix in (".md", ".html", ".svg", ".csv", ".json")
        }

    before, after = shown(published), shown(changed)
    # The lows and highs of the eleven add up to 715 and 757 months; now 109 and 111 join them.
    for old, new in (
        (
            "11 of the 14 authors had left Meta by May 2025",
            "12 of the 14 authors had left Meta by May 2025",
        ),
        ("78.6%", "85.7%"),
        ("to February 2025", "to April 2025"),
        ("Meta for 5.4 to 5.7 years on", "Meta for 5.7 to 6.0 years on"),
        ("65.0 to 68.8", "68.7 to 72.3"),
        (
            "Five of the 11 who left were at Mistral in May 2025",
            "Six of the 12 who left were at Mistral in May 2025",
        ),
        ("Step line falling from 14 to 3", "Step line falling from 14 to 2"),
    ):
        places = [name for name, text in before.items() if old in text]
        assert places, old
        for name in places:
            assert old not in after[name], (name, old)
            assert new in after[name], (name, new)
    verdicts = {
        claim["id"]: claim["verdict"] for claim in json.loads(after["reports/llama/claims.json"])
    }
    assert verdicts["eleven-departed"] == "contradicted"
    assert verdicts["last-departure-february-2025"] == "contradicted"
    assert verdicts["few-left-this-year"] == "supported"


def test_bad_input_leaves_the_report_as_it_was(changed: Path) -> None:
    report = changed / "reports" / "llama"
    before = {path: path.read_bytes() for path in report.rglob("*") if path.is_file()}
    table = changed / "data" / "llama" / "authors.csv"
    good = table.read_bytes()
    table.write_bytes(good.replace("יולי 2024".encode(), "יולל 2024".encode()))
    status, _, said = run("build", folder=changed)
    table.write_bytes(good)
    assert status == 2
    assert "data/llama/authors.csv, line 12 (" in said
    assert 'departed: cannot read "יולל 2024"; did you mean "יולי 2024"?' in said
    assert "Traceback" not in said
    assert before == {path: path.read_bytes() for path in report.rglob("*") if path.is_file()}
