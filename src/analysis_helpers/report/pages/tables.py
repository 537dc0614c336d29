"""The tables of a report: claims, the clean data, and what the pages say about them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from analysis_helpers.claims import Ledger, in_words, to_json
from analysis_helpers.cohort import AUTHORS, STATUSES, Cohort, Column
from analysis_helpers.errors import listed
from analysis_helpers.findings import tally
from analysis_helpers.opening import open_cohort


def write_tables(cohort: Path, into: Path, language: str) -> None:
    """Write `claims.json`, `data/authors.csv`, `datapackage.json` and `report.json`.

    The last one is for the pages and is not published. Raises InputError for a faulty cohort.
    """
    data, decisions = open_cohort(cohort, language)
    (into / "data").mkdir()
    data.authors.to_csv(into / "data" / "authors.csv", index=False, lineterminator="\n")
    for name, content in (
        ("claims.json", to_json(decisions)),
        ("datapackage.json", data_package(data)),
        ("report.json", page_texts(data, decisions)),
    ):
        text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
        (into / name).write_text(text + "\n", encoding="utf-8", newline="\n")


def page_texts(cohort: Cohort, decisions: Ledger) -> dict[str, Any]:
    """What the pages say outside the chapters."""
    say = cohort.language
    return {
        "title": cohort.title,
        "description": tally(decisions),
        "warnings": listed(cohort.warnings),
        "as_of": say("As of {month}").format(month=say.month_name(cohort.article.as_of)),
        "article": {
            "publisher": cohort.article.publisher,
            "url": cohort.article.url,
            "language": cohort.article.language,
        },
        "claims": in_words(decisions),
    }


def data_package(cohort: Cohort) -> dict[str, Any]:
    """The clean table as a Frictionless data package (version 1)."""
    return {
        "profile": "tabular-data-package",
        "name": "authors",
        "title": cohort.title,
        "sources": [{"title": cohort.paper.title, "path": cohort.paper.source}],
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
    kinds = {"Int64": "integer", pd.PeriodDtype("M"): "yearmonth"}
    constraints: dict[str, Any] = {"required": column.required}
    if isinstance(column.dtype, pd.CategoricalDtype):
        constraints["enum"] = list(STATUSES)
    return {
        "name": column.name,
        "type": kinds.get(column.dtype, "string"),
        "description": column.description,
        "constraints": constraints,
    }
