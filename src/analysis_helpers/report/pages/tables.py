"""The tables of a report: claims, the clean data, and what the pages say about them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis_helpers import months
from analysis_helpers.claims import PUBLISHED_KEYS, Ledger, in_words, to_json
from analysis_helpers.cohort import AUTHORS, STATUSES, Article, Cohort, Column, Report
from analysis_helpers.comparison import opened, side_by_side
from analysis_helpers.display import contradicted_claims
from analysis_helpers.errors import listed
from analysis_helpers.files import FORMULA
from analysis_helpers.findings import paragraph
from analysis_helpers.language import Language
from analysis_helpers.opening import open_cohort
from analysis_helpers.summary import article_title, headline, opening, standfirst


def write_tables(cohort: Path, into: Path, language: str, checked: Callable[[], None]) -> None:
    """Write `claims.json` and `.csv`, `data/authors.csv`, `datapackage.json`, `report.json`.

    The last one is for the pages and is not published. Calls `checked` when nothing is wrong with
    the cohort. Raises InputError for a faulty one, and for one that it is compared with.
    """
    data, decisions = open_cohort(cohort, language)
    side_by_side([data, *opened(data.compare_with, data.language)])
    checked()
    (into / "data").mkdir()
    data.authors.to_csv(into / "data" / "authors.csv", index=False, lineterminator="\n")
    claims = to_json(decisions)
    (into / "claims.csv").write_text(as_csv(claims), encoding="utf-8", newline="")
    for name, content in (
        ("claims.json", claims),
        ("datapackage.json", data_package(data)),
        ("report.json", page_texts(data, decisions)),
    ):
        text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
        (into / name).write_text(text + "\n", encoding="utf-8", newline="\n")


def as_csv(claims: Sequence[dict[str, Any]]) -> str:
    """The claims of `claims.json` as CSV: a row a claim, a column a key.

    Lists are joined with `; `, tables and lists of tables are JSON, and null is empty. A number
    or month that is expected to be equal stands without the `=`, and a text that a spreadsheet
    would run stands behind an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(PUBLISHED_KEYS)
    for claim in claims:
        plain = claim | {"expect": _without_equals(claim["expect"])}
        writer.writerow(_csv_cell(plain[key]) for key in PUBLISHED_KEYS)
    return out.getvalue()


def _without_equals(expected: object) -> object:
    return re.sub("^= *", "", expected) if isinstance(expected, str) else expected


def _csv_cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return f"'{value}" if re.match(FORMULA, value) else value
        case list() if all(isinstance(each, str) for each in value):
            return _csv_cell("; ".join(value))
        case _:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def page_texts(cohort: Cohort, decisions: Ledger) -> dict[str, Any]:
    """What the pages say outside the chapters."""
    say = cohort.language
    *lead, outcome = opening(cohort, decisions)
    return {
        "title": cohort.title,
        "headline": headline(cohort, decisions),
        "description": standfirst(cohort, decisions),
        "lead": paragraph(say, *lead),
        "outcome": paragraph(say, outcome),
        "contradicted": contradicted_claims(decisions).html,
        "warnings": listed(cohort.warnings),
        "as_of": say("As of {month}").format(month=say.month_name(cohort.article.as_of)),
        "dated": say.day(cohort.report.date) if cohort.report.date else None,
        "article_said": _quoted(article_title(cohort), say),
        "article": _article(cohort.article, say),
        "imprint": _imprint(cohort.report, say),
        "address": _address(cohort),
        "claims": in_words(decisions),
    }


def _quoted(title: str | None, say: Language) -> str | None:
    return say("“{title}”").format(title=title) if title else None


def _article(article: Article, say: Language) -> dict[str, Any]:
    """What is known of the article; its title as printed, and what that means where it differs."""
    foreign = article.language != say.code
    return {
        "language": article.language,
        "title": article.title,
        "title_said": article.title_in.get(say.code) if foreign else None,
        "publisher": article.publisher,
        "url": article.url,
        "published": article.published and article.published.isoformat(),
        "published_said": article.published and say.day(article.published),
        "retells": article.retells and article.retells.said(say),
    }


def _address(cohort: Cohort) -> str | None:
    """Where this edition will stand, if that is known."""
    if cohort.report.url is None:
        return None
    code = cohort.language.code
    return cohort.report.url + (f"{code}/" if code != "en" else "")


def _imprint(report: Report, say: Language) -> dict[str, Any]:
    """Who answers for the report, and where it stands; what is not given is None."""
    return {
        "author": report.author and report.author.said(say),
        "contact": report.contact,
        "date": report.date and report.date.isoformat(),
        "date_said": report.date and say.day(report.date),
        "url": report.url,
    }


def data_package(cohort: Cohort) -> dict[str, Any]:
    """The clean table as a Frictionless data package (version 1).

    `start`, from which the team is counted, and `as_of`, the last month known, are our own words.
    """
    return {
        "profile": "tabular-data-package",
        "name": "authors",
        "title": cohort.title,
        "start": cohort.start.date.isoformat(),
        "as_of": months.iso(cohort.article.as_of),
        **(
            {"sources": [{"title": cohort.paper.title, "path": cohort.paper.source}]}
            if cohort.paper
            else {}
        ),
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": "authors",
                "path": "data/authors.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [_field(column) for column in AUTHORS],
                    "missingValues": [""],
                    "primaryKey": "name",
                },
            }
        ],
    }


def _field(column: Column) -> dict[str, Any]:
    kinds = {"Int64": "integer", "bool": "boolean", pd.PeriodDtype("M"): "yearmonth"}
    constraints: dict[str, Any] = {"required": column.required}
    if isinstance(column.dtype, pd.CategoricalDtype):
        constraints["enum"] = list(STATUSES)
    return {
        "name": column.name,
        "type": kinds.get(column.dtype, "string"),
        "description": column.description,
        "constraints": constraints,
    }
