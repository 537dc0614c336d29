"""From executed notebooks to the files that a reader opens."""

from __future__ import annotations

import base64
import gc
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from html import escape, unescape
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import jinja2
import nbformat
from nbconvert.exporters import HTMLExporter

from analysis_helpers.language import ENGLISH, Language
from analysis_helpers.report.errors import BuildError
from analysis_helpers.report.executed import FIGURE, Notebook
from analysis_helpers.report.pages import figures
from analysis_helpers.report.pages.bidi import isolated
from analysis_helpers.report.pages.claimreview import claim_reviews
from analysis_helpers.report.pages.figures import Figure
from analysis_helpers.report.pages.sanitise import sanitise

TEMPLATE = Path(__file__).parent / "template"
MARK = "<!--figure-->"
"""Where a figure goes in a chapter: a comment, since no notebook's own comes through."""


@dataclass(frozen=True)
class Chapter:
    """A notebook as a page shows it; `body` has marks where its figures go."""

    stem: str
    title: str
    body: str
    figures: list[Figure]


def export(
    notebooks: Mapping[str, Notebook],
    report: dict[str, Any],
    site: Path,
    *,
    language: str,
    others: Mapping[str, str],
) -> None:
    """Write the pages, the figures and the gallery of an edition into `site`.

    `report` holds `title`, `description` and `claims`, and whatever else its maker knows; `others`
    says where the editions in other languages are, seen from here.
    """
    say = Language.of(language)
    chapters = [_chapter(stem, notebook, say) for stem, notebook in notebooks.items()]
    pictures: dict[str, Figure] = {}
    for figure in (figure for chapter in chapters for figure in chapter.figures):
        if pictures.setdefault(figure["name"], figure) != figure:
            raise BuildError(f"two different figures are named {figure['name']!r}")
        figures.write(figure, site / "figures")

    environment = _environment()
    page = environment.get_template("page.html.j2")
    address = report.get("address")
    common = {
        "report": report,
        "chapters": chapters,
        "lang": language,
        "dir": say.direction,
        "_": say,
        "address": address,
        "lead": next(iter(pictures.values()), None),
        "style": _style(),
        "editions": [
            {
                "lang": other,
                "folder": folder,
                "address": urljoin(address, folder) if address else None,
                "label": Language(other).own_name,
                "beside": say("The same report in {language}, beside this file").format(
                    language=say.language_name(other)
                ),
            }
            for other, folder in others.items()
        ],
    }
    reviews = claim_reviews(report, language)
    bodies = _bodies(chapters, 1, environment, say)
    homes = {
        name: chapter.stem
        for chapter, body in zip(chapters, bodies, strict=True)
        for name in _ids(body)
    }
    data = {name: (site / name) for name in DATA if (site / name).is_file()}
    whole = {
        "whole": True,
        "file": "index.html",
        "bodies": bodies,
        "reviews": reviews,
        "downloads": _carried([data[name] for name in CARRIED if name in data], say),
    }
    _write_page(site / "index.html", page, common | whole, say)
    for index, chapter in enumerate(chapters):
        last = index == len(chapters) - 1
        (body,) = _bodies([chapter], 0, environment, say)
        single = {
            "whole": False,
            "file": f"{chapter.stem}.html",
            "chapter": chapter,
            "bodies": [_with_homes(body, homes)],
            "before": chapters[index - 1] if index else None,
            "after": None if last else chapters[index + 1],
            "reviews": "",
            "downloads": _downloads({name: name for name in data}, say),
        }
        _write_page(site / f"{chapter.stem}.html", page, common | single, say)
    gallery = environment.get_template("gallery.md.j2")
    text = gallery.render(common, figures=pictures.values(), files=[*data, "datapackage.json"])
    write(site / "README.md", text)


@cache
def _style() -> str:
    """The style sheet, without what only its authors read."""
    text = (TEMPLATE / "style.css").read_text(encoding="utf-8")
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r": +", ":", re.sub(r"\s*([{};,\n])\s*", r"\1", bare)).strip()


DATA = ("claims.json", "claims.csv", "data/authors.csv")
"""What a page offers for download."""
CARRIED = ("claims.json", "data/authors.csv")
"""What the whole report brings along: `claims.csv` says the same as `claims.json`."""


def _downloads(addresses: Mapping[str, str], say: Language) -> list[dict[str, str]]:
    labels = {
        "claims.json": say("Claims and verdicts (JSON)"),
        "claims.csv": say("Claims and verdicts (CSV)"),
        "data/authors.csv": say("The clean table (CSV)"),
        "data.zip": say("All data: claims, verdicts and the clean table (ZIP)"),
    }
    return [
        {"name": name.rpartition("/")[2], "href": address, "label": labels[name]}
        for name, address in addresses.items()
    ]


def _carried(files: Sequence[Path], say: Language) -> list[dict[str, str]]:
    """The files, packed into one, as an address that holds all of them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes(), compresslevel=9)
    content = base64.b64encode(packed.getvalue()).decode()
    return _downloads({"data.zip": f"data:application/zip;base64,{content}"}, say)


def _shortest(text: str) -> str:
    """What follows in an address that holds a text: percent signs for Latin, base64 for others."""
    encoded = base64.b64encode(text.encode()).decode()
    return min("," + quote(text, safe="/,:;()+"), ";base64," + encoded, key=len)


def _ids(body: str) -> list[str]:
    return re.findall(r'<[^<>]* id="([^"]+)"', body)


def _with_homes(body: str, homes: Mapping[str, str]) -> str:
    """A chapter by itself: links to what stands in another lead to the page of that one."""
    own = set(_ids(body))

    def link(match: re.Match[str]) -> str:
        name = match[1]
        stem = homes.get(name)
        return match[0] if name in own or stem is None else f'href="{stem}.html#{name}"'

    return re.sub('href="#([^"]+)"', link, body)


@cache
def warm_up() -> None:
    """Have the libraries compile now, while others work, what they put off until it is needed.

    What is there afterwards stays, and is not searched for garbage again.
    """
    table = nbformat.v4.new_output("display_data", {"text/html": "<p>"})  # type: ignore[no-untyped-call]
    cells = [
        nbformat.v4.new_markdown_cell("# *One*"),  # type: ignore[no-untyped-call]
        nbformat.v4.new_code_cell("1 + 1", outputs=[table]),  # type: ignore[no-untyped-call]
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    _bodies([_chapter("warm-up", notebook, ENGLISH)], 0, _environment(), ENGLISH)
    for name in ("page.html.j2", "figure.html.j2", "gallery.md.j2"):
        _environment().get_template(name)
    figures.font_faces(letters="a", reading="en")
    gc.freeze()


# What the style sheet sets with serifs.
_WITH_SERIFS = r'<h[1-6][ >].*?</h[1-6]>|<p class="statement">.*?</p>'


def _write_page(
    path: Path, page: jinja2.Template, values: Mapping[str, Any], say: Language
) -> None:
    bodies, report = "".join(values["bodies"]), values["report"]
    letters = set(bodies) | set(report["title"])
    headings = set(report["headline"] if values["whole"] else "")
    headings |= {letter for chapter in values["chapters"] for letter in chapter.title}
    for heading in re.findall(_WITH_SERIFS, bodies, re.DOTALL):
        headings |= set(_text(heading))
    fonts = figures.font_faces(letters=letters, headings=headings, reading=say.code)
    text = page.render(values, fonts=fonts)
    write(path, isolated(text) if say.right_to_left else text)


def write(path: Path, text: str) -> None:
    path.write_text(text.rstrip() + "\n", encoding="utf-8", newline="\n")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE),
        autoescape=jinja2.select_autoescape(["html.j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["markdown"] = _escape_markdown
    return environment


# Chapters


def _chapter(stem: str, notebook: Notebook, say: Language) -> Chapter:
    cells = [_translated(cell, say) for cell in notebook["cells"]]
    found = [
        figures.check(output["data"][FIGURE])
        for cell in cells
        for output in cell.get("outputs", [])
        if FIGURE in output.get("data", {})
    ]
    body, _resources = _exporter(say).from_notebook_node(
        nbformat.from_dict({**notebook, "cells": cells})  # type: ignore[no-untyped-call]
    )
    title = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.DOTALL)
    body = _said_once(body, [figure["title"] for figure in found])
    return Chapter(stem, _text(title[1]) if title else stem, body, found)


def _said_once(body: str, titles: Sequence[str]) -> str:
    """The findings without a first sentence that is the title of one of the figures."""

    def rest(match: re.Match[str]) -> str:
        text = _text(match[1])
        for title in titles:
            if text.startswith(f"{title}."):
                text = text.removeprefix(f"{title}.").strip()
        return f'<p class="finding">{escape(text, quote=False)}</p>' if text else ""

    return re.sub(r'<p class="finding">([^<]*)</p>', rest, body)


def _translated(cell: dict[str, Any], say: Language) -> dict[str, Any]:
    """The cell with its prose in the language of the edition: the English text is the key."""
    prose = cell["source"]
    if cell["cell_type"] != "markdown" or not prose.strip():
        return cell
    return {**cell, "source": str(say(prose))}


@cache
def _exporter(say: Language) -> HTMLExporter:
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="chapter", extra_template_basedirs=[str(TEMPLATE)], exclude_anchor_links=True
    )
    exporter.register_filter("sanitise", partial(sanitise, say=say))  # type: ignore[no-untyped-call]
    exporter.environment.globals["_"] = say
    return exporter


def _bodies(
    chapters: Sequence[Chapter], demoted: int, environment: jinja2.Environment, say: Language
) -> list[str]:
    """The chapters as one page has them: headings in order, ids unique, figures in place."""
    seen: Counter[str] = Counter({"main": 1, "contents": 1, **{c.stem: 1 for c in chapters}})
    drawings = count(1)
    bodies = []
    for chapter in chapters:
        body = _with_headings(chapter, demoted)
        if demoted:  # the head of the page says it
            body = re.sub("<!--masthead-->.*?<!--/masthead-->", "", body, flags=re.DOTALL)
        body = re.sub(r'(<[^<>]* id=")([^"]+)"', lambda match: _unique(match, seen), body)
        body = _with_links(body, {c.stem for c in chapters})
        body = _with_figures(body, chapter, seen, drawings, environment, say, carried=bool(demoted))
        bodies.append(body)
    return bodies


def _with_headings(chapter: Chapter, demoted: int) -> str:
    """One heading of the top level a chapter, no level skipped, an id for each."""
    top = 1 + demoted
    last = top - 1

    def heading(match: re.Match[str]) -> str:
        nonlocal last
        first = last < top
        level = top if first else max(top + 1, min(int(match[1]) + demoted, last + 1, 6))
        last = level
        anchor = f"{chapter.stem}-title" if first else _slug(_text(match[3]))
        own = re.search(r'\bid="([^"]+)"', match[2])
        name = own[1] if own and not first else anchor
        rest = re.sub(r'\s*\bid="[^"]*"', "", match[2])
        return f'<h{level} id="{name}"{rest}>{match[3]}</h{level}>'

    body = re.sub(r"<h([1-6])([^>]*)>(.*?)</h\1>", heading, chapter.body, flags=re.DOTALL)
    if last < top:
        return f'<h{top} id="{chapter.stem}-title">{escape(chapter.title)}</h{top}>{body}'
    return body


def _unique(match: re.Match[str], seen: Counter[str]) -> str:
    name = match[2]
    seen[name] += 1
    return f'{match[1]}{name if seen[name] == 1 else f"{name}-{seen[name]}"}"'


def _with_links(body: str, here: set[str]) -> str:
    """Links to notebooks lead to their pages, or to their places on this very page."""

    def link(match: re.Match[str]) -> str:
        stem, place = match[1], match[2] or ""
        target = (place or f"#{stem}") if stem in here else f"{stem}.html{place}"
        return f'href="{target}"'

    return re.sub(r'href="([\w-]+)\.(?:ipynb|html)(#[^"]*)?"', link, body)


def _with_figures(
    body: str,
    chapter: Chapter,
    seen: Counter[str],
    drawings: Iterator[int],
    environment: jinja2.Environment,
    say: Language,
    *,
    carried: bool,
) -> str:
    template = environment.get_template("figure.html.j2")
    waiting = iter(chapter.figures)

    def place(_mark: re.Match[str]) -> str:
        figure = next(waiting)
        name = f"figure-{figure['name']}"
        seen[name] += 1
        anchor = name if seen[name] == 1 else f"{name}-{seen[name]}"
        pictures = [
            figures.inline(svg, prefix=f"s{next(drawings)}-", css_class=kind)
            for svg, kind in ((figure["svg"], "wide"), (figure["svg_narrow"], "narrow"))
        ]
        return template.render(
            figure=figure,
            anchor=anchor,
            pictures=pictures,
            table=sanitise(figure["table"], say),
            csv=f"data:text/csv;charset=utf-8{_shortest(figure['csv'])}"
            if carried
            else f"figures/{figure['name']}.csv",
            _=say,
        )

    return re.sub(MARK, place, body)


def _text(markup: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", markup)).strip()


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text.lower()).strip("-") or "section"


# Beside the chapters


def _escape_markdown(text: str) -> str:
    """Text that Markdown and the HTML within it leave as it is, in a paragraph or a table."""
    escaped = re.sub(r"([\\`*_{}\[\]()#+!|~$@-])", r"\\\1", " ".join(str(text).split()))
    plain = re.sub(r"(?i)(?<=[a-z])(://)|(?<=\bwww)(\.)", r"\\\1\2", escaped)  # no link by itself
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
